/**
 * Moving a VM to another host, one look after the other. A look does what is due in one transaction that holds the VM's
 * row, so it does not matter how often, by which replica, or how far one was made before.
 *
 *   a guest that runs ─▶ pausing ──at rest──▶ saving ──its file is whole in the store, and a host is found──▶ arriving
 *   a paused one ───────────────────────────────▲  │                                                     │  │
 *                           the source's ends,     │                               it goes on: `migrated` │  │ refused
 *                           no host, cancelled ────┤                                                      │  ▼
 *                                                  ▼                                                      │ the next host,
 *                              over: the guest goes on at the source            over: the file is removed ◀ or astray
 *
 *   a VM that is off ─▶ giving ─▶ taking ─▶ over (migration-transfers.ts); without disks it is over at once
 *
 * Why there are never two of one guest: it is at rest before it is saved, and only a request of this API lets it go on,
 * of which none is made while it is `migrating`. The transaction that gives its run to the target (`handOver`) takes it
 * from the source for good: that host finds in its assignments that it has nothing but remains of the VM (vm-remains.ts),
 * and ends what it still has. So a source that dies then is not waited for.
 *
 * Why none is lost: until that transaction the guest is whole at the source, in memory; from it on it is whole in the
 * store, under its digest, and stays there until a host has journalled `restored`. A target that refuses only ends the
 * operation: the VM goes to the next host that accepts, the source among them. `astray` is a VM that some hosts have
 * refused, or that was killed on its way: its next start, whoever asks for it, goes on from the file.
 */

import { v7 as uuidv7 } from 'uuid';
import type { Control } from '../control.ts';
import type { Executor } from '../database/database.ts';
import { transact } from '../database/transact.ts';
import { consoleTopic, EVENTS_TOPIC, hostTopic, operationTopic } from '../events/topics.ts';
import { migrationRequester } from '../identity/requesters.ts';
import type { Task } from '../jobs/jobs.ts';
import { inLastingTrace } from '../operations/lasting-trace.ts';
import {
  addOperation,
  type Ending,
  endOperation,
  findOpenOperation,
  getOperation,
  isOpen,
  type OperationProblem,
  type OperationRecord,
  operationProblem,
} from '../operations/operations.ts';
import { findMigration, type MigrationRecord, recordMigrated, setMigration } from './migration-store.ts';
import { endTransfer } from './migration-transfers.ts';
import { dropMovedSnapshot } from './snapshots.ts';
import { lockVm, type VmRecord } from './vm-query.ts';
import { addRemains, countRefusals, forgetRefusals } from './vm-remains.ts';
import { observedRun, phaseBetween } from './vm-run.ts';
import { startVm } from './vm-start.ts';
import { startOrWait } from './vms.ts';

/** The ends of its steps have it looked at; this is for what nobody tells. */
const LOOK_SECONDS = 2;
/** So many hosts are tried by themselves. */
const MOST_REFUSALS = 3;

export const migrationTask: Task = {
  name: 'migration',
  look: lookAtMigration,
  setLookAt: async (tx, id, seconds) => {
    await tx.$executeRaw`
      UPDATE migrations SET look_at = now() + make_interval(secs => ${seconds}::float8)
      WHERE operation_id = ${id}::uuid`;
  },
  forgotten: async (control, seconds) => {
    const rows = await control.db.$queryRaw<{ id: string }[]>`
      SELECT operation_id AS id FROM migrations
      WHERE state <> 'over' AND look_at < now() - make_interval(secs => ${seconds}::float8)`;
    return rows.map(({ id }) => id);
  },
};

async function lookAtMigration(control: Control, operationId: string): Promise<number | null> {
  const operation = await control.db.operation.findUnique({ where: { id: operationId } });
  if (operation === null) return null;
  const topics = await inLastingTrace(operation.traceparent, () =>
    transact(control, (tx) => moveOn(tx, operationId)),
  );
  control.wake.notify(...topics);
  const after = await findMigration(control.db, operationId);
  return after === null || after.state === 'over' ? null : LOOK_SECONDS;
}

/** Does what is due. Returns whom to wake. */
export async function moveOn(tx: Executor, operationId: string): Promise<string[]> {
  const found = await findMigration(tx, operationId);
  if (found === null) return [];
  const vm = await lockVm(tx, found.vmId);
  const migration = await findMigration(tx, operationId);
  if (migration === null) return [];
  const operation = await getOperation(tx, operationId);
  const step = migration.stepId === null ? null : await getOperation(tx, migration.stepId);
  const move: Move = { migration, operation, vm, step };
  switch (migration.state) {
    case 'pausing':
      return pausing(tx, move);
    case 'saving':
      return saving(tx, move);
    case 'arriving':
      return arriving(tx, move);
    case 'astray':
      return vm === null || !vm.restoring ? arrived(tx, move) : [];
    case 'giving':
    case 'taking':
      return isOpen(operation) ? [] : endTransfer(tx, operationId, CANCELLED);
    case 'over':
      return [];
  }
}

