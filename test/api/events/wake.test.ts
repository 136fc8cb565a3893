import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Wake } from '../../../src/control/events/wake.ts';
import { startApi, type TestApi } from '../../support/api.ts';

/** How long a packet to Postgres takes. */
const DELAY_MS = 60;

describe('wake-ups', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(async () => {
    await api[Symbol.asyncDispose]();
  });

  /** Postgres behind a slow network. */
  async function farAway(): Promise<{ url: string } & AsyncDisposable> {
    const near = new URL(api.postgres.url);
    const path = join(near.searchParams.get('host') ?? '', '.s.PGSQL.5432');
    const sockets: Socket[] = [];
    const server = createServer((client) => {
      const postgres = connect(path);
      sockets.push(client, postgres);
      client.on('data', (bytes) => setTimeout(() => postgres.write(bytes), DELAY_MS));
      postgres.on('data', (bytes) => client.write(bytes));
      client.on('close', () => postgres.destroy());
      postgres.on('close', () => client.destroy());
      for (const socket of [client, postgres]) socket.on('error', () => socket.destroy());
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = new URL(near);
    url.search = '';
    url.hostname = '127.0.0.1';
    url.port = String((server.address() as AddressInfo).port);
    return {
      url: url.href,
      [Symbol.asyncDispose]: async () => {
        for (const socket of sockets) socket.destroy();
        server.close();
        await once(server, 'close');
      },
    };
  }

  it('leave one after the other, however fast they come, and none is lost', async () => {
    await using far = await farAway();
    const warnings: Error[] = [];
    const onWarning = (warning: Error): void => void warnings.push(warning);
    process.on('warning', onWarning);
    const received = new Set<string>();
    const listener = new pg.Client({ connectionString: api.postgres.url });
    listener.on('notification', ({ payload = '' }) => {
      for (const topic of payload.split('\n')) received.add(topic);
    });
    const errors: Error[] = [];
    const wake = new Wake(far.url, 1, (error) => errors.push(error));
    try {
      await listener.connect();
      await listener.query('LISTEN holdfast_wake');
      wake.open();
      await expect
        .poll(() => {
          wake.notify('ready');
          return received.has('ready');
        })
        .toBe(true);
      const topics = Array.from({ length: 50 }, (_, index) => `topic-${index}`);
      for (const topic of topics) {
        wake.notify(topic);
        await sleep(5);
      }
      await expect.poll(() => topics.filter((topic) => !received.has(topic)), { timeout: 5_000 }).toEqual([]);
      expect(errors).toEqual([]);
      // pg warns when a query is sent before the one before it was answered.
      expect(warnings).toEqual([]);
    } finally {
      process.off('warning', onWarning);
      await wake.close();
      await listener.end();
    }
  });
});
