/** Drains, as operators begin and read them. What they do is in drain-look.ts. */
import { v7 as uuidv7 } from 'uuid';
import type { Control } from '../control.ts';
import type { Executor } from '../database/database.ts';
import { transact } from '../database/transact.ts';
import { hostTopic } from '../events/topics.ts';
import { lookSoon } from '../jobs/jobs.ts';
import { newLastingTrace } from '../operations/lasting-trace.ts';
import { getOperation, type OperationRecord } from '../operations/operations.ts';
import { Refusal } from '../refusals.ts';
import type { RevisionCheck } from '../vms/vms.ts';
import type { DrainAction, DrainVmState } from './drain-look.ts';

export interface DrainRequest {
  /** For every VM; null: what each VM's `onDrain` says. */
  action: DrainAction | null;
  /** How long each guest has; null for what the actions have by default. */
  timeoutSeconds: number | null;
  /** Whether a guest that does not answer, or is paused, is ended. */
  force: boolean;
  check: RevisionCheck;
  requestedBy: string;
}

/** Cordons the host and begins to empty it. Throws HOST_NOT_FOUND or HOST_DRAINING. */
export async function beginDrain(
  control: Control,
  hostId: string,
  request: DrainRequest,
): Promise<OperationRecord> {
  const operationId = await transact(control, (tx) => addDrain(tx, hostId, request));
  control.wake.notify(hostTopic(hostId));
  return getOperation(control.db, operationId);
}

/** The same in a transaction. Returns the operation's id. */
export async function addDrain(tx: Executor, hostId: string, request: DrainRequest): Promise<string> {
  // Not FOR UPDATE, which would wait for those who place runs.
  const [host] = await tx.$queryRaw<{ name: string; revision: number }[]>`
    SELECT name, revision FROM hosts WHERE id = ${hostId}::uuid FOR NO KEY UPDATE`;
  if (host === undefined) throw new Refusal('HOST_NOT_FOUND', `There is no host ${hostId}.`);
  request.check(host.revision);
  await refuseWhileDraining(tx, hostId);
  await tx.$executeRaw`
    UPDATE hosts SET cordoned = true, revision = revision + 1 WHERE id = ${hostId}::uuid AND NOT cordoned`;
  const id = uuidv7();
  const { action, timeoutSeconds, force, requestedBy } = request;
  await tx.operation.create({
    data: { id, kind: 'drain', hostId, status: 'running', args: {}, requestedBy, ...newLastingTrace() },
  });
  await tx.drain.create({ data: { operationId: id, hostId, action, timeoutSeconds, force } });
  await lookSoon(tx, 'drain', id);
  return id;
}

/** Throws HOST_DRAINING. */
export async function refuseWhileDraining(db: Executor, hostId: string): Promise<void> {
  const open = await db.operation.findFirst({
    where: { hostId, kind: 'drain', status: { in: ['pending', 'running'] } },
  });
  if (open === null) return;
  throw new Refusal(
    'HOST_DRAINING',
    `The host is being drained (/v1/operations/${open.id}). Wait for that, or cancel it.`,
  );
}

export interface DrainVmView {
  vmId: string;
  vmName: string;
  action: DrainAction;
  state: DrainVmState;
  why: string | null;
  operationId: string | null;
  returnedAt: Date | null;
}

export interface DrainView {
  operation: OperationRecord;
  action: DrainAction | null;
  timeoutSeconds: number | null;
  force: boolean;
  vms: DrainVmView[];
}

/** The host's newest. Throws DRAIN_NOT_FOUND. */
export async function latestDrain(control: Control, hostId: string): Promise<DrainView> {
  const row = await control.db.drain.findFirst({
    where: { hostId },
    orderBy: { operationId: 'desc' },
    include: { vms: { orderBy: { vmId: 'asc' } } },
  });
  if (row === null) throw new Refusal('DRAIN_NOT_FOUND', `Host ${hostId} has never been drained.`);
  const { action, timeoutSeconds, force, vms } = row;
  return {
    operation: await getOperation(control.db, row.operationId),
    ...{ action: action as DrainAction | null, timeoutSeconds, force },
    vms: vms as unknown as DrainVmView[],
  };
}
