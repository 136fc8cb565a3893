/**
 * What an agent reports of operations that no event tells: that one was begun or could not be done, and that a VM's
 * remains are gone. Whether something was done is told by events alone.
 */
import type { OperationReport } from '../../wire/agent.ts';
import { storable } from '../../wire/text.ts';
import type { Control } from '../control.ts';
import type { Executor } from '../database/database.ts';
import { transact } from '../database/transact.ts';
import {
  endOperation,
  findOpenOperation,
  isOpen,
  type OperationRecord,
  operationProblem,
} from '../operations/operations.ts';
import { transferReported } from '../vms/migration-transfers.ts';
import { lockVm, type VmRecord } from '../vms/vm-query.ts';
import { remainsRemoved } from '../vms/vm-remains.ts';
import { hasEvents, leaveRun, phaseBetween } from '../vms/vm-run.ts';
import { reasonOfProblem, removeVm } from '../vms/vms.ts';
import { hostTopic, operationTopic } from './topics.ts';

/** Applies reports of the host one by one; one that is late, repeated or of another host's operation changes nothing. */
export async function applyReports(
  control: Control,
  hostId: string,
  reports: readonly OperationReport[],
): Promise<{ applied: number; ignored: number }> {
  let applied = 0;
  for (const report of reports) {
    const topics = await transact(control, (tx) => apply(tx, hostId, report));
    if (topics === null) continue;
    applied += 1;
    control.wake.notify(...topics);
  }
  return { applied, ignored: reports.length - applied };
}

/** The topics to wake, or null when the report changed nothing. */
async function apply(tx: Executor, hostId: string, report: OperationReport): Promise<string[] | null> {
  const found = await tx.operation.findFirst({
    where: { id: report.operationId, hostId },
    select: { vmId: true },
  });
  if (report.status !== 'running') {
    const told = await transferReported(tx, hostId, report);
    if (told !== null) return told;
  }
  if (report.status === 'succeeded' && (await remainsRemoved(tx, hostId, report.operationId)))
    return [hostTopic(hostId)];
  if (found?.vmId == null) return null;
  // The VM first, then its operations: the order in which everybody locks them.
  const vm = await lockVm(tx, found.vmId);
  const row = await tx.operation.findUniqueOrThrow({ where: { id: report.operationId } });
  const operation = row as unknown as OperationRecord;
  const topics = [operationTopic(operation.id), hostTopic(hostId)];
  switch (report.status) {
    case 'running': {
      const { count } = await tx.operation.updateMany({
        where: { id: operation.id, status: 'pending' },
        data: { status: 'running' },
      });
      return count === 0 ? null : topics;
    }
    case 'succeeded':
      if (operation.kind !== 'delete' || vm === null || !vm.deleting) return null;
      if (!(await endOperation(tx, operation.id, { status: 'succeeded' }, { withdraw: false }))) return null;
      await removeVm(tx, vm.id);
      return topics;
    case 'failed': {
      const { code, detail } = report.error ?? { code: 'INTERNAL', detail: 'The agent gave no reason.' };
      const ended = await fail(tx, vm, operation, code, storable(detail));
      return ended === null ? null : [...topics, ...ended];
    }
  }
}

async function fail(
  tx: Executor,
  vm: VmRecord | null,
  operation: OperationRecord,
  code: string,
  detail: string,
): Promise<string[] | null> {
  const error = operationProblem(code, detail);
  if (operation.kind === 'start') return failStart(tx, vm, operation, error);
  if (!isOpen(operation)) return null;
  await endOperation(tx, operation.id, { status: 'failed', error }, { withdraw: true });
  if (vm === null) return [];
  if (operation.kind === 'delete') {
    await tx.vm.update({
      where: { id: vm.id },
      data: { deleting: false, reason: reasonOfProblem(error), revision: { increment: 1 } },
    });
  } else if (vm.runId !== null && vm.runId === operation.runId) {
    await tx.vm.update({
      where: { id: vm.id },
      data: {
        phase: await phaseBetween(tx, vm.id, vm.runId),
        powerState: 'running',
        revision: { increment: 1 },
      },
    });
  }
  return [];
}

/**
 * No guest ran under the start, so the VM is off again, and a kill that came in between has nothing left to do. Once an
 * event of the run is there the report is wrong or late.
 */
async function failStart(
  tx: Executor,
  vm: VmRecord | null,
  operation: OperationRecord,
  error: ReturnType<typeof operationProblem>,
): Promise<string[] | null> {
  const ended = await endOperation(tx, operation.id, { status: 'failed', error }, { withdraw: false });
  const current = vm !== null && vm.runId !== null && vm.runId === operation.runId;
  if (!current || (await hasEvents(tx, vm.id, vm.runId))) return ended ? [] : null;
  const open = await findOpenOperation(tx, vm.id);
  if (open !== null && open.runId === operation.runId) {
    await endOperation(tx, open.id, { status: 'succeeded' }, { withdraw: true });
  }
  await leaveRun(tx, vm, { failure: ended ? reasonOfProblem(error) : null, told: true });
  return open === null ? [] : [operationTopic(open.id)];
}
