import { connect } from 'node:net';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildApp } from '../../../src/api/app.ts';
import { startApi, type TestApi } from '../../support/api.ts';

describe('the platform', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(async () => {
    await api[Symbol.asyncDispose]();
  });

  it('is healthy and ready', async () => {
    expect((await api.request('GET', '/healthz', { token: null })).body).toEqual({ status: 'ok' });
    const { body } = await api.request('GET', '/readyz', { token: null });
    expect(body).toMatchObject({
      status: 'ok',
      parts: [{ name: 'postgres', status: 'ok', detail: null }, {}],
    });
  });

  it('answers errors as problems that name the request', async () => {
    const answer = await api.request('GET', '/v1/nothing?secret=1');
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(answer.body).toEqual({
      type: 'about:blank',
      title: 'No such route',
      status: 404,
      detail: 'There is no GET /v1/nothing.',
      code: 'ROUTE_NOT_FOUND',
      requestId: answer.headers.get('x-request-id'),
    });
  });

  it('gives every request an id of its own, whatever the caller says', async () => {
    const headers = { 'x-request-id': 'mine', 'request-id': 'mine' };
    const ids = await Promise.all(
      [1, 2].map(async () => (await api.request('GET', '/healthz', { headers })).headers.get('x-request-id')),
    );
    expect(new Set([...ids, 'mine']).size).toBe(3);
  });

  const token = { name: 'x', role: 'viewer' };
  it.each<[string, string, string, { body?: unknown; headers?: Record<string, string> }, number, string]>([
    ['a method the route does not have', 'DELETE', '/v1/tokens', {}, 405, 'METHOD_NOT_ALLOWED'],
    ['a path with a trailing slash', 'GET', '/v1/tokens/', {}, 400, 'VALIDATION_FAILED'],
    ['a broken escape', 'GET', '/v1/tokens/%zz', {}, 400, 'INVALID_REQUEST'],
    ['an id that is none', 'GET', '/v1/tokens/1', {}, 400, 'VALIDATION_FAILED'],
    ['an unknown query parameter', 'GET', '/v1/tokens?sort=name', {}, 400, 'VALIDATION_FAILED'],
    ['a limit of 0', 'GET', '/v1/tokens?limit=0', {}, 400, 'VALIDATION_FAILED'],
    ['a limit of 201', 'GET', '/v1/tokens?limit=201', {}, 400, 'VALIDATION_FAILED'],
    ['a limit that is no number', 'GET', '/v1/tokens?limit=ten', {}, 400, 'VALIDATION_FAILED'],
    ['a made-up page token', 'GET', '/v1/tokens?pageToken=abc', {}, 400, 'INVALID_PAGE_TOKEN'],
    [
      'a body of another type',
      'POST',
      '/v1/tokens',
      { body: Buffer.from('a') },
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ],
    [
      'a form',
      'POST',
      '/v1/tokens',
      { body: token, headers: { 'content-type': 'application/x-www-form-urlencoded' } },
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ],
    [
      'a body that is not JSON',
      'POST',
      '/v1/tokens',
      { body: Buffer.from('{"name":'), headers: { 'content-type': 'application/json' } },
      400,
      'INVALID_JSON',
    ],
    [
      'a body that wants to be a prototype',
      'POST',
      '/v1/tokens',
      {
        body: Buffer.from('{"__proto__":{"role":"admin"}}'),
        headers: { 'content-type': 'application/json' },
      },
      400,
      'INVALID_JSON',
    ],
    [
      'a body that is too large',
      'POST',
      '/v1/tokens',
      { body: { name: 'x'.repeat(5_000_000) } },
      413,
      'BODY_TOO_LARGE',
    ],
  ])('refuses %s', async (_, method, path, options, status, code) => {
    const answer = await api.request(method, path, options);
    expect(answer).toMatchObject({ status, body: { status, code } });
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
  });

  it.each([
    ['DELETE', '/v1/tokens', 'GET, HEAD, POST'],
    ['POST', '/v1/images/01900000-0000-7000-8000-000000000000?x=y', 'DELETE, GET, HEAD'],
    ['OPTIONS', '/healthz', 'GET, HEAD'],
  ])('tells who wants to %s %s what can be done there', async (method, path, allow) => {
    const answer = await api.request(method, path);
    expect(answer).toMatchObject({ status: 405, body: { code: 'METHOD_NOT_ALLOWED' } });
    expect(answer.headers.get('allow')).toBe(allow);
  });

  it('points at every member that is wrong', async () => {
    const body = { name: '', role: 'root', 'a/b': 1, expiresAt: 5 };
    const { errors } = (await api.request('POST', '/v1/tokens', { body })).body;
    const pointers = errors.map(({ pointer }: { pointer: string }) => pointer);
    expect(pointers).toEqual(expect.arrayContaining(['/name', '/role', '/a~1b', '/expiresAt']));
    expect(errors).toContainEqual({ pointer: '/a~1b', detail: 'is not a known field' });
    expect(errors).toContainEqual({
      pointer: '/role',
      detail: 'must be one of "viewer", "operator", "admin"',
    });
  });

  it('keeps what went wrong inside to itself', async () => {
    await using own = await startApi();
    await own.control.pool.query('ALTER TABLE images RENAME TO elsewhere');
    const answer = await own.request('GET', '/v1/images');
    expect(answer).toMatchObject({
      status: 500,
      body: { code: 'INTERNAL', title: 'Something went wrong here' },
    });
    expect(JSON.stringify(answer.body)).not.toMatch(/elsewhere|relation|prisma|select/i);
  });

  it.each([
    ['no HTTP at all', 'hello\r\n\r\n', 400, 'INVALID_REQUEST'],
    ['headers without end', `GET / HTTP/1.1\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`, 431, 'HEADERS_TOO_LARGE'],
  ])('answers %s with a problem', async (_, text, status, code) => {
    const { port, hostname } = new URL(api.url);
    const answer = await new Promise<string>((done) => {
      let received = '';
      const socket = connect(Number(port), hostname, () => socket.write(text));
      socket.setEncoding('utf8').on('data', (piece: string) => {
        received += piece;
      });
      socket.on('close', () => done(received));
    });
    expect(answer).toContain(`HTTP/1.1 ${status} `);
    expect(answer).toContain('application/problem+json');
    expect(answer).toContain(`"code":"${code}"`);
  });

  it('tells browsers to run nothing from an answer', async () => {
    const { headers } = await api.request('GET', '/v1/hosts');
    expect(headers.get('content-security-policy')).toBe("default-src 'none';frame-ancestors 'none'");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('registers no route that does not say who may call it', async () => {
    const app = await buildApp(api.control, pino({ level: 'silent' }));
    app.get('/open', async () => 'anybody');
    await expect(app.ready()).rejects.toThrow(/GET.* \/open/);
  });
});
