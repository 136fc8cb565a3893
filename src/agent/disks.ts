/** VMs' disks: sparse files of exactly the size asked for. A disk that exists is never cut, grown or replaced. */
import { closeSync, fsyncSync, ftruncateSync, linkSync, openSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
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

/** The name appears with the whole size, or not at all; link() never replaces a disk. */
function make(path: string, bytes: number): void {
  makeDirectory(dirname(path));
  const temporary = join(dirname(path), `.new-${path.slice(dirname(path).length + 1)}`);
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
