import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CpioWriter } from '../../../src/lab/cpio.ts';

interface Entry {
  readonly name: string;
  readonly mode: number;
  readonly links: number;
  readonly device: readonly [number, number];
  readonly content: string;
}

/** Reads an archive as the kernel's init/initramfs.c does: 13 fields of 8 hex digits after the magic, 4-byte padding. */
function readArchive(archive: Buffer): Entry[] {
  const entries: Entry[] = [];
  let at = 0;
  for (;;) {
    expect(archive.toString('latin1', at, at + 6)).toBe('070701');
    const field = (index: number): number => {
      const start = at + 6 + index * 8;
      return Number.parseInt(archive.toString('latin1', start, start + 8), 16);
    };
    const nameSize = field(11);
    const name = archive.toString('utf8', at + 110, at + 110 + nameSize - 1);
    const start = Math.ceil((at + 110 + nameSize) / 4) * 4;
    const content = archive.toString('latin1', start, start + field(6));
    if (name === 'TRAILER!!!') return entries;
    entries.push({ name, mode: field(1), links: field(4), device: [field(9), field(10)], content });
    at = Math.ceil((start + field(6)) / 4) * 4;
  }
}

describe('CpioWriter', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'cpio-'));
  });
  afterEach(async () => {
    await rm(directory, { recursive: true });
  });

  it('writes files, links and devices with every parent directory once and first', () => {
    const archive = new CpioWriter()
      .file('/a/b/one', 'odd', 0o755)
      .file('a/b/two', Buffer.alloc(0))
      .symlink('/a/link', 'b/one')
      .characterDevice('/dev/console', 5, 1)
      .finish();
    const entries = readArchive(archive);
    expect(entries.map((entry) => entry.name)).toEqual([
      'a',
      'a/b',
      'a/b/one',
      'a/b/two',
      'a/link',
      'dev',
      'dev/console',
    ]);
    const named = new Map(entries.map((entry) => [entry.name, entry]));
    expect(named.get('a')).toMatchObject({ mode: 0o040755, links: 2 });
    expect(named.get('a/b/one')).toMatchObject({ mode: 0o100755, links: 1, content: 'odd' });
    expect(named.get('a/link')).toMatchObject({ mode: 0o120777, content: 'b/one' });
    expect(named.get('dev/console')).toMatchObject({ mode: 0o020600, device: [5, 1] });
  });

  it('pads to 512 bytes, so that further archives can follow in one initramfs', () => {
    const one = new CpioWriter().file('first', 'x').finish();
    const two = new CpioWriter().file('second', 'y').finish();
    expect(one.length % 512).toBe(0);
    expect(readArchive(Buffer.concat([one, two]).subarray(one.length))[0]?.name).toBe('second');
  });

  it('gives equal bytes for an equal tree, whatever its times', async () => {
    const pack = async (): Promise<Buffer> =>
      (await new CpioWriter().tree('/opt', directory, (path) => path !== 'skipped')).finish();
    await writeFile(join(directory, 'file'), 'content');
    await writeFile(join(directory, 'skipped'), 'content');
    await symlink('file', join(directory, 'link'));
    const first = await pack();
    await writeFile(join(directory, 'file'), 'content');
    expect((await pack()).equals(first)).toBe(true);
    expect(readArchive(first).map((entry) => entry.name)).toEqual(['opt', 'opt/file', 'opt/link']);
  });
});
