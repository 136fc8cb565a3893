/** The vsock device of one machine, on the kernel's vhost-vsock. */
import { EADDRINUSE, KvmError } from '../kvm/errno.ts';
import { EventFd } from '../kvm/eventfd.ts';
import { VHOST_VSOCK, Vhost } from '../kvm/vhost.ts';
import type { Vm } from '../kvm/vm.ts';
import type { VirtioVsockSpec } from './devices/device.ts';
import type { GuestMemorySpec } from './devices/guest-memory.ts';
import { RING_FEATURES } from './devices/vhost-service.ts';
import { virtioVsockSpec } from './devices/virtio-vsock.ts';
import { bindQueue, virtioPlace } from './doorbells.ts';
import { MachineConfigError } from './errors.ts';
import { VSOCK_SLOT } from './layout.ts';
import { openVhostDevice } from './vhost-devices.ts';

/** VMADDR_CID_HYPERVISOR, _LOCAL and _HOST come before (include/uapi/linux/vm_sockets.h). */
const MIN_CID = 3;
/** The next is VMADDR_CID_ANY. */
const MAX_CID = 0xffff_fffe;

/** @throws MachineConfigError MACHINE_NOT_SUPPORTED */
export function assertVsockCid(cid: number): void {
  if (Number.isInteger(cid) && cid >= MIN_CID && cid <= MAX_CID) return;
  throw new MachineConfigError(
    'MACHINE_NOT_SUPPORTED',
    `A vsock address is a whole number from ${MIN_CID} to ${MAX_CID}, not ${cid}.`,
  );
}

/**
 * `resources` takes over every descriptor opened here.
 * @throws MachineConfigError VSOCK_NOT_SUPPORTED, VSOCK_CID_IN_USE
 */
export function createVsock(
  vm: Vm,
  cid: number,
  memory: GuestMemorySpec,
  resources: AsyncDisposableStack,
): VirtioVsockSpec {
  const vhost = openVhostDevice(VHOST_VSOCK, memory, RING_FEATURES, resources);
  if (vhost === null) {
    throw new MachineConfigError(
      'VSOCK_NOT_SUPPORTED',
      `This host has no ${VHOST_VSOCK}: load the kernel module vhost_vsock on it, or run the VM without vsock.`,
    );
  }
  try {
    new Vhost(vhost.fd).setVsockCid(cid);
  } catch (error) {
    if (!(error instanceof KvmError) || error.number !== EADDRINUSE) throw error;
    throw new MachineConfigError(
      'VSOCK_CID_IN_USE',
      `Another guest on this host has the vsock address ${cid}: end it, or give this VM another one.`,
    );
  }
  const place = virtioPlace(vm, VSOCK_SLOT, resources);
  const kickFds = [resources.use(new EventFd()).fd, resources.use(new EventFd()).fd] as const;
  for (const [queue, fd] of kickFds.entries()) bindQueue(vm, place.base, queue, fd);
  return virtioVsockSpec({ ...place, cid, kickFds, vhost });
}
