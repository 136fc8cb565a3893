/**
 * A planned change of a host's kernel, step by step.
 *
 *   preflight (where a target is named) ──▶ draining ──no VM runs there──▶ awaitingReboot ──another boot──▶ checking
 *        │ VMs could not start: refused         │ the drain came to nothing: drain again                     │
 *        ▼ unless forced                        ▼ (`reason` says so)                                          │
 *     nothing begun                                                            as its VMs knew it ────────────┤
 *                                                                                     ▼                       ▼ a version they
 *      cancelled ◀── cancelled, from any that is open; the host stays cordoned    completed ◀─acknowledged─ differs   have is gone
 *                                                                                 (uncordoned)                or differs
 *
 * Uncordoning the host by hand meanwhile takes `force`, and cancels.
 */
import { v7 as uuidv7 } from 'uuid';
import type { PsciVersion } from '../../psci/versions.ts';
import type { Control } from '../control.ts';
import type { Executor } from '../database/database.ts';
import { transact } from '../database/transact.ts';
import { hostTopic, operationTopic } from '../events/topics.ts';
import { lookSoon } from '../jobs/jobs.ts';
import {
  inLastingTrace,
  type LastingTrace,
  newLastingTrace,
  sendLastingSpan,
} from '../operations/lasting-trace.ts';
import { endOperation, operationProblem } from '../operations/operations.ts';
import type { PreflightTarget } from '../policies/preflight-read.ts';
import type { PreflightRecord } from '../policies/preflights.ts';
import { Refusal } from '../refusals.ts';
import { returnSoon } from './drain-look.ts';
import { addDrain, type DrainRequest, refuseWhileDraining } from './drains.ts';
import { getHost } from './hosts.ts';

export const MAINTENANCE_STATUSES = [
  'draining',
  'awaitingReboot',
  'checking',
  'differs',
  'completed',
  'cancelled',
] as const;
export type MaintenanceStatus = (typeof MAINTENANCE_STATUSES)[number];

export const OPEN_MAINTENANCES: readonly MaintenanceStatus[] = [
  'draining',
  'awaitingReboot',
  'checking',
  'differs',
];

/** A host's kernel in one boot. */
export interface HostKernel {
  bootId: string;
  kernel: string;
  accepted: PsciVersion[];
  /** Digest; null while it is not measured. */
  fingerprint: string | null;
}

export interface MaintenanceRecord extends LastingTrace {
  id: string;
  hostId: string;
  status: MaintenanceStatus;
  reason: string | null;
  target: PreflightTarget | null;
  preflightId: string | null;
  drainId: string | null;
  before: HostKernel;
  after: HostKernel | null;
  findings: string[];
  acknowledgedBy: string | null;
  requestedBy: string;
  revision: number;
  createdAt: Date;
  finishedAt: Date | null;
}

export interface MaintenanceRequest extends DrainRequest {
  target: PreflightTarget | null;
  /** What becomes of its VMs with the target; null without one. */
  preflight: PreflightRecord | null;
  /** To begin although VMs could not start on the target. */
  despite: boolean;
}

/** Throws HOST_NOT_FOUND, MAINTENANCE_OPEN, HOST_DRAINING or PREFLIGHT_OBJECTS. */
export async function beginMaintenance(
  control: Control,
  hostId: string,
  request: MaintenanceRequest,
): Promise<MaintenanceRecord> {
  const { target, preflight, despite, requestedBy } = request;
  if (preflight !== null && !despite) refuseObjections(preflight);
  const trace = newLastingTrace();
  const begin = async (tx: Executor): Promise<string> => {
    const drainId = await addDrain(tx, hostId, request);
    const open = await openMaintenance(tx, hostId);
    if (open !== null) throw refuseOpen(open);
    const before = await readKernel(tx, hostId);
    const row = await tx.maintenance.create({
      data: {
        ...{ id: uuidv7(), hostId, status: 'draining', drainId, requestedBy, ...trace },
        ...(target === null ? {} : { target: { ...target } }),
        preflightId: preflight?.id ?? null,
        before: { ...before },
      },
    });
    await lookSoon(tx, 'maintenance', row.id);
    return row.id;
  };
  const id = await inLastingTrace(trace.traceparent, () => transact(control, begin));
  control.wake.notify(hostTopic(hostId));
  return getMaintenance(control.db, id);
}

