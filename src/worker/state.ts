/**
 * What a worker does next: a pure function from (state, input) to (state, effects). lifecycle.ts feeds it one input at
 * a time and performs the effects in order, each finished before the next.
 *
 *   created ──begin──▶ starting ──made──▶ running ◀──resume── paused
 *                        │   │              │  ├────pause─────▶ │
 *                        │   │              │  └───suspend────▶ │  (the guest itself, SYSTEM_SUSPEND)
 *               not made │   │ kill         │                   │ kill, reset
 *                        ▼   │              ├── poweroff, hibernate, kill, fault ──▶ stopping ──closed──▶ ended
 *                     failed │              │
 *                            └▶ stopping    └── reset, or an end that onGuest answers with a restart ──▶ resetting
 *                                                 resetting ──made──▶ running      (a new boot, same run, same pin)
 *                                                     └ where boots keep ending soon, not before `due` (restart.ts)
 *                                                 resetting ──not made──▶ stopping (killed)
 *
 * Order is the point:
 * - `started`, `restored` and `resumed` are journalled before the vCPUs run, `paused` after they have stopped: what the journal says
 *   of a guest at rest is true whenever the process dies.
 * - A guest's request (a system event) is journalled before it is acted on; its vCPUs are at rest by then. The first
 *   end wins: every later guest event or request of this run finds it `stopping` and changes nothing.
 * - An operator's request is journalled before it is acted on, and answered after that. So a request that was answered
 *   survives, and one that was lost is sent again by the agent and known by its intent. Its event follows the act:
 *   `killed` says that the guest is gone. Dying in between leaves the request, from which the agent knows the end.
 */

import type { DecodedSystemEvent } from '../psci/system-event.ts';
import type { OnGuest } from '../wire/agent.ts';
import type { EventKind, KvmSystemEvent, PsciCall, SavedSnapshot } from '../wire/event.ts';
import type { FailureEntry, RequestEntry, UnmetEntry } from './journal.ts';
import type { Phase, WorkerRequest } from './protocol.ts';
import { type Refusal, refusal } from './refusals.ts';
import { type Boots, bootEnded, describeWait, NO_BOOTS } from './restart.ts';

/** A question to the guest that it has not answered. */
export interface Ask {
  readonly kind: 'stop' | 'hibernate';
  readonly timeoutSeconds: number | null;
}

export interface State {
  readonly phase: Phase;
  readonly bootId: string;
  readonly onGuest: OnGuest;
  /** Requests acted on in this boot, newest first. */
  readonly acted: readonly RequestEntry[];
  /** `known()` of every request acted on in this run. */
  readonly taken: ReadonlySet<string>;
  /** The next boot goes on from a snapshot. */
  readonly restoring: boolean;
  readonly boots: Boots;
  /** `resetting`, and the machine is not being made yet. */
  readonly waits: boolean;
}

export type Input =
  | { readonly type: 'begin' }
  | { readonly type: 'made'; readonly bootId: string }
  /** What a `wait` waited for. */
  | { readonly type: 'due'; readonly bootId: string }
  | {
      readonly type: 'notMade';
      readonly bootId: string;
      readonly code: string;
      readonly detail: string;
    }
  | { readonly type: 'guest'; readonly bootId: string; readonly event: DecodedSystemEvent }
  | { readonly type: 'fault'; readonly bootId: string; readonly detail: string }
  | { readonly type: 'request'; readonly request: WorkerRequest }
  /** The host is about to end this process. */
  | { readonly type: 'terminated'; readonly reason: string }
  | { readonly type: 'closed' }
  | {
      readonly type: 'saved';
      readonly bootId: string;
      readonly intentId: string;
      readonly snapshot: SavedSnapshot;
    }
  | {
      readonly type: 'notSaved';
      readonly intentId: string;
      readonly code: string;
      readonly detail: string;
    };

/** An event but for what lifecycle.ts adds: ids of VM, run and boot, sequence and time. */
export interface EventDraft {
  readonly kind: EventKind;
  readonly bootId: string;
  readonly intentIds: readonly string[];
  readonly psci: PsciCall | null;
  readonly kvm: KvmSystemEvent | null;
  readonly reason: string | null;
  readonly final: boolean;
  readonly snapshot: SavedSnapshot | null;
}

