/**
 * Brings saved guests to the API.
 *
 *   <intentId>.snapshot, whole ─▶ its `saved` event delivered ─▶ PUT, streamed ─▶ taken, or not wanted ─▶ removed
 *
 * The file itself says what is left to do, so nothing is forgotten with the agent. The API takes a file whole or not at
 * all and settles the operation in the same transaction; one that it has already is answered the same, so a file that
 * was sent and not removed is sent again and changes nothing.
 */
import type { Logger } from 'pino';
import { type ApiClient, ApiError } from './client.ts';
import type { Run } from './run.ts';
import { Wake } from './wake.ts';

/** What of a run is needed to bring what it saved. */
export type SavingRun = Pick<
  Run,
  'vmId' | 'runId' | 'snapshotsToSend' | 'dropSnapshot' | 'dropUnfinishedSnapshots'
>;

/** How often to look whether something was left, whatever was heard. */
const LOOK_MS = 10_000;

export class Snapshots {
  readonly #client: Pick<ApiClient, 'snapshot'>;
  readonly #runs: () => readonly SavingRun[];
  readonly #onSent: (vmId: string) => void;
  readonly #log: Logger;
  readonly #wake = new Wake();

  constructor(
    client: Pick<ApiClient, 'snapshot'>,
    runs: () => readonly SavingRun[],
    onSent: (vmId: string) => void,
    log: Logger,
  ) {
    this.#client = client;
    this.#runs = runs;
    this.#onSent = onSent;
    this.#log = log;
  }

  wake(): void {
    this.#wake.raise();
  }

  /**
   * Sends what there is, one after the other, then waits for more. One that cannot be sent now holds up no other.
   * @throws ApiError, the first there was; what was not taken stays
   */
  async once(signal: AbortSignal): Promise<void> {
    const failures: unknown[] = [];
    for (const run of this.#runs()) {
      run.dropUnfinishedSnapshots();
      for (const { intentId, digest, path } of run.snapshotsToSend()) {
        if (signal.aborted) return;
        try {
          await this.#send(run, intentId, digest, path, signal);
          run.dropSnapshot(intentId);
          this.#onSent(run.vmId);
        } catch (error) {
          failures.push(error);
        }
      }
    }
    if (failures.length > 0) throw failures[0];
    await this.#wake.wait(LOOK_MS, signal);
  }

  async #send(
    run: SavingRun,
    intentId: string,
    digest: string,
    path: string,
    signal: AbortSignal,
  ): Promise<void> {
    const log = this.#log.child({ vmId: run.vmId, runId: run.runId, intentId, digest });
    log.info('sending a snapshot');
    try {
      await this.#client.snapshot(intentId, path, signal);
      log.info('the API has the snapshot');
    } catch (error) {
      if (!(error instanceof ApiError) || error.passing) throw error;
      log.error(
        { code: error.code, detail: error.message },
        'the API does not take this snapshot; it is removed',
      );
    }
  }
}
