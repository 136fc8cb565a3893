/**
 * An operator's word that a silent host will not come back, or that it may not run its guests any more when it does.
 *
 * While a host is silent nobody knows what its guests do, so nothing of its VMs is started elsewhere. This decides it:
 * its runs have ended by `lost`, its VMs can be deleted, those without disks can be started elsewhere, and those with
 * disks too, but with blank ones and only where a start says so. A host that is heard again is lost no more; it learns
 * from its assignments that none of those runs is to exist, and ends what it still has.
 */
import { v7 as uuidv7 } from 'uuid';
import type { Control } from '../control.ts';
import type { Executor } from '../database/database.ts';
import { transact } from '../database/transact.ts';
import { consoleTopic, EVENTS_TOPIC, hostTopic, operationTopic } from '../events/topics.ts';
import { endOperation, findOpenOperation, operationProblem } from '../operations/operations.ts';
import { Refusal } from '../refusals.ts';
import { hibernationAfter } from '../vms/vm-phase.ts';
import { lockVm, type VmRecord } from '../vms/vm-query.ts';
import { hasEvents } from '../vms/vm-run.ts';
import { type RevisionCheck, removeVm } from '../vms/vms.ts';
import { getHost, type HostRecord } from './hosts.ts';

/**
 * The place of this event in its run: behind all that its worker can have recorded and may still deliver. `sequence` is
 * an `int` in Postgres.
 */
const BEHIND_ALL = 2_147_483_647;

/** Throws HOST_NOT_FOUND; HOST_NOT_SILENT, with nothing changed, while the host's lease is alive. */
export async function declareLost(
  control: Control,
  hostId: string,
  { check, requestedBy }: { check: RevisionCheck; requestedBy: string },
): Promise<HostRecord> {
  const topics = await transact(control, async (tx) => {
    // Not FOR UPDATE, which would wait for those who place runs, who wait for the VMs that are locked below.
    const [host] = await tx.$queryRaw<{ name: string; revision: number; alive: boolean }[]>`
      SELECT name, revision, lease_expires_at > now() AS alive FROM hosts
      WHERE id = ${hostId}::uuid FOR NO KEY UPDATE`;
    if (host === undefined) throw new Refusal('HOST_NOT_FOUND', `There is no host ${hostId}.`);
    check(host.revision);
    if (host.alive) {
      throw new Refusal(
        'HOST_NOT_SILENT',
        `Host ${host.name} holds its lease: it runs its VMs. Stop them, or end the host and wait for its lease to expire.`,
      );
    }
    await tx.$executeRaw`
      UPDATE hosts SET lost_at = now(), cordoned = true, revision = revision + 1 WHERE id = ${hostId}::uuid`;
    const bound = await tx.$queryRaw<{ id: string }[]>`
      SELECT id FROM vms WHERE host_id = ${hostId}::uuid AND (run_id IS NOT NULL OR deleting) ORDER BY id FOR UPDATE`;
    const reason = `Host ${host.name} was declared lost by ${requestedBy}.`;
    const woken: string[] = [];
    for (const { id } of bound) {
      const vm = await lockVm(tx, id);
      if (vm !== null) woken.push(...(await lose(tx, vm, hostId, reason)));
    }
    return woken;
  });
  control.wake.notify(EVENTS_TOPIC, hostTopic(hostId), ...topics);
  return getHost(control, hostId);
}

/** Ends what the VM has on the host. @returns whom to wake */
async function lose(tx: Executor, vm: VmRecord, hostId: string, reason: string): Promise<string[]> {
  const open = await findOpenOperation(tx, vm.id);
  const topics = [consoleTopic(vm.id), ...(open === null ? [] : [operationTopic(open.id)])];
  if (vm.deleting) {
    if (open !== null) await endOperation(tx, open.id, { status: 'succeeded' }, { withdraw: false });
    await removeVm(tx, vm.id);
    return topics;
  }
  if (open !== null) {
    const ended = open.kind === 'stop' || open.kind === 'kill';
    const error = operationProblem('HOST_LOST', reason);
    const ending = ended ? { status: 'succeeded' as const } : { status: 'failed' as const, error };
    await endOperation(tx, open.id, ending, { withdraw: true });
  }
  if (vm.bootId !== null && vm.runId !== null && (await hasEvents(tx, vm.id, vm.runId))) {
    await tx.event.create({
      data: {
        ...{ id: uuidv7(), vmId: vm.id, hostId, runId: vm.runId, bootId: vm.bootId, sequence: BEHIND_ALL },
        ...{ kind: 'lost', initiator: 'operator', reason, observedAt: new Date() },
      },
    });
  }
  const writableDisk = vm.disks.some(({ readOnly }) => !readOnly);
  const hibernateAsked = open?.kind === 'hibernate';
  await tx.vm.update({
    where: { id: vm.id },
    data: {
      runId: null,
      observedSequence: 0,
      phase: 'failed',
      powerState: 'stopped',
      reason,
      hibernation: hibernationAfter({ hibernation: null }, { hibernateAsked, writableDisk }),
      generation: { increment: 1 },
      revision: { increment: 1 },
    },
  });
  return topics;
}
