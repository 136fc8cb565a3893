/**
 * What the agent does about one VM, as spans inside of the operation that it does it for (the assignment says which
 * trace each is in). Nothing is kept of it: after a restart of the agent the rest of a start has no span.
 */
import { parseTraceparent } from '../trace/context.ts';
import { type Span, startSpan } from '../trace/spans.ts';
import type { Action, LocalRun, Wanted } from './reconcile.ts';

/** What is waited for between two looks at a run. */
type Step = Pick<LocalRun, 'runId' | 'started' | 'ended' | 'failure'>;

export class ActionSpans {
  readonly #vmId: string;
  /** From the spawn of a worker until its guest runs, by run. */
  readonly #starting = new Map<string, Span>();

  constructor(vmId: string) {
    this.#vmId = vmId;
  }

  /** Null for what is in no trace. `operationOfRun`: the start behind a run that is here. */
  start(action: Action, wanted: Wanted, operationOfRun: (runId: string) => string | null): Span | null {
    if (wanted === null || wanted === 'unknown' || wanted.traceparents === undefined) return null;
    const operationId = operationOf(action, operationOfRun);
    const parent = operationId === null ? null : parseTraceparent(wanted.traceparents[operationId]);
    if (operationId === null || parent === null) return null;
    const attributes = { 'holdfast.vm_id': this.#vmId, 'holdfast.operation_id': operationId };
    const span = startSpan(`agent ${nameOf(action)}`, { parent, attributes });
    if (action.do === 'spawn' && span !== null) {
      const starting = startSpan('guest start', { parent, attributes });
      if (starting !== null) this.#starting.set(action.runId, starting);
    }
    return span;
  }

  /** Ends what was waited for. */
  look(runs: readonly Step[]): void {
    if (this.#starting.size === 0) return;
    for (const { runId, started, ended, failure } of runs) {
      if (!started && !ended) continue;
      this.#starting.get(runId)?.end(failure === null ? {} : { error: failure.code });
      this.#starting.delete(runId);
    }
  }
}

function nameOf(action: Action): string {
  return action.do === 'request' ? `request ${action.request.kind}` : action.do;
}

function operationOf(action: Action, operationOfRun: (runId: string) => string | null): string | null {
  switch (action.do) {
    case 'create':
      return action.run.operationId;
    case 'request':
      return action.request.operationId;
    case 'report':
      return action.report.operationId;
    case 'removeVm':
      return action.operationId;
    case 'fetch':
    case 'spawn':
    case 'fail':
      return operationOfRun(action.runId);
    default:
      return null;
  }
}
