import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type App, buildApp } from '../../../src/api/app.ts';
import { readsBy } from '../../../src/control/control.ts';
import { connect } from '../../../src/control/database/database.ts';
import { startApi, type TestApi } from '../../support/api.ts';
import { ProtocolHost } from '../../support/protocol-host.ts';

interface Line {
  level: number;
  msg: string;
  method?: string;
  url?: string;
  status?: number;
  code?: string;
  actor?: string;
  requestId?: string;
}

describe('the request log', () => {
  let api: TestApi;
  let host: ProtocolHost;
  const apps: App[] = [];
  beforeAll(async () => {
    api = await startApi();
    host = await ProtocolHost.enrol(api);
  });
  afterAll(async () => {
    for (const app of apps) await app.close();
    await api[Symbol.asyncDispose]();
  });

  /** An application on the same database that logs at `level`; each call makes a request and gives what it logged. */
  async function logging(level: string) {
    const lines: Line[] = [];
    const log = pino({ level }, { write: (text: string) => lines.push(JSON.parse(text) as Line) });
    const app = await buildApp(api.control, log);
    apps.push(app);
    return async (
      method: 'GET' | 'POST' | 'DELETE',
      url: string,
      secret = api.adminToken,
    ): Promise<Line[]> => {
      lines.length = 0;
      const headers = { authorization: `Bearer ${secret}` };
      await app.inject({ method, url, headers, ...(method === 'POST' ? { payload: {} } : {}) });
      return [...lines];
    };
  }

  it('has one line for a change, with who made it, and names it as the answer does', async () => {
    const ask = await logging('info');
    const [line, ...more] = await ask('POST', '/v1/enrolment-tokens');
    expect(more).toEqual([]);
    expect(line).toMatchObject({
      level: 30,
      msg: 'request',
      method: 'POST',
      url: '/v1/enrolment-tokens',
      status: 201,
      actor: expect.stringMatching(/^admin \(/),
      requestId: expect.any(String),
    });
  });

  it('has one line for what is refused, and nothing of a token', async () => {
    const ask = await logging('info');
    const secret = `hft_${'x'.repeat(43)}`;
    for (const answer of [
      await ask('GET', '/v1/vms', secret),
      await ask('DELETE', '/v1/tokens/01900000-0000-7000-8000-000000000000'),
    ]) {
      expect(answer).toHaveLength(1);
      expect(answer[0]?.level).toBe(30);
      expect(answer[0]?.code).toMatch(/^(UNAUTHENTICATED|TOKEN_NOT_FOUND)$/);
      expect(JSON.stringify(answer)).not.toContain(secret);
    }
  });

  const polled: [string, string, () => string][] = [
    ['a list', '/v1/vms', () => api.adminToken],
    ['an operation', '/v1/operations/01900000-0000-7000-8000-000000000000?wait=1', () => api.adminToken],
    ['the health', '/healthz', () => api.adminToken],
    ['the contract', '/openapi.json', () => api.adminToken],
    ['the assignments of a host', '/agent/v1/assignments', () => host.credential],
  ];
  it.each(polled)('says nothing of a look at %s, unless asked to', async (_what, url, secret) => {
    expect(await (await logging('info'))('GET', url, secret())).toEqual([]);
    const lines = await (await logging('debug'))('GET', url, secret());
    expect(lines).toMatchObject([{ level: 20, msg: 'request', url }]);
  });

  it('tells an outage once, not with every look that meets it', async () => {
    const nowhere = connect({ url: 'postgresql://127.0.0.1:1/none' });
    const lines: Line[] = [];
    const log = pino({ level: 'info' }, { write: (text: string) => lines.push(JSON.parse(text) as Line) });
    const { pool } = nowhere;
    const app = await buildApp({ ...api.control, pool, reads: readsBy(pool) }, log);
    apps.push(app);
    const headers = { authorization: `Bearer ${api.adminToken}` };
    const { statusCode } = await app.inject({ method: 'GET', url: '/v1/vms', headers });
    expect([statusCode, lines]).toEqual([503, []]);
    await app.inject({ method: 'POST', url: '/v1/vms', headers, payload: {} });
    expect(lines).toMatchObject([{ level: 30, msg: 'request', status: 503, code: 'DATABASE_UNAVAILABLE' }]);
    await nowhere.close();
  });

  it('says nothing of what hosts deliver, unless asked to', async () => {
    const deliver = '/agent/v1/reports';
    expect(await (await logging('info'))('POST', deliver, host.credential)).toEqual([]);
    const lines = await (await logging('debug'))('POST', deliver, host.credential);
    expect(lines).toMatchObject([{ level: 20, method: 'POST', url: deliver }]);
  });
});
