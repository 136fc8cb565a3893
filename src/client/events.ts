/** The event log as an endless iteration that outlives connections and restarts of the API. */
import type { Schemas } from './client.ts';
import { problemOf } from './problem.ts';

export type Event = Schemas['Event'];

export interface EventStreamOptions {
  baseUrl: string;
  token: string;
  /** The `cursor` to go on behind; without it, with what happens from now on. */
  after?: string;
  /** Query parameters of `GET /v1/events/stream`, such as `vmId` and `kind`. */
  filter?: Readonly<Record<string, string>>;
  signal?: AbortSignal;
  fetch?: typeof globalThis.fetch;
}

/** How long to wait before a lost connection is made again, where the stream has not said, in milliseconds. */
const RETRY_MS = 2_000;

/**
 * Yields each event once, in the order of the log. Lost connections are made again where they ended. Ends when `signal`
 * aborts; throws ProblemError when the API refuses the stream for good.
 */
export async function* followEvents(options: EventStreamOptions): AsyncGenerator<Event, void> {
  const { baseUrl, token, filter = {}, signal, fetch = globalThis.fetch } = options;
  const url = new URL(`${baseUrl}/v1/events/stream`);
  for (const [name, value] of Object.entries(filter)) url.searchParams.set(name, value);
  let lastId = options.after ?? null;
  let retryMs = RETRY_MS;
  const stopped = (): boolean => signal?.aborted === true;
  while (!stopped()) {
    try {
      const response = await fetch(url, {
        headers: {
          authorization: `Bearer ${token}`,
          ...(lastId === null ? {} : { 'last-event-id': lastId }),
        },
        ...(signal === undefined ? {} : { signal }),
      });
      if (response.status >= 400 && response.status < 500 && response.status !== 429)
        throw await problemOf(response);
      if (response.ok && response.body !== null) {
        for await (const message of messages(response.body)) {
          lastId = message.id ?? lastId;
          retryMs = message.retry ?? retryMs;
          if (message.data !== '' && message.event === 'message') yield JSON.parse(message.data) as Event;
        }
      } else await response.body?.cancel();
    } catch (error) {
      if (stopped()) return;
      if (error instanceof Error && error.name === 'ProblemError') throw error;
    }
    await pause(retryMs, signal);
  }
}

interface Message {
  event: string;
  data: string;
  id: string | null;
  retry: number | null;
}

/** Server-sent events, as the HTML standard parses them (section 9.2.6). */
async function* messages(body: ReadableStream<Uint8Array>): AsyncGenerator<Message> {
  const reader = body.pipeThrough(new TextDecoderStream() as TransformStream<Uint8Array, string>).getReader();
  let text = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      text += value.replaceAll('\r', '');
      for (let end = text.indexOf('\n\n'); end !== -1; end = text.indexOf('\n\n')) {
        yield messageOf(text.slice(0, end));
        text = text.slice(end + 2);
      }
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function messageOf(block: string): Message {
  const message: Message = { event: 'message', data: '', id: null, retry: null };
  const data: string[] = [];
  for (const line of block.split('\n')) {
    const [, field = '', value = ''] = /^([^:]*):? ?(.*)$/.exec(line) ?? [];
    if (field === 'data') data.push(value);
    else if (field === 'id') message.id = value;
    else if (field === 'event') message.event = value;
    else if (field === 'retry' && /^\d+$/.test(value)) message.retry = Number(value);
  }
  return { ...message, data: data.join('\n') };
}

function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((done) => {
    const timer = setTimeout(stop, milliseconds);
    function stop(): void {
      clearTimeout(timer);
      signal?.removeEventListener('abort', stop);
      done();
    }
    signal?.addEventListener('abort', stop, { once: true });
    if (signal?.aborted === true) stop();
  });
}
