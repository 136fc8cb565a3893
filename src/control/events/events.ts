/** Reading the event log: pages in an order that no late commit can disturb (see event-cursor.ts). */

import type { Hibernation } from '../../psci/system-event.ts';
import type { EventKind, KvmSystemEvent, PsciCall, SavedSnapshot } from '../../wire/event.ts';
import type { Control } from '../control.ts';
import { covers, isScoped, reachedSql } from '../identity/scope.ts';
import type { Labels } from '../labels.ts';
import type { RecordedPin } from '../policies/pin.ts';
import { Refusal } from '../refusals.ts';
import type { Initiator } from '../vms/vm-phase.ts';
import { type Cursor, HIDDEN_SQL } from './event-cursor.ts';

/** An event as it is read. */
export interface StoredEvent {
  readonly cursor: Cursor;
  readonly id: string;
  readonly vmId: string;
  /** Of its VM, now or when it was deleted. */
  readonly labels: Labels;
  readonly hostId: string;
  readonly runId: string;
  readonly bootId: string;
  readonly sequence: number;
  readonly kind: EventKind;
  readonly initiator: Initiator;
  readonly intentId: string | null;
  readonly psci: PsciCall | null;
  readonly hibernation: Hibernation | null;
  readonly kvm: KvmSystemEvent | null;
  readonly reason: string | null;
  readonly snapshot: SavedSnapshot | null;
  readonly pin: RecordedPin | null;
  readonly migration: { readonly fromHostId: string; readonly toHostId: string } | null;
  readonly observedAt: Date;
  readonly recordedAt: Date;
}

/** Null: any. */
export interface EventFilter {
  readonly kind: EventKind | null;
  readonly initiator: Initiator | null;
  readonly vmId: string | null;
  readonly hostId: string | null;
  /** Labels that the VM must have (scope.ts). */
  readonly scope: Labels;
}

/** Events that were observed at or after `since` and before `until`; null: no bound. */
export interface ObservedRange {
  readonly since: Date | null;
  readonly until: Date | null;
}

export const EVER: ObservedRange = { since: null, until: null };

export const EVERY_EVENT: EventFilter = { kind: null, initiator: null, vmId: null, hostId: null, scope: {} };

export interface EventPage {
  readonly events: StoredEvent[];
  /** Where to go on: everything that passes the filter up to here is in `events` or before. */
  readonly next: Cursor;
  /** False when `next` is as far as any reader can see now. */
  readonly more: boolean;
  /** Whether there are events that a transaction still under way keeps from being shown. */
  readonly hidden: boolean;
}

type Row = Omit<StoredEvent, 'cursor'> & { txid: string; position: string };

/** Rows below the oldest running transaction; the bound and the rows come from one snapshot. */
const VISIBLE = 'txid < pg_snapshot_xmin(pg_current_snapshot())';

const COLUMNS = `txid::text, position::text, id, vm_id AS "vmId", host_id AS "hostId", run_id AS "runId",
  boot_id AS "bootId", sequence, kind, initiator, intent_id AS "intentId", psci, hibernation, kvm, reason, snapshot, pin, migration,
  observed_at AS "observedAt", recorded_at AS "recordedAt",
  COALESCE((SELECT v.labels FROM vms v WHERE v.id = vm_id), (SELECT v.labels FROM former_vms v WHERE v.id = vm_id), '{}')
    AS labels`;

/** The filter as SQL; its values are added to `values`. */
function conditionsOf(filter: EventFilter, values: unknown[]): string[] {
  const conditions = Object.entries({
    kind: filter.kind,
    initiator: filter.initiator,
    vm_id: filter.vmId,
    host_id: filter.hostId,
  }).flatMap(([column, value]) => (value === null ? [] : [`${column} = $${values.push(value)}`]));
  if (isScoped(filter.scope)) {
    conditions.push(reachedSql('events.vm_id', `$${values.push(JSON.stringify(filter.scope))}`));
  }
  return conditions;
}

function rangeConditions({ since, until }: ObservedRange, values: unknown[]): string[] {
  return [
    ...(since === null ? [] : [`observed_at >= $${values.push(since)}`]),
    ...(until === null ? [] : [`observed_at < $${values.push(until)}`]),
  ];
}

