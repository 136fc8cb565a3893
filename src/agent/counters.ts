/**
 * What the agent counts of its workers, for monitoring: from /proc, since a worker that hangs must be seen too. A total
 * goes on when a worker ends, and takes from one that was adopted only what it used since.
 */
import { readFileSync, statfsSync } from 'node:fs';
import type { HostCounters } from '../wire/agent.ts';
import type { Run } from './run.ts';

/** USER_HZ, the unit of CPU times in /proc: 100 per second on every architecture that Linux has now (time(7)). */
const TICKS_PER_SECOND = 100;
const KIB = 1024;

/** What a process has used so far. */
export interface Usage {
  readonly user: number;
  readonly system: number;
  readonly guest: number;
  readonly readBytes: number;
  readonly writtenBytes: number;
}

const NOTHING: Usage = { user: 0, system: 0, guest: 0, readBytes: 0, writtenBytes: 0 };

export type CountedRun = Pick<Run, 'runId' | 'ended' | 'workerPid' | 'undelivered'>;

export class Counters {
  readonly #state: string;
  readonly #runs: () => readonly CountedRun[];
  /** What each worker had used when it was looked at last, by its run. */
  readonly #last = new Map<string, Usage>();
  #total = NOTHING;
  #started = 0;
  #died = 0;
  #first = true;

  /** `state`: the agent's directory. */
  constructor(state: string, runs: () => readonly CountedRun[]) {
    this.#state = state;
    this.#runs = runs;
  }

  /** A worker was started, or was found dead without a last record. */
  count(what: 'started' | 'died'): void {
    if (what === 'started') this.#started += 1;
    else this.#died += 1;
  }

  /** Null when it cannot be told now: a heartbeat does not wait for it. */
  read(): HostCounters | null {
    try {
      return this.#read();
    } catch {
      return null;
    }
  }

  #read(): HostCounters {
    const runs = this.#runs();
    const workers = runs.flatMap((run) => {
      const pid = run.ended ? null : run.workerPid;
      return pid === null ? [] : [{ runId: run.runId, pid }];
    });
    for (const { runId, pid } of workers) this.#add(runId, usageOf(pid));
    const alive = new Set(workers.map(({ runId }) => runId));
    for (const runId of this.#last.keys()) if (!alive.has(runId)) this.#last.delete(runId);
    this.#first = false;
    const { user, system, guest, readBytes, writtenBytes } = this.#total;
    return {
      workers: {
        alive: workers.length,
        started: this.#started,
        died: this.#died,
        cpuSeconds: { user, system, guest },
        residentBytes: workers.reduce((sum, { pid }) => sum + residentBytes(pid), 0),
        readBytes,
        writtenBytes,
      },
      undeliveredEvents: runs.reduce((sum, { undelivered }) => sum + undelivered.length, 0),
      stateFreeBytes: freeBytes(this.#state),
    };
  }

  #add(runId: string, now: Usage | null): void {
    if (now === null) return;
    // What an adopted worker used before belongs to the agent before.
    const before = this.#last.get(runId) ?? (this.#first ? now : NOTHING);
    this.#last.set(runId, now);
    const total = this.#total;
    this.#total = {
      user: total.user + now.user - before.user,
      system: total.system + now.system - before.system,
      guest: total.guest + now.guest - before.guest,
      readBytes: total.readBytes + now.readBytes - before.readBytes,
      writtenBytes: total.writtenBytes + now.writtenBytes - before.writtenBytes,
    };
  }
}

/** Null when the process has ended. */
export function usageOf(pid: number): Usage | null {
  const stat = read(`/proc/${pid}/stat`);
  if (stat === null) return null;
  // proc_pid_stat(5): utime is field 14, stime 15, guest_time 43; utime has guest_time in it. The second field, in
  // parentheses, may hold spaces; the first after it is the third.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const seconds = (field: number): number => Number(fields[field - 3] ?? 0) / TICKS_PER_SECOND;
  const guest = seconds(43);
  // proc_pid_io(5); readable for the processes of the same user.
  const io = read(`/proc/${pid}/io`) ?? '';
  const bytes = (name: string): number => Number(new RegExp(`^${name}: (\\d+)$`, 'm').exec(io)?.[1] ?? 0);
  return {
    user: Math.max(0, seconds(14) - guest),
    system: seconds(15),
    guest,
    readBytes: bytes('read_bytes'),
    writtenBytes: bytes('write_bytes'),
  };
}

/** proc_pid_status(5). */
function residentBytes(pid: number): number {
  const status = read(`/proc/${pid}/status`) ?? '';
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * KIB;
}

export function freeBytes(directory: string): number {
  const { bavail, bsize } = statfsSync(directory);
  return bavail * bsize;
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
