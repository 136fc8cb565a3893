/** A disk read as it was while it is written to: every interleaving that a seed brings about. */
import { closeSync, mkdtempSync, openSync, readdirSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allocateFreeze, FreezeGuard, FrozenDisk } from '../../../../src/machine/devices/block-freeze.ts';

const SECTORS = 2048 + 3;
const SIZE = 512 * SECTORS;
let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'holdfast-freeze-'));
});
afterAll(() => rmSync(directory, { recursive: true }));

function disk(content: Buffer): { diskFd: number; sectors: number; freeze: SharedArrayBuffer } {
  const path = join(directory, 'disk');
  writeFileSync(path, content);
  return { diskFd: openSync(path, 'r+'), sectors: SECTORS, freeze: allocateFreeze(SIZE) };
}

function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fff_ffff;
    return Math.floor((state / 0x8000_0000) * below);
  };
}

async function readWhole(frozen: FrozenDisk, between: () => void): Promise<Buffer> {
  const into = Buffer.alloc(SIZE);
  for (const [start, bytes] of frozen.ranges()) {
    for (let at = start; at < start + bytes; at += 196_608) {
      between();
      const part = into.subarray(at, Math.min(at + 196_608, start + bytes));
      await frozen.read(at, part);
    }
  }
  return into;
}

describe('a frozen disk', () => {
  it.each(Array.from({ length: 20 }, (_, i) => i + 1))('is what it was, seed %i', async (seed) => {
    const next = random(seed);
    const before = Buffer.alloc(SIZE);
    for (let i = 0; i < 6; i += 1) before.fill(`${seed}.${i} `, next(SIZE), next(SIZE));
    const spec = disk(before);
    const guard = new FreezeGuard(spec);
    const frozen = new FrozenDisk(spec, join(directory, 'aside'));
    const scribble = (): void => {
      for (let i = next(6); i > 0; i -= 1) {
        const offset = 512 * next(SECTORS);
        const bytes = Math.min(512 * (1 + next(300)), SIZE - offset);
        guard.beforeChange(offset, bytes);
        writeSync(spec.diskFd, Buffer.alloc(bytes, `now ${i}`), 0, bytes, offset);
      }
    };
    expect((await readWhole(frozen, scribble)).equals(before)).toBe(true);
    expect(readdirSync(directory)).toEqual(['disk']);
    await frozen.close();
    closeSync(spec.diskFd);
  });

  it('can be frozen again, and then is what it has become', async () => {
    const spec = disk(Buffer.alloc(SIZE, 'first'));
    const guard = new FreezeGuard(spec);
    const first = new FrozenDisk(spec, join(directory, 'aside'));
    guard.beforeChange(0, SIZE);
    writeSync(spec.diskFd, Buffer.alloc(SIZE, 'second'), 0, SIZE, 0);
    expect((await readWhole(first, () => undefined)).equals(Buffer.alloc(SIZE, 'first'))).toBe(true);
    await first.close();
    const second = new FrozenDisk(spec, join(directory, 'aside'));
    expect((await readWhole(second, () => undefined)).equals(Buffer.alloc(SIZE, 'second'))).toBe(true);
    await second.close();
    closeSync(spec.diskFd);
  });

  it('bears what a guest may ask for', () => {
    const spec = disk(Buffer.alloc(SIZE));
    const guard = new FreezeGuard(spec);
    const frozen = new FrozenDisk(spec, join(directory, 'aside'));
    for (const offset of [SIZE, 2 ** 53, 2 ** 72]) guard.beforeChange(offset, 65_536);
    guard.beforeChange(0, 0);
    return frozen.close().then(() => closeSync(spec.diskFd));
  });

  it('fails its reader, and no writer, when what was there cannot be kept', async () => {
    const spec = disk(Buffer.alloc(SIZE, 'first'));
    const guard = new FreezeGuard(spec);
    const frozen = new FrozenDisk(spec, join(directory, 'aside'));
    // As a full disk would, a descriptor that takes no bytes.
    const readOnly = openSync(join(directory, 'disk'), 'r');
    const words = new Int32Array(spec.freeze);
    const aside = words[1] ?? -1;
    words[1] = readOnly;
    guard.beforeChange(0, 512);
    words[1] = aside;
    await expect(frozen.read(0, Buffer.alloc(65_536))).rejects.toMatchObject({ code: 'DISK_FULL' });
    closeSync(readOnly);
    await frozen.close();
    closeSync(spec.diskFd);
  });
});
