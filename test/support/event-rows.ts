/** Events written past the hosts' protocol, for tests of those who read them. */
import { v7 as uuidv7 } from 'uuid';
import { EVENTS_TOPIC } from '../../src/control/events/topics.ts';
import type { TestApi } from './api.ts';

/** Writes one event of a VM, and wakes its readers. Returns its id. */
export async function addEvent(
  api: Pick<TestApi, 'control'>,
  vmId: string,
  sequence: number,
  kind = 'paused',
): Promise<string> {
  const id = uuidv7();
  await api.control.pool.query(
    `INSERT INTO events (id, vm_id, host_id, run_id, boot_id, sequence, kind, initiator, observed_at)
     VALUES ($1, $2, $2, $2, $2, $3, $4, 'guest', now())`,
    [id, vmId, sequence, kind],
  );
  api.control.wake.notify(EVENTS_TOPIC);
  return id;
}
