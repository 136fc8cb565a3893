import { type Static, Type } from 'typebox';
import { MAINTENANCE_STATUSES } from '../../control/hosts/maintenance.ts';
import { PsciVersionSchema } from '../../wire/event.ts';
import { closed, Nullable, named, Timestamp, Uuid } from './common.ts';
import { DrainRequest } from './drain.ts';
import { NewPreflight } from './preflight.ts';

const Target = NewPreflight.properties.target;

export const MaintenanceRequest = Type.Object(
  {
    target: Type.Optional({
      ...Target,
      description:
        'What the host is to become: a preflight is made for it first, as POST /v1/preflights does.',
    } as typeof Target),
    ...DrainRequest.properties,
  },
  closed,
);

const HostKernel = Type.Object(
  {
    bootId: Uuid,
    kernel: Type.String(),
    accepted: Type.Array(PsciVersionSchema),
    fingerprint: Nullable(Type.String({ description: 'Its digest; null while it is not measured.' })),
  },
  closed,
);

export const Maintenance = named(
  'Maintenance',
  Type.Object(
    {
      id: Uuid,
      hostId: Uuid,
      status: Type.Enum(MAINTENANCE_STATUSES, {
        description:
          '`draining`, `awaitingReboot`, `checking` what the new kernel accepts and answers; `differs`: it waits to be ' +
          'acknowledged; `completed`: the host takes runs again; `cancelled`: it stays cordoned.',
      }),
      reason: Nullable(Type.String({ description: 'What is waited for, or why it ended.' })),
      preflightId: Nullable(Uuid),
      drainOperationId: Nullable(Uuid),
      before: HostKernel,
      after: Nullable(HostKernel),
      findings: Type.Array(
        Type.String({ description: 'What is gone or answered otherwise, of what VMs of the host have.' }),
      ),
      acknowledgedBy: Nullable(Type.String()),
      requestedBy: Type.String(),
      createdAt: Timestamp,
      finishedAt: Nullable(Timestamp),
    },
    closed,
  ),
);

export type Maintenance = Static<typeof Maintenance>;
