import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type TestApi } from '../../support/api.ts';
import { makeImage, makeVm, ProtocolHost, startVm } from '../../support/protocol-host.ts';
import { SimpleGuests } from '../../support/simple-guests.ts';

/** Short, for guests that boot at once. */
const HEALTH = { bootTimeoutSeconds: 30, upSeconds: 0 };

describe('a rollout', () => {
  let api: TestApi;
  let imageId: string;
  beforeAll(async () => {
    api = await startApi();
    imageId = await makeImage(api);
  });
  afterAll(async () => {
    await api[Symbol.asyncDispose]();
  });

  const post = (path: string, body: object = {}) => api.request('POST', path, { body });
  const get = async (path: string) => (await api.request('GET', path)).body;
  const enrol = (team: string, accepted = ['0.2', '1.0', '1.1']) =>
    ProtocolHost.enrol(api, { labels: { team }, psci: { accepted, default: '1.1' } as never });
  const make = (team: string, fields: object = {}) =>
    makeVm(api, imageId, {
      ...{ labels: { team }, hostSelector: { team } },
      psci: { policy: 'pinned', version: '1.0' },
      ...fields,
    });
  const create = async (team: string, fields: object = {}) => {
    const body = {
      ...{ name: `to-1.1-${team}`, selector: { team }, to: { version: '1.1' }, waves: [{ percent: 100 }] },
      ...{ restart: true, health: HEALTH },
      ...fields,
    };
    const answer = await post('/v1/rollouts', body);
    expect(answer.status, JSON.stringify(answer.body)).toBe(201);
    return answer.body;
  };
  const vmsOf = async (id: string) => (await get(`/v1/rollouts/${id}/vms`)).items;
  const kindsOf = async (id: string): Promise<string[]> =>
    (await get(`/v1/rollouts/${id}/events?limit=200`)).items
      .map(({ kind }: { kind: string }) => kind)
      .reverse();
  const ends = (guests: SimpleGuests, id: string, status: string) =>
    guests.until(`rollout to be ${status}`, async () => {
      const rollout = await get(`/v1/rollouts/${id}`);
      return rollout.status === status && rollout;
    });

  it('moves running VMs wave by wave, each by a cold boot, and says every step', async () => {
    const guests = new SimpleGuests([await enrol('waves')]);
    const vms = [await make('waves'), await make('waves'), await make('waves')];
    for (const vm of vms) await post(`/v1/vms/${vm.id}/start`);
    await guests.until('them to run', async () => guests.boots.size === 3);
    const rollout = await create('waves', { waves: [{ count: 1, soakSeconds: 1 }, { percent: 100 }] });
    expect(rollout).toMatchObject({ status: 'running', vms: 3, waves: [{ vms: 1 }, { vms: 2 }] });
    const done = await ends(guests, rollout.id, 'succeeded');
    expect(done).toMatchObject({ states: { healthy: 3 }, failures: 0, finishedAt: expect.any(String) });
    for (const vm of vms) {
      expect(guests.boots.get(vm.id)).toEqual(['1.0', '1.1']);
      expect(await get(`/v1/vms/${vm.id}`)).toMatchObject({
        ...{ phase: 'running', psci: { policy: 'pinned', version: '1.1', effective: '1.1', source: 'vm' } },
      });
    }
    const kinds = await kindsOf(rollout.id);
    expect(kinds.slice(0, 2)).toEqual(['created', 'waveStarted']);
    const moved = ['vmStopAsked', 'vmChanged', 'vmStartAsked', 'vmBooted', 'vmHealthy'];
    expect(kinds.slice(2, 9)).toEqual([...moved, 'waveDone', 'waveStarted']);
    expect(kinds.slice(-2)).toEqual(['waveDone', 'succeeded']);
    const [vm] = vms;
    const events = (await get(`/v1/vms/${vm.id}/events`)).items;
    expect(
      events.map(({ kind, initiator }: { kind: string; initiator: string }) => `${kind} by ${initiator}`),
    ).toEqual([...['started by operator', 'poweroff by policy', 'started by policy']]);
    const operations = (await get(`/v1/operations?vmId=${vm.id}`)).items;
    expect(operations[0]).toMatchObject({ kind: 'start', requestedBy: `rollout:${rollout.id}` });
  });

  it('halts and gives every VM back what it had when too many fail, those that failed first', async () => {
    const host = await enrol('halt');
    const guests = new SimpleGuests([host]);
    const vms = [await make('halt'), await make('halt', { psci: { policy: 'sticky' } }), await make('halt')];
    for (const vm of vms) await post(`/v1/vms/${vm.id}/start`);
    await guests.until('them to run', async () => guests.boots.size === 3);
    const [, second, third] = vms;
    // The second has 1.1 of its host and is sticky; the third will not have 1.0 again but by the rollback.
    guests.behaviour = {
      boot: ({ vmId, psci }) => (vmId === third.id && psci === '1.1' ? 'powers off' : 'runs'),
    };
    const rollout = await create('halt', { waves: [{ count: 2 }, { count: 1 }] });
    const done = await ends(guests, rollout.id, 'rolledBack');
    expect(done).toMatchObject({
      failures: 1,
      states: { reverted: 3 },
      reason: expect.stringContaining('1 of its VMs'),
    });
    expect(await vmsOf(rollout.id)).toMatchObject([
      { state: 'reverted', failure: null, former: { policy: 'pinned', version: '1.0' } },
      { state: 'reverted', failure: null, former: { policy: 'sticky', version: null } },
      { state: 'reverted', failure: expect.stringContaining('poweroff') },
    ]);
    expect(guests.boots.get(third.id)).toEqual(['1.0', '1.1', '1.0']);
    for (const vm of vms) expect((await get(`/v1/vms/${vm.id}`)).phase).toBe('running');
    expect((await get(`/v1/vms/${third.id}`)).psci).toMatchObject({ version: '1.0', effective: '1.0' });
    expect((await get(`/v1/vms/${second.id}`)).psci).toMatchObject({ policy: 'sticky', source: 'sticky' });
    expect(await kindsOf(rollout.id)).toEqual(
      expect.arrayContaining(['vmFailed', 'halted', 'vmReverted', 'rolledBack']),
    );
  });

  it('tolerates as many failures as it may, and turns those VMs back', async () => {
    const guests = new SimpleGuests([await enrol('some')]);
    const vms = [await make('some'), await make('some'), await make('some'), await make('some')];
    for (const vm of vms) await post(`/v1/vms/${vm.id}/start`);
    await guests.until('them to run', async () => guests.boots.size === 4);
    const ways: Record<string, 'resets' | 'fails' | 'hangs'> = {
      ...{ [vms[0].id]: 'resets', [vms[1].id]: 'fails', [vms[2].id]: 'hangs' },
    };
    guests.behaviour = { boot: ({ vmId, psci }) => (psci === '1.1' ? (ways[vmId] ?? 'runs') : 'runs') };
    const rollout = await create('some', {
      ...{ failureThreshold: 3, maxUnavailable: 2, health: { bootTimeoutSeconds: 8, upSeconds: 0 } },
    });
    expect(await ends(guests, rollout.id, 'succeeded')).toMatchObject({ failures: 3 });
    const states = await vmsOf(rollout.id);
    expect(states.map(({ state }: { state: string }) => state)).toEqual([
      'reverted',
      'reverted',
      'reverted',
      'healthy',
    ]);
    expect(states[0].failure).toMatch(/reset/);
    expect(states[1].failure).toMatch(/could not be started.*no such thing/);
    expect(states[2].failure).toMatch(/did not run/);
    for (const { vmId } of states.slice(0, 3)) {
      expect(guests.boots.get(vmId)?.at(-1)).toBe('1.0');
      expect(await get(`/v1/vms/${vmId}`)).toMatchObject({ phase: 'running', psci: { version: '1.0' } });
    }
  });

  it('skips and lists what it must not touch', async () => {
    const host = await enrol('skip', ['0.2', '1.0', '1.1', '1.3']);
    const disks = [{ name: 'root', sizeMiB: 8 }];
    const at13 = { psci: { policy: 'pinned', version: '1.3' }, disks };
    const [hibernated, maybe, same, off] = [
      await make('skip', at13),
      await make('skip', { ...at13, psci: { policy: 'pinned', version: '1.1' } }),
      await make('skip', { psci: { version: '1.0' } }),
      await make('skip', at13),
    ];
    const asleep = await startVm(api, host, hibernated.id);
    await asleep.tell(asleep.hibernate());
    const gone = await startVm(api, host, maybe.id);
    await gone.tell(gone.poweroff());
    expect(await get(`/v1/vms/${maybe.id}`)).toMatchObject({ hibernation: 'unknown' });
    const guests = new SimpleGuests([host]);
    const rollout = await create('skip', { to: { version: '1.0' } });
    const before = [await get(`/v1/vms/${hibernated.id}`), await get(`/v1/vms/${maybe.id}`)];
    await ends(guests, rollout.id, 'succeeded');
    expect(await vmsOf(rollout.id)).toMatchObject([
      { vmId: hibernated.id, wave: null, state: 'skipped', why: expect.stringContaining('hibernated') },
      { vmId: maybe.id, wave: null, state: 'skipped', why: expect.stringContaining('not known') },
      { vmId: same.id, wave: null, state: 'skipped', why: expect.stringContaining('already') },
      { vmId: off.id, wave: 0, state: 'set' },
    ]);
    expect([await get(`/v1/vms/${hibernated.id}`), await get(`/v1/vms/${maybe.id}`)]).toEqual(before);
    expect(await get(`/v1/vms/${off.id}`)).toMatchObject({ phase: 'stopped', psci: { version: '1.0' } });

    // A rollback of one that has succeeded: what is off is turned back in its row.
    expect((await post(`/v1/rollouts/${rollout.id}/rollback`)).body).toMatchObject({ status: 'rollingBack' });
    await ends(guests, rollout.id, 'rolledBack');
    expect(await get(`/v1/vms/${off.id}`)).toMatchObject({ phase: 'stopped', psci: { version: '1.3' } });
  });

  it('leaves running a guest that does not power off, and a VM that no host could run', async () => {
    const guests = new SimpleGuests([await enrol('stay')], { answers: () => false });
    const vm = await make('stay');
    await post(`/v1/vms/${vm.id}/start`);
    await guests.until('it to run', async () => guests.boots.size === 1);
    const deaf = await create('stay');
    await ends(guests, deaf.id, 'succeeded');
    expect(await vmsOf(deaf.id)).toMatchObject([
      { state: 'skipped', why: expect.stringContaining('did not answer') },
    ]);
    const nowhere = await create('stay', { to: { version: '1.3' } });
    await ends(guests, nowhere.id, 'succeeded');
    expect(await vmsOf(nowhere.id)).toMatchObject([
      { state: 'skipped', why: expect.stringContaining('accepts PSCI 1.3') },
    ]);
    expect(guests.boots.get(vm.id)).toEqual(['1.0']);
    expect(await get(`/v1/vms/${vm.id}`)).toMatchObject({ phase: 'running', psci: { version: '1.0' } });
  });

  it('without restart changes VMs when somebody boots them, and not when they resume', async () => {
    const host = await enrol('later');
    const guests = new SimpleGuests([host]);
    const [vm, idle] = [await make('later'), await make('later')];
    for (const one of [vm, idle]) await post(`/v1/vms/${one.id}/start`);
    await guests.until('them to run', async () => guests.boots.size === 2);
    const rollout = await create('later', { restart: false });
    await guests.until('them to be armed', async () =>
      (await vmsOf(rollout.id)).every(({ state }: { state: string }) => state === 'armed'),
    );
    expect(await get(`/v1/vms/${vm.id}`)).toMatchObject({ phase: 'running', psci: { version: '1.0' } });
    await post(`/v1/vms/${vm.id}/stop`);
    await guests.until('it to be off', async () => (await get(`/v1/vms/${vm.id}`)).phase === 'stopped');
    await post(`/v1/vms/${vm.id}/start`);
    await guests.until('it to be healthy', async () => (await vmsOf(rollout.id))[0].state === 'healthy');
    expect(guests.boots.get(vm.id)).toEqual(['1.0', '1.1']);
    expect(guests.boots.get(idle.id)).toEqual(['1.0']);

    // Rolled back: the one goes back when it is next booted, the other was never touched.
    await post(`/v1/rollouts/${rollout.id}/rollback`);
    await ends(guests, rollout.id, 'rolledBack');
    expect((await vmsOf(rollout.id)).map(({ state }: { state: string }) => state)).toEqual([
      'revertAtBoot',
      'skipped',
    ]);
    await post(`/v1/vms/${vm.id}/stop`);
    await guests.until('it to be off', async () => (await get(`/v1/vms/${vm.id}`)).phase === 'stopped');
    await post(`/v1/vms/${vm.id}/start`);
    await guests.until('it to run', async () => (await get(`/v1/vms/${vm.id}`)).phase === 'running');
    expect(guests.boots.get(vm.id)).toEqual(['1.0', '1.1', '1.0']);
  });

  it('pauses and goes on; a VM that is under way is not left off', async () => {
    const guests = new SimpleGuests([await enrol('pause')]);
    const vms = [await make('pause'), await make('pause')];
    for (const vm of vms) await post(`/v1/vms/${vm.id}/start`);
    await guests.until('them to run', async () => guests.boots.size === 2);
    const rollout = await create('pause');
    await guests.until('the first to be asked', async () =>
      (await kindsOf(rollout.id)).includes('vmStopAsked'),
    );
    expect((await post(`/v1/rollouts/${rollout.id}/pause`)).body).toMatchObject({ status: 'paused' });
    expect(await post(`/v1/rollouts/${rollout.id}/pause`)).toMatchObject({
      status: 409,
      body: { code: 'ROLLOUT_STATUS' },
    });
    await guests.until(
      'the first to be healthy',
      async () => (await vmsOf(rollout.id))[0].state === 'healthy',
    );
    expect((await vmsOf(rollout.id))[1]).toMatchObject({ state: 'waiting' });
    expect((await post(`/v1/rollouts/${rollout.id}/resume`)).body).toMatchObject({ status: 'running' });
    await ends(guests, rollout.id, 'succeeded');
  });

  it('asks a probe whether the guest is well', async () => {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url ?? '');
      response.writeHead(request.url?.includes(well.name) === true ? 204 : 500).end();
    });
    const [well, ill] = [await make('probe'), await make('probe')];
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/{name}`;
    const guests = new SimpleGuests([await enrol('probe')]);
    for (const vm of [well, ill]) await post(`/v1/vms/${vm.id}/start`);
    await guests.until('them to run', async () => guests.boots.size === 2);
    const health = { bootTimeoutSeconds: 8, upSeconds: 0, probe: { http: { url } } };
    const { token } = (await post('/v1/tokens', { name: 'prober', role: 'operator' })).body;
    const body = {
      name: 'probed',
      selector: { team: 'probe' },
      to: { version: '1.1' },
      waves: [{ count: 2 }],
      health,
    };
    expect((await api.request('POST', '/v1/rollouts', { token, body })).status).toBe(403);
    const rollout = await create('probe', { health, failureThreshold: 1 });
    await ends(guests, rollout.id, 'succeeded');
    server.close();
    expect(await vmsOf(rollout.id)).toMatchObject([
      { state: 'healthy' },
      { state: 'reverted', failure: expect.stringContaining('probe') },
    ]);
    expect(new Set(asked)).toEqual(new Set([`/${well.name}`, `/${ill.name}`]));
  });

  it('is refused where it selects nothing or is insecure, and takes no VM of another', async () => {
    const body = {
      name: 'none',
      selector: { team: 'nobody' },
      to: { version: '1.1' },
      waves: [{ count: 1 }],
    };
    expect(await post('/v1/rollouts', body)).toMatchObject({
      status: 422,
      body: { code: 'ROLLOUT_SELECTS_NOTHING' },
    });
    expect(await post('/v1/rollouts', { ...body, to: { version: '0.2' } })).toMatchObject({
      ...{ status: 422, body: { code: 'PSCI_VERSION_INSECURE' } },
    });
    expect(await post('/v1/rollouts', { ...body, waves: [] })).toMatchObject({ status: 400 });
    expect(await post('/v1/rollouts', { ...body, waves: [{ percent: 10, count: 1 }] })).toMatchObject({
      status: 400,
    });
    const host = await enrol('twice');
    await startVm(api, host, (await make('twice')).id);
    const first = await create('twice', { restart: false });
    const second = await create('twice', { name: 'second', to: { policy: 'latest' } });
    expect(await vmsOf(second.id)).toMatchObject([
      { state: 'skipped', why: expect.stringContaining(first.name) },
    ]);
  });
});
