import type { OperationRecord } from '../../control/operations/operations.ts';
import type { Operation } from '../schemas/operation.ts';

export function presentOperation(operation: OperationRecord): Operation {
  return {
    id: operation.id,
    kind: operation.kind,
    vmId: operation.vmId,
    hostId: operation.hostId,
    status: operation.status,
    error: operation.error,
    note: operation.args.note ?? null,
    progress: operation.args.progress ?? null,
    snapshotId: operation.args.snapshotId ?? null,
    createdAt: operation.createdAt.toISOString(),
    finishedAt: operation.finishedAt?.toISOString() ?? null,
    requestedBy: operation.requestedBy,
  };
}
