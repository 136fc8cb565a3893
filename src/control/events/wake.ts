/**
 * Wakes those who wait for a change: long polls and event streams, in this process and in every replica.
 *
 * A wake-up is a hint and carries no data; the waiter looks at the database again. Call `notify` after the commit:
 * pg_notify inside a transaction would serialise all commits behind one lock, so topics are collected for a moment
 * and sent from a connection of their own.
 */
import { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { HOLD_REPLICA_SQL } from '../jobs/replica.ts';

const CHANNEL = 'holdfast_wake';
/** How long topics are collected before one NOTIFY tells the other replicas. */
const COLLECT_MS = 10;
/** pg_notify takes less than 8000 bytes; beyond this everybody is woken instead. */
const LONGEST_PAYLOAD = 7_000;
/** While the listening connection is away, nobody waits longer than this for a look. */
const LONGEST_DEAF_WAIT_MS = 1_000;
const EVERYBODY = '*';

export interface Watch {
  /**
   * Resolves at the next wake-up, at once if one came since the last call; after `milliseconds` at the latest; and
   * when `signal` aborts. Read the database after every return.
   */
  next(milliseconds: number, signal?: AbortSignal): Promise<void>;
  close(): void;
}

export class Wake {
  readonly #url: string;
  readonly #replica: number;
  readonly #onError: (error: Error) => void;
  readonly #emitter = new EventEmitter().setMaxListeners(0);
  readonly #outbox = new Set<string>();
  readonly #listeners: ((topics: readonly string[]) => void)[] = [];
  #client: pg.Client | null = null;
  #timer: NodeJS.Timeout | null = null;
  #closed = false;
  #running: Promise<void> = Promise.resolve();
  readonly #closing = new AbortController();

  /** `replica`: whose life the listening connection is to show (replica.ts). */
  constructor(url: string, replica: number, onError: (error: Error) => void = () => undefined) {
    this.#url = url;
    this.#replica = replica;
    this.#onError = onError;
  }

  /** Whether what other replicas say is heard. */
  get connected(): boolean {
    return this.#client !== null;
  }

  /** Starts to listen; the connection is kept up until `close`. */
  open(): void {
    this.#running = this.#listen();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#closing.abort();
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#client?.end().catch(() => undefined);
    this.#emitter.emit(EVERYBODY);
    await this.#running;
  }

  /** Has `listener` hear what this replica says, and none of the others. It must not throw. */
  onNotify(listener: (topics: readonly string[]) => void): void {
    this.#listeners.push(listener);
  }

  /** Wakes whoever watches one of `topics`, here at once and in other replicas a moment later. Never throws. */
  notify(...topics: string[]): void {
    for (const topic of topics) {
      this.#emitter.emit(topic);
      this.#outbox.add(topic);
    }
    this.#sendSoon();
    for (const listener of this.#listeners) listener(topics);
  }

  #sendSoon(): void {
    if (this.#timer !== null || this.#closed || this.#outbox.size === 0) return;
    this.#timer = setTimeout(() => void this.#send(), COLLECT_MS);
  }

  /** Begin to watch BEFORE reading the state that decides whether to wait, or a change in between is missed. */
  watch(topics: string[]): Watch {
    let pending = false;
    let resume: (() => void) | null = null;
    const wake = (): void => {
      pending = true;
      resume?.();
    };
    const watched = [...topics, EVERYBODY];
    for (const topic of watched) this.#emitter.on(topic, wake);
    return {
      next: async (milliseconds, signal) => {
        if (!pending && !this.#closed && signal?.aborted !== true) {
          const limit = this.#client === null ? Math.min(milliseconds, LONGEST_DEAF_WAIT_MS) : milliseconds;
          const { promise, resolve } = Promise.withResolvers<void>();
          const done = (): void => resolve();
          const timer = setTimeout(done, limit);
          resume = done;
          signal?.addEventListener('abort', done);
          await promise;
          clearTimeout(timer);
          resume = null;
          signal?.removeEventListener('abort', done);
        }
        pending = false;
      },
      close: () => {
        for (const topic of watched) this.#emitter.off(topic, wake);
        wake();
      },
    };
  }

  /** One at a time: what is collected while a NOTIFY is under way goes with the next. */
  async #send(): Promise<void> {
    const topics = [...this.#outbox].join('\n');
    this.#outbox.clear();
    const payload = Buffer.byteLength(topics) <= LONGEST_PAYLOAD ? topics : EVERYBODY;
    // Lost when the connection is away: the other replicas look by themselves once they are deaf.
    await this.#client?.query('SELECT pg_notify($1, $2)', [CHANNEL, payload]).catch(this.#onError);
    this.#timer = null;
    this.#sendSoon();
  }

  async #listen(): Promise<void> {
    for (let delay = 100; !this.#closed; delay = Math.min(delay * 2, 5_000)) {
      const client = new pg.Client({
        connectionString: this.#url,
        application_name: 'holdfast wake',
        keepAlive: true,
      });
      const ended = new Promise<void>((done) => {
        client.once('end', done);
        client.on('error', (error) => {
          this.#onError(error);
          done();
        });
      });
      try {
        client.on('notification', ({ payload }) => {
          for (const topic of (payload ?? '').split('\n')) this.#emitter.emit(topic);
        });
        await client.connect();
        await client.query(HOLD_REPLICA_SQL, [this.#replica]);
        await client.query(`LISTEN ${CHANNEL}`);
        this.#client = client;
        // Whatever was said while nobody listened is lost: everybody looks once.
        this.#emitter.emit(EVERYBODY);
        if (this.#closed) break;
        await ended;
        delay = 100;
      } catch (error) {
        this.#onError(error as Error);
      } finally {
        this.#client = null;
        await client.end().catch(() => undefined);
      }
      if (!this.#closed)
        await sleep(delay * (0.5 + Math.random()), undefined, { signal: this.#closing.signal }).catch(
          () => undefined,
        );
    }
  }
}
