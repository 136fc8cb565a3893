/**
 * The device's side of a split virtqueue (Virtio 1.2 section 2.7) over guest memory.
 *
 * Nothing the guest writes there is trusted: the rings' addresses are checked once, when the driver makes the queue
 * ready, and cannot change while it is; every descriptor is read once and checked before use. What breaks the rules
 * is a QueueFault, which the caller turns into DEVICE_NEEDS_RESET for that device.
 *
 * Ordering: ring indices are read and written with Atomics, so that a descriptor is read after the index that
 * published it and a used element is visible before the index that publishes it, on arm64 too. Where the device stores
 * something and then looks at what the driver stores, and the driver does the same the other way round (wanted
 * notifications against offered buffers, used buffers against wanted interrupts), one of the two must see the other,
 * or both wait for ever. There the store is an exchange: Atomics.store is a store-release on arm64, which the
 * architecture keeps before a later load-acquire, but QEMU's TCG on x86 does not. Typed arrays are little-endian on
 * every CPU that Node runs on, as the rings are.
 */
import { Chain } from './chain.ts';
import type { GuestMemory } from './guest-memory.ts';
import {
  FEATURE_EVENT_IDX,
  FEATURE_INDIRECT_DESC,
  Q_AVAILABLE,
  Q_DESCRIPTORS,
  Q_MUTED,
  Q_NEXT_AVAILABLE,
  Q_NEXT_USED,
  Q_READY,
  Q_SIZE,
  Q_USED,
  type VirtioState,
} from './virtio-state.ts';

const DESCRIPTOR_BYTES = 16;
/** Descriptor flags, section 2.7.5. */
const DESC_NEXT = 1;
const DESC_WRITE = 2;
const DESC_INDIRECT = 4;
/** Ring flags, sections 2.7.6 and 2.7.8. */
const AVAIL_NO_INTERRUPT = 1;
const USED_NO_NOTIFY = 1;
/** Bytes a chain may describe, section 2.7.5.2. */
const MAX_CHAIN_BYTES = 2 ** 32 - 1;

/** The driver broke the rules of the queue; the message says how. */
export class QueueFault extends Error {
  override readonly name = 'QueueFault';
}

/** One request as views of guest memory, for devices that are not in a hurry. */
export interface DescriptorChain {
  readonly head: number;
  /** What the driver has written for the device, in order. */
  readonly readable: Uint8Array[];
  /** What the device may write, in order. */
  readonly writable: Uint8Array[];
}

/** A request that is given back, with the number of bytes written to it from its first writable one on. */
export interface UsedChain {
  readonly head: number;
  readonly written: number;
}

/** What a kernel that serves the queue in our place must know: guest physical addresses, and where to begin. */
export interface RingPlaces {
  readonly size: number;
  readonly descriptors: number;
  readonly available: number;
  readonly used: number;
  readonly nextAvailable: number;
}

/** Where descriptors are read from: the queue's table or an indirect one. */
interface Table {
  /** Guest physical address, known to be RAM for all of its entries. */
  readonly address: number;
  readonly entries: number;
}

/** One thread's view of one queue. Every method is to be called under the machine lock. */
export class Virtqueue {
  readonly #memory: GuestMemory;
  readonly #state: VirtioState;
  readonly #base: number;
  /** For `pop`; made when it is first used. */
  #chain: Chain | undefined;

  constructor(memory: GuestMemory, state: VirtioState, queue: number) {
    this.#memory = memory;
    this.#state = state;
    this.#base = state.queueWord(queue);
  }

  get ready(): boolean {
    return this.#get(Q_READY) === 1;
  }

