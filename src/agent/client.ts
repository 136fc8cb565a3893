/**
 * The agent's side of `/agent/v1` (wire/agent.ts): one call is one HTTP request with a timeout and a checked answer.
 * Loops around it decide about trying again (loop.ts).
 */
import { openAsBlob } from 'node:fs';
import { currentTrace, formatTraceparent } from '../trace/context.ts';
import type {
  Assignment,
  ConsoleInputResponse,
  CredentialRequest,
  EnrolRequest,
  EnrolResponse,
  EventsRequest,
  EventsResponse,
  FingerprintRequest,
  FingerprintResponse,
  HeartbeatRequest,
  HeartbeatResponse,
  ReportsRequest,
  ReportsResponse,
} from '../wire/agent.ts';
import { type Shape, ShapeError } from '../wire/shape.ts';
import { HOLDFAST_VERSION } from '../wire/version.ts';
import {
  assignmentsResponse,
  consoleInputResponse,
  consoleOffsetProblem,
  consoleResponse,
  enrolResponse,
  eventsResponse,
  fingerprintResponse,
  heartbeatResponse,
  reportsResponse,
} from './answers.ts';

const TIMEOUT_MS = 30_000;
/** What a long poll may take beyond the time it asked for. */
const POLL_SLACK_MS = 15_000;
/** How long a download may go without a byte. */
const STALL_MS = 30_000;

/** The API did not do what it was asked, or could not be reached. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  /** HTTP status; null when there was no usable answer. */
  readonly status: number | null;
  /** The problem's stable code, or a code of this side: UNREACHABLE, BAD_ANSWER. */
  readonly code: string;
  /** The whole problem document, where there was one. */
  readonly problem: unknown;
  /** Seconds that the API asked to wait; 0 when it did not. */
  readonly retryAfterSeconds: number;

  constructor(
    status: number | null,
    code: string,
    detail: string,
    problem: unknown,
    retryAfterSeconds: number,
  ) {
    super(detail);
    this.status = status;
    this.code = code;
    this.problem = problem;
    this.retryAfterSeconds = retryAfterSeconds;
  }

  /** Whether the same call may succeed later without anything being changed here. */
  get passing(): boolean {
    return this.status === null || this.status >= 500 || [401, 408, 425, 429].includes(this.status);
  }
}

interface Call {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  readonly body?: Uint8Array<ArrayBuffer> | Blob | object;
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
  readonly signal: AbortSignal;
}

export interface BlobBody {
  /** Where in the blob the body starts: what was asked for, or 0 when the API sends it from the beginning. */
  readonly start: number;
  readonly chunks: AsyncIterable<Uint8Array>;
}

export interface FetchOptions {
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body: string | Uint8Array<ArrayBuffer> | Blob | null;
  readonly redirect: 'error';
  readonly signal: AbortSignal;
}

/** The part of `fetch` that is needed here. */
export type Fetch = (url: string, options: FetchOptions) => Promise<Response>;

export class ApiClient {
  readonly #base: string;
  readonly #http: Fetch;
  #credential: string;

  constructor(base: string, credential: string, http: Fetch = fetch) {
    this.#base = base;
    this.#credential = credential;
    this.#http = http;
  }

  /** The only call without a credential: the request carries a token and the credential's hash. */
  static async enrol(
    base: string,
    request: EnrolRequest,
    signal: AbortSignal,
    http: Fetch = fetch,
  ): Promise<EnrolResponse> {
    const client = new ApiClient(base, '', http);
    const call: Call = { method: 'POST', path: '/agent/v1/enrol', body: request, signal };
    return await client.#json(call, enrolResponse);
  }

  /** From the next request on. */
  use(credential: string): void {
    this.#credential = credential;
  }

  /** Tells the hash of the credential that this host will show next. As often as needed. */
  async announceCredential(body: CredentialRequest, signal: AbortSignal): Promise<void> {
    await this.#json({ method: 'POST', path: '/agent/v1/credential', body, signal }, enrolResponse);
  }

