import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type TestApi } from '../../support/api.ts';
import { makeImage, makeVm, ProtocolHost, startVm, vmBody } from '../../support/protocol-host.ts';
import { countRows } from '../../support/rows.ts';

describe('VMs', () => {
  let api: TestApi;
  let host: ProtocolHost;
  let imageId: string;
  beforeAll(async () => {
    api = await startApi();
    host = await ProtocolHost.enrol(api, { capacity: { vcpus: 16, memoryMiB: 2_048 } });
    imageId = await makeImage(api);
  });
  afterAll(async () => {
    await api[Symbol.asyncDispose]();
  });

  it('are created with every default filled in', async () => {
    const { status, headers, body } = await api.request('POST', '/v1/vms', {
      body: { name: 'web-1', vcpus: 2, memoryMiB: 256, imageId },
    });
    expect(status).toBe(201);
    expect(headers.get('location')).toBe(`/v1/vms/${body.id}`);
    expect(headers.get('etag')).toBe('"1"');
    expect(body).toMatchObject({
      name: 'web-1',
      labels: {},
      cmdline: '',
      disks: [],
      nics: [],
      vsock: false,
      vsockCid: null,
      psci: {
        policy: 'inherit',
        allowInsecure: false,
        effective: '1.1',
        source: 'default',
        pinnedAt: null,
        hibernateDetection: false,
        fingerprint: null,
      },
      onGuest: { poweroff: 'stop', reset: 'restart', crash: 'stop' },
      powerState: 'stopped',
      phase: 'stopped',
      reason: null,
      hibernation: null,
      hostId: null,
      bootId: null,
      generation: 1,
      observedGeneration: 0,
    });
    expect((await api.request('GET', `/v1/vms/${body.id}`)).body).toEqual(body);
  });

  it('have a vsock address that no other has, when they ask for vsock, and their host hears of it', async () => {
    const made = await Promise.all(
      ['s-1', 's-2', 's-3'].map((name) => makeVm(api, imageId, { name, vsock: true })),
    );
    const cids = made.map(({ vsockCid }) => vsockCid);
    expect(new Set(cids).size).toBe(3);
    for (const cid of cids) expect(cid).toBeGreaterThanOrEqual(3);
    const [vm] = made;
    const patched = await api.request('PATCH', `/v1/vms/${vm.id}`, { body: { vsock: false } });
    expect(patched).toMatchObject({ status: 422, body: { code: 'FIELD_IMMUTABLE' } });
    // An address is not given again.
    expect((await api.request('DELETE', `/v1/vms/${vm.id}`)).status).toBe(202);
    const next = await makeVm(api, imageId, { name: 's-4', vsock: true });
    expect(cids).not.toContain(next.vsockCid);
    const run = await startVm(api, host, next.id);
    expect(run.spec.vsockCid).toBe(next.vsockCid);
    await run.tell(run.poweroff());
  });

  it('take everything that the contract names', async () => {
    const given = {
      labels: { team: 'a' },
      cmdline: 'quiet',
      disks: [{ name: 'root', sizeMiB: 512, readOnly: false }],
      nics: [{ name: 'eth0', mac: '52:54:00:00:00:01' }],
      onGuest: { poweroff: 'restart', reset: 'stop', crash: 'restart' },
      hostSelector: { zone: 'b' },
      psci: { policy: 'pinned', version: '1.3' },
    };
    const vm = await makeVm(api, imageId, given);
    expect(vm).toMatchObject({ ...given, psci: { ...given.psci, source: 'vm', hibernateDetection: true } });
  });

  it.each(['Web_1', 'WEB', '0', 'a.b-c_d', 'x'.repeat(63)])('may be named %s', async (name) => {
    const disks = [disk(name)];
    const vm = await makeVm(api, imageId, { name, disks, nics: [{ name }] });
    expect(vm).toMatchObject({ name, disks, nics: [{ name }] });
  });

  it('have no more labels than they may, however they come', async () => {
    const labels = (from: number, count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`label-${from + index}`, 'a']));
    const vm = await makeVm(api, imageId, { labels: labels(0, 20) });
    const patch = (body: object) => api.request('PATCH', `/v1/vms/${vm.id}`, { body });
    expect(await patch({ labels: labels(20, 13) })).toMatchObject({
      status: 400,
      body: { code: 'VALIDATION_FAILED', detail: expect.stringContaining('33') },
    });
    expect((await patch({ labels: labels(20, 12) })).status).toBe(200);
    expect((await patch({ labels: null })).body.labels).toEqual({});
  });

  const bad: [string, object, number, string, string?][] = [
    ['an unknown field', { colour: 'red' }, 400, 'VALIDATION_FAILED', '/colour'],
    [
      'an unknown version',
      { psci: { policy: 'pinned', version: '1.4' } },
      400,
      'VALIDATION_FAILED',
      '/psci/version',
    ],
    [
      'a version as a number',
      { psci: { policy: 'pinned', version: 1.1 } },
      400,
      'VALIDATION_FAILED',
      '/psci/version',
    ],
    ['no vCPU', { vcpus: 0 }, 400, 'VALIDATION_FAILED', '/vcpus'],
    ['1000 vCPUs', { vcpus: 1000 }, 400, 'VALIDATION_FAILED', '/vcpus'],
    ['vCPUs as text', { vcpus: '2' }, 400, 'VALIDATION_FAILED', '/vcpus'],
    ['memory beyond every host', { memoryMiB: 2_049 }, 422, 'MEMORY_EXCEEDS_HOSTS', '/memoryMiB'],
    [
      'an insecure version',
      { psci: { policy: 'pinned', version: '0.2' } },
      422,
      'PSCI_VERSION_INSECURE',
      '/psci/version',
    ],
    [
      'pinned without a version',
      { psci: { policy: 'pinned' } },
      422,
      'PSCI_VERSION_REQUIRED',
      '/psci/version',
    ],
    [
      'a version that its policy ignores',
      { psci: { policy: 'latest', version: '1.1' } },
      422,
      'PSCI_VERSION_NOT_ALLOWED',
      '/psci/version',
    ],
    ['two disks of one name', { disks: [disk('a'), disk('a')] }, 422, 'DUPLICATE_DISK_NAME', '/disks/1/name'],
    [
      'two NICs of one name',
      { nics: [{ name: 'e' }, { name: 'e' }] },
      422,
      'DUPLICATE_NIC_NAME',
      '/nics/1/name',
    ],
    [
      'an unknown image',
      { imageId: '01900000-0000-7000-8000-000000000000' },
      422,
      'IMAGE_UNKNOWN',
      '/imageId',
    ],
    [
      'a disk name that leaves its folder',
      { disks: [disk('../x')] },
      400,
      'VALIDATION_FAILED',
      '/disks/0/name',
    ],
    ['a name that is no name', { name: 'web 1' }, 400, 'VALIDATION_FAILED', '/name'],
    ['a name that is too long', { name: 'x'.repeat(64) }, 400, 'VALIDATION_FAILED', '/name'],
    ['a name that ends in a dot', { name: 'web.' }, 400, 'VALIDATION_FAILED', '/name'],
    ['a name that is taken', { name: 'web-1' }, 409, 'VM_NAME_TAKEN', '/name'],
    ['a command line with a line break', { cmdline: 'a\nb' }, 400, 'VALIDATION_FAILED', '/cmdline'],
  ];
  it.each(bad)(
    'are refused with %s, and nothing is changed',
    async (_what, fields, status, code, pointer) => {
      const before = await countRows(api.control);
      const answer = await api.request('POST', '/v1/vms', { body: vmBody(imageId, fields) });
      expect(answer).toMatchObject({ status, body: { code } });
      if (pointer !== undefined) expect(answer.body.errors[0].pointer).toBe(pointer);
      expect(await countRows(api.control)).toEqual(before);
    },
  );

  it('take 0.2 when they say that they know what it means, and that is in the audit', async () => {
    const vm = await makeVm(api, imageId, {
      psci: { policy: 'pinned', version: '0.2', allowInsecure: true },
    });
    expect(vm.psci.effective).toBe('0.2');
    const { body } = await api.request('GET', '/v1/audit?limit=1');
    expect(body.items[0].override).toMatch(/insecure/);
  });

  it('are listed by label, phase, host and version, page by page', async () => {
    const labels = { suite: 'list' };
    const vms = [];
    for (const psci of [{ version: '1.0' }, { version: '1.1' }, {}]) {
      vms.push(await makeVm(api, imageId, { labels, psci }));
    }
    const run = await startVm(api, host, vms[1].id);
    const list = async (query: string) =>
      (await api.request('GET', `/v1/vms?label=suite:list&${query}`)).body.items.map(
        ({ id }: { id: string }) => id,
      );
    const [first, second, third] = vms.map(({ id }) => id);
    expect(await list('')).toEqual([first, second, third]);
    expect(await list('label=suite:other')).toEqual([]);
    const both = await api.request('GET', '/v1/vms?label=suite:other&label=suite:list');
    expect(both.body.items).toEqual([]);
    expect(await list('phase=running')).toEqual([second]);
    expect(await list('phase=stopped')).toEqual([first, third]);
    expect(await list(`hostId=${host.id}`)).toEqual([second]);
    expect(await list('psciVersion=1.0')).toEqual([first]);
    expect(await list(`kernel=${host.facts.kernel}`)).toEqual([second]);
    expect(await list('kernel=6.12')).toEqual([second]);
    expect(await list('kernel=6.1')).toEqual([]);
    expect(await list('kernel=none')).toEqual([first, third]);
    expect(await list('psciVersion=1.1')).toEqual([second, third]);

    const page = await api.request('GET', '/v1/vms?label=suite:list&limit=2');
    expect(page.body.items).toHaveLength(2);
    const rest = await api.request(
      'GET',
      `/v1/vms?label=suite:list&limit=2&pageToken=${page.body.nextPageToken}`,
    );
    expect(rest.body).toMatchObject({ items: [{ id: third }], nextPageToken: null });
    await run.tell(run.poweroff());
  });

  it('are searched by name, label and id, and read several at once', async () => {
    const tag = 'Odd_One.5%';
    const found = await makeVm(api, imageId, {
      name: 'Searched.5-a_b',
      labels: { suite: 'search', note: tag },
    });
    const other = await makeVm(api, imageId, { name: 'Searched-5-axb', labels: { suite: 'search' } });
    const list = async (query: Record<string, string>) => {
      const { status, body } = await api.request(
        'GET',
        `/v1/vms?label=suite:search&${new URLSearchParams(query)}`,
      );
      expect(status).toBe(200);
      return body.items.map(({ id }: { id: string }) => id);
    };
    expect(await list({ search: 'searched' })).toEqual([found.id, other.id]);
    expect(await list({ search: 'A_B' })).toEqual([found.id]);
    expect(await list({ search: 'NOTE:odd' })).toEqual([found.id]);
    expect(await list({ search: '5%' })).toEqual([found.id]);
    expect(await list({ search: '\\' })).toEqual([]);
    expect(await list({ search: other.id.toUpperCase() })).toEqual([other.id]);
    expect(await list({ search: 'nothing like it' })).toEqual([]);

    const both = await api.request('GET', `/v1/vms?id=${other.id}&id=${found.id}`);
    expect(both.body.items.map(({ id }: { id: string }) => id)).toEqual([found.id, other.id]);
    const none = await api.request('GET', '/v1/vms?id=0199aa00-0000-7000-8000-000000000001');
    expect(none.body.items).toEqual([]);
    expect((await api.request('GET', '/v1/vms?id=1')).body.code).toBe('VALIDATION_FAILED');
  });

  it('are unknown, everywhere, once their host is silent', async () => {
    const vm = await makeVm(api, imageId, { labels: { suite: 'silent' } });
    const run = await startVm(api, host, vm.id);
    await api.control.pool.query(
      "UPDATE hosts SET lease_expires_at = now() - interval '1 second' WHERE id = $1",
      [host.id],
    );
    const { body } = await api.request('GET', `/v1/vms/${vm.id}`);
    expect(body).toMatchObject({
      phase: 'unknown',
      reason: expect.stringContaining(`Host ${host.name} has been silent`),
    });
    expect((await api.request('GET', '/v1/vms?label=suite:silent&phase=unknown')).body.items).toHaveLength(1);
    expect((await api.request('GET', '/v1/vms?label=suite:silent&phase=running')).body.items).toHaveLength(0);
    expect((await api.request('GET', '/v1/fleet/summary')).body.vms.byPhase.unknown).toBe(1);
    await host.heartbeat();
    expect((await api.request('GET', `/v1/vms/${vm.id}`)).body).toMatchObject({
      phase: 'running',
      reason: null,
    });
    await run.tell(run.poweroff());
  });

  it('change by merge patch', async () => {
    const vm = await makeVm(api, imageId, { labels: { a: '1', b: '2' }, cmdline: 'quiet' });
    const patch = {
      labels: { a: null, c: '3' },
      cmdline: null,
      memoryMiB: 256,
      onGuest: { crash: 'restart' },
    };
    const { status, headers, body } = await api.request('PATCH', `/v1/vms/${vm.id}`, { body: patch });
    expect(status).toBe(200);
    expect(headers.get('etag')).toBe('"2"');
    expect(body).toMatchObject({
      labels: { b: '2', c: '3' },
      cmdline: '',
      memoryMiB: 256,
      onGuest: { poweroff: 'stop', reset: 'restart', crash: 'restart' },
      generation: 2,
    });
    const again = await api.request('PATCH', `/v1/vms/${vm.id}`, {
      body: { cmdline: '', labels: { c: '3' } },
    });
    expect(again.headers.get('etag')).toBe('"2"');
  });

  it('keep what is theirs for good', async () => {
    const vm = await makeVm(api, imageId, { disks: [disk('root')] });
    for (const patch of [{ name: 'other' }, { imageId: vm.id }, { disks: [] }, { nics: [{ name: 'a' }] }]) {
      const answer = await api.request('PATCH', `/v1/vms/${vm.id}`, { body: patch });
      expect(answer).toMatchObject({ status: 422, body: { code: 'FIELD_IMMUTABLE' } });
    }
    const same = { name: vm.name, imageId, disks: vm.disks, nics: [], labels: { x: 'y' } };
    expect(await api.request('PATCH', `/v1/vms/${vm.id}`, { body: same })).toMatchObject({
      status: 200,
      body: { labels: { x: 'y' } },
    });
  });

  it('change only where the caller has read them', async () => {
    const vm = await makeVm(api, imageId);
    const stale = await api.request('PATCH', `/v1/vms/${vm.id}`, {
      body: { labels: { a: 'b' } },
      headers: { 'if-match': '"7"' },
    });
    expect(stale).toMatchObject({ status: 412, body: { code: 'PRECONDITION_FAILED' } });
    const stalesDelete = await api.request('DELETE', `/v1/vms/${vm.id}`, { headers: { 'if-match': '"7"' } });
    expect(stalesDelete.status).toBe(412);
    const staleStart = await api.request('POST', `/v1/vms/${vm.id}/start`, {
      body: {},
      headers: { 'if-match': '"7"' },
    });
    expect(staleStart).toMatchObject({ status: 412, body: { code: 'PRECONDITION_FAILED' } });
    expect((await api.request('GET', `/v1/vms/${vm.id}`)).body).toEqual(vm);
    const fresh = await api.request('PATCH', `/v1/vms/${vm.id}`, {
      body: { labels: { a: 'b' } },
      headers: { 'if-match': '"1"' },
    });
    expect(fresh.status).toBe(200);
  });

  it('keep their hardware while they run, and change nothing when one part cannot be had', async () => {
    const vm = await makeVm(api, imageId);
    const run = await startVm(api, host, vm.id);
    const before = (await api.request('GET', `/v1/vms/${vm.id}`)).body;
    for (const patch of [{ vcpus: 2 }, { memoryMiB: 64 }, { cmdline: 'x' }, { onGuest: { reset: 'stop' } }]) {
      const answer = await api.request('PATCH', `/v1/vms/${vm.id}`, {
        body: { ...patch, labels: { l: 'x' } },
      });
      expect(answer).toMatchObject({ status: 409, body: { code: 'VM_RUNNING' } });
    }
    expect((await api.request('GET', `/v1/vms/${vm.id}`)).body).toEqual(before);
    const labels = await api.request('PATCH', `/v1/vms/${vm.id}`, { body: { labels: { l: 'x' } } });
    expect(labels.status).toBe(200);
    await run.tell(run.poweroff());
  });

  it('start and stop by their power state', async () => {
    const vm = await makeVm(api, imageId);
    const start = await api.request('PATCH', `/v1/vms/${vm.id}`, { body: { powerState: 'running' } });
    expect(start).toMatchObject({ status: 200, body: { powerState: 'running', phase: 'starting' } });
    const operation = await api.request('GET', start.headers.get('operation-location') ?? '');
    expect(operation.body).toMatchObject({ kind: 'start', vmId: vm.id });
    const run = await host.run(vm.id);
    await run.tell(run.started());
    const same = await api.request('PATCH', `/v1/vms/${vm.id}`, { body: { powerState: 'running' } });
    expect(same).toMatchObject({ status: 200, body: { phase: 'running' } });
    const stop = await api.request('PATCH', `/v1/vms/${vm.id}`, { body: { powerState: 'stopped' } });
    expect(stop.body).toMatchObject({ powerState: 'stopped', phase: 'stopping' });
    const request = await run.openRequest();
    expect(request).toMatchObject({ kind: 'stop', timeoutSeconds: 60, force: false });
    await run.tell(run.poweroff([request.intentId]));
    expect((await api.request('GET', `/v1/vms/${vm.id}`)).body.phase).toBe('stopped');
  });

  it('start as they are created when they say so', async () => {
    const { headers, body: vm } = await api.request('POST', '/v1/vms', {
      body: vmBody(imageId, { powerState: 'running' }),
    });
    expect(vm).toMatchObject({ phase: 'starting', powerState: 'running', hostId: host.id });
    const start = await api.request('GET', headers.get('operation-location') ?? '');
    expect(start.body).toMatchObject({ kind: 'start', vmId: vm.id });
    const run = await host.run(vm.id);
    await run.tell(run.started());
    await run.tell(run.poweroff());
  });

  it('are deleted by their host, and only while they do not run', async () => {
    const vm = await makeVm(api, imageId);
    const run = await startVm(api, host, vm.id);
    const refused = await api.request('DELETE', `/v1/vms/${vm.id}`);
    expect(refused).toMatchObject({ status: 409, body: { code: 'VM_RUNNING' } });
    await run.tell(run.poweroff());

    const asked = await api.request('DELETE', `/v1/vms/${vm.id}`);
    expect(asked).toMatchObject({ status: 202, body: { kind: 'delete', status: 'pending' } });
    expect(asked.headers.get('location')).toBe(`/v1/operations/${asked.body.id}`);
    expect((await api.request('DELETE', `/v1/vms/${vm.id}`)).body.id).toBe(asked.body.id);
    expect((await api.request('POST', `/v1/vms/${vm.id}/start`, { body: {} })).body.code).toBe('VM_DELETING');
    expect((await api.request('PATCH', `/v1/vms/${vm.id}`, { body: {} })).body.code).toBe('VM_DELETING');
    expect(await host.assignment(vm.id)).toMatchObject({ run: null, deleteOperationId: asked.body.id });
    await host.report(asked.body.id, 'succeeded');
    expect((await api.request('GET', `/v1/vms/${vm.id}`)).body.code).toBe('VM_NOT_FOUND');
    expect((await api.request('GET', `/v1/operations/${asked.body.id}`)).body.status).toBe('succeeded');
    expect((await api.request('GET', `/v1/vms/${vm.id}/events`)).body.items).toHaveLength(2);
    expect(await host.report(asked.body.id, 'succeeded')).toMatchObject({ body: { applied: 0, ignored: 1 } });
  });

  it('are gone at once when no host ever had them', async () => {
    const vm = await makeVm(api, imageId);
    const answer = await api.request('DELETE', `/v1/vms/${vm.id}`);
    expect(answer).toMatchObject({ status: 202, body: { status: 'succeeded' } });
    expect((await api.request('GET', `/v1/vms/${vm.id}`)).status).toBe(404);
  });

  it('come back when their host could not delete them', async () => {
    const vm = await makeVm(api, imageId);
    const run = await startVm(api, host, vm.id);
    await run.tell(run.poweroff());
    const { body: operation } = await api.request('DELETE', `/v1/vms/${vm.id}`);
    await host.report(operation.id, 'failed', { code: 'DISK_BUSY', detail: 'in use' });
    expect((await api.request('GET', `/v1/vms/${vm.id}`)).body).toMatchObject({
      deleting: false,
      reason: 'DISK_BUSY: in use',
    });
  });

  it('are created once under one Idempotency-Key', async () => {
    const body = vmBody(imageId, { powerState: 'running' });
    const headers = { 'idempotency-key': `create-${body.name}` };
    const first = await api.request('POST', '/v1/vms', { body, headers });
    const second = await api.request('POST', '/v1/vms', { body, headers });
    expect(second.body).toEqual(first.body);
    expect(second.headers.get('idempotency-replayed')).toBe('true');
    for (const name of ['location', 'operation-location', 'etag']) {
      expect(first.headers.get(name)).not.toBeNull();
      expect(second.headers.get(name)).toBe(first.headers.get(name));
    }
  });
});

function disk(name: string) {
  return { name, sizeMiB: 64, readOnly: false };
}
