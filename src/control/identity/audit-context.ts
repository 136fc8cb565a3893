/**
 * Which audited request a transaction is made for. Told to Postgres, whose triggers then write down every row that the
 * transaction changes as it was before and after (the migration `audit_changes`).
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Executor } from '../database/database.ts';

const current = new AsyncLocalStorage<bigint>();

/** Runs a request's handler so that its transactions know their audit row. */
export function withAudit<T>(position: bigint, handler: () => T): T {
  return current.run(position, handler);
}

/** To be called first in a transaction; holds until it ends. Does nothing outside an audited request. */
export async function nameAuditedRequest(tx: Executor): Promise<void> {
  const position = current.getStore();
  if (position !== undefined) await nameEntry(tx, position);
}

/** The same for an audit row that the transaction itself has written. */
export async function nameEntry(tx: Executor, position: bigint): Promise<void> {
  await tx.$executeRaw`SELECT set_config('holdfast.audit', ${String(position)}, true)`;
}
