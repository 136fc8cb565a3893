/**
 * What a journal holds: events, which leave the host; requests, written before they are acted on; and the failure of a
 * start, which ends a run whose guest never ran; and what came to nothing of requests that no event answers.
 *
 * A journal outlives the version that began it. Members may be added: what is absent means what it meant before, and
 * what is not known is passed over. A record of a kind that this version does not know is left for one that does: see
 * journal.ts.
 */

import { PSCI_VERSIONS } from '../psci/versions.ts';
import type { EventRecord } from '../wire/event.ts';
import { EVENT_KINDS } from '../wire/event-kinds.ts';
import { firmwareAbi } from '../wire/firmware.ts';
import {
  flag,
  integer,
  list,
  nullable,
  number,
  oneOf,
  open,
  type Shape,
  type Shaped,
  ShapeError,
  text,
  uuid,
} from '../wire/shape.ts';

export const REQUEST_KINDS = ['stop', 'hibernate', 'kill', 'pause', 'resume', 'reset', 'snapshot'] as const;
export type RequestKind = (typeof REQUEST_KINDS)[number];

const savedSnapshot = open(
  {
    digest: text,
    sizeBytes: integer(1),
    pauseMilliseconds: number,
    vcpus: integer(1),
    memoryMiB: integer(1),
    disks: list(open({ name: text, sizeMiB: integer(1), readOnly: flag })),
    firmware: firmwareAbi,
  },
  { hostBootId: uuid },
);

const event = open(
  {
    type: oneOf('event'),
    vmId: uuid,
    runId: uuid,
    bootId: uuid,
    sequence: integer(1),
    kind: oneOf(...EVENT_KINDS),
    intentIds: list(uuid),
    psci: nullable(
      open({
        version: oneOf(...PSCI_VERSIONS),
        function: nullable(text),
        type: nullable(integer()),
        cookie: nullable(integer()),
      }),
    ),
    kvm: nullable(open({ type: integer(), data: list(text) })),
    reason: nullable(text),
    observedAt: text,
    final: flag,
  },
  // Journals of earlier releases do not have them.
  { firmware: firmwareAbi, hostBootId: uuid, snapshot: savedSnapshot },
);

const request = open({
  type: oneOf('request'),
  /** Null when the host itself asks, for a run that is no longer wanted. */
  intentId: nullable(uuid),
  kind: oneOf(...REQUEST_KINDS),
  /** The boot it was made in. */
  bootId: uuid,
  /** How long the guest has to answer; null when it is not asked. */
  timeoutSeconds: nullable(integer(1)),
  /** Wall clock, RFC 3339. */
  at: text,
});

const failure = open({
  type: oneOf('failure'),
  /** SCREAMING_SNAKE, as operations report it. */
  code: text,
  detail: text,
  at: text,
});

/** A request that was taken and came to nothing, with no event to tell: a save that failed. */
const unmet = open({
  type: oneOf('unmet'),
  intentId: uuid,
  /** SCREAMING_SNAKE, as operations report it. */
  code: text,
  detail: text,
  at: text,
});

export type EventEntry = { readonly type: 'event' } & Readonly<EventRecord>;
export type RequestEntry = Readonly<Shaped<typeof request>>;
export type FailureEntry = Readonly<Shaped<typeof failure>>;
export type UnmetEntry = Readonly<Shaped<typeof unmet>>;
export type JournalEntry = EventEntry | RequestEntry | FailureEntry | UnmetEntry;

const byType: Readonly<Record<string, Shape<JournalEntry>>> = { event, request, failure, unmet };

/** @throws ShapeError */
export const journalEntry: Shape<JournalEntry> = (value, at) => {
  const type = typeof value === 'object' && value !== null && 'type' in value ? value.type : undefined;
  const shape = typeof type === 'string' ? byType[type] : undefined;
  if (shape === undefined) throw new ShapeError(`${at}/type`, `one of ${Object.keys(byType).join(', ')}`);
  return shape(value, at);
};
