/**
 * Disks of a VM that is off, on their way. They are at the source until the target says that it has them.
 *
 *   giving ──the source's file, whole──▶ taking ──the target has made the disks──▶ over: the VM is the target's
 *      └──it cannot, cancelled──▶ over ◀──┘──it cannot, cancelled (what it has made, it removes)
 */
import type pg from 'pg';
import type { Assignment, DiskTransfer, OperationReport } from '../../wire/agent.ts';
import { storable } from '../../wire/text.ts';
import type { Control } from '../control.ts';
import type { Executor } from '../database/database.ts';
import { transact } from '../database/transact.ts';
import { EVENTS_TOPIC, hostTopic, operationTopic } from '../events/topics.ts';
import { storeBlob } from '../images/blobs.ts';
import {
  type Ending,
  endOperation,
  getOperation,
  isOpen,
  operationProblem,
} from '../operations/operations.ts';
import { Refusal } from '../refusals.ts';
import { findMigration, type MigrationRecord, recordMigrated, setMigration } from './migration-store.ts';
import { LARGEST_SNAPSHOT_BYTES } from './snapshot-intake.ts';
import { removeUnusedBlob } from './snapshots.ts';
import { lockVm } from './vm-query.ts';
import { addRemains } from './vm-remains.ts';

/** VMs of other hosts whose disks this one is to make. */
export async function arrivingDisks(control: Control, hostId: string): Promise<Assignment[]> {
  const { rows } = await control.pool.query<
    DiskTransfer & { vmId: string; generation: number; traceparent: string | null }
  >({
    name: 'arriving-disks',
    text: `SELECT m.operation_id AS "operationId", m.digest, v.disks, v.id AS "vmId", v.generation, o.traceparent
           FROM migrations m JOIN vms v ON v.id = m.vm_id JOIN operations o ON o.id = m.operation_id
           WHERE m.target_host_id = $1 AND m.state = 'taking' ORDER BY m.operation_id`,
    values: [hostId],
  });
  return rows.map(({ vmId, generation, operationId, digest, disks, traceparent }) => ({
    ...{ vmId, generation, run: null, requests: [], deleteOperationId: null },
    transfer: { operationId, digest, disks },
    ...(traceparent === null ? {} : { traceparents: { [operationId]: traceparent } }),
  }));
}

/**
 * Stores the file of disks that the host `hostId` gives, once however often it is sent. Throws SNAPSHOT_NOT_WANTED when no
 * open migration stands behind it, for ever; DIGEST_MISMATCH or BODY_TOO_LARGE, and the migration has failed;
 * BODY_TRUNCATED, and it is to be sent again.
 */
export async function takeDisks(
  control: Control,
  hostId: string,
  operationId: string,
  { digest, source }: { digest: string; source: AsyncIterable<Uint8Array> },
): Promise<void> {
  const found = await findMigration(control.db, operationId);
  if (found?.sourceHostId !== hostId || (found.state !== 'giving' && found.digest !== digest))
    throw notWanted();
  if (found.state !== 'giving') {
    // Read to its end, for a sender whose connection breaks does not hear the answer.
    for await (const _ of source);
    return;
  }
  try {
    await storeBlob(control, digest, source, {
      mostBytes: LARGEST_SNAPSHOT_BYTES,
      settle: async (client) => await settle(client, operationId, digest),
    });
  } catch (error) {
    if (error instanceof Refusal && (error.code === 'DIGEST_MISMATCH' || error.code === 'BODY_TOO_LARGE')) {
      const problem = operationProblem('SNAPSHOT_DAMAGED', `The disks are not to be had: ${error.message}`);
      const topics = await transact(control, (tx) =>
        endTransfer(tx, operationId, { status: 'failed', error: problem }),
      );
      control.wake.notify(...topics);
    }
    throw error;
  }
  const topics = found.targetHostId === null ? [] : [hostTopic(found.targetHostId)];
  control.wake.notify(hostTopic(hostId), ...topics);
}

function notWanted(): Refusal {
  return new Refusal('SNAPSHOT_NOT_WANTED', 'No open migration of a VM of this host is behind this.');
}

async function settle(client: pg.PoolClient, operationId: string, digest: string): Promise<void> {
  const { rows } = await client.query<{ state: string; digest: string | null }>(
    'SELECT state, digest FROM migrations WHERE operation_id = $1 FOR UPDATE',
    [operationId],
  );
  const [found] = rows;
  // Sent twice at once.
  if (found?.digest === digest) return;
  if (found?.state !== 'giving') throw notWanted();
  await client.query(`UPDATE migrations SET state = 'taking', digest = $2 WHERE operation_id = $1`, [
    operationId,
    digest,
  ]);
}

/** A host's word on disks that it gives or takes. Null when the report is about something else, or late. */
export async function transferReported(
  tx: Executor,
  hostId: string,
  { operationId, status, error }: OperationReport,
): Promise<string[] | null> {
  const migration = await findMigration(tx, operationId);
  const [giving, taking] = [migration?.state === 'giving', migration?.state === 'taking'];
  const has = giving ? migration?.sourceHostId : taking ? migration?.targetHostId : null;
  if (has !== hostId) return null;
  if (status === 'succeeded') return taking ? endTransfer(tx, operationId, { status: 'succeeded' }) : null;
  const { code, detail } = error ?? { code: 'INTERNAL', detail: 'The agent gave no reason.' };
  return endTransfer(tx, operationId, { status: 'failed', error: operationProblem(code, storable(detail)) });
}

/**
 * Ends a transfer that is under way: the VM is the target's, or stays what it was. An operation that has ended already
 * keeps its end. Returns whom to wake.
 */
export async function endTransfer(tx: Executor, operationId: string, ending: Ending): Promise<string[]> {
  const first = await findMigration(tx, operationId);
  const vm = first === null ? null : await lockVm(tx, first.vmId);
  const migration = await lockMigration(tx, operationId);
  if (migration === null || (migration.state !== 'giving' && migration.state !== 'taking')) return [];
  const { sourceHostId, targetHostId, vmId, digest, state } = migration;
  const operation = await getOperation(tx, operationId);
  const arrived = ending.status === 'succeeded' && isOpen(operation) && vm !== null && targetHostId !== null;
  await endOperation(tx, operationId, ending, { withdraw: false });
  await setMigration(tx, migration, { state: 'over' });
  if (digest !== null) await removeUnusedBlob(tx, digest);
  const left = arrived ? sourceHostId : state === 'taking' ? targetHostId : null;
  if (left !== null) await addRemains(tx, vmId, left, { toRemove: true });
  if (arrived) await recordMigrated(tx, vm, operation, { fromHostId: sourceHostId, toHostId: targetHostId });
  if (vm !== null) {
    await tx.vm.update({
      where: { id: vmId },
      data: {
        ...(arrived ? { hostId: targetHostId } : {}),
        ...(vm.phase === 'migrating' ? { phase: operation.args.formerPhase ?? 'stopped' } : {}),
        generation: { increment: 1 },
        revision: { increment: 1 },
      },
    });
  }
  const hosts = targetHostId === null ? [] : [hostTopic(targetHostId)];
  return [EVENTS_TOPIC, operationTopic(operationId), hostTopic(sourceHostId), ...hosts];
}

/** Behind the VM's row, in the order in which everybody locks them. */
async function lockMigration(tx: Executor, operationId: string): Promise<MigrationRecord | null> {
  await tx.$queryRaw`SELECT 1 FROM migrations WHERE operation_id = ${operationId}::uuid FOR UPDATE`;
  return findMigration(tx, operationId);
}
