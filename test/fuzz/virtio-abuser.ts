/**
 * A driver without manners: sets a virtio device up in any way, offers requests that are right but for a few
 * descriptors, loops, overlaps and indirect tables among them, notifies out of order, scribbles over its rings and
 * resets in the middle. It never names memory outside of its window, but for addresses that are no RAM at all, so a
 * device that changes any other byte is wrong.
 */
import type { MmioDevice } from '../../src/machine/devices/device.ts';
import type { GuestMemory } from '../../src/machine/devices/guest-memory.ts';
import { VIRTIO_MMIO_SIZE } from '../../src/machine/devices/virtio-mmio.ts';
import type { Random } from '../unit/machine/devices/random.ts';
import { DESC, Driver, FEATURE, RAM_BASE, RAM_BYTES, REG } from '../unit/machine/devices/virtio-driver.ts';
import { someAccess, someValue } from './target.ts';

export interface Window {
  /** Guest physical address. */
  readonly base: number;
  readonly size: number;
}

interface Queue {
  size: number;
  descriptors: number;
  available: number;
  used: number;
  /** The driver's count of what it has offered. */
  index: number;
}

const QUEUE_REGISTERS = [
  REG.QUEUE_NUM,
  REG.QUEUE_DESC_LOW,
  REG.QUEUE_DESC_HIGH,
  REG.QUEUE_AVAIL_LOW,
  REG.QUEUE_AVAIL_HIGH,
  REG.QUEUE_USED_LOW,
  REG.QUEUE_USED_HIGH,
] as const;

const QUEUE_BYTES = 0x4000;
/** Behind the rings of four queues: indirect tables, then buffers. */
const TABLES_AT = 4 * QUEUE_BYTES;
const TABLE_BYTES = 0x1000;
const BUFFERS_AT = TABLES_AT + 4 * TABLE_BYTES;
const NO_RAM = [
  0,
  16,
  RAM_BASE - 4096,
  RAM_BASE - 1,
  RAM_BASE + RAM_BYTES,
  2 ** 32,
  2 ** 52,
  2 ** 63,
] as const;
/** Few things fit before the end of RAM. */
const CROSSING = RAM_BASE + RAM_BYTES - 8;

export class VirtioAbuser {
  /** For values of any kind, of which none may be an address of RAM by chance. */
  readonly #careless: MmioDevice;
  readonly #driver: Driver;
  readonly #memory: GuestMemory;
  readonly #window: Window;
  readonly #view: DataView;
  readonly #queues: Queue[];
  readonly #fill: (random: Random, address: number) => void;

