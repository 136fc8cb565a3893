/**
 * The typed client of the HTTP API, for programs and for the dashboard: every path, body and answer is typed from
 * openapi/openapi.json.
 *
 *   const client = createClient({ baseUrl: 'http://127.0.0.1:8080', token });
 *   const { data, error } = await client.GET('/v1/vms/{vmId}', { params: { path: { vmId } } });
 */
import createFetchClient, { type Client as FetchClient } from 'openapi-fetch';
import { ProblemError } from './problem.ts';
import { withRetries } from './retry.ts';
import type { components, paths } from './schema.d.ts';

export { uploadBlob } from './blobs.ts';
export { type Event, type EventStreamOptions, followEvents } from './events.ts';
export { allItems } from './pages.ts';
export { ProblemError } from './problem.ts';
export { type RetryOptions, withRetries } from './retry.ts';

export type Schemas = components['schemas'];
export type Client = FetchClient<paths>;

export interface ClientOptions {
  /** The API's origin, without a path; empty in a page that the API itself served. */
  baseUrl: string;
  token: string;
  /** For tests and for other transports. */
  fetch?: typeof globalThis.fetch;
  /** Tries again what may be tried again (retry.ts), so often in all; 1 when left out: never. */
  attempts?: number;
}

export function createClient({ baseUrl, token, fetch: given, attempts = 1 }: ClientOptions): Client {
  const own = given === undefined ? {} : { fetch: given };
  const fetch = attempts > 1 ? withRetries({ attempts, ...own }) : given;
  return createFetchClient<paths>({
    baseUrl,
    headers: { authorization: `Bearer ${token}` },
    ...(fetch === undefined ? {} : { fetch }),
  });
}

/** How long one request waits for an operation; below what proxies usually allow. */
const WAIT_SECONDS = 25;

/**
 * The operation once it has ended, well or not: look at its `status`. Throws ProblemError when it cannot be read, and
 * the signal's reason when that aborts first.
 */
export async function waitForOperation(
  client: Client,
  operationId: string,
  signal?: AbortSignal,
): Promise<Schemas['Operation']> {
  for (;;) {
    const operation = unwrap(
      await client.GET('/v1/operations/{operationId}', {
        params: { path: { operationId }, query: { wait: WAIT_SECONDS } },
        ...(signal === undefined ? {} : { signal }),
      }),
    );
    if (operation.status !== 'pending' && operation.status !== 'running') return operation;
  }
}

/** The body of a successful answer. Throws ProblemError otherwise: `unwrap(await client.GET(…))`. */
export function unwrap<T>(answer: { data?: T; error?: Schemas['Problem']; response: Response }): T {
  if (answer.error !== undefined) throw new ProblemError(answer.error);
  if (!answer.response.ok)
    throw new Error(`The API answered ${answer.response.status} without a problem document`);
  return answer.data as T;
}
