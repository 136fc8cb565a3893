/**
 * One look at a rollout: what is due for each of its VMs (rollout-plan.ts says what), then for the rollout itself.
 *
 * Every VM is moved on in a transaction of its own that locks the VM, finds out again what is due, and does it together
 * with its note in the log. So it does not matter how often, by whom or how far a look was made before.
 */
import type { Control } from '../control.ts';
import type { Executor } from '../database/database.ts';
import { transact } from '../database/transact.ts';
import { hostTopic } from '../events/topics.ts';
import { rolloutRequester } from '../identity/requesters.ts';
import type { Task } from '../jobs/jobs.ts';
import { type StepSpan, stepInLastingTrace } from '../operations/lasting-trace.ts';
import type { OperationRecord } from '../operations/operations.ts';
import { Refusal } from '../refusals.ts';
import { type ActionRequest, act } from '../vms/vm-act.ts';
import { lockVm, type VmRecord } from '../vms/vm-query.ts';
import { startOrWait } from '../vms/vms.ts';
import { advance } from './rollout-advance.ts';
import { choiceOf, columnsOf } from './rollout-boot.ts';
import { IN_FLIGHT, nextStep, type RolloutVmState, type Step, WAITS_FOR_HOST } from './rollout-plan.ts';
import { probe } from './rollout-probe.ts';
import {
  describeChoice,
  type FormerChoice,
  findRollout,
  isOpenRollout,
  lockRollout,
  logRollout,
  OPEN_ROLLOUTS,
  type RolloutEventKind,
  type RolloutRecord,
  type RolloutVm,
  readRolloutVms,
  setVmState,
} from './rollout-store.ts';

/** While VMs are on their way. */
const BUSY_SECONDS = 1;
/** While VMs of the wave cannot be moved yet. */
const CALM_SECONDS = 3;
/** While it waits for people: who start VMs, or resume it. What they do has it looked at. */
const IDLE_SECONDS = 60;
/** One thing leads to another in one look; then others have their turn. */
const MOST_ROUNDS = 20;
/** Transactions and probes at once; the pool of connections is everybody's. */
const AT_ONCE = 3;
/** How many that wait for their turn are looked at in one look. */
const MOST_WAITING = 500;

export const rolloutTask: Task = {
  name: 'rollout',
  look: lookAtRollout,
  setLookAt: async (tx, id, seconds) => {
    await tx.$executeRaw`
      UPDATE rollouts SET look_at = now() + make_interval(secs => ${seconds}::float8) WHERE id = ${id}::uuid`;
  },
  forgotten: async (control, seconds) => {
    const rows = await control.db.$queryRaw<{ id: string }[]>`
      SELECT id FROM rollouts WHERE status = ANY(${[...OPEN_ROLLOUTS]})
        AND look_at < now() - make_interval(secs => ${seconds}::float8)`;
    return rows.map(({ id }) => id);
  },
};

/** Does what is due. Returns when to look again, in seconds; null when the rollout is finished. */
export async function lookAtRollout(control: Control, rolloutId: string): Promise<number | null> {
  for (let round = 1; ; round += 1) {
    const rollout = await findRollout(control.db, rolloutId);
    if (rollout === null || !isOpenRollout(rollout)) return null;
    const did = await goRound(control, rollout);
    if (!did || round === MOST_ROUNDS) return await nextLook(control, rollout);
  }
}

/** Everything that is due once. Returns whether that was anything, for then more may be due. */
async function goRound(control: Control, rollout: RolloutRecord): Promise<boolean> {
  const moving = await readRolloutVms(control.db, rollout.id, { states: ['armed', ...IN_FLIGHT] });
  const soaking = await readRolloutVms(control.db, rollout.id, { states: ['healthy'], wave: rollout.wave });
  const rows = [...moving, ...soaking];
  let did = false;
  for (let i = 0; i < rows.length; i += AT_ONCE) {
    const done = await Promise.all(rows.slice(i, i + AT_ONCE).map((row) => moveOn(control, rollout, row)));
    did ||= done.includes(true);
  }
  if (await advance(control, rollout.id)) return true;
  const takes = rollout.status === 'running' && rollout.soakUntil === null;
  return (takes && (await takeWaiting(control, rollout))) || did;
}

