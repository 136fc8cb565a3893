/** Requests as careless, old or hostile clients send them: each works or is refused clearly, none breaks anything. */
import { request as httpRequest } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildApp } from '../../../src/api/app.ts';
import { until } from '../../peer/runs.ts';
import { startApi, type TestApi } from '../../support/api.ts';
import { digestOf } from '../../support/kernels.ts';
import { makeImage, makeVm, ProtocolHost, startVm, vmBody } from '../../support/protocol-host.ts';

const NUL = 'a\u0000b';
const HALF_A_PAIR = 'a\ud800b';

/** Sends the first of a body; `finish` sends the rest. */
function begin(method: string, url: string, token: string, type: string, first: string) {
  const authorization = `Bearer ${token}`;
  // Of a GET it would not say by itself that a body follows.
  const headers = { authorization, 'content-type': type, 'transfer-encoding': 'chunked' };
  const sent = httpRequest(url, { method, headers });
  const answer = new Promise<{ status: number; connection: string; text: string }>((resolve, reject) => {
    sent.on('error', reject);
    sent.on('response', async (response) => {
      const pieces = await response.toArray();
      const text = Buffer.concat(pieces).toString();
      resolve({ status: response.statusCode ?? 0, connection: response.headers.connection ?? '', text });
    });
  });
  sent.write(first);
  return { answer, finish: (rest: string) => sent.end(rest) };
}

