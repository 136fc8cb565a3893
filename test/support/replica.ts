/** Another replica of the API, on the database of the first. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ApiConfig, readConfig } from '../../src/api/config.ts';
import { startServer } from '../../src/api/server.ts';
import { send, type TestApi } from './api.ts';

export type Replica = Pick<TestApi, 'url' | 'request' | 'restart'> & AsyncDisposable;

export async function secondReplica(api: TestApi, overrides: Partial<ApiConfig> = {}): Promise<Replica> {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'holdfast-replica-'));
  const config: ApiConfig = {
    ...readConfig({}),
    port: 0,
    logLevel: 'silent',
    mostDelayMs: 0,
    ...overrides,
    databaseUrl: api.postgres.url,
    dataDirectory,
  };
  let server = await startServer(config);
  return {
    get url() {
      return server.url;
    },
    request: (method, path, options = {}) => send(server.url, api.adminToken, method, path, options),
    restart: async () => {
      await server.close();
      server = await startServer({ ...config, port: Number(new URL(server.url).port) });
    },
    [Symbol.asyncDispose]: async () => {
      await server.close();
      await rm(dataDirectory, { recursive: true, force: true });
    },
  };
}
