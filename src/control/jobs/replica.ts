/**
 * A replica of the API, as others see whether it still lives: a random number, and a session of Postgres that holds an
 * advisory lock on it and ends with the process.
 */
import { randomInt } from 'node:crypto';
import { ADVISORY_LOCKS } from '../database/advisory-locks.ts';

const LARGEST = 2 ** 31;

export function newReplicaNumber(): number {
  return randomInt(1, LARGEST);
}

/** Held by several sessions at once: a connection that was lost may live on in the server while there is a new one. */
export const HOLD_REPLICA_SQL = `SELECT pg_advisory_lock_shared(${ADVISORY_LOCKS.replica}, $1::int)`;

/** Whether the replica whose number is the SQL expression `number` lives. Of null: not known to be dead. */
export function livesSql(number: string): string {
  return `(${number} IS NULL OR EXISTS (
    SELECT FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 2 AND classid = ${ADVISORY_LOCKS.replica}::oid
      AND objid = ${number}::oid AND database = (SELECT oid FROM pg_database WHERE datname = current_database())))`;
}
