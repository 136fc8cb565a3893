/**
 * The buffers of one request, in order: guest physical addresses that are known to be RAM, first those the device may
 * read, then those it may write. It is filled again for each request, so that serving one allocates nothing.
 */
import type { GuestMemory } from './guest-memory.ts';

export class Chain {
  readonly #addresses: Float64Array;
  readonly #lengths: Uint32Array;
  #head = 0;
  #count = 0;
  #readable = 0;
  #readableBytes = 0;
  #writableBytes = 0;

  /** `capacity` buffers: a chain is no longer than its queue. */
  constructor(capacity: number) {
    this.#addresses = new Float64Array(capacity);
    this.#lengths = new Uint32Array(capacity);
  }

  get capacity(): number {
    return this.#addresses.length;
  }

  /** The descriptor by which the request is given back. */
  get head(): number {
    return this.#head;
  }

  /** Buffers; the first `readable` of them are the driver's words to the device. */
  get count(): number {
    return this.#count;
  }

  get readable(): number {
    return this.#readable;
  }

  get readableBytes(): number {
    return this.#readableBytes;
  }

  get writableBytes(): number {
    return this.#writableBytes;
  }

  address(at: number): number {
    return this.#addresses[at] ?? 0;
  }

  length(at: number): number {
    return this.#lengths[at] ?? 0;
  }

  begin(head: number): void {
    this.#head = head;
    this.#count = 0;
    this.#readable = 0;
    this.#readableBytes = 0;
    this.#writableBytes = 0;
  }

  /** Before any writable one. */
  addReadable(address: number, length: number): void {
    this.#add(address, length);
    this.#readable += 1;
    this.#readableBytes += length;
  }

  addWritable(address: number, length: number): void {
    this.#add(address, length);
    this.#writableBytes += length;
  }

  /** Copies readable bytes from the `from`-th on, as many as `target` takes and there are. */
  copyOut(memory: GuestMemory, from: number, target: Uint8Array): void {
    let skip = from;
    let done = 0;
    for (let at = 0; at < this.#readable && done < target.length; at++) {
      const length = this.length(at);
      if (skip < length) {
        const start = this.address(at) - memory.base + skip;
        const part = Math.min(length - skip, target.length - done);
        target.set(memory.bytes.subarray(start, start + part), done);
        done += part;
      }
      skip = Math.max(0, skip - length);
    }
  }

  /** Copies `source` to the first writable bytes, as far as they go. */
  copyIn(memory: GuestMemory, source: Uint8Array): void {
    let done = 0;
    for (let at = this.#readable; at < this.#count && done < source.length; at++) {
      const part = Math.min(this.length(at), source.length - done);
      memory.bytes.set(source.subarray(done, done + part), this.address(at) - memory.base);
      done += part;
    }
  }

  #add(address: number, length: number): void {
    this.#addresses[this.#count] = address;
    this.#lengths[this.#count] = length;
    this.#count += 1;
  }
}
