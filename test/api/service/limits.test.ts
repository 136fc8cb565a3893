import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { FACTS } from '../../peer/facts.ts';
import { startApi } from '../../support/api.ts';
import { addHost } from '../../support/hosts.ts';
import { ProtocolHost } from '../../support/protocol-host.ts';

describe('limits', () => {
  it('gives each token its own budget, and agents no limit', async () => {
    const MOST = 5;
    await using api = await startApi({ requestsPerMinute: MOST });
    const [busy, calm] = [await api.newToken('viewer'), await api.newToken('viewer')];
    // Two requests of the admin's.
    const host = await ProtocolHost.enrol(api);
    const read = (token: string) => api.request('GET', '/v1/hosts', { token });
    for (let left = MOST - 1; left >= 0; left--) {
      const answer = await read(busy);
      expect(answer.status).toBe(200);
      expect(answer.headers.get('ratelimit-limit')).toBe(String(MOST));
      expect(answer.headers.get('ratelimit-remaining')).toBe(String(left));
    }
    const refused = await read(busy);
    expect(refused).toMatchObject({ status: 429, body: { code: 'RATE_LIMITED' } });
    expect(refused.headers.get('content-type')).toBe('application/problem+json');
    const wait = Number(refused.headers.get('retry-after'));
    expect(wait).toBeGreaterThan(0);
    expect(wait).toBeLessThanOrEqual(60);
    expect((await read(calm)).status).toBe(200);
    for (let index = 0; index < 2 * MOST; index++) {
      expect((await host.heartbeat()).status).toBe(200);
      expect((await api.request('GET', '/healthz', { token: null })).status).toBe(200);
    }
    // What is open to anybody goes by the address, not by a token that is sent along.
    const statuses = [];
    for (let index = 0; index < 2 * MOST; index++) {
      statuses.push((await api.request('GET', '/openapi.json', { token: null })).status);
    }
    expect(statuses).toContain(429);
    expect((await api.request('GET', '/v1/hosts')).status).toBe(200);
  });

  it('turns new requests away while the process is behind, but no heartbeat', async () => {
    await using api = await startApi({ mostDelayMs: 300 });
    const { credential } = await addHost(api.control);
    // Longer than the plugin looks back, and more than once, so that its last look saw nothing else.
    const hold = async (): Promise<void> => {
      for (let times = 0; times < 3; times++) {
        const until = performance.now() + 1_200;
        while (performance.now() < until);
        await sleep(1);
      }
    };
    await expect
      .poll(
        async () => {
          await hold();
          const [heartbeat, health, read] = await Promise.all([
            api.request('POST', '/agent/v1/heartbeat', {
              token: credential,
              body: { facts: FACTS, vms: [] },
            }),
            api.request('GET', '/healthz', { token: null }),
            api.request('GET', '/v1/hosts'),
          ]);
          expect([heartbeat.status, health.status]).toEqual([200, 200]);
          return [read.status, read.body.code, read.headers.get('retry-after')];
        },
        { timeout: 60_000 },
      )
      .toEqual([503, 'OVERLOADED', '2']);
    // It ends with what caused it.
    await expect
      .poll(async () => (await api.request('GET', '/v1/hosts')).status, { timeout: 60_000 })
      .toBe(200);
  }, 150_000);
});
