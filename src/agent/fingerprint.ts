/**
 * The host's fingerprint: what its KVM answers to guests (psci/fingerprint.ts), measured once in each boot of its kernel
 * and told to the API.
 *
 *   kept for this boot and this list of calls? ──no──▶ measured by a process of its own ─▶ kept in fingerprint.json
 *         └──────────────────── yes ──────────────────────────────────────┴─▶ told to the API, and again each day
 *
 * The measuring process is the worker's program, since that is what speaks to KVM. It runs at the lowest priority after
 * the first heartbeat, so it delays neither the host nor its guests.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Logger } from 'pino';
import { SUITE } from '../psci/calls.ts';
import type { FingerprintRequest, HostFacts } from '../wire/agent.ts';
import { integer, open, type Shape, ShapeError, text, uuid } from '../wire/shape.ts';
import { pause } from './backoff.ts';
import { type ApiClient, ApiError } from './client.ts';
import { type WorkerCommand, workerEnvironment } from './spawn.ts';
import { readJson, type Store, writeJson } from './store.ts';

/** It takes a second on hardware and ten on an emulated host; calls that do not come back take half a minute each. */
const LONGEST_MS = 1_800_000;
/** Some 80 KiB are written. */
const LARGEST_OUTPUT = 4 * 1024 * 1024;
/** Told again, in case the fleet's database was set back. */
const TELL_AGAIN_MS = 24 * 3600_000;
/** Until another attempt, when this host cannot be measured or the API does not know fingerprints. */
const TRY_AGAIN_MS = 3600_000;

export interface FingerprintOptions {
  readonly client: Pick<ApiClient, 'fingerprint'>;
  readonly store: Pick<Store, 'fingerprintFile'>;
  /** Starts the worker's program. */
  readonly command: WorkerCommand;
  readonly facts: () => Pick<HostFacts, 'kernel' | 'bootId'>;
  readonly log: Logger;
}

/** Answers are checked by the API, which stores them; here they are carried. */
const versions: Shape<FingerprintRequest['versions']> = (value, at) => {
  if (typeof value !== 'object' || value === null) throw new ShapeError(at, 'an object');
  return value;
};
const measured = open({ suite: integer(1), versions });
const kept = open({ kernel: text, bootId: uuid, suite: integer(1), versions });

export class FingerprintTeller {
  readonly #options: FingerprintOptions;

  constructor(options: FingerprintOptions) {
    this.#options = options;
  }

  /** Measures if there is need, tells, and waits until it is time to tell again. @throws ApiError */
  async once(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    const { client, log } = this.#options;
    const fingerprint = this.#kept() ?? (await this.#measure(signal));
    if (fingerprint === null) return await pause(TRY_AGAIN_MS, signal);
    try {
      const { digest } = await client.fingerprint(fingerprint, signal);
      log.debug({ digest }, 'told the fingerprint');
    } catch (error) {
      if (!(error instanceof ApiError) || error.passing) throw error;
      log.warn({ code: error.code }, `the API does not take this host's fingerprint: ${error.message}`);
      return await pause(TRY_AGAIN_MS, signal);
    }
    await pause(TELL_AGAIN_MS, signal);
  }

  /** What was measured in this boot, by the calls that this release makes. */
  #kept(): FingerprintRequest | null {
    const { store, facts } = this.#options;
    try {
      const found = readJson(store.fingerprintFile);
      const fingerprint = found === null ? null : kept(found, '');
      return fingerprint?.bootId === facts().bootId && fingerprint.suite === SUITE ? fingerprint : null;
    } catch (error) {
      // Half a file, or another release's: measuring again is all it takes.
      if (error instanceof SyntaxError || error instanceof ShapeError) return null;
      throw error;
    }
  }

  /** @returns null when it cannot be measured, or the signal was raised. */
  async #measure(signal: AbortSignal): Promise<FingerprintRequest | null> {
    const { command, store, facts, log } = this.#options;
    const [program, ...args] = command;
    const started = performance.now();
    try {
      const { stdout } = await promisify(execFile)(program, [...args, '--fingerprint'], {
        ...{ env: workerEnvironment(), maxBuffer: LARGEST_OUTPUT },
        ...{ timeout: LONGEST_MS, killSignal: 'SIGKILL', signal },
      });
      const { kernel, bootId } = facts();
      const fingerprint = { kernel, bootId, ...measured(JSON.parse(stdout), '') };
      writeJson(store.fingerprintFile, fingerprint);
      log.info({ milliseconds: Math.round(performance.now() - started) }, 'measured the fingerprint');
      return fingerprint;
    } catch (error) {
      if (!signal.aborted) log.warn({ err: error }, "cannot measure what this host's KVM answers");
      return null;
    }
  }
}
