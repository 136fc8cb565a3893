/**
 * Disks of a VM that is off, given to another host or taken from one, through the API.
 *
 *   give   disks ─▶ transfer.snapshot, whole ─▶ PUT under its digest ─▶ removed; the API sees to the rest
 *   take   the file, fetched and verified ─▶ disks, each whole or absent ─▶ file removed ─▶ reported
 *
 * Nothing is kept of how far it was: an agent that dies begins anew, and what is there already is the same.
 */

import { rmSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { lseek, SEEK_DATA, SEEK_HOLE } from '../kvm/libc.ts';
import { writeDisks } from '../snapshot/disks.ts';
import type { SparseSource } from '../snapshot/sparse.ts';
import type { DiskTransfer } from '../wire/agent.ts';
import type { Blobs } from './blobs.ts';
import { type ApiClient, ApiError } from './client.ts';
import { ensureDisk, ensureRestoredDisk } from './disks.ts';
import { orDiskFull, StartError } from './start-error.ts';
import type { Store } from './store.ts';

export interface TransferContext {
  readonly store: Store;
  readonly blobs: Blobs;
  readonly client: Pick<ApiClient, 'disks'>;
}

/**
 * Does what the host's part is, once.
 * @returns whether it is this host that reports that it is done
 * @throws StartError when it cannot be done here; ApiError when the API cannot be reached; the signal's reason
 */
export async function transferDisks(
  { store, blobs, client }: TransferContext,
  vmId: string,
  { operationId, digest, disks }: DiskTransfer,
  signal: AbortSignal,
): Promise<boolean> {
  const found = disks.map(({ name, sizeMiB }) => ({ name, sizeMiB, path: pathOf(store, vmId, name) }));
  if (digest !== null) {
    const snapshotPath = await blobs.ensure(digest);
    for (const { name, sizeMiB, path } of found) {
      signal.throwIfAborted();
      await ensureRestoredDisk(path, { name, sizeMiB, snapshotPath });
    }
    signal.throwIfAborted();
    rmSync(snapshotPath, { force: true });
    return true;
  }
  const path = store.transferPath(vmId);
  try {
    // A VM that has never been started here has none yet.
    for (const disk of found) ensureDisk(disk.path, disk.sizeMiB);
    const file = await write(path, found, signal);
    await client.disks(operationId, file.digest, path, signal).catch((error: unknown) => {
      // Taken back meanwhile.
      if (!(error instanceof ApiError) || error.passing) throw error;
    });
  } catch (error) {
    throw orDiskFull(error, `the file of the disks of ${vmId}`);
  } finally {
    rmSync(path, { force: true });
  }
  return false;
}

function pathOf(store: Store, vmId: string, name: string): string {
  const path = store.diskPath(vmId, name);
  if (path !== null) return path;
  throw new StartError('DISK_NAME_INVALID', `a disk cannot be called "${name}" on a host`);
}

async function write(
  path: string,
  disks: readonly { readonly name: string; readonly path: string }[],
  signal: AbortSignal,
): Promise<{ digest: string }> {
  const files: FileHandle[] = [];
  try {
    const sources: { name: string; content: SparseSource }[] = [];
    for (const disk of disks) {
      const file = await open(disk.path, 'r');
      files.push(file);
      sources.push({ name: disk.name, content: await contentOf(file, signal) });
    }
    return await writeDisks(path, sources);
  } finally {
    for (const file of files) await file.close();
  }
}

/** A sparse file's content, without looking at its holes. */
async function contentOf(file: FileHandle, signal: AbortSignal): Promise<SparseSource> {
  const { size } = await file.stat();
  return {
    size,
    *ranges() {
      for (let at = 0; at < size; ) {
        const data = lseek(file.fd, at, SEEK_DATA);
        if (data < 0) return;
        const hole = lseek(file.fd, data, SEEK_HOLE);
        const end = hole < 0 ? size : hole;
        yield [data, end - data];
        at = end;
      }
    },
    read: async (offset, into) => {
      signal.throwIfAborted();
      for (let done = 0; done < into.length; ) {
        const { bytesRead } = await file.read(into, done, into.length - done, offset + done);
        if (bytesRead === 0) throw new Error(`the disk ends at ${offset + done}`);
        done += bytesRead;
      }
    },
  };
}
