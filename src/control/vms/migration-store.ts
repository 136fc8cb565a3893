/** What is kept of migrations, and the ends that they have in common. The steps are in migration-look.ts. */
import { v7 as uuidv7 } from 'uuid';
import type { Executor } from '../database/database.ts';
import { operationTopic } from '../events/topics.ts';
import { isPolicy } from '../identity/requesters.ts';
import { lookSoon } from '../jobs/jobs.ts';
import {
  type Ending,
  endOperation,
  findOpenMigration,
  type OperationRecord,
} from '../operations/operations.ts';
import type { Migration } from '../prisma/client.ts';
import type { VmRecord } from './vm-query.ts';

export type MigrationState = 'pausing' | 'saving' | 'arriving' | 'astray' | 'giving' | 'taking' | 'over';

export interface MigrationRecord extends Migration {
  state: MigrationState;
}

export async function findMigration(tx: Executor, operationId: string): Promise<MigrationRecord | null> {
  return (await tx.migration.findUnique({ where: { operationId } })) as MigrationRecord | null;
}

export async function setMigration(
  tx: Executor,
  { operationId }: Pick<MigrationRecord, 'operationId'>,
  data: Partial<Pick<MigrationRecord, 'state' | 'stepId' | 'snapshotId' | 'handedOver' | 'wasPaused'>>,
): Promise<void> {
  await tx.migration.update({ where: { operationId }, data });
}

/** Whether nothing of it is lost when it is taken back. Begin with the VM's row locked. */
export async function isReversible(tx: Executor, operationId: string): Promise<boolean> {
  const migration = await findMigration(tx, operationId);
  return migration !== null && migration.state !== 'arriving' && migration.state !== 'astray';
}

/** Ends the VM's open migration; what it leaves is seen to by the next look at it. */
export async function endMigration(tx: Executor, vmId: string, ending: Ending): Promise<void> {
  const open = await findOpenMigration(tx, vmId);
  if (open === null) return;
  await endOperation(tx, open.id, ending, { withdraw: true });
  await lookSoon(tx, 'migration', open.id);
}

/** The places of these events in their boot are behind all that a worker can have recorded; `lost` has the last one. */
const LAST_PLACE = 2_147_483_646;

/** The VM's guest goes on, or its disks are, on another host than before. Returns whom to wake. */
export async function recordMigrated(
  tx: Executor,
  vm: Pick<VmRecord, 'id' | 'runId' | 'bootId'>,
  operation: OperationRecord,
  { fromHostId, toHostId }: { fromHostId: string; toHostId: string },
): Promise<string[]> {
  const bootId = vm.bootId ?? operation.id;
  const before = await tx.event.count({ where: { vmId: vm.id, bootId, kind: 'migrated' } });
  const last = await tx.event.findFirst({
    where: { vmId: vm.id, bootId },
    orderBy: { position: 'desc' },
    select: { runId: true },
  });
  const hosts = await tx.host.findMany({
    where: { id: { in: [fromHostId, toHostId] } },
    select: { id: true, name: true },
  });
  const nameOf = (id: string): string => hosts.find((host) => host.id === id)?.name ?? id;
  await tx.event.create({
    data: {
      ...{ id: uuidv7(), vmId: vm.id, hostId: toHostId, bootId, kind: 'migrated', observedAt: new Date() },
      runId: vm.runId ?? last?.runId ?? operation.id,
      sequence: LAST_PLACE - before,
      initiator: isPolicy(operation.requestedBy) ? 'policy' : 'operator',
      reason: `From host ${nameOf(fromHostId)} to host ${nameOf(toHostId)}.`,
      migration: { fromHostId, toHostId },
    },
  });
  return [operationTopic(operation.id)];
}
