/** Transactions of the control functions. */
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import type { Control } from '../control.ts';
import { nameAuditedRequest } from '../identity/audit-context.ts';
import { recordEffect } from '../operations/idempotency.ts';
import { Refusal } from '../refusals.ts';
import type { Executor } from './database.ts';
import { GateClosed } from './gate.ts';

const TRIES = 5;
/**
 * For the turn of a transaction when very many are asked for at once. Agents and clients wait for 30 s and more; what has
 * begun must have the time to end.
 */
const WAIT_FOR_TURN_MS = 20_000;
/** Longer than the pool waits for a connection, so that its error, which says more, comes first. */
const WAIT_FOR_CONNECTION_MS = 10_000;
/** Below the pool's `statement_timeout` of 30 s. */
const LONGEST_MS = 25_000;

/**
 * Runs `work` in one READ COMMITTED transaction. `work` runs again when Postgres ended it to resolve a deadlock, so it
 * keeps its effects inside the transaction and wakes nobody: that is done after the commit. When a POST with an
 * Idempotency-Key is behind it, its effect is noted in the same transaction; when an audited request is, what it changes.
 */
export async function transact<T>(control: Control, work: (tx: Executor) => Promise<T>): Promise<T> {
  return inTurn(control, () =>
    control.db.$transaction(
      async (tx) => {
        await nameAuditedRequest(tx);
        const result = await work(tx);
        await recordEffect(tx);
        return result;
      },
      { maxWait: WAIT_FOR_CONNECTION_MS, timeout: LONGEST_MS },
    ),
  );
}

/** Like `transact`, on a connection without Prisma, for the hot paths. */
export async function transactRaw<T>(
  control: Control,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  return inTurn(control, () =>
    withClient(control, async (client, rollBack) => {
      try {
        await client.query('BEGIN');
        const result = await work(client);
        await client.query('COMMIT');
        return result;
      } catch (error) {
        await rollBack();
        throw error;
      }
    }),
  );
}

/** Runs `work` on one snapshot of the database, which it only reads. */
export async function readSnapshot<T>(
  control: Control,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  return inTurn(control, () =>
    withClient(control, async (client, rollBack) => {
      try {
        await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
        return await work(client);
      } finally {
        await rollBack();
      }
    }),
  );
}

/** A connection that cannot even be rolled back is not used again. */
async function withClient<T>(
  control: Control,
  work: (client: pg.PoolClient, rollBack: () => Promise<void>) => Promise<T>,
): Promise<T> {
  const client = await control.pool.connect();
  let broken = false;
  // The failed query tells; without a listener the event that comes too would end the process.
  const onError = (): void => {
    broken = true;
  };
  client.on('error', onError);
  try {
    return await work(client, async () => {
      await client.query('ROLLBACK').catch(onError);
    });
  } finally {
    client.off('error', onError);
    client.release(broken);
  }
}

/** Must not be called from within a transaction: all those inside could then wait for one more. */
async function inTurn<T>({ gate }: Control, attempt: () => Promise<T>): Promise<T> {
  try {
    return await gate.pass(() => afterDeadlocks(attempt), WAIT_FOR_TURN_MS);
  } catch (error) {
    if (!(error instanceof GateClosed)) throw error;
    throw new Refusal('DATABASE_UNAVAILABLE', 'Too much is asked for at once; try again in a moment.', {
      cause: error,
      retryAfter: 5,
    });
  }
}

async function afterDeadlocks<T>(attempt: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await attempt();
    } catch (error) {
      if (tries === TRIES || !isDeadlock(error)) throw error;
      await sleep(Math.random() * 20 * tries);
    }
  }
}

/** SQLSTATE 40P01 deadlock_detected or 40001 serialization_failure; Prisma's P2034 is either. */
function isDeadlock(error: unknown): boolean {
  for (let at = error, depth = 0; typeof at === 'object' && at !== null && depth < 5; depth++) {
    const { code, originalCode, cause, meta } = at as Record<string, unknown>;
    if ([code, originalCode].some((value) => value === '40P01' || value === '40001' || value === 'P2034')) {
      return true;
    }
    at = cause ?? (meta as Record<string, unknown> | undefined)?.driverAdapterError;
  }
  return false;
}