export type Effect =
  /** Journal, and return when it is on the disk. */
  | { readonly do: 'event'; readonly event: EventDraft }
  | { readonly do: 'journal'; readonly entry: RequestEntry | FailureEntry | UnmetEntry }
  /** Answer the request that is being handled; null: taken. */
  | { readonly do: 'answer'; readonly refusal: Refusal | null }
  /** Begin to make a machine; `made` or `notMade` follows. */
  | { readonly do: 'make'; readonly bootId: string; readonly restore: boolean }
  /** Begin to make one later: `due` follows. */
  | { readonly do: 'wait'; readonly bootId: string; readonly ms: number }
  | { readonly do: 'run' }
  /** Save the guest and let it go on; `saved` or `notSaved` follows when the file is written or is not. */
  | { readonly do: 'save'; readonly bootId: string; readonly intentId: string }
  | { readonly do: 'pause' }
  | { readonly do: 'resume' }
  /** Press keys until the guest answers; replaces an earlier question. */
  | { readonly do: 'ask'; readonly ask: Ask }
  | { readonly do: 'stopAsking' }
  /** End the machine, made or still being made. */
  | { readonly do: 'close' }
  /** End the process, nothing more being to do. */
  | { readonly do: 'exit'; readonly code: 0 | 1 };

/** What a step takes from outside. */
export interface Chance {
  /** Wall clock, RFC 3339. */
  readonly at: string;
  /** Milliseconds on the monotonic clock. */
  readonly now: number;
  /** The id of the next boot, if there is one. */
  readonly newBootId: string;
}

export interface Step {
  readonly state: State;
  readonly effects: readonly Effect[];
}

export function initialState(bootId: string, onGuest: OnGuest, restoring: boolean): State {
  const fresh = { acted: [], taken: new Set<string>(), boots: NO_BOOTS, waits: false };
  return { phase: 'created', bootId, onGuest, restoring, ...fresh };
}

export function transition(state: State, input: Input, chance: Chance): Step {
  switch (input.type) {
    case 'begin':
      return to(state, 'starting', [{ do: 'make', bootId: state.bootId, restore: state.restoring }]);
    case 'made':
      return isMaking(state, input.bootId) ? begun(state, chance) : nothing(state);
    case 'due':
      return state.waits && state.bootId === input.bootId ? bootNow(state) : nothing(state);
    case 'notMade':
      return isMaking(state, input.bootId) ? notBegun(state, input, chance) : nothing(state);
    case 'guest':
      return isUp(state, input.bootId) ? guestDid(state, input.event, chance) : nothing(state);
    case 'fault':
      return isUp(state, input.bootId) ? faulted(state, input.detail, chance) : nothing(state);
    case 'request':
      return requested(state, input.request, chance);
    case 'terminated':
      return terminated(state, input.reason);
    case 'closed':
      return state.phase === 'stopping' ? to(state, 'ended', [{ do: 'exit', code: 0 }]) : nothing(state);
    case 'saved':
      return hasEnded(state) ? nothing(state) : { state, effects: [event(savedDraft(state, input))] };
    case 'notSaved':
      return hasEnded(state) ? nothing(state) : notSaved(state, input, chance);
  }
}

/** No record may follow the final one: what a save still came to is lost with the run, and its operation says so. */
function hasEnded({ phase }: State): boolean {
  return phase === 'stopping' || phase === 'ended' || phase === 'failed';
}

/** The request's own event: nothing else that was asked has caused it. The boot is the one that was saved. */
function savedDraft(
  state: State,
  { bootId, intentId, snapshot }: Extract<Input, { type: 'saved' }>,
): EventDraft {
  return { ...draft(state, 'saved', { snapshot }), bootId, intentIds: [intentId] };
}

function notSaved(
  state: State,
  { intentId, code, detail }: Extract<Input, { type: 'notSaved' }>,
  { at }: Chance,
): Step {
  return { state, effects: [{ do: 'journal', entry: { type: 'unmet', intentId, code, detail, at } }] };
}

/** Events of a machine that is gone, or of one that has had its final record, are of no consequence. */
function isUp(state: State, bootId: string): boolean {
  return state.bootId === bootId && (state.phase === 'running' || state.phase === 'paused');
}

function isMaking(state: State, bootId: string): boolean {
  return (
    state.bootId === bootId && !state.waits && (state.phase === 'starting' || state.phase === 'resetting')
  );
}

function begun(state: State, { now }: Chance): Step {
  const kind = state.restoring ? 'restored' : 'started';
  const boots = { ...state.boots, since: now };
  return to({ ...state, restoring: false, boots }, 'running', [event(draft(state, kind, {})), { do: 'run' }]);
}

function notBegun(state: State, why: { code: string; detail: string }, { at }: Chance): Step {
  if (state.phase === 'resetting') {
    const reason = `the machine could not be made again: ${why.detail} (${why.code})`;
    return finish(state, draft(state, 'killed', { reason, final: true }));
  }
  const entry: FailureEntry = { type: 'failure', code: why.code, detail: why.detail, at };
  return to(state, 'failed', [
    { do: 'journal', entry },
    { do: 'exit', code: 1 },
  ]);
}

