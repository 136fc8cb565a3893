/**
 * Starting workers, and finding one that was started and then forgotten.
 *
 * A worker is the leader of its own session and process group, with its standard output in its run directory: neither
 * the agent's end nor a signal to its group reaches it. How many were started is counted on disk before each, so that
 * a run whose workers die at once ends after MAX_SPAWNS however often the agent itself dies in between.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { integer, open } from '../wire/shape.ts';
import { WORKER_LOG } from '../worker/files.ts';
import type { Spares } from './spares.ts';
import { readJson, writeJson } from './store.ts';

/** How many workers are tried before a start is given up. */
export const MAX_SPAWNS = 3;

const SPAWNS_FILE = 'spawns.json';
const spawns = open({ count: integer() });

/** The command that runs a worker, to which `--run-dir DIR` or `--spare` is added. */
export type WorkerCommand = readonly [string, ...string[]];

/** How many workers have been started in a run directory, or were about to be. */
export function countSpawns(runDir: string): number {
  const found = readJson(join(runDir, SPAWNS_FILE));
  return found === null ? 0 : spawns(found, '').count;
}

/** How workers are started: the command, and what is kept ready. */
export interface WorkerSource {
  readonly command: WorkerCommand;
  readonly spares: Spares | null;
}

/** With one pool of the C library's memory for all threads: each further one takes memory of its own. */
export function workerEnvironment(): NodeJS.ProcessEnv {
  return { ...process.env, MALLOC_ARENA_MAX: '1' };
}

/** Counts, then starts. The child outlives this process. @throws when the count cannot be written. */
export function spawnWorker(runDir: string, { command, spares }: WorkerSource): ChildProcess {
  writeJson(join(runDir, SPAWNS_FILE), { count: countSpawns(runDir) + 1 });
  const spare = spares?.take(runDir) ?? null;
  if (spare !== null) return spare;
  const log = openSync(join(runDir, WORKER_LOG), 'a', 0o600);
  try {
    const [program, ...args] = command;
    const child = spawn(program, [...args, '--run-dir', runDir], {
      cwd: runDir,
      detached: true,
      stdio: ['ignore', log, log],
      env: workerEnvironment(),
    });
    child.unref();
    return child;
  } finally {
    closeSync(log);
  }
}

/**
 * A living process that was started with this run directory, or as a spare and then told of it, by this agent or one
 * before it; null when there is none.
 */
export function findWorker(runDir: string): number | null {
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const args = commandLine(name);
    if (args[args.indexOf('--run-dir') + 1] === runDir && args.includes('--run-dir')) return Number(name);
    if (args.includes('--spare') && workingDirectory(name) === runDir) return Number(name);
  }
  return null;
}

/** The last lines of a worker's log, for a person who wonders why it did not start. */
export function logTail(runDir: string): string {
  return tailOf(join(runDir, WORKER_LOG));
}

/** The last lines of a log; says so when it cannot be read. */
export function tailOf(log: string, bytes = 600): string {
  try {
    const text = readFileSync(log, 'utf8').trim();
    return text.slice(-bytes);
  } catch {
    return '';
  }
}

function commandLine(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    // It has ended meanwhile.
    return [];
  }
}

function workingDirectory(pid: string): string {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return '';
  }
}
