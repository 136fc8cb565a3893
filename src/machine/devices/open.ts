/** Opens a thread's object for a device from its description. */
import type { DeviceContext, DeviceSpec, MmioDevice } from './device.ts';
import { Pl031 } from './pl031.ts';
import { Pl061 } from './pl061.ts';
import { Uart } from './uart.ts';
import { VirtioBlock } from './virtio-block.ts';
import { VirtioInput } from './virtio-input.ts';
import { VirtioNet } from './virtio-net.ts';
import { VirtioRng } from './virtio-rng.ts';
import { VirtioVsock } from './virtio-vsock.ts';

export function openDevice(spec: DeviceSpec, context: DeviceContext): MmioDevice {
  switch (spec.kind) {
    case 'uart':
      return new Uart(spec, context);
    case 'pl031':
      return new Pl031(spec, context);
    case 'pl061':
      return new Pl061(spec, context);
    case 'virtio-block':
      return new VirtioBlock(spec, context);
    case 'virtio-input':
      return new VirtioInput(spec, context);
    case 'virtio-rng':
      return new VirtioRng(spec, context);
    case 'virtio-net':
      return new VirtioNet(spec, context);
    case 'virtio-vsock':
      return new VirtioVsock(spec, context);
  }
}
