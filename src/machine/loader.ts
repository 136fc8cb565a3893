/**
 * Puts a kernel and an initramfs into guest RAM.
 *
 * `openImage` looks at the files and says what they need; nothing is written before `ramLayout` has found that they
 * fit. Files are read by libuv's threads straight into guest memory.
 */
import { type FileHandle, open } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { IMAGE_HEADER_SIZE, type ImageHeader, notAnImage, parseImageHeader } from './arm64-image.ts';
import type { GuestMemory } from './devices/guest-memory.ts';
import { ImageError } from './errors.ts';
import type { RamLayout, Span } from './layout.ts';

/** Where the bytes come from: a file, or memory after decompression. */
interface Source {
  /** Bytes. */
  readonly size: number;
  read(into: Uint8Array): Promise<void>;
}

export interface Image extends AsyncDisposable {
  readonly header: ImageHeader;
  /** Bytes, or null without an initramfs. */
  readonly initramfsSize: number | null;
  load(memory: GuestMemory, layout: RamLayout): Promise<void>;
}

/**
 * Opens the files of an image. `sizeLimit` in bytes bounds what a compressed kernel may expand to.
 * @throws ImageError
 */
export async function openImage(
  { kernelPath, initramfsPath }: { readonly kernelPath: string; readonly initramfsPath: string | null },
  sizeLimit: number,
): Promise<Image> {
  await using files = new AsyncDisposableStack();
  const kernelFile = await openFile(kernelPath, 'KERNEL_NOT_READABLE');
  files.defer(() => kernelFile.close());
  const kernel = await kernelSource(kernelFile, sizeLimit);
  let initramfs: Source | null = null;
  if (initramfsPath !== null) {
    const file = await openFile(initramfsPath, 'INITRAMFS_NOT_READABLE');
    files.defer(() => file.close());
    initramfs = await fileSource(file, 'INITRAMFS_NOT_READABLE');
  }
  const owned = files.move();
  return {
    header: kernel.header,
    initramfsSize: initramfs?.size ?? null,
    load: async (memory, layout) => {
      const parts = [fill(memory, layout.kernel, kernel.source)];
      if (initramfs !== null && layout.initramfs !== null) {
        parts.push(fill(memory, layout.initramfs, initramfs));
      }
      // Both must have ended before the caller may unmap the memory, even when one of them fails.
      await Promise.allSettled(parts);
      await Promise.all(parts);
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

async function fill(memory: GuestMemory, { address }: Span, source: Source): Promise<void> {
  const target = memory.range(address, source.size);
  if (target === null) throw new RangeError(`There is no guest memory at 0x${address.toString(16)}.`);
  await source.read(target);
}

async function kernelSource(
  file: FileHandle,
  sizeLimit: number,
): Promise<{ header: ImageHeader; source: Source }> {
  const plain = await fileSource(file, 'KERNEL_NOT_READABLE');
  const head = new Uint8Array(Math.min(plain.size, IMAGE_HEADER_SIZE));
  await readAt(file, head, 0, 'KERNEL_NOT_READABLE');
  if (head[0] !== 0x1f || head[1] !== 0x8b) {
    return { header: parseImageHeader(head, plain.size), source: plain };
  }
  const bytes = await decompress(await file.readFile(), sizeLimit);
  return {
    header: parseImageHeader(bytes.subarray(0, IMAGE_HEADER_SIZE), bytes.length),
    source: { size: bytes.length, read: async (into) => into.set(bytes) },
  };
}

async function decompress(compressed: Uint8Array, sizeLimit: number): Promise<Uint8Array> {
  try {
    return await promisify(gunzip)(compressed, { maxOutputLength: sizeLimit });
  } catch (error) {
    const tooLarge = error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
    throw notAnImage(tooLarge ? "it expands to more than the guest's memory" : 'its gzip data is damaged');
  }
}

type Unreadable = 'KERNEL_NOT_READABLE' | 'INITRAMFS_NOT_READABLE';

async function openFile(path: string, code: Unreadable): Promise<FileHandle> {
  try {
    return await open(path, 'r');
  } catch (error) {
    throw new ImageError(code, `${path} cannot be opened: ${(error as Error).message}.`);
  }
}

async function fileSource(file: FileHandle, code: Unreadable): Promise<Source> {
  const { size } = await file.stat();
  return { size, read: (into) => readAt(file, into, 0, code) };
}

/** Reads exactly as many bytes as fit into `into`. */
async function readAt(file: FileHandle, into: Uint8Array, from: number, code: Unreadable): Promise<void> {
  let done = 0;
  while (done < into.length) {
    const { bytesRead } = await file.read(into, done, into.length - done, from + done);
    if (bytesRead === 0) throw new ImageError(code, 'A file of the image became shorter while it was read.');
    done += bytesRead;
  }
}
