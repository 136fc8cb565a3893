/**
 * What lies in a run directory, and how files are written that must be whole or absent after a crash.
 *
 *   run.json              what to run; written by the agent before anything else (RunFile in protocol.ts)
 *   worker.json           who may run the guest: the claim of one process, made once (identity.ts)
 *   worker.sock           the worker's socket
 *   worker.log            the worker's standard output and error
 *   journal               requests and events (journal.ts)
 *   console.<bootId>.log  serial output of one boot, byte for byte
 *   <intentId>.snapshot   what a request for a snapshot came to, once it is whole; `.part` until then
 *
 * The agent keeps files of its own beside them (agent/store.ts).
 */
import { closeSync, constants, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

export const RUN_FILE = 'run.json';
export const IDENTITY_FILE = 'worker.json';
export const SOCKET_FILE = 'worker.sock';
export const WORKER_LOG = 'worker.log';
export const JOURNAL_FILE = 'journal';

export function consoleFile(bootId: string): string {
  return `console.${bootId}.log`;
}

export function snapshotFile(intentId: string): string {
  return `${intentId}.snapshot`;
}

/** A snapshot that is being written, or was when its worker died. */
export function isUnfinishedSnapshot(name: string): boolean {
  return name.endsWith('.snapshot.part');
}

/** The boot that a file of a run directory holds the console of, or null when it is another file. */
export function bootOfConsoleFile(name: string): string | null {
  return /^console\.([0-9a-f-]{36})\.log$/.exec(name)?.[1] ?? null;
}

/** Makes the names in a directory durable: a file's own fsync does not cover the name it was given. */
export function syncDirectory(path: string): void {
  const fd = openSync(path, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

export function writeSynced(path: string, data: string | Uint8Array, mode = 0o600): void {
  const fd = openSync(path, 'w', mode);
  try {
    writeFileSync(fd, data);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/**
 * Replaces a file so that after a crash at any instruction the old or the new content is there, whole. The caller is
 * the only process that writes this path.
 */
export function replaceFile(path: string, data: string | Uint8Array, mode = 0o600): void {
  const temporary = `${path}.new`;
  // A leftover may carry another mode, and open() keeps the mode of a file that exists.
  rmSync(temporary, { force: true });
  writeSynced(temporary, data, mode);
  renameSync(temporary, path);
  syncDirectory(dirname(path));
}
