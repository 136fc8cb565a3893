import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { v4 as uuidv4 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { purgeFingerprints } from '../../../src/control/hosts/fingerprint-purge.ts';
import type { Fingerprint } from '../../../src/psci/fingerprint.ts';
import { startApi, type TestApi } from '../../support/api.ts';
import { makeImage, makeVm, ProtocolHost, type Run } from '../../support/protocol-host.ts';

/** As the lab's kernels of these versions answer. */
const taken = (kernel: string) =>
  JSON.parse(
    readFileSync(join(import.meta.dirname, `../../fixtures/fingerprints/${kernel}.json`), 'utf8'),
  ) as Fingerprint;
const FINGERPRINTS = { '5.10': taken('5.10'), '6.1': taken('6.1'), '7.3': taken('7.3') };

/** The same, but for one answer at one version. */
function answering(kernel: keyof typeof FINGERPRINTS, version: '1.0' | '1.1', call: string, answer: string) {
  const fingerprint = structuredClone(FINGERPRINTS[kernel]);
  const answers = fingerprint.versions[version]?.answers;
  if (answers?.[call] === undefined) throw new Error(`${kernel} has no ${call}`);
  Object.assign(answers, { [call]: answer });
  return fingerprint;
}

const tell = (host: ProtocolHost, fingerprint: Fingerprint, bootId = host.facts.bootId) =>
  host.request('PUT', '/agent/v1/fingerprint', {
    body: { kernel: host.facts.kernel, bootId, ...fingerprint },
  });

/** The host comes up again, and its agent says so. */
async function reboot(host: ProtocolHost): Promise<void> {
  Object.assign(host.facts, { bootId: uuidv4() });
  await host.heartbeat();
}

describe('fingerprints', () => {
  let api: TestApi;
  let imageId: string;
  beforeAll(async () => {
    api = await startApi();
    imageId = await makeImage(api, '6.1.0');
  });
  afterAll(async () => {
    await api[Symbol.asyncDispose]();
  });

  const get = async (path: string) => (await api.request('GET', path)).body;
  const enrol = (name: string) => ProtocolHost.enrol(api, { name, labels: { name } });

  describe('of a host', () => {
    it('are null until its agent tells, and then there with their differences', async () => {
      const host = await enrol('one');
      const before = await api.request('GET', `/v1/hosts/${host.id}`);
      expect(before.body.fingerprint).toBeNull();
      expect(await api.request('GET', `/v1/hosts/${host.id}/fingerprint`)).toMatchObject({
        status: 404,
        body: { code: 'FINGERPRINT_NOT_FOUND' },
      });
      const { status, body } = await tell(host, FINGERPRINTS['5.10']);
      expect({ status, body }).toEqual({
        status: 200,
        body: { digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) },
      });
      const after = await api.request('GET', `/v1/hosts/${host.id}`);
      expect(after.headers.get('etag')).not.toBe(before.headers.get('etag'));
      expect(after.body.fingerprint).toEqual({
        digest: body.digest,
        takenAt: expect.stringMatching(/Z$/),
        versions: {
          '0.1': expect.stringMatching(/^sha256:/),
          '0.2': expect.stringMatching(/^sha256:/),
          '1.0': expect.stringMatching(/^sha256:/),
        },
        differences: 8,
        worse: false,
        changed: false,
      });
      const listed = (await get('/v1/hosts')).items.find(({ id }: { id: string }) => id === host.id);
      expect(listed.fingerprint).toEqual(after.body.fingerprint);

      const full = await get(`/v1/hosts/${host.id}/fingerprint`);
      expect(full).toMatchObject({ hostId: host.id, kernel: host.facts.kernel, previous: null, changes: [] });
      expect(full.versions.map(({ version }: { version: string }) => version)).toEqual(['0.1', '0.2', '1.0']);
      expect(full.versions[2]).toMatchObject({
        systemSuspend: null,
        answers: { 'PSCI_VERSION/32': '0x10000' },
      });
      expect(full.differences[0].description).toBe(
        'At 0.2, AFFINITY_INFO/32 of a CPU that does not exist (a reserved bit) returns 0; the table says that it ' +
          'returns INVALID_PARAMETERS (-2).',
      );
    });

    it('change nothing when they are told again', async () => {
      const host = await enrol('again');
      await tell(host, FINGERPRINTS['6.1']);
      const before = await api.request('GET', `/v1/hosts/${host.id}`);
      await tell(host, FINGERPRINTS['6.1']);
      const after = await api.request('GET', `/v1/hosts/${host.id}`);
      expect(after.body.fingerprint).toEqual(before.body.fingerprint);
      expect(after.headers.get('etag')).toBe(before.headers.get('etag'));
    });

    it('are compared with those of its kernel before', async () => {
      const host = await enrol('upgraded');
      await tell(host, FINGERPRINTS['5.10']);
      await reboot(host);
      expect((await get(`/v1/hosts/${host.id}`)).fingerprint).toBeNull();
      await tell(host, FINGERPRINTS['6.1']);
      expect((await get(`/v1/hosts/${host.id}`)).fingerprint).toMatchObject({ changed: true });
      const { previous, changes } = await get(`/v1/hosts/${host.id}/fingerprint`);
      expect(previous.digest).toMatch(/^sha256:/);
      expect(changes.map(({ description }: { description: string }) => description)).toContain(
        'At 1.0, CPU_ON/64 of a CPU that does not exist (a reserved bit) returns ALREADY_ON (-4) before and returns ' +
          'INVALID_PARAMETERS (-2) after.',
      );
      await reboot(host);
      await tell(host, FINGERPRINTS['6.1']);
      expect((await get(`/v1/hosts/${host.id}`)).fingerprint).toMatchObject({ changed: false });
    });

    it('go in time, but for those that somebody refers to', async () => {
      const host = await enrol('old');
      const answers = ['0x11', '0x12', '0x13', '0x14', '0x15'];
      const told: { digest: string; bootId: string }[] = [];
      for (const answer of answers) {
        if (told.length > 0) await reboot(host);
        const { body } = await tell(host, answering('6.1', '1.1', 'PSCI_VERSION/32', answer));
        told.push({ digest: body.digest, bootId: host.facts.bootId });
      }
      const there = async () => {
        const { items } = await get('/v1/fingerprints?limit=200');
        const digests = items.map(({ digest }: { digest: string }) => digest);
        return told.map(({ digest }) => digests.includes(digest));
      };
      const vm = await makeVm(api, imageId);
      const { pool } = api.control;
      await pool.query('UPDATE vms SET host_boot_id = $2 WHERE id = $1', [vm.id, told[1]?.bootId]);
      const age = async (days: number) => {
        const digests = told.map(({ digest }) => digest);
        for (const [table, column] of [
          ['fingerprints', 'created_at'],
          ['host_fingerprints', 'taken_at'],
        ]) {
          await pool.query(
            `UPDATE ${table} SET ${column} = ${column} - make_interval(days => $2) WHERE digest = ANY($1)`,
            [digests, days],
          );
        }
      };
      await age(80);
      expect(await purgeFingerprints(api.control)).toBe(0);
      await age(20);
      expect(await purgeFingerprints(api.control)).toBe(2);
      // Of the boot that a VM last started in, of that before and of the present one.
      expect(await there()).toEqual([false, true, false, true, true]);
      expect((await get(`/v1/hosts/${host.id}/fingerprint`)).previous.digest).toBe(told[3]?.digest);
      await api.request('DELETE', `/v1/vms/${vm.id}`);
      expect(await purgeFingerprints(api.control)).toBe(1);
      // A host that answers so again brings it back.
      await reboot(host);
      expect((await tell(host, answering('6.1', '1.1', 'PSCI_VERSION/32', '0x11'))).status).toBe(200);
      expect(await there()).toEqual([true, false, false, true, true]);
    });

    it('say when it answers worse than Linux does', async () => {
      const host = await enrol('worse');
      await tell(host, answering('6.1', '1.1', 'SYSTEM_OFF/32', '0xffffffffffffffff'));
      expect((await get(`/v1/hosts/${host.id}`)).fingerprint).toMatchObject({ differences: 1, worse: true });
      expect((await get(`/v1/hosts/${host.id}/fingerprint`)).differences).toMatchObject([
        {
          version: '1.1',
          call: 'SYSTEM_OFF/32',
          worse: true,
          description:
            'At 1.1, SYSTEM_OFF/32 returns NOT_SUPPORTED (-1); the table says that it ends in the host as ' +
            'KVM_SYSTEM_EVENT_SHUTDOWN.',
        },
      ]);
    });

    it('are its own to tell', async () => {
      const [host, other] = [await enrol('owner'), await enrol('thief')];
      await tell(host, FINGERPRINTS['6.1']);
      expect(await tell(other, FINGERPRINTS['5.10'], host.facts.bootId)).toMatchObject({
        status: 409,
        body: { code: 'FINGERPRINT_OF_ANOTHER_HOST' },
      });
      expect((await get(`/v1/hosts/${host.id}`)).fingerprint).toMatchObject({ differences: 0 });
    });

    it.each([
      ['no version', { suite: 1, versions: {} }],
      [
        'an unknown version',
        { suite: 1, versions: { '2.0': { answers: {}, systemSuspend: null, services: {} } } },
      ],
      [
        'an answer that is none',
        { suite: 1, versions: { '1.1': { answers: { a: 'no' }, systemSuspend: null, services: {} } } },
      ],
      ['no suite', { versions: FINGERPRINTS['6.1'].versions }],
    ])('with %s are refused', async (_, fingerprint) => {
      const host = await enrol(`bad-${uuidv4().slice(0, 8)}`);
      expect(await tell(host, fingerprint as Fingerprint)).toMatchObject({
        status: 400,
        body: { code: 'VALIDATION_FAILED' },
      });
      expect((await get(`/v1/hosts/${host.id}`)).fingerprint).toBeNull();
    });
  });

  it('are listed once each, with the hosts that answer so', async () => {
    const [a, b] = [await enrol('twin-a'), await enrol('twin-b')];
    const { digest } = (await tell(a, FINGERPRINTS['7.3'])).body;
    await tell(b, FINGERPRINTS['7.3']);
    const items = [];
    for (let token = ''; ; ) {
      const page = await get(`/v1/fingerprints?limit=2${token}`);
      items.push(...page.items);
      if (page.nextPageToken === null) break;
      token = `&pageToken=${page.nextPageToken}`;
    }
    const digests = items.map((item) => item.digest);
    expect(digests).toEqual([...new Set(digests)].sort());
    expect(items.find((item) => item.digest === digest)).toMatchObject({
      suite: 1,
      hosts: 2,
      kernels: [a.facts.kernel],
      differences: 0,
      worse: false,
    });
    const one = await api.request('GET', `/v1/fingerprints/${digest}`);
    expect(one.headers.get('etag')).not.toBeNull();
    expect(one.body).toMatchObject({ digest, hosts: 2, differences: [] });
    expect(one.body.versions).toHaveLength(6);
    expect(await api.request('GET', `/v1/fingerprints/sha256:${'0'.repeat(64)}`)).toMatchObject({
      status: 404,
      body: { code: 'FINGERPRINT_NOT_FOUND' },
    });
  });

  it('of two hosts are compared at one version', async () => {
    const [old, recent] = [await enrol('diff-old'), await enrol('diff-recent')];
    await tell(old, FINGERPRINTS['5.10']);
    const path = (version: string) =>
      `/v1/psci/diff?version=${version}&fromHostId=${old.id}&toHostId=${recent.id}`;
    expect(await api.request('GET', path('1.0'))).toMatchObject({
      status: 404,
      body: { code: 'FINGERPRINT_NOT_FOUND' },
    });
    await tell(recent, FINGERPRINTS['6.1']);
    const diff = await get(path('1.0'));
    expect(diff).toMatchObject({ from: '1.0', to: '1.0', appear: [], vanish: [], breaks: [] });
    expect(diff.changes).toContainEqual({
      function: 'CPU_ON/32',
      when: 'of a CPU that does not exist (a reserved bit)',
      before: 'returns ALREADY_ON (-4)',
      after: 'returns INVALID_PARAMETERS (-2)',
      description:
        'CPU_ON/32 of a CPU that does not exist (a reserved bit) returns ALREADY_ON (-4) on diff-old and returns ' +
        'INVALID_PARAMETERS (-2) on diff-recent.',
      source: `measured on Linux ${old.facts.kernel} and ${recent.facts.kernel}`,
    });
    expect(await api.request('GET', path('1.1'))).toMatchObject({ status: 404 });
    for (const query of [`version=1.0&fromHostId=${old.id}`, `from=1.0&to=1.1&toHostId=${old.id}`]) {
      expect(await api.request('GET', `/v1/psci/diff?${query}`)).toMatchObject({
        status: 400,
        body: { code: 'VALIDATION_FAILED' },
      });
    }
  });

  describe('in placement', () => {
    let old: ProtocolHost;
    let alike: ProtocolHost;
    let other: ProtocolHost;
    let silent: ProtocolHost;
    beforeAll(async () => {
      old = await enrol('p-old');
      alike = await enrol('p-alike');
      other = await enrol('p-other');
      silent = await enrol('p-silent');
      await tell(old, FINGERPRINTS['6.1']);
      await tell(alike, FINGERPRINTS['7.3']);
      await tell(other, answering('6.1', '1.1', 'CPU_ON/64 of a CPU that is on', '0xfffffffffffffffe'));
    });

    const hostBootId = () => ({ hostBootId: old.facts.bootId });
    const start = (vmId: string, body: object = {}) => api.request('POST', `/v1/vms/${vmId}/start`, { body });
    const moveTo = (vmId: string, host: ProtocolHost) =>
      api.request('PATCH', `/v1/vms/${vmId}`, { body: { hostSelector: { name: host.name } } });

    /** A VM whose guest ran at 1.1 on the old host. */
    async function ran(end: (run: Run) => object, disks: object[] = []) {
      const vm = await makeVm(api, imageId, { hostSelector: { name: old.name }, disks });
      await start(vm.id);
      const run = await old.run(vm.id);
      await run.tell({ ...run.started(), ...hostBootId() });
      await run.tell(end(run) as ReturnType<Run['poweroff']>);
      return vm.id as string;
    }
    /** A diskless guest cannot hibernate, so the row is made to say that it has. */
    async function hibernated(): Promise<string> {
      const vmId = await ran((run) => run.poweroff());
      await api.control.pool.query(`UPDATE vms SET hibernation = 'unknown' WHERE id = $1`, [vmId]);
      return vmId;
    }

    it('let a guest that goes on go only where it is answered as it knows', async () => {
      const vmId = await hibernated();
      const { fingerprint } = await get(`/v1/hosts/${old.id}`);
      await moveTo(vmId, other);
      const before = await get(`/v1/vms/${vmId}`);
      expect(before.psci.fingerprint).toBe(fingerprint.versions['1.1']);
      const refused = await start(vmId);
      expect(refused).toMatchObject({ status: 409, body: { code: 'FINGERPRINT_MISMATCH' } });
      expect(refused.body.detail).toMatch(/1 answers PSCI calls otherwise than its guest knows/);
      expect(await get(`/v1/vms/${vmId}`)).toEqual(before);
      await moveTo(vmId, alike);
      expect((await start(vmId)).status).toBe(202);
      expect((await get(`/v1/vms/${vmId}`)).hostId).toBe(alike.id);
    });

    it('stand in no way where a host has not told', async () => {
      const vmId = await hibernated();
      await moveTo(vmId, silent);
      expect((await start(vmId)).status).toBe(202);
    });

    it('stand in no way of a guest that boots anew', async () => {
      const vmId = await ran((run) => run.poweroff());
      await moveTo(vmId, other);
      expect((await start(vmId)).status).toBe(202);
    });

    it('can be overridden, which the audit notes', async () => {
      const vmId = await hibernated();
      await moveTo(vmId, other);
      expect((await start(vmId, { anyFingerprint: true })).status).toBe(202);
      const { items } = await get('/v1/audit');
      const entry = items.find(({ path }: { path: string }) => path === `/v1/vms/${vmId}/start`);
      expect(entry.override).toMatch(/^anyFingerprint/);
    });

    it('hold what a guest knows of a boot that was measured after it started, and after its host has another', async () => {
      const host = await enrol('late');
      const vm = await makeVm(api, imageId, {
        hostSelector: { name: host.name },
        disks: [{ name: 'root', sizeMiB: 64 }],
      });
      await start(vm.id);
      const run = await host.run(vm.id);
      await run.tell({ ...run.started(), hostBootId: host.facts.bootId });
      await tell(host, FINGERPRINTS['6.1']);
      await run.tell(run.poweroff());
      await reboot(host);
      await tell(host, answering('6.1', '1.1', 'SYSTEM_RESET/32', 'exit RESET 0x1'));
      expect((await start(vm.id)).body.code).toBe('FINGERPRINT_MISMATCH');
      await reboot(host);
      await tell(host, FINGERPRINTS['7.3']);
      expect((await start(vm.id)).status).toBe(202);
    });
  });
});
