/** The actions on a VM: start, stop, kill, pause, resume, reset, hibernate. Each makes one operation. */
import type { Control } from '../control.ts';
import type { Executor } from '../database/database.ts';
import { transact } from '../database/transact.ts';
import { hostTopic, operationTopic } from '../events/topics.ts';
import {
  addOperation,
  endOperation,
  findOpenOperation,
  type OperationArgs,
  type OperationRecord,
  operationProblem,
} from '../operations/operations.ts';
import { hibernationNote, powerOffNote } from '../policies/pin.ts';
import { Refusal } from '../refusals.ts';
import { endMigration } from './migration-store.ts';
import { endsOthers, refusalOf, type VmAction } from './vm-actions.ts';
import { lockVm, type VmRecord } from './vm-query.ts';
import { leaveRun } from './vm-run.ts';
import { startVm } from './vm-start.ts';
import type { RevisionCheck } from './vms.ts';

export interface ActionRequest {
  action: VmAction;
  /** For `stop` and `hibernate`. */
  timeoutSeconds?: number;
  /** For `stop`. */
  force?: boolean;
  /** For `start`: with blank disks, when the host that has them is lost. */
  freshDisks?: boolean;
  /** For `start`: also where PSCI calls are answered otherwise than the guest knows. */
  anyFingerprint?: boolean;
  requestedBy: string;
}

/**
 * Begins an action, or throws what `check` says of the VM's revision or the refusal that vm-actions.ts or placement.ts has
 * for it. Waits for nothing.
 */
export async function actOnVm(
  control: Control,
  vmId: string,
  { check, ...request }: ActionRequest & { check: RevisionCheck },
): Promise<OperationRecord> {
  const { operation, topics } = await transact(control, async (tx) => {
    const vm = await lockVm(tx, vmId);
    if (vm === null) throw new Refusal('VM_NOT_FOUND', `There is no VM ${vmId}.`);
    check(vm.revision);
    return act(tx, vm, request);
  });
  control.wake.notify(...topics);
  return operation;
}

export interface Acted {
  operation: OperationRecord;
  /** To be woken after the commit. */
  topics: string[];
}

/** Like `actOnVm`, on a VM whose row is locked by `tx`. */
export async function act(tx: Executor, vm: VmRecord, request: ActionRequest): Promise<Acted> {
  const { action, requestedBy } = request;
  const open = await findOpenOperation(tx, vm.id);
  const refusal = refusalOf(action, { ...vm, open });
  if (refusal !== null) throw refusal;
  if (action === 'kill' && vm.phase === 'migrating') {
    if (vm.runId === null) throw nothingToKill(vm);
    await endMigration(tx, vm.id, { status: 'cancelled', error: superseded(action) });
  }

  if (action === 'start') {
    const freshDisks = request.freshDisks ?? false;
    if (freshDisks && !(vm.hostLost && vm.disks.length > 0)) {
      throw new Refusal(
        'DISKS_NOT_LOST',
        `VM ${vm.name} has no disks on a host that was declared lost. Start it without freshDisks.`,
        { pointer: '/freshDisks' },
      );
    }
    const { anyFingerprint = false } = request;
    const by = { requestedBy, operationId: null, freshDisks, anyFingerprint };
    const started = await startVm(tx, vm, by);
    if (started instanceof Error) throw vm.hostLost && !freshDisks ? adviseFreshDisks(started) : started;
    return { operation: started, topics: topicsOf(started) };
  }
  if (open !== null && (await takeBackStart(tx, vm, open, action))) {
    const done = { kind: action, vmId: vm.id, hostId: open.hostId, runId: open.runId, requestedBy };
    const operation = await addOperation(tx, { ...done, status: 'succeeded' });
    return { operation, topics: [...topicsOf(operation), operationTopic(open.id)] };
  }
  if (open !== null && endsOthers(action)) {
    await endOperation(tx, open.id, { status: 'cancelled', error: superseded(action) }, { withdraw: false });
  }
  const operation = await addOperation(tx, {
    kind: action,
    vmId: vm.id,
    hostId: vm.hostId,
    runId: vm.runId,
    args: argsOf(request, vm),
    requestedBy,
  });
  await tx.vm.update({
    where: { id: vm.id },
    data: {
      ...(action === 'stop' || action === 'kill' ? { phase: 'stopping', powerState: 'stopped' } : {}),
      ...(action === 'hibernate' ? { phase: 'hibernating', powerState: 'stopped' } : {}),
      generation: { increment: 1 },
      revision: { increment: 1 },
    },
  });
  return { operation, topics: [...topicsOf(operation), ...(open === null ? [] : [operationTopic(open.id)])] };
}

/**
 * A start that no host has been told of is simply undone. False when there is none such; the agent may be told at this
 * moment, so the database decides.
 */
async function takeBackStart(
  tx: Executor,
  vm: VmRecord,
  open: OperationRecord,
  action: VmAction,
): Promise<boolean> {
  if (open.kind !== 'start' || (action !== 'stop' && action !== 'kill')) return false;
  const ending = { status: 'cancelled' as const, error: superseded(action) };
  if (!(await endOperation(tx, open.id, ending, { from: ['pending'], withdraw: false }))) return false;
  await leaveRun(tx, vm, { failure: null, told: false });
  return true;
}

function nothingToKill(vm: VmRecord): Refusal {
  return new Refusal(
    'VM_NOT_RUNNING',
    `VM ${vm.name} is moved without a guest that runs. Cancel its migration, or wait for it.`,
  );
}

function adviseFreshDisks(refusal: Refusal): Refusal {
  const advice =
    'Its host was declared lost: with freshDisks it starts elsewhere, and what its disks held is gone.';
  const { placement } = refusal;
  return new Refusal(refusal.code, `${refusal.message} ${advice}`, placement === null ? {} : { placement });
}

function argsOf(request: ActionRequest, vm: VmRecord): OperationArgs {
  const { timeoutSeconds } = request;
  if (timeoutSeconds === undefined) return {};
  const asksToStop = request.action === 'stop';
  const args = { timeoutSeconds, ...(asksToStop ? { force: request.force ?? false } : {}) };
  const note = powerOffNote(vm.psciEffective) ?? (asksToStop ? null : hibernationNote(vm.psciEffective));
  return note === null ? args : { ...args, note };
}

function superseded(action: string) {
  return operationProblem('SUPERSEDED', `A later ${action} took its place.`);
}

function topicsOf(operation: OperationRecord): string[] {
  return operation.hostId === null ? [] : [hostTopic(operation.hostId)];
}
