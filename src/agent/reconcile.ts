/**
 * What to do about one VM: a pure function of what is wanted (its assignment) and what is there (its runs). It is asked
 * again after every change and every few seconds, so each answer holds only the next steps, and a step that was lost
 * with the agent is simply answered again.
 *
 *   a run:  absent ─create─▶ none ─fetch─▶ none ─spawn─▶ (worker claims) alive ──▶ ended (final record)
 *                             │                ▲            │
 *                             │                └─release────┤ dead, guest never ran (at most MAX_SPAWNS workers)
 *                             └─fail─▶ ended (failure)      └─finish─▶ ended (killed or lost, written by the agent)
 *
 * Why nothing is lost and nothing runs twice, whichever instruction the agent dies at:
 * - create: a run directory appears whole (store.ts); before that the run is absent and is created again.
 * - spawn: of all workers ever started in a directory one can claim it (identity.ts). An agent that forgot a worker
 *   finds it by its claim or its command line, and if it finds none and starts another, one of the two leaves.
 * - release: only of a claim whose process is dead and whose journal has no `started`; the guest has never run.
 * - finish and fail write one last record, by the journal's only writer: the claimant is dead, or the directory was
 *   closed to workers first. Done twice they find the record there. A report follows from the record, so a start that
 *   is reported failed can never run.
 * - requests: the worker knows an intent by its id and acts on it once; whether it did is in its journal.
 * - two runs of one VM share disks: the next begins only when all others have ended and their processes are gone.
 *
 * Workers outlive agents, so one of another version may be found. Where it speaks another protocol it is left to run:
 * what it writes is delivered, a request is refused with WORKER_VERSION_DIFFERS, and it is ended only when the guest is
 * to end whatever it does: by an operator's kill, or since the run is not to exist.
 */
import { canPowerOff, type PsciVersion } from '../psci/versions.ts';
import type { Assignment, RunRequest, RunSpec } from '../wire/agent.ts';
import { MAX_SPAWNS } from './spawn.ts';

export interface LocalRequest {
  readonly intentId: string | null;
  readonly kind: RunRequest['kind'];
  /** The guest's time to answer is over. */
  readonly overdue: boolean;
}

/** A run directory as it is found. */
export interface LocalRun {
  readonly runId: string;
  /** The claim: by nobody; by a process that lives or is dead; by the agent, against workers. */
  readonly worker: 'none' | 'alive' | 'dead' | 'closed';
  /** A worker that was started may still claim the directory. */
  readonly coming: boolean;
  readonly spawns: number;
  /** Image files and disks. */
  readonly files: 'unknown' | 'fetching' | 'ready' | { readonly code: string; readonly detail: string };
  readonly started: boolean;
  /** The journal has a final record or a failure. */
  readonly ended: boolean;
  /** It has ended long ago, and its worker still lives. */
  readonly lingers: boolean;
  readonly failure: { readonly code: string; readonly detail: string } | null;
  /** Requests that were taken and came to nothing. */
  readonly unmet: readonly { readonly intentId: string; readonly code: string; readonly detail: string }[];
  /** Requests in the journal, of the current boot or before. */
  readonly requests: readonly LocalRequest[];
  readonly connected: boolean;
  /** The worker lives and has not answered for long. */
  readonly unresponsive: boolean;
  /** The worker's version when it speaks a protocol that this agent does not; it is listened to by its files alone. */
  readonly foreign: string | null;
  /** The journal holds records that only another version understands: nobody can say whether the run has ended. */
  readonly unread: boolean;
  /** What is known of the end of a worker that lives no more, for a person. */
  readonly end: string;
  /** The host has booted since the worker claimed the directory. */
  readonly hostRebooted: boolean;
  /** Every record and console byte has been delivered. */
  readonly delivered: boolean;
}

/** Null: not assigned to this host. 'unknown': the API has not been heard since the agent started. */
export type Wanted = Assignment | null | 'unknown';

export type Report =
  | { readonly operationId: string; readonly status: 'succeeded' }
  | {
      readonly operationId: string;
      readonly status: 'failed';
      readonly error: { readonly code: string; readonly detail: string };
    };

