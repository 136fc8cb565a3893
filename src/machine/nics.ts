/** The network interfaces of one machine: taps opened, and given to the kernel's vhost-net or to an I/O thread. */
import { closeSync } from 'node:fs';
import { EventFd } from '../kvm/eventfd.ts';
import { openTap } from '../kvm/tap.ts';
import { VHOST_NET } from '../kvm/vhost.ts';
import type { Vm } from '../kvm/vm.ts';
import type { VhostSpec, VirtioNetSpec } from './devices/device.ts';
import type { GuestMemorySpec } from './devices/guest-memory.ts';
import { NET_VHOST_FEATURES, virtioNetSpec } from './devices/virtio-net.ts';
import { bindQueue, virtioPlace } from './doorbells.ts';
import { MachineConfigError } from './errors.ts';
import { FIRST_NIC_SLOT, MAX_NICS } from './layout.ts';
import type { NicConfig } from './types.ts';
import { openVhostDevice } from './vhost-devices.ts';

export interface Nics {
  /** In the order of the configuration. */
  readonly specs: readonly VirtioNetSpec[];
  /** What wakes the thread that serves those without vhost; null when there are none. */
  readonly kickFd: number | null;
}

/** @throws MachineConfigError MACHINE_NOT_SUPPORTED */
export function assertNics(nics: readonly NicConfig[]): void {
  if (nics.length > MAX_NICS) {
    throw new MachineConfigError(
      'MACHINE_NOT_SUPPORTED',
      `A machine has up to ${MAX_NICS} network interfaces, not ${nics.length}.`,
    );
  }
  for (const { name, mac } of nics) {
    // The lowest bit of the first byte marks the addresses of groups.
    if (/^[0-9a-f][02468ace](:[0-9a-f]{2}){5}$/i.test(mac)) continue;
    throw new MachineConfigError(
      'MACHINE_NOT_SUPPORTED',
      `The network interface ${name} cannot have the address "${mac}".`,
    );
  }
}

/** `resources` takes over every descriptor opened here. @throws MachineConfigError NIC_NOT_USABLE */
export function createNics(
  vm: Vm,
  configs: readonly NicConfig[],
  memory: GuestMemorySpec,
  resources: AsyncDisposableStack,
): Nics {
  const opened = configs.map((nic) => open(nic, memory, resources));
  const unserved = opened.some(({ vhost }) => vhost === null);
  const kickFd = unserved ? resources.use(new EventFd({ waits: false })).fd : null;
  const specs = opened.map(({ nic, tapFd, vhost }, i) => {
    const place = virtioPlace(vm, FIRST_NIC_SLOT + i, resources);
    const newKick = (): number =>
      vhost === null && kickFd !== null ? kickFd : resources.use(new EventFd()).fd;
    const kickFds = [newKick(), newKick()] as const;
    for (const [queue, fd] of kickFds.entries()) bindQueue(vm, place.base, queue, fd);
    return virtioNetSpec({
      ...place,
      mac: macBytes(nic.mac),
      mtu: nic.mtu ?? null,
      tapFd,
      kickFds,
      vhost,
    });
  });
  return { specs, kickFd };
}

interface OpenNic {
  readonly nic: NicConfig;
  readonly tapFd: number;
  readonly vhost: VhostSpec | null;
}

function open(nic: NicConfig, memory: GuestMemorySpec, resources: AsyncDisposableStack): OpenNic {
  try {
    const tapFd = openTap(nic.tap);
    resources.defer(() => closeSync(tapFd));
    const wanted = nic.vhost === 'auto';
    const vhost = wanted ? openVhostDevice(VHOST_NET, memory, NET_VHOST_FEATURES, resources) : null;
    return { nic, tapFd, vhost };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new MachineConfigError(
      'NIC_NOT_USABLE',
      `The network interface ${nic.name} cannot be used: ${reason}`,
    );
  }
}

function macBytes(mac: string): number[] {
  return mac.split(':').map((byte) => Number.parseInt(byte, 16));
}