  async heartbeat(body: HeartbeatRequest, signal: AbortSignal): Promise<HeartbeatResponse> {
    return await this.#json({ method: 'POST', path: '/agent/v1/heartbeat', body, signal }, heartbeatResponse);
  }

  /** Answers when the assignments differ from the revision `known`, or after `waitSeconds`. */
  async assignments(
    known: string | null,
    waitSeconds: number,
    signal: AbortSignal,
  ): Promise<{ revision: string; vms: Assignment[] }> {
    const query = new URLSearchParams({ wait: String(waitSeconds), ...(known === null ? {} : { known }) });
    return await this.#poll(`/agent/v1/assignments?${query}`, waitSeconds, assignmentsResponse, signal);
  }

  async fingerprint(body: FingerprintRequest, signal: AbortSignal): Promise<FingerprintResponse> {
    const call: Call = { method: 'PUT', path: '/agent/v1/fingerprint', body, signal };
    return await this.#json(call, fingerprintResponse);
  }

  async events(body: EventsRequest, signal: AbortSignal): Promise<EventsResponse> {
    return await this.#json({ method: 'POST', path: '/agent/v1/events', body, signal }, eventsResponse);
  }

  async reports(body: ReportsRequest, signal: AbortSignal): Promise<ReportsResponse> {
    return await this.#json({ method: 'POST', path: '/agent/v1/reports', body, signal }, reportsResponse);
  }

  /** @returns where the API wants the next piece to start, whether it took this one or not. */
  async console(
    vmId: string,
    bootId: string,
    offset: number,
    bytes: Uint8Array<ArrayBuffer>,
    signal: AbortSignal,
  ): Promise<number> {
    const path = `/agent/v1/vms/${vmId}/console/${bootId}?offset=${offset}`;
    const headers = { 'content-type': 'application/octet-stream' };
    try {
      const call: Call = { method: 'PUT', path, body: bytes, headers, signal };
      return (await this.#json(call, consoleResponse)).nextOffset;
    } catch (error) {
      const expected = error instanceof ApiError ? expectedOffset(error) : null;
      if (expected === null) throw error;
      return expected;
    }
  }

  async consoleInput(
    after: string | null,
    waitSeconds: number,
    signal: AbortSignal,
  ): Promise<ConsoleInputResponse> {
    const query = new URLSearchParams({ wait: String(waitSeconds), ...(after === null ? {} : { after }) });
    return await this.#poll(`/agent/v1/console-input?${query}`, waitSeconds, consoleInputResponse, signal);
  }

  /** Sends the file of a snapshot. Resolves once the API has it for good. */
  async snapshot(intentId: string, path: string, signal: AbortSignal): Promise<void> {
    await this.#file(`/agent/v1/snapshots/${intentId}`, path, signal);
  }

  /** Sends the file of disks that another host is to have. Resolves once the API has it for good. */
  async disks(operationId: string, digest: string, path: string, signal: AbortSignal): Promise<void> {
    const query = new URLSearchParams({ digest });
    await this.#file(`/agent/v1/transfers/${operationId}?${query}`, path, signal);
  }

  async #file(to: string, path: string, signal: AbortSignal): Promise<void> {
    const call: Call = {
      method: 'PUT',
      path: to,
      // Read from the disk while it is sent.
      body: await openAsBlob(path),
      headers: { 'content-type': 'application/octet-stream' },
      timeoutMs: Infinity,
      signal,
    };
    await (await this.#fetch(call)).arrayBuffer().catch((error: unknown) => {
      throw unreachable(error);
    });
  }

  /** A blob's bytes from `offset` on. The body fails when it stalls. */
  async blob(digest: string, offset: number, signal: AbortSignal): Promise<BlobBody> {
    const stalled = new AbortController();
    let timer: NodeJS.Timeout | undefined;
    const alive = (): void => {
      clearTimeout(timer);
      timer = setTimeout(() => stalled.abort(new Error(`no byte for ${STALL_MS / 1000} s`)), STALL_MS);
      timer.unref();
    };
    alive();
    const response = await this.#fetch({
      method: 'GET',
      path: `/agent/v1/blobs/${digest}`,
      headers: offset > 0 ? { range: `bytes=${offset}-` } : {},
      timeoutMs: Infinity,
      signal: AbortSignal.any([signal, stalled.signal]),
    });
    const { body } = response;
    if (body === null) throw badAnswer(response.status, 'a blob without a body');
    return {
      start: response.status === 206 ? offset : 0,
      chunks: (async function* () {
        try {
          for await (const chunk of body) {
            alive();
            yield chunk;
          }
        } finally {
          clearTimeout(timer);
        }
      })(),
    };
  }

  async #poll<T>(path: string, waitSeconds: number, shape: Shape<T>, signal: AbortSignal): Promise<T> {
    const timeoutMs = waitSeconds * 1000 + POLL_SLACK_MS;
    return await this.#json({ method: 'GET', path, timeoutMs, signal }, shape);
  }

  async #json<T>(call: Call, shape: Shape<T>): Promise<T> {
    const response = await this.#fetch(call);
    const value: unknown = await response.json().catch((error: unknown) => {
      throw unreachable(error);
    });
    try {
      return shape(value, '');
    } catch (error) {
      if (!(error instanceof ShapeError)) throw error;
      throw badAnswer(response.status, `${call.method} ${call.path}: ${error.message}`);
    }
  }

  async #fetch({
    method,
    path,
    body,
    headers = {},
    timeoutMs = TIMEOUT_MS,
    signal,
  }: Call): Promise<Response> {
    const isBytes = body instanceof Uint8Array || body instanceof Blob;
    const timeout = timeoutMs === Infinity ? [] : [AbortSignal.timeout(timeoutMs)];
    const response = await this.#http(`${this.#base}${path}`, {
      method,
      headers: {
        'user-agent': `holdfast-agent/${HOLDFAST_VERSION}`,
        ...traceHeader(),
        ...(this.#credential === '' ? {} : { authorization: `Bearer ${this.#credential}` }),
        ...(body === undefined || isBytes ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      body: body === undefined ? null : isBytes ? body : JSON.stringify(body),
      // A redirect could carry the credential elsewhere.
      redirect: 'error',
      signal: AbortSignal.any([signal, ...timeout]),
    }).catch((error: unknown) => {
      throw unreachable(error);
    });
    if (!response.ok) throw await refused(response);
    return response;
  }
}

