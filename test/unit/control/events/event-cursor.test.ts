import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Cursor,
  formatCursor,
  isAfter,
  parseCursor,
} from '../../../../src/control/events/event-cursor.ts';
import { Refusal } from '../../../../src/control/refusals.ts';

const cursors = fc.record({
  txid: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  position: fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }),
});

describe('a cursor', () => {
  it('comes back from its text', () => {
    fc.assert(
      fc.property(cursors, (cursor) => {
        expect(parseCursor(formatCursor(cursor))).toEqual(cursor);
      }),
    );
  });

  it('is ordered by transaction, then position, strictly and totally', () => {
    fc.assert(
      fc.property(cursors, cursors, (a: Cursor, b: Cursor) => {
        const same = a.txid === b.txid && a.position === b.position;
        expect(Number(isAfter(a, b)) + Number(isAfter(b, a)) + Number(same)).toBe(1);
      }),
    );
    expect(isAfter({ txid: 10n, position: 1n }, { txid: 9n, position: 99n })).toBe(true);
  });

  it.each([
    '',
    '1',
    '-',
    '1-',
    '-1',
    '1-2-3',
    '0x1-1',
    ' 1-1',
    '18446744073709551616-1',
    '1-9223372036854775808',
  ])('is not %j', (text) => {
    expect(() => parseCursor(text)).toThrow(Refusal);
  });
});
