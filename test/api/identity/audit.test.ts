import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildApp } from '../../../src/api/app.ts';
import { startApi, type TestApi } from '../../support/api.ts';
import { addHost } from '../../support/hosts.ts';
import { ProtocolHost } from '../../support/protocol-host.ts';

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

  it('says what a request changed, as it was and as it is, and why it was refused', async () => {
    const { host } = await addHost(api.control, { labels: { a: '1', b: '2' } });
    const path = `/v1/hosts/${host.id}`;
    await api.request('PATCH', path, { body: { labels: { a: 'one', b: null } } });
    await api.request('PATCH', path, { body: { labels: {} }, headers: { 'if-match': '"1"' } });
    const { body: token } = await api.request('POST', '/v1/tokens', { body: { name: 'x', role: 'viewer' } });
    await api.request('DELETE', `/v1/tokens/${token.id}`);
    const [deleted, created, refused, changed] = await entries();
    expect(changed).toMatchObject({
      code: null,
      changes: [
        {
          ...{ resource: 'host', resourceId: host.id },
          before: { labels: { a: '1', b: '2' }, revision: 1 },
          after: { labels: { a: 'one' }, revision: 2 },
        },
      ],
    });
    expect(Object.keys(changed.changes[0].after).sort()).toEqual(['labels', 'revision']);
    expect(refused).toMatchObject({ status: 412, code: 'PRECONDITION_FAILED', changes: [] });
    const row = { id: token.id, name: 'x', role: 'viewer', scope: {}, expiresAt: null };
    expect(created.changes).toMatchObject([{ resource: 'token', before: null, after: row }]);
    expect(deleted.changes).toMatchObject([{ resource: 'token', before: row, after: null }]);
    expect(JSON.stringify(created.changes)).not.toMatch(/hash/i);
  });

  it('notes nothing of what a request left undone, nor of what others do', async () => {
    const image = { name: 'none', kernel: `sha256:${'0'.repeat(64)}`, initramfs: null, cmdline: '' };
    await api.request('POST', '/v1/images', { body: image });
    await addHost(api.control);
    const [refused] = await entries();
    expect(refused).toMatchObject({ status: 422, code: 'BLOB_UNKNOWN', changes: [] });
    const { rows } = await api.control.pool.query(
      'SELECT FROM audit_changes c LEFT JOIN audit_entries e ON e.position = c.entry WHERE e.position IS NULL',
    );
    expect(rows).toHaveLength(0);
  });

  it('has a row for a host that enrols, and none for one that is refused', async () => {
    const host = await ProtocolHost.enrol(api);
    const enrolment = { name: host.name, labels: {}, facts: host.facts, credentialHash: '0'.repeat(64) };
    const refused = await api.request('POST', '/agent/v1/enrol', {
      token: null,
      body: { ...enrolment, enrolmentToken: 'hfe_that-is-none' },
    });
    expect(refused.status).toBe(401);
    const [entry] = await entries();
    expect(entry).toMatchObject({
      ...{ actor: `host ${host.name} (${host.id})`, method: 'POST', path: '/agent/v1/enrol', status: 200 },
      changes: [
        { resource: 'host', resourceId: host.id, before: null, after: { name: host.name } },
        { resource: 'enrolmentToken', before: { hostId: null }, after: { hostId: host.id } },
      ],
    });
    expect(JSON.stringify(entry)).not.toMatch(/hash/i);
  });

  it('believes only known proxies about where a request came from', async () => {
    for (const [trustedProxies, address] of [
      [[], '127.0.0.1'],
      [['10.0.0.0/8'], '127.0.0.1'],
      [['127.0.0.0/8'], '203.0.113.7'],
    ] as const) {
      const app = await buildApp(api.control, pino({ level: 'silent' }), { trustedProxies });
      const headers = { authorization: `Bearer ${api.adminToken}`, 'x-forwarded-for': '203.0.113.7' };
      await app.inject({ method: 'DELETE', url: `/v1/images/${randomUUID()}`, headers });
      await app.close();
      expect((await entries())[0]).toMatchObject({ address, status: 404 });
    }
  });

  it('can be searched', async () => {
    const { host } = await addHost(api.control);
    const operator = await api.newToken('operator');
    const since = (await api.control.pool.query('SELECT now() AS now')).rows[0].now.toISOString();
    await api.request('PATCH', `/v1/hosts/${host.id}`, { body: { labels: { a: 'b' } }, token: operator });
    await api.request('POST', `/v1/hosts/${randomUUID()}/cordon`, { body: {} });
    const find = async (query: string) => {
      const { status, body } = await api.request('GET', `/v1/audit?${query}`);
      expect(status, query).toBe(200);
      return body.items.map(({ method, status: answered }: { method: string; status: number }) => [
        method,
        answered,
      ]);
    };
    const patch = ['PATCH', 200];
    const cordon = ['POST', 404];
    expect(await find(`since=${since}`)).toEqual([cordon, patch]);
    expect(await find(`since=${since}&method=PATCH`)).toEqual([patch]);
    expect(await find(`since=${since}&outcome=succeeded`)).toEqual([patch]);
    expect(await find(`since=${since}&outcome=refused`)).toEqual([cordon]);
    expect(await find(`since=${since}&outcome=unknown`)).toEqual([]);
    expect(await find(`since=${since}&actor=TEST%20oper`)).toEqual([patch]);
    expect(await find(`since=${since}&actor=%25`)).toEqual([]);
    expect(await find(`resourceId=${host.id}`)).toEqual([patch]);
    expect(await find(`until=${since}&resourceId=${host.id}`)).toEqual([]);
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
    const { rows } = await api.control.pool.query(
      'SELECT a::text AS text FROM audit_entries a UNION ALL SELECT c::text FROM audit_changes c',
    );
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
