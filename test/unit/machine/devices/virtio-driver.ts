/**
 * The guest's side of virtio-mmio, for tests: sets a device up as Linux does, offers buffers and collects used ones.
 * The device under it is the real one, over a page of the test's own memory in place of a guest's RAM.
 */
import { EventFd } from '../../../../src/kvm/eventfd.ts';
import { detach, mmapAnonymous, munmap } from '../../../../src/kvm/libc.ts';
import type { DeviceContext, MmioDevice } from '../../../../src/machine/devices/device.ts';
import {
  type GuestMemory,
  type GuestMemorySpec,
  openGuestMemory,
} from '../../../../src/machine/devices/guest-memory.ts';
import { Lock } from '../../../../src/machine/lock.ts';

export const RAM_BASE = 0x4000_0000;
export const RAM_BYTES = 1 << 20;

/** Register offsets as Linux names them in include/uapi/linux/virtio_mmio.h. */
export const REG = {
  MAGIC_VALUE: 0x000,
  VERSION: 0x004,
  DEVICE_ID: 0x008,
  VENDOR_ID: 0x00c,
  DEVICE_FEATURES: 0x010,
  DEVICE_FEATURES_SEL: 0x014,
  DRIVER_FEATURES: 0x020,
  DRIVER_FEATURES_SEL: 0x024,
  QUEUE_SEL: 0x030,
  QUEUE_NUM_MAX: 0x034,
  QUEUE_NUM: 0x038,
  QUEUE_READY: 0x044,
  QUEUE_NOTIFY: 0x050,
  INTERRUPT_STATUS: 0x060,
  INTERRUPT_ACK: 0x064,
  STATUS: 0x070,
  QUEUE_DESC_LOW: 0x080,
  QUEUE_DESC_HIGH: 0x084,
  QUEUE_AVAIL_LOW: 0x090,
  QUEUE_AVAIL_HIGH: 0x094,
  QUEUE_USED_LOW: 0x0a0,
  QUEUE_USED_HIGH: 0x0a4,
  SHM_LEN_LOW: 0x0b0,
  CONFIG_GENERATION: 0x0fc,
  CONFIG: 0x100,
} as const;

export const STATUS = { ACKNOWLEDGE: 1, DRIVER: 2, DRIVER_OK: 4, FEATURES_OK: 8, NEEDS_RESET: 64 } as const;
export const FEATURE = { FLUSH: 9, MRG_RXBUF: 15, INDIRECT_DESC: 28, EVENT_IDX: 29, VERSION_1: 32 } as const;
export const DESC = { NEXT: 1, WRITE: 2, INDIRECT: 4 } as const;

export interface Buffer {
  readonly address: number;
  readonly length: number;
  readonly writable?: boolean;
}

export interface Used {
  readonly head: number;
  readonly written: number;
}

/** RAM, a lock, eventfds and a recorder of interrupts: what a device needs besides its spec. */
export class Board implements Disposable {
  readonly memorySpec: GuestMemorySpec = {
    base: RAM_BASE,
    size: RAM_BYTES,
    location: mmapAnonymous(RAM_BYTES),
  };
  readonly memory = openGuestMemory(this.memorySpec);
  readonly ram = this.memory.bytes.buffer;
  readonly lockBuffer = Lock.allocate();
  readonly context: DeviceContext = {
    memory: this.memory,
    lock: new Lock(this.lockBuffer),
    setInterrupt: () => {
      throw new Error('virtio devices interrupt by their eventfd');
    },
  };
  readonly #events: EventFd[] = [];

  eventFd(): number {
    const event = new EventFd();
    this.#events.push(event);
    return event.fd;
  }

  [Symbol.dispose](): void {
    for (const event of this.#events) event.close();
    if (this.ram instanceof ArrayBuffer) detach(this.ram);
    munmap(this.memorySpec.location, RAM_BYTES);
  }
}

/** One queue: rings at `at`, in the layout Linux uses, size a power of two. */
export class DriverQueue {
  readonly size: number;
  readonly descriptors: number;
  readonly available: number;
  readonly used: number;
  readonly #view: DataView;
  #nextAvailable = 0;
  #nextUsed = 0;
  #nextDescriptor = 0;

  constructor(memory: GuestMemory, at: number, size: number) {
    this.size = size;
    this.descriptors = at;
    this.available = at + 16 * size;
    this.used = (this.available + 6 + 2 * size + 3) & ~3;
    this.#view = new DataView(memory.bytes.buffer);
    memory.bytes.fill(0, at - RAM_BASE, this.end - RAM_BASE);
  }

  /** The first address behind the rings. */
  get end(): number {
    return this.used + 6 + 8 * this.size;
  }

  setDescriptor(
    table: number,
    index: number,
    address: number,
    length: number,
    flags: number,
    next: number,
  ): void {
    const at = table + 16 * index - RAM_BASE;
    this.#view.setBigUint64(at, BigInt(address), true);
    this.#view.setUint32(at + 8, length, true);
    this.#view.setUint16(at + 12, flags, true);
    this.#view.setUint16(at + 14, next, true);
  }

