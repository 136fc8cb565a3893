/** The rows of rollouts as the rest of control/ works with them, and their log. */
import type { Executor } from '../database/database.ts';
import type { LastingTrace } from '../operations/lasting-trace.ts';
import { Prisma } from '../prisma/client.ts';
import { PHASE_SQL } from '../vms/vm-query.ts';
import type {
  Health,
  PsciChoice,
  RolloutRules,
  RolloutStatus,
  RolloutVmRow,
  RolloutVmState,
  VmFacts,
  Wave,
} from './rollout-plan.ts';

export interface RolloutRecord extends RolloutRules, LastingTrace {
  id: string;
  name: string;
  selector: Record<string, string>;
  target: PsciChoice;
  waves: Wave[];
  maxUnavailable: number;
  restart: boolean;
  stopTimeoutSeconds: number;
  health: Health;
  failureThreshold: number;
  status: RolloutStatus;
  reason: string | null;
  wave: number;
  soakUntil: Date | null;
  requestedBy: string;
  revision: number;
  createdAt: Date;
  finishedAt: Date | null;
}

/** A VM of a rollout with what is known of the VM; `vm` is null when it is deleted. */
export interface RolloutVm extends RolloutVmRow {
  rolloutId: string;
  vmId: string;
  vmName: string;
  wave: number | null;
  why: string | null;
  former: FormerChoice | null;
  since: Date;
  vm: VmFacts | null;
  /** For a probe's address; null without a NIC. */
  address: string | null;
}

/** A request, with the pin it had led to: that of a sticky VM is part of it. */
export interface FormerChoice extends PsciChoice {
  readonly effective: string | null;
  readonly source: string | null;
  readonly policyRevision: number | null;
}

export const OPEN_ROLLOUTS: readonly RolloutStatus[] = ['running', 'paused', 'rollingBack'];

export function isOpenRollout({ status }: { status: RolloutStatus }): boolean {
  return OPEN_ROLLOUTS.includes(status);
}

export async function findRollout(db: Executor, rolloutId: string): Promise<RolloutRecord | null> {
  const row = await db.rollout.findUnique({ where: { id: rolloutId } });
  return row as unknown as RolloutRecord | null;
}

/**
 * Holds the rollout until the transaction ends. Whoever locks VMs too locks them first. It keeps nobody from writing to
 * the rollout's log.
 */
export async function lockRollout(tx: Executor, rolloutId: string): Promise<RolloutRecord | null> {
  await tx.$queryRaw`SELECT 1 FROM rollouts WHERE id = ${rolloutId}::uuid FOR NO KEY UPDATE`;
  return findRollout(tx, rolloutId);
}

interface Row extends Omit<RolloutVm, 'vm'> {
  phase: VmFacts['phase'] | null;
  vmRunId: string | null;
  hibernation: VmFacts['hibernation'];
  restoring: boolean;
  deleting: boolean;
  request: PsciChoice;
  open: boolean;
  operation: VmFacts['operation'];
  last: VmFacts['last'];
  interrupted: VmFacts['interrupted'];
}

