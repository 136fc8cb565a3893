/** Writing judged events (event-effects.ts): the rows of `events`, and what they change beside them. */
import type pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { RESTARTED_BY, waiterOf } from '../identity/requesters.ts';
import { LOOK_SOON_SQL } from '../jobs/jobs.ts';
import type { RecordedPin } from '../policies/pin.ts';
import type { Effects, VmState } from './event-effects.ts';

/** Some of the events are there already: the transaction must not be committed. */
export class KnownEvents extends Error {
  override readonly name = 'KnownEvents';
}

/**
 * Inserts the events and everything that follows from them, in the transaction of `client`. `pinOf`: of a run. Throws
 * KnownEvents.
 */
export async function writeEffects(
  client: pg.PoolClient,
  hostId: string,
  effects: ReadonlyMap<string, Effects>,
  pinOf: (runId: string) => RecordedPin | null,
): Promise<void> {
  const all = [...effects];
  const events = all.flatMap(([, { events }]) => events).map((event) => ({ id: uuidv7(), event }));
  const inserted = await client.query({
    name: 'insert-events',
    text: `INSERT INTO events (id, vm_id, host_id, run_id, boot_id, sequence, kind, initiator, intent_id, psci,
             hibernation, kvm, reason, snapshot, pin, observed_at)
           SELECT id, vm_id, $2, run_id, boot_id, sequence, kind, initiator, intent_id, psci,
             hibernation, kvm, reason, snapshot, pin, observed_at
           FROM jsonb_to_recordset($1::jsonb) AS r (id uuid, vm_id uuid, run_id uuid, boot_id uuid, sequence int,
             kind text, initiator text, intent_id uuid, psci jsonb, hibernation text, kvm jsonb, reason text,
             snapshot jsonb, pin jsonb, observed_at timestamptz)
           ON CONFLICT (vm_id, boot_id, sequence) DO NOTHING`,
    values: [
      JSON.stringify(events.map(({ id, event }) => eventRow(id, event, pinOf(event.record.runId)))),
      hostId,
    ],
  });
  if (inserted.rowCount !== events.length) throw new KnownEvents('events were inserted in part');

  const consumed = events.flatMap(({ id, event: { attribution } }) =>
    attribution.consumes && attribution.intentId !== null
      ? [{ eventId: id, intentId: attribution.intentId }]
      : [],
  );
  if (consumed.length > 0) {
    await client.query(
      `UPDATE intents SET event_id = r.event_id
       FROM unnest($1::uuid[], $2::uuid[]) AS r (intent_id, event_id) WHERE id = r.intent_id AND intents.event_id IS NULL`,
      [consumed.map(({ intentId }) => intentId), consumed.map(({ eventId }) => eventId)],
    );
  }
  const endings = all.flatMap(([, { endings }]) => endings);
  if (endings.length > 0) {
    const ended = await client.query<{ requested_by: string }>(
      `UPDATE operations SET status = r.status, error = r.error, finished_at = now()
       FROM jsonb_to_recordset($1::jsonb) AS r (id uuid, status text, error jsonb) WHERE operations.id = r.id
       RETURNING requested_by`,
      [
        JSON.stringify(
          endings.map(({ operationId, ending }) => ({
            id: operationId,
            status: ending.status,
            error: ending.status === 'succeeded' ? null : ending.error,
          })),
        ),
      ],
    );
    for (const requestedBy of new Set(ended.rows.map((row) => row.requested_by))) {
      const waiter = waiterOf(requestedBy);
      if (waiter !== null) await client.query(LOOK_SOON_SQL, [waiter.task, waiter.id]);
    }
  }
  const moved = all.flatMap(([id, { vm }]) => (vm === null ? [] : [vmRow(id, vm)]));
  if (moved.length > 0) {
    await client.query({
      name: 'move-vms',
      text: `UPDATE vms SET phase = r.phase, reason = r.reason, power_state = r.power_state,
               hibernation = r.hibernation, run_id = r.run_id, boot_id = r.boot_id,
               observed_sequence = r.observed_sequence, firmware = r.firmware, firmware_run = r.firmware_run,
               host_boot_id = r.host_boot_id, restoring = r.restoring, revision = revision + 1, updated_at = now()
             FROM jsonb_to_recordset($1::jsonb) AS r (id uuid, phase text, reason text, power_state text,
               hibernation text, run_id uuid, boot_id uuid, observed_sequence int, firmware jsonb, firmware_run jsonb,
               host_boot_id uuid, restoring boolean)
             WHERE vms.id = r.id AND vms.id = ANY($2::uuid[])
               AND (vms.run_id, vms.observed_sequence, vms.reason)
                 IS DISTINCT FROM (r.run_id, r.observed_sequence, r.reason)`,
      // The ids once more, by which Postgres goes to these rows rather than through all of the table.
      values: [JSON.stringify(moved), moved.map(({ id }) => id)],
    });
  }
  const restarts = all.flatMap(([id, { restart }]) => (restart ? [id] : []));
  if (restarts.length > 0) {
    // As a start that waits for room: pending-starts.ts places it.
    await client.query(
      `INSERT INTO operations (id, kind, vm_id, status, requested_by)
       SELECT r.id, 'start', r.vm_id, 'pending', $3 FROM unnest($1::uuid[], $2::uuid[]) AS r (id, vm_id)`,
      [restarts.map(() => uuidv7()), restarts, RESTARTED_BY],
    );
  }
  const ended = all.flatMap(([, { endedRuns }]) => endedRuns);
  if (ended.length > 0) {
    await client.query('DELETE FROM console_inputs WHERE run_id = ANY($1::uuid[])', [ended]);
  }
}

function eventRow(
  id: string,
  { record, attribution, hibernation }: Effects['events'][number],
  pin: RecordedPin | null,
) {
  return {
    id,
    vm_id: record.vmId,
    run_id: record.runId,
    boot_id: record.bootId,
    sequence: record.sequence,
    kind: record.kind,
    initiator: attribution.initiator,
    intent_id: attribution.intentId,
    psci: record.psci,
    hibernation,
    kvm: record.kvm,
    reason: record.reason,
    snapshot: record.snapshot ?? null,
    pin: record.kind === 'started' || record.kind === 'restored' ? pin : null,
    observed_at: record.observedAt,
  };
}

function vmRow(id: string, vm: VmState) {
  return {
    id,
    phase: vm.phase,
    reason: vm.reason,
    power_state: vm.powerState,
    hibernation: vm.hibernation,
    run_id: vm.runId,
    boot_id: vm.bootId,
    observed_sequence: vm.observedSequence,
    firmware: vm.firmware,
    firmware_run: vm.firmwareRun,
    host_boot_id: vm.hostBootId,
    restoring: vm.restoring,
  };
}
