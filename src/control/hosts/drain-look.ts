/**
 * Emptying a host, one look after the other. What is due follows from the VMs that have a run there now, so it does not
 * matter how far a look was made before; each VM is dealt with in a transaction of its own.
 *
 *   a VM with a run ──stop, hibernate──▶ asked ──it is off──▶ stopped | hibernated ──the host takes runs again──▶ started
 *        │ paused                          │  ├──restart──▶ moved: its start goes to another host
 *        ▼                                 │  └──somebody else ended it──▶ ended
 *       left ◀── it does not answer ───────┘   (with `force` it is killed, paused or not)
 *
 *   a VM with a run ──migrate──▶ asked ──it is elsewhere──▶ moved      (paused or not, with its disks; never killed)
 *        │ no host takes it         └──it goes on here──▶ left
 *        ▼
 *       left
 */
import type { Control } from '../control.ts';
import type { Executor } from '../database/database.ts';
import { transact } from '../database/transact.ts';
import { hostTopic, operationTopic } from '../events/topics.ts';
import { drainRequester, RESTARTED_BY } from '../identity/requesters.ts';
import { lookSoon, type Task } from '../jobs/jobs.ts';
import { inLastingTrace } from '../operations/lasting-trace.ts';
import {
  addOperation,
  endOperation,
  findOpenOperation,
  getOperation,
  isOpen,
  type OperationRecord,
  operationProblem,
} from '../operations/operations.ts';
import { Refusal } from '../refusals.ts';
import { beginMigration } from '../vms/migrations.ts';
import { act } from '../vms/vm-act.ts';
import { lockVm, type VmRecord } from '../vms/vm-query.ts';
import { startOrWait } from '../vms/vms.ts';

export const DRAIN_ACTIONS = ['stop', 'hibernate', 'restart', 'migrate'] as const;
export type DrainAction = (typeof DRAIN_ACTIONS)[number];

export const DRAIN_VM_STATES = ['asked', 'stopped', 'hibernated', 'moved', 'ended', 'left'] as const;
export type DrainVmState = (typeof DRAIN_VM_STATES)[number];

/** The ends of the requests have it looked at; this is for what nobody tells, such as a VM that has begun to run. */
const LOOK_SECONDS = 2;
const DEFAULT_TIMEOUT_SECONDS = { stop: 60, hibernate: 300 } as const;
/** Named when a drain fails. */
const MOST_NAMES = 10;

interface Drain {
  operationId: string;
  hostId: string;
  action: DrainAction | null;
  timeoutSeconds: number | null;
  force: boolean;
}

interface DrainVm {
  vmId: string;
  vmName: string;
  action: DrainAction;
  state: DrainVmState;
  operationId: string | null;
}

export const drainTask: Task = {
  name: 'drain',
  look: lookAtDrain,
  setLookAt: async (tx, id, seconds) => {
    await tx.$executeRaw`
      UPDATE drains SET look_at = now() + make_interval(secs => ${seconds}::float8) WHERE operation_id = ${id}::uuid`;
  },
  forgotten: async (control, seconds) => {
    const rows = await control.db.$queryRaw<{ id: string }[]>`
      SELECT d.operation_id AS id FROM drains d
      JOIN operations o ON o.id = d.operation_id JOIN hosts h ON h.id = d.host_id
      WHERE d.look_at < now() - make_interval(secs => ${seconds}::float8)
        AND (o.status IN ('pending', 'running') OR (NOT h.cordoned AND EXISTS (
          SELECT FROM drain_vms v WHERE v.drain_id = d.operation_id AND v.returned_at IS NULL)))`;
    return rows.map(({ id }) => id);
  },
};

/** Has the VMs that drains of the host stopped started again. Call where it begins to take runs. */
export async function returnSoon(tx: Executor, hostId: string): Promise<void> {
  const drains = await tx.drain.findMany({
    where: { hostId, vms: { some: { returnedAt: null } } },
    select: { operationId: true },
  });
  for (const { operationId } of drains) {
    await drainTask.setLookAt(tx, operationId, 0);
    await lookSoon(tx, 'drain', operationId);
  }
}

async function lookAtDrain(control: Control, operationId: string): Promise<number | null> {
  const found = await control.db.drain.findUnique({
    where: { operationId },
    include: { operation: { select: { traceparent: true } } },
  });
  if (found === null) return null;
  const { operation, ...drain } = found;
  return inLastingTrace(operation.traceparent, () => goOn(control, drain as Drain));
}

