/** Taking an operation back before its host has heard of it. */
import type { Control } from '../control.ts';
import type { Executor } from '../database/database.ts';
import { transact } from '../database/transact.ts';
import { hostTopic, operationTopic } from '../events/topics.ts';
import { Refusal } from '../refusals.ts';
import { moveOn } from '../vms/migration-look.ts';
import { isReversible } from '../vms/migration-store.ts';
import type { OperationKind } from '../vms/vm-phase.ts';
import { lockVm, type VmRecord } from '../vms/vm-query.ts';
import { leaveRun, phaseBetween } from '../vms/vm-run.ts';
import { endOperation, getOperation, isOpen, type OperationRecord, operationProblem } from './operations.ts';

const STEPWISE: readonly OperationKind[] = ['drain', 'migrate'];

/** Throws OPERATION_NOT_FOUND, OPERATION_FINISHED, OPERATION_NOT_CANCELLABLE, or what `check` says of it as it is. */
export async function cancelOperation(
  control: Control,
  operationId: string,
  { check, by }: { check: (operation: OperationRecord) => void; by: string },
): Promise<OperationRecord> {
  const { vmId, hostId } = await getOperation(control.db, operationId);
  const topics = await transact(control, async (tx) => {
    const woken: string[] = [];
    const vm = vmId === null ? null : await lockVm(tx, vmId);
    const operation = await getOperation(tx, operationId);
    check(operation);
    if (operation.kind === 'migrate' && !(await isReversible(tx, operationId))) throw refuse(operation);
    const error = operationProblem('CANCELLED', `Cancelled by ${by}.`);
    const cancelled = await endOperation(
      tx,
      operationId,
      { status: 'cancelled', error },
      // What is asked of hosts step by step can be taken back between two steps.
      { from: STEPWISE.includes(operation.kind) ? ['pending', 'running'] : ['pending'], withdraw: true },
    );
    if (!cancelled) throw refuse(operation);
    if (operation.kind === 'migrate') woken.push(...(await moveOn(tx, operationId)));
    else if (vm !== null) await undo(tx, vm, operation);
    return woken;
  });
  control.wake.notify(
    ...topics,
    operationTopic(operationId),
    ...(hostId === null ? [] : [hostTopic(hostId)]),
  );
  return getOperation(control.db, operationId);
}

function refuse(operation: OperationRecord): Refusal {
  return isOpen(operation)
    ? new Refusal(
        'OPERATION_NOT_CANCELLABLE',
        operation.kind === 'migrate'
          ? 'The guest has left its host already. Wait for its end.'
          : `The host has been told of this ${operation.kind}; whether it still happens is not known. Wait for its end.`,
      )
    : new Refusal('OPERATION_FINISHED', `This ${operation.kind} has ${operation.status} already.`);
}

async function undo(tx: Executor, vm: VmRecord, operation: OperationRecord): Promise<void> {
  if (operation.kind === 'start') {
    await leaveRun(tx, vm, { failure: null, told: false });
    return;
  }
  if (operation.kind === 'delete') {
    await tx.vm.update({
      where: { id: vm.id },
      data: { deleting: false, generation: { increment: 1 }, revision: { increment: 1 } },
    });
    return;
  }
  if (vm.runId === null) return;
  await tx.vm.update({
    where: { id: vm.id },
    data: {
      phase: await phaseBetween(tx, vm.id, vm.runId),
      powerState: 'running',
      generation: { increment: 1 },
      revision: { increment: 1 },
    },
  });
}
