import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type TestApi } from '../../support/api.ts';
import { countRows } from '../../support/rows.ts';

describe('tokens', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(async () => {
    await api[Symbol.asyncDispose]();
  });

  it('shows the secret once and stores only its hash', async () => {
    const created = await api.request('POST', '/v1/tokens', { body: { name: 'ci', role: 'operator' } });
    expect(created).toMatchObject({
      status: 201,
      body: { name: 'ci', role: 'operator', scope: {}, expiresAt: null, lastUsedAt: null },
    });
    const { token, ...rest } = created.body;
    expect(created.headers.get('location')).toBe(`/v1/tokens/${rest.id}`);
    const read = await api.request('GET', `/v1/tokens/${rest.id}`);
    expect(read.body).toEqual(rest);
    expect(read.headers.get('etag')).toBe('"1"');
    const everything = await api.control.pool.query('SELECT t::text AS text FROM tokens t');
    expect(JSON.stringify(everything.rows)).not.toContain(token);
  });

  it('tells who asks, and what they may do', async () => {
    const body = {
      name: 'me',
      role: 'operator',
      expiresAt: '2099-01-01T00:00:00.000Z',
    };
    const { token, id } = (await api.request('POST', '/v1/tokens', { body })).body;
    const answer = await api.request('GET', '/v1/whoami', { token });
    expect(answer).toMatchObject({ status: 200, body: { kind: 'token', id, scope: {}, ...body } });
    expect((await api.request('GET', '/v1/whoami')).body).toMatchObject({
      name: 'admin',
      scope: {},
      expiresAt: null,
    });
    // The second has the form of an issuer's token, and this API trusts no issuer.
    for (const other of [null, 'eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhZGEifQ.AAAA']) {
      expect((await api.request('GET', '/v1/whoami', { token: other })).status).toBe(401);
    }
  });

  it('notes when a token was last used', async () => {
    const { token, id } = (
      await api.request('POST', '/v1/tokens', { body: { name: 'used', role: 'viewer' } })
    ).body;
    await api.request('GET', '/v1/hosts', { token });
    const { lastUsedAt } = (await api.request('GET', `/v1/tokens/${id}`)).body;
    expect(Date.now() - Date.parse(lastUsedAt)).toBeLessThan(10_000);
  });

  it('revokes at once', async () => {
    const { token, id } = (
      await api.request('POST', '/v1/tokens', { body: { name: 'gone', role: 'viewer' } })
    ).body;
    expect((await api.request('GET', '/v1/hosts', { token })).status).toBe(200);
    expect((await api.request('DELETE', `/v1/tokens/${id}`)).status).toBe(204);
    expect((await api.request('GET', '/v1/hosts', { token })).status).toBe(401);
    expect(await api.request('DELETE', `/v1/tokens/${id}`)).toMatchObject({
      status: 404,
      body: { code: 'TOKEN_NOT_FOUND' },
    });
  });

  it('keeps the last admin token that does not expire, also when two go at once', async () => {
    await using own = await startApi();
    const { items } = (await own.request('GET', '/v1/tokens')).body;
    expect(items).toMatchObject([{ name: 'admin', role: 'admin' }]);
    const me = items[0].id;
    const refused = { status: 409, body: { code: 'LAST_ADMIN_TOKEN' } };
    expect(await own.request('DELETE', `/v1/tokens/${me}`)).toMatchObject(refused);
    const other = (await own.request('POST', '/v1/tokens', { body: { name: 'second', role: 'admin' } })).body;
    const answers = await Promise.all([
      own.request('DELETE', `/v1/tokens/${me}`, { token: other.token }),
      own.request('DELETE', `/v1/tokens/${other.id}`),
    ]);
    expect(answers.filter(({ status }) => status === 204)).toHaveLength(1);
    expect(await own.control.db.token.count({ where: { role: 'admin' } })).toBe(1);
  });

  it('lists in pages that miss and repeat nothing', async () => {
    const names = ['a', 'b', 'c', 'd', 'e'].map((letter) => `page-${letter}`);
    for (const name of names) await api.request('POST', '/v1/tokens', { body: { name, role: 'viewer' } });
    const seen: string[] = [];
    for (let pageToken: string | null = ''; pageToken !== null; ) {
      const query = pageToken === '' ? '?limit=2' : `?limit=2&pageToken=${pageToken}`;
      const { body } = await api.request('GET', `/v1/tokens${query}`);
      expect(body.items.length).toBeLessThanOrEqual(2);
      seen.push(...body.items.map(({ name }: { name: string }) => name));
      pageToken = body.nextPageToken;
    }
    expect(seen.filter((name) => name.startsWith('page-'))).toEqual(names);
    expect(new Set(seen).size).toBe(seen.length);
  });

  const bad: [string, unknown, number, string, string | null][] = [
    ['no body', undefined, 400, 'VALIDATION_FAILED', '/name'],
    ['null', null, 400, 'VALIDATION_FAILED', ''],
    ['an array', [], 400, 'VALIDATION_FAILED', ''],
    ['no name', { role: 'viewer' }, 400, 'VALIDATION_FAILED', '/name'],
    ['an empty name', { name: '', role: 'viewer' }, 400, 'VALIDATION_FAILED', '/name'],
    ['a number for a name', { name: 1.1, role: 'viewer' }, 400, 'VALIDATION_FAILED', '/name'],
    ['an unknown role', { name: 'x', role: 'root' }, 400, 'VALIDATION_FAILED', '/role'],
    ['an unknown field', { name: 'x', role: 'viewer', admin: true }, 400, 'VALIDATION_FAILED', '/admin'],
    [
      'a date that is none',
      { name: 'x', role: 'viewer', expiresAt: 'soon' },
      400,
      'VALIDATION_FAILED',
      '/expiresAt',
    ],
    [
      'an expiry in the past',
      { name: 'x', role: 'viewer', expiresAt: '2020-01-01T00:00:00Z' },
      422,
      'EXPIRY_IN_PAST',
      null,
    ],
  ];
  it.each(bad)('refuses %s and changes nothing', async (_, body, status, code, pointer) => {
    const before = await countRows(api.control);
    const answer = await api.request('POST', '/v1/tokens', { body });
    expect(answer).toMatchObject({ status, body: { status, code } });
    if (pointer !== null) {
      expect(answer.body.errors.map((error: { pointer: string }) => error.pointer)).toContain(pointer);
    }
    expect(await countRows(api.control)).toEqual(before);
  });
});
