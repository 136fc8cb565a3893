/**
 * Tells whether bytes are a kernel that a machine can start (image/kernel-format.ts), and which Linux it is. A compressed
 * Image is unpacked first, as the worker's loader does.
 */
import { pipeline, Readable } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { KERNEL_HEAD_SIZE, kernelFormat, type Packed } from '../../image/kernel-format.ts';

/** init/version-timestamp.c: `linux_banner`. */
const BANNER = 'Linux version ';
const BANNER_VERSION = /^Linux version (\d+\.\d+(?:\.\d+)?)[^\d.]/;
/** Enough for the banner's start to be matched. */
const OVERLAP = BANNER.length + 32;
/** A compressed file may promise more than any kernel needs. */
const LARGEST_IMAGE_BYTES = 1024 * 1024 * 1024;

export type KernelImage = { bootable: true; version: string | null } | { bootable: false; reason: string };

/** Reads `source` to its end, or to where the answer is certain. */
export async function inspectKernel(source: AsyncIterable<Buffer>): Promise<KernelImage> {
  const { head, all } = await readHead(source);
  const format = kernelFormat(head);
  if (format.kind === 'refused') return { bootable: false, reason: format.reason };
  if (format.kind !== 'packed') return inspectImage(all);
  const { packing } = format;
  const unpacked = packing === 'gzip' ? createGunzip() : createZstdDecompress();
  // An error of either is met where the result is read.
  pipeline(Readable.from(payload(all, format)), unpacked, () => undefined);
  try {
    const inner = await readHead(unpacked);
    if (kernelFormat(inner.head).kind === 'image') return await inspectImage(inner.all);
    return { bootable: false, reason: `what its ${packing} holds is not an arm64 Image` };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined || !/^Z(STD)?_/.test(code)) throw error;
    return { bootable: false, reason: `its ${packing} is damaged (${message})` };
  }
}

/** The part of a file that is to be unpacked. */
async function* payload(file: AsyncIterable<Buffer>, { offset, size }: Packed): AsyncGenerator<Buffer> {
  const end = size === null ? Number.POSITIVE_INFINITY : offset + size;
  let at = 0;
  for await (const bytes of file) {
    const part = bytes.subarray(Math.max(0, offset - at), Math.max(0, end - at));
    if (part.length > 0) yield part;
    at += bytes.length;
    if (at >= end) return;
  }
}

/** The first bytes, and everything with them. */
async function readHead(
  source: AsyncIterable<Buffer>,
): Promise<{ head: Buffer; all: AsyncIterable<Buffer> }> {
  const chunks = source[Symbol.asyncIterator]();
  let start: Buffer = Buffer.alloc(0);
  while (start.length < KERNEL_HEAD_SIZE) {
    const next = await chunks.next();
    if (next.done === true) break;
    start = Buffer.concat([start, next.value]);
  }
  const all = (async function* () {
    yield start;
    yield* { [Symbol.asyncIterator]: () => chunks };
  })();
  return { head: start.subarray(0, KERNEL_HEAD_SIZE), all };
}

async function inspectImage(image: AsyncIterable<Buffer>): Promise<KernelImage> {
  let carried: Buffer = Buffer.alloc(0);
  let read = 0;
  for await (const bytes of image) {
    read += bytes.length;
    if (read > LARGEST_IMAGE_BYTES) return { bootable: false, reason: 'it unpacks to more than 1 GiB' };
    const window = Buffer.concat([carried, bytes]);
    const version = findVersion(window);
    if (version !== null) return { bootable: true, version };
    carried = window.subarray(-OVERLAP);
  }
  return { bootable: true, version: null };
}

function findVersion(window: Buffer): string | null {
  for (let at = window.indexOf(BANNER); at >= 0; at = window.indexOf(BANNER, at + 1)) {
    const found = BANNER_VERSION.exec(window.toString('latin1', at, at + OVERLAP))?.[1];
    if (found !== undefined) return found;
  }
  return null;
}