describe('requests', () => {
  let api: TestApi;
  let host: ProtocolHost;
  let imageId: string;
  beforeAll(async () => {
    api = await startApi();
    host = await ProtocolHost.enrol(api);
    imageId = await makeImage(api);
  });
  afterAll(async () => {
    await api[Symbol.asyncDispose]();
  });

  /** Byte for byte as it is given: `fetch` adds content types of its own. */
  function sendRaw(
    path: string,
    headers: Record<string, string>,
    body = '',
  ): Promise<{ status: number; code: string }> {
    return new Promise((done, fail) => {
      const authorization = `Bearer ${api.adminToken}`;
      const request = httpRequest(new URL(path, api.url), {
        method: 'POST',
        headers: { authorization, ...headers },
      });
      request.on('error', fail);
      request.on('response', (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (piece: string) => {
          text += piece;
        });
        response.on('end', () => done({ status: response.statusCode ?? 0, code: JSON.parse(text).code }));
      });
      request.end(body);
    });
  }

  const json = { 'content-type': 'application/json' };
  it.each<[string, Record<string, string>, string]>([
    ['{}', { ...json, 'content-length': '2' }, '{}'],
    ['an empty body that is said to be JSON', { ...json, 'content-length': '0' }, ''],
    ['white space that is said to be JSON', { ...json, 'content-length': '1' }, '\n'],
    ['an empty chunked body', { ...json, 'transfer-encoding': 'chunked' }, ''],
    ['neither body nor content type', { 'content-length': '0' }, ''],
    ['a charset', { 'content-type': 'application/json; charset=utf-8', 'content-length': '2' }, '{}'],
  ])('an action takes %s', async (_what, headers, body) => {
    const vm = await makeVm(api, imageId);
    expect(await sendRaw(`/v1/vms/${vm.id}/start`, headers, body)).toMatchObject({ status: 202 });
    await api.request('POST', `/v1/vms/${vm.id}/kill`, { body: {} });
  });

  it.each<[string, Record<string, string>, string, number, string]>([
    ['a body without a content type', { 'content-length': '2' }, '{}', 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['text', { 'content-type': 'text/plain', 'content-length': '2' }, '{}', 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['no media type', { 'content-type': 'json', 'content-length': '2' }, '{}', 415, 'UNSUPPORTED_MEDIA_TYPE'],
    [
      'a body that is said to be packed',
      { ...json, 'content-encoding': 'gzip', 'content-length': '2' },
      '{}',
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ],
    ['null', { ...json, 'content-length': '4' }, 'null', 400, 'VALIDATION_FAILED'],
    ['a list', { ...json, 'content-length': '2' }, '[]', 400, 'VALIDATION_FAILED'],
    ['two values', { ...json, 'content-length': '4' }, '{}{}', 400, 'INVALID_JSON'],
  ])('an action refuses %s', async (_what, headers, body, status, code) => {
    const vm = await makeVm(api, imageId);
    expect(await sendRaw(`/v1/vms/${vm.id}/start`, headers, body)).toEqual({ status, code });
    expect((await api.request('GET', `/v1/vms/${vm.id}`)).body.phase).toBe('stopped');
  });

  it('gives up on a body that does not arrive, but not on an upload', async () => {
    const app = await buildApp(api.control, pino({ level: 'silent' }), { longestBodyMs: 500 });
    const url = await app.listen({ host: '127.0.0.1', port: 0 });
    const bytes = Buffer.from('the bytes of an image');
    const upload = `${url}/v1/blobs/${digestOf(bytes)}`;
    const blob = begin('PUT', upload, api.adminToken, 'application/octet-stream', 'the bytes of');
    // It began before that which is given up on.
    await until('the upload has begun', async () => {
      const begun =
        'SELECT FROM blob_uploads u WHERE NOT EXISTS (SELECT FROM blobs b WHERE b.upload_id = u.id)';
      return (await api.control.pool.query(begun)).rowCount === 1;
    });
    const slow = begin('POST', `${url}/v1/tokens`, api.adminToken, 'application/json', '{"name":');
    const { status, connection, text } = await slow.answer;
    expect([status, connection]).toEqual([408, 'close']);
    expect(JSON.parse(text)).toMatchObject({ code: 'REQUEST_TIMEOUT', requestId: expect.any(String) });
    blob.finish(' an image');
    expect((await blob.answer).status).toBe(201);
    await app.close();
  });

  it('outlives bodies that nobody reads and that never arrive', async () => {
    const longestBodyMs = 200;
    const app = await buildApp(api.control, pino({ level: 'silent' }), { longestBodyMs });
    const url = await app.listen({ host: '127.0.0.1', port: 0 });
    const refused = begin('POST', `${url}/v1/tokens`, api.adminToken, 'text/plain', 'half of');
    expect((await refused.answer).status).toBe(415);
    const vm = await makeVm(api, imageId);
    const { body: operation } = await api.request('POST', `/v1/vms/${vm.id}/start`, { body: {} });
    const poll = `${url}/v1/operations/${operation.id}?wait=1`;
    const polled = begin('GET', poll, api.adminToken, 'application/json', '{"name":');
    expect((await polled.answer).status).toBe(200);
    await sleep(2 * longestBodyMs);
    const { statusCode } = await app.inject({ method: 'GET', url: '/healthz' });
    expect(statusCode).toBe(200);
    await app.close();
  });

  it('names ids in either case', async () => {
    const vm = await makeVm(api, imageId);
    const run = await startVm(api, host, vm.id);
    const upper = vm.id.toUpperCase();
    expect((await api.request('GET', `/v1/vms/${upper}`)).body.id).toBe(vm.id);
    const events = await api.request('GET', `/v1/events?vmId=${upper}`);
    expect(events.body.items).toHaveLength(1);

    const { body: stop } = await api.request('POST', `/v1/vms/${upper}/stop`, { body: {} });
    const request = await run.openRequest();
    const waiting = api.request('GET', `/v1/operations/${stop.id.toUpperCase()}?wait=30`);
    await run.tell(run.poweroff([request.intentId]));
    expect((await waiting).body.status).toBe('succeeded');
  });

  const urn = (id: string): string => `urn:uuid:${id}`;
  it('takes no other form of an id', async () => {
    const vm = await makeVm(api, imageId);
    for (const path of [`/v1/vms/${urn(vm.id)}`, `/v1/vms?hostId=${urn(host.id)}`]) {
      expect(await api.request('GET', path)).toMatchObject({
        status: 400,
        body: { code: 'VALIDATION_FAILED' },
      });
    }
    const body = vmBody(imageId, { imageId: urn(imageId) });
    const answer = await api.request('POST', '/v1/vms', { body });
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ pointer: '/imageId' }] } });
  });

  it.each<[string, string, object, string]>([
    ['/v1/vms', 'POST', { labels: { team: NUL } }, '/labels/team'],
    ['/v1/vms', 'POST', { labels: { team: HALF_A_PAIR } }, '/labels/team'],
    ['/v1/vms', 'POST', { labels: { 'no key': 'a' } }, '/labels/no key'],
    ['/v1/vms', 'POST', { hostSelector: { 'no key': 'a' } }, '/hostSelector/no key'],
    ['/v1/vms', 'POST', { onGuest: { sleep: 'stop' } }, '/onGuest/sleep'],
    ['/v1/vms', 'POST', { psci: { policy: 'inherit', floor: '1.0' } }, '/psci/floor'],
    ['/v1/vms', 'POST', { disks: [{ name: 'a', sizeMiB: 1, bus: 'scsi' }] }, '/disks/0/bus'],
    ['/v1/vms', 'POST', { nics: [{ name: 'a', bridge: 'br0' }] }, '/nics/0/bridge'],
    ['/v1/tokens', 'POST', { name: NUL, role: 'viewer' }, '/name'],
    ['/v1/tokens', 'POST', { name: 'two\nlines', role: 'viewer' }, '/name'],
    ['/v1/tokens', 'POST', { name: 'a', role: 'viewer', expiresAt: '2036-12-31T23:59:60Z' }, '/expiresAt'],
    ['/v1/enrolment-tokens', 'POST', { labels: { team: NUL } }, '/labels/team'],
    ['/v1/enrolment-tokens', 'POST', { labels: { 'no key': 'a' } }, '/labels/no key'],
    ['/v1/hosts/HOST', 'PATCH', { labels: { team: NUL } }, '/labels/team'],
    ['/v1/hosts/HOST', 'PATCH', { labels: { 'no key': 'a' } }, '/labels/no key'],
  ])('%s refuses to %s %j', async (path, method, fields, pointer) => {
    const body = path === '/v1/vms' ? vmBody(imageId, fields) : fields;
    const answer = await api.request(method, path.replace('HOST', host.id), { body });
    expect(answer).toMatchObject({ status: 400, body: { code: 'VALIDATION_FAILED' } });
    // One thing is wrong, and it is said once.
    expect(answer.body.errors).toEqual([{ pointer, detail: expect.any(String) }]);
  });

  it('looks for no label that cannot be', async () => {
    for (const label of ['team', 'team:%00', 'no%20key:a']) {
      const answer = await api.request('GET', `/v1/vms?label=${label}`);
      expect(answer).toMatchObject({ status: 400, body: { errors: [{ pointer: '/label/0' }] } });
    }
  });

  it('says what would have been right', async () => {
    const body = vmBody(imageId, { name: 'a b', psci: { version: '1.4' }, nics: [{ name: 'a', mac: 'b' }] });
    const { errors } = (await api.request('POST', '/v1/vms', { body })).body;
    expect(errors).toEqual([
      { pointer: '/name', detail: expect.stringMatching(/letters, digits, dots, underscores and hyphens/) },
      { pointer: '/nics/0/mac', detail: expect.stringMatching(/Six hexadecimal bytes/) },
      { pointer: '/psci/version', detail: 'must be one of "0.1", "0.2", "1.0", "1.1", "1.2", "1.3"' },
    ]);
  });

  it.each([
    ['a capacity beyond any machine', { capacity: { vcpus: 2 ** 40, memoryMiB: 2 ** 40 } }],
    ['a kernel that cannot be stored', { kernel: NUL }],
  ])('a host is refused %s', async (_what, facts) => {
    const body = { facts: { ...host.facts, ...facts }, vms: [] };
    const answer = await host.request('POST', '/agent/v1/heartbeat', { body });
    expect(answer).toMatchObject({ status: 400, body: { code: 'VALIDATION_FAILED' } });
  });

  it('keeps a host’s reason for a failure, whatever is in it', async () => {
    const vm = await makeVm(api, imageId);
    const { body: start } = await api.request('POST', `/v1/vms/${vm.id}/start`, { body: {} });
    await host.assignments();
    const error = { code: 'IMAGE_CORRUPT', detail: `${NUL}${HALF_A_PAIR}` };
    expect((await host.report(start.id, 'failed', error)).body).toEqual({ applied: 1, ignored: 0 });
    const { body } = await api.request('GET', `/v1/operations/${start.id}`);
    expect(body.error).toMatchObject({ code: 'IMAGE_CORRUPT', detail: 'a\ufffdba\ufffdb' });
  });
});
