import { type Static, Type } from 'typebox';
import { VERDICTS } from '../../control/policies/preflight.ts';
import { Digest, Labels } from '../../wire/agent.ts';
import { PsciVersionSchema } from '../../wire/event.ts';
import { closed, Nullable, named, Timestamp, Uuid } from './common.ts';

const Count = Type.Integer({ minimum: 0 });

const Target = Type.Object(
  {
    version: Type.Optional(
      Type.Enum(PsciVersionSchema.enum, { description: 'A kernel whose newest version is this one.' }),
    ),
    hostId: Type.Optional(Type.String({ format: 'uuid', description: 'A kernel like that of this host.' })),
    fingerprint: Type.Optional({
      ...Digest,
      description: 'A kernel with this fingerprint; any that a host of the fleet has or had.',
    } as typeof Digest),
  },
  { ...closed, minProperties: 1, maxProperties: 1 },
);

const Request = {
  hostId: Type.Optional(Type.String({ format: 'uuid', description: 'The host that is to change.' })),
  hostSelector: Type.Optional({
    ...Labels,
    description: 'Labels of the hosts that are to change; `{}` takes all. This or `hostId`.',
  } as typeof Labels),
  target: Target,
};

export const NewPreflight = Type.Object(Request, closed);

const Verdict = Type.Enum(VERDICTS, {
  description:
    '`keeps`: the same version, answered the same as far as that was measured. `seesChange`: it starts, and its guest is ' +
    'shown another version or other answers. `cannotStart`: its next boot cannot be had there. `cannotResume`: its guest ' +
    'hibernated, or may have, or goes on from a snapshot, and cannot go on there.',
});
const Counts = Type.Object(
  { keeps: Count, seesChange: Count, cannotStart: Count, cannotResume: Count },
  closed,
);
const KernelTarget = Type.Object(
  {
    description: Type.String(),
    accepted: Type.Array(PsciVersionSchema),
    default: PsciVersionSchema,
    fingerprint: Nullable(
      Type.String({ description: 'What answers were compared with; null where they could not be.' }),
    ),
  },
  closed,
);

const Common = {
  id: Uuid,
  createdAt: Timestamp,
  requestedBy: Type.String(),
  request: Type.Object(Request, closed),
  target: KernelTarget,
  counts: Counts,
};

export const PreflightSummary = named('PreflightSummary', Type.Object(Common, closed));

export const Preflight = named(
  'Preflight',
  Type.Object(
    {
      ...Common,
      hosts: Type.Array(
        Type.Object(
          { hostId: Uuid, name: Type.String(), kernel: Type.String(), counts: Counts },
          { ...closed, description: 'Verdicts on the VMs that are on it.' },
        ),
      ),
      vms: Type.Array(
        Type.Object(
          {
            vmId: Uuid,
            name: Type.String(),
            hostId: Uuid,
            verdict: Verdict,
            from: Nullable(
              Type.Enum(PsciVersionSchema.enum, {
                description: 'What its guest has now, or would have at its next boot where it never ran.',
              }),
            ),
            to: Nullable(
              Type.Enum(PsciVersionSchema.enum, {
                description: 'The pin of its next boot there; null for none.',
              }),
            ),
            code: Nullable(Type.String({ description: 'With which its start would be refused.' })),
            reason: Type.String(),
            differences: Nullable(
              Type.String({ description: 'The `id` of the `differences` that its guest would see.' }),
            ),
            bound: Type.Boolean({ description: 'It has disks on its host, and can start nowhere else.' }),
          },
          closed,
        ),
        { description: 'Every VM that is on the hosts, running or not.' },
      ),
      differences: Type.Array(
        Type.Object(
          {
            id: Type.String(),
            from: PsciVersionSchema,
            to: PsciVersionSchema,
            words: Type.Array(Type.String(), { description: 'Each difference as a sentence.' }),
            breaks: Type.Array(Type.String(), { description: 'Guests known to break by it.' }),
          },
          closed,
        ),
        { description: 'What guests would see change, each told once.' },
      ),
    },
    {
      ...closed,
      description: 'What a change of kernels would show to guests, as of its time. It never changes.',
    },
  ),
);

export const PreflightParams = Type.Object({ preflightId: Uuid }, closed);

export type Preflight = Static<typeof Preflight>;
export type PreflightSummary = Static<typeof PreflightSummary>;