/** Of an operation that has ended it changes nothing. */
const CANCELLED: Ending = {
  status: 'cancelled',
  error: operationProblem('CANCELLED', 'The migration was taken back.'),
};

interface Move {
  readonly migration: MigrationRecord;
  readonly operation: OperationRecord;
  readonly vm: VmRecord | null;
  readonly step: OperationRecord | null;
}

/** Asks the VM's host for the next step. */
export async function addStep(
  tx: Executor,
  vm: Pick<VmRecord, 'id' | 'hostId' | 'runId'>,
  migrationId: string,
  kind: 'pause' | 'resume' | 'snapshot',
): Promise<{ migration: { stepId: string; snapshotId?: string } }> {
  const snapshotId = kind === 'snapshot' ? uuidv7() : null;
  const { id } = await addOperation(tx, {
    ...{ kind, vmId: vm.id, hostId: vm.hostId, runId: vm.runId },
    args: snapshotId === null ? {} : { snapshotId, snapshotName: 'migration' },
    requestedBy: migrationRequester(migrationId),
  });
  await tx.vm.update({
    where: { id: vm.id },
    data: { generation: { increment: 1 }, revision: { increment: 1 } },
  });
  return { migration: { stepId: id, ...(snapshotId === null ? {} : { snapshotId }) } };
}

function isAtSource({ migration, vm }: Move): boolean {
  return vm !== null && vm.runId !== null && vm.runId === migration.sourceRunId;
}

async function isAtRest(tx: Executor, { id, runId }: VmRecord): Promise<boolean> {
  return runId !== null && (await observedRun(tx, id, runId)) === 'paused';
}

async function pausing(tx: Executor, move: Move): Promise<string[]> {
  const { migration, operation, vm, step } = move;
  if (!isOpen(operation)) return letGoOn(tx, move);
  if (step !== null && isOpen(step)) return [];
  if (vm === null || !isAtSource(move)) return fail(tx, move, step?.error ?? runEnded());
  const paused = step?.status === 'succeeded';
  // The guest may have put itself to sleep meanwhile.
  if (!paused && !(await isAtRest(tx, vm))) return fail(tx, move, step?.error ?? runEnded());
  const saving = await addStep(tx, vm, operation.id, 'snapshot');
  await setMigration(tx, migration, {
    state: 'saving',
    ...saving.migration,
    ...(paused ? {} : { wasPaused: true }),
  });
  return [hostTopic(migration.sourceHostId)];
}

async function saving(tx: Executor, move: Move): Promise<string[]> {
  const { operation, step } = move;
  if (!isOpen(operation)) return letGoOn(tx, move);
  if (step === null || isOpen(step)) return [];
  if (step.status !== 'succeeded') return fail(tx, move, step.error ?? runEnded());
  return handOver(tx, move);
}

function runEnded(): OperationProblem {
  return operationProblem('RUN_ENDED', 'The run ended before its guest was saved.');
}

/** The point of no return. */
async function handOver(tx: Executor, move: Move): Promise<string[]> {
  const { migration, operation, vm } = move;
  const here = isAtSource(move);
  // Its host has lost it since: what is in the store is all there is of it.
  const lost = vm !== null && vm.runId === null && vm.phase === 'migrating';
  if (vm === null || (!here && !lost)) return fail(tx, move, runEnded());
  if (here && !(await isAtRest(tx, vm))) {
    return fail(tx, move, operationProblem('VM_NOT_PAUSED', 'The guest went on after it was saved.'));
  }
  const { sourceHostId, sourceRunId, targetHostId, snapshotId } = migration;
  const moving: VmRecord = { ...vm, runId: null, restoring: true, movingSnapshotId: snapshotId };
  const started = await startVm(tx, moving, {
    ...{ requestedBy: migrationRequester(operation.id), operationId: null },
    move: { from: sourceHostId, to: targetHostId, withDisks: false },
  });
  const refusal = started instanceof Error ? operationProblem(started.code, started.message) : null;
  if (refusal !== null && here) return fail(tx, move, refusal);
  await tx.vm.update({ where: { id: vm.id }, data: { restoring: true, movingSnapshotId: snapshotId } });
  await tx.consoleInput.deleteMany({ where: { runId: sourceRunId ?? '' } });
  if (started instanceof Error) {
    const error = operationProblem(started.code, started.message);
    await endOperation(tx, operation.id, { status: 'failed', error }, { withdraw: false });
    const topics = await startSomewhere(tx, move);
    await setMigration(tx, migration, { handedOver: true });
    return [operationTopic(operation.id), ...topics];
  }
  await tx.vm.update({ where: { id: vm.id }, data: { phase: 'migrating' } });
  await tx.operation.update({ where: { id: operation.id }, data: { hostId: started.hostId } });
  await setMigration(tx, migration, { state: 'arriving', handedOver: true, stepId: started.id });
  return [hostTopic(sourceHostId), consoleTopic(vm.id), ...topicsOf(started)];
}

function topicsOf({ hostId }: OperationRecord): string[] {
  return hostId === null ? [] : [hostTopic(hostId)];
}