  /** `fill` writes what a device may take for the beginning of a request. */
  constructor(
    device: MmioDevice,
    memory: GuestMemory,
    window: Window,
    queues: number,
    fill: (random: Random, address: number) => void,
  ) {
    this.#careless = {
      read: (offset, length) => device.read(offset, length),
      write: (offset, length, value) =>
        device.write(offset, length, Math.floor(value / RAM_BYTES) === RAM_BASE / RAM_BYTES ? 0 : value),
    };
    this.#driver = new Driver(device);
    this.#memory = memory;
    this.#window = window;
    this.#view = new DataView(memory.bytes.buffer, window.base - RAM_BASE, window.size);
    this.#fill = fill;
    this.#queues = Array.from({ length: queues }, () => ({
      ...{ size: 1, descriptors: 0, available: 0, used: 0, index: 0 },
    }));
  }

  act(random: Random): void {
    switch (random.below(13)) {
      case 0:
        this.#setUp(random);
        return;
      case 1:
        someAccess(random, this.#careless, VIRTIO_MMIO_SIZE);
        return;
      case 2:
        this.#driver.write(REG.QUEUE_NOTIFY, random.once(4) ? someValue(random) : random.below(4));
        return;
      case 3:
        this.#scribble(random);
        return;
      case 4:
        if (random.once(3)) this.#driver.write(REG.STATUS, random.once(2) ? 0 : random.below(256));
        return;
      case 5:
        this.#driver.write(REG.QUEUE_SEL, random.below(4));
        this.#driver.write(REG.QUEUE_READY, random.below(2));
        return;
      case 6:
        // What describes a queue, while it is in use.
        this.#driver.write(REG.QUEUE_SEL, random.below(this.#queues.length));
        this.#careless.write(random.pick(QUEUE_REGISTERS), 4, random.once(2) ? 0 : someValue(random));
        return;
      default:
        this.#offer(random);
        if (random.once(2)) this.#driver.write(REG.QUEUE_NOTIFY, random.below(this.#queues.length));
    }
  }

  #setUp(random: Random): void {
    const offered = [...this.#driver.offered()];
    const features = offered.filter((bit) => bit === FEATURE.VERSION_1 || random.below(4) > 0);
    if (random.once(8)) features.push(random.below(64));
    this.#driver.negotiate(features);
    for (const [i, queue] of this.#queues.entries()) {
      const at = this.#window.base + i * QUEUE_BYTES;
      // Rings may lie over one another, over the tables, or nowhere.
      const place = (usual: number, align: number): number => {
        if (random.once(24)) return random.pick([...NO_RAM, CROSSING]);
        return random.once(12) ? this.#within(random, 0, TABLES_AT + TABLE_BYTES, align) : usual;
      };
      queue.size = random.once(10)
        ? random.pick([0, 3, 255, 512, 0x8000, 0xffff_ffff])
        : 1 << random.below(9);
      queue.descriptors = place(at, 16);
      queue.available = place(at + 0x1000, 2);
      queue.used = place(at + 0x2000, 4);
      queue.index = 0;
      this.#memory.bytes.fill(0, at - RAM_BASE, at - RAM_BASE + QUEUE_BYTES);
      this.#driver.setUpQueue(i, queue);
    }
    if (!random.once(10)) this.#driver.start();
  }

  #offer(random: Random): void {
    const queue = this.#queues[random.below(this.#queues.length)];
    if (queue === undefined || queue.size === 0 || queue.size > 256) return;
    const indirect = random.once(3);
    const table = indirect
      ? this.#window.base + TABLES_AT + TABLE_BYTES * random.below(4)
      : queue.descriptors;
    const entries = indirect ? random.pick([1, 2, 4, 16, 300]) : queue.size;
    const first = indirect ? 0 : random.below(entries);
    const count = random.once(20) ? 300 : 1 + random.below(4);
    const data = random.pick([0, DESC.WRITE]);
    for (let i = 0; i < count; i++) {
      const [head, last] = [i === 0, i + 1 === count];
      const address = this.#buffer(random);
      if (head) this.#fill(random, address);
      this.#descriptor(random, table, (first + i) % entries, {
        address,
        length: head ? 16 : last ? 1 : random.pick([1, 8, 16, 20, 512, 512, 1024, 4096]),
        flags: (head && random.below(8) > 0 ? 0 : last ? DESC.WRITE : data) | (last ? 0 : DESC.NEXT),
        next: (first + i + 1) % entries,
      });
    }
    let head = first;
    if (indirect) {
      head = random.below(queue.size);
      const entry = { address: table, length: 16 * Math.min(count, entries), flags: DESC.INDIRECT, next: 0 };
      this.#descriptor(random, queue.descriptors, head, entry);
    }
    this.#set16(
      queue.available + 4 + 2 * (queue.index % queue.size),
      random.once(16) ? someValue(random) : head,
    );
    queue.index = (queue.index + 1) & 0xffff;
    this.#set16(queue.available + 2, random.once(24) ? random.below(0x1_0000) : queue.index);
  }

  #descriptor(
    random: Random,
    table: number,
    index: number,
    { address, length, flags, next }: { address: number; length: number; flags: number; next: number },
  ): void {
    const spoilt = random.once(12) ? random.below(4) : -1;
    const at = table + 16 * index;
    this.#set64(at, spoilt === 0 ? random.pick([...NO_RAM, CROSSING]) : address);
    // Long buffers would reach out of the window, so they are longer than RAM.
    this.#set32(at + 8, spoilt === 1 ? random.pick([0, 17, 2 ** 21, 2 ** 31, 2 ** 32 - 1]) : length);
    this.#set16(at + 12, spoilt === 2 ? random.below(0x1_0000) : flags);
    this.#set16(at + 14, spoilt === 3 ? random.below(0x1_0000) : next);
  }

  /** Over the rings' indices and flags and the descriptors' flags: never over an address, which might name RAM. */
  #scribble(random: Random): void {
    const queue = this.#queues[random.below(this.#queues.length)];
    if (queue === undefined) return;
    for (let i = random.below(8); i >= 0; i--) {
      const index = random.below(256);
      const at = random.pick([
        queue.available + 2 * random.below(260),
        queue.descriptors + 16 * index + 12,
        queue.descriptors + 16 * index + 14,
        queue.used + 2 * random.below(16),
      ]);
      this.#set16(at, someValue(random));
    }
  }

  #buffer(random: Random): number {
    return this.#within(random, BUFFERS_AT, this.#window.size - 0x2000, random.pick([1, 4, 512]));
  }

  #within(random: Random, from: number, to: number, align: number): number {
    return this.#window.base + from + align * random.below(Math.floor((to - from) / align));
  }

  /** Rings may overlap, so that what is an index here is a part of an address there: it must not become one of RAM. */
  #set16(address: number, value: number): void {
    const at = address - this.#window.base;
    const harmless = (value & 0xff00) === RAM_BASE >> 16 ? value ^ 0x1000 : value;
    if (at >= 0 && at + 2 <= BUFFERS_AT) this.#view.setUint16(at, harmless, true);
  }

  #set32(address: number, value: number): void {
    const at = address - this.#window.base;
    if (at >= 0 && at + 4 <= BUFFERS_AT) this.#view.setUint32(at, value, true);
  }

  #set64(address: number, value: number): void {
    const at = address - this.#window.base;
    if (at >= 0 && at + 8 <= BUFFERS_AT) this.#view.setBigUint64(at, BigInt(value), true);
  }
}
