/** One VM on a simulated host. What is to be done about it is the agent's own `reconcile` to say. */
import { ActionSpans } from '../agent/action-spans.ts';
import { type Action, type Report, reconcile, type Wanted } from '../agent/reconcile.ts';
import type { DiskTransfer, HeartbeatRequest, RunSpec } from '../wire/agent.ts';
import type { HostJournal } from './journal.ts';
import type { SimFirmware } from './kernels.ts';
import { SimRun } from './run.ts';
import type { SimSaves } from './saves.ts';

/** After a failure of the API. */
const TRANSFER_AGAIN_MS = 1_000;

export interface SimVmContext {
  readonly journal: Pick<HostJournal, 'append'>;
  readonly firmware: SimFirmware;
  readonly saves: SimSaves;
  /** Gives or takes disks, which a simulated guest has only by name. @throws what may pass */
  readonly transfer: (transfer: DiskTransfer) => Promise<void>;
  /** A run has something to deliver. */
  readonly onUndelivered: () => void;
  readonly report: (report: Report) => void;
}

export class SimVm {
  readonly vmId: string;
  readonly runs = new Map<string, SimRun>();
  readonly #context: SimVmContext;
  readonly #reported = new Set<string>();
  readonly #spans: ActionSpans;
  #wanted: Wanted = 'unknown';
  #passing = false;
  #again = false;
  #vanished = false;
  #transferring = false;
  #alarm: NodeJS.Timeout | undefined;

  constructor(vmId: string, context: SimVmContext) {
    this.vmId = vmId;
    this.#context = context;
    this.#spans = new ActionSpans(vmId);
  }

  get observed(): HeartbeatRequest['vms'][number] {
    const current = [...this.runs.values()].findLast((run) => !run.ended);
    const observedGeneration =
      this.#wanted === null || this.#wanted === 'unknown' ? 0 : this.#wanted.generation;
    return { vmId: this.vmId, runId: current?.runId ?? null, observedGeneration };
  }

  get gone(): boolean {
    return this.#wanted === null && this.runs.size === 0;
  }

  want(wanted: Wanted): void {
    this.#wanted = wanted;
    this.wake();
  }

  /** Decides and acts until nothing is left to do now. */
  wake(): void {
    this.#again = true;
    if (this.#passing || this.#vanished) return;
    this.#passing = true;
    while (this.#again) {
      this.#again = false;
      const runs = [...this.runs.values()].map((run) => run.look());
      this.#spans.look(runs);
      for (const action of reconcile(this.#wanted, runs, this.#reported)) {
        const span = this.#spans.start(action, this.#wanted, (runId) => this.#startOf(runId));
        this.#perform(action);
        span?.end();
      }
    }
    this.#passing = false;
    this.#attendTransfer();
    this.#setAlarm();
  }

  /** The host has lost power: nothing happens here any more. */
  vanish(): void {
    this.#vanished = true;
    clearTimeout(this.#alarm);
    for (const run of this.runs.values()) run.vanish();
  }

  /** Makes a run's record in memory; what is in the journal of it follows (`SimRun.recall`) or is yet to be. */
  open(spec: RunSpec): SimRun {
    const { journal, saves } = this.#context;
    const run = new SimRun(
      spec,
      saves,
      (line) => journal.append(line),
      () => this.#news(),
    );
    this.runs.set(run.runId, run);
    return run;
  }

  #attendTransfer(): void {
    const transfer = this.#wanted === null || this.#wanted === 'unknown' ? undefined : this.#wanted.transfer;
    if (transfer === undefined || this.#transferring || this.#reported.has(transfer.operationId)) return;
    const { operationId, digest } = transfer;
    this.#transferring = true;
    this.#context.transfer(transfer).then(
      () => {
        if (digest !== null) this.#report({ operationId, status: 'succeeded' });
        this.#transferring = false;
      },
      () => setTimeout(() => this.#transferAgain(), TRANSFER_AGAIN_MS).unref(),
    );
  }

  #transferAgain(): void {
    this.#transferring = false;
    if (!this.#vanished) this.wake();
  }

  #startOf(runId: string): string | null {
    return this.runs.get(runId)?.spec.operationId ?? null;
  }

  #perform(action: Action): void {
    switch (action.do) {
      case 'create': {
        const { run: spec } = action;
        this.#context.journal.append({ do: 'create', runId: spec.runId, run: spec });
        this.open(spec);
        this.#again = true;
        return;
      }
      case 'report':
        this.#report(action.report);
        return;
      case 'removeVm':
        for (const runId of this.runs.keys()) this.#remove(runId);
        this.#report({ operationId: action.operationId, status: 'succeeded' });
        return;
      case 'forgetVm':
        for (const runId of this.runs.keys()) this.#remove(runId);
        return;
      case 'removeRun':
        this.#remove(action.runId);
        return;
      default: {
        const run = this.runs.get(action.runId);
        if (run !== undefined) this.#performOn(run, action);
      }
    }
  }

  #performOn(run: SimRun, action: Exclude<Extract<Action, { runId: string }>, { do: 'removeRun' }>) {
    switch (action.do) {
      case 'spawn':
        run.spawn(this.#context.firmware);
        return;
      case 'finish':
        run.finish(action.kind, action.reason, action.killIntent);
        return;
      case 'fail':
        run.fail(action.code, action.detail);
        return;
      case 'request': {
        const { intentId, kind, timeoutSeconds, operationId } = action.request;
        const reason = kind === 'kill' ? 'killed at an operator’s request' : null;
        const refused = run.guest?.request({ intentId, kind, timeoutSeconds, reason }) ?? null;
        if (refused !== null && refused.code !== 'RUN_ENDED')
          this.#report({ operationId, status: 'failed', error: refused });
        return;
      }
      case 'kill': {
        const { intentId, reason } = action;
        run.guest?.request({ intentId, kind: 'kill', timeoutSeconds: null, reason });
        return;
      }
      case 'fetch':
      case 'release':
      case 'connect':
      case 'terminate':
        // A simulated run has its files, its worker is never without a guest, and it always listens.
        throw new Error(`a simulated run cannot be asked to ${action.do}`);
    }
  }

  #news(): void {
    this.#context.onUndelivered();
    this.wake();
  }

  #remove(runId: string): void {
    this.#context.journal.append({ do: 'remove', runId });
    this.runs.delete(runId);
  }

  #report(report: Report): void {
    this.#reported.add(report.operationId);
    this.#context.report(report);
  }

  #setAlarm(): void {
    clearTimeout(this.#alarm);
    const waits = [...this.runs.values()].flatMap((run) => run.nextDeadline() ?? []);
    if (waits.length > 0) this.#alarm = setTimeout(() => this.wake(), Math.min(...waits) + 10);
  }
}