export type Action =
  | { readonly do: 'create'; readonly run: RunSpec }
  | { readonly do: 'fetch'; readonly runId: string }
  | { readonly do: 'spawn'; readonly runId: string }
  | { readonly do: 'release'; readonly runId: string }
  | { readonly do: 'connect'; readonly runId: string }
  /** Write the last record of a run whose worker is dead. `killIntent`: the operator's intent that ended it. */
  | {
      readonly do: 'finish';
      readonly runId: string;
      readonly kind: 'killed' | 'lost';
      readonly reason: string;
      readonly killIntent: string | null;
    }
  /** Close the directory to workers and write that the run failed to start. */
  | { readonly do: 'fail'; readonly runId: string; readonly code: string; readonly detail: string }
  /** Tell the worker. */
  | { readonly do: 'request'; readonly runId: string; readonly request: RunRequest }
  | { readonly do: 'kill'; readonly runId: string; readonly intentId: string | null; readonly reason: string }
  /** End a worker that does not listen. */
  | { readonly do: 'terminate'; readonly runId: string; readonly reason: string }
  | { readonly do: 'report'; readonly report: Report }
  | { readonly do: 'removeVm'; readonly operationId: string }
  /** What is left of a VM that is another host's now, or nobody's. */
  | { readonly do: 'forgetVm' }
  | { readonly do: 'removeRun'; readonly runId: string };

/** The code of what cannot be done with a worker of another protocol. */
const FOREIGN = 'WORKER_VERSION_DIFFERS';

/** How many ended runs of a VM are kept for a person to look at. */
const KEPT_RUNS = 2;

/**
 * @param runs every run directory of the VM, oldest first
 * @param reported operations about which nothing remains to be said, since this agent started
 * @param mayForget whether what is left of a VM that is not wanted here can be of no more use (farewell.ts)
 */
export function reconcile(
  wanted: Wanted,
  runs: readonly LocalRun[],
  reported: ReadonlySet<string>,
  mayForget = false,
): Action[] {
  const lingering = runs.filter((run) => run.lingers);
  if (lingering.length > 0) return lingering.map(sweep);
  if (wanted === 'unknown') return runs.flatMap((run) => (run.ended ? [] : look(run)));
  const wantedRun = wanted?.run ?? null;
  const others = runs.filter((run) => run.runId !== wantedRun?.runId);
  const endings = others.flatMap((run) => (run.ended ? [] : end(run)));
  if (others.some((run) => !isGone(run))) return endings;
  const cleaning = collect(others, wantedRun === null ? KEPT_RUNS : KEPT_RUNS - 1);
  if (wanted === null) return mayForget && isOver(runs) ? [{ do: 'forgetVm' }] : cleaning;
  if (wantedRun === null) return remove(wanted, others, reported) ?? cleaning;
  const local = runs.find((run) => run.runId === wantedRun.runId);
  if (local === undefined) {
    // Reported means that it could not be begun: the API takes it back.
    return reported.has(wantedRun.operationId) ? cleaning : [...cleaning, { do: 'create', run: wantedRun }];
  }
  return [...cleaning, ...keep(wanted, wantedRun, local, reported)];
}

function isGone(run: LocalRun): boolean {
  return run.ended && run.worker !== 'alive';
}

/** Whether nothing happens there any more, and the API has all that happened. */
export function isOver(runs: readonly LocalRun[]): boolean {
  return runs.every((run) => isGone(run) && run.delivered);
}

function sweep({ runId }: LocalRun): Action {
  return { do: 'terminate', runId, reason: 'the run has ended and its worker has not' };
}

/** What is certain before the API has been heard: the dead are finished, the living are listened to. */
function look(run: LocalRun): Action[] {
  if (run.worker === 'alive')
    return run.connected || run.foreign !== null ? [] : [{ do: 'connect', runId: run.runId }];
  if (run.worker === 'dead' && run.started && !run.unread) return [finish(run, [])];
  return [];
}