async function arriving(tx: Executor, move: Move): Promise<string[]> {
  const { migration, operation, vm, step } = move;
  if (vm === null || !vm.restoring) return arrived(tx, move);
  if (step === null || isOpen(step) || step.status === 'succeeded') return [];
  if (step.status === 'cancelled') {
    await endOperation(
      tx,
      operation.id,
      { status: 'cancelled', error: step.error ?? runEnded() },
      { withdraw: false },
    );
    await setMigration(tx, migration, { state: 'astray' });
    return [operationTopic(operation.id)];
  }
  await endOperation(
    tx,
    operation.id,
    { status: 'failed', error: step.error ?? runEnded() },
    { withdraw: false },
  );
  if (step.hostId !== null) await addRemains(tx, vm.id, step.hostId, { toRemove: true, refused: true });
  const idle = vm.runId === null && (await findOpenOperation(tx, vm.id)) === null;
  const again = idle && (await countRefusals(tx, vm.id)) < MOST_REFUSALS;
  if (!again) await setMigration(tx, migration, { state: 'astray' });
  return [operationTopic(operation.id), ...topicsOf(step), ...(again ? await startSomewhere(tx, move) : [])];
}

/** On whichever host accepts, now or later. */
async function startSomewhere(tx: Executor, { migration, operation }: Move): Promise<string[]> {
  const vm = await lockVm(tx, migration.vmId);
  if (vm === null) return [];
  const start = await startOrWait(tx, vm, migrationRequester(operation.id));
  await setMigration(tx, migration, { state: 'arriving', stepId: start.id });
  return topicsOf(start);
}

/** The guest goes on somewhere, or its VM is no more. */
async function arrived(tx: Executor, move: Move): Promise<string[]> {
  const { migration, operation, vm } = move;
  const { sourceHostId, snapshotId, wasPaused } = migration;
  await setMigration(tx, migration, { state: 'over' });
  const topics = [EVENTS_TOPIC, operationTopic(operation.id), hostTopic(sourceHostId)];
  if (vm !== null) {
    await tx.vm.update({
      where: { id: vm.id },
      data: { movingSnapshotId: null, revision: { increment: 1 } },
    });
    await forgetRefusals(tx, vm.id);
    if (vm.hostId !== null && vm.hostId !== sourceHostId) {
      await recordMigrated(tx, vm, operation, { fromHostId: sourceHostId, toHostId: vm.hostId });
    }
  }
  if (snapshotId !== null) await dropMovedSnapshot(tx, snapshotId);
  await endOperation(tx, operation.id, { status: 'succeeded' }, { withdraw: false });
  if (vm === null || vm.runId === null) return topics;
  const idle = (await findOpenOperation(tx, vm.id)) === null;
  if (vm.phase === 'migrating') {
    const phase = await phaseBetween(tx, vm.id, vm.runId);
    await tx.vm.update({ where: { id: vm.id }, data: { phase, revision: { increment: 1 } } });
  }
  // No host can be told to begin with a guest at rest.
  if (wasPaused && idle && !(await isAtRest(tx, vm))) await addStep(tx, vm, operation.id, 'pause');
  return [...topics, ...(vm.hostId === null ? [] : [hostTopic(vm.hostId)])];
}

/** Before the point of no return. */
async function fail(tx: Executor, move: Move, error: OperationProblem): Promise<string[]> {
  const { operation } = move;
  const cancelled = error.code === 'SUPERSEDED' || error.code === 'CANCELLED';
  const ending: Ending = { status: cancelled ? 'cancelled' : 'failed', error };
  await endOperation(tx, operation.id, ending, { withdraw: false });
  return [operationTopic(operation.id), ...(await letGoOn(tx, move))];
}

/** The operation has ended before the point of no return: the guest goes on at the source, if it is there. */
async function letGoOn(tx: Executor, move: Move): Promise<string[]> {
  const { migration, operation, vm, step } = move;
  const topics = [operationTopic(operation.id), hostTopic(migration.sourceHostId)];
  const here = vm !== null && isAtSource(move);
  // Off by itself or by its host; what that has made of its phase stands, but for one whose file was to be gone on from.
  if (vm?.phase === 'migrating') {
    const phase = here && vm.runId !== null ? await phaseBetween(tx, vm.id, vm.runId) : 'stopped';
    await tx.vm.update({ where: { id: vm.id }, data: { phase, revision: { increment: 1 } } });
  }
  // A pause may still be carried out; a file that comes late is not wanted.
  if (step?.kind === 'pause' && isOpen(step)) {
    const untold = await endOperation(tx, step.id, CANCELLED, { from: ['pending'], withdraw: true });
    if (!untold) return topics;
  }
  if (step?.kind === 'snapshot' && isOpen(step))
    await endOperation(tx, step.id, CANCELLED, { withdraw: true });
  await setMigration(tx, migration, { state: 'over' });
  if (migration.snapshotId !== null) await dropMovedSnapshot(tx, migration.snapshotId);
  const idle = here && (await findOpenOperation(tx, vm.id)) === null;
  if (idle && !migration.wasPaused && (await isAtRest(tx, vm))) await addStep(tx, vm, operation.id, 'resume');
  return topics;
}