/**
 * Throws EVENT_NOT_FOUND, also for a VM out of the reach of `scope`, and while a transaction still under way keeps the
 * event from being shown.
 */
export async function getEvent(control: Control, eventId: string, scope: Labels): Promise<StoredEvent> {
  const { rows } = await control.pool.query<Row>(
    `SELECT ${COLUMNS} FROM events WHERE id = $1 AND ${VISIBLE}`,
    [eventId],
  );
  const [found] = rows;
  if (found === undefined || !covers(scope, found.labels))
    throw new Refusal('EVENT_NOT_FOUND', `No event has the id ${eventId}.`);
  return fromRow(found);
}

/** Up to `limit` events after `after`, oldest first. One statement, so one snapshot. */
export async function readEvents(
  control: Control,
  after: Cursor,
  filter: EventFilter,
  limit: number,
  range: ObservedRange = EVER,
): Promise<EventPage> {
  const values: unknown[] = [String(after.txid), String(after.position), limit];
  const conditions = [...conditionsOf(filter, values), ...rangeConditions(range, values)];
  const { rows } = await control.pool.query<{ bound: string; hidden: boolean; rows: Row[] | null }>(
    `WITH page AS MATERIALIZED (
       SELECT ${COLUMNS}
       FROM events
       WHERE ${['(txid, position) > ($1::xid8, $2::bigint)', VISIBLE, ...conditions].join(' AND ')}
       ORDER BY events.txid, events.position LIMIT $3
     )
     SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS bound,
       ${HIDDEN_SQL} AS hidden,
       (SELECT jsonb_agg(page ORDER BY page.txid::xid8, page.position::bigint) FROM page) AS rows`,
    values,
  );
  const found = rows[0];
  if (found === undefined) throw new Error('the event page has no row');
  const events = (found.rows ?? []).map(fromRow);
  const last = events.at(-1);
  if (last !== undefined && events.length === limit) {
    return { events, next: last.cursor, more: true, hidden: found.hidden };
  }
  // A reader ahead of the bound (another replica's answer, by a newer snapshot) stays where it is.
  const bound = { txid: BigInt(found.bound), position: 0n };
  return { events, next: bound.txid > after.txid ? bound : after, more: false, hidden: found.hidden };
}

/**
 * Up to `limit` events before `before` (null: the end of the log), newest first. What lies below the oldest running
 * transaction is complete, so going back from there misses nothing either.
 */
export async function readEventsBack(
  control: Control,
  before: Cursor | null,
  filter: EventFilter,
  limit: number,
  range: ObservedRange = EVER,
): Promise<{ events: StoredEvent[]; more: boolean }> {
  const values: unknown[] = [limit + 1];
  const conditions = [VISIBLE, ...conditionsOf(filter, values), ...rangeConditions(range, values)];
  if (before !== null) {
    const [txid, position] = [values.push(String(before.txid)), values.push(String(before.position))];
    conditions.push(`(txid, position) < ($${txid}::xid8, $${position}::bigint)`);
  }
  const { rows } = await control.pool.query<Row>(
    `SELECT ${COLUMNS} FROM events WHERE ${conditions.join(' AND ')}
     ORDER BY events.txid DESC, events.position DESC LIMIT $1`,
    values,
  );
  return { events: rows.slice(0, limit).map(fromRow), more: rows.length > limit };
}

/** As far as any reader can see now: what happens from here on comes after it. */
export async function readEnd(control: Control): Promise<Cursor> {
  const { rows } = await control.pool.query<{ bound: string }>(
    'SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS bound',
  );
  return { txid: BigInt(rows[0]?.bound ?? 0), position: 0n };
}

function fromRow({ txid, position, ...row }: Row): StoredEvent {
  return {
    ...row,
    cursor: { txid: BigInt(txid), position: BigInt(position) },
    observedAt: new Date(row.observedAt),
    recordedAt: new Date(row.recordedAt),
  };
}

export function passes(event: StoredEvent, filter: EventFilter): boolean {
  return (
    (filter.kind === null || event.kind === filter.kind) &&
    (filter.initiator === null || event.initiator === filter.initiator) &&
    (filter.vmId === null || event.vmId === filter.vmId) &&
    (filter.hostId === null || event.hostId === filter.hostId) &&
    covers(filter.scope, event.labels)
  );
}
