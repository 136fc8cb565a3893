/** The page as it is served: what a browser may do with it, how long it may keep it, and what stays the API's. */
import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import Fastify from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dashboard } from '../../../src/api/plugins/dashboard.ts';
import { problems } from '../../../src/api/plugins/problems.ts';
import { startApi, type TestApi } from '../../support/api.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const DIST = join(ROOT, 'src/dashboard/dist');
const FIRST_PAGE_GZIP_BYTES = 350 * 1024;

/** What index.html asks for at once: its scripts, styles and preloads. */
async function firstAssets(): Promise<string[]> {
  const html = await readFile(join(DIST, 'index.html'), 'utf8');
  return [...html.matchAll(/(?:src|href)="(\/assets\/[^"]+\.(?:js|css))"/g)].map((match) => match[1] ?? '');
}

describe('the dashboard', () => {
  let api: TestApi;
  beforeAll(async () => {
    execFileSync(join(ROOT, 'script/build-dashboard'), { stdio: 'inherit' });
    api = await startApi();
  });
  afterAll(async () => {
    await api[Symbol.asyncDispose]();
  });
  const get = (path: string, headers: Record<string, string> = {}) =>
    api.request('GET', path, { token: null, headers });

  it('is served at its own addresses, to anybody', async () => {
    const id = '0199aa00-0000-7000-8000-000000000001';
    const pages = [
      '/',
      '/audit',
      '/drift',
      '/events',
      `/events/${id}`,
      '/hosts',
      '/hosts/compare',
      `/hosts/${id}`,
      '/policies',
      '/policies/new',
    ];
    const more = [
      '/sign-in',
      `/policies/${id}`,
      '/preflights',
      `/preflights/${id}`,
      '/rollouts',
      '/rollouts/new',
    ];
    for (const path of [...pages, ...more, `/rollouts/${id}`, '/vms', '/vms/new', `/vms/${id}`]) {
      const answer = await get(path);
      expect(answer.status, path).toBe(200);
      expect(answer.headers.get('content-type'), path).toMatch('text/html');
      expect(answer.body, path).toContain('<div id="root">');
      expect(answer.headers.get('cache-control'), path).toBe('no-cache');
    }
  });

  it('leaves every other path to the API', async () => {
    for (const path of ['/v1/nothing', '/agent/v1/nothing', '/nothing', '/vms/1/2', '/assets/no.js']) {
      expect(await get(path), path).toMatchObject({ status: 404, body: { code: 'ROUTE_NOT_FOUND' } });
    }
    expect((await get('/openapi.json')).body).toMatchObject({ openapi: expect.any(String) });
    expect((await get('/v1/hosts')).status).toBe(401);
  });

  it('serves nothing from outside its folder', async () => {
    for (const path of ['/assets/..%2findex.html', '/assets/%2e%2e/.stamp', '/assets/..%2f..%2fapp.tsx']) {
      expect((await get(path)).status, path).not.toBe(200);
    }
  });

  it('may run its own scripts and styles, talk to its own host, and nothing else', async () => {
    const policy = (await get('/')).headers.get('content-security-policy') ?? '';
    const directives = Object.fromEntries(
      policy
        .split('; ')
        .map((directive) => [directive.split(' ')[0], directive.split(' ').slice(1).join(' ')]),
    );
    expect(directives).toMatchObject({
      'default-src': "'none'",
      'script-src': "'self'",
      'style-src': "'self'",
      'connect-src': "'self'",
      'frame-ancestors': "'none'",
    });
    expect(policy.replace("style-src-attr 'unsafe-inline'", '')).not.toMatch(/unsafe|https?:|data:|\*/);
    const html = (await get('/')).body as string;
    expect(html).not.toMatch(/<style|style=|<script(?![^>]*\bsrc=")/);
    expect(html).not.toMatch(/(?:src|href)="(?!\/)/);
  });

  it('lets browsers keep what is named by its content, compressed', async () => {
    const assets = await firstAssets();
    expect(assets.some((path) => path.endsWith('.js'))).toBe(true);
    expect(assets.some((path) => path.endsWith('.css'))).toBe(true);
    for (const path of assets) {
      const answer = await get(path, { 'accept-encoding': 'br' });
      expect(answer.status, path).toBe(200);
      expect(answer.headers.get('cache-control'), path).toBe('public, max-age=31536000, immutable');
      expect(answer.headers.get('content-encoding'), path).toBe('br');
    }
  });

  it('needs less than 350 KiB, compressed, before the first page shows', async () => {
    const sizes = await Promise.all(
      (await firstAssets()).map(async (path) => (await readFile(join(DIST, `${path}.gz`))).length),
    );
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(FIRST_PAGE_GZIP_BYTES);
  });

  it('says how to build it when it has not been built', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'holdfast-dashboard-'));
    const app = Fastify();
    await app.register(problems);
    await app.register(dashboard, { directory });
    const answer = await app.inject('/');
    expect(answer.statusCode).toBe(503);
    expect(answer.json()).toMatchObject({
      code: 'DASHBOARD_NOT_BUILT',
      detail: expect.stringContaining('script/build-dashboard'),
    });
    await app.close();
    await rm(directory, { recursive: true });
  });
});
