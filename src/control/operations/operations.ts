/**
 * Operations: asynchronous work a client can poll.
 *
 *   pending ──handed to the host's agent──▶ running ──the event that fits──▶ succeeded
 *      │                                       ├──the agent reports failure, or the run ended otherwise──▶ failed
 *      └──cancelled by a client──▶ cancelled ◀─┴──superseded by a kill
 *
 * A VM has at most one that is open (pending or running), and beside it the migration that asked for it. One that has been handed over cannot be cancelled: whether the
 * guest will still act on it is not known. On a silent host it stays open until the host is back; a kill can take its
 * place meanwhile.
 */
import { v7 as uuidv7 } from 'uuid';
import type { Control } from '../control.ts';
import type { Executor } from '../database/database.ts';
import { operationTopic } from '../events/topics.ts';
import { waiterOf } from '../identity/requesters.ts';
import { isScoped, reachedSql } from '../identity/scope.ts';
import { lookSoon } from '../jobs/jobs.ts';
import type { Labels } from '../labels.ts';
import type { PinColumns, RecordedPin } from '../policies/pin.ts';
import { type Operation, Prisma } from '../prisma/client.ts';
import { REFUSALS, Refusal } from '../refusals.ts';
import type { OperationKind } from '../vms/vm-phase.ts';
import { intentKindOf } from './intents.ts';
import { newLastingTrace } from './lasting-trace.ts';

export const OPERATION_STATUSES = ['pending', 'running', 'succeeded', 'failed', 'cancelled'] as const;
export type OperationStatus = (typeof OPERATION_STATUSES)[number];

const OPEN_STATUSES: readonly OperationStatus[] = ['pending', 'running'];

export interface OperationArgs {
  /** How long the guest has to answer a `stop` or `hibernate`. */
  timeoutSeconds?: number;
  /** Whether an unanswered `stop` ends the worker. */
  force?: boolean;
  /** What a `snapshot` is to be. */
  snapshotId?: string;
  snapshotName?: string | null;
  /** Of a `start` that has a place: the pin its run has, and what the VM had before, should no guest run under it. */
  pin?: RecordedPin;
  formerPin?: PinColumns;
  /** Of a `drain`: how many of its VMs are dealt with. */
  progress?: { total: number; done: number };
  /** Of a `migrate` of a VM that is off: the phase it has otherwise. */
  formerPhase?: 'stopped' | 'hibernated' | 'failed';
  /** What the client should know about the result beforehand. */
  note?: string;
}

/** What an operation keeps of why it failed: a problem document without a request. */
export interface OperationProblem {
  type: 'about:blank';
  title: string;
  status: number;
  detail: string;
  code: string;
}

export interface OperationRecord {
  id: string;
  kind: OperationKind;
  vmId: string | null;
  hostId: string | null;
  runId: string | null;
  status: OperationStatus;
  args: OperationArgs;
  error: OperationProblem | null;
  requestedBy: string;
  createdAt: Date;
  finishedAt: Date | null;
}

export interface NewOperation {
  kind: OperationKind;
  vmId: string;
  hostId: string | null;
  runId: string | null;
  args?: OperationArgs;
  requestedBy: string;
  /** `succeeded` for what needed nobody's help, `running` for what is done step by step. */
  status?: 'pending' | 'running' | 'succeeded';
}

/** Writes the operation and, when a guest is to be asked, the intent behind it. */
export async function addOperation(tx: Executor, input: NewOperation): Promise<OperationRecord> {
  const status = input.status ?? 'pending';
  const row = await tx.operation.create({
    data: {
      id: uuidv7(),
      kind: input.kind,
      vmId: input.vmId,
      hostId: input.hostId,
      runId: input.runId,
      status,
      args: argsJson(input.args ?? {}),
      requestedBy: input.requestedBy,
      ...newLastingTrace(),
      finishedAt: status === 'succeeded' ? new Date() : null,
    },
  });
  const kind = intentKindOf(input.kind);
  if (kind !== null && input.runId !== null && status === 'pending') {
    await tx.intent.create({
      data: { id: uuidv7(), vmId: input.vmId, runId: input.runId, operationId: row.id, kind },
    });
  }
  return toRecord(row);
}

/** What is asked of a host now; a migration asks for other operations, one after the other, and is not among them. */
export async function findOpenOperation(tx: Executor, vmId: string): Promise<OperationRecord | null> {
  return findOpen(tx, { vmId, kind: { not: 'migrate' } });
}

export async function findOpenMigration(tx: Executor, vmId: string): Promise<OperationRecord | null> {
  return findOpen(tx, { vmId, kind: 'migrate' });
}

async function findOpen(tx: Executor, where: Prisma.OperationWhereInput): Promise<OperationRecord | null> {
  const row = await tx.operation.findFirst({ where: { ...where, status: { in: [...OPEN_STATUSES] } } });
  return row === null ? null : toRecord(row);
}

/** Gives a start that waited for room its run, with its pin. */
export async function placeOperation(
  tx: Executor,
  operationId: string,
  { hostId, runId, args }: { hostId: string; runId: string; args: OperationArgs },
): Promise<OperationRecord> {
  const data = { hostId, runId, args: argsJson(args) };
  return toRecord(await tx.operation.update({ where: { id: operationId }, data }));
}

