import { v7 as uuidv7 } from 'uuid';
import { describe, expect, it } from 'vitest';
import { startApi } from '../support/api.ts';
import { addHost } from '../support/hosts.ts';

describe('the fleet summary', () => {
  it('counts hosts', async () => {
    await using own = await startApi();
    await addHost(own.control, { kernel: '6.1.0', psciAccepted: ['1.0', '1.1'] });
    await addHost(own.control, { kernel: '7.3.4', psciAccepted: ['1.1', '1.3'], cordoned: true });
    await addHost(own.control, { kernel: '7.3.4', simulated: true, leaseExpiresAt: new Date(0) });
    const { body } = await own.request('GET', '/v1/fleet/summary');
    expect(body).toEqual({
      vms: { total: 0, byPhase: {}, byPsciVersion: {}, drifted: 0 },
      hosts: {
        total: 3,
        byKernel: { '6.1.0': 1, '7.3.4': 2 },
        byLease: { active: 2, expired: 1 },
        cordoned: 1,
        simulated: 1,
        byPsciAccepted: { '0.2': 1, '1.0': 2, '1.1': 3, '1.3': 1 },
      },
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
      { psciPolicy: 'inherit', psciEffective: '1.1', hostId: seen.id, runId: uuidv7(), phase: 'running' },
      { psciPolicy: 'sticky', psciEffective: '1.0', hostId: seen.id, runId: uuidv7(), phase: 'running' },
      // Its host is silent, so nobody knows.
      { psciPolicy: 'inherit', psciEffective: '1.1', hostId: silent.id, runId: uuidv7(), phase: 'running' },
      // These would get another pin at a cold boot.
      { psciPolicy: 'latest', psciEffective: '1.1', hostId: seen.id, runId: uuidv7(), phase: 'running' },
      {
        psciPolicy: 'pinned',
        psciVersion: '1.3',
        psciEffective: '1.1',
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
    expect((await own.request('GET', '/v1/fleet/summary')).body.vms).toEqual({
      total: 7,
      byPhase: { hibernated: 1, running: 3, stopped: 2, unknown: 1 },
      byPsciVersion: { '1.0': 1, '1.1': 5, unresolved: 1 },
      drifted: 2,
    });
  });
});
