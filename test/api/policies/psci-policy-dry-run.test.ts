import { v7 as uuidv7 } from 'uuid';
import { describe, expect, it } from 'vitest';
import { policyFleet } from '../../support/policy-fleet.ts';
import { makeVm, startVm } from '../../support/protocol-host.ts';
import { countRows } from '../../support/rows.ts';

describe('a fleet policy asked what it would do', () => {
  const fleet = policyFleet();
  const { post, made, patch, get, label, on } = fleet;
  it('lists the VMs whose next boot would change and the hosts that could not run them, and does nothing', async () => {
    const labels = label();
    const disks = [{ name: 'root', sizeMiB: 64 }];
    const cold = await makeVm(fleet.api, fleet.imageId, { labels });
    const bound = await makeVm(fleet.api, fleet.imageId, {
      labels,
      disks,
      psci: { policy: 'inherit' },
      ...on(fleet.old),
    });
    const boundRun = await startVm(fleet.api, fleet.old, bound.id);
    const asleep = await makeVm(fleet.api, fleet.imageId, { labels, disks, ...on(fleet.recent) });
    const asleepRun = await startVm(fleet.api, fleet.recent, asleep.id);
    await asleepRun.tell(asleepRun.poweroff());
    expect((await get(asleep.id)).hibernation).toBe('unknown');
    await makeVm(fleet.api, fleet.imageId, { labels, psci: { version: '1.0' } });
    await makeVm(fleet.api, fleet.imageId);
    const before = await countRows(fleet.api.control);

    const { status, body } = await post({ selector: labels, version: '1.3' }, '?dryRun=true');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      dryRun: true,
      before: null,
      after: { version: '1.3', revision: 1, selector: labels },
      vms: { selected: 4, changing: 2, kept: 1, unplaceable: 1, nextPageToken: null },
      hosts: { affected: 1, versions: [{ version: '1.3', vms: 2, accepting: 1, refusing: 1 }] },
    });
    const found = new Map(body.vms.items.map((item: { vmId: string }) => [item.vmId, item]));
    expect(found.get(cold.id)).toMatchObject({
      from: { version: '1.1', source: 'default' },
      to: { version: '1.3' },
      hostId: null,
      acceptedBy: 1,
    });
    expect(found.get(bound.id)).toMatchObject({ effective: '1.1', hostId: fleet.old.id, acceptedBy: 0 });
    expect(body.hosts.items).toEqual([
      expect.objectContaining({ hostId: fleet.old.id, versions: ['1.3'], vms: 2, placed: 1 }),
    ]);
    expect(await countRows(fleet.api.control)).toEqual(before);
    await boundRun.tell(boundRun.poweroff());
  });

  it('does so for a change and for a deletion, without If-Match, a page at a time', async () => {
    const labels = label();
    const vms: string[] = [];
    for (let i = 0; i < 5; i++) vms.push((await makeVm(fleet.api, fleet.imageId, { labels })).id);
    const policy = await made({ selector: labels, version: '1.0' });
    const path = `/v1/psci-policies/${policy.id}?dryRun=true`;

    const change = await patch(policy.id, { version: '1.2' }, null, '?dryRun=true');
    expect(change).toMatchObject({
      status: 200,
      body: {
        dryRun: true,
        before: { version: '1.0', revision: 1 },
        after: { version: '1.2', revision: 2 },
        vms: { selected: 5, changing: 5 },
      },
    });
    expect((await patch(policy.id, { name: 'renamed' }, null, '?dryRun=true')).body.vms.changing).toBe(0);
    expect((await patch(policy.id, { enforcement: 'audit' }, null, '?dryRun=true')).body.vms.changing).toBe(
      5,
    );
    expect((await patch(policy.id, { version: '1.2' }, 9, '?dryRun=true')).status).toBe(412);

    const seen: string[] = [];
    let query = '';
    for (let pages = 0; pages < 3; pages++) {
      const { body } = await fleet.api.request('DELETE', `${path}&limit=2${query}`);
      expect(body).toMatchObject({ after: null, vms: { changing: 5 } });
      for (const { vmId, to } of body.vms.items) {
        expect(to).toEqual({ version: '1.1', source: 'default' });
        seen.push(vmId);
      }
      query = `&pageToken=${body.vms.nextPageToken}`;
    }
    expect(seen).toEqual(vms);
    expect((await fleet.api.request('GET', `/v1/psci-policies/${policy.id}`)).body).toEqual({
      ...policy,
      vms: 5,
    });
    expect((await fleet.api.request('DELETE', `/v1/psci-policies/${uuidv7()}?dryRun=true`)).status).toBe(404);
  });

  it('counts a selector that moves from some VMs to others', async () => {
    const [here, there] = [label(), label()];
    const left = await makeVm(fleet.api, fleet.imageId, { labels: here });
    const joined = await makeVm(fleet.api, fleet.imageId, { labels: there });
    const policy = await made({ selector: here, version: '1.0' });
    const { body } = await patch(policy.id, { selector: there }, null, '?dryRun=true');
    expect(body.vms).toMatchObject({ selected: 2, changing: 2 });
    expect(body.vms.items).toMatchObject([
      { vmId: left.id, from: { version: '1.0' }, to: { version: '1.1' } },
      { vmId: joined.id, from: { version: '1.1' }, to: { version: '1.0' } },
    ]);
  });
});
