/** One byte range of a request (RFC 9110, section 14). */
import { Refusal } from '../control/refusals.ts';

export interface ByteRange {
  readonly start: number;
  /** One past the last. */
  readonly end: number;
}

/**
 * The range that `header` asks of `size` bytes, or null when the whole is to be sent: without a header, and for units
 * and lists of ranges, which a server may ignore. Throws RANGE_NOT_SATISFIABLE.
 */
export function parseRange(header: string | undefined, size: number): ByteRange | null {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
  if (match === null) return null;
  const [, first = '', last = ''] = match;
  if (first === '' && last === '') return null;
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size : Math.min(size, Number(last) + 1);
  if (first !== '' && last !== '' && Number(last) < Number(first)) return null;
  if (start >= size)
    throw new Refusal('RANGE_NOT_SATISFIABLE', `There are ${size} bytes; ${header} lies outside.`);
  return { start, end };
}
