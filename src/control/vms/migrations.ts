/**
 * Migrations, as they are asked for: which VM may move, and where to. What is done then, step by step, is in
 * migration-look.ts.
 */
import type { Control } from '../control.ts';
import type { Executor } from '../database/database.ts';
import { transact } from '../database/transact.ts';
import { EVENTS_TOPIC, hostTopic } from '../events/topics.ts';
import { lookSoon } from '../jobs/jobs.ts';
import { addOperation, findOpenOperation, type OperationRecord } from '../operations/operations.ts';
import { choosePlace, type Place } from '../placement/placement.ts';
import { readHosts } from '../placement/reserve-place.ts';
import { Refusal } from '../refusals.ts';
import { addStep } from './migration-look.ts';
import { type MigrationState, recordMigrated, setMigration } from './migration-store.ts';
import { refusalOf } from './vm-actions.ts';
import { lockVm, type VmRecord } from './vm-query.ts';
import { addRemains } from './vm-remains.ts';
import { placementOf } from './vm-start.ts';
import type { RevisionCheck } from './vms.ts';

export interface MigrationRequest {
  /** Null: placement chooses. */
  targetHostId: string | null;
  requestedBy: string;
}

export interface Begun {
  operation: OperationRecord;
  /** To be woken after the commit. */
  topics: string[];
}

/** Begins to move a VM, or throws a `Refusal` and changes nothing. Waits for nothing. */
export async function migrateVm(
  control: Control,
  vmId: string,
  { check, ...request }: MigrationRequest & { check: RevisionCheck },
): Promise<OperationRecord> {
  const { operation, topics } = await transact(control, async (tx) => {
    const vm = await lockVm(tx, vmId);
    if (vm === null) throw new Refusal('VM_NOT_FOUND', `There is no VM ${vmId}.`);
    check(vm.revision);
    return beginMigration(tx, vm, request);
  });
  control.wake.notify(...topics);
  return operation;
}

/** Like `migrateVm`, on a VM whose row is locked by `tx`. */
export async function beginMigration(tx: Executor, vm: VmRecord, request: MigrationRequest): Promise<Begun> {
  const refusal = refusalOf('migrate', { ...vm, open: await findOpenOperation(tx, vm.id) });
  if (refusal !== null) throw refusal;
  const sourceHostId = await placed(tx, vm, request.targetHostId);
  const place = await placeOf(tx, vm, request.targetHostId);
  return vm.runId !== null
    ? moveRun(tx, vm, sourceHostId, request)
    : moveOff(tx, vm, { from: sourceHostId, to: place.host.id }, request);
}

/** The host that the VM is on. Throws what makes the request one without sense. */
async function placed(tx: Executor, vm: VmRecord, targetHostId: string | null): Promise<string> {
  const known = targetHostId === null || (await tx.host.count({ where: { id: targetHostId } })) > 0;
  if (!known) {
    throw new Refusal('HOST_UNKNOWN', `There is no host ${targetHostId}.`, { pointer: '/hostId' });
  }
  if (vm.restoring) {
    throw new Refusal(
      'VM_RESTORING',
      `VM ${vm.name} is still to go on from a saved state: start it, and it goes to whichever host can take it.`,
    );
  }
  if (vm.hostId === null) {
    throw new Refusal(
      'VM_NOT_ON_A_HOST',
      `VM ${vm.name} has never been on a host: start it, with a hostSelector where the host matters.`,
    );
  }
  if (vm.hostId === targetHostId) {
    throw new Refusal('VM_ALREADY_ON_HOST', `VM ${vm.name} is on host ${vm.hostName} already.`);
  }
  if (vm.hostLost) {
    throw new Refusal(
      'HOST_LOST',
      `Host ${vm.hostName} was declared lost, and VM ${vm.name} with it: start the VM elsewhere.`,
    );
  }
  if (vm.runId === null && vm.disks.length > 0) await giverOf(tx, vm, vm.hostId);
  return vm.hostId;
}

