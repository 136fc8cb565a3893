/**
 * Follows the end of the event log for every stream of this replica with one query at a time, however many read.
 *
 * The newest events lie in a window, which begins with those from before the first reader came: after a restart all come
 * back at once, each from where it was. A reader inside the window is served from memory; one that is further back, or too
 * slow, pages through the database by itself until it has caught up. Both go by cursor, so the change from one to the
 * other can neither skip nor repeat.
 */

import type { Control } from '../control.ts';
import { coalesced } from './coalesce.ts';
import { BEGINNING, type Cursor, isAfter } from './event-cursor.ts';
import {
  EVERY_EVENT,
  type EventFilter,
  passes,
  readEnd,
  readEvents,
  readEventsBack,
  type StoredEvent,
} from './events.ts';
import { EVENTS_TOPIC } from './topics.ts';

const WINDOW_EVENTS = 2_000;
/** So many of them are from before. */
const EARLIER_EVENTS = 1_000;
const PAGE_EVENTS = 500;
/** One that catches up is given so many at a time, or what is made for slow readers would fill the memory. */
const BATCH_EVENTS = 100;
/** A wake-up can be lost with the connection that carries it. */
const LOOK_AGAIN_MS = 5_000;
/** Events are there that an older transaction keeps from being shown; its end wakes nobody. */
const HIDDEN_LOOK_AGAIN_MS = 25;
const AFTER_ERROR_MS = 1_000;

export interface Batch {
  readonly events: readonly StoredEvent[];
  /** Resume here. */
  readonly next: Cursor;
}

export class EventTail {
  readonly #control: Control;
  readonly #stop = new AbortController();
  #window: StoredEvent[] = [];
  /** The window holds every event after this… */
  #from: Cursor | null = null;
  /** …up to this. */
  #to: Cursor | null = null;
  #readers = 0;
  #following: Promise<void> | null = null;
  /** Resolved, and replaced, whenever `#to` moves on. */
  #moved = Promise.withResolvers<void>();
  /** The end of the log at some moment after the call. */
  readonly #readEnd: () => Promise<Cursor>;

  constructor(control: Control) {
    this.#control = control;
    this.#readEnd = coalesced(() => readEnd(control));
  }

  async close(): Promise<void> {
    this.#stop.abort();
    this.#moved.resolve();
    await this.#following;
  }

  /**
   * What passes `filter` after `after` (null: from now on), as it comes, until `signal` aborts or the tail is closed.
   * Yields once at the beginning, and after each `idleMs` without an event, an empty batch with the place reached.
   */
  async *read(
    after: Cursor | null,
    filter: EventFilter,
    options: { idleMs: number; signal: AbortSignal },
  ): AsyncGenerator<Batch, void, void> {
    const { idleMs, signal } = options;
    const ended = (): boolean => signal.aborted || this.#stop.signal.aborted;
    this.#readers += 1;
    try {
      let at = after ?? (await this.#readEnd());
      yield { events: [], next: at };
      this.#follow();
      for (let idleSince = performance.now(); !ended(); ) {
        const moved = this.#moved.promise;
        if (this.#to === null) {
          await settled(AFTER_ERROR_MS, signal, moved);
          continue;
        }
        const batch = this.#recent(at, filter) ?? (await this.#older(at, filter));
        if (batch === null) {
          await settled(AFTER_ERROR_MS, signal);
          continue;
        }
        at = batch.next;
        if (batch.events.length > 0) {
          yield batch;
          idleSince = performance.now();
        } else if (this.#isAtEnd(at)) {
          const left = idleSince + idleMs - performance.now();
          if (left > 0) await settled(left, signal, moved);
          else {
            yield { events: [], next: at };
            idleSince = performance.now();
          }
        }
      }
    } finally {
      this.#readers -= 1;
    }
  }

  #isAtEnd(at: Cursor): boolean {
    return this.#to === null || !isAfter(this.#to, at);
  }

