import { v7 as uuidv7 } from 'uuid';
import { describe, expect, it } from 'vitest';
import { policyFleet } from '../../support/policy-fleet.ts';
import { makeVm, startVm } from '../../support/protocol-host.ts';

describe('fleet policies and the pins of VMs', () => {
  const fleet = policyFleet();
  const { made, patch, get, explain, started, label, on } = fleet;
  it('decides for the VMs that it selects and that inherit, by priority', async () => {
    const labels = label();
    const low = await made({ selector: labels, version: '1.0', priority: 1 });
    const high = await made({ selector: { ...labels, zone: 'b' }, version: '1.3', priority: 2 });
    await made({ selector: labels, version: '1.2', priority: 3, enforcement: 'audit' });
    const inherits = await makeVm(fleet.api, fleet.imageId, { labels });
    const zoned = await makeVm(fleet.api, fleet.imageId, { labels: { ...labels, zone: 'b' } });
    const own = await makeVm(fleet.api, fleet.imageId, { labels, psci: { version: '1.1' } });
    const stranger = await makeVm(fleet.api, fleet.imageId);
    expect(inherits.psci).toMatchObject({
      effective: '1.0',
      source: `policy:${low.id}`,
      policyRevision: 1,
      why: expect.stringContaining('gives 1.0'),
    });
    expect(zoned.psci).toMatchObject({ effective: '1.3', source: `policy:${high.id}` });
    expect(own.psci).toMatchObject({ effective: '1.1', source: 'vm', policyRevision: null });
    expect(stranger.psci).toMatchObject({ effective: '1.1', source: 'default' });

    const filter = `label=team:${labels.team}`;
    const list = async (version: string) =>
      (await fleet.api.request('GET', `/v1/vms?${filter}&psciVersion=${version}`)).body.items.map(
        ({ id }: { id: string }) => id,
      );
    expect(await list('1.0')).toEqual([inherits.id]);
    expect(await list('1.3')).toEqual([zoned.id]);
    expect(await list('1.1')).toEqual([own.id]);
    expect((await fleet.api.request('GET', `/v1/psci-policies/${low.id}`)).body.vms).toBe(3);
    // As the fleet summary counts them.
    const { byPsciVersion } = (await fleet.api.request('GET', '/v1/fleet/summary')).body.vms;
    expect(byPsciVersion).toMatchObject({ '1.0': 1, '1.3': 1 });

    const explained = await explain(zoned.id);
    expect(explained.next).toMatchObject({
      version: '1.3',
      source: `policy:${high.id}`,
      policyRevision: 1,
      hosts: { accepting: 1, total: 2 },
    });
    expect(
      explained.candidates.map(({ source, won }: { source: string; won: boolean }) => [source, won]),
    ).toEqual([
      ['kept', false],
      ['vm', false],
      ['sticky', false],
      ['latest', false],
      [expect.stringMatching(/^policy:/), false],
      [`policy:${high.id}`, true],
      [`policy:${low.id}`, false],
      ['default', false],
    ]);
    expect(explained.candidates[4].why).toContain('only audited; it would give 1.2');
  });

  it('sends them where their version is accepted, and the event of the boot says which revision, and why', async () => {
    const labels = label();
    const policy = await made({ name: 'only-new', selector: labels, version: '1.3' });
    const vm = await makeVm(fleet.api, fleet.imageId, { labels });
    const run = await startVm(fleet.api, fleet.recent, vm.id);
    expect(run.spec.psci).toBe('1.3');
    expect((await get(vm.id)).psci).toMatchObject({
      effective: '1.3',
      policyRevision: 1,
      why: 'The policy "only-new" (priority 10, revision 1) gives 1.3.',
    });
    expect((await started(vm.id))[0].pin).toEqual({
      version: '1.3',
      source: `policy:${policy.id}`,
      policyRevision: 1,
      why: 'The policy "only-new" (priority 10, revision 1) gives 1.3.',
    });
    await run.tell(run.poweroff());
    await fleet.api.request('PATCH', `/v1/vms/${vm.id}`, { body: on(fleet.old) });
    expect(await fleet.api.request('POST', `/v1/vms/${vm.id}/start`, { body: {} })).toMatchObject({
      status: 409,
      body: { code: 'PSCI_VERSION_NOT_SUPPORTED' },
    });
  });

  it('changes nothing under a running guest, and takes effect at its next cold boot', async () => {
    const labels = label();
    const policy = await made({ selector: labels, version: '1.3' });
    const vm = await makeVm(fleet.api, fleet.imageId, { labels, ...on(fleet.recent) });
    const run = await startVm(fleet.api, fleet.recent, vm.id);
    const before = await get(vm.id);
    expect((await patch(policy.id, { version: '1.0' }, 1)).status).toBe(200);
    expect(await get(vm.id)).toEqual(before);
    expect((await fleet.recent.assignment(vm.id)).run?.psci).toBe('1.3');
    expect(await explain(vm.id)).toMatchObject({
      effective: '1.3',
      next: { version: '1.0', source: `policy:${policy.id}`, policyRevision: 2 },
    });
    // A reset of the guest is another boot of the same run.
    await run.tell(run.record('reset'));
    run.bootId = uuidv7();
    await run.tell(run.started());
    await run.tell(run.poweroff());
    const again = await startVm(fleet.api, fleet.recent, vm.id);
    expect(again.spec.psci).toBe('1.0');
    expect((await get(vm.id)).psci).toMatchObject({ effective: '1.0', policyRevision: 2 });
    const pins = (await started(vm.id)).map(
      ({ pin }: { pin: { version: string; policyRevision: number } }) => [pin.version, pin.policyRevision],
    );
    expect(pins.sort()).toEqual([
      ['1.0', 2],
      ['1.3', 1],
      ['1.3', 1],
    ]);
    await again.tell(again.poweroff());
    await fleet.api.request('DELETE', `/v1/psci-policies/${policy.id}`);
    expect((await startVm(fleet.api, fleet.recent, vm.id)).spec.psci).toBe('1.1');
  });

  it('does not touch a guest that hibernated, or may have', async () => {
    const labels = label();
    const policy = await made({ selector: labels, version: '1.3' });
    const disks = [{ name: 'root', sizeMiB: 64 }];
    const vm = await makeVm(fleet.api, fleet.imageId, { labels, disks, ...on(fleet.recent) });
    const run = await startVm(fleet.api, fleet.recent, vm.id);
    await run.tell(run.hibernate());
    await patch(policy.id, { version: '1.0' }, 1);
    const again = await startVm(fleet.api, fleet.recent, vm.id);
    expect(again.spec.psci).toBe('1.3');
    const [, resumed] = (await started(vm.id)).sort((a: { id: string }, b: { id: string }) =>
      a.id < b.id ? -1 : 1,
    );
    expect(resumed.pin).toEqual({
      version: '1.3',
      source: `policy:${policy.id}`,
      policyRevision: 1,
      why: 'The guest hibernated under 1.3 and resumes under it.',
    });
  });

  it('gives no pin to a VM whose start came to nothing', async () => {
    const labels = label();
    const vm = await makeVm(fleet.api, fleet.imageId, { labels, ...on(fleet.recent) });
    const run = await startVm(fleet.api, fleet.recent, vm.id);
    await run.tell(run.poweroff());
    const before = (await get(vm.id)).psci;
    expect(before).toMatchObject({ effective: '1.1', source: 'default' });
    const policy = await made({ selector: labels, version: '1.3' });
    const start = () => fleet.api.request('POST', `/v1/vms/${vm.id}/start`, { body: {} });

    expect((await start()).status).toBe(202);
    expect((await get(vm.id)).psci.effective).toBe('1.3');
    expect((await fleet.api.request('POST', `/v1/vms/${vm.id}/kill`, { body: {} })).status).toBe(202);
    expect(await get(vm.id)).toMatchObject({ phase: 'stopped', psci: before });

    const { body: operation } = await start();
    await fleet.recent.run(vm.id);
    await fleet.recent.report(operation.id, 'failed', { code: 'DISK_FULL', detail: 'No room.' });
    expect(await get(vm.id)).toMatchObject({ phase: 'failed', psci: before });
    // So that a policy which keeps what a VM had keeps what a guest has seen.
    await patch(policy.id, { version: 'sticky' }, 1);
    expect((await startVm(fleet.api, fleet.recent, vm.id)).spec.psci).toBe('1.1');
  });

  it('leaves everybody where they are when it becomes sticky', async () => {
    const labels = label();
    const vm = await makeVm(fleet.api, fleet.imageId, { labels, ...on(fleet.recent) });
    const run = await startVm(fleet.api, fleet.recent, vm.id);
    expect(run.spec.psci).toBe('1.1');
    await run.tell(run.poweroff());
    const policy = await made({ selector: labels, version: 'sticky' });
    const again = await startVm(fleet.api, fleet.recent, vm.id);
    expect(again.spec.psci).toBe('1.1');
    expect((await get(vm.id)).psci).toMatchObject({ effective: '1.1', source: `policy:${policy.id}` });
    await again.tell(again.poweroff());
    await patch(policy.id, { version: 'latest' }, 1);
    expect((await startVm(fleet.api, fleet.recent, vm.id)).spec.psci).toBe('1.3');
  });
});
