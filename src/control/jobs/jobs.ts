/**
 * Background work that outlives the process that began it: rollouts, drains, maintenance, migrations, webhooks.
 *
 * A job says only "look at this one": what is to be done is in its own tables, and a look does what is due, step by
 * step, each step in a transaction of its own that does nothing when it was done already. So a look may come twice, on
 * two replicas at once, or from the middle again after a death. graphile-worker hands each job to one replica. A job that
 * died with its replica stays locked for hours, so every replica also sweeps: what has not been looked at when it should
 * have been gets a new job.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Logger, type Runner, run, runMigrations } from 'graphile-worker';
import pg from 'pg';
import type { Control, Log } from '../control.ts';
import { ADVISORY_LOCKS } from '../database/advisory-locks.ts';
import type { Executor } from '../database/database.ts';
import { transact } from '../database/transact.ts';

/** The schema of graphile-worker's own tables; the SQL of `lookSoon` names it too. */
const SCHEMA = 'holdfast_jobs';

/** Jobs that wait for a time are looked for this often; one for now is announced by NOTIFY. */
const POLL_MS = 500;
const JOBS_AT_ONCE = 2;
/** One for NOTIFY, one for each job's bookkeeping, one to spare. */
const CONNECTIONS = JOBS_AT_ONCE + 2;
const SWEEP_MS = 2_000;
/** So much later than it should have been looked at, a thing is taken for forgotten. */
const FORGOTTEN_AFTER_SECONDS = 5;
const RESTART_MS = 1_000;
/** Without batches nobody hears when a job cannot be given back, and that would end the process. */
const BATCHED = { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } };
/** What a runner may take to end when its database has gone. */
const LONGEST_STOP_MS = 5_000;

export type TaskName = 'rollout' | 'drain' | 'maintenance' | 'migration' | 'webhook';

/** A kind of thing that is looked at until it is finished. */
export interface Task {
  readonly name: TaskName;
  /** Does what is due. Returns when to look again, in seconds; null when there is nothing left to do. */
  look(control: Control, id: string): Promise<number | null>;
  /** Writes when it is to be looked at next. */
  setLookAt(tx: Executor, id: string, seconds: number): Promise<void>;
  /** The unfinished ones whose look is overdue by so many seconds. */
  forgotten(control: Control, seconds: number): Promise<string[]>;
}

/** For those who have no `Executor`: a task's name and an id. */
export const LOOK_SOON_SQL = `
  SELECT holdfast_jobs.add_job($1::text, json_build_object('id', $2::text), job_key => $1::text || ':' || $2::text) IS NULL`;

/** Has the thing looked at as soon as the transaction of `tx` has committed. */
export async function lookSoon(tx: Executor, name: TaskName, id: string): Promise<void> {
  await tx.$executeRawUnsafe(LOOK_SOON_SQL, name, id);
}

/** One thing has one job that waits; a time that is set already stays, so that a look for now is not put off. */
async function lookLater(tx: Executor, name: TaskName, id: string, seconds: number): Promise<void> {
  await tx.$executeRaw`
    SELECT holdfast_jobs.add_job(${name}::text, json_build_object('id', ${id}::text),
      run_at => now() + make_interval(secs => ${seconds}::float8), job_key => ${`${name}:${id}`}::text,
      job_key_mode => 'preserve_run_at') IS NULL`;
}

/** One look as a job does it, with the note of when the next is due. */
export async function lookNow(control: Control, task: Task, id: string): Promise<void> {
  const seconds = await task.look(control, id);
  if (seconds !== null) await lookAgain(control, task, id, seconds);
}

/** Leaves a job for a look in so many seconds. */
export async function lookAgain(control: Control, task: Task, id: string, seconds: number): Promise<void> {
  await transact(control, async (tx) => {
    await task.setLookAt(tx, id, seconds);
    await lookLater(tx, task.name, id, seconds);
  });
}

/** Makes graphile-worker's tables, or brings them up to date. Safe when several replicas start at once. */
export async function migrateJobs(url: string, log: Log): Promise<void> {
  const pool = jobPool(url, log);
  try {
    const holder = await pool.connect();
    try {
      await holder.query('SELECT pg_advisory_lock($1)', [ADVISORY_LOCKS.jobs]);
      await runMigrations({ pgPool: pool, schema: SCHEMA, logger: logTo(log) });
    } finally {
      // Ends the session and with it the lock.
      holder.release(true);
    }
  } finally {
    await pool.end();
  }
}