/** By state, in the order of the waves; `lock` holds the rows of the rollout, not those of the VMs. */
export async function readRolloutVms(
  db: Executor,
  rolloutId: string,
  filter: { states?: readonly RolloutVmState[]; wave?: number; vmId?: string; limit?: number },
  lock = false,
): Promise<RolloutVm[]> {
  const conditions = [Prisma.sql`r.rollout_id = ${rolloutId}::uuid`];
  if (filter.states !== undefined) conditions.push(Prisma.sql`r.state = ANY(${[...filter.states]})`);
  if (filter.wave !== undefined) conditions.push(Prisma.sql`r.wave = ${filter.wave}`);
  if (filter.vmId !== undefined) conditions.push(Prisma.sql`r.vm_id = ${filter.vmId}::uuid`);
  const rows = await db.$queryRaw<Row[]>`
    SELECT r.rollout_id AS "rolloutId", r.vm_id AS "vmId", r.vm_name AS "vmName", r.wave, r.state, r.why, r.failure,
      r.former, r.was_running AS "wasRunning", r.operation_id AS "operationId", r.run_id AS "runId", r.since,
      extract(epoch FROM clock_timestamp() - r.since)::float8 AS seconds,
      ${PHASE_SQL} AS phase, v.run_id AS "vmRunId", v.hibernation, v.restoring, v.deleting,
      jsonb_build_object('policy', v.psci_policy, 'version', v.psci_version, 'allowInsecure', v.psci_allow_insecure)
        AS request,
      EXISTS (SELECT FROM operations o WHERE o.vm_id = r.vm_id AND o.status IN ('pending', 'running')) AS open,
      (SELECT jsonb_build_object('status', o.status, 'detail', o.error ->> 'detail') FROM operations o
        WHERE o.id = r.operation_id) AS operation,
      (SELECT jsonb_build_object('kind', e.kind, 'initiator', e.initiator) FROM events e
        WHERE e.vm_id = r.vm_id AND e.run_id = r.run_id ORDER BY e.sequence DESC LIMIT 1) AS last,
      (SELECT e.kind FROM events e WHERE e.vm_id = r.vm_id AND e.run_id = r.run_id AND e.initiator = 'guest'
        AND e.kind IN ('reset', 'crash', 'poweroff') ORDER BY e.sequence LIMIT 1) AS interrupted,
      (SELECT host(w.cidr::inet + n.host_number) FROM nics n JOIN networks w ON w.id = n.network_id
        WHERE n.vm_id = r.vm_id ORDER BY n.position LIMIT 1) AS address
    FROM rollout_vms r LEFT JOIN vms v ON v.id = r.vm_id LEFT JOIN hosts h ON h.id = v.host_id
    WHERE ${Prisma.join(conditions, ' AND ')}
    ORDER BY r.wave NULLS FIRST, r.vm_id
    ${filter.limit === undefined ? Prisma.empty : Prisma.sql`LIMIT ${filter.limit}`}
    ${lock ? Prisma.sql`FOR UPDATE OF r` : Prisma.empty}`;
  return rows.map(toRolloutVm);
}

function toRolloutVm(row: Row): RolloutVm {
  const {
    phase,
    vmRunId,
    hibernation,
    restoring,
    deleting,
    request,
    open,
    operation,
    last,
    interrupted,
    ...own
  } = row;
  const facts = { hibernation, restoring, deleting, request, open, operation, last, interrupted };
  return { ...own, vm: phase === null ? null : { ...facts, phase, runId: vmRunId } };
}

/** Moves a VM of a rollout on; `since` begins anew with a new state. */
export async function setVmState(
  tx: Executor,
  { rolloutId, vmId }: { rolloutId: string; vmId: string },
  data: Prisma.RolloutVmUncheckedUpdateInput & { state: RolloutVmState },
): Promise<void> {
  await tx.rolloutVm.update({ where: { rolloutId_vmId: { rolloutId, vmId } }, data });
  await tx.$executeRaw`
    UPDATE rollout_vms SET since = clock_timestamp()
    WHERE rollout_id = ${rolloutId}::uuid AND vm_id = ${vmId}::uuid`;
}

export const ROLLOUT_EVENT_KINDS = [
  'created',
  'waveStarted',
  'waveDone',
  'paused',
  'resumed',
  'halted',
  'rollbackAsked',
  'succeeded',
  'rolledBack',
  'vmSkipped',
  'vmSet',
  'vmArmed',
  'vmStopAsked',
  'vmStartAsked',
  'vmChanged',
  'vmBooted',
  'vmHealthy',
  'vmUnproven',
  'vmFailed',
  'vmRestored',
  'vmReverted',
] as const;
export type RolloutEventKind = (typeof ROLLOUT_EVENT_KINDS)[number];

/** Writes what was done, in the transaction that does it. */
export async function logRollout(
  tx: Executor,
  rolloutId: string,
  kind: RolloutEventKind,
  detail: string,
  of: { vmId: string; vmName: string; operationId?: string | null } | null = null,
): Promise<void> {
  await tx.rolloutEvent.create({
    data: {
      ...{ rolloutId, kind, detail },
      ...(of === null ? {} : { vmId: of.vmId, vmName: of.vmName, operationId: of.operationId ?? null }),
    },
  });
}

/** `PSCI 1.1` or `the policy "inherit"`. */
export function describeChoice({ policy, version }: PsciChoice): string {
  return version === null ? `the policy "${policy}"` : `PSCI ${version}`;
}
