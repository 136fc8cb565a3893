/**
 * Guest RAM as one thread sees it: one range of guest physical addresses over a view of the same pages in every
 * thread. Every access is checked against the range; an address a guest made up yields null, never an exception and
 * never memory of ours.
 */

import { type Address, viewOf } from '../../kvm/libc.ts';

/** How another thread gets at guest RAM: an address in this process, or shared memory of JavaScript's own. */
export interface GuestMemorySpec {
  /** Guest physical address of the first byte; a multiple of 4096. */
  readonly base: number;
  /** Bytes; a multiple of 4096. */
  readonly size: number;
  readonly location: Address | SharedArrayBuffer;
}

/** The calling thread's view of guest RAM. */
export function openGuestMemory({ base, size, location }: GuestMemorySpec): GuestMemory {
  return new GuestMemory(base, typeof location === 'number' ? viewOf(location, size) : location);
}

export class GuestMemory {
  /** Guest physical address of the first byte. */
  readonly base: number;
  /** Bytes. */
  readonly size: number;
  readonly bytes: Uint8Array;
  /** The same bytes as little-endian words, indexed by (address - base) / 2 and / 4. */
  readonly u16: Uint16Array;
  readonly u32: Uint32Array;

  /** `buffer` holds all of guest RAM, the byte at `base` first. */
  constructor(base: number, buffer: ArrayBuffer | SharedArrayBuffer) {
    this.base = base;
    this.size = buffer.byteLength;
    this.bytes = new Uint8Array(buffer);
    this.u16 = new Uint16Array(buffer);
    this.u32 = new Uint32Array(buffer);
  }

  /** True when all of `length` bytes from guest physical address `address` are RAM. */
  contains(address: number, length: number): boolean {
    return address >= this.base && length >= 0 && address + length <= this.base + this.size;
  }

  /** The bytes there, without copying, or null when any of them is not RAM. */
  range(address: number, length: number): Uint8Array | null {
    if (!this.contains(address, length)) return null;
    const start = address - this.base;
    return this.bytes.subarray(start, start + length);
  }
}
