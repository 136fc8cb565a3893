/**
 * Has webhooks' events sent. What becomes of each is drawn in webhook-deliveries.ts.
 *
 * A job says which webhook has something to do and goes at once, since receivers may be slow and jobs are few; the replica
 * that had it then sees to that webhook until nothing is due there, and leaves a job for when something is. What a replica
 * that died has left is found by the sweep of the jobs. Two replicas may see to one webhook at the same time
 * (webhook-attempts.ts).
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Control } from '../control.ts';
import { HIDDEN_SQL } from '../events/event-cursor.ts';
import { EVENTS_TOPIC } from '../events/topics.ts';
import { lookAgain, type Task } from '../jobs/jobs.ts';
import { attemptOne } from './webhook-attempts.ts';
import { fanOut } from './webhook-fan-out.ts';

/** Messages under way to one receiver at the same time. */
const SENDERS = 4;
/** At least so often something that waits is looked at. */
const LONGEST_PAUSE_SECONDS = 60;
/** Events of this long go out together. */
const COLLECT_MS = 100;
/** A wake-up can be lost with the connection that carries it. */
const LOOK_AGAIN_MS = 5_000;
/** What is being sent when the replica is told to end has so long; afterwards it counts as not sent. */
const LONGEST_STOP_MS = 5_000;

/** One webhook that this replica sees to. */
interface Pump {
  /** Something came up since its last look. */
  again: boolean;
  wake(): void;
  done: Promise<void>;
}

export class WebhookDispatch {
  readonly #control: Control;
  readonly #stop = new AbortController();
  readonly #pumps = new Map<string, Pump>();
  readonly #following: Promise<void>;
  readonly task: Task;

  constructor(control: Control) {
    this.#control = control;
    this.task = {
      name: 'webhook',
      look: async (_, id) => {
        this.#see(id);
        return null;
      },
      setLookAt: async (tx, id, seconds) => {
        await tx.$executeRaw`
          UPDATE webhooks SET look_at = now() + make_interval(secs => ${seconds}::float8) WHERE id = ${id}::uuid`;
      },
      forgotten: (_, seconds) => forgotten(control, seconds),
    };
    this.#following = this.#follow();
  }

  /** Begins nothing more, and lets what is being sent end. */
  async stop(): Promise<void> {
    this.#stop.abort();
    for (const pump of this.#pumps.values()) pump.wake();
    const ended = Promise.all([...this.#pumps.values()].map(({ done }) => done));
    await Promise.race([ended, sleep(LONGEST_STOP_MS, undefined, { ref: false })]);
    await this.#following;
  }

  /** Turns new events into jobs of the webhooks that are behind. */
  async #follow(): Promise<void> {
    const { signal } = this.#stop;
    const watch = this.#control.wake.watch([EVENTS_TOPIC]);
    while (!signal.aborted) {
      const hidden = await kick(this.#control).catch((error: unknown) => {
        this.#control.log.warn({ err: error }, 'could not look for what webhooks wait for; trying again');
        return false;
      });
      await sleep(COLLECT_MS, undefined, { signal, ref: false }).catch(() => undefined);
      // The end of the transaction that hides them wakes nobody.
      if (!hidden) await watch.next(LOOK_AGAIN_MS, signal);
    }
    watch.close();
  }

  #see(id: string): void {
    const other = this.#pumps.get(id);
    if (other !== undefined) {
      other.again = true;
      other.wake();
      return;
    }
    if (this.#stop.signal.aborted) return;
    const pump: Pump = { again: true, wake: () => undefined, done: Promise.resolve() };
    this.#pumps.set(id, pump);
    pump.done = this.#run(id, pump);
  }

  async #run(id: string, pump: Pump): Promise<void> {
    try {
      while (pump.again && !this.#stop.signal.aborted) {
        await this.#sendDue(id, pump);
        const pause = await pauseOf(this.#control, id);
        // A job that came meanwhile left its work to this one.
        if (!pump.again && pause !== null) await lookAgain(this.#control, this.task, id, pause);
      }
    } catch (error) {
      // The sweep finds what is left.
      this.#control.log.warn({ err: error, webhookId: id }, 'could not see to a webhook; trying again');
    } finally {
      this.#pumps.delete(id);
    }
  }

  /** Sends until nothing is due, and takes up what comes meanwhile without waiting for a receiver that is slow. */
  async #sendDue(id: string, pump: Pump): Promise<void> {
    const { signal } = this.#stop;
    const senders = new Set<Promise<void>>();
    const failures: unknown[] = [];
    const addSender = (): void => {
      const sender: Promise<void> = this.#send(id)
        .catch((error: unknown) => {
          failures.push(error);
        })
        .finally(() => senders.delete(sender));
      senders.add(sender);
    };
    do {
      pump.again = false;
      const woken = new Promise<void>((resolve) => {
        pump.wake = resolve;
      });
      while (failures.length === 0 && !signal.aborted && (await fanOut(this.#control, id)));
      while (senders.size < SENDERS) addSender();
      await Promise.race([woken, Promise.all(senders)]);
    } while (pump.again && failures.length === 0 && !signal.aborted);
    await Promise.all(senders);
    if (failures.length > 0) throw failures[0];
  }

  async #send(id: string): Promise<void> {
    while (!this.#stop.signal.aborted && (await attemptOne(this.#control, id)));
  }
}

/** Exported for a look at its plan. */
export const KICK_SQL = `
  WITH behind AS (
    SELECT holdfast_jobs.add_job('webhook', json_build_object('id', w.id), job_key => 'webhook:' || w.id)
    FROM webhooks w WHERE w.enabled AND EXISTS (
      SELECT FROM events e WHERE (e.txid, e.position) > (w.txid, w.position)
        AND e.txid < pg_snapshot_xmin(pg_current_snapshot()))
  )
  SELECT (SELECT count(*) FROM behind) AS kicked,
    EXISTS (SELECT FROM webhooks WHERE enabled) AND ${HIDDEN_SQL} AS hidden`;

/** Gives every webhook with events that it has not seen a job. Returns whether some events cannot be seen yet. */
async function kick(control: Control): Promise<boolean> {
  const { rows } = await control.pool.query<{ hidden: boolean }>({
    name: 'kick-webhooks',
    text: KICK_SQL,
  });
  return rows[0]?.hidden ?? false;
}

async function forgotten(control: Control, seconds: number): Promise<string[]> {
  const { rows } = await control.pool.query<{ id: string }>(
    `SELECT id FROM webhooks w
     WHERE enabled AND look_at < now() - make_interval(secs => $1) AND EXISTS (
       SELECT FROM webhook_deliveries d WHERE d.webhook_id = w.id AND d.status = 'pending'
         AND d.next_attempt_at < now() - make_interval(secs => $1))`,
    [seconds],
  );
  return rows.map(({ id }) => id);
}

/** Seconds until something is due; null when nothing waits. */
async function pauseOf(control: Control, id: string): Promise<number | null> {
  const { rows } = await control.pool.query<{ seconds: number | null }>(
    `SELECT extract(epoch FROM min(d.next_attempt_at) - now())::float8 AS seconds
     FROM webhook_deliveries d JOIN webhooks w ON w.id = d.webhook_id
     WHERE d.webhook_id = $1 AND d.status = 'pending' AND w.enabled`,
    [id],
  );
  const seconds = rows[0]?.seconds ?? null;
  return seconds === null ? null : Math.min(Math.max(seconds, 0), LONGEST_PAUSE_SECONDS);
}
