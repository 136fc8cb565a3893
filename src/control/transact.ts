/** Transactions of the control functions. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Control } from './control.ts';
import type { Executor } from './database.ts';

const TRIES = 5;
/** Longer than the pool waits for a connection, so that its error, which says more, comes first. */
const WAIT_FOR_CONNECTION_MS = 10_000;
/** Below the pool's `statement_timeout` of 30 s. */
const LONGEST_MS = 25_000;

/**
 * Runs `work` in one READ COMMITTED transaction. `work` runs again when Postgres ended it to resolve a deadlock, so it
 * keeps its effects inside the transaction and wakes nobody: that is done after the commit.
 */
export async function transact<T>(control: Control, work: (tx: Executor) => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await control.db.$transaction(work, { maxWait: WAIT_FOR_CONNECTION_MS, timeout: LONGEST_MS });
    } catch (error) {
      if (tries === TRIES || !isDeadlock(error)) throw error;
      await sleep(Math.random() * 20 * tries);
    }
  }
}

/** SQLSTATE 40P01 deadlock_detected or 40001 serialization_failure; Prisma's P2034 is either. */
export function isDeadlock(error: unknown): boolean {
  for (let at = error, depth = 0; typeof at === 'object' && at !== null && depth < 5; depth++) {
    const { code, originalCode, cause, meta } = at as Record<string, unknown>;
    if ([code, originalCode].some((value) => value === '40P01' || value === '40001' || value === 'P2034'))
      return true;
    at = cause ?? (meta as Record<string, unknown> | undefined)?.driverAdapterError;
  }
  return false;
}
