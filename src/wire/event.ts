/**
 * One thing that happened to a VM, as the worker's journal holds it and the agent forwards it.
 *
 * (vmId, bootId, sequence) names it for ever: the API inserts it once under that key however often it is sent.
 */
import { type Static, Type } from 'typebox';
import { EVENT_KINDS } from './event-kinds.ts';

export { EVENT_KINDS };

export const EventKind = Type.Enum(EVENT_KINDS);

export const PsciVersionSchema = Type.Enum(['0.1', '0.2', '1.0', '1.1', '1.2', '1.3']);

/** The PSCI call behind an event. `type` and `cookie` are the call's x1 and x2 where it has them. */
export const PsciCall = Type.Object(
  {
    version: PsciVersionSchema,
    function: Type.Union([Type.String(), Type.Null()]),
    type: Type.Union([Type.Integer(), Type.Null()]),
    cookie: Type.Union([Type.Integer(), Type.Null()]),
  },
  { additionalProperties: false },
);

/** KVM_EXIT_SYSTEM_EVENT: `data` as hexadecimal words, `0x1`. */
export const KvmSystemEvent = Type.Object(
  {
    type: Type.Integer(),
    data: Type.Array(Type.String({ pattern: '^0x[0-9a-f]{1,16}$' }), { maxItems: 16 }),
  },
  { additionalProperties: false },
);

export const EventRecord = Type.Object(
  {
    vmId: Type.String({ format: 'uuid' }),
    runId: Type.String({ format: 'uuid' }),
    bootId: Type.String({ format: 'uuid' }),
    /** Counts from 1 within a run. */
    sequence: Type.Integer({ minimum: 1 }),
    kind: EventKind,
    /**
     * The intents the worker had acted on in this boot when the event happened, newest first: the operator's
     * requests that may have caused it. Empty: nobody but the guest or the host did.
     */
    intentIds: Type.Array(Type.String({ format: 'uuid' }), { maxItems: 64 }),
    psci: Type.Union([PsciCall, Type.Null()]),
    kvm: Type.Union([KvmSystemEvent, Type.Null()]),
    /** What a person should know about it, for `crash`, `killed` and `lost`. */
    reason: Type.Union([Type.String({ maxLength: 2000 }), Type.Null()]),
    observedAt: Type.String({ format: 'date-time' }),
    /** True on the last record of a run: its worker has ended or is about to, and the guest will not run again in it. */
    final: Type.Boolean(),
  },
  { additionalProperties: false },
);

export type EventKind = Static<typeof EventKind>;
export type PsciCall = Static<typeof PsciCall>;
export type KvmSystemEvent = Static<typeof KvmSystemEvent>;
export type EventRecord = Static<typeof EventRecord>;
