import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scopeUseOf } from '../../../src/api/plugins/scope.ts';
import { hasRole, newSecret, ROLES, type Role } from '../../../src/control/identity/tokens.ts';
import { startApi, type TestApi } from '../../support/api.ts';
import { addHost } from '../../support/hosts.ts';
import { countRows } from '../../support/rows.ts';

interface Route {
  method: string;
  url: string;
  role: string;
  /** How it keeps to a token's scope; null: not for tokens that have one. */
  scopeUse: string | null;
}

describe('who may call what', () => {
  let api: TestApi;
  let routes: Route[];
  let tokens: Record<Role, string>;
  let credential: string;

  beforeAll(async () => {
    api = await startApi();
    routes = api.app.declaredRoutes.flatMap(({ method, url, config }) =>
      [method].flat().map((one) => ({
        ...{ method: one, url, role: String(config?.role) },
        scopeUse: scopeUseOf(config === undefined ? { url } : { url, config }),
      })),
    );
    tokens = {
      viewer: await api.newToken('viewer'),
      operator: await api.newToken('operator'),
      admin: api.adminToken,
    };
    ({ credential } = await addHost(api.control));
  });
  afterAll(async () => {
    await api[Symbol.asyncDispose]();
  });

  /** Looks at the head of the answer only: some never end. */
  async function call(
    { method, url }: Route,
    token: string | null,
  ): Promise<{ status: number; code: string | null }> {
    const path = url
      .replace(':digest', `sha256:${'0'.repeat(64)}`)
      .replace(/:\w+/g, () => randomUUID())
      .replace('*', 'none');
    const stop = new AbortController();
    const response = await fetch(new URL(path, api.url), {
      method,
      headers: token === null ? {} : { authorization: `Bearer ${token}` },
      signal: stop.signal,
    });
    const problem =
      response.headers.get('content-type')?.includes('problem+json') === true && method !== 'HEAD';
    const code = problem ? ((await response.json()) as { code: string }).code : null;
    stop.abort();
    return { status: response.status, code };
  }

  it('covers every route of the document', () => {
    const known = new Set(routes.map(({ method, url }) => `${method} ${url.replace(/:(\w+)/g, '{$1}')}`));
    const paths = api.app.swagger().paths ?? {};
    const documented = Object.entries(paths).flatMap(([path, item]) =>
      Object.keys(item ?? {}).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(documented.length).toBeGreaterThan(10);
    expect(documented.filter((route) => !known.has(route))).toEqual([]);
  });

  it('lets nobody in without a token, with a foreign one or with a credential of the other realm', async () => {
    const before = await countRows(api.control);
    const expected = { status: 401 };
    for (const route of routes.filter(({ role }) => role !== 'public')) {
      const other = route.role === 'agent' ? api.adminToken : credential;
      for (const token of [null, newSecret('hft'), 'short', `${api.adminToken}x`, other]) {
        const answer = await call(route, token);
        expect.soft(answer, `${route.method} ${route.url} with ${token}`).toMatchObject(expected);
        if (route.method !== 'HEAD') expect.soft(answer.code).toBe('UNAUTHENTICATED');
      }
    }
    expect(await countRows(api.control)).toEqual(before);
  });

  it('refuses roles below the declared one and lets the others through', async () => {
    const routesByRole = routes.filter(({ role }) => ROLES.some((known) => known === role));
    expect(routesByRole.length).toBeGreaterThan(10);
    for (const route of routesByRole) {
      for (const role of ROLES) {
        const answer = await call(route, tokens[role]);
        const name = `${route.method} ${route.url} as ${role}`;
        if (hasRole(role, route.role as Role)) expect.soft([401, 403], name).not.toContain(answer.status);
        else expect.soft(answer, name).toMatchObject({ status: 403 });
      }
    }
  });

  it('shows tokens with a scope nothing beyond it, whatever their role and whatever is there', async () => {
    const scoped = await api.newToken('admin', { team: 'a' });
    const clients = routes.filter(({ role }) => ROLES.some((known) => known === role));
    const before = await countRows(api.control);
    for (const route of clients) {
      const answer = await call(route, scoped);
      const name = `${route.method} ${route.url}`;
      if (route.scopeUse === 'shared' || route.scopeUse === 'filtered') {
        expect.soft([401, 403], name).not.toContain(answer.status);
        expect.soft(answer.code, name).not.toBe('OUTSIDE_SCOPE');
      } else if (route.scopeUse === null) {
        expect.soft(answer.status, name).toBe(404);
        if (route.method !== 'HEAD') expect.soft(answer.code, name).toBe('OUTSIDE_SCOPE');
      } else if (!['POST', 'PATCH'].includes(route.method)) {
        // The others want a body first.
        expect.soft(answer.status, name).toBe(404);
      }
    }
    expect(await countRows(api.control)).toEqual(before);
    const changing = clients.filter(({ method, scopeUse }) => method !== 'GET' && scopeUse === 'shared');
    expect(changing.map(({ method, url }) => `${method} ${url}`)).toEqual(
      changing.filter(({ method }) => method === 'HEAD').map(({ method, url }) => `${method} ${url}`),
    );
  });

  it('lets anybody call what is public', async () => {
    for (const route of routes.filter(({ role }) => role === 'public')) {
      const { code } = await call(route, null);
      expect.soft(code, `${route.method} ${route.url}`).not.toBe('UNAUTHENTICATED');
    }
  });

  it('refuses an expired token', async () => {
    const soon = new Date(Date.now() + 60_000).toISOString();
    const body = { name: 'brief', role: 'viewer', expiresAt: soon };
    const { token, id } = (await api.request('POST', '/v1/tokens', { body })).body;
    expect((await api.request('GET', '/v1/hosts', { token })).status).toBe(200);
    await api.control.db.token.update({ where: { id }, data: { expiresAt: new Date(Date.now() - 1) } });
    expect(await api.request('GET', '/v1/hosts', { token })).toMatchObject({
      status: 401,
      body: { code: 'UNAUTHENTICATED' },
    });
  });

  it('says how to authenticate', async () => {
    const answer = await api.request('GET', '/v1/hosts', { token: null });
    expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="holdfast"');
    const basic = await api.request('GET', '/v1/hosts', {
      token: null,
      headers: { authorization: 'Basic eHg6eHg=' },
    });
    expect(basic).toMatchObject({ status: 401, body: { code: 'UNAUTHENTICATED' } });
  });
});
