/** The devices of one machine: descriptors opened, interrupts and doorbells bound, descriptions made. */
import { closeSync, constants, fdatasync, fstatSync, openSync } from 'node:fs';
import { promisify } from 'node:util';
import { EventFd } from '../kvm/eventfd.ts';
import type { Vm } from '../kvm/vm.ts';
import type { Backend } from './devices/backend.ts';
import { BlockIo } from './devices/block-io.ts';
import { SECTOR_BYTES } from './devices/block-limits.ts';
import { ClockAlarm } from './devices/clock-alarm.ts';
import type {
  ClockSpec,
  DeviceContext,
  DeviceSpec,
  GpioSpec,
  UartSpec,
  VirtioBlockSpec,
  VirtioInputSpec,
  VirtioNetSpec,
  VirtioRngSpec,
  VirtioVsockSpec,
} from './devices/device.ts';
import type { GuestMemorySpec } from './devices/guest-memory.ts';
import { NetIo } from './devices/net-io.ts';
import { clockSpec } from './devices/pl031.ts';
import { gpioSpec } from './devices/pl061.ts';
import { uartSpec } from './devices/uart.ts';
import { VhostIo } from './devices/vhost-io.ts';
import { virtioBlockSpec } from './devices/virtio-block.ts';
import { virtioInputSpec } from './devices/virtio-input.ts';
import { netDevice } from './devices/virtio-net.ts';
import { virtioRngSpec } from './devices/virtio-rng.ts';
import { vsockDevice } from './devices/virtio-vsock.ts';
import { bindQueue, virtioPlace } from './doorbells.ts';
import { ImageError } from './errors.ts';
import { CLOCK, FIRST_DISK_SLOT, GPIO, KEYBOARD_SLOT, RNG_SLOT, UART } from './layout.ts';
import { createNics } from './nics.ts';
import type { DiskConfig, MachineConfig } from './types.ts';
import { createVsock } from './vsock.ts';

/** GET_ID of virtio-blk has room for this many bytes. */
const SERIAL_LIMIT = 20;

export interface DeviceSet {
  readonly uart: UartSpec;
  readonly clock: ClockSpec;
  readonly gpio: GpioSpec;
  readonly keyboard: VirtioInputSpec;
  readonly disks: readonly VirtioBlockSpec[];
  readonly rng: VirtioRngSpec;
  /** The virtio devices, in the order of the device tree. */
  readonly virtio: readonly DeviceSpec[];
  /** All of them. */
  readonly all: readonly DeviceSpec[];
  /** What works for them outside of vCPU threads. */
  readonly backends: readonly Backend[];
}

/** What backends share with vCPU threads. */
export interface DeviceSurroundings {
  /** That of the calling thread, for the backends that work in it. */
  readonly context: DeviceContext;
  readonly memory: GuestMemorySpec;
  readonly lock: SharedArrayBuffer;
  /** Hears of a fault of a backend itself: the machine cannot go on. */
  readonly failed: (error: Error) => void;
}

/**
 * `resources` takes over every descriptor opened here and the backends, so close it after all vCPU threads have ended
 * and before guest memory goes. The GIC is ready.
 * @throws ImageError DISK_NOT_USABLE, MachineConfigError
 */
export function createDevices(
  vm: Vm,
  config: Pick<MachineConfig, 'consoleFd' | 'disks' | 'nics' | 'vsockCid'>,
  surroundings: DeviceSurroundings,
  resources: AsyncDisposableStack,
): DeviceSet {
  const uart = uartSpec({ ...UART, outputFd: config.consoleFd });
  const clock = clockSpec(CLOCK);
  const alarm = new ClockAlarm(clock, surroundings.context, surroundings.failed);
  resources.defer(() => alarm.stop());
  const gpio = gpioSpec(GPIO);
  const keyboard = virtioInputSpec(virtioPlace(vm, KEYBOARD_SLOT, resources));
  const { disks, backends } = createDisks(vm, config.disks, surroundings, resources);
  const network = createNetworking(vm, config, surroundings, resources);
  const rng = virtioRngSpec(virtioPlace(vm, RNG_SLOT, resources));
  const virtio = [keyboard, ...disks, ...network.specs, rng];
  return {
    ...{ uart, clock, gpio, keyboard, disks, rng, virtio },
    all: [uart, clock, gpio, ...virtio],
    backends: [alarm, ...backends, ...network.backends],
  };
}

