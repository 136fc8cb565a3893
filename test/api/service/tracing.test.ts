/** One trace from a request through its operation to what a host did, across real processes. */
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startApi, type TestApi } from '../../support/api.ts';
import { ApiProcess } from '../../support/api-process.ts';
import { Collector, type ReceivedSpan } from '../../support/collector.ts';
import { makeImage, makeVm, ProtocolHost } from '../../support/protocol-host.ts';
import { SimProcess } from '../../support/sim-process.ts';
import { temporaryDirectory } from '../../temporary.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const CALLER = 'b7ad6b7169203331';
const traceparent = `00-${TRACE}-${CALLER}-01`;

describe('a trace', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(async () => {
    await api[Symbol.asyncDispose]();
  });

  it('goes from the request through the operation to the host', async () => {
    await using collector = await Collector.start();
    await using process = await ApiProcess.start(api.postgres.url, collector.env);
    const { url } = process;
    const request: TestApi['request'] = (method, path, options) =>
      process.request(method, path, { token: api.adminToken, ...options });
    const { path: state } = temporaryDirectory();
    const tokens = join(state, 'tokens');
    const { body: permission } = await request('POST', '/v1/enrolment-tokens', { body: {} });
    await writeFile(tokens, permission.token);
    await using _host = await SimProcess.start(
      ['--api', url ?? '', '--state', state, '--enrolment-token-file', tokens],
      collector.env,
    );
    const vm = await makeVm({ request }, await makeImage({ request }));
    const start = await request('POST', `/v1/vms/${vm.id}/start`, { body: {}, headers: { traceparent } });
    const operation = await vi.waitFor(
      async () => {
        const answer = await request('GET', `/v1/operations/${start.body.id}?wait=30`);
        expect(answer.body).toMatchObject({ status: 'succeeded' });
        return answer;
      },
      { timeout: 150_000, interval: 100 },
    );

    const find = (name: string): ReceivedSpan | undefined =>
      collector.spans.find((span) => span.traceId === TRACE && span.name === name);
    const names = [
      'POST /v1/vms/:vmId/start',
      'operation start',
      'agent create',
      'agent spawn',
      'guest start',
    ];
    await expect
      .poll(() => names.filter((name) => find(name) === undefined), { timeout: 60_000 })
      .toEqual([]);
    const [asked, done, ...acted] = names.map(find);
    expect(asked).toMatchObject({
      service: 'holdfast-api',
      parentSpanId: CALLER,
      attributes: { 'http.route': '/v1/vms/:vmId/start', 'http.response.status_code': 202 },
    });
    expect(done).toMatchObject({
      parentSpanId: asked?.spanId,
      attributes: {
        'holdfast.operation_id': start.body.id,
        'holdfast.operation_status': 'succeeded',
        'holdfast.vm_id': vm.id,
      },
    });
    for (const span of acted)
      expect(span).toMatchObject({ service: 'holdfast-agent', parentSpanId: done?.spanId });
    expect(done?.end).toBe(BigInt(Date.parse(operation.body.finishedAt)) * 1_000_000n);
    await rm(state, { recursive: true, force: true });
  });

  it('is passed on to hosts by an API that sends nothing itself', async () => {
    const host = await ProtocolHost.enrol(api, { labels: { here: 'yes' } });
    const imageId = await makeImage(api);
    const here = { hostSelector: { here: 'yes' } };
    const [traced, plain] = [await makeVm(api, imageId, here), await makeVm(api, imageId, here)];
    const start = (id: string, headers: Record<string, string>) =>
      api.request('POST', `/v1/vms/${id}/start`, { body: {}, headers });
    const { body: operation } = await start(traced.id, { traceparent });
    await start(plain.id, { traceparent: 'nonsense' });
    expect((await host.assignment(traced.id)).traceparents).toEqual({ [operation.id]: traceparent });
    expect((await host.assignment(plain.id)).traceparents).toBeUndefined();
  });
});
