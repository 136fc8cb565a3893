/** Requests of the command line, and what their refusals end it with. */
import { ProblemError, problemOf } from '../client/problem.ts';
import { withRetries } from '../client/retry.ts';
import { CommandError, EXIT, type ExitCode } from './errors.ts';
import type { Settings } from './settings.ts';

export interface Call {
  method: string;
  /** With its query. */
  target: string;
  headers?: Record<string, string>;
  body?: { type: string; value: unknown };
}

export interface Reply {
  status: number;
  headers: Headers;
  /** Parsed where it is JSON. */
  body: unknown;
}

export class Caller {
  readonly settings: Settings;
  readonly #fetch: typeof globalThis.fetch;

  constructor(settings: Settings) {
    this.settings = settings;
    this.#fetch = withRetries();
  }

  /** Throws a CommandError for every answer that is no success. */
  async call({ method, target, headers = {}, body }: Call): Promise<Reply> {
    const response = await this.open({ method, target, headers, ...(body === undefined ? {} : { body }) });
    const text = await response.text();
    const isJson = /\bjson\b/.test(response.headers.get('content-type') ?? '');
    return {
      status: response.status,
      headers: response.headers,
      body: isJson && text !== '' ? JSON.parse(text) : text,
    };
  }

  /** The same with the answer unread. */
  async open({ method, target, headers = {}, body }: Call): Promise<Response> {
    const { api, token } = this.settings;
    const request = {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': body.type }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body.value) }),
    };
    let response: Response;
    try {
      response = await this.#fetch(`${api}${target}`, request);
    } catch (cause) {
      throw unreachable(api, cause);
    }
    if (!response.ok) throw commandErrorOf(await problemOf(response), response.status);
    return response;
  }
}

export function unreachable(api: string, cause: unknown): CommandError {
  const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
  const why = inner instanceof Error ? inner.message || inner.name : String(inner);
  return new CommandError(EXIT.unavailable, `${api} cannot be reached: ${why}`, { cause });
}

export function commandErrorOf(error: Error, status: number): CommandError {
  return new CommandError(exitCodeOf(status), error instanceof ProblemError ? textOf(error) : error.message);
}

function textOf({ message, problem }: ProblemError): string {
  const where = (problem.errors ?? []).map(({ pointer, detail }) => `  ${pointer || '/'} ${detail}`);
  const help = (problem.placement?.help ?? []).map((line) => `  ${line}`);
  const name = problem.requestId === undefined ? '' : ` (request ${problem.requestId})`;
  return [`${message}${name}`, ...where, ...help].join('\n');
}

function exitCodeOf(status: number): ExitCode {
  if (status === 401 || status === 403) return EXIT.notAllowed;
  if (status === 404) return EXIT.notFound;
  return status === 429 || status >= 500 ? EXIT.unavailable : EXIT.refused;
}