async function nextLook(control: Control, { id, status, wave, soakUntil }: RolloutRecord): Promise<number> {
  const states = await control.db.rolloutVm.groupBy({
    by: ['state'],
    where: { rolloutId: id, OR: [{ state: { in: [...IN_FLIGHT] } }, { wave }] },
  });
  const has = (wanted: readonly RolloutVmState[]) =>
    states.some(({ state }) => wanted.some((one) => one === state));
  if (status === 'rollingBack' || has(IN_FLIGHT)) return BUSY_SECONDS;
  if (status === 'paused') return IDLE_SECONDS;
  if (soakUntil !== null) return BUSY_SECONDS;
  return has(['waiting']) ? CALM_SECONDS : IDLE_SECONDS;
}

async function moveOn(control: Control, rollout: RolloutRecord, row: RolloutVm): Promise<boolean> {
  // Most of the time nothing is due, and that costs no transaction.
  const dry = nextStep(rollout, row, row.vm, rollout.health.probe === null ? null : true);
  if (dry.do === 'wait' && dry.why === row.why) return false;
  const asks = rollout.health.probe !== null && (dry.do === 'watch' || dry.do === 'healthy');
  const probed = asks && rollout.health.probe !== null ? await probe(rollout.health.probe, row) : null;
  return (await inStep(control, rollout, row.vmId, probed, null)) === 'done';
}

/** Begins with as many as may be down at once, in the order of the wave. */
async function takeWaiting(control: Control, rollout: RolloutRecord): Promise<boolean> {
  let did = false;
  const filter = { states: ['waiting'] as const, wave: rollout.wave, limit: MOST_WAITING };
  for (const row of await readRolloutVms(control.db, rollout.id, filter)) {
    const dry = nextStep(rollout, row, row.vm, null);
    if (dry.do === 'wait' && dry.why === row.why) continue;
    const outcome = await inStep(control, rollout, row.vmId, null, rollout.wave);
    did ||= outcome === 'done';
    if (outcome === 'full') break;
  }
  return did;
}

interface Outcome {
  readonly outcome: 'done' | 'nothing' | 'full';
  readonly topics: string[];
  readonly step: Step['do'];
}

/**
 * Does what is due for one VM. `wave`: the one it is to begin in, which must still be under way; `full` when no more may
 * begin.
 */
async function inStep(
  control: Control,
  rollout: RolloutRecord,
  vmId: string,
  probed: boolean | null,
  wave: number | null,
): Promise<Outcome['outcome']> {
  const look = async (tx: Executor): Promise<Outcome> => {
    const answer = (outcome: Outcome['outcome'], topics: string[] = [], step: Step['do'] = 'wait') => ({
      ...{ outcome, topics, step },
    });
    const vm = await lockVm(tx, vmId);
    if (wave !== null) {
      const now = await lockRollout(tx, rollout.id);
      if (now?.status !== 'running' || now.wave !== wave) return answer('full');
    }
    const [row] = await readRolloutVms(tx, rollout.id, { vmId }, true);
    if (row === undefined || (row.state === 'waiting') !== (wave !== null)) return answer('nothing');
    const step = nextStep(rollout, row, row.vm, probed);
    if (wave !== null && step.do === 'stop') {
      const down = await tx.rolloutVm.count({
        where: { rolloutId: rollout.id, state: { in: [...IN_FLIGHT] } },
      });
      if (down >= rollout.maxUnavailable) return answer('full');
    }
    const topics = await apply(tx, rollout, row, vm, step);
    return answer(step.do === 'wait' ? 'nothing' : 'done', topics, step.do);
  };
  const { outcome, topics } = await stepInLastingTrace(
    rollout.traceparent,
    () => transact(control, look),
    ({ outcome, step }) => (outcome === 'done' ? stepSpan(rollout, vmId, step) : null),
  );
  control.wake.notify(...topics);
  return outcome;
}

