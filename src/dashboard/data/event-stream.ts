/**
 * The fleet's events as they are recorded, from `GET /v1/events/stream`.
 *
 * Read with fetch, since EventSource cannot send an Authorization header. A stream that breaks, or says nothing for
 * longer than the server's keep-alive allows, is opened again from the last event seen, so none is missed or shown
 * twice. The same holds when the token is another.
 *
 *   start() → connecting ──open──▶ live ──end, error, silence──▶ down ──back-off──▶ connecting …
 *             close() from anywhere ends it.
 */
import { createParser } from 'eventsource-parser';
import type { FleetEvent } from './types.ts';

export type StreamState = 'connecting' | 'live' | 'down';

export interface EventStreamListener {
  state(state: StreamState): void;
  /** Events in the order of the log, in batches: a burst costs one update of the page, not hundreds. */
  events(batch: readonly FleetEvent[]): void;
  /** The token is no longer accepted; tried again all the same, for it may be renewed. */
  unauthorized(): void;
}

/** Milliseconds over which events are gathered before they are told. */
const BATCH_MS = 250;
/** Milliseconds without a byte after which a stream counts as broken; the server sends a comment every 15 s. */
const SILENCE_MS = 40_000;
const BACKOFF_MS = { first: 500, most: 15_000 } as const;

export class EventStream {
  readonly #url: string;
  #token: string;
  #renewed = false;
  #connection: AbortController | null = null;
  readonly #listener: EventStreamListener;
  readonly #closed = new AbortController();
  #lastEventId: string | null = null;
  #batch: FleetEvent[] = [];
  #flush: ReturnType<typeof setTimeout> | undefined;

  constructor(url: string, token: string, listener: EventStreamListener) {
    this.#url = url;
    this.#token = token;
    this.#listener = listener;
  }

  start(): void {
    void this.#run();
  }

  /** From now on with another token. */
  setToken(token: string): void {
    if (token === this.#token) return;
    this.#token = token;
    this.#renewed = true;
    this.#connection?.abort();
  }

  close(): void {
    this.#closed.abort();
    clearTimeout(this.#flush);
  }

  async #run(): Promise<void> {
    let delay: number = BACKOFF_MS.first;
    while (!this.#closed.signal.aborted) {
      this.#listener.state('connecting');
      const opened = await this.#read();
      if (this.#closed.signal.aborted) return;
      if (this.#renewed) {
        this.#renewed = false;
        continue;
      }
      this.#listener.state('down');
      delay = opened === 'opened' ? BACKOFF_MS.first : Math.min(delay * 2, BACKOFF_MS.most);
      // Jitter: a fleet of open pages must not come back to a restarted API in step.
      await this.#pause(delay * (0.5 + Math.random()));
    }
  }

  /** One connection, until it ends. */
  async #read(): Promise<'opened' | 'failed'> {
    const ended = new AbortController();
    this.#connection = ended;
    const signal = AbortSignal.any([ended.signal, this.#closed.signal]);
    let silence = setTimeout(() => ended.abort(), SILENCE_MS);
    const heard = () => {
      clearTimeout(silence);
      silence = setTimeout(() => ended.abort(), SILENCE_MS);
    };
    let opened = false;
    try {
      const response = await fetch(this.#url, {
        signal,
        cache: 'no-store',
        headers: {
          accept: 'text/event-stream',
          authorization: `Bearer ${this.#token}`,
          ...(this.#lastEventId === null ? {} : { 'last-event-id': this.#lastEventId }),
        },
      });
      if (response.status === 401) this.#listener.unauthorized();
      if (!response.ok || response.body === null) return 'failed';
      opened = true;
      this.#listener.state('live');
      const parser = createParser({
        onId: (id) => this.#remember(id),
        // One with a name is the server's own: why it ends the stream.
        onEvent: ({ event, data }) => {
          if (event === undefined) this.#gather(JSON.parse(data));
        },
      });
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      for (let part = await reader.read(); !part.done; part = await reader.read()) {
        heard();
        parser.feed(part.value);
      }
    } catch {
      // A broken connection is an end like any other; the caller opens the next one.
    } finally {
      clearTimeout(silence);
      ended.abort();
    }
    return opened ? 'opened' : 'failed';
  }

  #remember(id: string): void {
    if (id !== '') this.#lastEventId = id;
  }

  #gather(event: FleetEvent): void {
    this.#batch.push(event);
    this.#flush ??= setTimeout(() => {
      const batch = this.#batch;
      this.#batch = [];
      this.#flush = undefined;
      this.#listener.events(batch);
    }, BATCH_MS);
  }

  #pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.#closed.signal.addEventListener('abort', () => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
}
