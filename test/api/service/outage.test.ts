/** Postgres goes away and comes back under a running API. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect } from '../../../src/control/database/database.ts';
import { type EmbeddedPostgres, startPostgres } from '../../../src/control/database/postgres.ts';
import { startApi, type TestApi } from '../../support/api.ts';
import { digestOf } from '../../support/kernels.ts';

describe('an outage of Postgres', () => {
  let directory: string;
  let postgres: EmbeddedPostgres;
  let api: TestApi;
  const start = () => startPostgres({ directory: join(directory, 'postgres'), durable: false });

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'holdfast-outage-'));
    postgres = await start();
    api = await startApi({ databaseUrl: postgres.url });
  });
  afterAll(async () => {
    await api[Symbol.asyncDispose]();
    await postgres.stop();
    await rm(directory, { recursive: true, force: true });
  });

  const createToken = () => api.request('POST', '/v1/tokens', { body: { name: 'x', role: 'viewer' } });
  const bytes = Buffer.from('some bytes');
  const putBlob = () => api.request('PUT', `/v1/blobs/${digestOf(bytes)}`, { body: bytes });

  it('is answered with 503 and ends by itself', async () => {
    expect((await createToken()).status).toBe(201);
    await postgres.stop();
    for (const answer of [await api.request('GET', '/v1/hosts'), await createToken(), await putBlob()]) {
      expect(answer).toMatchObject({ status: 503, body: { code: 'DATABASE_UNAVAILABLE' } });
      expect(answer.body.detail).not.toMatch(/socket|ENOENT|postgres/);
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    }
    expect((await api.request('GET', '/readyz', { token: null })).status).toBe(503);
    expect((await api.request('GET', '/healthz', { token: null })).status).toBe(200);

    postgres = await start();
    expect((await api.request('GET', '/v1/hosts')).status).toBe(200);
    expect((await api.request('GET', '/readyz', { token: null })).status).toBe(200);
    expect((await putBlob()).status).toBe(201);
  });

  it('in the middle of requests fails them cleanly, and nothing acknowledged is lost', async () => {
    const acknowledged: string[] = [];
    const statuses = new Set<number>();
    let stop = false;
    const writers = Array.from({ length: 4 }, async () => {
      while (!stop) {
        const { status, body } = await createToken();
        statuses.add(status);
        if (status === 201) acknowledged.push(body.id);
      }
    });
    for (let round = 0; round < 3; round++) {
      const written = acknowledged.length;
      await expect.poll(() => acknowledged.length, { timeout: 20_000 }).toBeGreaterThan(written + 5);
      const { pid } = postgres;
      if (pid !== null) process.kill(pid, 'SIGKILL');
      // Its supervisor starts it again.
      await expect.poll(() => postgres.pid !== null && postgres.pid !== pid, { timeout: 20_000 }).toBe(true);
    }
    const written = acknowledged.length;
    await expect.poll(() => acknowledged.length, { timeout: 20_000 }).toBeGreaterThan(written + 5);
    stop = true;
    await Promise.all(writers);
    expect([...statuses].filter((status) => ![201, 503].includes(status))).toEqual([]);
    const rows = await api.control.db.token.findMany({
      where: { id: { in: acknowledged } },
      select: { id: true },
    });
    expect(rows).toHaveLength(acknowledged.length);
  });

  it('does not deafen waiters in the same process or in another replica', async () => {
    await using replica = await startApi({ databaseUrl: postgres.url });
    const watch = api.control.wake.watch(['topic']);
    const wakes = async (from: TestApi): Promise<boolean> => {
      const stop = new AbortController();
      const timer = setTimeout(() => stop.abort(), 8_000);
      const waiting = watch.next(60_000, stop.signal);
      from.control.wake.notify('topic');
      await waiting;
      clearTimeout(timer);
      return !stop.signal.aborted;
    };
    expect(await wakes(api)).toBe(true);
    await expect.poll(() => wakes(replica), { timeout: 20_000 }).toBe(true);
    await postgres.stop();
    postgres = await start();
    await expect
      .poll(async () => (await replica.request('GET', '/readyz', { token: null })).status)
      .toBe(200);
    expect(await wakes(replica)).toBe(true);
    watch.close();
  });

  it('is told once for each connection, by what went wrong with it, and not while they are closed', async () => {
    const told: Error[] = [];
    const { pool, close } = connect({ url: postgres.url, onError: (error) => told.push(error) });
    const { rows } = await pool.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    await api.control.pool.query('SELECT pg_terminate_backend($1)', [rows[0]?.pid]);
    await expect.poll(() => told.length, { timeout: 20_000 }).toBeGreaterThan(0);
    expect(told.map((error) => ('code' in error ? error.code : error.message))).toEqual(['57P01']);
    // A log would have its statements and buffers.
    expect(told[0]).not.toHaveProperty('client');
    await close();
    pool.emit('error', new Error('late'), new pg.Client());
    expect(told).toHaveLength(1);
  });
});
