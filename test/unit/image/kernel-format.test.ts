import { describe, expect, it } from 'vitest';
import { kernelFormat } from '../../../src/image/kernel-format.ts';
import { zboot } from '../../support/kernels.ts';

/** The first 64 bytes of a file that begins so. */
function head(...first: number[]): Uint8Array {
  const bytes = new Uint8Array(64).fill(0x90);
  bytes.set(first);
  return bytes;
}

function image(textOffset: bigint, imageSize: bigint): Uint8Array {
  const bytes = head(0x4d, 0x5a);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(8, textOffset, true);
  view.setBigUint64(16, imageSize, true);
  view.setUint32(56, 0x644d_5241, true);
  return bytes;
}

const text = (value: string) => new TextEncoder().encode(value);

describe('a kernel', () => {
  it('with the header of an Image lies where it says', () => {
    expect(kernelFormat(image(0x1000n, 0x20_0000n))).toEqual({
      kind: 'image',
      textOffset: 0x1000,
      imageSize: 0x20_0000,
    });
    // Nothing but the size tells an old header from a new one.
    expect(kernelFormat(image(0x1000n, 0n))).toEqual({ kind: 'image', textOffset: 0x8_0000, imageSize: 0 });
    expect(kernelFormat(image(1n << 60n, 1n))).toMatchObject({ kind: 'refused' });
  });

  it('without one is flat code', () => {
    const flat = { kind: 'flat', textOffset: 0x8_0000, imageSize: 0 };
    expect(kernelFormat(head(0x00, 0x00, 0x00, 0x14))).toEqual(flat);
    expect(kernelFormat(Uint8Array.of(0x00, 0x00, 0x00, 0x14))).toEqual(flat);
    // The magic number counts at its place alone.
    expect(kernelFormat(head(0x41, 0x52, 0x4d, 0x64))).toEqual(flat);
  });

  it('that is compressed is unpacked', () => {
    const whole = { kind: 'packed', offset: 0, size: null };
    expect(kernelFormat(head(0x1f, 0x8b, 8))).toEqual({ ...whole, packing: 'gzip' });
    expect(kernelFormat(head(0x28, 0xb5, 0x2f, 0xfd))).toEqual({ ...whole, packing: 'zstd' });
    for (const packing of ['gzip', 'zstd']) {
      const inside = { kind: 'packed', packing, offset: 4096, size: 3 };
      expect(kernelFormat(zboot(packing, new Uint8Array(3)).subarray(0, 64))).toEqual(inside);
    }
  });

  it.each([
    ['xz', head(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00)],
    ['lz4', head(0x02, 0x21, 0x4c, 0x18)],
    ['bzip2', head(...text('BZh9'))],
    ['ELF', head(0x7f, ...text('ELF'))],
    ['zboot image compressed with lzma', zboot('lzma', new Uint8Array()).subarray(0, 64)],
    ['zboot image compressed with no known format', zboot('\u001b[2J', new Uint8Array()).subarray(0, 64)],
    ['EFI program', head(...text('MZ'))],
    ['32-bit Arm', head(...Array(0x24).fill(0xe1), 0x18, 0x28, 0x6f, 0x01)],
    ['U-Boot', head(0x27, 0x05, 0x19, 0x56)],
    ['device tree', head(0xd0, 0x0d, 0xfe, 0xed)],
    ['cpio', head(...text('070701'))],
    ['qcow2', head(...text('QFI'), 0xfb)],
    ['text', text('not a kernel\n'.repeat(5))],
    ['zeros', new Uint8Array(64)],
    ['empty', new Uint8Array()],
  ])('that is %s is refused by name', (name, bytes) => {
    const format = kernelFormat(bytes);
    expect(format).toMatchObject({ kind: 'refused', reason: expect.stringContaining(name) });
  });
});
