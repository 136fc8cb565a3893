import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type TestApi } from '../../support/api.ts';
import { makeImage, makeVm, ProtocolHost } from '../../support/protocol-host.ts';
import { SimpleGuests } from '../../support/simple-guests.ts';

describe('a drain', () => {
  let api: TestApi;
  let imageId: string;
  beforeAll(async () => {
    api = await startApi();
    imageId = await makeImage(api);
  });
  afterAll(async () => {
    await api[Symbol.asyncDispose]();
  });

  const disks = [{ name: 'root', sizeMiB: 8 }];
  const post = (path: string, body: object = {}) => api.request('POST', path, { body });
  const get = async (path: string) => (await api.request('GET', path)).body;
  const vmOf = (id: string) => get(`/v1/vms/${id}`);
  const enrol = (zone: string) =>
    ProtocolHost.enrol(api, {
      labels: { zone },
      psci: { accepted: ['0.2', '1.0', '1.1', '1.3'], default: '1.3' },
    });
  const make = (zone: string, fields: object = {}) =>
    makeVm(api, imageId, { hostSelector: { zone }, powerState: 'running', ...fields });
  const drainOf = (host: ProtocolHost) => get(`/v1/hosts/${host.id}/drain`);
  const ends = (guests: SimpleGuests, operationId: string) =>
    guests.until('the drain to end', async () => {
      const operation = await get(`/v1/operations/${operationId}`);
      return operation.finishedAt !== null && operation;
    });

  it('stops, hibernates and moves VMs by their rules, and gives back at uncordon what it stopped', async () => {
    const [host, other] = [await enrol('rules'), await enrol('rules')];
    await post(`/v1/hosts/${other.id}/cordon`);
    const guests = new SimpleGuests([host, other]);
    const [stops, sleeps, moves, theirs] = [
      await make('rules'),
      await make('rules', { onDrain: 'hibernate', disks, psci: { version: '1.3' } }),
      await make('rules', { onDrain: 'restart' }),
      await make('rules'),
    ];
    await guests.until('them to run', async () => guests.boots.size === 4);
    await post(`/v1/hosts/${other.id}/uncordon`);
    const { status, body, headers } = await post(`/v1/hosts/${host.id}/drain`);
    expect(status).toBe(202);
    expect(headers.get('location')).toBe(`/v1/operations/${body.id}`);
    expect(body).toMatchObject({ kind: 'drain', hostId: host.id, vmId: null, status: 'running' });
    expect(await get(`/v1/hosts/${host.id}`)).toMatchObject({ cordoned: true });
    expect(await post(`/v1/hosts/${host.id}/drain`)).toMatchObject({
      status: 409,
      body: { code: 'HOST_DRAINING' },
    });
    expect(await post(`/v1/hosts/${host.id}/uncordon`)).toMatchObject({
      status: 409,
      body: { code: 'HOST_DRAINING' },
    });

    expect(await ends(guests, body.id)).toMatchObject({
      status: 'succeeded',
      progress: { total: 4, done: 4 },
    });
    expect((await drainOf(host)).vms).toMatchObject([
      { vmId: stops.id, state: 'stopped' },
      { vmId: sleeps.id, state: 'hibernated' },
      { vmId: moves.id, state: 'moved' },
      { vmId: theirs.id, state: 'stopped' },
    ]);
    expect(await vmOf(sleeps.id)).toMatchObject({ phase: 'hibernated', hibernation: 'yes' });
    await guests.until('it to run there', async () => (await vmOf(moves.id)).phase === 'running');
    expect(await vmOf(moves.id)).toMatchObject({ hostId: other.id });

    // Somebody starts and stops one of them meanwhile: it stays as they left it.
    expect((await post(`/v1/vms/${theirs.id}/start`)).status).toBe(202);
    await guests.until('it to run', async () => (await vmOf(theirs.id)).phase === 'running');
    await post(`/v1/vms/${theirs.id}/stop`);
    await guests.until('it to be off', async () => (await vmOf(theirs.id)).phase === 'stopped');
    await post(`/v1/hosts/${host.id}/uncordon`);
    await guests.until('them to be back', async () =>
      (await Promise.all([stops, sleeps].map(({ id }) => vmOf(id)))).every(
        ({ phase }) => phase === 'running',
      ),
    );
    expect(await vmOf(sleeps.id)).toMatchObject({ hostId: host.id, psci: { effective: '1.3' } });
    expect(await vmOf(theirs.id)).toMatchObject({ phase: 'stopped', powerState: 'stopped' });
    const events = (await get(`/v1/vms/${stops.id}/events`)).items;
    expect(
      events.map(({ kind, initiator }: { kind: string; initiator: string }) => `${kind} by ${initiator}`),
    ).toEqual([...['started by operator', 'poweroff by operator', 'started by policy']]);
  });

  it('fails when guests do not answer or are paused, and ends them with force', async () => {
    const host = await enrol('deaf');
    const guests = new SimpleGuests([host], { answers: (_, { kind }) => kind === 'pause' });
    const [deaf, paused] = [await make('deaf'), await make('deaf', { onDrain: 'hibernate' })];
    await guests.until('them to run', async () => guests.boots.size === 2);
    await post(`/v1/vms/${paused.id}/pause`);
    await guests.until('it to be paused', async () => (await vmOf(paused.id)).phase === 'paused');
    const { body } = await post(`/v1/hosts/${host.id}/drain`, { timeoutSeconds: 5 });
    const failed = await ends(guests, body.id);
    expect(failed).toMatchObject({ status: 'failed', error: { code: 'DRAIN_INCOMPLETE' } });
    expect(failed.error.detail).toContain(deaf.name);
    expect((await drainOf(host)).vms).toMatchObject([
      { vmId: deaf.id, state: 'left', why: expect.stringContaining('did not answer') },
      { vmId: paused.id, state: 'left', why: expect.stringContaining('paused') },
    ]);
    expect(await vmOf(deaf.id)).toMatchObject({ phase: 'running' });
    const forced = await post(`/v1/hosts/${host.id}/drain`, { timeoutSeconds: 5, force: true });
    expect(await ends(guests, forced.body.id)).toMatchObject({ status: 'succeeded' });
    expect(await vmOf(deaf.id)).toMatchObject({ phase: 'stopped' });
    expect(await vmOf(paused.id)).toMatchObject({ phase: 'stopped' });
  });

  it('can be cancelled, and survives its API and a job that is lost', async () => {
    const host = await enrol('cancel');
    const guests = new SimpleGuests([host]);
    const vms = [await make('cancel'), await make('cancel')];
    await guests.until('them to run', async () => guests.boots.size === 2);
    const first = await post(`/v1/hosts/${host.id}/drain`);
    const cancelled = await post(`/v1/operations/${first.body.id}/cancel`);
    expect(cancelled).toMatchObject({ status: 200, body: { status: 'cancelled' } });
    // What was asked before stands; the host stays cordoned until somebody says otherwise.
    expect(await get(`/v1/hosts/${host.id}`)).toMatchObject({ cordoned: true });
    await post(`/v1/hosts/${host.id}/uncordon`);
    await guests.until('them to run', async () =>
      (await Promise.all(vms.map(({ id }) => vmOf(id)))).every(({ phase }) => phase === 'running'),
    );

    const second = await post(`/v1/hosts/${host.id}/drain`);
    await api.stop();
    await api.start();
    // As if the replica that held it had died with it.
    await api.control.pool.query('DELETE FROM holdfast_jobs._private_jobs');
    expect(await ends(guests, second.body.id)).toMatchObject({ status: 'succeeded' });
  });

  it('knows that disks stay where they are', async () => {
    const refused = await api.request('POST', '/v1/vms', {
      body: { name: 'no', vcpus: 1, memoryMiB: 64, imageId, disks, onDrain: 'restart' },
    });
    expect(refused).toMatchObject({ status: 422, body: { code: 'DISKS_STAY' } });
    const [host] = [await enrol('disks')];
    const guests = new SimpleGuests([host]);
    const vm = await make('disks', { disks });
    const patched = await api.request('PATCH', `/v1/vms/${vm.id}`, { body: { onDrain: 'restart' } });
    expect(patched).toMatchObject({ status: 422, body: { code: 'DISKS_STAY' } });
    expect(
      (await api.request('PATCH', `/v1/vms/${vm.id}`, { body: { onDrain: 'hibernate' } })).body,
    ).toMatchObject({
      onDrain: 'hibernate',
    });
    await guests.until('it to run', async () => guests.boots.size === 1);
    const { body } = await post(`/v1/hosts/${host.id}/drain`, { action: 'restart' });
    await ends(guests, body.id);
    expect((await drainOf(host)).vms).toMatchObject([{ action: 'stop', state: 'stopped' }]);
    expect(await get(`/v1/hosts/${(await enrol('none')).id}/drain`)).toMatchObject({
      code: 'DRAIN_NOT_FOUND',
    });
  });
});
