/**
 * Memory or a disk as records of what is not zero.
 *
 *     record   u64 offset, u32 bytes, u32 stored, then `stored` bytes: zstd, or the bytes themselves if that is no less
 *     last     u64 size of the whole, u32 0, u32 0
 *
 * Records come in the order of their offsets and do not overlap; what none of them covers is zero. Each is at most
 * RECORD_BYTES long, so that a reader needs little memory and trusts no number of the file further than that.
 */
import { promisify } from 'node:util';
import { constants, zstdCompress, zstdDecompress } from 'node:zlib';
import { damaged } from './format.ts';

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);

export const RECORD_BYTES = 1024 * 1024;
const RECORD_HEADER_BYTES = 16;
/** What is looked at for zeros as one: a page of most hosts. */
const GRAIN = 4096;
/** Zeros shorter than this do not end a record: a header and a frame of their own would cost more. */
const JOIN = 16 * 1024;
/** Records at work in libuv's four threads, one of them reading. */
const DEPTH = 3;
/** The fastest of the ordinary levels: a save should not take the guest's CPU for long. */
const OPTIONS = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };
const ZEROS = Buffer.alloc(RECORD_BYTES);

export interface SparseSource {
  /** Bytes, zeros and all. */
  readonly size: number;
  /** Ranges outside of which everything is zero, in order, `[offset, bytes]`; need not be tight. */
  ranges(): Iterable<readonly [offset: number, bytes: number]>;
  read(offset: number, into: Buffer): Promise<void>;
}

/** The section's bytes. `source` is read in order, one read at a time. */
export async function* sparseRecords(source: SparseSource): AsyncGenerator<Buffer> {
  const working: Promise<Buffer>[] = [];
  for (const [start, bytes] of source.ranges()) {
    for (let at = start; at < start + bytes; at += RECORD_BYTES) {
      const chunk = Buffer.allocUnsafe(Math.min(RECORD_BYTES, start + bytes - at));
      await source.read(at, chunk);
      for (const [from, to] of filled(chunk)) {
        const record = encode(at + from, chunk.subarray(from, to));
        // Awaited in its turn; until then a failure is nobody's unhandled rejection.
        record.catch(() => undefined);
        working.push(record);
      }
      while (working.length > DEPTH) yield (await working.shift()) ?? ZEROS.subarray(0, 0);
    }
  }
  for (const record of working) yield await record;
  yield header(source.size, 0, 0);
}

/** The parts of a chunk that are not zero, short zeros between them included. */
function filled(chunk: Buffer): (readonly [from: number, to: number])[] {
  const runs: [number, number][] = [];
  if (chunk.equals(ZEROS.subarray(0, chunk.length))) return runs;
  for (let at = 0; at < chunk.length; at += GRAIN) {
    const end = Math.min(at + GRAIN, chunk.length);
    if (chunk.subarray(at, end).equals(ZEROS.subarray(0, end - at))) continue;
    const last = runs.at(-1);
    if (last !== undefined && at - last[1] < JOIN) last[1] = end;
    else runs.push([at, end]);
  }
  return runs;
}

async function encode(offset: number, bytes: Buffer): Promise<Buffer> {
  const packed = await compress(bytes, OPTIONS);
  const stored = packed.length < bytes.length ? packed : bytes;
  return Buffer.concat([header(offset, bytes.length, stored.length), stored]);
}

function header(offset: number, bytes: number, stored: number): Buffer {
  const words = Buffer.alloc(RECORD_HEADER_BYTES);
  words.writeBigUInt64LE(BigInt(offset), 0);
  words.writeUInt32LE(bytes, 8);
  words.writeUInt32LE(stored, 12);
  return words;
}

/** Exactly `bytes` more bytes of a section. @throws when there are fewer */
export type Take = (bytes: number) => Promise<Buffer>;

/**
 * Takes a section of `size` bytes apart and gives each record's place and bytes. What it gives is checked for sense, not
 * yet for truth: that is for whoever reads the section to its end and compares its digest.
 * @throws SnapshotFormatError SNAPSHOT_DAMAGED
 */
export async function* readRecords(
  take: Take,
  size: number,
): AsyncGenerator<{ readonly offset: number; readonly bytes: Buffer }> {
  const working: { readonly offset: number; readonly bytes: Promise<Buffer> }[] = [];
  for await (const { offset, bytes } of packedRecords(take, size)) {
    // Awaited in its turn; until then a failure is nobody's unhandled rejection.
    bytes.catch(() => undefined);
    working.push({ offset, bytes });
    const [first] = working.length > DEPTH ? working.splice(0, 1) : [];
    if (first !== undefined) yield { offset: first.offset, bytes: await first.bytes };
  }
  for (const { offset, bytes } of working) yield { offset, bytes: await bytes };
}

/** The records as they lie there, each being unpacked already. */
async function* packedRecords(
  take: Take,
  size: number,
): AsyncGenerator<{ readonly offset: number; readonly bytes: Promise<Buffer> }> {
  for (let end = 0; ; ) {
    const words = await take(RECORD_HEADER_BYTES);
    const offset = Number(words.readBigUInt64LE(0));
    const bytes = words.readUInt32LE(8);
    const stored = words.readUInt32LE(12);
    if (bytes === 0) {
      if (offset !== size || stored !== 0) throw damaged(`it holds ${offset} bytes where ${size} belong`);
      return;
    }
    if (offset < end || bytes > RECORD_BYTES || stored > bytes || offset + bytes > size) {
      throw damaged(`a record of ${bytes} bytes at ${offset} is out of place`);
    }
    end = offset + bytes;
    const body = await take(stored);
    yield { offset, bytes: stored === bytes ? Promise.resolve(body) : unpack(body, bytes) };
  }
}

async function unpack(body: Buffer, bytes: number): Promise<Buffer> {
  const unpacked = await decompress(body, { maxOutputLength: bytes }).catch(() => null);
  if (unpacked?.length !== bytes) throw damaged('a compressed record cannot be unpacked');
  return unpacked;
}
