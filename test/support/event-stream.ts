/** Reads a stream of server-sent events as a client would, over HTTP. */
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { EventSourceParserStream } from 'eventsource-parser/stream';

export interface StreamReader extends AsyncDisposable {
  /** The events received so far. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into events of every shape
  readonly events: any[];
  /** The last `id` seen, with or without an event. */
  readonly lastEventId: string | null;
  /** Resolves once `check` holds. Throws when the stream ends before. */
  until(check: () => boolean): Promise<void>;
}

export async function openStream(
  url: string,
  token: string,
  options: { path?: string; query?: string; lastEventId?: string } = {},
): Promise<StreamReader> {
  const { path = '/v1/events/stream', query = '' } = options;
  const request = get(new URL(`${path}${query}`, url), {
    // A connection of its own, gone with the stream.
    agent: false,
    headers: {
      authorization: `Bearer ${token}`,
      ...(options.lastEventId === undefined ? {} : { 'last-event-id': options.lastEventId }),
    },
  });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  if (response.statusCode !== 200) throw new Error(`the stream answered ${response.statusCode}`);
  // biome-ignore lint/suspicious/noExplicitAny: as above
  const events: any[] = [];
  let lastEventId: string | null = null;
  let ended: unknown = null;
  let wake: () => void = () => undefined;
  const bytes = Readable.toWeb(response) as ReadableStream<Uint8Array<ArrayBuffer>>;
  const messages = bytes.pipeThrough(new TextDecoderStream()).pipeThrough(
    new EventSourceParserStream({
      onId: (id: string) => {
        lastEventId = id;
        wake();
      },
    }),
  );
  const reading = (async () => {
    try {
      for await (const { event, data } of messages) {
        if (event === undefined) events.push(JSON.parse(data));
        wake();
      }
      ended = new Error('the stream has ended');
    } catch (error) {
      ended = error;
    }
    wake();
  })();
  return {
    events,
    get lastEventId() {
      return lastEventId;
    },
    until: async (check) => {
      while (!check()) {
        if (ended !== null) throw ended;
        await new Promise<void>((done) => {
          wake = done;
        });
      }
    },
    [Symbol.asyncDispose]: async () => {
      request.destroy();
      await reading;
    },
  };
}
