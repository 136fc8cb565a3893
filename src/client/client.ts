/**
 * The typed client of the HTTP API, for programs and for the dashboard: every path, body and answer is typed from
 * openapi/openapi.json.
 *
 *   const client = createClient({ baseUrl: 'http://127.0.0.1:8080', token });
 *   const { data, error } = await client.GET('/v1/vms/{vmId}', { params: { path: { vmId } } });
 */
import createFetchClient, { type Client as FetchClient } from 'openapi-fetch';
import type { components, paths } from './schema.d.ts';

export type Schemas = components['schemas'];
export type Client = FetchClient<paths>;

export interface ClientOptions {
  /** The API's origin, without a path; empty in a page that the API itself served. */
  baseUrl: string;
  token: string;
  /** For tests and for other transports. */
  fetch?: typeof globalThis.fetch;
}

export function createClient({ baseUrl, token, fetch }: ClientOptions): Client {
  return createFetchClient<paths>({
    baseUrl,
    headers: { authorization: `Bearer ${token}` },
    ...(fetch === undefined ? {} : { fetch }),
  });
}

/** An answer that is a problem (RFC 9457), thrown. */
export class ProblemError extends Error {
  readonly problem: Schemas['Problem'];

  constructor(problem: Schemas['Problem']) {
    super(`${problem.code}: ${problem.detail}`);
    this.name = 'ProblemError';
    this.problem = problem;
  }

  get code(): string {
    return this.problem.code;
  }
}

/** The body of a successful answer. Throws ProblemError otherwise: `unwrap(await client.GET(…))`. */
export function unwrap<T>(answer: { data?: T; error?: Schemas['Problem']; response: Response }): T {
  if (answer.error !== undefined) throw new ProblemError(answer.error);
  if (!answer.response.ok)
    throw new Error(`The API answered ${answer.response.status} without a problem document`);
  return answer.data as T;
}
