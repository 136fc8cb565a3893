import { v7 as uuidv7 } from 'uuid';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type TestApi } from '../support/api.ts';
import { makeImage, makeVm, ProtocolHost, startVm } from '../support/protocol-host.ts';
import { countRows } from '../support/rows.ts';

const OLD = { accepted: ['0.2', '1.0', '1.1'], default: '1.1' } as const;
const NEW = { accepted: ['0.2', '1.0', '1.1', '1.2', '1.3'], default: '1.3' } as const;

describe('a fleet policy', () => {
  let api: TestApi;
  let old: ProtocolHost;
  let recent: ProtocolHost;
  let imageId: string;
  beforeAll(async () => {
    // Hosts here send no heartbeats, and a busy machine takes longer than a lease lasts.
    api = await startApi({ leaseSeconds: 3_600 });
    old = await ProtocolHost.enrol(api, {
      labels: { age: 'old' },
      psci: { ...OLD, accepted: [...OLD.accepted] },
    });
    recent = await ProtocolHost.enrol(api, {
      labels: { age: 'new' },
      psci: { ...NEW, accepted: [...NEW.accepted] },
    });
    imageId = await makeImage(api, '6.1.0');
  });
  afterAll(async () => {
    await api[Symbol.asyncDispose]();
  });
  /** Policies last until the end of their test, and each test has labels of its own. */
  afterEach(async () => {
    const { body } = await api.request('GET', '/v1/psci-policies?limit=200');
    for (const { id } of body.items) await api.request('DELETE', `/v1/psci-policies/${id}`);
  });

  let named = 0;
  const post = (fields: object, query = '') =>
    api.request('POST', `/v1/psci-policies${query}`, {
      body: { name: `policy-${++named}`, selector: {}, version: '1.0', priority: 10, ...fields },
    });
  const made = async (fields: object) => {
    const { status, body } = await post(fields);
    if (status !== 201) throw new Error(`the policy was refused: ${JSON.stringify(body)}`);
    return body;
  };
  const patch = (id: string, body: object, revision: number | null, query = '') =>
    api.request('PATCH', `/v1/psci-policies/${id}${query}`, {
      body,
      headers: revision === null ? {} : { 'if-match': `"${revision}"` },
    });
  const get = async (vmId: string) => (await api.request('GET', `/v1/vms/${vmId}`)).body;
  const explain = async (vmId: string) => (await api.request('GET', `/v1/vms/${vmId}/psci`)).body;
  const started = async (vmId: string) => {
    const { body } = await api.request('GET', `/v1/vms/${vmId}/events`);
    return body.items.filter(({ kind }: { kind: string }) => kind === 'started');
  };
  /** Labels that no other test has. */
  const label = () => ({ team: uuidv7().slice(-12) });
  const on = (host: ProtocolHost) => ({ hostSelector: { age: host === old ? 'old' : 'new' } });

  describe('as a resource', () => {
    it('is created, read, listed, changed and deleted, and what it said stays', async () => {
      const selector = label();
      const answer = await post({
        name: 'web',
        selector,
        version: '1.0',
        priority: 10,
        enforcement: 'audit',
      });
      expect(answer).toMatchObject({
        status: 201,
        body: {
          ...{ name: 'web', selector, version: '1.0', priority: 10, enforcement: 'audit' },
          ...{ revision: 1, vms: 0, changedBy: expect.stringContaining('admin') },
        },
      });
      const { id } = answer.body;
      expect(answer.headers.get('location')).toBe(`/v1/psci-policies/${id}`);
      expect(answer.headers.get('etag')).toBe('"1"');
      const path = `/v1/psci-policies/${id}`;
      expect((await api.request('GET', path)).body).toEqual(answer.body);
      expect((await api.request('GET', '/v1/psci-policies')).body.items).toEqual([answer.body]);

      const changed = await patch(id, { version: 'sticky', selector: { zone: 'b' } }, 1);
      expect(changed).toMatchObject({
        status: 200,
        body: { revision: 2, version: 'sticky', selector: { ...selector, zone: 'b' }, name: 'web' },
      });
      // Nothing new is no revision.
      expect((await patch(id, { version: 'sticky' }, 2)).body).toEqual(changed.body);
      expect((await patch(id, { selector: { zone: null } }, 2)).body).toMatchObject({
        revision: 3,
        selector,
      });

      expect((await api.request('DELETE', path)).status).toBe(204);
      expect(await api.request('GET', path)).toMatchObject({
        status: 404,
        body: { code: 'PSCI_POLICY_NOT_FOUND' },
      });
      const { body: first } = await api.request('GET', `${path}/revisions?limit=2`);
      expect(first.items.map(({ revision }: { revision: number }) => revision)).toEqual([3, 2]);
      const { body: second } = await api.request(
        'GET',
        `${path}/revisions?limit=2&pageToken=${first.nextPageToken}`,
      );
      expect(second).toMatchObject({ items: [{ revision: 1, version: '1.0' }], nextPageToken: null });
      // Its name is free again.
      expect((await post({ name: 'web', selector: label() })).status).toBe(201);
    });

    it('changes only for who has seen it as it is', async () => {
      const { id } = await made({ selector: label() });
      const cases = [
        [null, 428, 'PRECONDITION_REQUIRED'],
        [7, 412, 'PRECONDITION_FAILED'],
      ] as const;
      for (const [revision, status, code] of cases) {
        expect(await patch(id, { version: '1.1' }, revision)).toMatchObject({ status, body: { code } });
      }
      const stale = { headers: { 'if-match': '"7"' } };
      expect((await api.request('DELETE', `/v1/psci-policies/${id}`, stale)).status).toBe(412);
      expect((await api.request('GET', `/v1/psci-policies/${id}`)).body).toMatchObject({ revision: 1 });
      const both = await Promise.all([patch(id, { version: '1.1' }, 1), patch(id, { version: '1.2' }, 1)]);
      expect(both.map(({ status }) => status).sort()).toEqual([200, 412]);
    });

    it('is refused where it would not be clear, and nothing is changed', async () => {
      const selector = label();
      const first = await made({ name: 'first', selector });
      const other = await made({ name: 'other', selector, priority: 11 });
      const before = await countRows(api.control);
      const cases: [object, number, string][] = [
        [{ selector }, 409, 'PSCI_POLICY_TIE'],
        [{ selector: {} }, 409, 'PSCI_POLICY_TIE'],
        [{ selector: { zone: 'b' } }, 409, 'PSCI_POLICY_TIE'],
        [{ name: 'first', selector: label() }, 409, 'PSCI_POLICY_NAME_TAKEN'],
        [{ selector: label(), version: '0.2' }, 422, 'PSCI_VERSION_INSECURE'],
        [{ selector: label(), version: '1.4' }, 400, 'VALIDATION_FAILED'],
        [{ selector: label(), version: 1.1 }, 400, 'VALIDATION_FAILED'],
        [{ selector: label(), version: 'pinned' }, 400, 'VALIDATION_FAILED'],
        [{ selector: label(), priority: 1.5 }, 400, 'VALIDATION_FAILED'],
        [{ selector: label(), enforcement: 'maybe' }, 400, 'VALIDATION_FAILED'],
        [{ selector: label(), also: 1 }, 400, 'VALIDATION_FAILED'],
        [{ selector: undefined }, 400, 'VALIDATION_FAILED'],
        [{ selector: null }, 400, 'VALIDATION_FAILED'],
      ];
      for (const query of ['', '?dryRun=true']) {
        for (const [fields, status, code] of cases) {
          expect(await post(fields, query), JSON.stringify(fields)).toMatchObject({ status, body: { code } });
        }
        const tie = await patch(other.id, { priority: 10 }, 1, query);
        expect(tie).toMatchObject({ status: 409, body: { code: 'PSCI_POLICY_TIE' } });
        expect(tie.body.detail).toContain('"first"');
        expect(tie.body.detail).toContain(first.id);
      }
      expect(await countRows(api.control)).toEqual(before);
      // What is only audited ties with nobody, until it is enforced.
      const audited = await made({ selector, enforcement: 'audit' });
      expect(await patch(audited.id, { enforcement: 'enforce' }, 1)).toMatchObject({ status: 409 });
      expect((await post({ selector: label() })).status).toBe(201);
    });

    it('ties with none that is made at the same moment', async () => {
      const selector = label();
      const answers = await Promise.all(Array.from({ length: 8 }, () => post({ selector })));
      expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409, 409, 409, 409]);
    });
  });

  describe('and the pins of VMs', () => {
    it('decides for the VMs that it selects and that inherit, by priority', async () => {
      const labels = label();
      const low = await made({ selector: labels, version: '1.0', priority: 1 });
      const high = await made({ selector: { ...labels, zone: 'b' }, version: '1.3', priority: 2 });
      await made({ selector: labels, version: '1.2', priority: 3, enforcement: 'audit' });
      const inherits = await makeVm(api, imageId, { labels });
      const zoned = await makeVm(api, imageId, { labels: { ...labels, zone: 'b' } });
      const own = await makeVm(api, imageId, { labels, psci: { version: '1.1' } });
      const stranger = await makeVm(api, imageId);
      expect(inherits.psci).toMatchObject({
        effective: '1.0',
        source: `policy:${low.id}`,
        policyRevision: 1,
        why: expect.stringContaining('gives 1.0'),
      });
      expect(zoned.psci).toMatchObject({ effective: '1.3', source: `policy:${high.id}` });
      expect(own.psci).toMatchObject({ effective: '1.1', source: 'vm', policyRevision: null });
      expect(stranger.psci).toMatchObject({ effective: '1.1', source: 'default' });

      const filter = `label=team:${labels.team}`;
      const list = async (version: string) =>
        (await api.request('GET', `/v1/vms?${filter}&psciVersion=${version}`)).body.items.map(
          ({ id }: { id: string }) => id,
        );
      expect(await list('1.0')).toEqual([inherits.id]);
      expect(await list('1.3')).toEqual([zoned.id]);
      expect(await list('1.1')).toEqual([own.id]);
      expect((await api.request('GET', `/v1/psci-policies/${low.id}`)).body.vms).toBe(3);
      // As the fleet summary counts them.
      const { byPsciVersion } = (await api.request('GET', '/v1/fleet/summary')).body.vms;
      expect(byPsciVersion).toMatchObject({ '1.0': 1, '1.3': 1 });

      const explained = await explain(zoned.id);
      expect(explained.next).toMatchObject({
        version: '1.3',
        source: `policy:${high.id}`,
        policyRevision: 1,
        hosts: { accepting: 1, total: 2 },
      });
      expect(
        explained.candidates.map(({ source, won }: { source: string; won: boolean }) => [source, won]),
      ).toEqual([
        ['kept', false],
        ['vm', false],
        ['sticky', false],
        ['latest', false],
        [expect.stringMatching(/^policy:/), false],
        [`policy:${high.id}`, true],
        [`policy:${low.id}`, false],
        ['default', false],
      ]);
      expect(explained.candidates[4].why).toContain('only audited; it would give 1.2');
    });

    it('sends them where their version is accepted, and the event of the boot says which revision, and why', async () => {
      const labels = label();
      const policy = await made({ name: 'only-new', selector: labels, version: '1.3' });
      const vm = await makeVm(api, imageId, { labels });
      const run = await startVm(api, recent, vm.id);
      expect(run.spec.psci).toBe('1.3');
      expect((await get(vm.id)).psci).toMatchObject({
        effective: '1.3',
        policyRevision: 1,
        why: 'The policy "only-new" (priority 10, revision 1) gives 1.3.',
      });
      expect((await started(vm.id))[0].pin).toEqual({
        version: '1.3',
        source: `policy:${policy.id}`,
        policyRevision: 1,
        why: 'The policy "only-new" (priority 10, revision 1) gives 1.3.',
      });
      await run.tell(run.poweroff());
      await api.request('PATCH', `/v1/vms/${vm.id}`, { body: on(old) });
      expect(await api.request('POST', `/v1/vms/${vm.id}/start`, { body: {} })).toMatchObject({
        status: 409,
        body: { code: 'PSCI_VERSION_NOT_SUPPORTED' },
      });
    });

    it('changes nothing under a running guest, and takes effect at its next cold boot', async () => {
      const labels = label();
      const policy = await made({ selector: labels, version: '1.3' });
      const vm = await makeVm(api, imageId, { labels, ...on(recent) });
      const run = await startVm(api, recent, vm.id);
      const before = await get(vm.id);
      expect((await patch(policy.id, { version: '1.0' }, 1)).status).toBe(200);
      expect(await get(vm.id)).toEqual(before);
      expect((await recent.assignment(vm.id)).run?.psci).toBe('1.3');
      expect(await explain(vm.id)).toMatchObject({
        effective: '1.3',
        next: { version: '1.0', source: `policy:${policy.id}`, policyRevision: 2 },
      });
      // A reset of the guest is another boot of the same run.
      await run.tell(run.record('reset'));
      run.bootId = uuidv7();
      await run.tell(run.started());
      await run.tell(run.poweroff());
      const again = await startVm(api, recent, vm.id);
      expect(again.spec.psci).toBe('1.0');
      expect((await get(vm.id)).psci).toMatchObject({ effective: '1.0', policyRevision: 2 });
      const pins = (await started(vm.id)).map(
        ({ pin }: { pin: { version: string; policyRevision: number } }) => [pin.version, pin.policyRevision],
      );
      expect(pins.sort()).toEqual([
        ['1.0', 2],
        ['1.3', 1],
        ['1.3', 1],
      ]);
      await again.tell(again.poweroff());
      await api.request('DELETE', `/v1/psci-policies/${policy.id}`);
      expect((await startVm(api, recent, vm.id)).spec.psci).toBe('1.1');
    });

    it('does not touch a guest that hibernated, or may have', async () => {
      const labels = label();
      const policy = await made({ selector: labels, version: '1.3' });
      const disks = [{ name: 'root', sizeMiB: 64 }];
      const vm = await makeVm(api, imageId, { labels, disks, ...on(recent) });
      const run = await startVm(api, recent, vm.id);
      await run.tell(run.hibernate());
      await patch(policy.id, { version: '1.0' }, 1);
      const again = await startVm(api, recent, vm.id);
      expect(again.spec.psci).toBe('1.3');
      const [, resumed] = (await started(vm.id)).sort((a: { id: string }, b: { id: string }) =>
        a.id < b.id ? -1 : 1,
      );
      expect(resumed.pin).toEqual({
        version: '1.3',
        source: `policy:${policy.id}`,
        policyRevision: 1,
        why: 'The guest hibernated under 1.3 and resumes under it.',
      });
    });

    it('gives no pin to a VM whose start came to nothing', async () => {
      const labels = label();
      const vm = await makeVm(api, imageId, { labels, ...on(recent) });
      const run = await startVm(api, recent, vm.id);
      await run.tell(run.poweroff());
      const before = (await get(vm.id)).psci;
      expect(before).toMatchObject({ effective: '1.1', source: 'default' });
      const policy = await made({ selector: labels, version: '1.3' });
      const start = () => api.request('POST', `/v1/vms/${vm.id}/start`, { body: {} });

      expect((await start()).status).toBe(202);
      expect((await get(vm.id)).psci.effective).toBe('1.3');
      expect((await api.request('POST', `/v1/vms/${vm.id}/kill`, { body: {} })).status).toBe(202);
      expect(await get(vm.id)).toMatchObject({ phase: 'stopped', psci: before });

      const { body: operation } = await start();
      await recent.run(vm.id);
      await recent.report(operation.id, 'failed', { code: 'DISK_FULL', detail: 'No room.' });
      expect(await get(vm.id)).toMatchObject({ phase: 'failed', psci: before });
      // So that a policy which keeps what a VM had keeps what a guest has seen.
      await patch(policy.id, { version: 'sticky' }, 1);
      expect((await startVm(api, recent, vm.id)).spec.psci).toBe('1.1');
    });

    it('leaves everybody where they are when it becomes sticky', async () => {
      const labels = label();
      const vm = await makeVm(api, imageId, { labels, ...on(recent) });
      const run = await startVm(api, recent, vm.id);
      expect(run.spec.psci).toBe('1.1');
      await run.tell(run.poweroff());
      const policy = await made({ selector: labels, version: 'sticky' });
      const again = await startVm(api, recent, vm.id);
      expect(again.spec.psci).toBe('1.1');
      expect((await get(vm.id)).psci).toMatchObject({ effective: '1.1', source: `policy:${policy.id}` });
      await again.tell(again.poweroff());
      await patch(policy.id, { version: 'latest' }, 1);
      expect((await startVm(api, recent, vm.id)).spec.psci).toBe('1.3');
    });
  });

  describe('asked what it would do', () => {
    it('lists the VMs whose next boot would change and the hosts that could not run them, and does nothing', async () => {
      const labels = label();
      const disks = [{ name: 'root', sizeMiB: 64 }];
      const cold = await makeVm(api, imageId, { labels });
      const bound = await makeVm(api, imageId, { labels, disks, psci: { policy: 'inherit' }, ...on(old) });
      const boundRun = await startVm(api, old, bound.id);
      const asleep = await makeVm(api, imageId, { labels, disks, ...on(recent) });
      const asleepRun = await startVm(api, recent, asleep.id);
      await asleepRun.tell(asleepRun.poweroff());
      expect((await get(asleep.id)).hibernation).toBe('unknown');
      await makeVm(api, imageId, { labels, psci: { version: '1.0' } });
      await makeVm(api, imageId);
      const before = await countRows(api.control);

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
      expect(found.get(bound.id)).toMatchObject({ effective: '1.1', hostId: old.id, acceptedBy: 0 });
      expect(body.hosts.items).toEqual([
        expect.objectContaining({ hostId: old.id, versions: ['1.3'], vms: 2, placed: 1 }),
      ]);
      expect(await countRows(api.control)).toEqual(before);
      await boundRun.tell(boundRun.poweroff());
    });

    it('does so for a change and for a deletion, without If-Match, a page at a time', async () => {
      const labels = label();
      const vms: string[] = [];
      for (let i = 0; i < 5; i++) vms.push((await makeVm(api, imageId, { labels })).id);
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
        const { body } = await api.request('DELETE', `${path}&limit=2${query}`);
        expect(body).toMatchObject({ after: null, vms: { changing: 5 } });
        for (const { vmId, to } of body.vms.items) {
          expect(to).toEqual({ version: '1.1', source: 'default' });
          seen.push(vmId);
        }
        query = `&pageToken=${body.vms.nextPageToken}`;
      }
      expect(seen).toEqual(vms);
      expect((await api.request('GET', `/v1/psci-policies/${policy.id}`)).body).toEqual({
        ...policy,
        vms: 5,
      });
      expect((await api.request('DELETE', `/v1/psci-policies/${uuidv7()}?dryRun=true`)).status).toBe(404);
    });

    it('counts a selector that moves from some VMs to others', async () => {
      const [here, there] = [label(), label()];
      const left = await makeVm(api, imageId, { labels: here });
      const joined = await makeVm(api, imageId, { labels: there });
      const policy = await made({ selector: here, version: '1.0' });
      const { body } = await patch(policy.id, { selector: there }, null, '?dryRun=true');
      expect(body.vms).toMatchObject({ selected: 2, changing: 2 });
      expect(body.vms.items).toMatchObject([
        { vmId: left.id, from: { version: '1.0' }, to: { version: '1.1' } },
        { vmId: joined.id, from: { version: '1.1' }, to: { version: '1.0' } },
      ]);
    });
  });
});
