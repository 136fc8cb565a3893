/**
 * A reader's place in the event log: `<transaction>-<position>`, everything up to it has been seen.
 *
 * Transactions end out of order, so positions become visible out of order. Readers go by (transaction, position) and see
 * only events of transactions below the oldest one still running; what is below that can never be joined by more.
 */
import { Refusal } from '../refusals.ts';

export interface Cursor {
  /** xid8 of the transaction that wrote the event. */
  readonly txid: bigint;
  readonly position: bigint;
}

export const BEGINNING: Cursor = { txid: 0n, position: 0n };

const LARGEST_TXID = 2n ** 64n - 1n;
const LARGEST_POSITION = 2n ** 63n - 1n;

/**
 * Whether there are events that a transaction still under way keeps from being shown. Asked of the newest alone, which
 * the index gives: whether any is that new, Postgres would look for from the table's beginning, and through all of it,
 * while it has no statistics of the table.
 */
export const HIDDEN_SQL = `coalesce((SELECT txid FROM events ORDER BY txid DESC, position DESC LIMIT 1)
  >= pg_snapshot_xmin(pg_current_snapshot()), false)`;

export function formatCursor({ txid, position }: Cursor): string {
  return `${txid}-${position}`;
}

/** Throws INVALID_PAGE_TOKEN. */
export function parseCursor(text: string): Cursor {
  const match = /^(\d{1,20})-(\d{1,19})$/.exec(text);
  const txid = BigInt(match?.[1] ?? -1);
  const position = BigInt(match?.[2] ?? -1);
  if (txid < 0n || txid > LARGEST_TXID || position < 0n || position > LARGEST_POSITION) {
    throw new Refusal(
      'INVALID_PAGE_TOKEN',
      `"${text}" is no event's cursor. Use the "cursor" of the last event seen.`,
    );
  }
  return { txid, position };
}

export function isAfter(a: Cursor, b: Cursor): boolean {
  return a.txid > b.txid || (a.txid === b.txid && a.position > b.position);
}
