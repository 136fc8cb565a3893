/**
 * Where a rollout meets a cold boot: startVm asks here whether the VM that starts has a new request to begin with, and
 * tells here what it has done. A guest that resumes, from hibernation or a snapshot, begins with nothing new.
 */
import type { PinSource } from '../../psci/policy.ts';
import type { PsciVersion } from '../../psci/versions.ts';
import type { Executor } from '../database/database.ts';
import { lookSoon } from '../jobs/jobs.ts';
import type { OperationRecord } from '../operations/operations.ts';
import type { Prisma } from '../prisma/client.ts';
import type { Refusal } from '../refusals.ts';
import type { VmRecord } from '../vms/vm-query.ts';
import { sameChoice, whyNotCold } from './rollout-plan.ts';
import {
  describeChoice,
  type FormerChoice,
  findRollout,
  logRollout,
  type RolloutRecord,
  setVmState,
} from './rollout-store.ts';

export interface RolloutChange {
  /** The VM with its new request, for placement and for the start. */
  readonly vm: VmRecord;
  readonly rollout: RolloutRecord;
  /** Whether the request is the former one again. */
  readonly back: boolean;
  readonly former: FormerChoice;
}

interface Due {
  rolloutId: string;
  state: 'armed' | 'stopping' | 'reverting' | 'revertAtBoot';
  former: FormerChoice | null;
}

/** What a rollout has for the next boot of the VM, whose row is locked; null when there is nothing. */
export async function rolloutChange(tx: Executor, vm: VmRecord): Promise<RolloutChange | null> {
  const [due] = await tx.$queryRaw<Due[]>`
    SELECT rollout_id AS "rolloutId", state, former FROM rollout_vms
    WHERE vm_id = ${vm.id}::uuid AND state IN ('armed', 'stopping', 'reverting', 'revertAtBoot') FOR UPDATE`;
  if (due === undefined || whyNotCold(vm) !== null) return null;
  const rollout = await findRollout(tx, due.rolloutId);
  if (rollout === null) return null;
  const now = choiceOf(vm);
  if (due.state === 'armed' || due.state === 'stopping') {
    if (rollout.status !== 'running' && !(rollout.status === 'paused' && due.state === 'stopping'))
      return null;
    const { policy, version, allowInsecure } = rollout.target;
    const changed: VmRecord = {
      ...vm,
      ...{
        psciPolicy: policy,
        psciVersion: version,
        psciAllowInsecure: allowInsecure || vm.psciAllowInsecure,
      },
      ...{ psciEffective: null, psciSource: null, psciPolicyRevision: null, psciPinnedAt: null },
    };
    return { vm: changed, rollout, back: false, former: now };
  }
  const former = due.former ?? now;
  // What somebody else has asked for since stands.
  const stands = due.former === null || !sameChoice(now, rollout.target);
  return { vm: stands ? vm : withChoice(vm, former), rollout, back: true, former };
}

/** Which of the VMs a rollout may have something for. */
export async function withRolloutChange(db: Executor, vmIds: readonly string[]): Promise<Set<string>> {
  const rows = await db.rolloutVm.findMany({
    where: { vmId: { in: [...vmIds] }, state: { in: ['armed', 'stopping', 'reverting', 'revertAtBoot'] } },
    select: { vmId: true },
  });
  return new Set(rows.map(({ vmId }) => vmId));
}

export function choiceOf(vm: VmRecord): FormerChoice {
  return {
    policy: vm.psciPolicy,
    version: vm.psciVersion,
    allowInsecure: vm.psciAllowInsecure,
    effective: vm.psciEffective,
    source: vm.psciSource,
    policyRevision: vm.psciPolicyRevision,
  };
}

/** The columns of `vms` that hold a request and what it led to. */
export function columnsOf(choice: FormerChoice) {
  return {
    psciPolicy: choice.policy,
    psciVersion: choice.version,
    psciAllowInsecure: choice.allowInsecure,
    psciEffective: choice.effective,
    psciSource: choice.source,
    psciPolicyRevision: choice.policyRevision,
  };
}

function withChoice(vm: VmRecord, choice: FormerChoice): VmRecord {
  return {
    ...vm,
    ...columnsOf(choice),
    psciEffective: choice.effective as PsciVersion | null,
    psciSource: choice.source as PinSource | null,
  };
}

/** The VM was placed with the change. In the transaction of its start. */
export async function rolloutChanged(
  tx: Executor,
  { vm, rollout, back, former }: RolloutChange,
  { operation, pin }: { operation: OperationRecord; pin: PsciVersion },
): Promise<void> {
  const key = { rolloutId: rollout.id, vmId: vm.id };
  const of = { vmId: vm.id, vmName: vm.name, operationId: operation.id };
  const run = { operationId: operation.id, runId: operation.runId, why: null };
  if (back) {
    await setVmState(tx, key, { ...run, state: 'returning' });
    await logRollout(
      tx,
      rollout.id,
      'vmRestored',
      `It boots with ${describeChoice(former)} again (pin ${pin}).`,
      of,
    );
  } else {
    const kept = { ...former } satisfies Prisma.InputJsonObject;
    await setVmState(tx, key, { ...run, state: 'booting', former: kept, wasRunning: true });
    const detail = `It boots with ${describeChoice(rollout.target)} (pin ${pin}); before, ${describeChoice(former)}.`;
    await logRollout(tx, rollout.id, 'vmChanged', detail, of);
  }
  await lookSoon(tx, 'rollout', rollout.id);
}

/** No host could take the VM with the change, and one takes it without. In the transaction of its start. */
export async function rolloutRefused(
  tx: Executor,
  { vm, rollout, back }: RolloutChange,
  { operation, refusal }: { operation: OperationRecord; refusal: Refusal },
): Promise<void> {
  const of = { vmId: vm.id, vmName: vm.name, operationId: operation.id };
  const detail = `${refusal.message} It was started with what it had.`;
  await setVmState(
    tx,
    { rolloutId: rollout.id, vmId: vm.id },
    {
      ...{ operationId: operation.id, runId: operation.runId, why: detail },
      state: back ? 'revertAtBoot' : 'returning',
      ...(back ? {} : { failure: refusal.message }),
    },
  );
  await logRollout(tx, rollout.id, 'vmFailed', detail, of);
  await lookSoon(tx, 'rollout', rollout.id);
}
