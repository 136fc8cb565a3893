/**
 * Rollouts: the VMs of a selector get another request for their pin, wave by wave.
 *
 *   running ──pause──▶ paused ──resume──▶ running ──all waves through──▶ succeeded
 *      │                 │ what is under way goes on                        │
 *      └────────┬────────┴──── rollback, asked for ────────────────────────┘
 *               ▼    or, from running and paused: more VMs failed than may
 *          rollingBack ──every VM has what it had──▶ rolledBack
 *
 * What happens to each VM is drawn in rollout-plan.ts. The request that a VM gets is its own (`psci`), as if an operator
 * had patched it while it was off: so it outlives the rollout, and explains itself where pins are explained.
 */
import { v7 as uuidv7 } from 'uuid';
import type { PsciVersion } from '../../psci/versions.ts';
import { currentTrace, formatTraceparent } from '../../trace/context.ts';
import type { Control } from '../control.ts';
import { ADVISORY_LOCKS } from '../database/advisory-locks.ts';
import type { Executor } from '../database/database.ts';
import { transact } from '../database/transact.ts';
import { lookSoon } from '../jobs/jobs.ts';
import { newLastingTrace } from '../operations/lasting-trace.ts';
import { checkPolicy } from '../policies/pin.ts';
import { Refusal } from '../refusals.ts';
import type { RevisionCheck } from '../vms/vms.ts';
import { beginRollback } from './rollout-advance.ts';
import {
  type Health,
  type PsciChoice,
  type RolloutVmState,
  SETTLED,
  sameChoice,
  type VmFacts,
  type Wave,
  waveSizes,
  whyNotCold,
} from './rollout-plan.ts';
import {
  describeChoice,
  findRollout,
  isOpenRollout,
  lockRollout,
  logRollout,
  type RolloutRecord,
} from './rollout-store.ts';

export interface NewRollout {
  name: string;
  selector: Record<string, string>;
  to: {
    version?: PsciVersion;
    policy?: 'inherit' | 'sticky' | 'latest';
    allowInsecure?: boolean;
  };
  waves: Wave[];
  maxUnavailable: number;
  restart: boolean;
  stopTimeoutSeconds: number;
  health: Health;
  failureThreshold: number;
}

/** Of each wave, how many of its VMs are in which state. */
export interface RolloutCounts {
  wave: number | null;
  state: RolloutVmState;
  count: number;
}

export interface RolloutView extends RolloutRecord {
  counts: RolloutCounts[];
  failures: number;
}