  /** True when size and addresses describe rings that lie in RAM, aligned as section 2.7 demands. */
  wellFormed(maxSize: number): boolean {
    const size = this.#get(Q_SIZE);
    if (size === 0 || size > maxSize || (size & (size - 1)) !== 0) return false;
    const rings = [
      { address: this.#address(Q_DESCRIPTORS), bytes: DESCRIPTOR_BYTES * size, align: 16 },
      { address: this.#address(Q_AVAILABLE), bytes: 6 + 2 * size, align: 2 },
      { address: this.#address(Q_USED), bytes: 6 + 8 * size, align: 4 },
    ];
    return rings.every((r) => r.address % r.align === 0 && this.#memory.contains(r.address, r.bytes));
  }

  /**
   * Without the lock: false only if the driver has offered nothing and will notify of what it offers. A driver that
   * sets the queue up meanwhile may be missed, and notifies.
   */
  get promising(): boolean {
    if (this.#get(Q_MUTED) === 1) return true;
    const index = (this.#address(Q_AVAILABLE) + 2 - this.#memory.base) / 2;
    return this.#memory.u16[index] !== this.#get(Q_NEXT_AVAILABLE);
  }

  /**
   * Takes the next request into `chain`, which has room for the queue's largest size; false when the driver has offered
   * none. Throws QueueFault.
   */
  take(chain: Chain): boolean {
    const size = this.#get(Q_SIZE);
    const next = this.#get(Q_NEXT_AVAILABLE);
    const available = this.#address(Q_AVAILABLE);
    const { offered } = this;
    if (offered === 0) return false;
    if (offered > size) throw new QueueFault(`${offered} buffers offered on a queue of ${size}`);
    const head = this.#load16(available + 4 + 2 * (next & (size - 1)));
    this.#follow(chain, head, { address: this.#address(Q_DESCRIPTORS), entries: size });
    this.#set(Q_NEXT_AVAILABLE, (next + 1) & 0xffff);
    return true;
  }

  /** As `take`, with views of the buffers; null when the driver has offered none. */
  pop(): DescriptorChain | null {
    const size = this.#get(Q_SIZE);
    if (this.#chain === undefined || this.#chain.capacity < size) this.#chain = new Chain(size);
    const chain = this.#chain;
    if (!this.take(chain)) return null;
    const view = (at: number): Uint8Array => {
      const bytes = this.#memory.range(chain.address(at), chain.length(at));
      if (bytes === null) throw new RangeError('a chain has a buffer outside of RAM');
      return bytes;
    };
    const readable: Uint8Array[] = [];
    const writable: Uint8Array[] = [];
    for (let at = 0; at < chain.count; at++) (at < chain.readable ? readable : writable).push(view(at));
    return { head: chain.head, readable, writable };
  }

  /** How many requests the driver has offered that are not taken; more than the queue holds if it breaks the rules. */
  get offered(): number {
    return (this.#load16(this.#address(Q_AVAILABLE) + 2) - this.#get(Q_NEXT_AVAILABLE)) & 0xffff;
  }

  /** Gives the last `count` requests taken back as if they had not been taken. None of them was pushed. */
  untake(count: number): void {
    this.#set(Q_NEXT_AVAILABLE, (this.#get(Q_NEXT_AVAILABLE) - count) & 0xffff);
  }

  /**
   * Gives a request back with the number of bytes written to it, from the first writable byte on. Returns true when
   * the driver wants an interrupt for it.
   */
  push(head: number, written: number): boolean {
    const before = this.#get(Q_NEXT_USED);
    this.#fillUsed(before, head, written);
    return this.#publishUsed(before, 1);
  }

  /** The same for several, which the driver sees at once. */
  pushAll(chains: readonly UsedChain[]): boolean {
    const before = this.#get(Q_NEXT_USED);
    for (const [i, { head, written }] of chains.entries()) this.#fillUsed(before + i, head, written);
    return this.#publishUsed(before, chains.length);
  }

  /** Of a queue that is ready. */
  get places(): RingPlaces {
    return {
      size: this.#get(Q_SIZE),
      descriptors: this.#address(Q_DESCRIPTORS),
      available: this.#address(Q_AVAILABLE),
      used: this.#address(Q_USED),
      nextAvailable: this.#get(Q_NEXT_AVAILABLE),
    };
  }

  /** Goes on where another has served the queue: it took requests up to `nextAvailable` and gave all of them back. */
  takeOver(nextAvailable: number): void {
    this.#set(Q_NEXT_AVAILABLE, nextAvailable);
    this.#set(Q_NEXT_USED, this.#load16(this.#address(Q_USED) + 2));
    this.#set(Q_MUTED, 0);
  }

  /** Tells the driver that it need not notify: the device is looking anyway. */
  muteNotifications(): void {
    if (this.#get(Q_MUTED) === 1) return;
    this.#set(Q_MUTED, 1);
    // With EVENT_IDX, avail_event simply stays behind and asks for nothing.
    if (!this.#state.accepted(FEATURE_EVENT_IDX)) this.#store16(this.#address(Q_USED), USED_NO_NOTIFY);
  }

  /**
   * Asks for a notification of the next buffer, beyond `seen` that were looked at and left. Returns true when one was
   * offered meanwhile: look again.
   */
  unmuteNotifications(seen = 0): boolean {
    const used = this.#address(Q_USED);
    const next = (this.#get(Q_NEXT_AVAILABLE) + seen) & 0xffff;
    this.#set(Q_MUTED, 0);
    if (this.#state.accepted(FEATURE_EVENT_IDX)) this.#exchange16(used + 4 + 8 * this.#get(Q_SIZE), next);
    else this.#exchange16(used, 0);
    return this.#load16(this.#address(Q_AVAILABLE) + 2) !== next;
  }

  #fillUsed(position: number, head: number, written: number): void {
    const element = this.#address(Q_USED) + 4 + 8 * (position & (this.#get(Q_SIZE) - 1));
    this.#write32(element, head);
    this.#write32(element + 4, written);
  }

  #publishUsed(before: number, count: number): boolean {
    const after = (before + count) & 0xffff;
    this.#set(Q_NEXT_USED, after);
    this.#exchange16(this.#address(Q_USED) + 2, after);
    const available = this.#address(Q_AVAILABLE);
    if (!this.#state.accepted(FEATURE_EVENT_IDX)) return (this.#load16(available) & AVAIL_NO_INTERRUPT) === 0;
    // The driver asks for an interrupt when the used index passes used_event (section 2.7.7.2).
    const usedEvent = this.#load16(available + 4 + 2 * this.#get(Q_SIZE));
    return ((after - usedEvent - 1) & 0xffff) < count;
  }

  #follow(chain: Chain, head: number, direct: Table): void {
    chain.begin(head);
    let table = direct;
    let index = head;
    let bytes = 0;
    for (;;) {
      if (index >= table.entries) throw new QueueFault(`descriptor ${index} of ${table.entries}`);
      const at = table.address + index * DESCRIPTOR_BYTES;
      const address = this.#read64(at);
      const length = this.#read32(at + 8);
      // One read of both: the driver must not change one after the other was looked at.
      const word = this.#read32(at + 12);
      const flags = word & 0xffff;
      const next = word >>> 16;
      if ((flags & DESC_INDIRECT) !== 0) {
        if (table !== direct) throw new QueueFault('an indirect table inside an indirect table');
        if ((flags & DESC_NEXT) !== 0) throw new QueueFault('an indirect descriptor with a next one');
        table = this.#indirectTable(address, length);
        index = 0;
        continue;
      }
      // A chain may not be longer than the queue (sections 2.7.5.2 and 2.7.5.3.1); a loop is.
      if (chain.count === direct.entries)
        throw new QueueFault(`descriptor chain ${head} is longer than the queue`);
      bytes += length;
      if (bytes > MAX_CHAIN_BYTES) throw new QueueFault(`descriptor chain ${head} exceeds 4 GiB`);
      this.#add(chain, address, length, (flags & DESC_WRITE) !== 0);
      if ((flags & DESC_NEXT) === 0) return;
      index = next;
    }
  }

  #indirectTable(address: number, length: number): Table {
    if (!this.#state.accepted(FEATURE_INDIRECT_DESC))
      throw new QueueFault('indirect descriptors not negotiated');
    const entries = length / DESCRIPTOR_BYTES;
    if (!Number.isInteger(entries) || entries === 0)
      throw new QueueFault(`an indirect table of ${length} bytes`);
    if (address % 4 !== 0 || !this.#memory.contains(address, length))
      throw new QueueFault(`an indirect table at 0x${address.toString(16)}`);
    return { address, entries };
  }

  #add(chain: Chain, address: number, length: number, writable: boolean): void {
    if (length === 0 || !this.#memory.contains(address, length))
      throw new QueueFault(`a buffer of ${length} bytes at 0x${address.toString(16)}`);
    if (writable) chain.addWritable(address, length);
    else if (chain.count > chain.readable) throw new QueueFault('a readable buffer after a writable one');
    else chain.addReadable(address, length);
  }

  #get(word: number): number {
    return this.#state.get(this.#base + word);
  }

  #set(word: number, value: number): void {
    this.#state.set(this.#base + word, value);
  }

  #address(word: number): number {
    return this.#get(word) + this.#get(word + 1) * 2 ** 32;
  }

  #load16(address: number): number {
    return Atomics.load(this.#memory.u16, (address - this.#memory.base) / 2);
  }

  #store16(address: number, value: number): void {
    Atomics.store(this.#memory.u16, (address - this.#memory.base) / 2, value);
  }

  /** A store that no later load overtakes; see the header. */
  #exchange16(address: number, value: number): void {
    Atomics.exchange(this.#memory.u16, (address - this.#memory.base) / 2, value);
  }

  #read32(address: number): number {
    return this.#memory.u32[(address - this.#memory.base) / 4] ?? 0;
  }

  /** Addresses past 2^53 lose their low bits; none of them is RAM. */
  #read64(address: number): number {
    return this.#read32(address) + this.#read32(address + 4) * 2 ** 32;
  }

  #write32(address: number, value: number): void {
    this.#memory.u32[(address - this.#memory.base) / 4] = value;
  }
}