  /** From the window, or null when `at` lies before it. */
  #recent(at: Cursor, filter: EventFilter): Batch | null {
    if (this.#from === null || this.#to === null || isAfter(this.#from, at)) return null;
    const first = this.#window.findLastIndex((event) => !isAfter(event.cursor, at)) + 1;
    const part = this.#window.slice(first, first + BATCH_EVENTS);
    const events = part.filter((event) => passes(event, filter));
    const last = part.at(-1);
    if (last !== undefined && first + BATCH_EVENTS < this.#window.length)
      return { events, next: last.cursor };
    return { events, next: isAfter(this.#to, at) ? this.#to : at };
  }

  /** From the database; null when it cannot be read now. A stream outlives an outage. */
  async #older(at: Cursor, filter: EventFilter): Promise<Batch | null> {
    try {
      const { events, next } = await readEvents(this.#control, at, filter, BATCH_EVENTS);
      return { events, next };
    } catch (error) {
      this.#control.log.warn({ err: error }, 'could not read the event log; trying again');
      return null;
    }
  }

  #follow(): void {
    this.#following ??= this.#run();
  }

  /** Runs while anybody reads. */
  async #run(): Promise<void> {
    const watch = this.#control.wake.watch([EVENTS_TOPIC]);
    try {
      while (this.#readers > 0 && !this.#stop.signal.aborted) {
        const pause = await this.#look().catch((error: unknown) => {
          this.#control.log.warn({ err: error }, 'could not read the event log; trying again');
          return AFTER_ERROR_MS;
        });
        if (pause > 0) await watch.next(pause, this.#stop.signal);
      }
    } finally {
      watch.close();
      this.#window = [];
      this.#from = null;
      this.#to = null;
      // In the same turn as the look at `#readers`, or a reader that comes now would find nobody following.
      this.#following = null;
    }
  }

  /** Takes in what is new; answers how long to wait for the next look, in milliseconds. */
  async #look(): Promise<number> {
    if (this.#to === null) {
      await this.#begin();
      this.#wakeReaders();
      return 0;
    }
    const { events, next, more, hidden } = await readEvents(
      this.#control,
      this.#to,
      EVERY_EVENT,
      PAGE_EVENTS,
    );
    this.#window.push(...events);
    const surplus = this.#window.length - WINDOW_EVENTS;
    if (surplus > 0) this.#from = this.#window.splice(0, surplus).at(-1)?.cursor ?? this.#from;
    this.#to = next;
    // Without news too, when it is quiet: those who wait hang on one promise, which is not to grow old.
    if (events.length > 0 || !hidden) this.#wakeReaders();
    if (more) return 0;
    return hidden ? HIDDEN_LOOK_AGAIN_MS : LOOK_AGAIN_MS;
  }

  async #begin(): Promise<void> {
    const end = await readEnd(this.#control);
    const { events, more } = await readEventsBack(this.#control, end, EVERY_EVENT, EARLIER_EVENTS);
    const window = events.reverse();
    this.#from = more ? (window.shift()?.cursor ?? end) : BEGINNING;
    this.#window = window;
    this.#to = end;
  }

  #wakeReaders(): void {
    this.#moved.resolve();
    this.#moved = Promise.withResolvers();
  }
}

/** Waits for `promise`, but not longer than so many milliseconds, nor beyond `signal`. */
async function settled(milliseconds: number, signal: AbortSignal, promise?: Promise<void>): Promise<void> {
  let finish: () => void = () => undefined;
  const timer = setTimeout(() => finish(), milliseconds);
  const onAbort = (): void => finish();
  signal.addEventListener('abort', onAbort, { once: true });
  await new Promise<void>((done) => {
    finish = done;
    if (signal.aborted) done();
    void promise?.then(done);
  });
  clearTimeout(timer);
  signal.removeEventListener('abort', onAbort);
}
