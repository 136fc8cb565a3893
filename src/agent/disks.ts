/** VMs' disks: sparse files of exactly the size asked for. A disk that exists is never cut, grown or replaced. */
import { closeSync, fsyncSync, ftruncateSync, linkSync, openSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { extractDisk } from '../snapshot/disks.ts';
import { SnapshotFormatError } from '../snapshot/format.ts';
import { syncDirectory } from '../worker/files.ts';
import { orDiskFull, StartError } from './start-error.ts';
import { makeDirectory } from './store.ts';

const MIB = 1024 * 1024;

/**
 * Makes a blank disk unless there is one.
 * @throws StartError DISK_SIZE_MISMATCH when the disk that is there has another size; DISK_FULL
 */
export function ensureDisk(path: string, sizeMiB: number): void {
  const expected = sizeMiB * MIB;
  const found = statSync(path, { throwIfNoEntry: false })?.size;
  if (found === expected) return;
  if (found !== undefined) {
    throw new StartError(
      'DISK_SIZE_MISMATCH',
      `${path} has ${found} bytes and the VM says ${expected}: set the VM's size to ${found / MIB} MiB, or move the file away`,
    );
  }
  try {
    make(path, expected);
  } catch (error) {
    throw orDiskFull(error, `the disk ${path}`);
  }
}

/**
 * Makes a disk as a snapshot has it unless there is one: a guest that goes on from a snapshot has never run here, so
 * what is there is from an earlier attempt and is the same.
 * @throws StartError DISK_SIZE_MISMATCH, DISK_FULL, SNAPSHOT_DAMAGED, SNAPSHOT_FORMAT_NOT_SUPPORTED
 */
export async function ensureRestoredDisk(
  path: string,
  {
    name,
    sizeMiB,
    snapshotPath,
  }: { readonly name: string; readonly sizeMiB: number; readonly snapshotPath: string },
): Promise<void> {
  if (statSync(path, { throwIfNoEntry: false }) === undefined) {
    makeDirectory(dirname(path));
    const temporary = newPath(path);
    rmSync(temporary, { force: true });
    try {
      await extractDisk(snapshotPath, name, temporary);
      linkSync(temporary, path);
    } catch (error) {
      if (error instanceof SnapshotFormatError) throw new StartError(error.code, error.message);
      throw orDiskFull(error, `the disk ${path}`);
    } finally {
      rmSync(temporary, { force: true });
    }
    syncDirectory(dirname(path));
  }
  ensureDisk(path, sizeMiB);
}

function newPath(path: string): string {
  return join(dirname(path), `.new-${basename(path)}`);
}

/** The name appears with the whole size, or not at all; link() never replaces a disk. */
function make(path: string, bytes: number): void {
  makeDirectory(dirname(path));
  const temporary = newPath(path);
  rmSync(temporary, { force: true });
  const fd = openSync(temporary, 'wx', 0o600);
  try {
    ftruncateSync(fd, bytes);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  linkSync(temporary, path);
  rmSync(temporary);
  syncDirectory(dirname(path));
}