/**
 * Refuses what `beginMaintenance` would, before a preflight is made for it: so that a refused request leaves none behind.
 * Only one that objects is kept, to be read. Throws HOST_NOT_FOUND, PRECONDITION_FAILED, MAINTENANCE_OPEN or
 * HOST_DRAINING.
 */
export async function refuseMaintenance(
  control: Control,
  hostId: string,
  check: MaintenanceRequest['check'],
): Promise<void> {
  const host = await getHost(control, hostId);
  check(host.revision);
  await refuseWhileDraining(control.db, hostId);
  const open = await openMaintenance(control.db, hostId);
  if (open !== null) throw refuseOpen(open);
}

function refuseObjections({ id, report: { counts } }: PreflightRecord): void {
  const { cannotStart, cannotResume } = counts;
  if (cannotStart + cannotResume === 0) return;
  throw new Refusal(
    'PREFLIGHT_OBJECTS',
    `With that kernel ${cannotStart} VMs of the host could not start and ${cannotResume} could not go on ` +
      `(/v1/preflights/${id}). Move or change them first, or give ?force=true.`,
  );
}

function refuseOpen({ status, hostId }: MaintenanceRecord): Refusal {
  return new Refusal(
    'MAINTENANCE_OPEN',
    `The host is under maintenance (${status}; /v1/hosts/${hostId}/maintenance). Finish that or cancel it.`,
  );
}

/** The host's kernel as its agent tells of it now. Throws HOST_NOT_FOUND. */
export async function readKernel(tx: Executor, hostId: string): Promise<HostKernel> {
  const [kernel] = await tx.$queryRaw<HostKernel[]>`
    SELECT h.boot_id AS "bootId", h.kernel, h.psci_accepted AS accepted, f.digest AS fingerprint
    FROM hosts h LEFT JOIN host_fingerprints f ON f.boot_id = h.boot_id AND f.host_id = h.id
    WHERE h.id = ${hostId}::uuid`;
  if (kernel === undefined) throw new Refusal('HOST_NOT_FOUND', `There is no host ${hostId}.`);
  return kernel;
}

async function openMaintenance(tx: Executor, hostId: string): Promise<MaintenanceRecord | null> {
  const row = await tx.maintenance.findFirst({ where: { hostId, status: { in: [...OPEN_MAINTENANCES] } } });
  return row as unknown as MaintenanceRecord | null;
}

/** Throws MAINTENANCE_NOT_FOUND. */
export async function getMaintenance(db: Executor, id: string): Promise<MaintenanceRecord> {
  const row = await db.maintenance.findUnique({ where: { id } });
  if (row === null) throw new Refusal('MAINTENANCE_NOT_FOUND', `There is no maintenance ${id}.`);
  return row as unknown as MaintenanceRecord;
}

/** The host's newest. Throws MAINTENANCE_NOT_FOUND. */
export async function latestMaintenance(control: Control, hostId: string): Promise<MaintenanceRecord> {
  const row = await control.db.maintenance.findFirst({ where: { hostId }, orderBy: { id: 'desc' } });
  if (row === null)
    throw new Refusal('MAINTENANCE_NOT_FOUND', `Host ${hostId} has never been under maintenance.`);
  return row as unknown as MaintenanceRecord;
}

/** Accepts what has changed, and uncordons the host. Throws MAINTENANCE_NOT_FOUND or MAINTENANCE_STATUS. */
export async function acknowledgeMaintenance(
  control: Control,
  hostId: string,
  by: string,
): Promise<MaintenanceRecord> {
  const { id } = await latestMaintenance(control, hostId);
  await transact(control, async (tx) => {
    const found = await lockMaintenance(tx, id);
    if (found.status !== 'differs') {
      throw new Refusal(
        'MAINTENANCE_STATUS',
        `The maintenance is ${found.status}; there is nothing to acknowledge.`,
      );
    }
    await completeMaintenance(tx, found, by);
  });
  control.wake.notify(hostTopic(hostId));
  return ended(control.db, id);
}

