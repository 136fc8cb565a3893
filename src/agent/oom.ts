/** What the kernel tells of processes that it ended for want of memory. */
import { readFileSync } from 'node:fs';

/** How many, since the host's boot: `oom_kill` of /proc/vmstat (Linux 4.13). Null where it does not say. */
export function oomKills(): number | null {
  const found = /^oom_kill (\d+)$/m.exec(readFileSync('/proc/vmstat', 'utf8'));
  return found === null ? null : Number(found[1]);
}

/**
 * How long before a process was seen dead its end may have been counted. The kernel counts first and ends it then
 * (__oom_kill_process in mm/oom_kill.c); until its last thread has left, which may wait for a disk, it looks alive, and
 * its own end is in the count by then.
 */
const COUNTED_BEFORE_MS = 30_000;

interface Reading {
  /** Milliseconds on the monotonic clock. */
  readonly at: number;
  readonly count: number;
}

/** Follows the kernel's count beside one process. */
export class OomWatch {
  #before: Reading | null = null;
  #newest: Reading | null = null;

  /** To be called while the process lives, as often as it is looked at. */
  alive(now: number, count = oomKills()): void {
    if (count === null || (this.#newest !== null && now - this.#newest.at < COUNTED_BEFORE_MS)) return;
    this.#before = this.#newest;
    this.#newest = { at: now, count };
  }

  /** How many ends were counted since the process was surely no part of them; to be called once it is dead. */
  killsMeanwhile(count = oomKills()): number {
    const before = this.#before ?? this.#newest;
    return before === null || count === null ? 0 : count - before.count;
  }
}

/**
 * What is known of the end of a worker that did not end its run. The kernel's count names no process, so it is said as
 * what it is.
 */
export function describeEnd(signal: NodeJS.Signals | null, oomKillsMeanwhile: number): string {
  if (oomKillsMeanwhile > 0 && (signal === null || signal === 'SIGKILL')) {
    return (
      'the worker was killed while the kernel ended processes for want of memory: give the host fewer VMs or more ' +
      'memory; its log is on the host'
    );
  }
  return signal === null
    ? 'the worker ended unexpectedly; its log is on the host'
    : `the worker was ended by ${signal}; its log is on the host`;
}
