/** A whole API on its own Postgres: `await using api = await startApi()`. Starts in about a second. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { App } from '../../src/api/app.ts';
import { type ApiConfig, readConfig } from '../../src/api/config.ts';
import { startServer } from '../../src/api/server.ts';
import type { Control } from '../../src/control/control.ts';
import { type EmbeddedPostgres, startPostgres } from '../../src/control/database/postgres.ts';
import { createToken, type Role } from '../../src/control/identity/tokens.ts';

export interface Answer {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  body: any;
}

export interface RequestOptions {
  /** Parsed and sent as JSON, unless it is bytes already. */
  body?: unknown;
  /** A secret; null sends none. Default: the admin's. */
  token?: string | null;
  headers?: Record<string, string>;
}

export interface TestApi extends AsyncDisposable {
  readonly url: string;
  /** The port for monitoring; null without `metricsPort`. */
  readonly metricsUrl: string | null;
  readonly app: App;
  readonly control: Control;
  readonly postgres: EmbeddedPostgres;
  /** Holds Postgres and the admin token. */
  readonly directory: string;
  readonly adminToken: string;
  /** A real HTTP request: `request('POST', '/v1/vms', { body })`. */
  request(method: string, path: string, options?: RequestOptions): Promise<Answer>;
  newToken(role: Role, scope?: Record<string, string>): Promise<string>;
  /** Ends the API; Postgres runs on. */
  stop(): Promise<void>;
  /** Starts the API again on the same data and port. */
  start(): Promise<void>;
  /** Both, as after an upgrade. */
  restart(): Promise<void>;
}

export async function startApi(overrides: Partial<ApiConfig> = {}): Promise<TestApi> {
  const directory = await mkdtemp(join(tmpdir(), 'holdfast-api-'));
  const postgres = await startPostgres({ directory: join(directory, 'postgres'), durable: false });
  const config: ApiConfig = {
    ...readConfig({}),
    port: 0,
    dataDirectory: directory,
    databaseUrl: postgres.url,
    logLevel: 'silent',
    // The test itself keeps the process busy.
    mostDelayMs: 0,
    // Hosts that a test speaks for send no heartbeats while it is about something else.
    leaseSeconds: 3_600,
    ...overrides,
  };
  let server = await startServer(config);
  const start = async (): Promise<void> => {
    server = await startServer({ ...config, port: Number(new URL(server.url).port) });
  };
  const newToken: TestApi['newToken'] = async (role, scope = {}) =>
    (await createToken(server.control, { name: `test ${role}`, role, scope, expiresAt: null })).secret;
  // A second replica on one database writes no token: the first one has.
  const adminToken = await readFile(server.adminTokenFile, 'utf8').then(
    (text) => text.trim(),
    () => newToken('admin'),
  );
  return {
    get url() {
      return server.url;
    },
    get metricsUrl() {
      return server.metricsUrl;
    },
    get app() {
      return server.app;
    },
    get control() {
      return server.control;
    },
    postgres,
    directory,
    adminToken,
    request: (method, path, options = {}) => send(server.url, adminToken, method, path, options),
    newToken,
    stop: () => server.close(),
    start,
    restart: async () => {
      await server.close();
      await start();
    },
    [Symbol.asyncDispose]: async () => {
      await server.close();
      await postgres.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

export async function send(
  url: string,
  adminToken: string,
  method: string,
  path: string,
  { body, token = adminToken, headers = {} }: RequestOptions,
): Promise<Answer> {
  const bytes = body instanceof Uint8Array;
  const response = await fetch(new URL(path, url), {
    method,
    headers: {
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined
        ? {}
        : { 'content-type': bytes ? 'application/octet-stream' : jsonType(method) }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: bytes ? (body as Uint8Array<ArrayBuffer>) : JSON.stringify(body) }),
  });
  const text = await response.text();
  const json = text !== '' && /\bjson\b/.test(response.headers.get('content-type') ?? '');
  return { status: response.status, headers: response.headers, body: json ? JSON.parse(text) : text };
}

function jsonType(method: string): string {
  return method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
}
