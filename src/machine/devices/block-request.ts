/**
 * One virtio-blk request at a time (Virtio 1.2 section 5.2.6): taken apart, carried out on the disk's file, answered.
 *
 * Data goes straight between the file and guest memory, by one preadv or pwritev per request. The driver may frame a
 * request over its buffers as it likes (section 2.7.4): header, data and status are found by counting bytes. The
 * object is used again for each request and allocates nothing for reads and writes.
 */
import { fdatasyncSync } from 'node:fs';
import { IoVectors } from '../../kvm/io-vectors.ts';
import { eraseRange } from './block-erase.ts';
import { FreezeGuard } from './block-freeze.ts';
import { MAX_ERASE_RANGES, MAX_ERASE_SECTORS, SECTOR_BYTES } from './block-limits.ts';
import type { Chain } from './chain.ts';
import type { VirtioBlockSpec } from './device.ts';
import type { GuestMemory } from './guest-memory.ts';
import { QueueFault } from './virtqueue.ts';

const HEADER_BYTES = 16;
const STATUS_BYTES = 1;
const ID_BYTES = 20;
/** `struct virtio_blk_discard_write_zeroes`: le64 sector, le32 num_sectors, le32 flags. */
const RANGE_BYTES = 16;
const RANGE_UNMAP = 1;

const TYPE_IN = 0;
const TYPE_OUT = 1;
const TYPE_FLUSH = 4;
const TYPE_GET_ID = 8;
const TYPE_DISCARD = 11;
const TYPE_WRITE_ZEROES = 13;

const STATUS_OK = 0;
const STATUS_IOERR = 1;
const STATUS_UNSUPPORTED = 2;

type Disk = Pick<VirtioBlockSpec, 'diskFd' | 'sectors' | 'readOnly' | 'serial' | 'freeze'>;

export class BlockRequest {
  readonly #disk: Disk;
  readonly #memory: GuestMemory;
  readonly #vectors: IoVectors;
  readonly #guard: FreezeGuard;
  readonly #header = new Uint8Array(HEADER_BYTES);
  readonly #headerWords = new DataView(this.#header.buffer);
  readonly #ranges = new Uint8Array(RANGE_BYTES * MAX_ERASE_RANGES);
  #chain: Chain | undefined;

  /** For chains of up to `capacity` buffers. */
  constructor(disk: Disk, memory: GuestMemory, capacity: number) {
    this.#disk = disk;
    this.#memory = memory;
    this.#vectors = new IoVectors(capacity);
    this.#guard = new FreezeGuard(disk);
  }

  /** Takes up a request. Throws QueueFault when there is no room for a header or a status. */
  parse(chain: Chain): void {
    if (chain.readableBytes < HEADER_BYTES)
      throw new QueueFault(`a block request with a header of ${chain.readableBytes} bytes`);
    if (chain.writableBytes < STATUS_BYTES) throw new QueueFault('a block request without a status byte');
    this.#chain = chain;
    chain.copyOut(this.#memory, 0, this.#header);
  }

  /**
   * Carries the request out and writes its status byte. Returns the number of bytes written to guest memory, counted
   * from the first writable one. With `writeThrough`, a write is on stable storage before it is answered. Blocks while
   * the disk works. An error of the file is the disk's error: the guest's driver decides what it means to it.
   */
  execute(writeThrough: boolean): number {
    const chain = this.#chain;
    if (chain === undefined) throw new Error('There is no request to carry out.');
    const status = this.#attempt(chain, writeThrough);
    const last = chain.count - 1;
    const statusAt = chain.address(last) + chain.length(last) - STATUS_BYTES;
    this.#memory.bytes[statusAt - this.#memory.base] = status;
    // Whatever part of the data a failed read left, the bytes before the status are not all ours.
    const { writableBytes } = chain;
    return status === STATUS_OK || writableBytes === STATUS_BYTES ? writableBytes : 0;
  }

  #attempt(chain: Chain, writeThrough: boolean): number {
    const { readOnly } = this.#disk;
    const type = this.#headerWords.getUint32(0, true);
    switch (type) {
      case TYPE_IN:
        this.#gather(chain, chain.readable, chain.count, 0, chain.writableBytes - STATUS_BYTES);
        return this.#transfer(false);
      case TYPE_OUT:
        if (readOnly) return STATUS_IOERR;
        this.#gather(chain, 0, chain.readable, HEADER_BYTES, chain.readableBytes - HEADER_BYTES);
        return this.#made(this.#transfer(true), writeThrough);
      case TYPE_FLUSH:
        return this.#made(STATUS_OK, !readOnly);
      case TYPE_GET_ID:
        return this.#identify(chain);
      case TYPE_DISCARD:
      case TYPE_WRITE_ZEROES:
        if (readOnly) return STATUS_IOERR;
        return this.#made(this.#erase(chain, type === TYPE_WRITE_ZEROES), writeThrough);
      default:
        return STATUS_UNSUPPORTED;
    }
  }

