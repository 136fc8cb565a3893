import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { buildApp } from '../../../src/api/app.ts';
import { listenForMetrics } from '../../../src/api/metrics/listener.ts';
import { connect } from '../../../src/control/database/database.ts';
import { createToken } from '../../../src/control/identity/tokens.ts';
import type { HostCounters } from '../../../src/wire/agent.ts';
import { startApi, type TestApi } from '../../support/api.ts';
import { readQuery, readScrape, type Scrape } from '../../support/prometheus.ts';
import { makeImage, makeVm, ProtocolHost, startVm } from '../../support/protocol-host.ts';

const DEPLOY = join(import.meta.dirname, '../../../deploy');

const COUNTERS: HostCounters = {
  workers: {
    ...{ alive: 1, started: 3, died: 2, residentBytes: 5_000, readBytes: 7_000, writtenBytes: 9_000 },
    cpuSeconds: { user: 1.5, system: 0.25, guest: 60 },
  },
  undeliveredEvents: 4,
  stateFreeBytes: 1_000_000,
};

describe('metrics', () => {
  let api: TestApi;
  let host: ProtocolHost;
  let scrape: Scrape;

  const get = async (token: string) => api.request('GET', '/metrics', { token });

  beforeAll(async () => {
    api = await startApi({ metricsPort: 0 });
    host = await ProtocolHost.enrol(api);
    await host.request('POST', '/agent/v1/heartbeat', {
      body: { facts: host.facts, vms: [], counters: COUNTERS },
    });
    const imageId = await makeImage(api);
    const first = await makeVm(api, imageId);
    await startVm(api, host, first.id);
    const second = await makeVm(api, imageId, { labels: { team: 'a' } });
    const run = await startVm(api, host, second.id);
    await host.deliver({ ...run.record('paused'), runId: run.spec.vmId });
    const { body: stop } = await api.request('POST', `/v1/vms/${second.id}/stop`, { body: {} });
    await api.request('GET', `/v1/operations/${stop.id}?wait=1`);
    await api.request('GET', `/v1/vms/${stop.id}`);
    await api.request('GET', '/v1/nothing-here');
    const rollout = await api.request('POST', '/v1/rollouts', {
      body: {
        ...{ name: 'to-1.0', selector: { team: 'a' }, to: { version: '1.0' }, waves: [{ percent: 100 }] },
        ...{ restart: false, health: { bootTimeoutSeconds: 30, upSeconds: 0 } },
      },
    });
    expect(rollout.status, JSON.stringify(rollout.body)).toBe(201);
    const webhook = await api.request('POST', '/v1/webhooks', {
      body: { url: 'https://receiver.example/hook', enabled: false },
    });
    expect(webhook.status, JSON.stringify(webhook.body)).toBe(201);
    // No replica knows such work, so it stays due.
    await api.control.pool.query(`SELECT holdfast_jobs.add_job('nobody', json_build_object('id', '1'))`);
    scrape = readScrape((await get(await api.newToken('viewer'))).body);
  });
  afterAll(async () => {
    await api[Symbol.asyncDispose]();
  });

  it('are told to tokens of the whole fleet', async () => {
    expect((await api.request('GET', '/metrics', { token: null })).status).toBe(401);
    const { secret } = await createToken(api.control, {
      ...{ name: 'part', role: 'admin', expiresAt: null },
      scope: { team: 'a' },
    });
    expect(await get(secret)).toMatchObject({ status: 404, body: { code: 'OUTSIDE_SCOPE' } });
    const { status, headers } = await get(await api.newToken('viewer'));
    expect(status).toBe(200);
    expect(headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
  });

  it('count requests by the template of their route', () => {
    const start = { method: 'POST', route: '/v1/vms/:vmId/start' };
    expect(scrape.value('holdfast_http_requests_total', { ...start, status: '202' })).toBe(2);
    expect(scrape.value('holdfast_http_request_duration_seconds_count', start)).toBe(2);
    expect(scrape.value('holdfast_http_requests_total', { route: 'none', status: '404' })).toBe(1);
    expect(scrape.value('holdfast_http_refusals_total', { code: 'VM_NOT_FOUND' })).toBe(1);
    const routes = scrape.samples.flatMap(({ labels }) => labels.route ?? []);
    expect(routes.filter((route) => /[0-9a-f]{8}-|nothing/.test(route))).toEqual([]);
  });

  it('leave out how long a caller chose to wait', () => {
    const route = { method: 'GET', route: '/v1/operations/:operationId' };
    expect(scrape.value('holdfast_http_requests_total', { ...route, status: '200' })).toBe(1);
    expect(scrape.value('holdfast_http_request_duration_seconds_count', route)).toBeUndefined();
    const metrics = { method: 'GET', route: '/metrics' };
    expect(scrape.value('holdfast_http_requests_in_progress', metrics)).toBe(1);
  });

  it('show the fleet', () => {
    const pinned = { psci_version: '1.1' };
    expect(scrape.value('holdfast_vms', { phase: 'running', ...pinned })).toBe(1);
    expect(scrape.value('holdfast_vms', { phase: 'stopping', ...pinned })).toBe(1);
    const hosts = { lease: 'active', cordoned: 'false', kernel: '6.12.9-arm64', simulated: 'false' };
    expect(scrape.value('holdfast_hosts', hosts)).toBe(1);
    expect(scrape.value('holdfast_host_allocated_vcpus', { host: host.name })).toBe(2);
    expect(scrape.value('holdfast_host_capacity_memory_bytes', { host: host.name })).toBe(65_536 * 1024 ** 2);
    expect(scrape.value('holdfast_operations_open', { kind: 'stop' })).toBe(1);
    expect(scrape.value('holdfast_operations_last_hour', { kind: 'start', status: 'succeeded' })).toBe(2);
    expect(scrape.value('holdfast_jobs', { task: 'nobody', state: 'due' })).toBe(1);
    expect(scrape.value('holdfast_webhook_deliveries', { status: 'dead' })).toBe(0);
    expect(scrape.value('holdfast_rollouts', { status: 'running' })).toBe(1);
    expect(scrape.value('holdfast_postgres_up')).toBe(1);
  });

  it('show what agents count', () => {
    const of = (name: string, labels = {}) =>
      scrape.value(`holdfast_host_${name}`, { host: host.name, ...labels });
    expect(of('workers')).toBe(1);
    expect(of('worker_starts_total')).toBe(3);
    expect(of('worker_deaths_total')).toBe(2);
    expect(of('worker_cpu_seconds_total', { mode: 'guest' })).toBe(60);
    expect(of('worker_resident_bytes')).toBe(5_000);
    expect(of('undelivered_events')).toBe(4);
    expect(of('state_free_bytes')).toBe(1_000_000);
    expect(scrape.types.get('holdfast_host_worker_written_bytes_total')).toBe('counter');
  });

  it('count events by what became of them', () => {
    expect(scrape.value('holdfast_events_total', { result: 'inserted' })).toBe(2);
    expect(scrape.value('holdfast_events_total', { result: 'refused' })).toBe(1);
    expect(scrape.value('holdfast_event_lag_seconds_count')).toBe(2);
  });

  it('are had without a token from a port of their own, and nothing else is', async () => {
    const ask = (path: string, method = 'GET') => fetch(new URL(path, api.metricsUrl ?? ''), { method });
    expect(readScrape(await (await ask('/metrics')).text()).value('holdfast_build_info')).toBe(1);
    expect((await ask('/readyz')).status).toBe(200);
    expect((await ask('/v1/vms')).status).toBe(404);
    expect((await ask('/metrics', 'POST')).status).toBe(405);
  });

  it('go on without Postgres, and /readyz says what is wrong', async () => {
    const nowhere = connect({ url: 'postgres://x:y@127.0.0.1:1/none' });
    const control = { ...api.control, db: nowhere.db, pool: nowhere.pool };
    const app = await buildApp(control, pino({ level: 'silent' }));
    await app.ready();
    const listener = await listenForMetrics(app, { port: 0, host: '127.0.0.1' });
    try {
      const away = readScrape(await (await fetch(`${listener.url}/metrics`)).text());
      expect(away.value('holdfast_postgres_up')).toBe(0);
      expect(away.samples.filter(({ name }) => name.startsWith('holdfast_vms'))).toEqual([]);
      const ready = await fetch(`${listener.url}/readyz`);
      expect(ready.status).toBe(503);
      expect(await ready.json()).toMatchObject({
        code: 'NOT_READY',
        errors: [{ pointer: '/postgres', detail: expect.stringContaining('ECONNREFUSED') }],
      });
    } finally {
      await listener.close();
      await app.close();
      await nowhere.close();
    }
  });

  /** What Prometheus adds to every sample of a scrape. */
  const OF_THE_SCRAPE = ['instance', 'job'];

  function check(expr: string): void {
    const { selectors, grouped } = readQuery(expr);
    const known = new Set(OF_THE_SCRAPE);
    for (const { metric, labels } of selectors.filter(({ metric }) => metric !== 'up')) {
      const samples = scrape.samples.filter(({ name }) => name === metric);
      expect(samples, `samples of ${metric}, for ${expr}`).not.toEqual([]);
      const names = [...new Set(samples.flatMap((sample) => Object.keys(sample.labels))), ...OF_THE_SCRAPE];
      expect(names, `labels of ${metric}, for ${expr}`).toEqual(expect.arrayContaining([...labels]));
      for (const name of names) known.add(name);
    }
    expect([...known], `labels that ${expr} groups by`).toEqual(expect.arrayContaining([...grouped]));
  }

  interface Rule {
    alert: string;
    expr: string;
    labels: { severity: string };
    annotations: { summary: string; action: string };
  }
  const { groups } = parse(readFileSync(join(DEPLOY, 'prometheus/alerts.yaml'), 'utf8')) as {
    groups: { name: string; rules: Rule[] }[];
  };
  const rules = groups.flatMap((group) => group.rules);

  it.each(rules.map((rule) => [rule.alert, rule] as const))('have what the alert %s asks for', (_, rule) => {
    check(rule.expr);
    expect(['page', 'ticket']).toContain(rule.labels.severity);
    expect(rule.annotations.summary).toMatch(/\.$/);
    expect(rule.annotations.action).toMatch(/\.$/);
    // What a template shows must be left by the query.
    const { grouped } = readQuery(rule.expr);
    for (const [, label] of rule.annotations.summary.matchAll(/\$labels\.(\w+)/g))
      expect(grouped).toContain(label);
  });

  it('would notice an alert on what is not there', () => {
    expect(() => check('sum(holdfast_vm) > 0')).toThrow();
    expect(() => check('holdfast_vms{fase="failed"}')).toThrow();
    expect(() => check('sum by (fase) (holdfast_vms)')).toThrow();
    expect(() => check('sum(holdfast_vms')).toThrow();
  });

  it('have what the dashboard shows', () => {
    const dashboard = JSON.parse(readFileSync(join(DEPLOY, 'grafana/holdfast.json'), 'utf8')) as {
      panels: {
        id: number;
        title: string;
        gridPos: object;
        targets?: { expr: string; legendFormat: string }[];
      }[];
    };
    const targets = dashboard.panels.flatMap((panel) => panel.targets ?? []);
    expect(targets.length).toBeGreaterThan(30);
    for (const { expr, legendFormat } of targets) {
      const query = expr.replaceAll('$__rate_interval', '5m');
      check(query);
      const { grouped } = readQuery(query);
      for (const [, label] of legendFormat.matchAll(/\{\{(\w+)\}\}/g)) {
        expect([...grouped, 'instance'], `the legend of ${expr}`).toContain(label);
      }
    }
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
  });
});
