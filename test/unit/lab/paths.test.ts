import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buildOnce, shortDigest } from '../../../src/lab/paths.ts';

describe('buildOnce', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'paths-'));
  });
  afterEach(async () => {
    await rm(directory, { recursive: true });
  });

  it('builds once for callers together and callers later', async () => {
    const target = join(directory, 'deep/file');
    let built = 0;
    const build = async (path: string): Promise<void> => {
      built += 1;
      await writeFile(path, 'made');
    };
    await Promise.all([buildOnce(target, build), buildOnce(target, build)]);
    await buildOnce(target, build);
    expect(built).toBe(1);
    expect(await readFile(target, 'utf8')).toBe('made');
  });

  it('leaves nothing of a build that failed, and builds again', async () => {
    const target = join(directory, 'tree');
    const failing = buildOnce(target, async (path) => {
      await mkdir(path);
      await writeFile(join(path, 'half'), '');
      throw new Error('interrupted');
    });
    await expect(failing).rejects.toThrow('interrupted');
    expect(await readdir(directory)).toEqual([]);
    await buildOnce(target, async (path) => void (await mkdir(path)));
    expect(await readdir(target)).toEqual([]);
  });

  it('takes what another process built meanwhile', async () => {
    const target = join(directory, 'tree');
    await buildOnce(target, async (path) => {
      await mkdir(path);
      await mkdir(target);
      await writeFile(join(target, 'theirs'), '');
    });
    expect(await readdir(target)).toEqual(['theirs']);
  });
});

describe('shortDigest', () => {
  it('tells parts apart from their concatenation', () => {
    expect(shortDigest('ab', 'c')).toMatch(/^[0-9a-f]{16}$/);
    expect(shortDigest('ab', 'c')).not.toBe(shortDigest('a', 'bc'));
  });
});
