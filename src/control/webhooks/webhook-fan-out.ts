/**
 * From the event log to deliveries: each event that a webhook wants gets one, exactly once, for the webhook's place in the
 * log moves in the transaction that makes them.
 */
import type pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import type { Control } from '../control.ts';
import { transactRaw } from '../database/transact.ts';

const PAGE_EVENTS = 200;
/**
 * Of so many events in the log's order those that the webhook wants are taken, however few they are: so that a page costs
 * no more behind a long log of others, and Postgres has no cause to sort all that is behind.
 */
const LOOK_EVENTS = 1_000;
/** A receiver that is down has no more than about so many waiting; the others stay in the event log until there is room. */
const MOST_OPEN = 10_000;

interface Place {
  kinds: string[];
  labels: object;
  txid: string;
  position: string;
}

interface Found {
  id: string;
  vmId: string;
  txid: string;
  position: string;
}

/** Makes the deliveries of one page of the log. Returns whether there may be more. */
export async function fanOut(control: Control, webhookId: string): Promise<boolean> {
  return transactRaw(control, async (client) => {
    const { rows } = await client.query<Place>(
      `SELECT kinds, labels, txid::text, position::text FROM webhooks WHERE id = $1 AND enabled FOR UPDATE`,
      [webhookId],
    );
    const place = rows[0];
    if (place === undefined || (await isFull(client, webhookId))) return false;
    const { end, found } = await wanted(client, place);
    if (found.length > 0) await insert(client, webhookId, found);
    const last = found.length === PAGE_EVENTS ? found.at(-1) : undefined;
    const { txid, position, more } = last === undefined ? end : { ...last, more: true };
    // Never back: the bound may lie before where an earlier page ended.
    await client.query(
      `UPDATE webhooks SET (txid, position) = (SELECT * FROM (VALUES (txid, position), ($2::xid8, $3::bigint)) AS p (t, n)
         ORDER BY t DESC, n DESC LIMIT 1)
       WHERE id = $1`,
      [webhookId, txid, position],
    );
    return more;
  });
}

async function isFull(client: pg.PoolClient, webhookId: string): Promise<boolean> {
  const { rowCount } = await client.query(
    `SELECT 1 FROM webhook_deliveries WHERE webhook_id = $1 AND status IN ('queued', 'pending') OFFSET $2 LIMIT 1`,
    [webhookId, MOST_OPEN],
  );
  return rowCount !== 0;
}

/** Where a look ended, and whether there may be more behind it. */
interface End {
  txid: string;
  position: string;
  more: boolean;
}

/**
 * The next events that the webhook is for, of those below the oldest running transaction (see event-cursor.ts), which is
 * the end of a look that came so far.
 */
async function wanted(
  client: pg.PoolClient,
  { txid, position, kinds, labels }: Place,
): Promise<{ end: End; found: Found[] }> {
  const { rows } = await client.query<{ end: End; found: Found[] | null }>(
    `WITH next AS MATERIALIZED (
       SELECT id, vm_id, kind, txid, position FROM events
       WHERE (txid, position) > ($1::xid8, $2::bigint) AND txid < pg_snapshot_xmin(pg_current_snapshot())
       ORDER BY txid, position LIMIT $6
     ), page AS MATERIALIZED (
       SELECT n.id, n.vm_id, n.txid, n.position
       FROM next n LEFT JOIN vms v ON v.id = n.vm_id LEFT JOIN former_vms f ON f.id = n.vm_id
       WHERE (cardinality($3::text[]) = 0 OR n.kind = ANY($3::text[]))
         AND coalesce(v.labels, f.labels, '{}') @> $4::jsonb
       ORDER BY n.txid, n.position LIMIT $5
     )
     SELECT coalesce(
         (SELECT jsonb_build_object('txid', txid::text, 'position', position::text, 'more', true)
          FROM next ORDER BY txid, position OFFSET $6 - 1 LIMIT 1),
         jsonb_build_object('txid', pg_snapshot_xmin(pg_current_snapshot())::text, 'position', '0', 'more', false)
       ) AS end,
       (SELECT jsonb_agg(jsonb_build_object('id', id, 'vmId', vm_id, 'txid', txid::text, 'position', position::text)
          ORDER BY page.txid, page.position) FROM page) AS found`,
    [txid, position, kinds, JSON.stringify(labels), PAGE_EVENTS, LOOK_EVENTS],
  );
  const page = rows[0];
  if (page === undefined) throw new Error('the page of events has no row');
  return { end: page.end, found: page.found ?? [] };
}

/** Behind an earlier one of its VM that is not settled, a delivery is queued. */
async function insert(client: pg.PoolClient, webhookId: string, found: readonly Found[]): Promise<void> {
  await client.query(
    `INSERT INTO webhook_deliveries (id, webhook_id, event_id, lane, status)
     SELECT r.id, $1, r.event_id, r.vm_id,
       CASE WHEN row_number() OVER (PARTITION BY r.vm_id ORDER BY r.n) > 1 OR EXISTS (
         SELECT FROM webhook_deliveries d
         WHERE d.webhook_id = $1 AND d.lane = r.vm_id AND d.status IN ('queued', 'pending'))
       THEN 'queued' ELSE 'pending' END
     FROM unnest($2::uuid[], $3::uuid[], $4::uuid[]) WITH ORDINALITY AS r (id, event_id, vm_id, n)
     ORDER BY r.n`,
    [webhookId, found.map(() => uuidv7()), found.map(({ id }) => id), found.map(({ vmId }) => vmId)],
  );
}
