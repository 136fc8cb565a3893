import { describe, expect, it } from 'vitest';
import { toCsv } from '../../../../src/dashboard/model/csv.ts';

interface Row {
  a: string | number | null | undefined;
}
const csv = (...values: Row['a'][]) =>
  toCsv<Row>(
    [['a', ({ a }) => a]],
    values.map((a) => ({ a })),
  );

describe('CSV', () => {
  it('has a header, a line for each row, and nothing for what is not there', () => {
    expect(csv('x', 7, null, undefined)).toBe('a\r\nx\r\n7\r\n\r\n\r\n');
  });

  it('quotes what would end a cell', () => {
    expect(csv('a,b', 'say "x"', 'one\ntwo')).toBe('a\r\n"a,b"\r\n"say ""x"""\r\n"one\ntwo"\r\n');
  });

  it('does not hand formulas to spreadsheets', () => {
    expect(csv('=1+1', '+1', '-1', '@x', -1)).toBe("a\r\n'=1+1\r\n'+1\r\n'-1\r\n'@x\r\n-1\r\n");
  });
});