function guestDid(state: State, { kind, psci, kvm }: DecodedSystemEvent, chance: Chance): Step {
  // It sleeps: a pause that an operator's resume ends, as it would end his own.
  if (kind === 'suspend') return to(state, 'paused', [event(draft(state, kind, { psci, kvm }))]);
  const reason = kind === 'crash' ? 'the guest said that it crashed' : null;
  return guestEnded(state, kind, { psci, kvm, reason }, chance);
}

/** KVM or a device gave the machine up: for whoever waits for the guest it has crashed. */
function faulted(state: State, reason: string, chance: Chance): Step {
  return guestEnded(state, 'crash', { reason }, chance);
}

function guestEnded(
  state: State,
  kind: DecodedSystemEvent['kind'],
  fields: Omit<DraftFields, 'final'>,
  chance: Chance,
): Step {
  if (!restarts(state, kind)) return finish(state, draft(state, kind, { ...fields, final: true }));
  const { boots, waitMs: wanted } = bootEnded(state.boots, chance.now);
  // Who asked it to stop does not want to wait for the next boot to ask again.
  const waitMs = state.acted.some((request) => request.kind === 'stop') ? 0 : wanted;
  const why = [fields.reason ?? [], waitMs === 0 ? [] : describeWait(boots, waitMs)].flat();
  const record = draft(state, kind, { ...fields, reason: why.length === 0 ? null : why.join('; ') });
  return reboot({ ...state, boots }, chance, { first: [event(record), { do: 'close' }], waitMs });
}

function restarts({ onGuest, acted }: State, kind: DecodedSystemEvent['kind']): boolean {
  // An operator who asked for an end is not answered with a restart.
  const endAsked = acted.some((request) => request.kind === 'stop' || request.kind === 'hibernate');
  if (kind === 'poweroff') return onGuest.poweroff === 'restart' && !endAsked;
  if (kind === 'reset') return onGuest.reset === 'restart';
  if (kind === 'crash') return onGuest.crash === 'restart';
  return false;
}

function requested(state: State, request: WorkerRequest, chance: Chance): Step {
  const { phase } = state;
  if (state.taken.has(known(request))) return answer(state, null);
  if (hasEnded(state)) return refuse(state, 'RUN_ENDED');
  const up = phase === 'running' || phase === 'paused';
  switch (request.kind) {
    case 'kill': {
      const { state: next, before } = take(state, request, chance);
      const killed = draft(next, 'killed', { reason: request.reason, final: true });
      const effects: Effect[] = [...before, { do: 'stopAsking' }, { do: 'close' }, event(killed)];
      return to({ ...next, waits: false }, 'stopping', effects);
    }
    case 'stop':
    case 'hibernate': {
      if (phase === 'paused') return refuse(state, 'PAUSED');
      if (state.waits)
        return request.kind === 'stop' ? bootNever(state, request, chance) : refuse(state, 'NOT_RUNNING');
      const { state: next, before } = take(state, request, chance);
      const ask: Ask = { kind: request.kind, timeoutSeconds: request.timeoutSeconds };
      return { state: next, effects: [...before, { do: 'ask', ask }] };
    }
    case 'pause': {
      if (phase === 'paused') return refuse(state, 'ALREADY_PAUSED');
      if (!up) return refuse(state, 'NOT_RUNNING');
      const { state: next, before } = take(state, request, chance);
      return to(next, 'paused', [...before, { do: 'pause' }, event(draft(next, 'paused', {}))]);
    }
    case 'resume': {
      if (!up) return refuse(state, 'NOT_RUNNING');
      if (phase === 'running') return refuse(state, 'NOT_PAUSED');
      const { state: next, before } = take(state, request, chance);
      return to(next, 'running', [...before, event(draft(next, 'resumed', {})), { do: 'resume' }]);
    }
    case 'snapshot': {
      if (!up) return refuse(state, 'NOT_RUNNING');
      if (request.intentId === null) return refuse(state, 'NOT_RUNNING');
      const { state: next, before } = take(state, request, chance);
      const { bootId } = next;
      return { state: next, effects: [...before, { do: 'save', bootId, intentId: request.intentId }] };
    }
    case 'reset': {
      if (!up && !state.waits) return refuse(state, 'NOT_RUNNING');
      const { state: taken, before } = take(state, request, chance);
      const next = { ...taken, boots: NO_BOOTS };
      if (state.waits) return bootNow(next, [...before, event(draft(next, 'reset', {}))]);
      return reboot(next, chance, {
        first: [...before, { do: 'close' }, event(draft(next, 'reset', {}))],
        cause: next.acted.slice(0, 1),
      });
    }
  }
}

