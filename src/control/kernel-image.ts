/**
 * Tells whether bytes are an arm64 Linux `Image`, and which kernel it is.
 *
 * Documentation/arch/arm64/booting.rst: the header has the magic 0x644d5241 ("ARM\x64") at offset 56; a gzip around
 * the Image is undone first, as the worker's loader does.
 */
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

const MAGIC_OFFSET = 56;
const MAGIC = Buffer.from('ARM\x64', 'latin1');
const GZIP = Buffer.from([0x1f, 0x8b]);
/** init/version-timestamp.c: `linux_banner`. */
const BANNER = 'Linux version ';
const BANNER_VERSION = /^Linux version (\d+\.\d+(?:\.\d+)?)[^\d.]/;
/** Enough for the banner's start to be matched. */
const OVERLAP = BANNER.length + 32;
/** A gzip may promise more than any kernel needs. */
const LARGEST_IMAGE_BYTES = 1024 * 1024 * 1024;

export type KernelImage = { arm64: true; version: string | null } | { arm64: false; reason: string };

/** Reads `source` to its end, or to where the answer is certain. */
export async function inspectKernel(source: AsyncIterable<Buffer>): Promise<KernelImage> {
  const chunks = source[Symbol.asyncIterator]();
  const first = await chunks.next();
  if (first.done === true) return { arm64: false, reason: 'it is empty' };
  const all = (async function* () {
    yield first.value;
    yield* { [Symbol.asyncIterator]: () => chunks };
  })();
  if (!first.value.subarray(0, GZIP.length).equals(GZIP)) return inspectImage(all);
  const gunzip = createGunzip();
  // An error of either is met where the result is read.
  pipeline(Readable.from(all), gunzip, () => undefined);
  try {
    return await inspectImage(gunzip);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code?.startsWith('Z_') !== true) throw error;
    return { arm64: false, reason: `its gzip is damaged (${message})` };
  }
}

async function inspectImage(image: AsyncIterable<Buffer>): Promise<KernelImage> {
  let carried: Buffer = Buffer.alloc(0);
  let header: Buffer = Buffer.alloc(0);
  let read = 0;
  for await (const bytes of image) {
    read += bytes.length;
    if (header.length < MAGIC_OFFSET + MAGIC.length) {
      header = Buffer.concat([header, bytes]);
      if (header.length >= MAGIC_OFFSET + MAGIC.length && !hasMagic(header)) break;
    }
    if (read > LARGEST_IMAGE_BYTES) return { arm64: false, reason: 'it unpacks to more than 1 GiB' };
    const window = Buffer.concat([carried, bytes]);
    const version = findVersion(window);
    if (version !== null && hasMagic(header)) return { arm64: true, version };
    carried = window.subarray(-OVERLAP);
  }
  if (hasMagic(header)) return { arm64: true, version: null };
  return { arm64: false, reason: 'the magic "ARM\\x64" is not at offset 56' };
}

function hasMagic(header: Buffer): boolean {
  return header.subarray(MAGIC_OFFSET, MAGIC_OFFSET + MAGIC.length).equals(MAGIC);
}

function findVersion(window: Buffer): string | null {
  for (let at = window.indexOf(BANNER); at >= 0; at = window.indexOf(BANNER, at + 1)) {
    const found = BANNER_VERSION.exec(window.toString('latin1', at, at + OVERLAP))?.[1];
    if (found !== undefined) return found;
  }
  return null;
}