/** All disks have one I/O thread, and so one doorbell. */
function createDisks(
  vm: Vm,
  configs: readonly DiskConfig[],
  { memory, lock, failed }: DeviceSurroundings,
  resources: AsyncDisposableStack,
): Pick<DeviceSet, 'disks' | 'backends'> {
  if (configs.length === 0) return { disks: [], backends: [] };
  const kick = resources.use(new EventFd());
  const disks = configs.map((disk, i) => createDisk(vm, disk, kick, FIRST_DISK_SLOT + i, resources));
  const io = new BlockIo({ disks, kickFd: kick.fd, memory, lock }, failed);
  resources.defer(() => io.stop());
  return { disks, backends: [io] };
}

function createDisk(
  vm: Vm,
  disk: DiskConfig,
  kick: EventFd,
  slot: number,
  resources: AsyncDisposableStack,
): VirtioBlockSpec {
  const { diskFd, sectors } = openDisk(disk, resources);
  const place = virtioPlace(vm, slot, resources);
  bindQueue(vm, place.base, 0, kick.fd);
  return virtioBlockSpec({
    ...place,
    kickFd: kick.fd,
    diskFd,
    sectors,
    readOnly: disk.readOnly,
    serial: disk.name.slice(0, SERIAL_LIMIT),
  });
}

function openDisk(disk: DiskConfig, resources: AsyncDisposableStack): { diskFd: number; sectors: number } {
  try {
    const diskFd = openSync(disk.path, disk.readOnly ? constants.O_RDONLY : constants.O_RDWR);
    resources.defer(() => leaveDisk(diskFd, disk.readOnly));
    const { size } = fstatSync(diskFd);
    if (size === 0 || size % SECTOR_BYTES !== 0) {
      throw new Error(`it has ${size} bytes, which is not a whole number of ${SECTOR_BYTES}-byte sectors`);
    }
    return { diskFd, sectors: size / SECTOR_BYTES };
  } catch (error) {
    throw new ImageError(
      'DISK_NOT_USABLE',
      `The disk ${disk.name} cannot be used: ${(error as Error).message}.`,
    );
  }
}

/**
 * What a guest wrote is on stable storage before its machine is closed. A guest that hibernates asks for no flush after
 * the last of its image: it trusts the disk to write what it was given when the power goes, as disks do.
 */
async function leaveDisk(diskFd: number, readOnly: boolean): Promise<void> {
  try {
    if (!readOnly) await promisify(fdatasync)(diskFd);
  } finally {
    closeSync(diskFd);
  }
}

/** Network interfaces and vsock: one backend for all that the kernel serves, one for the rest. */
function createNetworking(
  vm: Vm,
  config: Pick<MachineConfig, 'nics' | 'vsockCid'>,
  { context, memory, lock, failed }: DeviceSurroundings,
  resources: AsyncDisposableStack,
): { readonly specs: readonly (VirtioNetSpec | VirtioVsockSpec)[]; readonly backends: readonly Backend[] } {
  const { specs: nics, kickFd } = createNics(vm, config.nics, memory, resources);
  const vsocks = config.vsockCid === null ? [] : [createVsock(vm, config.vsockCid, memory, resources)];
  const backends: Backend[] = [];
  if (kickFd !== null) {
    const unserved = nics.filter(({ vhost }) => vhost === null);
    backends.push(new NetIo({ nics: unserved, kickFd, memory, lock }, failed));
  }
  const served = [
    ...nics.flatMap((spec) => netDevice(spec, context.memory) ?? []),
    ...vsocks.map((spec) => vsockDevice(spec, context.memory)),
  ];
  if (served.length > 0) backends.push(new VhostIo(served, context.lock, resources.use(new EventFd())));
  for (const backend of backends) resources.defer(() => backend.stop());
  return { specs: [...nics, ...vsocks], backends };
}
