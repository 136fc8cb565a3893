/** Simulated hosts as a process of their own, on the real API. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../peer/runs.ts';
import { startApi, type TestApi } from '../../support/api.ts';
import { makeImage, makeVm } from '../../support/protocol-host.ts';
import { SimProcess } from '../../support/sim-process.ts';
import { temporaryDirectory } from '../../temporary.ts';

interface Seen {
  name: string;
  kernel: string;
  simulated: boolean;
  labels: object;
}

describe('holdfast agent --driver sim', () => {
  let api: TestApi;
  let imageId: string;
  const state = temporaryDirectory();
  beforeAll(async () => {
    api = await startApi();
    imageId = await makeImage(api);
  });
  afterAll(async () => {
    await api[Symbol.asyncDispose]();
    state[Symbol.dispose]();
  });

  const get = async (path: string) => (await api.request('GET', path)).body;
  const kinds = async (vmId: string) =>
    (await get(`/v1/vms/${vmId}/events`)).items.map(
      ({ kind, initiator }: { kind: string; initiator: string }) => `${kind} by ${initiator}`,
    );

  it('makes a fleet that shows as simulated, runs VMs by their scripts, and says after a kill -9 what was lost', async () => {
    const tokens = join(state.path, 'tokens');
    const made = await Promise.all(
      [1, 2, 3].map(async () => (await api.request('POST', '/v1/enrolment-tokens', { body: {} })).body.token),
    );
    writeFileSync(tokens, `${made.join('\n')}\n`);
    const directory = join(state.path, 'hosts');
    const args = ['--api', api.url, '--state', directory, '--count', '3', '--kernel', '5.10,6.1,7.x'];
    await using sim = await SimProcess.start([
      ...args,
      '--enrolment-token-file',
      tokens,
      '--label',
      'zone=s',
    ]);
    const { items: hosts } = await get('/v1/hosts');
    const seen = hosts.map(({ name, kernel, simulated, labels }: never) => ({
      name,
      kernel,
      simulated,
      labels,
    }));
    expect(seen.sort((a: Seen, b: Seen) => (a.name < b.name ? -1 : 1))).toEqual([
      { name: 'sim-1', kernel: '5.10.0-simulated', simulated: true, labels: { zone: 's' } },
      { name: 'sim-2', kernel: '6.1.0-simulated', simulated: true, labels: { zone: 's' } },
      { name: 'sim-3', kernel: '7.3.0-simulated', simulated: true, labels: { zone: 's' } },
    ]);
    expect((await get('/v1/fleet/summary')).hosts.simulated).toBe(3);

    const start = async (fields: object) => {
      const vm = await makeVm(api, imageId, { powerState: 'running', ...fields });
      await until('its start is told', async () => (await kinds(vm.id)).length > 0);
      return vm.id as string;
    };
    const living = await start({ psci: { policy: 'pinned', version: '1.3' } });
    const hibernating = await start({
      psci: { policy: 'pinned', version: '1.3' },
      disks: [{ name: 'swap', sizeMiB: 8 }],
      cmdline: 'sim.hibernate-after=0',
    });
    await until(
      'it has hibernated',
      async () => (await get(`/v1/vms/${hibernating}`)).phase === 'hibernated',
    );
    expect((await get(`/v1/vms/${living}`)).hostId).toBe(hosts.find(({ name }: Seen) => name === 'sim-3').id);

    // A guest that moves, with a disk, and then again when it is off.
    const moving = await start({ psci: { version: '1.1' }, disks: [{ name: 'root', sizeMiB: 8 }] });
    const move = async () => {
      const { hostId: before } = await get(`/v1/vms/${moving}`);
      const { status, body } = await api.request('POST', `/v1/vms/${moving}/migrate`, { body: {} });
      expect(status).toBe(202);
      await until('it has moved', async () => (await get(`/v1/operations/${body.id}`)).finishedAt !== null);
      expect(await get(`/v1/operations/${body.id}`)).toMatchObject({ status: 'succeeded', error: null });
      const { hostId, phase } = await get(`/v1/vms/${moving}`);
      expect(hostId).not.toBe(before);
      return phase;
    };
    expect(await move()).toBe('running');
    await api.request('POST', `/v1/vms/${moving}/stop`, { body: {} });
    await until('it is off', async () => (await get(`/v1/vms/${moving}`)).phase === 'stopped');
    // Its former host may still be clearing up.
    await until('no host has remains', async () => (await api.control.db.vmRemains.count()) === 0);
    expect(await move()).toBe('stopped');
    expect(await kinds(moving)).toEqual([
      ...['started by operator', 'paused by operator', 'saved by operator', 'restored by operator'],
      ...['migrated by operator', 'poweroff by operator', 'migrated by operator'],
    ]);

    await sim.kill();
    await using _ = await SimProcess.start(args);
    await until('it runs again', async () => (await kinds(living)).length === 3);
    expect(await kinds(living)).toEqual(['started by operator', 'lost by host', 'started by policy']);
    expect(await kinds(hibernating)).toEqual(['started by operator', 'hibernate by guest']);
  });
});
