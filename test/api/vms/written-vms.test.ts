import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { presentVm } from '../../../src/api/present/vm.ts';
import { WrittenVms } from '../../../src/api/present/written-vms.ts';
import { readsBy } from '../../../src/control/control.ts';
import { findVm, listVmVersions, type VmFilter } from '../../../src/control/vms/vm-query.ts';
import { startApi, type TestApi } from '../../support/api.ts';
import { makeImage, makeVm, ProtocolHost, startVm } from '../../support/protocol-host.ts';

const FINGERPRINT = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../fixtures/fingerprints/6.1.json'), 'utf8'),
) as object;

describe('VMs that were written before', () => {
  let api: TestApi;
  let imageId: string;
  beforeAll(async () => {
    api = await startApi();
    imageId = await makeImage(api);
  });
  afterAll(async () => {
    await api[Symbol.asyncDispose]();
  });

  const sql = (text: string, values: unknown[] = []) => api.control.pool.query(text, values);

  /** What is answered, alone and in a list, each asked for twice. */
  async function answers(vmId: string): Promise<unknown[]> {
    const found: unknown[] = [];
    for (let time = 0; time < 2; time++) {
      found.push((await api.request('GET', `/v1/vms/${vmId}`)).body);
      found.push(...(await api.request('GET', `/v1/vms?id=${vmId}`)).body.items);
    }
    return found;
  }

  async function asItIs(vmId: string): Promise<unknown> {
    const vm = await findVm(api.control.db, vmId);
    return vm === null ? null : JSON.parse(JSON.stringify(presentVm(vm)));
  }

  it('are answered as they are, whatever it was that changed', async () => {
    const zone = `a-${Date.now()}`;
    const host = await ProtocolHost.enrol(api, { labels: { zone } });
    const { id } = await makeVm(api, imageId, { hostSelector: { zone } });
    const run = await startVm(api, host, id);
    await run.tell(run.record('started', { hostBootId: host.facts.bootId }));
    const isSilent =
      "UPDATE hosts SET lease_expires_at = now() - interval '1 minute', last_seen_at = $2 WHERE id = $1";
    const changes: Record<string, () => Promise<unknown>> = {
      'an event': () => run.tell(run.record('paused')),
      'a patch': () => api.request('PATCH', `/v1/vms/${id}`, { body: { labels: { team: 'a' } } }),
      'the fingerprint of its host': () =>
        host.request('PUT', '/agent/v1/fingerprint', {
          body: { kernel: host.facts.kernel, bootId: host.facts.bootId, ...FINGERPRINT },
        }),
      'the silence of its host': () => sql(isSilent, [host.id, '2026-01-01T00:00:00Z']),
      'how long it has been silent': () => sql(isSilent, [host.id, '2026-01-01T00:01:00Z']),
      'a word of its host': () => host.heartbeat(),
      'a row without another revision': () => sql("UPDATE vms SET reason = 'so' WHERE id = $1", [id]),
    };
    let before = await asItIs(id);
    expect(await answers(id)).toEqual([before, before, before, before]);
    for (const [what, change] of Object.entries(changes)) {
      await change();
      const now = await asItIs(id);
      expect(now, what).not.toEqual(before);
      expect(await answers(id), what).toEqual([now, now, now, now]);
      before = now;
    }
  });

  it('show the pin of their first start as the policies have it', async () => {
    const team = `b-${Date.now()}`;
    const { id } = await makeVm(api, imageId, { labels: { team } });
    const pins: unknown[] = [];
    const look = async (): Promise<void> => {
      const now = await asItIs(id);
      expect(await answers(id)).toEqual([now, now, now, now]);
      pins.push((now as { psci: { effective: string } }).psci.effective);
    };
    await look();
    const policy = { name: team, selector: { team }, priority: 1, enforcement: 'enforce' };
    const { body, headers } = await api.request('POST', '/v1/psci-policies', {
      body: { ...policy, version: '1.0' },
    });
    await look();
    const ifMatch = { 'if-match': headers.get('etag') ?? '' };
    await api.request('PATCH', `/v1/psci-policies/${body.id}`, {
      body: { version: '1.3' },
      headers: ifMatch,
    });
    await look();
    expect(pins).toEqual(['1.1', '1.0', '1.3']);

    expect((await api.request('DELETE', `/v1/vms/${id}`)).status).toBe(202);
    await expect.poll(async () => (await api.request('GET', `/v1/vms/${id}`)).status).toBe(404);
    expect((await api.request('GET', `/v1/vms?id=${id}`)).body.items).toEqual([]);
  });

  it('are written once for all reads between two changes, and left out of a page that they leave meanwhile', async () => {
    const hostSelector = { zone: `b-${Date.now()}` };
    const host = await ProtocolHost.enrol(api, { labels: hostSelector });
    const [one, two] = [
      await makeVm(api, imageId, { hostSelector }),
      await makeVm(api, imageId, { hostSelector }),
    ];
    for (const { id } of [one, two]) {
      await startVm(api, host, id);
    }
    let written = 0;
    const vms = new WrittenVms({ ...api.control, reads: readsBy(api.control.pool) }, (vm) => {
      written += 1;
      return JSON.stringify(vm);
    });
    const ids = [one.id, two.id];
    const filter: VmFilter = {
      ...{ ids, labels: [], phase: 'running', hostId: null, psciVersion: null, kernel: null, search: null },
    };
    const look = async () => {
      const items = await listVmVersions(api.control.pool, filter, { afterId: null, limit: 10 });
      return { items, nextPageToken: null };
    };
    const idsOf = (page: string) => JSON.parse(page).items.map(({ id }: { id: string }) => id);
    expect(idsOf(await vms.page(await look(), filter))).toEqual(ids);
    expect(written).toBe(2);
    expect(idsOf(await vms.page(await look(), filter))).toEqual(ids);
    expect(JSON.parse((await vms.find(one.id)).json)).toEqual(await asItIs(one.id));
    expect(written).toBe(2);

    await sql('UPDATE vms SET revision = revision + 1 WHERE id = $1', [two.id]);
    const before = await look();
    await sql("UPDATE vms SET phase = 'paused' WHERE id = $1", [two.id]);
    expect(idsOf(await vms.page(before, filter))).toEqual([one.id]);
    expect(JSON.parse((await vms.find(two.id)).json)).toMatchObject({ id: two.id, phase: 'paused' });
    expect(written).toBe(3);
  });
});
