/**
 * Puts a kernel and an initramfs into guest RAM.
 *
 * `openImage` looks at the files and says what they need; nothing is written before `ramLayout` has found that they
 * fit. Files are read by libuv's threads straight into guest memory.
 */
import { type FileHandle, open } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip, zstdDecompress } from 'node:zlib';
import { KERNEL_HEAD_SIZE, kernelFormat, type Packed } from '../image/kernel-format.ts';
import type { GuestMemory } from './devices/guest-memory.ts';
import { ImageError } from './errors.ts';
import type { RamLayout, Span } from './layout.ts';

/** Where the bytes come from: a file, or memory after decompression. */
interface Source {
  /** Bytes. */
  readonly size: number;
  read(into: Uint8Array): Promise<void>;
}

/** What a kernel needs of RAM. */
export interface KernelPlace {
  /** Bytes from the start of RAM; also where it is entered. */
  readonly textOffset: number;
  /** Bytes from there on, zeroed memory behind the file included. */
  readonly imageSize: number;
}

export interface Image extends AsyncDisposable {
  readonly kernel: KernelPlace;
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
    kernel: kernel.place,
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
): Promise<{ place: KernelPlace; source: Source }> {
  const plain = await fileSource(file, 'KERNEL_NOT_READABLE');
  const head = new Uint8Array(Math.min(plain.size, KERNEL_HEAD_SIZE));
  await readAt(file, head, 0, 'KERNEL_NOT_READABLE');
  const format = kernelFormat(head);
  if (format.kind === 'refused') throw notBootable(format.reason);
  if (format.kind !== 'packed') return { place: placeOf(format, plain.size), source: plain };
  const bytes = await unpack(format, await file.readFile(), sizeLimit);
  const inner = kernelFormat(bytes.subarray(0, KERNEL_HEAD_SIZE));
  // Flat code is short and comes as it is; anything else that somebody compressed is there by mistake.
  if (inner.kind !== 'image') throw notBootable(`what its ${format.packing} holds is not an arm64 Image`);
  const source = { size: bytes.length, read: async (into: Uint8Array) => into.set(bytes) };
  return { place: placeOf(inner, bytes.length), source };
}

/** A file may be longer than its header says, by a signature for example; it is loaded whole. */
function placeOf({ textOffset, imageSize }: KernelPlace, fileSize: number): KernelPlace {
  return { textOffset, imageSize: Math.max(imageSize, fileSize) };
}

const DECOMPRESS = { gzip: promisify(gunzip), zstd: promisify(zstdDecompress) } as const;

async function unpack(
  { packing, offset, size }: Packed,
  file: Uint8Array,
  sizeLimit: number,
): Promise<Uint8Array> {
  const payload = file.subarray(offset, size === null ? undefined : offset + size);
  try {
    return await DECOMPRESS[packing](payload, { maxOutputLength: sizeLimit });
  } catch (error) {
    const tooLarge = error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
    const damaged = `its ${packing} data is damaged`;
    throw notBootable(tooLarge ? "it expands to more than the guest's memory" : damaged);
  }
}

function notBootable(reason: string): ImageError {
  return new ImageError(
    'KERNEL_NOT_ARM64_IMAGE',
    `The kernel cannot be started: ${reason}. Give an arm64 Image, plain or compressed with gzip or zstd, or flat ` +
      'arm64 code.',
  );
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
