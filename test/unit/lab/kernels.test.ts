import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { kernelLabel, kernelLabels, newestKernel, plainImage } from '../../../src/lab/kernels.ts';

/** The smallest thing with an arm64 Image's magic. */
function tinyImage(): Buffer {
  const image = Buffer.alloc(4096, 0x5a);
  image.write('ARM\x64', 56, 'latin1');
  return image;
}

/** The EFI wrapper of drivers/firmware/efi/libstub/zboot-header.S around a payload. */
function zboot(payload: Buffer, compression: string): Buffer {
  const header = Buffer.alloc(512);
  header.write('MZ', 0, 'latin1');
  header.write('zimg', 4, 'latin1');
  header.writeUInt32LE(header.length, 8);
  header.writeUInt32LE(payload.length, 12);
  header.write(`${compression}\0`, 24, 'latin1');
  return Buffer.concat([header, payload, Buffer.from('trailing section')]);
}

describe('plainImage', () => {
  const image = tinyImage();

  it.each([
    ['a plain Image', image],
    ['gzip', gzipSync(image)],
    ['an EFI wrapper around gzip', zboot(gzipSync(image), 'gzip')],
    ['an EFI wrapper around zstd', zboot(zstdCompressSync(image), 'zstd')],
  ])('reads %s', (_, vmlinuz) => {
    expect(plainImage(vmlinuz).equals(image)).toBe(true);
  });

  it('names a compression it cannot undo', () => {
    expect(() => plainImage(zboot(image, 'lzma'))).toThrow('compressed with lzma');
  });

  it.each([
    ['an x86 kernel', Buffer.alloc(4096, 0x90)],
    ['an empty file', Buffer.alloc(0)],
  ])('refuses %s', (_, vmlinuz) => {
    expect(() => plainImage(vmlinuz)).toThrow('not an arm64 Image');
  });
});

describe('the catalogue', () => {
  it('knows its labels and says which there are', () => {
    expect(kernelLabels.map(kernelLabel)).toEqual(kernelLabels);
    expect(kernelLabels).toContain(newestKernel);
    expect(() => kernelLabel('4.19')).toThrow('5.10, 6.1, 6.12, 7.3');
  });
});