function traceHeader(): Record<string, string> {
  const trace = currentTrace();
  return trace === null ? {} : { traceparent: formatTraceparent(trace) };
}

/** Where a console's next piece is to start, when that is what the API says. */
function expectedOffset({ status, problem }: ApiError): number | null {
  try {
    return status === 409 ? consoleOffsetProblem(problem, '').expectedOffset : null;
  } catch {
    return null;
  }
}

function unreachable(error: unknown): ApiError {
  // fetch wraps what happened ("fetch failed"); the cause says it.
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const detail = cause instanceof Error ? cause.message || cause.name : String(cause);
  return new ApiError(null, 'UNREACHABLE', `the API cannot be reached: ${detail}`, null, 0);
}

function badAnswer(status: number, detail: string): ApiError {
  return new ApiError(status, 'BAD_ANSWER', `the API's answer cannot be understood: ${detail}`, null, 0);
}

async function refused(response: Response): Promise<ApiError> {
  const text = await response.text().catch(() => '');
  let problem: unknown = null;
  try {
    problem = JSON.parse(text);
  } catch {
    // Something before the API answered, a proxy perhaps.
  }
  const seconds = Number(response.headers.get('retry-after'));
  const { code, detail, title } = stringsOf(problem);
  return new ApiError(
    response.status,
    code ?? `HTTP_${response.status}`,
    detail ?? title ?? `HTTP status ${response.status}`,
    problem,
    Number.isFinite(seconds) ? Math.min(seconds, 300) : 0,
  );
}

function stringsOf(problem: unknown): { code?: string; detail?: string; title?: string } {
  if (typeof problem !== 'object' || problem === null) return {};
  return Object.fromEntries(Object.entries(problem).filter(([, value]) => typeof value === 'string'));
}
