/** The header of an arm64 Linux Image (Documentation/arch/arm64/booting.rst, section 4). */
import { ImageError } from './errors.ts';

export const IMAGE_HEADER_SIZE = 64;
const TEXT_OFFSET = 8;
const IMAGE_SIZE = 16;
const MAGIC = 56;
/** "ARM\x64", little-endian. */
const ARM64_MAGIC = 0x644d5241;
/** Why a text offset beyond 2 MiB makes no sense: it counts from an address aligned to 2 MiB. */
const TEXT_OFFSET_LIMIT = 2 * 1024 * 1024;

export interface ImageHeader {
  /** Where the kernel wants to be, in bytes from an address aligned to 2 MiB. */
  readonly textOffset: number;
  /** Bytes it needs from there on, zeroed memory behind the file included. */
  readonly imageSize: number;
}

/** @throws ImageError KERNEL_NOT_ARM64_IMAGE */
export function parseImageHeader(header: Uint8Array, fileSize: number): ImageHeader {
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
  if (header.byteLength < IMAGE_HEADER_SIZE || view.getUint32(MAGIC, true) !== ARM64_MAGIC) {
    throw notAnImage('it does not have the magic number of an arm64 Image');
  }
  const textOffset = Number(view.getBigUint64(TEXT_OFFSET, true));
  const imageSize = Number(view.getBigUint64(IMAGE_SIZE, true));
  if (imageSize === 0) throw notAnImage('it does not tell its size, as kernels before Linux 3.17');
  if (imageSize < fileSize) throw notAnImage('it is longer than its header says');
  if (textOffset >= TEXT_OFFSET_LIMIT) throw notAnImage('its header asks for an impossible place');
  return { textOffset, imageSize };
}

export function notAnImage(reason: string): ImageError {
  return new ImageError(
    'KERNEL_NOT_ARM64_IMAGE',
    `The kernel cannot be started: ${reason}. Give an arm64 Image, plain or compressed with gzip.`,
  );
}
