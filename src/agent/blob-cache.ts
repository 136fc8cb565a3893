/** Forgets blobs that nothing has used for long: images come and go, and a host's disk is for guests. */
import { readdirSync, rmSync, statSync, utimesSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { KeptRunFile } from '../worker/protocol.ts';
import type { Store } from './store.ts';

const KEEP_MS = 7 * 24 * 3600 * 1000;

/** Removes blobs, and parts of downloads, that no run directory names and that were last used a week ago. */
export function trimBlobs(
  store: Store,
  runs: readonly { readonly file: Pick<KeptRunFile, 'kernelPath' | 'initramfsPath' | 'restorePath'> }[],
  wallNow = Date.now(),
): string[] {
  const named = new Set(
    runs.flatMap(({ file: { kernelPath, initramfsPath, restorePath } }) =>
      [kernelPath, initramfsPath, restorePath].flatMap((path) => (path === null ? [] : basename(path))),
    ),
  );
  const removed: string[] = [];
  for (const name of readdirSync(store.blobsDir)) {
    const path = join(store.blobsDir, name);
    if (named.has(name)) {
      utimesSync(path, wallNow / 1000, wallNow / 1000);
    } else if (statSync(path).mtimeMs < wallNow - KEEP_MS) {
      rmSync(path);
      removed.push(name);
    }
  }
  return removed;
}
