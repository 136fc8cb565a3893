import { type Static, Type } from 'typebox';
import { INITIATORS } from '../../control/vms/vm-phase.ts';
import { EventKind, KvmSystemEvent, PsciCall, PsciVersionSchema } from '../../wire/event.ts';
import { closed, Nullable, named, Timestamp, Uuid } from './common.ts';

export const Initiator = Type.Enum(INITIATORS, {
  description: 'Who asked for it. `unknown` where that cannot be told.',
});

export const Event = named(
  'Event',
  Type.Object(
    {
      id: Uuid,
      cursor: Type.String({ description: 'Its place in the log, for `after`.' }),
      vmId: Uuid,
      hostId: Uuid,
      runId: Uuid,
      bootId: Uuid,
      sequence: Type.Integer({ description: 'Counts the events of one run, from 1.' }),
      kind: EventKind,
      initiator: Initiator,
      intentId: Nullable(Type.String({ format: 'uuid', description: "The operator's request behind it." })),
      psci: Nullable(PsciCall),
      hibernation: Nullable(
        Type.Enum(['yes', 'no', 'unknown'], { description: 'Null where the question does not arise.' }),
      ),
      kvm: Nullable(KvmSystemEvent),
      reason: Nullable(Type.String()),
      snapshot: Nullable(
        Type.Object(
          {
            digest: Type.String(),
            sizeBytes: Type.Integer(),
            pauseMilliseconds: Type.Number({ description: 'How long the guest stood still.' }),
          },
          { ...closed, description: 'On `saved`: the file, and what it cost the guest.' },
        ),
      ),
      pin: Nullable(
        Type.Object(
          {
            version: PsciVersionSchema,
            source: Type.String({ description: '`vm`, `policy:<id>`, `default`, `sticky` or `latest`.' }),
            policyRevision: Nullable(Type.Integer({ description: 'Of that fleet policy.' })),
            why: Type.String(),
          },
          { ...closed, description: 'On `started` and `restored`: what the run is pinned to, and why.' },
        ),
      ),
      migration: Nullable(
        Type.Object(
          { fromHostId: Uuid, toHostId: Uuid },
          { ...closed, description: 'On `migrated`: where the VM was, and where it is.' },
        ),
      ),
      observedAt: Type.String({ format: 'date-time', description: "When it happened, by its host's clock." }),
      recordedAt: Timestamp,
    },
    { ...closed, description: 'A fact about a VM. It never changes.' },
  ),
);

export const EventFilterQuery = {
  kind: Type.Optional(EventKind),
  initiator: Type.Optional(Initiator),
  hostId: Type.Optional(Uuid),
};

export const After = Type.Optional(
  Type.String({
    pattern: '^[0-9]{1,20}-[0-9]{1,19}$',
    description: 'Only what comes after the event with this cursor.',
  }),
);

export const EventParams = Type.Object({ eventId: Uuid }, closed);

export type Event = Static<typeof Event>;