function stepSpan({ id, wave }: RolloutRecord, vmId: string, step: Step['do']): StepSpan {
  const attributes = { 'holdfast.rollout_id': id, 'holdfast.rollout_wave': wave + 1, 'holdfast.vm_id': vmId };
  return { name: `rollout ${step}`, attributes };
}

/** Returns whom to wake. */
async function apply(
  tx: Executor,
  rollout: RolloutRecord,
  row: RolloutVm,
  vm: VmRecord | null,
  step: Step,
): Promise<string[]> {
  const settle = async (state: RolloutVmState, kind: RolloutEventKind, why: string | null, said: string) => {
    await setVmState(tx, row, { state, why });
    await logRollout(tx, rollout.id, kind, why ?? said, row);
    return [];
  };
  if (step.do === 'wait') {
    if (step.why !== row.why) {
      const { rolloutId, vmId } = row;
      await tx.rolloutVm.update({ where: { rolloutId_vmId: { rolloutId, vmId } }, data: { why: step.why } });
    }
    return [];
  }
  if (step.do === 'skip') return settle('skipped', 'vmSkipped', step.why, step.why);
  // The rest is only said of a VM that is there.
  if (vm === null) return [];
  switch (step.do) {
    case 'arm':
      return settle('armed', 'vmArmed', null, `Its next cold boot has ${describeChoice(rollout.target)}.`);
    case 'set':
      return set(tx, rollout, row, vm);
    case 'stop':
      return ask(tx, rollout, row, vm, {
        ...{ action: 'stop', timeoutSeconds: rollout.stopTimeoutSeconds, force: step.force },
      });
    case 'kill':
      return ask(tx, rollout, row, vm, { action: 'kill' });
    case 'start':
      return start(tx, rollout, row, vm, step.skip);
    case 'follow':
      await setVmState(tx, row, { state: 'booting', runId: step.runId, why: null });
      await logRollout(
        tx,
        rollout.id,
        'vmStartAsked',
        'Its host rebooted; it is watched in its new run.',
        row,
      );
      return [];
    case 'watch':
      return settle('watching', 'vmBooted', null, 'It runs.');
    case 'healthy':
      return settle('healthy', 'vmHealthy', null, `It has been up for ${rollout.health.upSeconds} s.`);
    case 'unproven':
      return settle('unproven', 'vmUnproven', step.why, step.why);
    case 'fail':
      await setVmState(tx, row, { state: 'reverting', failure: step.why, why: null, operationId: null });
      await logRollout(tx, rollout.id, 'vmFailed', step.why, row);
      return [];
    case 'restore':
      return restore(tx, rollout, row, vm);
    case 'revertAtBoot':
      return settle('revertAtBoot', 'vmReverted', step.why, step.why);
    case 'reverted':
      return settle('reverted', 'vmReverted', step.why, 'It runs with what it had before.');
  }
}

async function set(tx: Executor, rollout: RolloutRecord, row: RolloutVm, vm: VmRecord): Promise<string[]> {
  const former = choiceOf(vm);
  const { policy, version, allowInsecure } = rollout.target;
  await writeChoice(tx, vm.id, {
    ...{ policy, version, effective: null, source: null, policyRevision: null },
    allowInsecure: allowInsecure || vm.psciAllowInsecure,
  });
  await setVmState(tx, row, {
    state: 'set',
    former: { ...former },
    why: 'It is off; its next start has it.',
  });
  await logRollout(
    tx,
    rollout.id,
    'vmSet',
    `It is off: its next start has ${describeChoice(rollout.target)}; before, ${describeChoice(former)}.`,
    row,
  );
  return [];
}

