/**
 * Who asked for what happened. An intent is an operator's request to a running guest, recorded before it is sent; the
 * worker names in each record the intents it had acted on, so an event is attributed from the journal, never by time.
 *
 *   open ──an event of its run fits──▶ consumed (by exactly one event)
 *     └──its operation failed or was cancelled──▶ withdrawn: the guest may act on it later, and then nobody can say
 *                                                  who asked, so the initiator is `unknown`
 */
import type { EventKind } from '../../wire/event.ts';
import type { Initiator, OperationKind } from '../vms/vm-phase.ts';

export type IntentKind = 'poweroff' | 'hibernate' | 'kill' | 'pause' | 'resume' | 'reset' | 'snapshot';

export interface Intent {
  readonly id: string;
  readonly vmId: string;
  readonly runId: string;
  readonly operationId: string;
  readonly kind: IntentKind;
  readonly withdrawn: boolean;
  readonly consumed: boolean;
  /** Not an operator asked but what an operator has set up, such as a rollout. */
  readonly byPolicy: boolean;
}

export interface Attribution {
  readonly initiator: Initiator;
  /** The request behind the event, where there is one. */
  readonly intentId: string | null;
  /** True when the event uses the intent up; `started` after a reset only refers to it. */
  readonly consumes: boolean;
}

const INTENT_OF_OPERATION: Readonly<Partial<Record<OperationKind, IntentKind>>> = {
  stop: 'poweroff',
  hibernate: 'hibernate',
  kill: 'kill',
  pause: 'pause',
  resume: 'resume',
  reset: 'reset',
  snapshot: 'snapshot',
};

/** The kind of intent behind an operation, or null for those that ask no guest (`start`, `delete`). */
export function intentKindOf(operation: OperationKind): IntentKind | null {
  return INTENT_OF_OPERATION[operation] ?? null;
}

const ENDINGS: readonly IntentKind[] = ['poweroff', 'hibernate', 'kill'];

/** Intents that can be behind an event; the first is the one that asks for exactly that. */
const FITTING: Readonly<Partial<Record<EventKind, readonly IntentKind[]>>> = {
  poweroff: ENDINGS,
  hibernate: ['hibernate', 'poweroff', 'kill'],
  killed: ['kill', 'poweroff', 'hibernate'],
  paused: ['pause'],
  resumed: ['resume'],
  reset: ['reset'],
  saved: ['snapshot'],
};

export interface AttributedRecord {
  readonly vmId: string;
  readonly runId: string;
  readonly sequence: number;
  readonly kind: EventKind;
  /** Newest first. */
  readonly intentIds: readonly string[];
}

/** Decides who is behind a record. `intents` holds at least those the record names, as far as they exist. */
export function attribute(record: AttributedRecord, intents: ReadonlyMap<string, Intent>): Attribution {
  const named = record.intentIds
    .map((id) => intents.get(id))
    .filter((intent) => intent !== undefined)
    .filter((intent) => intent.vmId === record.vmId && intent.runId === record.runId);
  if (record.kind === 'started' || record.kind === 'restored') return attributeStart(record, named);

  const kinds = FITTING[record.kind] ?? [];
  const fitting = named.filter((intent) => kinds.includes(intent.kind) && !intent.consumed);
  const live = fitting.filter((intent) => !intent.withdrawn);
  const exact = live.find((intent) => intent.kind === kinds[0]) ?? live[0];
  if (exact !== undefined) return { initiator: askerOf(exact), intentId: exact.id, consumes: true };
  if (fitting.length > 0) return { initiator: 'unknown', intentId: null, consumes: false };
  const byHost = record.kind === 'killed' || record.kind === 'lost';
  return { initiator: byHost ? 'host' : 'guest', intentId: null, consumes: false };
}

/** A run's first boot is the operator's start; a later one is whoever's reset made it. */
function attributeStart(record: AttributedRecord, named: readonly Intent[]): Attribution {
  if (record.sequence === 1) return { initiator: 'operator', intentId: null, consumes: false };
  const reset = named.find((intent) => intent.kind === 'reset');
  return reset === undefined
    ? { initiator: 'guest', intentId: null, consumes: false }
    : { initiator: askerOf(reset), intentId: reset.id, consumes: false };
}

function askerOf({ byPolicy }: Intent): Initiator {
  return byPolicy ? 'policy' : 'operator';
}
