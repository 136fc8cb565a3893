/** A VM's run as its row has it: how it is left when nothing came of it, and what shows when a request has failed. */
import type { EventKind } from '../../wire/event.ts';
import type { Executor } from '../database/database.ts';
import { findOpenMigration, type OperationArgs } from '../operations/operations.ts';
import type { PinColumns } from '../policies/pin.ts';
import {
  type ObservedRun,
  observedFrom,
  phaseBeforeStart,
  phaseOfRun,
  type StoredPhase,
} from './vm-phase.ts';
import type { VmRecord } from './vm-query.ts';

/**
 * Undoes a start that no guest ran under: the VM is what it was before. `failure` says why it came to nothing; null when
 * somebody took it back. `told`: whether a host has heard of the start and may have made the VM's disks.
 */
export async function leaveRun(
  tx: Executor,
  vm: Pick<VmRecord, 'id' | 'hibernation' | 'bootId' | 'runId'>,
  { failure, told }: { failure: string | null; told: boolean },
): Promise<void> {
  const before = phaseBeforeStart(vm.hibernation);
  await tx.vm.update({
    where: { id: vm.id },
    data: {
      runId: null,
      observedSequence: 0,
      phase: failure !== null && before === 'stopped' ? 'failed' : before,
      reason: failure,
      powerState: 'stopped',
      // No guest has seen another pin since.
      ...(await formerPin(tx, vm)),
      // Before its first boot a VM has no disks anywhere that would bind it.
      ...(vm.bootId === null && !told ? { hostId: null } : {}),
      generation: { increment: 1 },
      revision: { increment: 1 },
    },
  });
}

/** What the VM's pin was before its run. */
async function formerPin(
  tx: Executor,
  { id: vmId, runId }: Pick<VmRecord, 'id' | 'runId'>,
): Promise<PinColumns | null> {
  if (runId === null) return null;
  const start = await tx.operation.findFirst({
    where: { vmId, runId, kind: 'start' },
    select: { args: true },
  });
  return (start?.args as OperationArgs | undefined)?.formerPin ?? null;
}

/** Of the last so many events of a run one says whether its vCPUs run: others do not follow each other for long. */
const RECENT_EVENTS = 16;

/** What the events of a run that has not ended say of it. */
export async function observedRun(tx: Executor, vmId: string, runId: string): Promise<ObservedRun> {
  const events = await tx.event.findMany({
    where: { vmId, runId },
    orderBy: { sequence: 'desc' },
    take: RECENT_EVENTS,
    select: { kind: true },
  });
  return observedFrom(events.map(({ kind }) => kind as EventKind));
}

/** The phase of a VM whose run has no open operation of its own. */
export async function phaseBetween(tx: Executor, vmId: string, runId: string): Promise<StoredPhase> {
  if ((await findOpenMigration(tx, vmId)) !== null) return 'migrating';
  return phaseOfRun(await observedRun(tx, vmId, runId), null);
}

/** Whether a guest is known to have run. */
export async function hasEvents(tx: Executor, vmId: string, runId: string | null): Promise<boolean> {
  return runId !== null && (await tx.event.count({ where: { vmId, runId }, take: 1 })) > 0;
}
