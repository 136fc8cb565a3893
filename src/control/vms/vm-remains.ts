/**
 * What hosts have of a VM that is another host's now: its disks and run directories.
 *
 *   it leaves a host ──▶ to remove ──the host has removed it──▶ gone
 *                           │ refused: the host would not take its guest ──removed──▶ kept until it has arrived elsewhere
 *   its disks were lost with a host ──▶ left to that host, for somebody may want them
 *
 * The VM goes to no host that is named here, so it never meets what it left there before. A host is told by the means
 * by which it is told of a deleted VM, which agents of every release know.
 */
import { v7 as uuidv7 } from 'uuid';
import type { Assignment } from '../../wire/agent.ts';
import type { Control } from '../control.ts';
import type { Executor } from '../database/database.ts';

/** Notes that the host is to remove what it has, or that it stays there; noted already, what is new of it. */
export async function addRemains(
  tx: Executor,
  vmId: string,
  hostId: string,
  { toRemove, refused = false }: { toRemove: boolean; refused?: boolean },
): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO vm_remains (id, vm_id, host_id, to_remove, refused)
    VALUES (${uuidv7()}::uuid, ${vmId}::uuid, ${hostId}::uuid, ${toRemove}, ${refused})
    ON CONFLICT (vm_id, host_id) DO UPDATE SET
      to_remove = vm_remains.to_remove OR EXCLUDED.to_remove, refused = vm_remains.refused OR EXCLUDED.refused`;
}

/** The host has removed them. False when it was not asked to. */
export async function remainsRemoved(tx: Executor, hostId: string, id: string): Promise<boolean> {
  const removed = await tx.vmRemains.deleteMany({ where: { id, hostId, toRemove: true, refused: false } });
  const kept = await tx.vmRemains.updateMany({
    where: { id, hostId, toRemove: true, refused: true },
    data: { toRemove: false },
  });
  return removed.count + kept.count > 0;
}

/** How many hosts have refused the guest. */
export async function countRefusals(tx: Executor, vmId: string): Promise<number> {
  return tx.vmRemains.count({ where: { vmId, refused: true } });
}

/** The VM has arrived: a host that refused it then may take it another time. */
export async function forgetRefusals(tx: Executor, vmId: string): Promise<void> {
  await tx.vmRemains.deleteMany({ where: { vmId, refused: true, toRemove: false } });
  await tx.vmRemains.updateMany({ where: { vmId, refused: true }, data: { refused: false } });
}

/** What the host is to remove, as an agent is told of a VM that is deleted. */
export async function remainsOf(control: Control, hostId: string): Promise<Assignment[]> {
  const { rows } = await control.pool.query<{ id: string; vmId: string }>({
    name: 'remains-of-host',
    text: `SELECT id, vm_id AS "vmId" FROM vm_remains WHERE host_id = $1 AND to_remove ORDER BY id`,
    values: [hostId],
  });
  return rows.map(({ id, vmId }) => ({
    ...{ vmId, generation: 1, run: null, requests: [], deleteOperationId: id },
  }));
}
