import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tryPendingStarts } from '../../../src/control/placement/pending-starts.ts';
import { startApi, type TestApi } from '../../support/api.ts';
import { makeImage, makeVm, ProtocolHost, startVm } from '../../support/protocol-host.ts';
import { secondReplica } from '../../support/replica.ts';

describe('placement', () => {
  let api: TestApi;
  let imageId: string;
  beforeAll(async () => {
    api = await startApi();
    imageId = await makeImage(api);
  });
  afterAll(async () => {
    await api[Symbol.asyncDispose]();
  });

  let suites = 0;
  /** A set of hosts that only VMs of the same set can go to. */
  async function fleet(...hosts: Parameters<typeof ProtocolHost.enrol>[1][]) {
    suites += 1;
    const set = `set-${suites}`;
    const enrolled = [];
    for (const host of hosts) {
      enrolled.push(await ProtocolHost.enrol(api, { ...host, labels: { set, ...host?.labels } }));
    }
    const vm = (fields: object = {}) => makeVm(api, imageId, { hostSelector: { set }, ...fields });
    return { set, hosts: enrolled, vm };
  }
  const start = (vmId: string) => api.request('POST', `/v1/vms/${vmId}/start`, { body: {} });
  const hostOf = async (vmId: string) => (await api.request('GET', `/v1/vms/${vmId}`)).body.hostId;

  it('says that there is no host at all', async () => {
    const vm = await makeVm(api, imageId);
    const before = (await api.request('GET', `/v1/vms/${vm.id}`)).body;
    const answer = await start(vm.id);
    expect(answer).toMatchObject({ status: 409, body: { code: 'NO_HOST_AVAILABLE' } });
    expect(answer.body.detail).toContain('no host is enrolled');
    expect((await api.request('GET', `/v1/vms/${vm.id}`)).body).toEqual(before);
  });

  it('spreads by the memory that is left', async () => {
    const { hosts, vm } = await fleet(
      { capacity: { vcpus: 16, memoryMiB: 1_024 } },
      { capacity: { vcpus: 16, memoryMiB: 1_280 } },
    );
    const placed = [];
    for (let n = 0; n < 4; n += 1) {
      const { id } = await vm({ memoryMiB: 256 });
      await start(id);
      const hostId = await hostOf(id);
      placed.push(hosts.findIndex((host) => host.id === hostId));
    }
    expect(placed.filter((index) => index === 0)).toHaveLength(2);
    expect(placed[0]).toBe(1);
  });

  it('never gives a host more than it has, however many starts come at once to two replicas', async () => {
    const { hosts, vm } = await fleet(
      { capacity: { vcpus: 64, memoryMiB: 640 } },
      { capacity: { vcpus: 3, memoryMiB: 65_536 } },
    );
    const vms = await Promise.all(Array.from({ length: 16 }, () => vm({ memoryMiB: 128 })));
    await using second = await secondReplica(api);
    const answers = await Promise.all(
      vms.map(({ id }, n) =>
        (n % 2 === 0 ? api : second).request('POST', `/v1/vms/${id}/start`, { body: {} }),
      ),
    );
    const codes = answers.map(({ status, body }) => (status === 202 ? 'placed' : body.code));
    expect(codes.filter((code) => code === 'placed')).toHaveLength(5 + 3);
    expect(codes.filter((code) => code === 'NO_HOST_AVAILABLE')).toHaveLength(8);
    for (const [index, expected] of [
      [0, { vcpus: 5, memoryMiB: 640 }],
      [1, { vcpus: 3, memoryMiB: 384 }],
    ] as const) {
      expect((await api.request('GET', `/v1/hosts/${hosts[index]?.id}`)).body.allocated).toEqual(expected);
    }
    const refused = answers.find(({ status }) => status === 409);
    expect(refused?.body.detail).toMatch(/has less than 128 MiB left/);
    expect(refused?.body.detail).toMatch(/has fewer than 1 vCPUs left/);
  });

  it('gives the room back when a run ends', async () => {
    const { hosts, vm } = await fleet({ capacity: { vcpus: 1, memoryMiB: 256 } });
    const [first, second] = [await vm(), await vm()];
    const [host] = hosts;
    if (host === undefined) throw new Error('no host');
    const run = await startVm(api, host, first.id);
    expect((await start(second.id)).body.code).toBe('NO_HOST_AVAILABLE');
    await run.tell(run.poweroff());
    expect((await start(second.id)).status).toBe(202);
  });

  it('asks no host that is silent, cordoned or not selected', async () => {
    const { hosts, vm, set } = await fleet({}, {}, { labels: { zone: 'b' } });
    const [silent, cordoned, zoned] = hosts;
    await api.control.pool.query('UPDATE hosts SET lease_expires_at = now() WHERE id = $1', [silent?.id]);
    await api.request('POST', `/v1/hosts/${cordoned?.id}/cordon`, { body: {} });
    const there = await vm({ hostSelector: { set, zone: 'b' } });
    expect((await start(there.id)).status).toBe(202);
    expect(await hostOf(there.id)).toBe(zoned?.id);
    const nowhere = await vm({ hostSelector: { set, zone: 'c' } });
    const { body } = await start(nowhere.id);
    expect(body.code).toBe('NO_HOST_AVAILABLE');
    expect(body.detail).toMatch(/1 is cordoned/);
    await api.request('POST', `/v1/hosts/${zoned?.id}/cordon`, { body: {} });
    const { body: full } = await start((await vm()).id);
    expect(full.detail).toMatch(/2 are cordoned/);
    const { name: first } = cordoned ?? { name: '' };
    expect(full.placement).toMatchObject({ reasons: { silent: 1, cordoned: 2 } });
    expect(full.placement.help[0]).toBe(`uncordon ${first} or ${zoned?.name}`);
    expect(full.detail).toContain(`What would help: uncordon ${first} or ${zoned?.name}`);
  });

  it('asks only hosts that accept the pin, and says so when that alone is wrong', async () => {
    const { hosts, vm } = await fleet(
      { psci: { accepted: ['0.2', '1.0'], default: '1.0' } },
      { psci: { accepted: ['0.2', '1.0', '1.1'], default: '1.1' } },
    );
    for (const [version, index] of [
      ['1.1', 1],
      ['1.0', null],
    ] as const) {
      const { id } = await vm({ psci: { version } });
      expect((await start(id)).status).toBe(202);
      if (index !== null) expect(await hostOf(id)).toBe(hosts[index]?.id);
    }
    const refused = await vm({ psci: { version: '1.3' } });
    const answer = await start(refused.id);
    expect(answer).toMatchObject({ status: 409, body: { code: 'PSCI_VERSION_NOT_SUPPORTED' } });
    expect(answer.body.detail).toMatch(/2 do not accept PSCI 1\.3/);
    expect((await api.request('GET', `/v1/vms/${refused.id}`)).body).toMatchObject({
      phase: 'stopped',
      hostId: null,
    });
    await api.request('POST', `/v1/hosts/${hosts[0]?.id}/cordon`, { body: {} });
    await api.request('POST', `/v1/hosts/${hosts[1]?.id}/cordon`, { body: {} });
    expect((await start(refused.id)).body.code).toBe('NO_HOST_AVAILABLE');
  });

  it('keeps a VM with disks where its disks are, and lets one without go anywhere', async () => {
    const { hosts, vm } = await fleet({ labels: { n: '1' } }, { labels: { n: '2' } });
    const bound = await vm({ disks: [{ name: 'root', sizeMiB: 64 }] });
    const free = await vm();
    for (const { id } of [bound, free]) {
      await start(id);
      const on = await hostOf(id);
      const home = hosts.find((candidate) => candidate.id === on);
      const run = await home?.run(id);
      await run?.tell(run.started());
      await run?.tell(run.poweroff());
      await api.request('POST', `/v1/hosts/${on}/cordon`, { body: {} });
    }
    const refused = await start(bound.id);
    expect(refused.body.code).toBe('NO_HOST_AVAILABLE');
    expect(refused.body.detail).toMatch(/not have its disks/);
    const home = await hostOf(free.id);
    const away = hosts.find(({ id }) => id !== home);
    await api.request('POST', `/v1/hosts/${away?.id}/uncordon`, { body: {} });
    expect((await start(free.id)).status).toBe(202);
    expect(await hostOf(free.id)).toBe(away?.id);
  });

  it('lets a VM that is created running wait for room, and starts it when there is some', async () => {
    const { hosts, vm } = await fleet({ capacity: { vcpus: 1, memoryMiB: 256 } });
    const [host] = hosts;
    await api.request('POST', `/v1/hosts/${host?.id}/cordon`, { body: {} });
    const waiting = await vm({ powerState: 'running' });
    expect(waiting).toMatchObject({
      phase: 'pending',
      powerState: 'running',
      hostId: null,
      reason: expect.stringMatching(/^NO_HOST_AVAILABLE: .*cordoned/),
    });
    const { body } = await api.request('GET', `/v1/operations?vmId=${waiting.id}`);
    expect(body.items).toMatchObject([{ kind: 'start', status: 'pending', hostId: null }]);
    expect((await host?.assignments())?.vms).toEqual([]);

    await api.request('POST', `/v1/hosts/${host?.id}/uncordon`, { body: {} });
    // Tries at once, and meets the loop that does the same.
    await Promise.all(Array.from({ length: 4 }, () => tryPendingStarts(api.control)));
    const run = await host?.run(waiting.id);
    await run?.tell(run.started());
    expect((await api.request('GET', `/v1/vms/${waiting.id}`)).body).toMatchObject({
      phase: 'running',
      reason: null,
    });
    const operations = await api.request('GET', `/v1/operations?vmId=${waiting.id}`);
    expect(operations.body.items).toMatchObject([{ id: body.items[0].id, status: 'succeeded' }]);
  });

  it('takes back a start that waits for room', async () => {
    const { vm } = await fleet();
    for (const action of ['stop', 'kill'] as const) {
      const waiting = await vm({ powerState: 'running' });
      const answer = await api.request('POST', `/v1/vms/${waiting.id}/${action}`, { body: {} });
      expect(answer).toMatchObject({ status: 202, body: { kind: action, status: 'succeeded' } });
      expect((await api.request('GET', `/v1/vms/${waiting.id}`)).body).toMatchObject({
        phase: 'stopped',
        powerState: 'stopped',
        reason: null,
      });
      await tryPendingStarts(api.control);
      expect((await api.request('GET', `/v1/vms/${waiting.id}`)).body.phase).toBe('stopped');
    }
  });
});
