/**
 * Spare workers: started ahead, so that a VM does not wait until a process has loaded its code (worker/command.ts).
 *
 *     start ──▶ waiting ── take: its log moves to the run directory, then it is told the directory ──▶ a run's worker
 *                  └────── this agent ends in whichever way: its input ends, and so does it
 *
 * A spare is the leader of its own session from the start, as every worker is. Where the agent dies between the two
 * steps of `take`, the spare goes with it and has done nothing; where it dies after them, its successor finds a worker
 * that it did not start, by its claim or its working directory (spawn.ts).
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { WORKER_LOG } from '../worker/files.ts';
import { tailOf, type WorkerCommand, workerEnvironment } from './spawn.ts';

/** What a start took is replaced only when the starts have passed: loading would slow them down. */
const REPLACE_MS = 5_000;
/** After a spare that ended by itself, which another one is likely to do as well. */
const FAILED_MS = 60_000;

interface Spare {
  readonly child: ChildProcess;
  readonly log: string;
}

export interface SpareOptions {
  readonly command: WorkerCommand;
  /** For the spares' logs; emptied. On one file system with the run directories. */
  readonly directory: string;
  /** How many are kept; 0 for none. */
  readonly count: number;
  readonly log: Logger;
}

export class Spares {
  readonly #options: SpareOptions;
  readonly #waiting: Spare[] = [];
  #timer: NodeJS.Timeout | undefined;
  #started = 0;

  constructor(options: SpareOptions) {
    this.#options = options;
    const { directory } = options;
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    for (const name of readdirSync(directory)) rmSync(join(directory, name), { force: true });
    this.#fillIn(0);
  }

  /** Makes a spare the worker of a run directory that has had none. @returns null when there is no spare for it. */
  take(runDir: string): ChildProcess | null {
    const runLog = join(runDir, WORKER_LOG);
    if (existsSync(runLog)) return null;
    const [spare] = this.#waiting;
    if (spare === undefined) return null;
    renameSync(spare.log, runLog);
    this.#waiting.shift();
    spare.child.stdin?.end(`${runDir}\n`);
    this.#fillIn(REPLACE_MS);
    return spare.child;
  }

  /** Ends those that wait. */
  close(): void {
    clearTimeout(this.#timer);
    for (const { child } of this.#waiting.splice(0)) child.stdin?.end();
  }

  #fillIn(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#fill(), ms);
    this.#timer.unref();
  }

  #fill(): void {
    const { count, log } = this.#options;
    try {
      while (this.#waiting.length < count) this.#start();
    } catch (error) {
      log.warn({ err: error }, 'cannot start a spare worker');
      this.#fillIn(FAILED_MS);
    }
  }

  #start(): void {
    this.#started += 1;
    const log = join(this.#options.directory, `${this.#started}.log`);
    const output = openSync(log, 'a', 0o600);
    try {
      const [program, ...args] = this.#options.command;
      const child = spawn(program, [...args, '--spare'], {
        cwd: this.#options.directory,
        detached: true,
        stdio: ['pipe', output, output],
        env: workerEnvironment(),
      });
      const spare = { child, log };
      const gone = (): void => this.#gone(spare);
      child.once('exit', gone);
      child.once('error', gone);
      // It may end before it has read what it is told; its end is what counts.
      child.stdin?.on('error', () => undefined);
      child.unref();
      this.#waiting.push(spare);
    } finally {
      closeSync(output);
    }
  }

  #gone(spare: Spare): void {
    const at = this.#waiting.indexOf(spare);
    if (at < 0) return;
    this.#waiting.splice(at, 1);
    this.#options.log.warn(
      { pid: spare.child.pid, log: tailOf(spare.log) },
      'a spare worker ended by itself',
    );
    // One that ends at once ends again and again.
    rmSync(spare.log, { force: true });
    this.#fillIn(FAILED_MS);
  }
}
