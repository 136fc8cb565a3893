import { randomBytes } from 'node:crypto';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { inspectKernel } from '../../../../src/control/images/kernel-image.ts';
import { arm64Image, zboot } from '../../../support/kernels.ts';

const BANNER = 'Linux version 6.12.9+deb13-arm64 (x@y) (gcc) #1 SMP';

async function* pieces(bytes: Uint8Array, length: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += length) yield Buffer.from(bytes.subarray(at, at + length));
}

describe('inspectKernel', () => {
  it.each([
    ['plain', arm64Image(BANNER), '6.12.9'],
    ['gzipped', gzipSync(arm64Image(BANNER)), '6.12.9'],
    ['compressed with zstd', zstdCompressSync(arm64Image(BANNER)), '6.12.9'],
    ['in an EFI program, gzipped', zboot('gzip', gzipSync(arm64Image(BANNER))), '6.12.9'],
    ['in an EFI program, with zstd', zboot('zstd', zstdCompressSync(arm64Image(BANNER))), '6.12.9'],
    ['without a banner', arm64Image(null), null],
    ['that is flat code', Buffer.concat([Buffer.of(0, 0, 0, 0x14), Buffer.alloc(4096)]), null],
    ['that is four bytes of code', Buffer.of(0, 0, 0, 0x14), null],
    ['with a two-part version', arm64Image('Linux version 7.1-rc3 (x)'), '7.1'],
    ['with the words, but no version, first', arm64Image(`Linux version %s\0${BANNER}`), '6.12.9'],
  ])('knows an Image %s', async (_, bytes, version) => {
    expect(await inspectKernel(pieces(bytes, 1024))).toEqual({ bootable: true, version });
  });

  it('finds the banner wherever the pieces are cut', async () => {
    for (let at = 1000; at < 1024 + BANNER.length; at++) {
      const found = await inspectKernel(pieces(arm64Image(BANNER, at), 1024));
      expect(found, `banner at ${at}`).toEqual({ bootable: true, version: '6.12.9' });
    }
  });

  it('reads a header that comes byte by byte', async () => {
    expect(await inspectKernel(pieces(arm64Image(BANNER, 200, 512), 1))).toEqual({
      bootable: true,
      version: '6.12.9',
    });
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['zeros', arm64Image(null).subarray(0, 56)],
    ['a text', Buffer.from('#!/bin/sh\n'.repeat(100))],
    [
      'an x86 bzImage',
      Buffer.concat([Buffer.from('MZ'), Buffer.alloc(512), Buffer.from('HdrS'), Buffer.from(BANNER)]),
    ],
    ['an ELF file', Buffer.concat([Buffer.from('\x7fELF'), Buffer.alloc(200), Buffer.from(BANNER)])],
    ['a gzip of something else', gzipSync(randomBytes(4096))],
    ['a gzip that ends early', gzipSync(randomBytes(4096)).subarray(0, 1000)],
    ['a gzip header alone', Buffer.from([0x1f, 0x8b])],
    ['a zstd of something else', zstdCompressSync(randomBytes(4096))],
    ['a zstd that ends early', zstdCompressSync(randomBytes(4096)).subarray(0, 1000)],
    ['a zstd header alone', Buffer.from([0x28, 0xb5, 0x2f, 0xfd])],
    ['zstd data that is none', zboot('zstd', Buffer.alloc(200, 0xff))],
    ['an EFI program that ends early', zboot('zstd', Buffer.alloc(200)).subarray(0, 4096)],
    ['an EFI program with something else', zboot('gzip', gzipSync(randomBytes(4096)))],
  ])('refuses %s', async (_, bytes) => {
    expect(await inspectKernel(pieces(bytes, 1024))).toMatchObject({ bootable: false });
  });

  it('passes on an error of the source', async () => {
    async function* broken(): AsyncGenerator<Buffer> {
      yield gzipSync(arm64Image(BANNER)).subarray(0, 40);
      throw new Error('the database went away');
    }
    await expect(inspectKernel(broken())).rejects.toThrow('the database went away');
  });
});