async function goOn(control: Control, drain: Drain): Promise<number | null> {
  const { operationId } = drain;
  if (!isOpen(await getOperation(control.db, operationId))) {
    await returnVms(control, drain);
    return null;
  }
  const rows = await control.db.$queryRaw<{ id: string }[]>`
    SELECT v.id FROM vms v WHERE v.host_id = ${drain.hostId}::uuid AND v.run_id IS NOT NULL
    UNION SELECT d.vm_id FROM drain_vms d WHERE d.drain_id = ${operationId}::uuid AND d.state = 'asked'
    ORDER BY id`;
  for (const { id } of rows) {
    const topics = await transact(control, (tx) => moveOn(tx, drain, id));
    control.wake.notify(...topics);
  }
  const ended = await transact(control, (tx) => endDrain(tx, drain));
  control.wake.notify(operationTopic(operationId));
  return ended ? null : LOOK_SECONDS;
}

/** Does what is due for one VM. Returns whom to wake. */
async function moveOn(tx: Executor, drain: Drain, vmId: string): Promise<string[]> {
  const vm = await lockVm(tx, vmId);
  const key = { drainId: drain.operationId, vmId };
  const row = (await tx.drainVm.findUnique({ where: { drainId_vmId: key } })) as DrainVm | null;
  const set = async (
    state: DrainVmState,
    data: { why?: string; operationId?: string } = {},
  ): Promise<string[]> => {
    await tx.drainVm.update({ where: { drainId_vmId: key }, data: { state, ...data } });
    return [];
  };
  if (row !== null && row.state !== 'asked') return [];
  if (vm === null) return row === null ? [] : set('ended', { why: 'It has been deleted.' });
  const runsHere = vm.runId !== null && vm.hostId === drain.hostId;
  if (row === null) return runsHere ? begin(tx, drain, vm) : [];

  const asked = row.operationId === null ? null : await getOperation(tx, row.operationId);
  if (asked !== null && isOpen(asked)) return [];
  if (runsHere) {
    const why = asked?.error?.detail ?? 'It runs on.';
    if (!drain.force || row.action === 'migrate' || asked?.kind === 'kill') return set('left', { why });
    return ask(tx, drain, vm, row.action, 'kill');
  }
  if (asked?.status === 'cancelled') return set('ended', { why: 'Somebody else ended it.' });
  if (row.action === 'migrate') {
    const why = asked?.error?.detail ?? `It is ${vm.phase}.`;
    if (vm.hostId === drain.hostId) return set('ended', { why });
    return set('moved', asked?.status === 'succeeded' ? {} : { why });
  }
  if (row.action !== 'restart') return set(vm.phase === 'hibernated' ? 'hibernated' : 'stopped');
  if (vm.phase !== 'stopped' && vm.phase !== 'failed') return set('ended', { why: `It is ${vm.phase}.` });
  const start = await startOrWait(tx, vm, drainRequester(drain.operationId));
  await set('moved', {
    operationId: start.id,
    ...(start.hostId === null ? { why: 'Its start waits for another host.' } : {}),
  });
  return start.hostId === null ? [] : [hostTopic(start.hostId)];
}

async function begin(tx: Executor, drain: Drain, vm: VmRecord): Promise<string[]> {
  const wanted = drain.action ?? vm.onDrain;
  if (wanted === 'migrate') return move(tx, drain, vm);
  // Its disks stay where they are, and so does it.
  const action = wanted === 'restart' && vm.disks.length > 0 ? 'stop' : wanted;
  if (vm.phase === 'paused' && (await findOpenOperation(tx, vm.id)) === null) {
    if (drain.force) return ask(tx, drain, vm, action, 'kill');
    const data = { vmName: vm.name, action, state: 'left', why: 'It is paused: resume or kill it.' };
    await tx.drainVm.create({ data: { drainId: drain.operationId, vmId: vm.id, ...data } });
    return [];
  }
  // Whatever else it is doing ends by itself, or waits for its host.
  if (vm.phase !== 'running') return [];
  return ask(tx, drain, vm, action, action === 'hibernate' ? 'hibernate' : 'stop');
}

/** Has the VM moved, with what its guest has in memory. */
async function move(tx: Executor, drain: Drain, vm: VmRecord): Promise<string[]> {
  // Whatever else it is doing ends by itself, or waits for its host.
  if (vm.phase !== 'running' && vm.phase !== 'paused') return [];
  const key = { drainId: drain.operationId, vmId: vm.id };
  const data = { vmName: vm.name, action: 'migrate' };
  const request = { targetHostId: null, requestedBy: drainRequester(drain.operationId) };
  const begun = await beginMigration(tx, vm, request).catch((error: unknown) => {
    if (error instanceof Refusal) return error;
    throw error;
  });
  if (begun instanceof Refusal) {
    // Another request is open: the next look sees what came of it.
    if (begun.code === 'OPERATION_IN_PROGRESS') return [];
    await tx.drainVm.create({ data: { ...key, ...data, state: 'left', why: begun.message } });
    return [];
  }
  await tx.drainVm.create({ data: { ...key, ...data, state: 'asked', operationId: begun.operation.id } });
  return begun.topics;
}