  /** Makes vectors of `bytes` bytes of the buffers from `first` up to `end`, after the first `skip`. */
  #gather(chain: Chain, first: number, end: number, skip: number, bytes: number): void {
    const vectors = this.#vectors;
    vectors.clear();
    let before = skip;
    let left = bytes;
    for (let at = first; at < end && left > 0; at++) {
      const length = chain.length(at);
      if (before < length) {
        const part = Math.min(length - before, left);
        vectors.add(this.#memory.locate(chain.address(at) + before), part);
        left -= part;
        before = 0;
      } else {
        before -= length;
      }
    }
  }

  #transfer(write: boolean): number {
    const { diskFd, sectors } = this.#disk;
    const vectors = this.#vectors;
    const { bytes } = vectors;
    const sector = this.#headerWords.getUint32(8, true) + this.#headerWords.getUint32(12, true) * 2 ** 32;
    if (bytes % SECTOR_BYTES !== 0 || sector + bytes / SECTOR_BYTES > sectors) return STATUS_IOERR;
    const offset = sector * SECTOR_BYTES;
    if (write) this.#guard.beforeChange(offset, bytes);
    const moved = write ? vectors.writeTo(diskFd, offset) : vectors.readFrom(diskFd, offset);
    // Fewer: the end of a file shorter than the disk it backs. Negative: ENOSPC, EIO and the like.
    return moved === bytes ? STATUS_OK : STATUS_IOERR;
  }

  /** Puts what was done on stable storage where that is asked for. */
  #made(status: number, durable: boolean): number {
    if (status !== STATUS_OK || !durable) return status;
    try {
      fdatasyncSync(this.#disk.diskFd);
      return STATUS_OK;
    } catch {
      return STATUS_IOERR;
    }
  }

  #identify(chain: Chain): number {
    if (chain.writableBytes !== ID_BYTES + STATUS_BYTES) return STATUS_IOERR;
    const id = new Uint8Array(ID_BYTES);
    new TextEncoder().encodeInto(this.#disk.serial, id);
    chain.copyIn(this.#memory, id);
    return STATUS_OK;
  }

  /** Every range is checked before any is erased. */
  #erase(chain: Chain, zero: boolean): number {
    const bytes = chain.readableBytes - HEADER_BYTES;
    if (bytes === 0 || bytes % RANGE_BYTES !== 0 || bytes > this.#ranges.length) return STATUS_IOERR;
    chain.copyOut(this.#memory, HEADER_BYTES, this.#ranges);
    const words = new DataView(this.#ranges.buffer);
    const ranges = Array.from({ length: bytes / RANGE_BYTES }, (_, i) => ({
      sector: words.getUint32(RANGE_BYTES * i, true) + words.getUint32(RANGE_BYTES * i + 4, true) * 2 ** 32,
      count: words.getUint32(RANGE_BYTES * i + 8, true),
      flags: words.getUint32(RANGE_BYTES * i + 12, true),
    }));
    for (const { sector, count, flags } of ranges) {
      if ((flags & ~(zero ? RANGE_UNMAP : 0)) !== 0) return STATUS_UNSUPPORTED;
      if (count > MAX_ERASE_SECTORS || sector + count > this.#disk.sectors) return STATUS_IOERR;
    }
    for (const { sector, count, flags } of ranges) {
      const how = zero ? (flags === RANGE_UNMAP ? 'unmap' : 'keep') : 'discard';
      const offset = sector * SECTOR_BYTES;
      this.#guard.beforeChange(offset, count * SECTOR_BYTES);
      if (count > 0 && eraseRange(this.#disk.diskFd, offset, count * SECTOR_BYTES, how) < 0)
        return STATUS_IOERR;
    }
    return STATUS_OK;
  }
}
