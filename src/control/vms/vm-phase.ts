/**
 * The phase of a VM: what is known of it now. Derived, never set at will: from the events of its current run, from its
 * open operation, and, when read, from its host's lease.
 *
 *                 start, no room yet        placed
 *      ┌──────────────────▶ pending ───────────┐
 *      │                       │ kill, cancel   ▼            started
 *   stopped ◀──────────────────┘           starting ─────────────────────┐
 *      │  ▲ ───────── start, placed ──────────▲ │ start failed           ▼   or suspend, by the guest
 *      │  │                                   │ └──▶ failed      ┌─▶ running ──paused──▶ paused
 *      │  │ poweroff, killed by an operator   │        ▲         │    │  ▲  ◀──resumed──  │
 *      │  └──────────── run ends ─────────────│────────│─────────│────┤  │ reset          │
 *      │                                      │        │ crash,  │    │  │ (a new boot)   │
 *   hibernated ◀── hibernate (SYSTEM_OFF2) ───│────────│ lost,   │    │  │                │
 *      └──────────────── start ───────────────┘        │ killed  │    ▼                   │
 *                                                      └ by host └─ stopping, hibernating ┘ kill
 *
 * A VM that was to run and was lost with its host is `pending` and not `failed`: it is started again.
 *
 * `migrating` lies over everything from the request to the arrival (migration-look.ts); a kill takes its place.
 * `stopping` and `hibernating` lie over what the run's events say while such an operation is open; when it fails, what
 * lies below shows again. `unknown` lies over everything that has a run once its host's lease has run out.
 */
import type { Hibernation } from '../../psci/system-event.ts';
import type { EventKind } from '../../wire/event.ts';

export const VM_PHASES = [
  'pending',
  'starting',
  'running',
  'paused',
  'stopping',
  'stopped',
  'hibernating',
  'hibernated',
  'migrating',
  'failed',
  'unknown',
] as const;

export type VmPhase = (typeof VM_PHASES)[number];

/** `unknown` is never stored: see `PHASE_SQL` in vm-query.ts. */
export type StoredPhase = Exclude<VmPhase, 'unknown'>;

/** What the events of a run say about it while it lasts. */
export type ObservedRun = 'starting' | 'running' | 'paused';

export const INITIATORS = ['guest', 'operator', 'policy', 'host', 'unknown'] as const;
export type Initiator = (typeof INITIATORS)[number];

export const OPERATION_KINDS = [
  'start',
  'stop',
  'kill',
  'pause',
  'resume',
  'reset',
  'hibernate',
  'snapshot',
  'delete',
  'drain',
  'migrate',
] as const;
export type OperationKind = (typeof OPERATION_KINDS)[number];

export type EndPhase = 'stopped' | 'hibernated' | 'failed';

export type Outcome =
  /** `observed` is null when the event says nothing about whether the vCPUs run. */
  | { readonly ended: false; readonly observed: ObservedRun | null }
  | { readonly ended: true; readonly phase: EndPhase };

const OBSERVED: Readonly<Record<EventKind, ObservedRun | null>> = {
  started: 'running',
  resumed: 'running',
  restored: 'running',
  reset: 'running',
  paused: 'paused',
  // The guest suspended itself, and an operator's resume wakes it.
  suspend: 'paused',
  // Not the last record of its run: the worker restarts the guest as `onGuest` says, and `started` follows.
  poweroff: null,
  hibernate: null,
  crash: null,
  saved: null,
  migrated: null,
  killed: null,
  lost: null,
};

/** What one event makes of the run it belongs to. */
export function outcomeOf(event: { kind: EventKind; final: boolean; initiator: Initiator }): Outcome {
  if (!event.final) return { ended: false, observed: OBSERVED[event.kind] };
  return { ended: true, phase: endPhase(event.kind, event.initiator) };
}

function endPhase(kind: EventKind, initiator: Initiator): EndPhase {
  if (kind === 'hibernate') return 'hibernated';
  if (kind === 'crash' || kind === 'lost') return 'failed';
  if (kind === 'killed' && initiator === 'host') return 'failed';
  return 'stopped';
}

/** The phase of a VM with a run. */
export function phaseOfRun(observed: ObservedRun, openOperation: OperationKind | null): StoredPhase {
  if (openOperation === 'migrate') return 'migrating';
  if (openOperation === 'stop' || openOperation === 'kill') return 'stopping';
  if (openOperation === 'hibernate') return 'hibernating';
  return observed;
}

/** What the newest event of a run that says anything shows; `starting` before there is one. */
export function observedFrom(kindsNewestFirst: readonly EventKind[]): ObservedRun {
  for (const kind of kindsNewestFirst) {
    const observed = OBSERVED[kind];
    if (observed !== null) return observed;
  }
  return 'starting';
}

/** The phase to fall back to when a start comes to nothing before the guest ran. */
export function phaseBeforeStart(hibernation: Hibernation | null): 'stopped' | 'hibernated' {
  return hibernation === 'yes' ? 'hibernated' : 'stopped';
}

/**
 * What to believe of the disk after a run has ended. The event decides where the question arises for it. A guest that
 * was asked to hibernate and then ended otherwise (killed, crashed, lost) may have written its image already.
 */
export function hibernationAfter(
  event: { hibernation: Hibernation | null },
  context: { hibernateAsked: boolean; writableDisk: boolean },
): Hibernation {
  if (event.hibernation !== null) return event.hibernation;
  return context.hibernateAsked && context.writableDisk ? 'unknown' : 'no';
}