/** Ends it where it is; the host stays cordoned. Throws MAINTENANCE_NOT_FOUND or MAINTENANCE_STATUS. */
export async function cancelMaintenance(
  control: Control,
  hostId: string,
  by: string,
): Promise<MaintenanceRecord> {
  const { id } = await latestMaintenance(control, hostId);
  const drainId = await transact(control, async (tx) => {
    const found = await lockMaintenance(tx, id);
    if (!OPEN_MAINTENANCES.includes(found.status)) {
      throw new Refusal('MAINTENANCE_STATUS', `The maintenance is ${found.status} already.`);
    }
    await endCancelled(tx, found, `Cancelled by ${by}.`);
    return found.drainId;
  });
  if (drainId !== null) control.wake.notify(operationTopic(drainId));
  return ended(control.db, id);
}

/** One that has ended just now. */
async function ended(db: Executor, id: string): Promise<MaintenanceRecord> {
  const record = await getMaintenance(db, id);
  sendMaintenanceSpan(record);
  return record;
}

/** Call when its end is committed. */
export function sendMaintenanceSpan(maintenance: MaintenanceRecord): void {
  const { id, hostId, status, createdAt, finishedAt } = maintenance;
  if (finishedAt === null) return;
  sendLastingSpan(maintenance, {
    ...{ name: 'maintenance', createdAt, finishedAt },
    attributes: {
      'holdfast.maintenance_id': id,
      'holdfast.maintenance_status': status,
      'holdfast.host_id': hostId,
    },
  });
}

/**
 * Where somebody uncordons the host by hand: throws MAINTENANCE_OPEN, or with `force` cancels it. Returns what it
 * cancelled.
 */
export async function uncordonDespite(
  tx: Executor,
  hostId: string,
  force: boolean,
): Promise<MaintenanceRecord | null> {
  const open = await openMaintenance(tx, hostId);
  if (open === null) return null;
  if (!force) {
    const refusal = refuseOpen(open);
    const what = open.findings.length === 0 ? '' : ` ${open.findings.join(' ')}`;
    throw new Refusal(refusal.code, `${refusal.message}${what} ?force=true uncordons it all the same.`);
  }
  await endCancelled(tx, open, 'The host was uncordoned by force.');
  return getMaintenance(tx, open.id);
}

async function endCancelled(tx: Executor, { id, drainId }: MaintenanceRecord, reason: string): Promise<void> {
  const data = { status: 'cancelled', reason, finishedAt: new Date(), revision: { increment: 1 } };
  await tx.maintenance.update({ where: { id }, data });
  if (drainId === null) return;
  const error = operationProblem('CANCELLED', reason);
  await endOperation(tx, drainId, { status: 'cancelled', error }, { withdraw: false });
}

/** Holds it until the transaction ends. */
export async function lockMaintenance(tx: Executor, id: string): Promise<MaintenanceRecord> {
  await tx.$queryRaw`SELECT 1 FROM maintenances WHERE id = ${id}::uuid FOR UPDATE`;
  return getMaintenance(tx, id);
}

/** `acknowledgedBy`: who accepted findings; null when there are none. */
export async function completeMaintenance(
  tx: Executor,
  { id, hostId }: MaintenanceRecord,
  acknowledgedBy: string | null,
): Promise<void> {
  await tx.maintenance.update({
    where: { id },
    data: {
      ...{ status: 'completed', reason: null, acknowledgedBy, finishedAt: new Date() },
      revision: { increment: 1 },
    },
  });
  await tx.$executeRaw`
    UPDATE hosts SET cordoned = false, revision = revision + 1 WHERE id = ${hostId}::uuid AND cordoned`;
  await returnSoon(tx, hostId);
}
