/** Writing judged events (event-effects.ts): the rows of `events`, and what they change beside them. */
import type pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { anyOf } from '../database/database.ts';
import { RESTARTED_BY, waiterOf } from '../identity/requesters.ts';
import { LOOK_SOON_SQL } from '../jobs/jobs.ts';
import type { RecordedPin } from '../policies/pin.ts';
import { quickUuid } from '../uuid.ts';
import type { Effects, JudgedEvent, VmState } from './event-effects.ts';

/** Some of the events are there already: the transaction must not be committed. */
export class KnownEvents extends Error {
  override readonly name = 'KnownEvents';
}

interface NewEvent {
  id: string;
  event: JudgedEvent;
}

/** The events, and what they move: one statement, which answers how many of the events are new. */
const WRITE_EVENTS = `
  WITH inserted AS (
    INSERT INTO events (host_id, id, vm_id, run_id, boot_id, sequence, kind, initiator, intent_id, psci, hibernation, kvm,
      reason, snapshot, pin, observed_at)
    SELECT $1, r.* FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::int[], $7::text[], $8::text[],
      $9::uuid[], $10::jsonb[], $11::text[], $12::jsonb[], $13::text[], $14::jsonb[], $15::jsonb[],
      $16::timestamptz[]) AS r
    ON CONFLICT (vm_id, boot_id, sequence) DO NOTHING
    RETURNING 1),
  moved AS (
    UPDATE vms SET phase = r.phase, reason = r.reason, power_state = r.power_state,
      hibernation = r.hibernation, run_id = r.run_id, boot_id = r.boot_id,
      observed_sequence = r.observed_sequence, firmware = r.firmware, firmware_run = r.firmware_run,
      host_boot_id = r.host_boot_id, restoring = r.restoring, revision = revision + 1, updated_at = now()
    FROM jsonb_to_recordset($17::jsonb) AS r (id uuid, phase text, reason text, power_state text,
      hibernation text, run_id uuid, boot_id uuid, observed_sequence int, firmware jsonb, firmware_run jsonb,
      host_boot_id uuid, restoring boolean)
    WHERE vms.id = r.id
      -- The ids once more, by which Postgres goes to these rows rather than through all of the table.
      AND vms.id = ${anyOf('$18::uuid[]')}
      AND (vms.run_id, vms.observed_sequence, vms.reason)
        IS DISTINCT FROM (r.run_id, r.observed_sequence, r.reason))
  SELECT count(*)::int AS inserted FROM inserted`;

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
  const events: NewEvent[] = all.flatMap(([, { events }]) =>
    events.map((event) => ({ id: quickUuid(), event })),
  );
  const moved = all.flatMap(([id, { vm }]) => (vm === null ? [] : [vmRow(id, vm)]));
  const { rows } = await client.query<{ inserted: number }>({
    name: 'write-events',
    text: WRITE_EVENTS,
    values: [hostId, ...columnsOf(events, pinOf), JSON.stringify(moved), moved.map(({ id }) => id)],
  });
  if (rows[0]?.inserted !== events.length) throw new KnownEvents('events were inserted in part');

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

/** An array each for `WRITE_EVENTS`, in its order: Postgres takes them apart sooner than objects. */
function columnsOf(
  events: readonly NewEvent[],
  pinOf: (runId: string) => RecordedPin | null,
): (string | (string | null)[])[] {
  const plain = (value: (of: JudgedEvent) => string | number | null) =>
    plainArray(events.map(({ event }) => value(event)));
  const json = (value: (of: JudgedEvent) => object | null) =>
    events.map(({ event }) => {
      const found = value(event);
      return found === null ? null : JSON.stringify(found);
    });
  return [
    plainArray(events.map(({ id }) => id)),
    plain(({ record }) => record.vmId),
    plain(({ record }) => record.runId),
    plain(({ record }) => record.bootId),
    plain(({ record }) => record.sequence),
    plain(({ record }) => record.kind),
    plain(({ attribution }) => attribution.initiator),
    plain(({ attribution }) => attribution.intentId),
    json(({ record }) => record.psci),
    plain(({ hibernation }) => hibernation),
    json(({ record }) => record.kvm),
    events.map(({ event }) => event.record.reason),
    json(({ record }) => record.snapshot ?? null),
    json(({ record }) => (begins(record) ? pinOf(record.runId) : null)),
    plain(({ record }) => record.observedAt),
  ];
}

/** An array as Postgres reads it, of ids, numbers, times and words, in which nothing needs quotes. */
function plainArray(values: readonly (string | number | null)[]): string {
  return `{${values.map((value) => value ?? 'NULL').join(',')}}`;
}

function begins({ kind }: JudgedEvent['record']): boolean {
  return kind === 'started' || kind === 'restored';
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
