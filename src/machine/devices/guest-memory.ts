/**
 * Guest RAM as one thread sees it: one range of guest physical addresses over a view of the same pages in every
 * thread. Every access is checked against the range; an address a guest made up yields null, never an exception and
 * never memory of ours.
 */

import { type Address, viewOf } from '../../kvm/libc.ts';

/** How a thread gets at guest RAM. */
export interface GuestMemorySpec {
  /** Guest physical address of the first byte; a multiple of 4096. */
  readonly base: number;
  /** Bytes; a multiple of 4096. */
  readonly size: number;
  /** Of the first byte in this process; a multiple of 4096. */
  readonly location: Address;
}

/** The calling thread's view of guest RAM. */
export function openGuestMemory({ base, size, location }: GuestMemorySpec): GuestMemory {
  return new GuestMemory(base, location, viewOf(location, size));
}

export class GuestMemory {
  /** Guest physical address of the first byte. */
  readonly base: number;
  /** Bytes. */
  readonly size: number;
  /** Where the first byte lies in this process, for system calls that take addresses. */
  readonly location: Address;
  readonly bytes: Uint8Array;
  /** The same bytes as little-endian words, indexed by (address - base) / 2 and / 4. */
  readonly u16: Uint16Array;
  readonly u32: Uint32Array;

  /** `buffer` lies at `location` and holds all of guest RAM, the byte at `base` first. */
  constructor(base: number, location: Address, buffer: ArrayBuffer) {
    this.base = base;
    this.location = location;
    this.size = buffer.byteLength;
    this.bytes = new Uint8Array(buffer);
    this.u16 = new Uint16Array(buffer);
    this.u32 = new Uint32Array(buffer);
  }

  /** True when all of `length` bytes from guest physical address `address` are RAM. */
  contains(address: number, length: number): boolean {
    return address >= this.base && length >= 0 && address + length <= this.base + this.size;
  }

  /** Where a guest physical address lies in this process; it must be RAM. */
  locate(address: number): Address {
    return this.location + (address - this.base);
  }

  /** The bytes there, without copying, or null when any of them is not RAM. */
  range(address: number, length: number): Uint8Array | null {
    if (!this.contains(address, length)) return null;
    const start = address - this.base;
    return this.bytes.subarray(start, start + length);
  }
}
