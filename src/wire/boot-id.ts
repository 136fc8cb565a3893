/**
 * Ids of boots: UUIDv7 (RFC 9562, section 5.7), so that their order is that of the boots.
 *
 * By hand, for the package is 20 modules, a fifth of what a worker loads before its guest can run.
 */
import { randomBytes } from 'node:crypto';

let newest = 0;

/** Later than every id that this process has made, also when the clock is set back or stands still. */
export function newBootId(wallNow = Date.now()): string {
  newest = Math.max(wallNow, newest + 1);
  const random = randomBytes(10);
  // 48 bits of milliseconds, version 7, 12 random bits, variant 0b10, 62 random bits.
  const variant = ((random[2] ?? 0) & 0x3f) | 0x80;
  const digits = [
    newest.toString(16).padStart(12, '0'),
    `7${random.toString('hex', 0, 2).slice(1)}`,
    variant.toString(16),
    random.toString('hex', 3),
  ].join('');
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
