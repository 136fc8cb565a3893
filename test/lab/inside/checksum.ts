/** The summing guest: what it is told, what it starts from, and what it must come to. */
import { createHash } from 'node:crypto';

const LINE = 'the-quick-brown-fox-jumps-over-the-lazy-dog';
/** Of memory and of the disk that are summed in each step. */
const DATA_BYTES = 1024 * 1024;
export const DISK_MIB = 8;

/**
 * Typed at the guest's shell, each after the last is done. Each step hashes the sum so far, all of the data in memory
 * and all of it on the disk (read from the device, caches dropped), and writes the sum back to both.
 */
export const BEGIN: readonly string[] = [
  `yes ${LINE} | head -c ${DATA_BYTES} > /data; cp /data /dev/vda; echo copied $((6 * 7))`,
  [
    'loop() { n=0; s=none; while :; do n=$((n+1)); sync; echo 3 > /proc/sys/vm/drop_caches;',
    `s=$({ echo $s; cat /data; head -c ${DATA_BYTES} /dev/vda; } | sha256sum | cut -c1-64);`,
    'echo $s | dd of=/data bs=65 seek=$((n%500)) conv=notrunc 2>/dev/null;',
    'echo $s | dd of=/dev/vda bs=65 seek=$((n%500)) conv=notrunc 2>/dev/null;',
    'echo step $n $s; done; }; echo defined $((6 * 7))',
  ].join(' '),
];

export const STEP = /step (\d+) ([0-9a-f]{64})/g;

/** The sum after each step, the first at index 0. */
export function expectedSums(steps: number): string[] {
  const lines = Math.ceil(DATA_BYTES / (LINE.length + 1));
  const data = Buffer.from(`${LINE}\n`.repeat(lines)).subarray(0, DATA_BYTES);
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
