/** What goes on after its request is in the request's trace: rollouts, maintenance with its drain, webhooks. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedPostgres, startPostgres } from '../../../src/control/database/postgres.ts';
import { ApiProcess } from '../../support/api-process.ts';
import { Collector, type ReceivedSpan } from '../../support/collector.ts';
import { makeImage, makeVm, ProtocolHost } from '../../support/protocol-host.ts';
import { SimpleGuests } from '../../support/simple-guests.ts';
import { WebhookReceiver } from '../../support/webhook-receiver.ts';

const CALLER = 'b7ad6b7169203331';
const TRACES = {
  start: '0af7651916cd43dd8448eb211c80319c',
  rollout: '1bf7651916cd43dd8448eb211c80319c',
  rollback: '2cf7651916cd43dd8448eb211c80319c',
  maintenance: '3df7651916cd43dd8448eb211c80319c',
};
const SPAN_WAIT = { timeout: 60_000 };

describe('the trace of a request', () => {
  let directory: string;
  let postgres: EmbeddedPostgres;
  let collector: Collector;
  let receiver: WebhookReceiver;
  let process: ApiProcess;
  let host: ProtocolHost;
  let guests: SimpleGuests;
  let vmId: string;

  const post = (path: string, body: object, trace?: keyof typeof TRACES) =>
    process.request('POST', path, {
      body,
      ...(trace === undefined ? {} : { headers: { traceparent: `00-${TRACES[trace]}-${CALLER}-01` } }),
    });
  const get = async (path: string) => (await process.request('GET', path)).body;
  const spansOf = (trace: keyof typeof TRACES): ReceivedSpan[] =>
    collector.spans.filter(({ traceId }) => traceId === TRACES[trace]);
  const named = async (trace: keyof typeof TRACES, name: string): Promise<ReceivedSpan[]> => {
    const find = () => spansOf(trace).filter((span) => span.name === name);
    await expect.poll(() => find().length, { ...SPAN_WAIT, message: name }).toBeGreaterThan(0);
    return find();
  };
  const one = async (trace: keyof typeof TRACES, name: string): Promise<ReceivedSpan> => {
    const [span, ...more] = await named(trace, name);
    expect(more, name).toEqual([]);
    if (span === undefined) throw new Error(`there is no span ${name}`);
    return span;
  };
  /** The span that another is in. */
  const around = async (trace: keyof typeof TRACES, name: string): Promise<ReceivedSpan | undefined> => {
    const { parentSpanId } = await one(trace, name);
    const find = () => spansOf(trace).find(({ spanId }) => spanId === parentSpanId);
    await expect.poll(find, { ...SPAN_WAIT, message: `around ${name}` }).toBeDefined();
    return find();
  };
  const comesTo = (path: string, status: string) =>
    guests.until(`${path} to be ${status}`, async () => (await get(path)).status === status);

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'holdfast-traces-'));
    postgres = await startPostgres({ directory: join(directory, 'postgres'), durable: false });
    collector = await Collector.start();
    receiver = await WebhookReceiver.start();
    process = await ApiProcess.start(postgres.url, {
      ...collector.env,
      HOLDFAST_WEBHOOK_NETWORKS: '127.0.0.0/8',
    });
    host = await ProtocolHost.enrol(process);
    guests = new SimpleGuests([host]);
    const webhook = await post('/v1/webhooks', { url: `${receiver.url('/secret')}?key=hidden` });
    expect(webhook.status, JSON.stringify(webhook.body)).toBe(201);
    const options = { labels: { team: 'a' }, psci: { policy: 'pinned', version: '1.0' } };
    vmId = (await makeVm(process, await makeImage(process), options)).id;
    await post(`/v1/vms/${vmId}/start`, {}, 'start');
    await guests.until('it to run', async () => (await get(`/v1/vms/${vmId}`)).phase === 'running');
  });
  afterAll(async () => {
    await process[Symbol.asyncDispose]();
    await receiver[Symbol.asyncDispose]();
    await collector[Symbol.asyncDispose]();
    await postgres.stop();
    await rm(directory, { recursive: true, force: true });
  });

  it('has the deliveries of the events that came of it, and tells nothing secret of the receiver', async () => {
    const operation = await one('start', 'operation start');
    const taken = () =>
      spansOf('start').find(
        ({ name, attributes }) =>
          name === 'webhook delivery' && Number(attributes['http.response.status_code']) === 204,
      );
    await expect.poll(taken, SPAN_WAIT).toMatchObject({
      parentSpanId: operation.spanId,
      attributes: { 'server.address': '127.0.0.1', 'http.request.method': 'POST' },
    });
    const delivery = taken();
    expect(delivery?.attributes).toBeDefined();
    expect(JSON.stringify(delivery?.attributes)).not.toMatch(/secret|hidden/);
  });

  it('has the rollout, its steps and their operations; a later rollback is in the trace of who asks', async () => {
    const { body: rollout } = await post(
      '/v1/rollouts',
      {
        ...{ name: 'traced', selector: { team: 'a' }, to: { version: '1.1' }, waves: [{ percent: 100 }] },
        ...{ restart: true, health: { bootTimeoutSeconds: 60, upSeconds: 0 } },
      },
      'rollout',
    );
    await comesTo(`/v1/rollouts/${rollout.id}`, 'succeeded');
    const asked = await one('rollout', 'POST /v1/rollouts');
    const whole = await one('rollout', 'rollout');
    const { createdAt, finishedAt } = await get(`/v1/rollouts/${rollout.id}`);
    expect(whole).toMatchObject({
      parentSpanId: asked.spanId,
      start: BigInt(Date.parse(createdAt)) * 1_000_000n,
      end: BigInt(Date.parse(finishedAt)) * 1_000_000n,
      attributes: { 'holdfast.rollout_id': rollout.id, 'holdfast.rollout_status': 'succeeded' },
    });
    for (const action of ['stop', 'start']) {
      const step = await around('rollout', `operation ${action}`);
      expect(step).toMatchObject({
        ...{ name: `rollout ${action}`, parentSpanId: whole.spanId },
        attributes: { 'holdfast.vm_id': vmId, 'holdfast.rollout_id': rollout.id },
      });
    }

    await post(`/v1/rollouts/${rollout.id}/rollback`, {}, 'rollback');
    await comesTo(`/v1/rollouts/${rollout.id}`, 'rolledBack');
    const rollback = await one('rollback', 'POST /v1/rollouts/:rolloutId/rollback');
    const step = await around('rollback', 'operation stop');
    expect(step).toMatchObject({ name: 'rollout stop', parentSpanId: rollback.spanId });
  });

  it('has the maintenance, the drain in it and what the drain asks of VMs', async () => {
    const path = `/v1/hosts/${host.id}/maintenance`;
    const begun = await post(path, {}, 'maintenance');
    expect(begun.status, JSON.stringify(begun.body)).toBe(201);
    await comesTo(path, 'awaitingReboot');
    await post(`${path}/cancel`, {});
    const asked = await one('maintenance', 'POST /v1/hosts/:hostId/maintenance');
    const whole = await one('maintenance', 'maintenance');
    expect(whole).toMatchObject({
      parentSpanId: asked.spanId,
      attributes: { 'holdfast.maintenance_status': 'cancelled', 'holdfast.host_id': host.id },
    });
    expect((await one('maintenance', 'maintenance awaitingReboot')).parentSpanId).toBe(whole.spanId);
    const drain = await one('maintenance', 'operation drain');
    expect(drain.parentSpanId).toBe(whole.spanId);
    expect((await one('maintenance', 'operation stop')).parentSpanId).toBe(drain.spanId);
  });
});
