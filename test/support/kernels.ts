/** Bytes that look like kernels to whoever reads their headers. Nothing boots them. */
import { createHash } from 'node:crypto';

/** A header with the magic of an arm64 Image, padding, and a banner that begins at `bannerAt`. */
export function arm64Image(banner: string | null, bannerAt = 4096, size = 8192): Buffer {
  const image = Buffer.alloc(size);
  image.write('ARM\x64', 56, 'latin1');
  if (banner !== null) image.write(banner, bannerAt, 'latin1');
  return image;
}

export function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}
