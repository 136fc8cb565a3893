/** A reader of the event stream that comes back wherever it was cut off, as EventSource does, until it is told to end. */
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { createParser } from 'eventsource-parser';

export interface ReaderOptions {
  url: string;
  token: string;
  /** Begins behind this. */
  lastEventId: string;
  path?: string;
}

export class ResumingReader {
  /** The ids of the events, in the order in which they came. */
  readonly ids: string[] = [];
  /** How often it was cut off. */
  interruptions = 0;
  readonly #options: ReaderOptions;
  #lastEventId: string;
  readonly #stop = new AbortController();
  readonly #reading: Promise<void>;

  constructor(options: ReaderOptions) {
    this.#options = options;
    this.#lastEventId = options.lastEventId;
    this.#reading = this.#run();
  }

  /** Ends it once it has seen so many. */
  async endAt(count: number): Promise<void> {
    while (this.ids.length < count) await sleep(10);
    this.#stop.abort();
    await this.#reading;
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      await this.#read().catch(() => undefined);
      this.interruptions += 1;
      await sleep(50 + Math.random() * 100);
    }
  }

  /** One connection, until it ends. What has come is counted at once, or it would be asked for again, or not at all. */
  async #read(): Promise<void> {
    const { url, token, path = '/v1/events/stream' } = this.#options;
    const headers = { authorization: `Bearer ${token}`, 'last-event-id': this.#lastEventId };
    const request = get(new URL(path, url), { agent: false, headers, signal: this.#stop.signal });
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    if (response.statusCode !== 200) {
      request.destroy();
      throw new Error(`the stream answered ${response.statusCode}`);
    }
    const parser = createParser({
      onId: (id) => {
        this.#lastEventId = id;
      },
      onEvent: ({ event, data }) => {
        if (event === undefined) this.ids.push((JSON.parse(data) as { id: string }).id);
      },
    });
    response.setEncoding('utf8');
    for await (const piece of response) parser.feed(piece as string);
  }
}
