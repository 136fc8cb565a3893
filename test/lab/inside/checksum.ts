/** What the summing guest of snapshot.ts starts from, and what it must come to. */
import { createHash } from 'node:crypto';

export const LINE = 'the-quick-brown-fox-jumps-over-the-lazy-dog';
/** Of memory and of the disk that are summed in each step. */
export const DATA_BYTES = 1024 * 1024;
export const DISK_BYTES = 8 * 1024 * 1024;

/** The sum after each step, the first at index 0. */
export function expectedSums(steps: number): string[] {
  const data = Buffer.from(`${LINE}\n`.repeat(Math.ceil(DATA_BYTES / (LINE.length + 1)))).subarray(
    0,
    DATA_BYTES,
  );
  const memory = Buffer.from(data);
  const disk = Buffer.from(data);
  const sums: string[] = [];
  let sum = 'none';
  for (let n = 1; n <= steps; n += 1) {
    sum = createHash('sha256').update(`${sum}\n`).update(memory).update(disk).digest('hex');
    for (const half of [memory, disk]) half.write(`${sum}\n`, (n % 500) * 65, 'latin1');
    sums.push(sum);
  }
  return sums;
}
