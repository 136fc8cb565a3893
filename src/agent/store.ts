/**
 * The agent's state directory.
 *
 *   agent.json                            who this host is: host id and credential, mode 0600
 *   input.json                            how far console input was taken
 *   fingerprint.json                      what the host's KVM answers to guests in this boot of its kernel
 *   blobs/sha256/<hex>                    verified blobs; `<hex>.part` while one is fetched
 *   spares/                               logs of workers that wait for a run (spares.ts)
 *   vms/<vmId>/disks/<name>.raw
 *   vms/<vmId>/transfer.snapshot          its disks as another host will have them, while they are sent (transfers.ts)
 *   vms/<vmId>/runs/<runId>/…             a run directory (worker/files.ts), and of the agent:
 *       spawns.json                       how many workers were spawned, counted before each
 *       delivered.json                    how far the journal and the consoles have been delivered
 *
 * A name that starts with a dot is on its way in or out and counts as absent; leftovers are removed at the start.
 */
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statfsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { RUN_FILE, replaceFile, syncDirectory, writeSynced } from '../worker/files.ts';
import type { RunFile } from '../worker/protocol.ts';
import { StartError } from './start-error.ts';

const MIB = 1024 * 1024;
/** Bytes that must be free for a run to begin. */
const LEAST_FREE = 16 * MIB;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** How a disk may be called: its name is part of a path on this host. */
const DISK_NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$/;

export class Store {
  readonly root: string;

  constructor(root: string) {
    this.root = root;
  }

  /** Makes the directories, and removes what a crash left half-way in or out. Only under the lock (lock.ts). */
  open(): void {
    mkdirSync(join(this.root, 'blobs/sha256'), { recursive: true, mode: 0o700 });
    mkdirSync(join(this.root, 'vms'), { recursive: true, mode: 0o700 });
    syncDirectory(this.root);
    removeHidden(join(this.root, 'vms'));
    for (const vmId of this.vmIds()) removeHidden(join(this.vmDir(vmId), 'runs'));
  }

  get agentFile(): string {
    return join(this.root, 'agent.json');
  }

  get inputFile(): string {
    return join(this.root, 'input.json');
  }

  get fingerprintFile(): string {
    return join(this.root, 'fingerprint.json');
  }

  get sparesDir(): string {
    return join(this.root, 'spares');
  }

  get blobsDir(): string {
    return join(this.root, 'blobs/sha256');
  }

  blobPath(digest: string): string {
    return join(this.blobsDir, digest.slice('sha256:'.length));
  }

  vmDir(vmId: string): string {
    return join(this.root, 'vms', vmId);
  }

  runDir(vmId: string, runId: string): string {
    return join(this.vmDir(vmId), 'runs', runId);
  }

  /** @returns null for a name that may not be part of a path. */
  diskPath(vmId: string, name: string): string | null {
    return DISK_NAME.test(name) ? join(this.vmDir(vmId), 'disks', `${name}.raw`) : null;
  }

  /** The file of a VM's disks, on its way to another host. */
  transferPath(vmId: string): string {
    return join(this.vmDir(vmId), 'transfer.snapshot');
  }

  hasDisks(vmId: string): boolean {
    return namesIn(join(this.vmDir(vmId), 'disks')).some((name) => !name.startsWith('.'));
  }

  vmIds(): string[] {
    return uuidsIn(join(this.root, 'vms'));
  }

  /** Oldest first: run ids are UUIDv7. */
  runIds(vmId: string): string[] {
    return uuidsIn(join(this.vmDir(vmId), 'runs')).sort();
  }

  /** @throws StartError DISK_FULL when a run's journal and console would soon be without room. */
  assertRoom(): void {
    const { bavail, bsize } = statfsSync(this.root);
    if (bavail * bsize >= LEAST_FREE) return;
    throw new StartError(
      'DISK_FULL',
      `the host has less than ${LEAST_FREE / MIB} MiB left in ${this.root}: free some space and start again`,
    );
  }

  /** Makes a run directory with its run file; whole or absent after a crash. */
  createRun(vmId: string, runId: string, file: RunFile): void {
    const runs = join(this.vmDir(vmId), 'runs');
    makeDirectory(runs);
    const temporary = join(runs, `.new-${runId}`);
    rmSync(temporary, { recursive: true, force: true });
    makeDirectory(temporary);
    writeSynced(join(temporary, RUN_FILE), `${JSON.stringify(file)}\n`);
    syncDirectory(temporary);
    renameSync(temporary, join(runs, runId));
    syncDirectory(runs);
  }

  removeRun(vmId: string, runId: string): void {
    remove(this.runDir(vmId, runId));
  }

  /** Disks, runs and all. */
  removeVm(vmId: string): void {
    remove(this.vmDir(vmId));
  }
}

/** The content of a JSON file the agent wrote, or null when there is none. @throws when it is not JSON. */
export function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

export function writeJson(path: string, value: unknown): void {
  replaceFile(path, `${JSON.stringify(value)}\n`);
}

export function makeDirectory(path: string): void {
  // Each level's name is made durable by its parent's fsync.
  const first = mkdirSync(path, { recursive: true, mode: 0o700 });
  for (let made = path; first !== undefined && made.length >= first.length; made = dirname(made)) {
    syncDirectory(dirname(made));
  }
}

function uuidsIn(path: string): string[] {
  return namesIn(path).filter((name) => UUID.test(name));
}

function namesIn(path: string): string[] {
  try {
    return readdirSync(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}

/** Out of sight first, in one step, so that a crash leaves no half of it to be taken for the whole. */
function remove(path: string): void {
  const hidden = join(dirname(path), `.old-${path.slice(dirname(path).length + 1)}`);
  rmSync(hidden, { recursive: true, force: true });
  try {
    renameSync(path, hidden);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return;
    throw error;
  }
  syncDirectory(dirname(path));
  rmSync(hidden, { recursive: true, force: true });
}

function removeHidden(path: string): void {
  for (const name of namesIn(path).filter((entry) => entry.startsWith('.'))) {
    rmSync(join(path, name), { recursive: true, force: true });
  }
}