async function restore(
  tx: Executor,
  rollout: RolloutRecord,
  row: RolloutVm,
  vm: VmRecord,
): Promise<string[]> {
  const { former } = row;
  if (former === null) return [];
  await writeChoice(tx, vm.id, former);
  await setVmState(tx, row, { state: 'reverted', why: 'It is off; its next start has what it had.' });
  await logRollout(
    tx,
    rollout.id,
    'vmRestored',
    `It is off: its next start has ${describeChoice(former)} again.`,
    row,
  );
  return [];
}

async function writeChoice(tx: Executor, vmId: string, choice: FormerChoice): Promise<void> {
  await tx.vm.update({
    where: { id: vmId },
    data: { ...columnsOf(choice), generation: { increment: 1 }, revision: { increment: 1 } },
  });
}

async function ask(
  tx: Executor,
  rollout: RolloutRecord,
  row: RolloutVm,
  vm: VmRecord,
  request: Omit<ActionRequest, 'requestedBy'>,
): Promise<string[]> {
  if (request.action === 'stop' && row.state === 'waiting') {
    const why = await whyNowhere(tx, rollout, vm);
    if (why !== null) {
      await setVmState(tx, row, { state: 'skipped', why });
      await logRollout(tx, rollout.id, 'vmSkipped', why, row);
      return [];
    }
  }
  const acted = await act(tx, vm, { ...request, requestedBy: rolloutRequester(rollout.id) }).catch(
    (error: unknown) => {
      // Somebody else was quicker; the next look sees what came of it.
      if (error instanceof Refusal) return null;
      throw error;
    },
  );
  if (acted === null) return [];
  const state = row.state === 'waiting' ? 'stopping' : row.state;
  const operationId = acted.operation.id;
  await setVmState(tx, row, { state, operationId, wasRunning: true, why: null });
  const said = request.action === 'kill' ? 'It is ended.' : 'It is asked to power off.';
  await logRollout(tx, rollout.id, 'vmStopAsked', said, { ...row, operationId });
  return acted.topics;
}

/** A VM is not stopped for a version that no host it may run on accepts. */
async function whyNowhere(tx: Executor, { target }: RolloutRecord, vm: VmRecord): Promise<string | null> {
  if (target.version === null) return null;
  const boundTo = vm.disks.length > 0 ? vm.hostId : null;
  const [found] = await tx.$queryRaw<{ any: boolean }[]>`
    SELECT EXISTS (SELECT FROM hosts h WHERE ${target.version} = ANY(h.psci_accepted) AND h.lost_at IS NULL
      AND h.labels @> ${JSON.stringify(vm.hostSelector)}::jsonb
      AND (${boundTo}::uuid IS NULL OR h.id = ${boundTo}::uuid)) AS any`;
  return found?.any === true ? null : `No host that it may run on accepts PSCI ${target.version}.`;
}

/** In the transaction of the start rollout-boot.ts moves the VM on; a start that waits for room does so later. */
async function start(
  tx: Executor,
  rollout: RolloutRecord,
  row: RolloutVm,
  vm: VmRecord,
  skip: string | null,
): Promise<string[]> {
  if (skip !== null) {
    await setVmState(tx, row, { state: 'skipped', why: skip });
    await logRollout(tx, rollout.id, 'vmSkipped', skip, row);
  }
  const operation: OperationRecord = await startOrWait(tx, vm, rolloutRequester(rollout.id));
  if (operation.runId === null) {
    const { rolloutId, vmId } = row;
    const data = { operationId: operation.id, why: WAITS_FOR_HOST };
    await tx.rolloutVm.update({ where: { rolloutId_vmId: { rolloutId, vmId } }, data });
  }
  await logRollout(tx, rollout.id, 'vmStartAsked', 'It is started.', { ...row, operationId: operation.id });
  return operation.hostId === null ? [] : [hostTopic(operation.hostId)];
}