/** The boot that waited begins. */
function bootNow(state: State, first: readonly Effect[] = []): Step {
  const make: Effect = { do: 'make', bootId: state.bootId, restore: false };
  return { state: { ...state, waits: false }, effects: [...first, make] };
}

/** There is no guest to ask: its next boot is not waited for. */
function bootNever(state: State, request: WorkerRequest, chance: Chance): Step {
  const { state: next, before } = take(state, request, chance);
  const reason = 'the guest had ended, and was stopped before its next boot';
  const killed = draft(next, 'killed', { reason, final: true });
  return to({ ...next, waits: false }, 'stopping', [...before, { do: 'close' }, event(killed)]);
}

/** The guest goes with its host, as in a loss of power, but in order. */
function terminated(state: State, reason: string): Step {
  const { phase } = state;
  if (phase === 'stopping' || phase === 'ended' || phase === 'failed') return nothing(state);
  const lost = draft(state, 'lost', { reason, final: true });
  return to({ ...state, waits: false }, 'stopping', [{ do: 'stopAsking' }, { do: 'close' }, event(lost)]);
}

/** Names a request for idempotence. A stop that is forced comes again as a kill under the same intent. */
function known({ intentId, kind }: { intentId: string | null; kind: string }): string {
  return `${kind} ${intentId ?? 'host'}`;
}

function take(state: State, request: WorkerRequest, { at }: Chance): { state: State; before: Effect[] } {
  const { intentId, kind, timeoutSeconds } = request;
  const entry: RequestEntry = { type: 'request', intentId, kind, bootId: state.bootId, timeoutSeconds, at };
  return {
    state: {
      ...state,
      acted: [entry, ...state.acted],
      taken: new Set([...state.taken, known(request)]),
    },
    before: [
      { do: 'journal', entry },
      { do: 'answer', refusal: null },
    ],
  };
}

/**
 * A new boot. It begins with its cause behind it, an operator's reset if it was one, and with a `stop` that the guest
 * answered by rebooting; a hibernation may have been answered so.
 */
function reboot(
  state: State,
  { newBootId }: Chance,
  {
    first,
    cause = [],
    waitMs = 0,
  }: { first: readonly Effect[]; cause?: readonly RequestEntry[]; waitMs?: number },
): Step {
  const ask = state.acted.find((request) => request.kind === 'stop' || request.kind === 'hibernate');
  const carried = [...cause, ...(ask?.kind === 'stop' ? [ask] : [])];
  return {
    state: { ...state, phase: 'resetting', bootId: newBootId, acted: carried, waits: waitMs > 0 },
    effects: [
      ...first,
      ...(ask?.kind === 'hibernate' ? [{ do: 'stopAsking' } as const] : []),
      waitMs > 0
        ? { do: 'wait', bootId: newBootId, ms: waitMs }
        : { do: 'make', bootId: newBootId, restore: false },
    ],
  };
}

/** The guest is at rest already: its end is recorded, then acted on. */
function finish(state: State, record: EventDraft): Step {
  return to(state, 'stopping', [event(record), { do: 'stopAsking' }, { do: 'close' }]);
}

type DraftFields = Partial<Pick<EventDraft, 'psci' | 'kvm' | 'reason' | 'final' | 'snapshot'>>;

function draft(state: State, kind: EventKind, fields: DraftFields): EventDraft {
  const intentIds = [...new Set(state.acted.flatMap(({ intentId }) => intentId ?? []))];
  return {
    kind,
    bootId: state.bootId,
    // The wire's bound; the newest are the ones that can have caused anything.
    intentIds: intentIds.slice(0, 64),
    psci: fields.psci ?? null,
    kvm: fields.kvm ?? null,
    reason: fields.reason ?? null,
    final: fields.final ?? false,
    snapshot: fields.snapshot ?? null,
  };
}

function event(record: EventDraft): Effect {
  return { do: 'event', event: record };
}

function to(state: State, phase: Phase, effects: Effect[]): Step {
  return { state: { ...state, phase }, effects };
}

function nothing(state: State): Step {
  return { state, effects: [] };
}

function answer(state: State, refused: Refusal | null): Step {
  return { state, effects: [{ do: 'answer', refusal: refused }] };
}

function refuse(state: State, code: Refusal['code']): Step {
  return answer(state, refusal(code));
}
