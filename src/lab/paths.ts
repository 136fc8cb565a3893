/** Where the lab keeps what it fetched and built, and where the product's own source lies. */
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root: the directory that holds `package.json` and `src/`. */
export const repositoryRoot = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

/** Everything fetched or built: `.cache`, or `HOLDFAST_CACHE` when several clones share one. */
export const cacheRoot = process.env.HOLDFAST_CACHE ?? join(repositoryRoot, '.cache');

export const labCache = join(cacheRoot, 'lab');
export const toolchainCache = join(cacheRoot, 'toolchain');

/** Receives one line of progress at a time, without a line end. */
export type Progress = (line: string) => void;

export const silent: Progress = () => undefined;

export async function exists(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  );
}

/** The first 16 hex digits of a SHA-256: enough to key a cache. */
export function shortDigest(...parts: readonly (string | Buffer)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part).update('\0');
  return hash.digest('hex').slice(0, 16);
}

/** What this process is building, so that hosts started together build each thing once. */
const underWay = new Map<string, Promise<string>>();

/**
 * Builds `target` (a file or a directory) once. `build` gets a path beside it to fill; the result appears under
 * its final name by one rename, so an interrupted build leaves nothing that looks finished.
 */
export async function buildOnce(target: string, build: (path: string) => Promise<void>): Promise<string> {
  let building = underWay.get(target);
  if (building === undefined) {
    building = buildUnlessThere(target, build).finally(() => underWay.delete(target));
    underWay.set(target, building);
  }
  return await building;
}

async function buildUnlessThere(target: string, build: (path: string) => Promise<void>): Promise<string> {
  if (await exists(target)) return target;
  await mkdir(dirname(target), { recursive: true });
  const scratch = await mkdtemp(`${target}.part-`);
  try {
    const made = join(scratch, 'made');
    await build(made);
    await rename(made, target).catch(async (error: unknown) => {
      // Another process may have built the same thing meanwhile; its result is as good as ours.
      if (!(await exists(target))) throw error;
    });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  return target;
}