/** Works on jobs until it is stopped, through outages of the database. */
export function startJobs(control: Control, url: string, tasks: readonly Task[]): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const done = Promise.all([
    keepRunning(control, url, tasks, stopping.signal),
    keepSweeping(control, tasks, stopping.signal),
  ]);
  return {
    stop: async () => {
      stopping.abort();
      await done;
    },
  };
}

/** graphile-worker ends when it cannot give a job back, for instance; then it is started again. */
async function keepRunning(
  control: Control,
  url: string,
  tasks: readonly Task[],
  signal: AbortSignal,
): Promise<void> {
  const pool = jobPool(url, control.log);
  const taskList = Object.fromEntries(
    tasks.map((task) => [task.name, (payload: unknown) => lookNow(control, task, idOf(payload))]),
  );
  while (!signal.aborted) {
    try {
      const runner = await run(
        {
          ...{ pgPool: pool, schema: SCHEMA, taskList, concurrency: JOBS_AT_ONCE, pollInterval: POLL_MS },
          ...{ noHandleSignals: true, logger: logTo(control.log), preset: BATCHED },
        },
        undefined,
        [],
      );
      await untilEnd(runner, signal);
    } catch (error) {
      if (!signal.aborted) control.log.warn({ err: error }, 'the job runner ended; starting it again');
    }
    await sleep(RESTART_MS, undefined, { signal, ref: false }).catch(() => undefined);
  }
  await Promise.race([pool.end(), sleep(LONGEST_STOP_MS, undefined, { ref: false })]);
}

async function untilEnd(runner: Runner, signal: AbortSignal): Promise<void> {
  const { promise: aborted, resolve } = Promise.withResolvers<void>();
  const abort = (): void => resolve();
  signal.addEventListener('abort', abort);
  if (signal.aborted) resolve();
  try {
    await Promise.race([runner.promise, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
    runner.promise.catch(() => undefined);
    // Rejects when it has ended by itself.
    const stopped = runner.stop().catch(() => undefined);
    await Promise.race([stopped, sleep(LONGEST_STOP_MS, undefined, { ref: false })]);
  }
}

/** graphile-worker wants listeners on the pool and on each of its connections, or a lost one would end the process. */
function jobPool(url: string, log: Log): pg.Pool {
  const pool = new pg.Pool({
    ...{ connectionString: url, application_name: 'holdfast jobs', max: CONNECTIONS, keepAlive: true },
    connectionTimeoutMillis: 5_000,
  });
  // Not the error itself, which has the whole connection with it.
  const onError = ({ message }: Error): void => log.warn({ message }, 'lost a connection of the job runner');
  pool.on('error', onError);
  pool.on('connect', (client) => client.on('error', onError));
  return pool;
}

async function keepSweeping(control: Control, tasks: readonly Task[], signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    // Spread out, so that replicas do not sweep together.
    await sleep(SWEEP_MS * (0.5 + Math.random()), undefined, { signal, ref: false }).catch(() => undefined);
    if (signal.aborted) return;
    await sweepJobs(control, tasks).catch((error: unknown) =>
      control.log.warn({ err: error }, 'could not sweep the jobs; trying again'),
    );
  }
}

/** Gives everything that was forgotten a new job. Returns how many. */
export async function sweepJobs(control: Control, tasks: readonly Task[]): Promise<number> {
  let count = 0;
  for (const task of tasks) {
    for (const id of await task.forgotten(control, FORGOTTEN_AFTER_SECONDS)) {
      await transact(control, async (tx) => {
        // Not again at once, should all that can do it be busy.
        await task.setLookAt(tx, id, 0);
        await lookSoon(tx, task.name, id);
      });
      count += 1;
    }
  }
  return count;
}

function idOf(payload: unknown): string {
  const id = (payload as { id?: unknown } | null)?.id;
  if (typeof id !== 'string') throw new Error('A job without an id');
  return id;
}

/** What graphile-worker has to say: of a job that failed, and of the database. */
function logTo(log: Log): Logger {
  return new Logger(() => (level, message, meta) => {
    if (level !== 'error' && level !== 'warning') return;
    const error = meta?.error;
    log.warn(error === undefined ? {} : { err: error }, `job runner: ${message}`);
  });
}
