/**
 * Which process a run directory belongs to, and whether it still lives.
 *
 *   no worker.json ──link()──▶ claimed by a worker ──its process ends──▶ dead, for ever
 *                  ──link()──▶ closed by the agent: no worker may start here any more
 *                     ▲                        │
 *                     └──── releaseDead() ─────┘  the agent alone, and only when the guest never ran
 *
 * A claim is a whole file linked to its name: link() fails when the name exists and never shows half a file, so of any
 * number of workers one wins. Nobody but the agent removes a claim, and there is one agent per state directory; so a
 * worker that was spawned, forgotten and wakes late finds the claim taken or closed and leaves.
 *
 * A process is named by its id and start time (clock ticks since the host's boot, /proc/<pid>/stat field 22) and the
 * host's boot id: an id that was given to another process never passes for the first.
 */
import { linkSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { integer, nullable, open, type Shaped, text } from '../wire/shape.ts';
import { IDENTITY_FILE, syncDirectory, writeSynced } from './files.ts';

const WorkerIdentity = open({
  /** Null: the agent closed the directory. */
  pid: nullable(integer(1)),
  startTime: nullable(text),
  hostBootId: text,
  /** Protocol of the socket, see PROTOCOL in protocol.ts. */
  protocol: integer(1),
  version: text,
});
export type WorkerIdentity = Shaped<typeof WorkerIdentity>;

/** Host boot id (/proc/sys/kernel/random/boot_id); changes at every boot of the host. */
export function hostBootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
}

/**
 * Start time of a living process, or null when there is none.
 *
 * A zombie has ended only when its last thread has: the first thread of a process is one as soon as it has left, while
 * others may still be on their way out of the kernel, with the guest's disks open and a write to them under way.
 */
export function processStartTime(pid: number): string | null {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return null;
  }
  // The second field is the command in parentheses and may hold spaces and parentheses itself; `state` is the third,
  // `num_threads` the 20th, the zombie itself among them (proc_pid_stat(5)).
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, threads, startTime] = [fields[0], fields[17], fields[19]];
  if (state === 'X' || (state === 'Z' && Number(threads) <= 1)) return null;
  return startTime ?? null;
}

export function isAlive(identity: WorkerIdentity): boolean {
  if (identity.pid === null || identity.hostBootId !== hostBootId()) return false;
  return processStartTime(identity.pid) === identity.startTime;
}

/** @returns null when nobody has claimed the directory. @throws when the file is there and is not a claim. */
export function readIdentity(runDir: string): WorkerIdentity | null {
  let content: string;
  try {
    content = readFileSync(join(runDir, IDENTITY_FILE), 'utf8');
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return null;
    throw error;
  }
  return WorkerIdentity(JSON.parse(content), '');
}

/** Claims the directory for this process. @returns false when another one has, alive or dead. */
export function claim(runDir: string, protocol: number, version: string): boolean {
  const startTime = processStartTime(process.pid);
  if (startTime === null) throw new Error('/proc shows no start time of this process: is /proc mounted?');
  return link(runDir, { pid: process.pid, startTime, hostBootId: hostBootId(), protocol, version });
}

/**
 * Closes the directory to workers, unless one has claimed it.
 * @returns false when it is claimed; whoever wants it closed then looks whether that worker lives.
 */
export function closeToWorkers(runDir: string, protocol: number, version: string): boolean {
  return link(runDir, { pid: null, startTime: null, hostBootId: hostBootId(), protocol, version });
}

/** Lets another worker try. Only for the agent, when the claimant is dead and its journal has no `started`. */
export function releaseDead(runDir: string): void {
  rmSync(join(runDir, IDENTITY_FILE), { force: true });
  syncDirectory(runDir);
}

function link(runDir: string, identity: WorkerIdentity): boolean {
  const temporary = join(runDir, `${IDENTITY_FILE}.${process.pid}`);
  writeSynced(temporary, `${JSON.stringify(identity)}\n`);
  try {
    linkSync(temporary, join(runDir, IDENTITY_FILE));
  } catch (error) {
    if (isErrno(error, 'EEXIST')) return false;
    throw error;
  } finally {
    rmSync(temporary, { force: true });
  }
  syncDirectory(runDir);
  return true;
}

function isErrno(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
