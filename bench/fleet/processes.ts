/** The processes of a benchmark: the API and the simulated hosts, each started from the command line. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';

const CLI = resolve(import.meta.dirname, '../../src/cli.ts');

export class Process {
  readonly #child: ChildProcess;

  /** Resolves with what `ready` makes of the first line for which it is not null. */
  static async start<T>(
    args: readonly string[],
    env: Readonly<Record<string, string>>,
    ready: (line: string) => T | null,
  ): Promise<{ process: Process; found: T }> {
    const child = spawn(process.execPath, [CLI, ...args], {
      env: { PATH: process.env.PATH, ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    for await (const line of createInterface(child.stdout)) {
      const found = ready(line);
      if (found === null) continue;
      child.stdout.resume();
      return { process: new Process(child), found };
    }
    throw new Error(`holdfast ${args.join(' ')} ended before it was ready`);
  }

  constructor(child: ChildProcess) {
    this.#child = child;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  async end(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.kill('SIGTERM');
    await once(this.#child, 'exit');
  }
}

/** Seconds of CPU that a process and its children have had. */
export function cpuOf(pid: number): number {
  return [pid, ...childrenOf(pid)].reduce((sum, one) => sum + ticks(one), 0) / TICKS_PER_SECOND;
}

/** proc(5), stat: utime and stime, the 14th and 15th field, in clock ticks; the name before may hold spaces. */
function ticks(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    return Number(fields[11]) + Number(fields[12]);
  } catch {
    return 0;
  }
}

/** sysconf(_SC_CLK_TCK) on Linux. */
const TICKS_PER_SECOND = 100;

/** Megabytes of memory that a process and its children have, shared pages counted in part (PSS). */
export function memoryOf(pid: number): number {
  return [pid, ...childrenOf(pid)].reduce((sum, one) => sum + pss(one), 0);
}

function childrenOf(pid: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((candidate) => parentOf(candidate) === pid);
}

function parentOf(pid: number): number | null {
  return numberIn(`/proc/${pid}/status`, /^PPid:\s+(\d+)$/m);
}

function pss(pid: number): number {
  return (numberIn(`/proc/${pid}/smaps_rollup`, /^Pss:\s+(\d+) kB$/m) ?? 0) / 1024;
}

/** Null for a process that has just ended. */
function numberIn(path: string, pattern: RegExp): number | null {
  try {
    const found = pattern.exec(readFileSync(path, 'utf8'))?.[1];
    return found === undefined ? null : Number(found);
  } catch {
    return null;
  }
}
