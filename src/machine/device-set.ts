/** The devices of one machine: descriptors opened, interrupts and doorbells bound, descriptions made. */
import { closeSync, constants, fstatSync, openSync } from 'node:fs';
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
  VirtioRngSpec,
} from './devices/device.ts';
import type { GuestMemorySpec } from './devices/guest-memory.ts';
import { clockSpec } from './devices/pl031.ts';
import { gpioSpec } from './devices/pl061.ts';
import { uartSpec } from './devices/uart.ts';
import { virtioBlockSpec } from './devices/virtio-block.ts';
import { virtioInputSpec } from './devices/virtio-input.ts';
import { QUEUE_NOTIFY_OFFSET } from './devices/virtio-mmio.ts';
import { virtioRngSpec } from './devices/virtio-rng.ts';
import { ImageError } from './errors.ts';
import { CLOCK, FIRST_DISK_SLOT, GPIO, KEYBOARD_SLOT, RNG_SLOT, UART, virtioSlot } from './layout.ts';
import type { DiskConfig } from './types.ts';

/** GET_ID of virtio-blk has room for this many bytes. */
const SERIAL_LIMIT = 20;

export interface DeviceSet {
  readonly uart: UartSpec;
  readonly clock: ClockSpec;
  readonly gpio: GpioSpec;
  readonly keyboard: VirtioInputSpec;
  readonly disks: readonly VirtioBlockSpec[];
  readonly rng: VirtioRngSpec;
  /** All of them, in the order of the device tree. */
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
 * @throws ImageError DISK_NOT_USABLE
 */
export function createDevices(
  vm: Vm,
  config: { readonly consoleFd: number; readonly disks: readonly DiskConfig[] },
  surroundings: DeviceSurroundings,
  resources: AsyncDisposableStack,
): DeviceSet {
  const uart = uartSpec({ ...UART, outputFd: config.consoleFd });
  const clock = clockSpec(CLOCK);
  const alarm = new ClockAlarm(clock, surroundings.context);
  resources.defer(() => alarm.stop());
  const gpio = gpioSpec(GPIO);
  const keyboard = virtioInputSpec(virtioPlace(vm, KEYBOARD_SLOT, resources));
  const { disks, backends } = createDisks(vm, config.disks, surroundings, resources);
  const rng = virtioRngSpec(virtioPlace(vm, RNG_SLOT, resources));
  const all = [uart, clock, gpio, keyboard, ...disks, rng];
  return { uart, clock, gpio, keyboard, disks, rng, all, backends: [alarm, ...backends] };
}

/** Where a slot is, with its interrupt bound. */
function virtioPlace(
  vm: Vm,
  slot: number,
  resources: AsyncDisposableStack,
): { readonly base: number; readonly spi: number; readonly irqFd: number } {
  const place = virtioSlot(slot);
  return { ...place, irqFd: interrupt(vm, place.spi, resources) };
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
  vm.bindDoorbell({
    eventFd: kick.fd,
    address: place.base + QUEUE_NOTIFY_OFFSET,
    length: 4,
    value: 0n,
  });
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
    resources.defer(() => closeSync(diskFd));
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

/** An eventfd that pulses a shared interrupt. */
function interrupt(vm: Vm, spi: number, resources: AsyncDisposableStack): number {
  const event = resources.use(new EventFd());
  vm.bindInterrupt(event.fd, spi);
  return event.fd;
}
