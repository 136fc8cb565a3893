import { type Static, Type } from 'typebox';
import { Labels } from '../../wire/agent.ts';
import { PsciVersionSchema } from '../../wire/event.ts';
import { closed, LabelsPatch, Nullable, named, Timestamp, Uuid } from './common.ts';
import { HostFingerprintSummary } from './fingerprint.ts';

const Resources = Type.Object({ vcpus: Type.Integer(), memoryMiB: Type.Integer() }, closed);

export const Host = named(
  'Host',
  Type.Object(
    {
      id: Uuid,
      name: Type.String(),
      labels: Labels,
      agentVersion: Type.String(),
      kernel: Type.String({ description: '`uname -r`.' }),
      bootId: Uuid,
      psci: Type.Object(
        {
          accepted: Type.Array(PsciVersionSchema, { description: 'What its KVM takes, oldest first.' }),
          default: PsciVersionSchema,
        },
        closed,
      ),
      fingerprint: Nullable(HostFingerprintSummary),
      capacity: Resources,
      allocated: Type.Object(
        { vcpus: Type.Integer(), memoryMiB: Type.Integer() },
        { ...closed, description: 'Held by the VMs that have a run here.' },
      ),
      vms: Type.Integer({ description: 'VMs that are bound to it, running or not.' }),
      cordoned: Type.Boolean({ description: 'Takes no new runs.' }),
      simulated: Type.Boolean({ description: 'Its driver only simulates guests.' }),
      lease: Type.Object({ state: Type.Enum(['active', 'expired']), expiresAt: Timestamp }, closed),
      lastSeenAt: Timestamp,
      lostAt: Nullable({
        ...Timestamp,
        description: 'When an operator declared it lost; null once it is heard again.',
      }),
      credentialRevokedAt: Nullable({
        ...Timestamp,
        description: 'Since when its agent is let in no more; null once it has enrolled again.',
      }),
      createdAt: Timestamp,
    },
    closed,
  ),
);

export const HostParams = Type.Object({ hostId: Uuid }, closed);

export const HostPatch = Type.Object(
  {
    labels: Type.Optional(LabelsPatch),
  },
  closed,
);

export type Host = Static<typeof Host>;
