import { describe, expect, it } from 'vitest';
import { layout, offsetOf, Struct } from '../../../src/kvm/struct.ts';

const pair = layout('pair', 16, { flag: [0, 'u8'], count: [4, 'u32'], address: [8, 'u64'] });

describe('a structure', () => {
  it('holds its fields little-endian and zeroed', () => {
    const struct = new Struct(pair).set({ count: 0x1234_5678, address: 0xffff_ffff_0000_0001n });
    expect([...new Uint8Array(struct.buffer)]).toEqual([
      ...[0, 0, 0, 0, 0x78, 0x56, 0x34, 0x12],
      ...[1, 0, 0, 0, 0xff, 0xff, 0xff, 0xff],
    ]);
    expect(struct.get('flag')).toBe(0);
    expect(struct.get('count')).toBe(0x1234_5678);
    expect(struct.get('address')).toBe(0xffff_ffff_0000_0001n);
  });

  it('leaves what it is not told to set', () => {
    const struct = new Struct(pair).set({ flag: 7, count: 8 }).set({ count: 9 });
    expect([struct.get('flag'), struct.get('count')]).toEqual([7, 9]);
  });

  it('has room behind it when asked', () => {
    expect(new Struct(pair, 8).buffer.byteLength).toBe(24);
  });

  it('knows its offsets', () => {
    expect(offsetOf(pair, 'address')).toBe(8);
  });

  it('refuses fields that are misaligned or pass the end', () => {
    expect(() => layout('bad', 16, { word: [2, 'u32'] })).toThrow('bad.word');
    expect(() => layout('bad', 12, { word: [8, 'u64'] })).toThrow('bad.word');
  });
});