async function ask(
  tx: Executor,
  drain: Drain,
  vm: VmRecord,
  action: DrainAction,
  request: 'stop' | 'hibernate' | 'kill',
): Promise<string[]> {
  const asks = request !== 'kill';
  const acted = await act(tx, vm, {
    action: request,
    ...(asks ? { timeoutSeconds: drain.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS[request] } : {}),
    ...(request === 'stop' ? { force: drain.force } : {}),
    requestedBy: drainRequester(drain.operationId),
  }).catch((error: unknown) => {
    // Another request is open: the next look sees what came of it.
    if (error instanceof Refusal) return null;
    throw error;
  });
  if (acted === null) return [];
  const data = { vmName: vm.name, action, state: 'asked', operationId: acted.operation.id };
  await tx.drainVm.upsert({
    where: { drainId_vmId: { drainId: drain.operationId, vmId: vm.id } },
    create: { drainId: drain.operationId, vmId: vm.id, ...data },
    update: data,
  });
  return acted.topics;
}

/** Notes how far it is, and ends it when nothing is left to do. */
async function endDrain(tx: Executor, drain: Drain): Promise<boolean> {
  const { operationId, hostId } = drain;
  await tx.$queryRaw`SELECT 1 FROM operations WHERE id = ${operationId}::uuid FOR UPDATE`;
  const operation: OperationRecord = await getOperation(tx, operationId);
  if (!isOpen(operation)) return true;
  const running = await tx.$queryRaw<{ name: string; state: DrainVmState | null }[]>`
    SELECT v.name, d.state FROM vms v
    LEFT JOIN drain_vms d ON d.vm_id = v.id AND d.drain_id = ${operationId}::uuid
    WHERE v.host_id = ${hostId}::uuid AND v.run_id IS NOT NULL ORDER BY v.name`;
  const asked = await tx.drainVm.count({ where: { drainId: operationId, state: 'asked' } });
  const dealt = await tx.drainVm.count({ where: { drainId: operationId } });
  const unasked = running.filter(({ state }) => state === null).length;
  const progress = { total: dealt + unasked, done: dealt - asked };
  await tx.operation.update({ where: { id: operationId }, data: { args: { progress } } });
  if (asked > 0 || running.some(({ state }) => state !== 'left')) return false;
  const names = running.slice(0, MOST_NAMES).map(({ name }) => name);
  const more = running.length > names.length ? ` and ${running.length - names.length} more` : '';
  const detail = `${running.length} VMs still run on the host: ${names.join(', ')}${more}. See the host's drain for why.`;
  await endOperation(
    tx,
    operationId,
    running.length === 0
      ? { status: 'succeeded' }
      : { status: 'failed', error: operationProblem('DRAIN_INCOMPLETE', detail) },
    { withdraw: false },
  );
  return true;
}

/** VMs that nobody has started, stopped or killed since the drain did are started as those that wait for room. */
async function returnVms(control: Control, { operationId, hostId }: Drain): Promise<void> {
  const host = await control.db.host.findUnique({ where: { id: hostId }, select: { cordoned: true } });
  if (host === null || host.cordoned) return;
  const rows = await control.db.drainVm.findMany({ where: { drainId: operationId, returnedAt: null } });
  for (const { vmId } of rows) {
    await transact(control, async (tx) => {
      const vm = await lockVm(tx, vmId);
      const key = { drainId_vmId: { drainId: operationId, vmId } };
      const row = await tx.drainVm.findUnique({ where: key });
      if (row === null || row.returnedAt !== null) return;
      const asked = row.operationId === null ? null : await getOperation(tx, row.operationId);
      // Cancelled in the midst: the guest still has the request. The end of that has it looked at again.
      if (asked !== null && row.state === 'asked' && isOpen(asked)) return;
      await tx.drainVm.update({ where: key, data: { returnedAt: new Date() } });
      if (vm === null || asked === null || asked.status !== 'succeeded' || row.state === 'moved') return;
      const idle = vm.runId === null && !vm.deleting && (vm.phase === 'stopped' || vm.phase === 'hibernated');
      const since = await tx.operation.count({ where: { vmId, id: { gt: asked.id } } });
      if (!idle || since > 0) return;
      await tx.vm.update({
        where: { id: vmId },
        data: {
          ...{
            phase: 'pending',
            powerState: 'running',
            reason: 'It is started again: its host takes runs again.',
          },
          revision: { increment: 1 },
        },
      });
      await addOperation(tx, { kind: 'start', vmId, hostId: null, runId: null, requestedBy: RESTARTED_BY });
    });
  }
}
