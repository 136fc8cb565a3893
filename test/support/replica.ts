/** Another replica of the API, on the database of the first. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '../../src/api/config.ts';
import { startServer } from '../../src/api/server.ts';
import { send, type TestApi } from './api.ts';

export async function secondReplica(
  api: TestApi,
): Promise<Pick<TestApi, 'url' | 'request'> & AsyncDisposable> {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'holdfast-replica-'));
  const config = { ...readConfig({}), port: 0, logLevel: 'silent' as const };
  const server = await startServer({ ...config, databaseUrl: api.postgres.url, dataDirectory });
  return {
    url: server.url,
    request: (method, path, options = {}) => send(server.url, api.adminToken, method, path, options),
    [Symbol.asyncDispose]: async () => {
      await server.close();
      await rm(dataDirectory, { recursive: true, force: true });
    },
  };
}