/** Throws when the host cannot give the disks of a VM that is off. */
async function giverOf(tx: Executor, vm: VmRecord, hostId: string): Promise<void> {
  const [host] = await tx.$queryRaw<{ alive: boolean; movesDisks: boolean | null }[]>`
    SELECT lease_expires_at > now() AS alive, moves_disks AS "movesDisks" FROM hosts WHERE id = ${hostId}::uuid`;
  if (host?.alive !== true) {
    throw new Refusal(
      'HOST_UNREACHABLE',
      `Host ${vm.hostName}, which has the disks of VM ${vm.name}, is silent. Try again when it is back.`,
    );
  }
  if (host.movesDisks !== true) {
    throw new Refusal(
      'AGENT_TOO_OLD',
      `The agent of host ${vm.hostName} is of a release that cannot give away disks: upgrade it, or move the VM while it runs.`,
    );
  }
}

/** Where it would go now; what is left of room there is asked again when it goes. */
async function placeOf(tx: Executor, vm: VmRecord, to: string | null): Promise<Place> {
  const off = vm.runId === null;
  const moving: VmRecord = off ? vm : { ...vm, restoring: true };
  const { wanted, pinOn } = placementOf(moving, {
    move: { from: vm.hostId, to, withDisks: off && vm.disks.length > 0 },
  });
  const { place, refusal } = choosePlace(wanted, await readHosts(tx), pinOn);
  if (place === null) throw refusal;
  return place;
}

async function addMigration(
  tx: Executor,
  vm: VmRecord,
  fields: {
    state: MigrationState;
    sourceHostId: string;
    targetHostId: string | null;
    formerPhase?: 'stopped' | 'hibernated' | 'failed';
    requestedBy: string;
  },
): Promise<OperationRecord> {
  const { state, sourceHostId, targetHostId, formerPhase, requestedBy } = fields;
  const over = state === 'over';
  const operation = await addOperation(tx, {
    ...{ kind: 'migrate', vmId: vm.id, hostId: sourceHostId, runId: vm.runId, requestedBy },
    args: formerPhase === undefined ? {} : { formerPhase },
    status: over ? 'succeeded' : 'running',
  });
  await tx.migration.create({
    data: {
      ...{ operationId: operation.id, vmId: vm.id, sourceHostId, sourceRunId: vm.runId, targetHostId, state },
      wasPaused: vm.phase === 'paused',
    },
  });
  await tx.vm.update({
    where: { id: vm.id },
    data: {
      ...(over ? { hostId: targetHostId } : { phase: 'migrating' }),
      generation: { increment: 1 },
      revision: { increment: 1 },
    },
  });
  return operation;
}

async function moveRun(
  tx: Executor,
  vm: VmRecord,
  sourceHostId: string,
  { targetHostId, requestedBy }: MigrationRequest,
): Promise<Begun> {
  const state = vm.phase === 'paused' ? 'saving' : 'pausing';
  const operation = await addMigration(tx, vm, { state, sourceHostId, targetHostId, requestedBy });
  const step = await addStep(tx, vm, operation.id, state === 'saving' ? 'snapshot' : 'pause');
  await setMigration(tx, { operationId: operation.id }, step.migration);
  return { operation, topics: [hostTopic(sourceHostId)] };
}

/** Without disks there is nothing to carry, and it has arrived. */
async function moveOff(
  tx: Executor,
  vm: VmRecord,
  { from, to }: { from: string; to: string },
  { requestedBy }: MigrationRequest,
): Promise<Begun> {
  const hosts = { sourceHostId: from, targetHostId: to };
  if (vm.disks.length > 0) {
    const formerPhase = vm.phase === 'hibernated' || vm.phase === 'failed' ? vm.phase : 'stopped';
    const operation = await addMigration(tx, vm, { state: 'giving', ...hosts, formerPhase, requestedBy });
    await lookSoon(tx, 'migration', operation.id);
    return { operation, topics: [hostTopic(from)] };
  }
  const operation = await addMigration(tx, vm, { state: 'over', ...hosts, requestedBy });
  await addRemains(tx, vm.id, from, { toRemove: true });
  await recordMigrated(tx, vm, operation, { fromHostId: from, toHostId: to });
  return { operation, topics: [hostTopic(from), hostTopic(to), EVENTS_TOPIC] };
}