/** Throws PSCI_VERSION_INSECURE or ROLLOUT_SELECTS_NOTHING. */
export async function createRollout(
  control: Control,
  input: NewRollout,
  requestedBy: string,
): Promise<RolloutView> {
  const { policy, version, allowInsecure } = input.to;
  const checked = checkPolicy({
    ...(policy === undefined ? {} : { policy }),
    ...(version === undefined ? {} : { version }),
    ...(allowInsecure === undefined ? {} : { allowInsecure }),
  });
  const target = {
    policy: checked.psciPolicy,
    version: checked.psciVersion,
    allowInsecure: checked.psciAllowInsecure,
  };
  const id = uuidv7();
  await transact(control, async (tx) => {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(${ADVISORY_LOCKS.rollouts})`;
    const vms = await selected(tx, input.selector, target);
    if (vms.length === 0) {
      throw new Refusal(
        'ROLLOUT_SELECTS_NOTHING',
        'No VM has these labels. See GET /v1/vms?label=key:value.',
        {
          pointer: '/selector',
        },
      );
    }
    const { name, selector, maxUnavailable, restart, stopTimeoutSeconds, failureThreshold } = input;
    await tx.rollout.create({
      data: {
        ...{ id, name, selector, maxUnavailable, restart, stopTimeoutSeconds, failureThreshold, requestedBy },
        target,
        waves: input.waves.map((wave) => ({ ...wave })),
        health: { ...input.health },
        ...newLastingTrace(),
      },
    });
    await tx.rolloutVm.createMany({ data: inWaves(id, vms, input.waves) });
    const skipped = vms.filter(({ why }) => why !== null).length;
    await logRollout(
      tx,
      id,
      'created',
      `${vms.length - skipped} VMs go to ${describeChoice(target)} in ${input.waves.length} waves, ${skipped} are skipped. ` +
        `Asked for by ${requestedBy}.`,
    );
    await logRollout(tx, id, 'waveStarted', `Wave 1 of ${input.waves.length} begins.`);
    await lookSoon(tx, 'rollout', id);
  });
  return getRollout(control, id);
}

interface Selected {
  vmId: string;
  vmName: string;
  /** Why it is skipped; null when it is not. */
  why: string | null;
}

async function selected(
  tx: Executor,
  selector: Record<string, string>,
  target: PsciChoice,
): Promise<Selected[]> {
  const rows = await tx.$queryRaw<
    (Pick<VmFacts, 'runId' | 'hibernation' | 'restoring' | 'deleting' | 'request'> & {
      vmId: string;
      vmName: string;
      other: string | null;
    })[]
  >`
    SELECT v.id AS "vmId", v.name AS "vmName", v.run_id AS "runId", v.hibernation, v.restoring, v.deleting,
      jsonb_build_object('policy', v.psci_policy, 'version', v.psci_version, 'allowInsecure', v.psci_allow_insecure)
        AS request,
      (SELECT r.name FROM rollout_vms o JOIN rollouts r ON r.id = o.rollout_id WHERE o.vm_id = v.id
        AND (o.state = 'revertAtBoot' OR NOT o.state = ANY(${[...SETTLED]})) LIMIT 1) AS other
    FROM vms v WHERE v.labels @> ${JSON.stringify(selector)}::jsonb ORDER BY v.id`;
  return rows.map(({ vmId, vmName, other, ...vm }) => ({
    ...{ vmId, vmName },
    why: vm.deleting
      ? 'It is being deleted.'
      : other !== null
        ? `The rollout "${other}" is not done with it.`
        : sameChoice(vm.request, target)
          ? 'It has this request already.'
          : vm.runId === null
            ? whyNotCold(vm)
            : null,
  }));
}

function inWaves(rolloutId: string, vms: readonly Selected[], waves: readonly Wave[]) {
  const taken = vms.filter(({ why }) => why === null);
  const waveOf = waveSizes(waves, taken.length).flatMap((size, wave) => Array<number>(size).fill(wave));
  const rows = taken.map(({ vmId, vmName }, index) => ({
    ...{ rolloutId, vmId, vmName },
    ...{ wave: waveOf[index] ?? waves.length - 1, state: 'waiting' },
  }));
  const skipped = vms.flatMap(({ vmId, vmName, why }) =>
    why === null ? [] : [{ ...{ rolloutId, vmId, vmName }, ...{ wave: null, state: 'skipped', why } }],
  );
  return [...rows, ...skipped];
}

/** Throws ROLLOUT_NOT_FOUND. */
export async function getRollout(control: Control, rolloutId: string): Promise<RolloutView> {
  const rollout = await findRollout(control.db, rolloutId);
  if (rollout === null) throw new Refusal('ROLLOUT_NOT_FOUND', `There is no rollout ${rolloutId}.`);
  const [view] = await withCounts(control, [rollout]);
  if (view === undefined) throw new Refusal('ROLLOUT_NOT_FOUND', `There is no rollout ${rolloutId}.`);
  return view;
}

/** Newest first. */
export async function listRollouts(
  control: Control,
  page: { beforeId: string | null; limit: number },
): Promise<RolloutView[]> {
  const rows = await control.db.rollout.findMany({
    where: page.beforeId === null ? {} : { id: { lt: page.beforeId } },
    orderBy: { id: 'desc' },
    take: page.limit,
  });
  return withCounts(control, rows as unknown as RolloutRecord[]);
}

async function withCounts(control: Control, rollouts: readonly RolloutRecord[]): Promise<RolloutView[]> {
  const rows = await control.db.$queryRaw<(RolloutCounts & { rolloutId: string; failed: number })[]>`
    SELECT rollout_id AS "rolloutId", wave, state, count(*)::int AS count, count(failure)::int AS failed
    FROM rollout_vms WHERE rollout_id = ANY(${rollouts.map(({ id }) => id)}::uuid[]) GROUP BY 1, 2, 3`;
  return rollouts.map((rollout) => {
    const own = rows.filter(({ rolloutId }) => rolloutId === rollout.id);
    return {
      ...rollout,
      counts: own.map(({ wave, state, count }) => ({ wave, state, count })),
      failures: own.reduce((sum, { failed }) => sum + failed, 0),
    };
  });
}

export type RolloutAction = 'pause' | 'resume' | 'rollback';

/** Throws ROLLOUT_NOT_FOUND, or ROLLOUT_STATUS where it is in no status for that. */
export async function actOnRollout(
  control: Control,
  rolloutId: string,
  { action, check, by }: { action: RolloutAction; check: RevisionCheck; by: string },
): Promise<RolloutView> {
  await transact(control, async (tx) => {
    const rollout = await lockRollout(tx, rolloutId);
    if (rollout === null) throw new Refusal('ROLLOUT_NOT_FOUND', `There is no rollout ${rolloutId}.`);
    check(rollout.revision);
    switch (action) {
      case 'pause':
      case 'resume': {
        const [from, to] = action === 'pause' ? ['running', 'paused'] : ['paused', 'running'];
        if (rollout.status !== from) throw refuse(rollout, action);
        await tx.rollout.update({
          where: { id: rolloutId },
          data: { status: to, revision: { increment: 1 } },
        });
        await logRollout(tx, rolloutId, action === 'pause' ? 'paused' : 'resumed', `By ${by}.`);
        await lookSoon(tx, 'rollout', rolloutId);
        return;
      }
      case 'rollback':
        if (rollout.status !== 'succeeded' && (!isOpenRollout(rollout) || rollout.status === 'rollingBack')) {
          throw refuse(rollout, action);
        }
        await logRollout(tx, rolloutId, 'rollbackAsked', `By ${by}.`);
        if (rollout.status === 'succeeded') await continueInTrace(tx, rolloutId);
        await beginRollback(tx, rolloutId, `${by} asked for it.`);
    }
  });
  return getRollout(control, rolloutId);
}

/** Its span is over and sent: what follows is inside of the request that asks for it. */
async function continueInTrace(tx: Executor, rolloutId: string): Promise<void> {
  const around = currentTrace();
  const traceparent = around === null ? null : formatTraceparent(around);
  await tx.rollout.update({ where: { id: rolloutId }, data: { traceparent, traceParentSpan: null } });
}

function refuse({ name, status }: RolloutRecord, action: RolloutAction): Refusal {
  const from = { pause: 'running', resume: 'paused', rollback: 'running, paused or succeeded' }[action];
  return new Refusal('ROLLOUT_STATUS', `Rollout ${name} is ${status}; it must be ${from} to ${action} it.`);
}

export interface RolloutVmRecord {
  id: string;
  vmName: string;
  wave: number | null;
  state: RolloutVmState;
  why: string | null;
  failure: string | null;
  former: PsciChoice | null;
  operationId: string | null;
  since: Date;
}

/** By id, which is the order in which the VMs were created. */
export async function listRolloutVms(
  control: Control,
  rolloutId: string,
  state: RolloutVmState | null,
  page: { afterId: string | null; limit: number },
): Promise<RolloutVmRecord[]> {
  const rows = await control.db.rolloutVm.findMany({
    where: {
      rolloutId,
      ...(state === null ? {} : { state }),
      ...(page.afterId === null ? {} : { vmId: { gt: page.afterId } }),
    },
    orderBy: { vmId: 'asc' },
    take: page.limit,
  });
  return rows.map((row) => ({ ...row, id: row.vmId }) as unknown as RolloutVmRecord);
}

export interface RolloutEventRecord {
  position: bigint;
  kind: string;
  vmId: string | null;
  vmName: string | null;
  operationId: string | null;
  detail: string;
  at: Date;
}

/** Newest first. */
export async function listRolloutEvents(
  control: Control,
  rolloutId: string,
  page: { before: bigint | null; limit: number },
): Promise<RolloutEventRecord[]> {
  return control.db.rolloutEvent.findMany({
    where: { rolloutId, ...(page.before === null ? {} : { position: { lt: page.before } }) },
    orderBy: { position: 'desc' },
    take: page.limit,
  });
}
