/** Memory read as it was while it is written to, and what is left of the second process. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { FrozenMemory } from '../../../src/kvm/frozen-memory.ts';
import { detach, mmapAnonymous, munmap, viewOf } from '../../../src/kvm/libc.ts';

const MIB = 1024 * 1024;

function children(): string {
  return execFileSync('ps', ['-o', 'pid=,stat=', '--ppid', String(process.pid)], { encoding: 'utf8' });
}

describe.skipIf(!existsSync('/proc/self/pagemap'))('frozen memory', () => {
  it('is what it was, and its untouched pages are not in use', async () => {
    const length = 16 * MIB;
    const address = mmapAnonymous(length);
    const view = viewOf(address, length);
    const bytes = new Uint8Array(view);
    // Untouched pages must stay so: what is expected is made elsewhere.
    const before = Buffer.alloc(length);
    for (const half of [bytes, before]) {
      half.fill(7, 3 * 4096, MIB);
      half[length - 1] = 9;
    }
    const frozen = FrozenMemory.take();
    bytes.fill(8);
    const found = Buffer.alloc(length);
    let used = 0;
    for (const [at, count] of frozen.used(address, length)) {
      used += count;
      await frozen.read(at, found.subarray(at - address, at - address + count));
    }
    frozen.close();
    frozen.close();
    expect(found.equals(before)).toBe(true);
    expect(used).toBeGreaterThanOrEqual(MIB - 3 * 4096 + 4096);
    expect(used).toBeLessThan(length);
    detach(view);
    munmap(address, length);
  });

  it('leaves no process behind', () => {
    const before = children().split('\n').length;
    for (let i = 0; i < 5; i += 1) FrozenMemory.take().close();
    expect(children().split('\n').length).toBe(before);
  });
});
