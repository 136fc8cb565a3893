/** Bytes that look like kernels to whoever reads their headers. Nothing boots them. */
import { createHash } from 'node:crypto';

/** A header with the magic of an arm64 Image, padding, and a banner that begins at `bannerAt`. */
export function arm64Image(banner: string | null, bannerAt = 4096, size = 8192): Buffer {
  const image = Buffer.alloc(size);
  image.write('ARM\x64', 56, 'latin1');
  if (banner !== null) image.write(banner, bannerAt, 'latin1');
  return image;
}

/** An EFI zboot program around a payload, as drivers/firmware/efi/libstub/zboot-header.S of Linux begins one. */
export function zboot(packing: string, payload: Uint8Array): Buffer {
  const header = Buffer.alloc(4096);
  header.write('MZ\0\0zimg', 'latin1');
  header.writeUInt32LE(header.length, 8);
  header.writeUInt32LE(payload.length, 12);
  header.write(packing, 24, 'latin1');
  // Behind the payload lies the length of what it unpacks to, and the program goes on.
  return Buffer.concat([header, payload, Buffer.from('length and signature')]);
}

export function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}