  /** Writes a chain of descriptors from `first` on, wrapping round the table; returns its head. */
  chain(buffers: readonly Buffer[]): number {
    const head = this.#nextDescriptor;
    for (const [i, buffer] of buffers.entries()) {
      const index = (head + i) % this.size;
      const flags = (buffer.writable === true ? DESC.WRITE : 0) | (i + 1 < buffers.length ? DESC.NEXT : 0);
      this.setDescriptor(
        this.descriptors,
        index,
        buffer.address,
        buffer.length,
        flags,
        (index + 1) % this.size,
      );
    }
    this.#nextDescriptor = (head + buffers.length) % this.size;
    return head;
  }

  /** The same through an indirect table at `table`. */
  indirectChain(table: number, buffers: readonly Buffer[]): number {
    for (const [i, buffer] of buffers.entries()) {
      const flags = (buffer.writable === true ? DESC.WRITE : 0) | (i + 1 < buffers.length ? DESC.NEXT : 0);
      this.setDescriptor(table, i, buffer.address, buffer.length, flags, i + 1);
    }
    const head = this.#nextDescriptor;
    this.setDescriptor(this.descriptors, head, table, 16 * buffers.length, DESC.INDIRECT, 0);
    this.#nextDescriptor = (head + 1) % this.size;
    return head;
  }

  /** Publishes a head in the available ring. */
  offer(head: number): void {
    const slot = this.available + 4 + 2 * (this.#nextAvailable % this.size) - RAM_BASE;
    this.#view.setUint16(slot, head, true);
    this.#nextAvailable = (this.#nextAvailable + 1) & 0xffff;
    this.publish(this.#nextAvailable);
  }

  publish(index: number): void {
    this.#view.setUint16(this.available + 2 - RAM_BASE, index, true);
  }

  set usedEvent(index: number) {
    this.#view.setUint16(this.available + 4 + 2 * this.size - RAM_BASE, index, true);
  }

  set suppressInterrupts(on: boolean) {
    this.#view.setUint16(this.available - RAM_BASE, on ? 1 : 0, true);
  }

  get usedFlags(): number {
    return this.#view.getUint16(this.used - RAM_BASE, true);
  }

  get availableEvent(): number {
    return this.#view.getUint16(this.used + 4 + 8 * this.size - RAM_BASE, true);
  }

  /** Everything given back since the last call, oldest first. */
  collect(): Used[] {
    const done: Used[] = [];
    while (this.#view.getUint16(this.used + 2 - RAM_BASE, true) !== this.#nextUsed) {
      const at = this.used + 4 + 8 * (this.#nextUsed % this.size) - RAM_BASE;
      done.push({ head: this.#view.getUint32(at, true), written: this.#view.getUint32(at + 4, true) });
      this.#nextUsed = (this.#nextUsed + 1) & 0xffff;
    }
    return done;
  }
}

export class Driver {
  readonly #device: MmioDevice;

  constructor(device: MmioDevice) {
    this.#device = device;
  }

  read(register: number): number {
    return this.#device.read(register, 4);
  }

  write(register: number, value: number): void {
    this.#device.write(register, 4, value);
  }

  get status(): number {
    return this.read(REG.STATUS);
  }

  addStatus(bit: number): void {
    this.write(REG.STATUS, this.status | bit);
  }

  config(offset: number, length: number): Uint8Array {
    return Uint8Array.from({ length }, (_, i) => this.#device.read(REG.CONFIG + offset + i, 1));
  }

  offered(): Set<number> {
    const bits = new Set<number>();
    for (const word of [0, 1]) {
      this.write(REG.DEVICE_FEATURES_SEL, word);
      const value = this.read(REG.DEVICE_FEATURES);
      for (let bit = 0; bit < 32; bit++) if ((value & (1 << bit)) !== 0) bits.add(32 * word + bit);
    }
    return bits;
  }

  /** From reset to FEATURES_OK; returns whether the device agreed. */
  negotiate(features: Iterable<number>): boolean {
    this.write(REG.STATUS, 0);
    this.addStatus(STATUS.ACKNOWLEDGE);
    this.addStatus(STATUS.DRIVER);
    const words = [0, 0];
    for (const bit of features) words[bit >> 5] = ((words[bit >> 5] ?? 0) | (1 << (bit & 31))) >>> 0;
    for (const [word, value] of words.entries()) {
      this.write(REG.DRIVER_FEATURES_SEL, word);
      this.write(REG.DRIVER_FEATURES, value);
    }
    this.addStatus(STATUS.FEATURES_OK);
    return (this.status & STATUS.FEATURES_OK) !== 0;
  }

  setUpQueue(index: number, queue: Pick<DriverQueue, 'size' | 'descriptors' | 'available' | 'used'>): void {
    const low = (address: number) => address % 2 ** 32;
    const high = (address: number) => Math.floor(address / 2 ** 32);
    this.write(REG.QUEUE_SEL, index);
    this.write(REG.QUEUE_NUM, queue.size);
    this.write(REG.QUEUE_DESC_LOW, low(queue.descriptors));
    this.write(REG.QUEUE_DESC_HIGH, high(queue.descriptors));
    this.write(REG.QUEUE_AVAIL_LOW, low(queue.available));
    this.write(REG.QUEUE_AVAIL_HIGH, high(queue.available));
    this.write(REG.QUEUE_USED_LOW, low(queue.used));
    this.write(REG.QUEUE_USED_HIGH, high(queue.used));
    this.write(REG.QUEUE_READY, 1);
  }

  start(): void {
    this.addStatus(STATUS.DRIVER_OK);
  }
}