export type Ending =
  | { status: 'succeeded' }
  | { status: 'failed'; error: OperationProblem }
  | { status: 'cancelled'; error: OperationProblem };

/**
 * Ends an operation that is still in one of `from`; false when it is not. Withdrawing its intent says that the request
 * no longer stands; a superseded one may still be what the guest acts on, so its intent stands.
 */
export async function endOperation(
  tx: Executor,
  operationId: string,
  ending: Ending,
  options: { from?: readonly OperationStatus[]; withdraw: boolean },
): Promise<boolean> {
  const { count } = await tx.operation.updateMany({
    where: { id: operationId, status: { in: [...(options.from ?? OPEN_STATUSES)] } },
    data: {
      status: ending.status,
      finishedAt: new Date(),
      error: ending.status === 'succeeded' ? Prisma.DbNull : { ...ending.error },
    },
  });
  if (count > 0 && options.withdraw) {
    await tx.intent.updateMany({
      where: { operationId, eventId: null, withdrawnAt: null },
      data: { withdrawnAt: new Date() },
    });
  }
  if (count > 0) await wakeWaiter(tx, operationId);
  return count > 0;
}

async function wakeWaiter(tx: Executor, operationId: string): Promise<void> {
  const { requestedBy } = await tx.operation.findUniqueOrThrow({
    where: { id: operationId },
    select: { requestedBy: true },
  });
  const waiter = waiterOf(requestedBy);
  if (waiter !== null) await lookSoon(tx, waiter.task, waiter.id);
}

/** `code` may be an agent's own; those that are not of this API's list tell of a host's fault. */
export function operationProblem(code: string, detail: string): OperationProblem {
  const known: { status: number; title: string } = Object.hasOwn(REFUSALS, code)
    ? REFUSALS[code as keyof typeof REFUSALS]
    : { status: 500, title: 'The host could not do it' };
  return { type: 'about:blank', title: known.title, status: known.status, detail, code };
}

export async function getOperation(db: Executor, operationId: string): Promise<OperationRecord> {
  const row = await db.operation.findUnique({ where: { id: operationId } });
  if (row === null) throw new Refusal('OPERATION_NOT_FOUND', `There is no operation ${operationId}.`);
  return toRecord(row);
}

/** The operation once it has ended, or as it is after `seconds` or when `signal` aborts. */
export async function waitForOperation(
  control: Control,
  operationId: string,
  seconds: number,
  signal: AbortSignal,
): Promise<OperationRecord> {
  const watch = control.wake.watch([operationTopic(operationId)]);
  try {
    for (const deadline = performance.now() + seconds * 1_000; ; ) {
      const operation = await getOperation(control.db, operationId);
      const left = deadline - performance.now();
      if (!isOpen(operation) || left <= 0 || signal.aborted) return operation;
      await watch.next(left, signal);
    }
  } finally {
    watch.close();
  }
}

export interface OperationFilter {
  vmId: string | null;
  status: OperationStatus | null;
  /** Labels that the VM must have (scope.ts). */
  scope: Labels;
}

/** Newest first; at most `limit` older than `beforeId`. */
export async function listOperations(
  control: Control,
  filter: OperationFilter,
  page: { beforeId: string | null; limit: number },
): Promise<OperationRecord[]> {
  const where = {
    ...(filter.vmId === null ? {} : { vmId: filter.vmId }),
    ...(filter.status === null ? {} : { status: filter.status }),
    ...(page.beforeId === null ? {} : { id: { lt: page.beforeId } }),
  };
  const rows = await control.db.operation.findMany({
    where: isScoped(filter.scope) ? { id: { in: await reachedIds(control, filter, page) } } : where,
    orderBy: { id: 'desc' },
    take: page.limit,
  });
  return rows.map(toRecord);
}

/** The same page of what a token with a scope reaches, for which Prisma has no words. */
async function reachedIds(
  control: Control,
  { vmId, status, scope }: OperationFilter,
  { beforeId, limit }: { beforeId: string | null; limit: number },
): Promise<string[]> {
  const values: unknown[] = [JSON.stringify(scope), limit];
  const conditions = [reachedSql('o.vm_id', '$1')];
  if (vmId !== null) conditions.push(`o.vm_id = $${values.push(vmId)}::uuid`);
  if (status !== null) conditions.push(`o.status = $${values.push(status)}`);
  if (beforeId !== null) conditions.push(`o.id < $${values.push(beforeId)}::uuid`);
  const { rows } = await control.pool.query<{ id: string }>(
    `SELECT o.id FROM operations o WHERE ${conditions.join(' AND ')} ORDER BY o.id DESC LIMIT $2`,
    values,
  );
  return rows.map(({ id }) => id);
}

export function isOpen(operation: { status: OperationStatus }): boolean {
  return OPEN_STATUSES.includes(operation.status);
}

function argsJson(args: OperationArgs) {
  return { ...args } as Prisma.InputJsonObject;
}

/** The columns hold what this module writes. */
function toRecord(row: Operation): OperationRecord {
  return {
    ...row,
    kind: row.kind as OperationKind,
    status: row.status as OperationStatus,
    args: row.args as OperationArgs,
    error: row.error as OperationProblem | null,
  };
}
