/**
 * One virtio-blk request (Virtio 1.2 section 5.2.6): taken apart, carried out on the disk's file, answered.
 *
 * Data goes straight between the file and guest memory, by one readv or writev per request. The driver may frame a
 * request over its buffers as it likes (section 2.7.4): header, data and status are found by counting bytes.
 */
import { fdatasyncSync, readvSync, writevSync } from 'node:fs';
import { byteCount, gather, scatter, slice } from './buffers.ts';
import type { VirtioBlockSpec } from './device.ts';
import { type DescriptorChain, QueueFault } from './virtqueue.ts';

export const SECTOR_BYTES = 512;

const HEADER_BYTES = 16;
const ID_BYTES = 20;

const TYPE_IN = 0;
const TYPE_OUT = 1;
const TYPE_FLUSH = 4;
const TYPE_GET_ID = 8;

const STATUS_OK = 0;
const STATUS_IOERR = 1;
const STATUS_UNSUPPORTED = 2;

export interface BlockRequest {
  readonly type: number;
  readonly sector: number;
  /** What the driver sends. */
  readonly output: Uint8Array[];
  /** What the driver wants filled. */
  readonly input: Uint8Array[];
  /** One byte. */
  readonly status: Uint8Array;
}

type Disk = Pick<VirtioBlockSpec, 'diskFd' | 'sectors' | 'readOnly' | 'serial'>;

/** Checks what can be checked without doing it. Throws QueueFault when there is no room for a header or a status. */
export function parseBlockRequest(chain: DescriptorChain): BlockRequest {
  const readable = byteCount(chain.readable);
  const writable = byteCount(chain.writable);
  if (readable < HEADER_BYTES) throw new QueueFault(`a block request with a header of ${readable} bytes`);
  if (writable < 1) throw new QueueFault('a block request without a status byte');
  const header = new Uint8Array(HEADER_BYTES);
  gather(header, chain.readable);
  const words = new DataView(header.buffer);
  return {
    type: words.getUint32(0, true),
    sector: words.getUint32(8, true) + words.getUint32(12, true) * 2 ** 32,
    output: slice(chain.readable, HEADER_BYTES, readable),
    input: slice(chain.writable, 0, writable - 1),
    status: slice(chain.writable, writable - 1, writable)[0] ?? new Uint8Array(1),
  };
}

/**
 * Carries a request out and writes its status byte. Returns the number of bytes written to guest memory, counted
 * from the first writable one. With `writeThrough`, a write is on stable storage before it is answered.
 */
export function executeBlockRequest(request: BlockRequest, disk: Disk, writeThrough: boolean): number {
  const status = attempt(request, disk, writeThrough);
  request.status[0] = status;
  const input = byteCount(request.input);
  // Whatever part of the data a failed read left, the bytes before the status are not all ours.
  return status === STATUS_OK || input === 0 ? input + 1 : 0;
}

function attempt(request: BlockRequest, disk: Disk, writeThrough: boolean): number {
  try {
    switch (request.type) {
      case TYPE_IN:
        return transfer(request.input, request.sector, disk, readvSync);
      case TYPE_OUT: {
        if (disk.readOnly) return STATUS_IOERR;
        const status = transfer(request.output, request.sector, disk, writevSync);
        if (status === STATUS_OK && writeThrough) fdatasyncSync(disk.diskFd);
        return status;
      }
      case TYPE_FLUSH:
        if (!disk.readOnly) fdatasyncSync(disk.diskFd);
        return STATUS_OK;
      case TYPE_GET_ID:
        return identify(request.input, disk.serial);
      default:
        return STATUS_UNSUPPORTED;
    }
  } catch {
    // The file's error is the disk's error; the guest's driver decides what it means to it.
    return STATUS_IOERR;
  }
}

type Vectored = (fd: number, buffers: Uint8Array[], position: number) => number;

function transfer(buffers: Uint8Array[], sector: number, disk: Disk, move: Vectored): number {
  const bytes = byteCount(buffers);
  if (bytes % SECTOR_BYTES !== 0 || sector + bytes / SECTOR_BYTES > disk.sectors) return STATUS_IOERR;
  let rest = buffers;
  let position = sector * SECTOR_BYTES;
  for (let left = bytes; left > 0; ) {
    const moved = move(disk.diskFd, rest, position);
    // The end of a file shorter than the disk it backs.
    if (moved === 0) return STATUS_IOERR;
    left -= moved;
    position += moved;
    if (left > 0) rest = slice(rest, moved, moved + left);
  }
  return STATUS_OK;
}

function identify(input: Uint8Array[], serial: string): number {
  if (byteCount(input) !== ID_BYTES) return STATUS_IOERR;
  const id = new Uint8Array(ID_BYTES);
  new TextEncoder().encodeInto(serial, id);
  scatter(id, input);
  return STATUS_OK;
}
