/**
 * Starts that found no room wait as `pending`; here they are tried again. Every replica does it, one VM at a time; a
 * VM whose row another replica holds is left to it.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Control } from '../control.ts';
import { transact } from '../database/transact.ts';
import { hostTopic } from '../events/topics.ts';
import { findOpenOperation } from '../operations/operations.ts';
import type { Refusal } from '../refusals.ts';
import { withRolloutChange } from '../rollouts/rollout-boot.ts';
import { lockVm, pendingVms, type VmRecord } from '../vms/vm-query.ts';
import { placementOf, startVm } from '../vms/vm-start.ts';
import { reasonOf } from '../vms/vms.ts';
import { bestPlace, choosePlace } from './placement.ts';
import { readHosts } from './reserve-place.ts';

const PERIOD_MS = 1_000;
/** Looked at in one round; those among them that fit somewhere are placed, and then the next round follows at once. */
const MOST_PER_ROUND = 100;
/** How long a VM keeps a reason at least: the numbers in it change with every start, and a change spoils an If-Match. */
const REASON_MS = 10_000;

export function startPendingStarts(control: Control): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const { signal } = stopping;
  const work = async (): Promise<void> => {
    while (!signal.aborted) {
      const placed = await tryPendingStarts(control).catch((error: unknown) => {
        control.log.warn({ err: error }, 'could not try the pending starts; trying again');
        return 0;
      });
      if (placed > 0) continue;
      // Spread out, so that replicas do not meet at the same rows.
      await sleep(PERIOD_MS * (0.5 + Math.random()), undefined, { signal, ref: false }).catch(
        () => undefined,
      );
    }
  };
  const done = work();
  return {
    stop: async () => {
      stopping.abort();
      await done;
    },
  };
}

/**
 * Returns how many were placed. In random order, so that many that fit nowhere do not stand before others. The hosts are
 * read once, to see which are worth a transaction: what was placed meanwhile is found out there.
 */
export async function tryPendingStarts(control: Control): Promise<number> {
  const vms = await pendingVms(control.db, MOST_PER_ROUND);
  if (vms.length === 0) return 0;
  const hosts = await readHosts(control.db);
  // Their start decides anew what pin they ask for.
  const changing = await withRolloutChange(
    control.db,
    vms.map(({ id }) => id),
  );
  let placed = 0;
  for (const vm of vms) {
    const { wanted, pinOn } = placementOf(vm);
    if (!changing.has(vm.id) && bestPlace(wanted, hosts, pinOn) === null) {
      if (isOld(vm)) await tell(control, vm, choosePlace(wanted, hosts, pinOn).refusal);
    } else if (await tryStart(control, vm.id)) placed += 1;
  }
  return placed;
}

function isOld({ reason, updatedAt }: VmRecord): boolean {
  return reason === null || Date.now() - updatedAt.getTime() > REASON_MS;
}

async function tell(control: Control, { id, reason }: VmRecord, refusal: Refusal | null): Promise<void> {
  if (refusal === null || reasonOf(refusal) === reason) return;
  await control.pool.query({
    name: 'pending-reason',
    text: `UPDATE vms SET reason = $2, revision = revision + 1, updated_at = now() WHERE id = $1 AND phase = 'pending'`,
    values: [id, reasonOf(refusal)],
  });
}

async function tryStart(control: Control, vmId: string): Promise<boolean> {
  const hostId = await transact(control, async (tx) => {
    const free = await tx.$queryRaw<unknown[]>`
      SELECT 1 FROM vms WHERE id = ${vmId}::uuid AND phase = 'pending' FOR UPDATE SKIP LOCKED`;
    const vm = free.length === 0 ? null : await lockVm(tx, vmId);
    const open = vm === null ? null : await findOpenOperation(tx, vmId);
    if (vm === null || open?.kind !== 'start') return null;
    const started = await startVm(tx, vm, { requestedBy: open.requestedBy, operationId: open.id });
    return started instanceof Error ? null : started.hostId;
  });
  if (hostId === null) return false;
  control.wake.notify(hostTopic(hostId));
  return true;
}
