import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type TestApi } from '../support/api.ts';
import { addHost } from '../support/hosts.ts';

describe('the audit', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(async () => {
    await api[Symbol.asyncDispose]();
  });

  const entries = async () => (await api.request('GET', '/v1/audit?limit=200')).body.items;

  it('has a row for every mutation by a client, whatever became of it', async () => {
    const { host } = await addHost(api.control);
    const body = { labels: { a: 'b' } };
    const answers = [
      await api.request('PATCH', `/v1/hosts/${host.id}`, { body }),
      await api.request('PATCH', `/v1/hosts/${host.id}`, { body, headers: { 'if-match': '"1"' } }),
      await api.request('DELETE', `/v1/images/${randomUUID()}?why=test`),
      await api.request('POST', '/v1/tokens', { body: { name: 'x', role: 'viewer' } }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 412, 404, 201]);
    const rows = (await entries()).slice(0, 4).reverse();
    expect(rows.map(({ status }: { status: number }) => status)).toEqual([200, 412, 404, 201]);
    const ids = answers.map(({ headers }) => headers.get('x-request-id'));
    expect(rows.map(({ requestId }: { requestId: string }) => requestId)).toEqual(ids);
    expect(rows[2]).toMatchObject({
      actor: expect.stringMatching(/^admin \([0-9a-f-]{36}\)$/),
      address: '127.0.0.1',
      method: 'DELETE',
      path: expect.stringMatching(/^\/v1\/images\/[0-9a-f-]+\?why=test$/),
      override: null,
      at: expect.stringMatching(/Z$/),
    });
  });

  it('has no row for reading, for what was not let in, for what has no shape and for a replay', async () => {
    const viewer = await api.newToken('viewer');
    const create = { body: { name: 'y', role: 'viewer' }, headers: { 'idempotency-key': 'once' } };
    await api.request('POST', '/v1/tokens', create);
    const before = (await entries()).length;
    await api.request('GET', '/v1/hosts');
    await api.request('POST', '/v1/tokens', { ...create, token: viewer });
    await api.request('POST', '/v1/tokens', { ...create, token: null });
    await api.request('POST', '/v1/tokens', { body: {} });
    await api.request('POST', '/v1/tokens', create);
    expect((await entries()).length).toBe(before);
  });

  it('never holds a secret', async () => {
    const { token } = (await api.request('POST', '/v1/tokens', { body: { name: 'z', role: 'viewer' } })).body;
    const { rows } = await api.control.pool.query('SELECT a::text AS text FROM audit_entries a');
    expect(JSON.stringify(rows)).not.toContain(token);
    expect(JSON.stringify(rows)).not.toContain(api.adminToken);
  });

  it('keeps a row without a status when the process dies before it answers', async () => {
    const { pool } = api.control;
    const blocker = await pool.connect();
    await blocker.query('BEGIN; LOCK TABLE images');
    const request = api.request('DELETE', `/v1/images/${randomUUID()}`);
    await expect
      .poll(async () => (await pool.query('SELECT FROM audit_entries WHERE status IS NULL')).rowCount)
      .toBe(1);
    expect((await entries())[0]).toMatchObject({ method: 'DELETE', status: null });
    await blocker.query('ROLLBACK');
    blocker.release();
    await request;
    expect((await entries())[0]).toMatchObject({ method: 'DELETE', status: 404 });
  });

  it('is paged, newest first', async () => {
    const all = await entries();
    const first = (await api.request('GET', '/v1/audit?limit=2')).body;
    const second = (await api.request('GET', `/v1/audit?limit=2&pageToken=${first.nextPageToken}`)).body;
    expect([...first.items, ...second.items]).toEqual(all.slice(0, 4));
  });
});
