/**
 * Starts that found no room wait as `pending`; here they are tried again. Every replica does it, one VM at a time; a
 * VM whose row another replica holds is left to it.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Control } from './control.ts';
import { findOpenOperation } from './operations.ts';
import { hostTopic } from './topics.ts';
import { transact } from './transact.ts';
import { lockVm } from './vm-query.ts';
import { startVm } from './vm-start.ts';
import { reasonOf } from './vms.ts';

const PERIOD_MS = 1_000;
/** Per round: enough to fill a host that came back, few enough to leave the placement lock to others. */
const MOST_PER_ROUND = 20;

export function startPendingStarts(control: Control): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const { signal } = stopping;
  const work = async (): Promise<void> => {
    while (!signal.aborted) {
      await tryPendingStarts(control).catch((error: unknown) =>
        control.log.warn({ err: error }, 'could not try the pending starts; trying again'),
      );
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

/** Returns how many were placed. In random order, so that one that fits nowhere does not stand before others. */
export async function tryPendingStarts(control: Control): Promise<number> {
  const { rows } = await control.pool.query<{ id: string }>({
    name: 'pending-vms',
    text: `SELECT id FROM vms WHERE phase = 'pending' ORDER BY random() LIMIT ${MOST_PER_ROUND}`,
  });
  let placed = 0;
  for (const { id } of rows) {
    if (await tryStart(control, id)) placed += 1;
  }
  return placed;
}

async function tryStart(control: Control, vmId: string): Promise<boolean> {
  const hostId = await transact(control, async (tx) => {
    const free = await tx.$queryRaw<unknown[]>`
      SELECT 1 FROM vms WHERE id = ${vmId}::uuid AND phase = 'pending' FOR UPDATE SKIP LOCKED`;
    const vm = free.length === 0 ? null : await lockVm(tx, vmId);
    const open = vm === null ? null : await findOpenOperation(tx, vmId);
    if (vm === null || open?.kind !== 'start') return null;
    const started = await startVm(tx, vm, { requestedBy: open.requestedBy, operationId: open.id });
    if (!(started instanceof Error)) return started.hostId;
    const reason = reasonOf(started);
    if (reason !== vm.reason) {
      await tx.vm.update({ where: { id: vmId }, data: { reason, revision: { increment: 1 } } });
    }
    return null;
  });
  if (hostId === null) return false;
  control.wake.notify(hostTopic(hostId));
  return true;
}
