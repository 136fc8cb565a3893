import { readFile } from 'node:fs/promises';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PRISMA_DIRECTORY } from '../../../src/control/database/schema-engine.ts';
import { startApi, type TestApi } from '../../support/api.ts';
import { makeImage, makeVm, ProtocolHost, startVm, vmBody } from '../../support/protocol-host.ts';
import { countRows } from '../../support/rows.ts';

const LOCAL_UNICAST = /^[0-9a-f][26ae](:[0-9a-f]{2}){5}$/;

describe('networks', () => {
  let api: TestApi;
  let imageId: string;
  beforeAll(async () => {
    api = await startApi();
    imageId = await makeImage(api);
  });
  afterAll(async () => {
    await api[Symbol.asyncDispose]();
  });

  const create = (body: object) => api.request('POST', '/v1/networks', { body });
  async function made(body: object) {
    const { status, body: network } = await create(body);
    expect(status, JSON.stringify(network)).toBe(201);
    return network;
  }
  const remove = (vmId: string) => api.request('DELETE', `/v1/vms/${vmId}`);

  it('begin with one that NICs are in by default', async () => {
    const { body } = await api.request('GET', '/v1/networks');
    expect(body.items).toMatchObject([
      { name: 'default', cidr: '10.77.0.0/16', outside: true, gateway: '10.77.0.1', nics: 0 },
    ]);
  });

  it('are created, read, labelled and deleted', async () => {
    const given = { name: 'back', cidr: '10.20.4.0/22', outside: true, labels: { team: 'a' } };
    const created = await create(given);
    expect(created).toMatchObject({ status: 201, body: { ...given, gateway: '10.20.4.1', nics: 0 } });
    const path = `/v1/networks/${created.body.id}`;
    expect(created.headers.get('location')).toBe(path);
    expect(created.headers.get('etag')).toBe('"1"');
    expect((await api.request('GET', path)).body).toEqual(created.body);
    expect((await api.request('GET', '/v1/networks?label=team:a')).body.items).toEqual([created.body]);
    const patch = (labels: object) =>
      api.request('PATCH', path, { body: { labels }, headers: { 'if-match': '"1"' } });
    const patched = await patch({ team: null, tier: 'b' });
    expect(patched).toMatchObject({ status: 200, body: { labels: { tier: 'b' } } });
    expect(await patch({})).toMatchObject({ status: 412, body: { code: 'PRECONDITION_FAILED' } });
    const stale = await api.request('DELETE', path, { headers: { 'if-match': '"1"' } });
    expect(stale).toMatchObject({ status: 412 });
    expect((await api.request('DELETE', path, { headers: { 'if-match': '"2"' } })).status).toBe(204);
    for (const method of ['GET', 'DELETE']) {
      expect(await api.request(method, path)).toMatchObject({
        status: 404,
        body: { code: 'NETWORK_NOT_FOUND' },
      });
    }
  });

  it('lead nowhere unless they say so', async () => {
    expect(await made({ name: 'quiet', cidr: '10.21.0.0/24' })).toMatchObject({ outside: false, labels: {} });
  });

  const bad: [string, object, number, string, string][] = [
    ['host bits', { cidr: '10.30.0.1/24' }, 422, 'CIDR_INVALID', '/cidr'],
    ['a range too wide', { cidr: '10.0.0.0/15' }, 422, 'CIDR_INVALID', '/cidr'],
    ['a range too narrow', { cidr: '10.30.0.0/30' }, 422, 'CIDR_INVALID', '/cidr'],
    ['a byte beyond 255', { cidr: '10.30.256.0/24' }, 422, 'CIDR_INVALID', '/cidr'],
    ['a leading zero', { cidr: '10.030.0.0/24' }, 422, 'CIDR_INVALID', '/cidr'],
    ['loopback', { cidr: '127.1.0.0/16' }, 422, 'CIDR_INVALID', '/cidr'],
    ['link-local addresses', { cidr: '169.254.0.0/16' }, 422, 'CIDR_INVALID', '/cidr'],
    ['multicast', { cidr: '239.1.0.0/16' }, 422, 'CIDR_INVALID', '/cidr'],
    ['reserved addresses', { cidr: '255.255.255.0/24' }, 422, 'CIDR_INVALID', '/cidr'],
    ['IPv6', { cidr: 'fd00::/64' }, 400, 'VALIDATION_FAILED', '/cidr'],
    ['no prefix', { cidr: '10.30.0.0' }, 400, 'VALIDATION_FAILED', '/cidr'],
    ['an unknown field', { cidr: '10.30.0.0/24', vlan: 7 }, 400, 'VALIDATION_FAILED', '/vlan'],
    ['a range within another', { cidr: '10.77.3.0/24' }, 409, 'NETWORK_OVERLAPS', '/cidr'],
    ['a name that is taken', { name: 'default', cidr: '10.30.0.0/24' }, 409, 'NETWORK_NAME_TAKEN', '/name'],
  ];
  it.each(bad)(
    'are refused with %s, and nothing is changed',
    async (_what, fields, status, code, pointer) => {
      const before = await countRows(api.control);
      const answer = await create({ name: 'bad', ...fields });
      expect(answer).toMatchObject({ status, body: { code } });
      expect(answer.body.errors[0].pointer).toBe(pointer);
      expect(await countRows(api.control)).toEqual(before);
    },
  );

  it('never overlap, also when several come at once', async () => {
    const prefixes = [16, 17, 18, 22, 24, 29];
    const answers = await Promise.all(
      prefixes.map((prefix) => create({ name: `at-once-${prefix}`, cidr: `10.40.0.0/${prefix}` })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409, 409]);
  });

  it('take idempotency keys, and are in the audit', async () => {
    const headers = { 'idempotency-key': 'network-1' };
    const body = { name: 'once', cidr: '10.42.0.0/24' };
    const first = await api.request('POST', '/v1/networks', { body, headers });
    const again = await api.request('POST', '/v1/networks', { body, headers });
    expect(again).toMatchObject({ status: 201, body: first.body });
    const { body: audit } = await api.request('GET', '/v1/audit?limit=1');
    expect(audit.items[0]).toMatchObject({ method: 'POST', path: '/v1/networks', status: 201 });
  });

  describe('and the NICs in them', () => {
    it('get a MAC and an address, which the host is told', async () => {
      const host = await ProtocolHost.enrol(api);
      const network = await made({ name: 'told', cidr: '10.50.0.0/24', outside: true });
      const nics = [
        { name: 'eth0', network: 'told' },
        { name: 'eth1', mac: '52:54:00:AB:CD:EF', network: 'told' },
        { name: 'eth2' },
      ];
      const vm = await makeVm(api, imageId, { nics });
      expect(vm.nics).toEqual([
        { name: 'eth0', mac: expect.stringMatching(LOCAL_UNICAST), network: 'told', address: '10.50.0.2' },
        { name: 'eth1', mac: '52:54:00:ab:cd:ef', network: 'told', address: '10.50.0.3' },
        {
          ...{ name: 'eth2', mac: expect.stringMatching(LOCAL_UNICAST) },
          ...{ network: 'default', address: expect.stringMatching(/^10\.77\.0\.\d+$/) },
        },
      ]);
      const run = await startVm(api, host, vm.id);
      const { name, id, cidr, outside } = network;
      expect(run.spec.nics.slice(0, 2)).toEqual([
        {
          ...{ name: 'eth0', mac: vm.nics[0].mac, address: '10.50.0.2' },
          network: { id, name, cidr, outside },
        },
        {
          ...{ name: 'eth1', mac: '52:54:00:ab:cd:ef', address: '10.50.0.3' },
          network: { id, name, cidr, outside },
        },
      ]);
      const read = (await api.request('GET', `/v1/vms/${vm.id}`)).body;
      expect(read.nics).toEqual(vm.nics);
      expect((await api.request('GET', `/v1/networks/${id}`)).body.nics).toBe(2);
      const same = await api.request('PATCH', `/v1/vms/${vm.id}`, { body: { nics: read.nics } });
      expect(same.status).toBe(200);
    });

    it('have each its own address, also when VMs are made at once', async () => {
      await made({ name: 'rush', cidr: '10.51.0.0/24' });
      const nics = [
        { name: 'a', network: 'rush' },
        { name: 'b', network: 'rush' },
      ];
      const vms = await Promise.all(Array.from({ length: 12 }, () => makeVm(api, imageId, { nics })));
      const addresses: string[] = vms.flatMap((vm) => vm.nics.map((nic: { address: string }) => nic.address));
      const expected = Array.from({ length: 24 }, (_, index) => `10.51.0.${index + 2}`);
      expect(new Set(addresses)).toEqual(new Set(expected));
      expect(addresses).toHaveLength(24);
    });

    it('are as many as the range has room for; a deleted VM makes room', async () => {
      const network = await made({ name: 'small', cidr: '10.52.0.0/29' });
      const nics = [{ name: 'a', network: 'small' }];
      const vms = [];
      for (let count = 0; count < 5; count++) vms.push(await makeVm(api, imageId, { nics }));
      expect(vms.map((vm) => vm.nics[0].address)).toEqual(
        [2, 3, 4, 5, 6].map((number) => `10.52.0.${number}`),
      );
      const before = await countRows(api.control);
      const full = await api.request('POST', '/v1/vms', { body: vmBody(imageId, { nics }) });
      expect(full).toMatchObject({
        status: 409,
        body: { code: 'NETWORK_FULL', errors: [{ pointer: '/nics/0/network' }] },
      });
      expect(await countRows(api.control)).toEqual(before);
      await remove(vms[1].id);
      expect((await makeVm(api, imageId, { nics })).nics[0].address).toBe('10.52.0.3');
      const inUse = await api.request('DELETE', `/v1/networks/${network.id}`);
      expect(inUse).toMatchObject({ status: 409, body: { code: 'NETWORK_IN_USE' } });
    });

    it('keep their MAC to themselves within a network', async () => {
      for (const name of ['macs-a', 'macs-b']) {
        await made({ name, cidr: name === 'macs-a' ? '10.53.0.0/24' : '10.53.1.0/24' });
      }
      const mac = '52:54:00:00:00:07';
      await makeVm(api, imageId, { nics: [{ name: 'a', mac, network: 'macs-a' }] });
      await makeVm(api, imageId, { nics: [{ name: 'a', mac, network: 'macs-b' }] });
      const refused: [object[], number, string, string][] = [
        [[{ name: 'a', mac, network: 'macs-a' }], 409, 'MAC_TAKEN', '/nics/0/mac'],
        [
          [
            { name: 'a', mac: '52:54:00:00:00:08', network: 'macs-a' },
            { name: 'b', mac: '52:54:00:00:00:08', network: 'macs-a' },
          ],
          ...([409, 'MAC_TAKEN', '/nics/1/mac'] as const),
        ],
        [[{ name: 'a', mac: '01:00:5e:00:00:01' }], 422, 'MAC_INVALID', '/nics/0/mac'],
        [[{ name: 'a', mac: 'ff:ff:ff:ff:ff:ff' }], 422, 'MAC_INVALID', '/nics/0/mac'],
        [[{ name: 'a', mac: '00:00:00:00:00:00' }], 422, 'MAC_INVALID', '/nics/0/mac'],
        [[{ name: 'a', network: 'nowhere' }], 422, 'NETWORK_UNKNOWN', '/nics/0/network'],
      ];
      const before = await countRows(api.control);
      for (const [nics, status, code, pointer] of refused) {
        const answer = await api.request('POST', '/v1/vms', { body: vmBody(imageId, { nics }) });
        expect(answer).toMatchObject({ status, body: { code, errors: [{ pointer }] } });
      }
      expect(await countRows(api.control)).toEqual(before);
    });

    it('of VMs from before there were networks are in the default one', async () => {
      const { pool } = api.control;
      const former = [
        { name: 'a', mac: '52:54:00:00:00:0a' },
        { name: 'b', mac: null },
        { name: 'c', mac: '52:54:00:00:00:0a' },
        { name: 'd', mac: '01:00:00:00:00:01' },
      ];
      const path = `${PRISMA_DIRECTORY}migrations/20261122134000_networks/migration.sql`;
      const migration = await readFile(path, 'utf8');
      const client = await pool.connect();
      try {
        // The former tables, as an older version left them; nothing of it stays.
        await client.query('BEGIN; DROP TABLE nics; DROP TABLE networks');
        const vmId = uuidv7();
        await client.query(
          `INSERT INTO vms (id, name, vcpus, memory_mib, image_id, on_guest, psci_policy, nics)
           VALUES ($1, 'former', 1, 128, $2, '{}', 'inherit', $3)`,
          [vmId, imageId, JSON.stringify(former)],
        );
        await client.query(migration);
        const { rows } = await client.query('SELECT * FROM nics WHERE vm_id = $1 ORDER BY position', [vmId]);
        expect(rows.map(({ name, position }) => [name, position])).toEqual([
          ...[
            ['a', 0],
            ['b', 1],
            ['c', 2],
            ['d', 3],
          ],
        ]);
        expect(rows.map(({ host_number }) => host_number)).toEqual([2, 3, 4, 5]);
        expect(rows[0].mac).toBe('52:54:00:00:00:0a');
        for (const { mac } of rows.slice(1)) expect(mac).toMatch(/^02(:[0-9a-f]{2}){5}$/);
        expect(new Set(rows.map(({ mac }) => mac)).size).toBe(4);
      } finally {
        await client.query('ROLLBACK');
        client.release();
      }
    });
  });
});
