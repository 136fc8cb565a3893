import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type TestApi } from '../../support/api.ts';
import { makeImage, makeVm, ProtocolHost, startVm } from '../../support/protocol-host.ts';

describe('a host that is declared lost', () => {
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
  const get = async (vmId: string) => (await api.request('GET', `/v1/vms/${vmId}`)).body;
  const silence = (host: ProtocolHost) =>
    api.control.pool.query('UPDATE hosts SET lease_expires_at = now() WHERE id = $1', [host.id]);
  /** A host that nobody else's VMs are placed on. */
  const enrol = async (zone: string) => ProtocolHost.enrol(api, { labels: { zone } });
  const on = (zone: string, fields: object = {}) =>
    makeVm(api, imageId, { hostSelector: { zone }, ...fields });

  it('is not one while its lease is alive', async () => {
    const host = await enrol('alive');
    const vm = await on('alive');
    await startVm(api, host, vm.id);
    const refused = await post(`/v1/hosts/${host.id}/declare-lost`);
    expect(refused).toMatchObject({ status: 409, body: { code: 'HOST_NOT_SILENT' } });
    expect(await get(vm.id)).toMatchObject({ phase: 'running' });
    expect((await api.request('GET', `/v1/hosts/${host.id}`)).body).toMatchObject({
      ...{ cordoned: false, lostAt: null },
    });
  });

  it('takes an admin, and leaves an entry in the audit', async () => {
    const host = await enrol('audited');
    await silence(host);
    const { body: operator } = await post('/v1/tokens', { name: 'hands', role: 'operator' });
    const path = `/v1/hosts/${host.id}/declare-lost`;
    expect((await api.request('POST', path, { token: operator.token, body: {} })).status).toBe(403);
    expect((await post(path)).body).toMatchObject({ cordoned: true, lostAt: expect.any(String) });
    const { items } = (await api.request('GET', '/v1/audit?limit=200')).body;
    expect(JSON.stringify(items)).toContain(path);
  });

  it('has lost its runs, whose VMs can be deleted, or started elsewhere with blank disks when that is asked for', async () => {
    const host = await enrol('gone');
    const [kept, dropped, diskless, waiting] = [
      await on('gone', { disks }),
      await on('gone', { disks }),
      await on('gone'),
      await on('gone', { disks }),
    ];
    const run = await startVm(api, host, kept.id);
    for (const vm of [dropped, diskless]) await startVm(api, host, vm.id);
    const start = await post(`/v1/vms/${waiting.id}/start`);
    const stop = await post(`/v1/vms/${kept.id}/stop`);
    await silence(host);
    expect(await get(kept.id)).toMatchObject({ phase: 'unknown' });
    expect((await post(`/v1/hosts/${host.id}/declare-lost`)).status).toBe(200);

    for (const vm of [kept, dropped, diskless, waiting]) {
      const found = await get(vm.id);
      expect(found).toMatchObject({ phase: 'failed', reason: expect.stringContaining('declared lost') });
    }
    const operation = async (id: string) => (await api.request('GET', `/v1/operations/${id}`)).body;
    expect(await operation(stop.body.id)).toMatchObject({ status: 'succeeded' });
    expect(await operation(start.body.id)).toMatchObject({ status: 'failed', error: { code: 'HOST_LOST' } });
    const events = async (id: string) => (await api.request('GET', `/v1/vms/${id}/events`)).body.items;
    expect((await events(kept.id)).at(-1)).toMatchObject({ kind: 'lost', initiator: 'operator' });
    expect(await events(waiting.id)).toEqual([]);

    expect((await api.request('DELETE', `/v1/vms/${dropped.id}`)).body).toMatchObject({
      status: 'succeeded',
    });

    const other = await ProtocolHost.enrol(api, { labels: { zone: 'gone' } });
    expect((await post(`/v1/vms/${diskless.id}/start`, { freshDisks: true })).body.code).toBe(
      'DISKS_NOT_LOST',
    );
    expect((await post(`/v1/vms/${diskless.id}/start`)).status).toBe(202);
    const refused = await post(`/v1/vms/${kept.id}/start`);
    expect(refused).toMatchObject({ status: 409, body: { code: 'NO_HOST_AVAILABLE' } });
    expect(refused.body.detail).toMatch(/freshDisks/);
    expect((await post(`/v1/vms/${kept.id}/start`, { freshDisks: true })).status).toBe(202);
    const again = await other.run(kept.id);
    await again.tell(again.started());
    expect(await get(kept.id)).toMatchObject({ phase: 'running', hostId: other.id, reason: null });

    // The host comes back after all: nothing of this is its own any more, and what it tells is only recorded.
    expect((await host.heartbeat()).status).toBe(200);
    const { vms } = await host.assignments();
    expect(vms.map(({ vmId, run }) => ({ vmId, run }))).toEqual([{ vmId: waiting.id, run: null }]);
    await run.tell(run.poweroff());
    expect((await events(kept.id)).map(({ kind }: { kind: string }) => kind)).toEqual([
      ...['started', 'lost', 'started', 'poweroff'],
    ]);
    expect(await get(kept.id)).toMatchObject({ phase: 'running', hostId: other.id });
    const back = (await api.request('GET', `/v1/hosts/${host.id}`)).body;
    expect(back).toMatchObject({ cordoned: true, lostAt: null, lease: { state: 'active' } });
  });
});