/** The run that should exist. */
function keep(
  { requests }: Assignment,
  { operationId, psci }: RunSpec,
  run: LocalRun,
  reported: ReadonlySet<string>,
): Action[] {
  const { runId } = run;
  if (run.unread && run.worker !== 'alive') return [];
  if (run.ended) return run.failure === null ? [] : reportFailure(operationId, run.failure, reported);
  if (run.worker === 'alive') return attend(run, psci, requests, reported);
  const kill = requests.find((request) => request.kind === 'kill');
  if (run.started) return run.worker === 'dead' ? [finish(run, requests)] : [];
  if (run.worker === 'dead' && run.requests.some((request) => request.kind === 'kill')) {
    return [finish(run, requests)];
  }
  if (run.coming) return [];
  if (kill !== undefined || run.worker === 'closed') {
    return [fail(run, 'START_WITHDRAWN', 'the start was withdrawn before the guest ran')];
  }
  if (run.foreign !== null) {
    return [fail(run, FOREIGN, `this start was made ready by Holdfast ${run.foreign}: start the VM again`)];
  }
  if (typeof run.files === 'object') return [fail(run, run.files.code, run.files.detail)];
  if (run.spawns >= MAX_SPAWNS) {
    const detail = `${run.spawns} workers ended before the guest ran`;
    return [fail(run, 'WORKER_DID_NOT_START', detail)];
  }
  if (run.worker === 'dead') return [{ do: 'release', runId }];
  if (run.files === 'unknown') return [{ do: 'fetch', runId }];
  return run.files === 'ready' ? [{ do: 'spawn', runId }] : [];
}

/** A worker that should be there and is. */
function attend(
  run: LocalRun,
  psci: PsciVersion,
  requests: readonly RunRequest[],
  reported: ReadonlySet<string>,
): Action[] {
  const { runId } = run;
  const kill = requests.find((request) => request.kind === 'kill' || isForced(run, request));
  if (run.unresponsive && kill !== undefined) {
    return [{ do: 'terminate', runId, reason: 'the worker did not answer when it was told to end' }];
  }
  if (run.foreign !== null) return attendForeign(run, run.foreign, requests, reported);
  if (!run.connected) return [{ do: 'connect', runId }];
  return requests.flatMap((request): Action[] => {
    const { intentId, operationId, kind } = request;
    const failed: Report = {
      operationId,
      status: 'failed',
      error: {
        code: 'GUEST_DID_NOT_RESPOND',
        detail: silence(request, psci),
      },
    };
    if (reported.has(operationId)) return [];
    if (!run.requests.some((known) => known.intentId === intentId && known.kind === kind)) {
      return [{ do: 'request', runId, request }];
    }
    const unmet = run.unmet.find((known) => known.intentId === intentId);
    if (unmet !== undefined) {
      const { code, detail } = unmet;
      return [{ do: 'report', report: { operationId, status: 'failed', error: { code, detail } } }];
    }
    if (!isOverdue(run, request)) return [];
    if (!isForced(run, request)) return [{ do: 'report', report: failed }];
    const killed = run.requests.some((known) => known.intentId === intentId && known.kind === 'kill');
    const reason = `the guest did not power off within ${request.timeoutSeconds} s and the stop was to be forced`;
    return killed ? [] : [{ do: 'kill', runId, intentId, reason }];
  });
}

/** A worker that this agent cannot speak to. */
function attendForeign(
  run: LocalRun,
  version: string,
  requests: readonly RunRequest[],
  reported: ReadonlySet<string>,
): Action[] {
  if (requests.some((request) => request.kind === 'kill' || isForced(run, request))) {
    const reason = `the guest was to end, and its worker is one of Holdfast ${version}`;
    return [{ do: 'terminate', runId: run.runId, reason }];
  }
  return requests.flatMap(({ operationId, kind }): Action[] => {
    const detail =
      `the VM's worker is one of Holdfast ${version}, whose protocol this host's agent does not speak: run an agent of ` +
      `that version to ${kind} it, or kill the VM`;
    const report: Report = { operationId, status: 'failed', error: { code: FOREIGN, detail } };
    return reported.has(operationId) ? [] : [{ do: 'report', report }];
  });
}

