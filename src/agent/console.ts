/**
 * Uploads what guests write to their serial consoles, in order, each byte once as far as the API tells: it says where
 * it wants the next piece to start, and that is where this side goes on. How far each file was taken is remembered in
 * delivered.json, so that a restart does not ask about every boot anew.
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { consoleFile } from '../worker/files.ts';
import { Backoff } from './backoff.ts';
import { type ApiClient, ApiError } from './client.ts';
import { leastWait } from './loop.ts';
import type { Run } from './run.ts';

/** Bytes of one upload. */
const PIECE = 128 * 1024;
/** How often consoles are looked at: what a person who watches one waits at most. */
const LOOK_MS = 250;

interface Progress {
  underWay: boolean;
  readonly backoff: Backoff;
  /** Monotonic milliseconds before which nothing is tried. */
  notBefore: number;
}

export class Consoles {
  readonly #client: Pick<ApiClient, 'console'>;
  readonly #runs: () => readonly Run[];
  readonly #onDone: (vmId: string) => void;
  readonly #log: Logger;
  readonly #signal: AbortSignal;
  readonly #progress = new WeakMap<Run, Progress>();
  #timer: NodeJS.Timeout | undefined;

  constructor(
    client: Pick<ApiClient, 'console'>,
    runs: () => readonly Run[],
    onDone: (vmId: string) => void,
    log: Logger,
    signal: AbortSignal,
  ) {
    this.#client = client;
    this.#runs = runs;
    this.#onDone = onDone;
    this.#log = log;
    this.#signal = signal;
  }

  start(): void {
    this.#timer = setInterval(() => this.#look(), LOOK_MS);
    this.#signal.addEventListener('abort', () => clearInterval(this.#timer), { once: true });
  }

  #look(): void {
    const now = performance.now();
    for (const run of this.#runs()) {
      if (run.consoleDone) continue;
      const progress = this.#progressOf(run);
      if (progress.underWay || now < progress.notBefore) continue;
      progress.underWay = true;
      void this.#uploadAll(run, progress).finally(() => {
        progress.underWay = false;
      });
    }
  }

  #progressOf(run: Run): Progress {
    let progress = this.#progress.get(run);
    if (progress === undefined) {
      progress = { underWay: false, backoff: new Backoff(), notBefore: 0 };
      this.#progress.set(run, progress);
    }
    return progress;
  }

  async #uploadAll(run: Run, progress: Progress): Promise<void> {
    // Asked before the files are read: what a run that has ended wrote is all in them.
    const { ended } = run;
    try {
      for (const bootId of run.consoleBoots()) await this.#upload(run, bootId);
      progress.backoff.succeeded();
      if (!ended) return;
    } catch (error) {
      if (this.#signal.aborted) return;
      const { runId } = run;
      const code = error instanceof ApiError ? error.code : undefined;
      if (!(error instanceof ApiError && !error.passing)) {
        progress.notBefore = performance.now() + progress.backoff.failed(leastWait(error));
        this.#log.debug({ runId, code, err: error }, 'cannot upload a console yet');
        return;
      }
      // The API will never take it: the VM is gone, or its console belongs to somebody else.
      this.#log.warn({ runId, code, detail: error.message }, 'the API refuses this run’s console');
    }
    run.consoleDone = true;
    this.#onDone(run.vmId);
  }

  async #upload(run: Run, bootId: string): Promise<void> {
    const fd = openSync(join(run.dir, consoleFile(bootId)), 'r');
    try {
      let offset = run.consoleOffset(bootId);
      while (offset < fstatSync(fd).size) {
        const piece = Buffer.allocUnsafe(PIECE);
        const length = readSync(fd, piece, 0, PIECE, offset);
        const next = await this.#client.console(
          run.vmId,
          bootId,
          offset,
          piece.subarray(0, length),
          this.#signal,
        );
        if (next > fstatSync(fd).size) {
          this.#log.error(
            { runId: run.runId, bootId, next },
            'the API has more of a console than this host: the file was cut',
          );
          return;
        }
        if (next === offset) throw new Error(`the API took nothing of the console from byte ${offset} on`);
        offset = next;
        run.markConsole(bootId, offset);
      }
    } finally {
      closeSync(fd);
    }
  }
}
