import { randomUUID } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type TestApi } from '../../support/api.ts';
import { addHost } from '../../support/hosts.ts';

describe('hosts', () => {
  let api: TestApi;
  let hostId: string;
  beforeAll(async () => {
    api = await startApi();
    hostId = (await addHost(api.control, { name: 'alpha', labels: { zone: 'a', team: 'x' } })).host.id;
  });
  afterAll(async () => {
    await api[Symbol.asyncDispose]();
  });

  async function addRun(host: string, vcpus: number, memoryMiB: number, running = true): Promise<void> {
    const image = { id: uuidv7(), name: uuidv7(), kernelDigest: '' };
    await api.control.db.image.create({ data: image });
    await api.control.db.vm.create({
      data: {
        ...{
          id: uuidv7(),
          name: uuidv7(),
          vcpus,
          memoryMiB,
          imageId: image.id,
          onGuest: {},
          psciPolicy: 'inherit',
        },
        ...{ hostId: host, runId: running ? uuidv7() : null, phase: running ? 'running' : 'stopped' },
      },
    });
  }

  it('shows everything about a host', async () => {
    await addRun(hostId, 2, 512);
    await addRun(hostId, 1, 256);
    await addRun(hostId, 4, 1024, false);
    const { status, body, headers } = await api.request('GET', `/v1/hosts/${hostId}`);
    expect(status).toBe(200);
    expect(headers.get('etag')).toBe('"1"');
    expect(body).toEqual({
      id: hostId,
      name: 'alpha',
      labels: { zone: 'a', team: 'x' },
      agentVersion: '0.1.0',
      kernel: '6.12.9-arm64',
      bootId: expect.any(String),
      psci: { accepted: ['0.2', '1.0', '1.1'], default: '1.1' },
      fingerprint: null,
      capacity: { vcpus: 8, memoryMiB: 4096 },
      allocated: { vcpus: 3, memoryMiB: 768 },
      vms: 3,
      cordoned: false,
      simulated: false,
      lease: { state: 'active', expiresAt: expect.stringMatching(/Z$/) },
      lastSeenAt: expect.stringMatching(/Z$/),
      lostAt: null,
      credentialRevokedAt: null,
      createdAt: expect.stringMatching(/Z$/),
    });
  });

  it('says when a lease has expired', async () => {
    const { host } = await addHost(api.control, { leaseExpiresAt: new Date(Date.now() - 1000) });
    const { body } = await api.request('GET', `/v1/hosts/${host.id}`);
    expect(body.lease.state).toBe('expired');
  });

  it('lists by label and by accepted version', async () => {
    const { host: newer } = await addHost(api.control, {
      labels: { zone: 'b' },
      psciAccepted: ['1.1', '1.3'],
    });
    const ids = async (query: string) =>
      (await api.request('GET', `/v1/hosts?${query}`)).body.items.map(({ id }: { id: string }) => id);
    expect(await ids('label=zone:b')).toEqual([newer.id]);
    expect(await ids('psciVersion=1.3')).toEqual([newer.id]);
    expect(await ids('label=zone:a&label=team:x')).toEqual([hostId]);
    expect(await ids('label=zone:a&label=team:y')).toEqual([]);
    expect(await ids('')).toContain(hostId);
  });

  it('patches labels: sets, keeps and removes', async () => {
    const { host } = await addHost(api.control, { labels: { keep: '1', drop: '2' } });
    const patch = (body: unknown, headers = {}) =>
      api.request('PATCH', `/v1/hosts/${host.id}`, { body, headers });
    const patched = await patch({ labels: { drop: null, add: '3' } });
    expect(patched).toMatchObject({ status: 200, body: { labels: { keep: '1', add: '3' } } });
    expect(Object.keys(patched.body.labels)).not.toContain('drop');
    expect(patched.headers.get('etag')).toBe('"2"');
    // A patch that changes nothing is no new revision.
    expect((await patch({ labels: { add: '3' } })).headers.get('etag')).toBe('"2"');
    expect((await patch({ labels: { add: '4' } }, { 'if-match': '"1"' })).body.code).toBe(
      'PRECONDITION_FAILED',
    );
    expect((await patch({ labels: { add: '4' } }, { 'if-match': 'W/"2"' })).status).toBe(412);
    expect((await patch({ labels: { add: '4' } }, { 'if-match': '"2"' })).status).toBe(200);
    expect((await patch({}, { 'content-type': 'application/json' })).status).toBe(200);
  });

  it('loses no change when two come at once', async () => {
    const { host } = await addHost(api.control);
    const names = Array.from({ length: 8 }, (_, index) => `l${index}`);
    await Promise.all(
      names.map((name) =>
        api.request('PATCH', `/v1/hosts/${host.id}`, { body: { labels: { [name]: '1' } } }),
      ),
    );
    const { body, headers } = await api.request('GET', `/v1/hosts/${host.id}`);
    expect(Object.keys(body.labels).sort()).toEqual(names);
    expect(headers.get('etag')).toBe('"9"');
  });

  it('lets one of two conditional changes through', async () => {
    const { host } = await addHost(api.control);
    const answers = await Promise.all(
      ['a', 'b'].map((value) =>
        api.request('PATCH', `/v1/hosts/${host.id}`, {
          body: { labels: { owner: value } },
          headers: { 'if-match': '"1"' },
        }),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412]);
  });

  it.each([
    ['an unknown field', { cordoned: true }, '/cordoned'],
    ['a number for a label', { labels: { a: 1 } }, '/labels/a'],
    ['a label with a bad name', { labels: { 'a b': '1' } }, '/labels/a b'],
    ['a label that is too long', { labels: { a: 'x'.repeat(64) } }, '/labels/a'],
  ])('refuses %s', async (_, body, pointer) => {
    const answer = await api.request('PATCH', `/v1/hosts/${hostId}`, { body });
    expect(answer).toMatchObject({ status: 400, body: { code: 'VALIDATION_FAILED' } });
    expect(answer.body.errors.map((error: { pointer: string }) => error.pointer)).toContain(pointer);
  });

  it('refuses more labels than a host may have', async () => {
    const labels = Object.fromEntries(Array.from({ length: 33 }, (_, index) => [`n${index}`, 'x']));
    const answer = await api.request('PATCH', `/v1/hosts/${hostId}`, { body: { labels } });
    expect(answer).toMatchObject({ status: 400, body: { code: 'VALIDATION_FAILED' } });
  });

  it('cordons and uncordons, any number of times', async () => {
    for (const [action, cordoned] of [
      ['cordon', true],
      ['cordon', true],
      ['uncordon', false],
    ] as const) {
      // `{}` and no body at all say the same.
      const body = cordoned ? {} : undefined;
      const answer = await api.request('POST', `/v1/hosts/${hostId}/${action}`, { body });
      expect(answer).toMatchObject({ status: 200, body: { cordoned } });
    }
  });

  it('knows no other host', async () => {
    const id = randomUUID();
    for (const [method, path, body] of [
      ['GET', `/v1/hosts/${id}`, undefined],
      ['PATCH', `/v1/hosts/${id}`, {}],
      ['POST', `/v1/hosts/${id}/cordon`, {}],
    ] as const) {
      expect(await api.request(method, path, { body })).toMatchObject({
        status: 404,
        body: { code: 'HOST_NOT_FOUND' },
      });
    }
  });
});
