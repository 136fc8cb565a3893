/** Real files, and memory as a guest has it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MIB, RAM_BASE, ramLayout } from '../../../src/machine/layout.ts';
import { openImage } from '../../../src/machine/loader.ts';
import { Ram } from '../../../src/machine/ram.ts';
import { zboot } from '../../support/kernels.ts';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'holdfast-loader-'));
});
afterAll(() => rmSync(directory, { recursive: true }));

function file(name: string, content: Uint8Array | string): string {
  const path = join(directory, name);
  writeFileSync(path, content);
  return path;
}

/** An arm64 Image of `size` bytes that wants `imageSize`; its body counts up. */
function kernel({ size = 5000, imageSize = 3 * MIB, textOffset = 0, magic = 0x644d_5241 } = {}): Uint8Array {
  const bytes = Uint8Array.from({ length: size }, (_, i) => i & 0xff);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(8, BigInt(textOffset), true);
  view.setBigUint64(16, BigInt(imageSize), true);
  view.setUint32(56, magic, true);
  return bytes;
}

async function load(kernelPath: string, initramfsPath: string | null): Promise<Uint8Array[]> {
  using ram = new Ram(16 * MIB);
  await using image = await openImage({ kernelPath, initramfsPath }, ram.size);
  const layout = ramLayout(ram.size, image.kernel, image.initramfsSize);
  await image.load(ram.memory, layout);
  return [layout.kernel, layout.initramfs]
    .filter((span) => span !== null)
    .map(({ address, size }) => ram.memory.range(address, size)?.slice() ?? new Uint8Array());
}

describe('the loader', () => {
  it('puts kernel and initramfs where the layout says', async () => {
    const bytes = kernel({ textOffset: 0x8_0000 });
    const initramfs = Uint8Array.from({ length: 9999 }, (_, i) => (i * 7) & 0xff);
    const [first = new Uint8Array(), second] = await load(file('image', bytes), file('initramfs', initramfs));
    expect(first.length).toBe(3 * MIB);
    expect(first.subarray(0, bytes.length)).toEqual(bytes);
    expect(second).toEqual(initramfs);
  });

  it.each([
    ['compressed with gzip', gzipSync(kernel())],
    ['compressed with zstd', zstdCompressSync(kernel())],
    ['in an EFI program, gzipped', zboot('gzip', gzipSync(kernel()))],
    ['in an EFI program, with zstd', zboot('zstd', zstdCompressSync(kernel()))],
  ])('takes a kernel %s', async (_, packed) => {
    const bytes = kernel();
    const [first] = await load(file('packed', packed), null);
    expect(first?.subarray(0, bytes.length)).toEqual(bytes);
  });

  it.each([
    ['flat code', kernel({ magic: 0 }), 0x8_0000, 5000],
    ['flat code of four bytes', Uint8Array.of(0, 0, 0, 0x14), 0x8_0000, 4],
    [
      'an Image from before its header said a size',
      kernel({ imageSize: 0, textOffset: 0x1000 }),
      0x8_0000,
      5000,
    ],
    ['an Image with something behind it', kernel({ imageSize: 4000 }), 0, 5000],
    ['an Image that wants a place of its own', kernel({ textOffset: 4 * MIB }), 4 * MIB, 3 * MIB],
  ])('puts %s where it belongs', async (_, bytes, textOffset, imageSize) => {
    const kernelPath = file('placed', bytes);
    await using image = await openImage({ kernelPath, initramfsPath: null }, 16 * MIB);
    expect(image.kernel).toEqual({ textOffset, imageSize });
    const [loaded] = await load(kernelPath, null);
    expect(loaded?.subarray(0, bytes.length)).toEqual(bytes);
  });

  it('takes an empty initramfs as none to speak of', async () => {
    expect(await load(file('image', kernel()), file('empty', ''))).toHaveLength(2);
  });

  const damaged = gzipSync(kernel());
  damaged.fill(0xff, 20, 40);
  it.each([
    ['an empty file', new Uint8Array()],
    ['an ELF file', Buffer.concat([Buffer.from('\x7fELF'), Buffer.alloc(200)])],
    ['a text', new TextEncoder().encode('#!/bin/sh\n'.repeat(100))],
    ['a compressed text', gzipSync('#!/bin/sh\n'.repeat(100))],
    ['damaged gzip data', damaged],
    ['a truncated gzip file', gzipSync(kernel()).subarray(0, 60)],
    ['gzip data that expands beyond the guest', gzipSync(new Uint8Array(17 * MIB))],
    ['damaged zstd data', zboot('zstd', damaged)],
    ['a truncated zstd file', zstdCompressSync(kernel()).subarray(0, 60)],
    ['zstd data that expands beyond the guest', zstdCompressSync(new Uint8Array(17 * MIB))],
    ['an EFI program that ends before its payload', zboot('gzip', gzipSync(kernel())).subarray(0, 4000)],
    ['compressed flat code', gzipSync(kernel({ magic: 0 }))],
    ['a header with an impossible size', kernel({ imageSize: 2 ** 60 })],
  ])('refuses %s', async (_, bytes) => {
    await expect(load(file('bad', bytes), null)).rejects.toMatchObject({ code: 'KERNEL_NOT_ARM64_IMAGE' });
  });

  it('says which file is missing', async () => {
    const missing = join(directory, 'missing');
    await expect(load(missing, null)).rejects.toMatchObject({ code: 'KERNEL_NOT_READABLE' });
    const refusal = load(file('image', kernel()), missing);
    await expect(refusal).rejects.toMatchObject({ code: 'INITRAMFS_NOT_READABLE' });
    await expect(refusal).rejects.toThrow(missing);
  });
});

describe('guest RAM', () => {
  it('starts zeroed, aligned for blocks of 2 MiB, and ends with its handle', () => {
    const ram = new Ram(6 * MIB);
    expect(ram.address % (2 * MIB)).toBe(0);
    expect(ram.memory.base).toBe(RAM_BASE);
    const { bytes } = ram.memory;
    expect(bytes.length).toBe(6 * MIB);
    expect(bytes.every((byte) => byte === 0)).toBe(true);
    ram.close();
    ram.close();
    expect(bytes.length).toBe(0);
  });

  it('is refused when the host’s address space ends', () => {
    expect(() => new Ram(2 ** 50)).toThrow(expect.objectContaining({ code: 'OUT_OF_MEMORY' }));
  });
});
