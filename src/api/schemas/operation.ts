import { type Static, Type } from 'typebox';
import { OPERATION_STATUSES } from '../../control/operations/operations.ts';
import { OPERATION_KINDS } from '../../control/vms/vm-phase.ts';
import { closed, Nullable, named, ref, Timestamp, Uuid } from './common.ts';
import { Problem } from './problem.ts';

export const Operation = named(
  'Operation',
  Type.Object(
    {
      id: Uuid,
      kind: Type.Enum(OPERATION_KINDS),
      vmId: Nullable(Uuid),
      hostId: Nullable(Uuid),
      status: Type.Enum(OPERATION_STATUSES, {
        description: '`pending` until its host has been told; then `running` until it has ended.',
      }),
      error: Nullable(ref(Problem)),
      note: Nullable(Type.String({ description: 'What to know about the result beforehand.' })),
      progress: Nullable(
        Type.Object(
          { total: Type.Integer(), done: Type.Integer() },
          { ...closed, description: 'Of a `drain`: its VMs, and how many of them are dealt with.' },
        ),
      ),
      snapshotId: Nullable(
        Type.String({ format: 'uuid', description: 'Of a `snapshot`: what there is once it has succeeded.' }),
      ),
      createdAt: Timestamp,
      finishedAt: Nullable(Timestamp),
      requestedBy: Type.String(),
    },
    closed,
  ),
);

export const OperationParams = Type.Object({ operationId: Uuid }, closed);

export type Operation = Static<typeof Operation>;
