/**
 * Entry of a vCPU's thread. It starts while the machine is still being made, so that loading code takes no time of its
 * own, waits for the vCPU, and stays with it for life: older kernels wait for all CPUs when a vCPU changes threads.
 *
 *     loading ──attachment──▶ parked ──▶ the loop of vcpu-loop.ts ──▶ left ──released──▶ ends
 */
import { parentPort } from 'node:worker_threads';
import { gettid, loadLibc } from '../kvm/libc.ts';
import { VcpuRunner } from '../kvm/vcpu-runner.ts';
import { Bus } from './bus.ts';
import { deviceContext } from './device-context.ts';
import { openGuestMemory } from './devices/guest-memory.ts';
import { openDevice } from './devices/open.ts';
import { LEFT, VcpuControl } from './vcpu-control.ts';
import { VcpuLoop } from './vcpu-loop.ts';
import { KICK_SIGNAL, type VcpuReport, type VcpuThreadData } from './vcpu-protocol.ts';

function main(attachment: VcpuThreadData, report: (report: VcpuReport) => void): void {
  const { index } = attachment;
  const control = new VcpuControl(attachment.control);
  control.setThread(index, gettid());
  const context = deviceContext(openGuestMemory(attachment.memory), attachment.lock, attachment.vmFd);
  const bus = new Bus(
    attachment.devices.map((spec) => ({
      base: spec.base,
      size: spec.size,
      device: openDevice(spec, context),
    })),
  );
  const runner = new VcpuRunner(attachment.vcpu, KICK_SIGNAL);
  const { countedEventData } = attachment;
  new VcpuLoop({ index, runner, bus, control, countedEventData, report }).run();
  control.setState(index, LEFT);
  control.waitForRelease();
}

loadLibc();
parentPort?.once('message', (attachment: VcpuThreadData) => {
  main(attachment, (report) => parentPort?.postMessage(report));
});
