import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type TestApi } from '../../support/api.ts';
import { makeImage, makeVm, ProtocolHost, startVm } from '../../support/protocol-host.ts';

const OLD = { accepted: ['0.2', '1.0', '1.1'], default: '1.1' } as const;
const NEW = { accepted: ['0.2', '1.0', '1.1', '1.2', '1.3'], default: '1.3' } as const;

describe('a pin', () => {
  let api: TestApi;
  let old: ProtocolHost;
  let recent: ProtocolHost;
  let imageId: string;
  beforeAll(async () => {
    api = await startApi();
    old = await ProtocolHost.enrol(api, {
      labels: { age: 'old' },
      psci: { ...OLD, accepted: [...OLD.accepted] },
    });
    recent = await ProtocolHost.enrol(api, {
      labels: { age: 'new' },
      psci: { ...NEW, accepted: [...NEW.accepted] },
    });
    imageId = await makeImage(api, '6.1.0');
  });
  afterAll(async () => {
    await api[Symbol.asyncDispose]();
  });

  const on = (host: ProtocolHost) => ({ hostSelector: { age: host === old ? 'old' : 'new' } });
  const get = async (vmId: string) => (await api.request('GET', `/v1/vms/${vmId}`)).body;
  const patch = (vmId: string, psci: object, query = '') =>
    api.request('PATCH', `/v1/vms/${vmId}${query}`, { body: { psci } });
  const disks = [{ name: 'root', sizeMiB: 64 }];
  /** Moves a VM without disks by its selector. */
  const moveTo = (vmId: string, host: ProtocolHost) =>
    api.request('PATCH', `/v1/vms/${vmId}`, { body: on(host) });

  it('stays when the VM starts on a host with a newer kernel', async () => {
    for (const psci of [{ policy: 'inherit' }, { policy: 'sticky' }, { version: '1.0' }]) {
      const vm = await makeVm(api, imageId, { psci, ...on(old) });
      const first = await startVm(api, old, vm.id);
      await first.tell(first.poweroff());
      const { psci: before } = await get(vm.id);
      await moveTo(vm.id, recent);
      const second = await startVm(api, recent, vm.id);
      expect(second.spec.psci).toBe(first.spec.psci);
      // Why a sticky pin is what it is is another matter at its second boot.
      expect((await get(vm.id)).psci).toEqual({ ...before, why: expect.any(String) });
      await second.tell(second.poweroff());
    }
  });

  it('and whether the guest may suspend itself change together: only while it is off', async () => {
    const vm = await makeVm(api, imageId, on(old));
    expect(vm.psci.systemSuspend).toBe(false);
    const run = await startVm(api, old, vm.id);
    expect(run.spec.systemSuspend).toBe(false);
    const refused = await patch(vm.id, { systemSuspend: true });
    expect(refused).toMatchObject({ status: 409, body: { code: 'PSCI_PIN_LOCKED' } });
    await run.tell(run.poweroff());
    expect((await patch(vm.id, { systemSuspend: true })).body.psci).toMatchObject({ systemSuspend: true });
    const again = await startVm(api, old, vm.id);
    expect(again.spec.systemSuspend).toBe(true);
    const call = { version: '1.1', function: 'SYSTEM_SUSPEND', type: null, cookie: null } as const;
    await again.tell(again.record('suspend', { psci: call, kvm: { type: 5, data: [] } }));
    expect(await get(vm.id)).toMatchObject({
      phase: 'paused',
      reason: expect.stringContaining('suspended itself'),
    });
    await api.request('POST', `/v1/vms/${vm.id}/resume`, { body: {} });
    const { intentId } = await again.openRequest();
    await again.tell(again.record('resumed', { intentIds: [intentId] }));
    expect(await get(vm.id)).toMatchObject({ phase: 'running', reason: null });
    await again.tell(again.poweroff());
  });

  it('of the policy "sticky" is what its first host has, and of "latest" the newest of each', async () => {
    const sticky = await makeVm(api, imageId, { psci: { policy: 'sticky' }, ...on(recent) });
    expect(sticky.psci).toMatchObject({ effective: null, source: null });
    const stuck = await startVm(api, recent, sticky.id);
    expect((await get(sticky.id)).psci).toMatchObject({ effective: '1.3', source: 'sticky' });
    await stuck.tell(stuck.poweroff());
    await moveTo(sticky.id, old);
    const refused = await api.request('POST', `/v1/vms/${sticky.id}/start`, { body: {} });
    expect(refused.body.code).toBe('PSCI_VERSION_NOT_SUPPORTED');

    const latest = await makeVm(api, imageId, { psci: { policy: 'latest' }, ...on(old) });
    const first = await startVm(api, old, latest.id);
    expect(first.spec.psci).toBe('1.1');
    await first.tell(first.poweroff());
    await moveTo(latest.id, recent);
    expect((await startVm(api, recent, latest.id)).spec.psci).toBe('1.3');
    expect((await get(latest.id)).psci).toMatchObject({
      effective: '1.3',
      source: 'latest',
      hibernateDetection: true,
    });
  });

  it('cannot change while the VM runs, by force neither', async () => {
    const vm = await makeVm(api, imageId, { psci: { version: '1.1' }, ...on(old) });
    const run = await startVm(api, old, vm.id);
    const before = await get(vm.id);
    for (const query of ['', '?force=true']) {
      for (const psci of [{ version: '1.0' }, { policy: 'inherit' }, { policy: 'latest' }]) {
        expect(await patch(vm.id, psci, query)).toMatchObject({
          status: 409,
          body: { code: 'PSCI_PIN_LOCKED' },
        });
      }
    }
    expect((await patch(vm.id, { policy: 'pinned', version: '1.1' })).status).toBe(200);
    expect(await get(vm.id)).toEqual(before);
    await run.tell(run.poweroff());
    const changed = await patch(vm.id, { version: '1.0' });
    expect(changed).toMatchObject({
      status: 200,
      body: { psci: { version: '1.0', effective: '1.0', pinnedAt: null } },
    });
  });

  it('cannot change while the VM is hibernated, or may be, but for force, which is audited', async () => {
    const hibernated = await makeVm(api, imageId, { psci: { version: '1.3' }, disks, ...on(recent) });
    const run = await startVm(api, recent, hibernated.id);
    await run.tell(run.hibernate());
    const unknown = await makeVm(api, imageId, { psci: { version: '1.1' }, disks, ...on(recent) });
    const off = await startVm(api, recent, unknown.id);
    await off.tell(off.poweroff());
    expect(await get(unknown.id)).toMatchObject({ phase: 'stopped', hibernation: 'unknown' });

    for (const { id } of [hibernated, unknown]) {
      const before = await get(id);
      expect(await patch(id, { version: '1.0' })).toMatchObject({
        status: 409,
        body: { code: 'PSCI_PIN_LOCKED' },
      });
      expect(await get(id)).toEqual(before);
      const explained = await api.request('GET', `/v1/vms/${id}/psci`);
      expect(explained.body.locked).toMatchObject({ code: 'PSCI_PIN_LOCKED', overridable: true });

      expect(await patch(id, { version: '1.0' }, '?force=true')).toMatchObject({ status: 200 });
      const { body: audit } = await api.request('GET', '/v1/audit?limit=1');
      expect(audit.items[0]).toMatchObject({
        method: 'PATCH',
        path: `/v1/vms/${id}?force=true`,
        override: expect.stringContaining(`hibernation is "${before.hibernation}"`),
      });
      expect((await startVm(api, recent, id)).spec.psci).toBe('1.0');
    }
  });

  it('of a VM that may have hibernated is not resolved again, whatever its policy', async () => {
    const vm = await makeVm(api, imageId, { psci: { policy: 'latest' }, disks, ...on(old) });
    const run = await startVm(api, old, vm.id);
    await run.tell(run.poweroff());
    expect(await get(vm.id)).toMatchObject({ hibernation: 'unknown', psci: { effective: '1.1' } });
    // Its host gets a newer kernel meanwhile.
    const facts = { ...old.facts, kernel: '7.3.4', psci: recent.facts.psci };
    await old.request('POST', '/agent/v1/heartbeat', { body: { facts, vms: [] } });
    expect((await startVm(api, old, vm.id)).spec.psci).toBe('1.1');
    await old.heartbeat();
  });

  it('may change when nothing could have hibernated', async () => {
    const vm = await makeVm(api, imageId, { psci: { version: '1.1' }, ...on(old) });
    const run = await startVm(api, old, vm.id);
    await run.tell(run.poweroff());
    expect((await get(vm.id)).hibernation).toBe('no');
    expect((await patch(vm.id, { version: '1.0' })).status).toBe(200);
  });

  it('keeps the machine of a hibernated guest as it was, too', async () => {
    const vm = await makeVm(api, imageId, { psci: { version: '1.3' }, disks, ...on(recent) });
    const run = await startVm(api, recent, vm.id);
    await run.tell(run.hibernate());
    for (const change of [{ vcpus: 2 }, { memoryMiB: 256 }, { cmdline: 'x' }]) {
      const refused = await api.request('PATCH', `/v1/vms/${vm.id}`, { body: change });
      expect(refused).toMatchObject({ status: 409, body: { code: 'VM_HIBERNATED' } });
    }
    const forced = await api.request('PATCH', `/v1/vms/${vm.id}?force=true`, { body: { vcpus: 2 } });
    expect(forced).toMatchObject({ status: 200, body: { vcpus: 2 } });
  });

  it('is changed by a merge patch of the policy', async () => {
    const vm = await makeVm(api, imageId, { psci: { version: '1.1' } });
    const cases: [object, number, object][] = [
      [{ version: '1.3' }, 200, { policy: 'pinned', version: '1.3' }],
      [{ policy: 'sticky' }, 200, { policy: 'sticky' }],
      [{ policy: 'pinned' }, 422, { code: 'PSCI_VERSION_REQUIRED' }],
      [{ version: '0.2' }, 422, { code: 'PSCI_VERSION_INSECURE' }],
      [
        { version: '0.2', allowInsecure: true },
        200,
        { policy: 'pinned', version: '0.2', allowInsecure: true },
      ],
      [{ allowInsecure: false }, 422, { code: 'PSCI_VERSION_INSECURE' }],
      [{ policy: 'latest', version: '1.1' }, 422, { code: 'PSCI_VERSION_NOT_ALLOWED' }],
      [{ version: '1.4' }, 400, { code: 'VALIDATION_FAILED' }],
      [
        { policy: 'inherit', version: null, allowInsecure: false },
        200,
        { policy: 'inherit', allowInsecure: false },
      ],
    ];
    for (const [psci, status, expected] of cases) {
      const answer = await patch(vm.id, psci);
      expect(answer.status).toBe(status);
      expect(status === 200 ? answer.body.psci : answer.body).toMatchObject(expected);
    }
    expect((await get(vm.id)).psci).not.toHaveProperty('version');
    const { body: audit } = await api.request('GET', `/v1/audit?limit=${cases.length}`);
    const overrides = audit.items.map(({ override }: { override: string | null }) => override);
    expect(overrides.filter((override: string | null) => override?.includes('allowInsecure'))).toHaveLength(
      1,
    );
  });

  it('is explained', async () => {
    const vm = await makeVm(api, imageId, { psci: { policy: 'sticky' }, ...on(recent) });
    const before = (await api.request('GET', `/v1/vms/${vm.id}/psci`)).body;
    expect(before).toMatchObject({ policy: 'sticky', effective: null, next: null, locked: null });
    expect(before.candidates.find(({ won }: { won: boolean }) => won)).toMatchObject({
      source: 'sticky',
      version: null,
    });
    await startVm(api, recent, vm.id);
    const after = (await api.request('GET', `/v1/vms/${vm.id}/psci`)).body;
    expect(after).toMatchObject({
      effective: '1.3',
      source: 'sticky',
      hibernateDetection: true,
      next: { version: '1.3', source: 'sticky' },
      locked: { code: 'PSCI_PIN_LOCKED', overridable: false },
    });
  });
});
