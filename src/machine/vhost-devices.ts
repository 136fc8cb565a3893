/** Opening the kernel's vhost devices for a machine. */
import { closeSync } from 'node:fs';
import { EventFd } from '../kvm/eventfd.ts';
import { openVhost, type VHOST_NET, type VHOST_VSOCK, Vhost } from '../kvm/vhost.ts';
import type { VhostSpec } from './devices/device.ts';
import type { GuestMemorySpec } from './devices/guest-memory.ts';

/**
 * A vhost device that belongs to this process and knows its guest's memory; null when the host has none that can do
 * `features`. `resources` takes over its descriptors: close it before guest memory goes.
 * @throws KvmError
 */
export function openVhostDevice(
  path: typeof VHOST_NET | typeof VHOST_VSOCK,
  memory: GuestMemorySpec,
  features: readonly number[],
  resources: AsyncDisposableStack,
): VhostSpec | null {
  const { base, size, location } = memory;
  // Memory of JavaScript's own has no address for the kernel.
  if (typeof location !== 'number') return null;
  const fd = openVhost(path);
  if (fd === null) return null;
  resources.defer(() => closeSync(fd));
  const vhost = new Vhost(fd);
  const has = vhost.features();
  if (!features.every((bit) => (has & (1n << BigInt(bit))) !== 0n)) return null;
  vhost.setOwner();
  vhost.setMemory(base, size, location);
  const errorFd = resources.use(new EventFd({ waits: false })).fd;
  return { fd, errorFd, ramAddress: location };
}
