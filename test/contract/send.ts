/** Sends what `fetch` would not: any method, any header, any path as it is. */
import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import type { FuzzAnswer } from './judge.ts';
import type { FuzzRequest } from './requests.ts';

/** Of a stream, or of an answer that waits for something, so much is enough. */
const LONGEST_WAIT_MS = 2_000;
/** Nothing else takes nearly as long, on a busy machine too. */
const DEADLINE_MS = 60_000;

const agent = new Agent({ keepAlive: true, maxSockets: 4 });

/** Null where the answer waits for something that does not happen: a stream, a long poll. */
export async function sendRaw(
  url: string,
  request: FuzzRequest,
  token: string | null,
): Promise<FuzzAnswer | null> {
  const waits = /[?&](wait|follow)=/.test(request.target) || request.route.path.endsWith('/stream');
  const deadline = waits ? LONGEST_WAIT_MS : DEADLINE_MS;
  const { promise, resolve, reject } = Promise.withResolvers<FuzzAnswer | null>();
  const { hostname, port } = new URL(url);
  const outgoing = httpRequest({
    ...{ agent, hostname, port, method: request.method, path: request.target },
    headers: {
      ...request.headers,
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(request.body === null ? {} : { 'content-length': request.body.length }),
    },
  });
  let answered: IncomingMessage | null = null;
  let text = '';
  let settled = false;
  const settle = (): void => {
    settled = true;
    clearTimeout(timer);
    resolve(
      answered === null ? null : { status: answered.statusCode ?? 0, headers: headersOf(answered), text },
    );
  };
  const timer = setTimeout(() => {
    if (waits) settle();
    else reject(new Error(`no answer within ${DEADLINE_MS} ms`));
    outgoing.destroy();
  }, deadline);
  outgoing.on('response', (response) => {
    answered = response;
    response.setEncoding('utf8').on('data', (piece: string) => {
      text += piece;
    });
    response.on('end', settle);
    if (response.headers['content-type']?.startsWith('text/event-stream') === true) {
      settle();
      outgoing.destroy();
    }
  });
  outgoing.on('error', (error: NodeJS.ErrnoException) => {
    if (settled) return;
    // A refusal may come before the whole body is sent: then the rest of it finds the connection closed.
    if (answered !== null) settle();
    else {
      clearTimeout(timer);
      reject(error);
    }
  });
  outgoing.end(request.body ?? undefined);
  return promise;
}

function headersOf({ headers }: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, [value].flat().join(', ')]),
  );
}

/** Ends the connections that are kept. */
export function closeConnections(): void {
  agent.destroy();
}
