import { describe, expect, it } from 'vitest';
import { parseRange } from '../../../src/api/range.ts';
import { Refusal } from '../../../src/control/refusals.ts';

describe('a byte range', () => {
  it.each([
    ['bytes=0-0', 0, 1],
    ['bytes=0-9', 0, 10],
    ['bytes=5-', 5, 10],
    ['bytes=9-', 9, 10],
    ['bytes=-3', 7, 10],
    ['bytes=-30', 0, 10],
    ['bytes=8-99', 8, 10],
  ])('%s of ten bytes', (header, start, end) => {
    expect(parseRange(header, 10)).toEqual({ start, end });
  });

  it.each([undefined, '', 'bytes=', 'bytes=-', 'bytes=5-4', 'bytes=0-1,3-4', 'lines=0-1', 'bytes=a-b'])(
    'is ignored when it is %j',
    (header) => {
      expect(parseRange(header, 10)).toBeNull();
    },
  );

  it.each(['bytes=10-', 'bytes=10-12', 'bytes=-0'])('%s lies outside of ten bytes', (header) => {
    expect(() => parseRange(header, 10)).toThrow(Refusal);
  });
});
