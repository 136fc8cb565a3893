import { v4 as uuidv4, v7 as uuidv7 } from 'uuid';
import { describe, expect, it } from 'vitest';
import { storeFingerprint } from '../../../src/control/hosts/fingerprints.ts';
import { startApi } from '../../support/api.ts';
import { addHost } from '../../support/hosts.ts';

describe('the fleet summary', () => {
  it('counts hosts', async () => {
    await using own = await startApi();
    await addHost(own.control, { kernel: '6.1.0', psciAccepted: ['1.0', '1.1'] });
    await addHost(own.control, { kernel: '7.3.4', psciAccepted: ['1.1', '1.3'], cordoned: true });
    await addHost(own.control, { kernel: '7.3.4', simulated: true, leaseExpiresAt: new Date(0) });
    const { body } = await own.request('GET', '/v1/fleet/summary');
    expect(body).toEqual({
      vms: {
        total: 0,
        byPhase: {},
        byPsciVersion: {},
        drifted: 0,
        matrix: [
          { psciVersion: '0.2', kernel: '7.3.4', vms: 0, acceptingHosts: 1 },
          { psciVersion: '1.0', kernel: '6.1.0', vms: 0, acceptingHosts: 1 },
          { psciVersion: '1.0', kernel: '7.3.4', vms: 0, acceptingHosts: 1 },
          { psciVersion: '1.1', kernel: '6.1.0', vms: 0, acceptingHosts: 1 },
          { psciVersion: '1.1', kernel: '7.3.4', vms: 0, acceptingHosts: 2 },
          { psciVersion: '1.3', kernel: '7.3.4', vms: 0, acceptingHosts: 1 },
        ],
      },
      hosts: {
        total: 3,
        byKernel: { '6.1.0': 1, '7.3.4': 2 },
        byLease: { active: 2, expired: 1 },
        cordoned: 1,
        simulated: 1,
        byPsciAccepted: { '0.2': 1, '1.0': 2, '1.1': 3, '1.3': 1 },
      },
      drift: { latest: 0, thinlyAccepted: 0, fingerprintChanged: 0 },
    });
  });

  it('counts VMs by what clients see of them', async () => {
    await using own = await startApi();
    const { host: seen } = await addHost(own.control, {
      psciAccepted: ['1.0', '1.1', '1.3'],
      psciDefault: '1.3',
    });
    const { host: silent } = await addHost(own.control, { leaseExpiresAt: new Date(0) });
    const image = { id: uuidv7(), name: 'image', kernelDigest: '' };
    await own.control.db.image.create({ data: image });
    const vms = [
      { psciPolicy: 'inherit' },
      { psciPolicy: 'sticky' },
      {
        psciPolicy: 'inherit',
        psciEffective: '1.1',
        psciSource: 'default',
        hostId: seen.id,
        runId: uuidv7(),
        phase: 'running',
      },
      {
        psciPolicy: 'sticky',
        psciEffective: '1.0',
        psciSource: 'sticky',
        hostId: seen.id,
        runId: uuidv7(),
        phase: 'running',
      },
      // Its host is silent, so nobody knows.
      {
        psciPolicy: 'inherit',
        psciEffective: '1.1',
        psciSource: 'default',
        hostId: silent.id,
        runId: uuidv7(),
        phase: 'running',
      },
      // These would get another pin at a cold boot.
      {
        psciPolicy: 'latest',
        psciEffective: '1.1',
        psciSource: 'latest',
        hostId: seen.id,
        runId: uuidv7(),
        phase: 'running',
      },
      {
        psciPolicy: 'pinned',
        psciVersion: '1.3',
        psciEffective: '1.1',
        psciSource: 'vm',
        hostId: seen.id,
        phase: 'hibernated',
      },
    ];
    for (const [index, fields] of vms.entries()) {
      await own.control.db.vm.create({
        data: {
          id: uuidv7(),
          name: `vm-${index}`,
          vcpus: 1,
          memoryMiB: 64,
          imageId: image.id,
          onGuest: {},
          ...fields,
        },
      });
    }
    const { body } = await own.request('GET', '/v1/fleet/summary');
    expect(body.vms).toMatchObject({
      total: 7,
      byPhase: { hibernated: 1, running: 3, stopped: 2, unknown: 1 },
      byPsciVersion: { '1.0': 1, '1.1': 5, unresolved: 1 },
      drifted: 2,
    });
    const on = (kernel: string | null) =>
      body.vms.matrix
        .filter((cell: { kernel: string | null; vms: number }) => cell.kernel === kernel && cell.vms > 0)
        .map(({ psciVersion, vms }: { psciVersion: string | null; vms: number }) => [psciVersion, vms]);
    expect(on(seen.kernel)).toEqual([
      ['1.0', 1],
      ['1.1', 4],
    ]);
    expect(on(null)).toEqual([
      ['1.1', 1],
      [null, 1],
    ]);
    expect(body.drift).toMatchObject({ latest: 1, thinlyAccepted: 0 });
  });

  it('counts what a kernel upgrade would move, or could', async () => {
    await using own = await startApi();
    const { host } = await addHost(own.control, { psciAccepted: ['1.0', '1.1', '1.3'], psciDefault: '1.3' });
    await addHost(own.control, { psciAccepted: ['1.0', '1.1'] });
    await addHost(own.control, { psciAccepted: ['1.0', '1.1', '1.3'], lostAt: new Date() });
    const image = { id: uuidv7(), name: 'image', kernelDigest: '' };
    await own.control.db.image.create({ data: image });
    const vms = [
      // Follows its host by a fleet policy, as yet under the default.
      {
        labels: { team: 'a' },
        psciPolicy: 'inherit',
        psciEffective: '1.1',
        psciSource: 'default',
        hostId: host.id,
      },
      { labels: { team: 'a' }, psciPolicy: 'inherit' },
      { psciPolicy: 'pinned', psciVersion: '1.3', hostId: host.id },
      { psciPolicy: 'pinned', psciVersion: '1.2' },
      { psciPolicy: 'inherit' },
    ];
    for (const [index, fields] of vms.entries()) {
      const rest = { vcpus: 1, memoryMiB: 64, imageId: image.id, onGuest: {} };
      await own.control.db.vm.create({ data: { id: uuidv7(), name: `vm-${index}`, ...rest, ...fields } });
    }
    const policy = { name: 'follow', selector: { team: 'a' }, version: 'latest', priority: 1 };
    await own.request('POST', '/v1/psci-policies', { body: policy });
    const answers = (value: string) => ({
      '1.1': { answers: { 'PSCI_VERSION 32': value }, systemSuspend: null, services: {} },
    });
    const boots = [
      [uuidv4(), '0x10001'],
      [host.bootId, '0xffffffffffffffff'],
    ] as const;
    for (const [bootId, value] of boots) {
      const { kernel } = host;
      await storeFingerprint(own.control, host.id, { kernel, bootId, suite: 1, versions: answers(value) });
    }
    const { body } = await own.request('GET', '/v1/fleet/summary');
    expect(body.vms).toMatchObject({
      byPsciVersion: { '1.1': 2, '1.2': 1, '1.3': 1, unresolved: 1 },
      drifted: 1,
    });
    expect(body.drift).toEqual({ latest: 2, thinlyAccepted: 2, fingerprintChanged: 1 });
    expect(body.vms.matrix).toContainEqual({
      psciVersion: '1.1',
      kernel: host.kernel,
      vms: 1,
      acceptingHosts: 2,
    });
    expect(body.vms.matrix).toContainEqual({ psciVersion: null, kernel: null, vms: 1, acceptingHosts: 0 });

    const drift = async (kind: string, more = '') =>
      (await own.request('GET', `/v1/fleet/drift?kind=${kind}${more}`)).body;
    expect((await drift('due')).items).toMatchObject([
      { name: 'vm-0', hostId: host.id, psciVersion: '1.1', next: { version: '1.3' }, acceptingHosts: 2 },
    ]);
    expect((await drift('latest')).items.map(({ name }: { name: string }) => name)).toEqual(['vm-0', 'vm-1']);
    const first = await drift('thinlyAccepted', '&limit=1');
    expect(first.items).toMatchObject([{ name: 'vm-2', psciVersion: '1.3', acceptingHosts: 1 }]);
    const rest = await drift('thinlyAccepted', `&limit=1&pageToken=${first.nextPageToken}`);
    expect(rest).toMatchObject({ items: [{ name: 'vm-3', acceptingHosts: 0 }], nextPageToken: null });
  });
});