/** What a request came to whose time is over. */
function silence({ kind, timeoutSeconds }: RunRequest, psci: PsciVersion): string {
  const silent = `the guest did not ${kind === 'stop' ? 'power off' : 'hibernate'} within ${timeoutSeconds} s`;
  // It may well have shut down: nothing tells, and only its end from outside is left.
  return canPowerOff(psci)
    ? silent
    : `${silent}: at PSCI ${psci} a guest has no call to power off and can only halt; stop it by force, or kill it`;
}

function isOverdue(run: LocalRun, { intentId, kind }: RunRequest): boolean {
  return run.requests.some((known) => known.intentId === intentId && known.kind === kind && known.overdue);
}

function isForced(run: LocalRun, request: RunRequest): boolean {
  return request.kind === 'stop' && request.force && isOverdue(run, request);
}

/** A run that should not exist. */
function end(run: LocalRun): Action[] {
  const { runId } = run;
  const reason = 'the run is no longer assigned to this host';
  if (run.unread && run.worker !== 'alive') return [];
  if (run.worker === 'alive') {
    if (run.unresponsive || run.foreign !== null) return [{ do: 'terminate', runId, reason }];
    if (!run.connected) return [{ do: 'connect', runId }];
    return [{ do: 'kill', runId, intentId: null, reason }];
  }
  if (run.worker === 'dead' && (run.started || run.requests.some((request) => request.kind === 'kill'))) {
    return [finish(run, [])];
  }
  return [fail(run, 'START_WITHDRAWN', reason)];
}

/**
 * The last record of a dead worker's run. Only a request to kill can be what ended it: a key that was pressed ends no
 * process. So the event names no other intent, and without a kill the host is what ended the guest.
 */
function finish(run: LocalRun, wanted: readonly RunRequest[]): Action {
  const { runId } = run;
  const asked = run.requests.findLast((request) => request.kind === 'kill');
  if (asked !== undefined) {
    const reason = 'the worker was told to end the guest';
    return { do: 'finish', runId, kind: 'killed', reason, killIntent: asked.intentId };
  }
  if (run.hostRebooted) {
    return { do: 'finish', runId, kind: 'lost', reason: 'the host rebooted', killIntent: null };
  }
  const mayBeTerminated = run.unresponsive || run.foreign !== null;
  const forced = mayBeTerminated
    ? wanted.find((request) => request.kind === 'kill' || isForced(run, request))
    : undefined;
  const reason = run.unresponsive
    ? 'the worker did not answer and was ended'
    : forced !== undefined
      ? 'the worker, one of another version, was ended'
      : run.end;
  return { do: 'finish', runId, kind: 'killed', reason, killIntent: forced?.intentId ?? null };
}

function fail({ runId }: LocalRun, code: string, detail: string): Action {
  return { do: 'fail', runId, code, detail };
}

function remove(
  { deleteOperationId }: Assignment,
  runs: readonly LocalRun[],
  reported: ReadonlySet<string>,
): Action[] | null {
  if (deleteOperationId === null) return null;
  if (reported.has(deleteOperationId) || !isOver(runs)) return [];
  return [{ do: 'removeVm', operationId: deleteOperationId }];
}

/**
 * Runs that are over and told, but for the newest. An ended run must be known for as long as an assignment that is on
 * its way may still ask for it; assignments are heard one after the other, so that the newest of them stay is enough.
 */
function collect(ended: readonly LocalRun[], kept: number): Action[] {
  return ended
    .slice(0, Math.max(0, ended.length - kept))
    .filter((run) => run.delivered)
    .map(({ runId }) => ({ do: 'removeRun', runId }));
}

function reportFailure(
  operationId: string,
  error: { code: string; detail: string },
  reported: ReadonlySet<string>,
): Action[] {
  const report: Report = { operationId, status: 'failed', error };
  return reported.has(operationId) ? [] : [{ do: 'report', report }];
}
