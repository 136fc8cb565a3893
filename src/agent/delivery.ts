/**
 * Brings journal records to the API, at least once and in order per VM, and reports after the events they follow from.
 *
 *   journal ─▶ POST /events ─▶ settled: inserted, known, or refused ─▶ delivered.json ─▶ POST /reports
 *
 * A crash between the answer and delivered.json costs a repetition, which the API knows by (VM, boot, sequence). While
 * the API is away, records stay in the journals and reports in memory; a report lost with the agent is made again,
 * since it follows from a journal or an assignment.
 */
import type { Logger } from 'pino';
import type { OperationReport } from '../wire/agent.ts';
import type { EventRecord } from '../wire/event.ts';
import { type ApiClient, ApiError } from './client.ts';
import type { Report } from './reconcile.ts';
import type { Run } from './run.ts';
import { Wake } from './wake.ts';

/** The API takes at most 500 records at once, and bodies of 1 MiB. */
const BATCH_RECORDS = 500;
const BATCH_BYTES = 256 * 1024;
/** How often to look whether something was left, whatever was heard. */
const LOOK_MS = 10_000;

type Undelivered = Pick<Run, 'undelivered'>;
/** What of a run is needed to deliver it. */
export type DeliveredRun = Pick<Run, 'vmId' | 'undelivered' | 'markDelivered'>;

export interface Batch {
  readonly events: EventRecord[];
  /** The newest record of each run in the batch. */
  readonly upTo: ReadonlyMap<DeliveredRun, number>;
}

/** The next records to send: runs in the given order, each from its oldest record on. */
export function nextBatch<R extends Undelivered>(
  runs: readonly R[],
  limits = { records: BATCH_RECORDS, bytes: BATCH_BYTES },
): { events: EventRecord[]; upTo: Map<R, number> } {
  const events: EventRecord[] = [];
  const upTo = new Map<R, number>();
  let bytes = 0;
  for (const run of runs) {
    for (const event of run.undelivered) {
      bytes += JSON.stringify(event).length;
      if (events.length > 0 && (events.length >= limits.records || bytes > limits.bytes))
        return { events, upTo };
      events.push(event);
      upTo.set(run, event.sequence);
    }
  }
  return { events, upTo };
}

export class Delivery {
  readonly #client: Pick<ApiClient, 'events' | 'reports'>;
  readonly #runs: () => readonly DeliveredRun[];
  readonly #onDelivered: (vmId: string) => void;
  readonly #log: Logger;
  readonly #wake = new Wake();
  readonly #reports: OperationReport[] = [];

  constructor(
    client: Pick<ApiClient, 'events' | 'reports'>,
    runs: () => readonly DeliveredRun[],
    onDelivered: (vmId: string) => void,
    log: Logger,
  ) {
    this.#client = client;
    this.#runs = runs;
    this.#onDelivered = onDelivered;
    this.#log = log;
  }

  wake(): void {
    this.#wake.raise();
  }

  report(report: Report): void {
    const error =
      report.status === 'failed' ? { code: report.error.code, detail: report.error.detail } : null;
    this.#reports.push({ operationId: report.operationId, status: report.status, error });
    this.wake();
  }

  /** Delivers what there is, then waits for more. @throws ApiError; everything not settled is kept. */
  async once(signal: AbortSignal): Promise<void> {
    for (;;) {
      const batch = nextBatch(this.#runs());
      if (batch.events.length === 0) break;
      await this.#deliver(batch, signal);
    }
    for (let next = this.#reports[0]; next !== undefined; next = this.#reports[0]) {
      await this.#send(next, signal);
      this.#reports.shift();
    }
    await this.#wake.wait(LOOK_MS, signal);
  }

  /** One at a time, being rare: one that the API does not understand holds up no other. */
  async #send(report: OperationReport, signal: AbortSignal): Promise<void> {
    try {
      await this.#client.reports({ reports: [report] }, signal);
    } catch (error) {
      if (!(error instanceof ApiError) || error.passing) throw error;
      this.#log.error({ report, code: error.code, detail: error.message }, 'the API refuses this report');
    }
  }

  async #deliver({ events, upTo }: Batch, signal: AbortSignal): Promise<void> {
    const { refused } = await this.#client.events({ events }, signal);
    for (const { index, code, detail } of refused) {
      this.#log.error(
        { event: events[index], code, detail },
        'the API refuses this record for ever; it stays in the journal',
      );
    }
    for (const [run, sequence] of upTo) {
      run.markDelivered(sequence);
      this.#onDelivered(run.vmId);
    }
  }
}
