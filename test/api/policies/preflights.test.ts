import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Preflight } from '../../../src/api/schemas/preflight.ts';
import { SUITE } from '../../../src/psci/calls.ts';
import { type PsciVersion, toRegisterValue } from '../../../src/psci/versions.ts';
import { startApi, type TestApi } from '../../support/api.ts';
import { makeImage, makeVm, ProtocolHost, type Run } from '../../support/protocol-host.ts';
import { countRows } from '../../support/rows.ts';

const OLD = { accepted: ['0.2', '1.0', '1.1'], default: '1.1' } as const;
const NEW = { accepted: ['0.2', '1.0', '1.1', '1.2', '1.3'], default: '1.3' } as const;
const NOT_SUPPORTED = '0xffffffffffffffff';

/** What a kernel answers; `more` at every version. */
function answers(versions: readonly PsciVersion[], more: Record<string, string> = {}) {
  return Object.fromEntries(
    versions.map((version) => [
      version,
      {
        answers: { 'PSCI_VERSION 32': `0x${toRegisterValue(version).toString(16)}`, ...more },
        systemSuspend: null,
        services: {},
      },
    ]),
  );
}

describe('a preflight', () => {
  let api: TestApi;
  let imageId: string;
  beforeAll(async () => {
    api = await startApi();
    imageId = await makeImage(api, '7.3.4');
  });
  afterAll(async () => {
    await api[Symbol.asyncDispose]();
  });

  const enrol = (psci: { accepted: readonly PsciVersion[]; default: PsciVersion }, labels: object = {}) =>
    ProtocolHost.enrol(api, { psci: { ...psci, accepted: [...psci.accepted] }, labels: { ...labels } });
  const measure = async (host: ProtocolHost, versions: object): Promise<string> => {
    const { kernel, bootId } = host.facts;
    const { status } = await host.request('PUT', '/agent/v1/fingerprint', {
      body: { kernel, bootId, suite: SUITE, versions },
    });
    expect(status).toBeLessThan(300);
    const row = await api.control.db.hostFingerprint.findUniqueOrThrow({ where: { bootId } });
    return row.digest;
  };
  const ask = (body: object) => api.request('POST', '/v1/preflights', { body });
  const asked = async (body: object): Promise<Preflight> => {
    const { status, body: answer } = await ask(body);
    if (status !== 201) throw new Error(`the preflight was refused: ${JSON.stringify(answer)}`);
    return answer;
  };
  /** On a host of its own label, so that nothing else is placed there. */
  const place = async (host: ProtocolHost, label: string, fields: object = {}) => {
    const vm = await makeVm(api, imageId, { hostSelector: { own: label }, ...fields });
    await api.request('POST', `/v1/vms/${vm.id}/start`, { body: {} });
    const run = await host.run(vm.id);
    await run.tell({ ...run.started(), hostBootId: host.facts.bootId });
    return { id: vm.id as string, run };
  };
  const off = (run: Run) => run.tell(run.poweroff());
  const verdictOf = (report: Preflight, vmId: string) => report.vms.find((vm) => vm.vmId === vmId);
  const disks = [{ name: 'root', sizeMiB: 64 }];

  it('of a newer host against an older one’s fingerprint names who could not start or resume, and no others', async () => {
    const own = uuidv7();
    const recent = await enrol(NEW, { own });
    const old = await enrol(OLD);
    await measure(recent, answers(NEW.accepted));
    const fingerprint = await measure(old, answers(OLD.accepted));

    const at = new Map<string, string>();
    for (const version of ['1.0', '1.1', '1.2', '1.3']) {
      at.set(version, (await place(recent, own, { psci: { version } })).id);
    }
    const inherits = await place(recent, own, {});
    const asleep = await place(recent, own, { psci: { version: '1.3' }, disks });
    await asleep.run.tell(asleep.run.hibernate());
    const asleepLow = await place(recent, own, { psci: { version: '1.1' }, disks });
    await off(asleepLow.run);
    const latest = await place(recent, own, { psci: { policy: 'latest' } });

    for (const target of [{ fingerprint }, { hostId: old.id }]) {
      const report = await asked({ hostId: recent.id, target });
      expect(report.target).toMatchObject({ accepted: OLD.accepted, default: '1.1', fingerprint });
      expect(report.counts).toEqual({ keeps: 4, seesChange: 1, cannotStart: 2, cannotResume: 1 });
      expect(report.hosts).toEqual([expect.objectContaining({ hostId: recent.id, counts: report.counts })]);
      const named = report.vms.filter(({ verdict }) => verdict.startsWith('cannot'));
      expect(new Set(named.map(({ vmId }) => vmId))).toEqual(
        new Set([at.get('1.2'), at.get('1.3'), asleep.id]),
      );
      expect(verdictOf(report, at.get('1.3') ?? '')).toMatchObject({
        verdict: 'cannotStart',
        code: 'PSCI_VERSION_NOT_SUPPORTED',
        from: '1.3',
        reason: expect.stringMatching(/needs 1\.3.*accepts 1\.1 at most/),
        bound: false,
      });
      expect(verdictOf(report, asleep.id)).toMatchObject({
        verdict: 'cannotResume',
        reason: expect.stringContaining('hibernated under 1.3'),
        bound: true,
      });
      expect(verdictOf(report, asleepLow.id)).toMatchObject({ verdict: 'keeps', from: '1.1', to: '1.1' });
      expect(verdictOf(report, inherits.id)).toMatchObject({ verdict: 'keeps', to: '1.1' });
      // What the guest that follows its host would see change, once for all of them.
      const moved = verdictOf(report, latest.id);
      expect(moved).toMatchObject({ verdict: 'seesChange', from: '1.3', to: '1.1' });
      const seen = report.differences.find(({ id }) => id === moved?.differences);
      expect(seen?.words.join(' ')).toContain('SYSTEM_OFF2');
    }
  });

  it('says besides where a VM that is off has no room on its host, which has its disks', async () => {
    const own = uuidv7();
    const capacity = { vcpus: 8, memoryMiB: 1_000 };
    const host = await ProtocolHost.enrol(api, {
      psci: { ...NEW, accepted: [...NEW.accepted] },
      labels: { own },
      capacity,
    });
    const bound = await place(host, own, { disks, vcpus: 1, memoryMiB: 600 });
    await off(bound.run);
    const moves = await place(host, own, { vcpus: 1, memoryMiB: 600 });
    await off(moves.run);
    const ask = async () => (await asked({ hostSelector: { own }, target: { version: '1.3' } })).vms;
    const reasons = async () =>
      (await ask()).map(({ vmId, reason }) => [vmId, reason.includes('it does not fit')]);
    expect(Object.fromEntries(await reasons())).toEqual({ [bound.id]: false, [moves.id]: false });
    const runs = await place(host, own, { disks, vcpus: 1, memoryMiB: 600 });
    // It moves to where there is room, and the last one has it.
    expect(Object.fromEntries(await reasons())).toEqual({
      [bound.id]: true,
      [moves.id]: false,
      [runs.id]: false,
    });
  });

  it('tells what a guest would be answered otherwise at the version that it keeps', async () => {
    const own = uuidv7();
    const host = await enrol(OLD, { own });
    await measure(host, answers(OLD.accepted, { 'AFFINITY_INFO 64': '0x0' }));
    const other = await enrol(OLD);
    const worse = await measure(other, answers(OLD.accepted, { 'AFFINITY_INFO 64': NOT_SUPPORTED }));
    const running = await place(host, own, {});
    const asleep = await place(host, own, { disks });
    await off(asleep.run);
    const report = await asked({ hostId: host.id, target: { fingerprint: worse } });
    expect(report.counts).toMatchObject({ seesChange: 1, cannotResume: 1 });
    expect(verdictOf(report, running.id)).toMatchObject({
      verdict: 'seesChange',
      from: '1.1',
      to: '1.1',
      code: null,
    });
    expect(verdictOf(report, asleep.id)).toMatchObject({
      verdict: 'cannotResume',
      code: 'FINGERPRINT_MISMATCH',
    });
    expect(report.differences).toHaveLength(1);
    expect(report.differences[0]?.words).toEqual([
      expect.stringMatching(/^At 1\.1, AFFINITY_INFO 64 .*NOT_SUPPORTED/),
    ]);
    // Against itself nothing changes.
    expect((await asked({ hostId: host.id, target: { hostId: host.id } })).counts).toMatchObject({
      keeps: 2,
    });
  });

  it('takes hosts by their labels and a plain version for a target', async () => {
    const own = uuidv7();
    const hosts = [await enrol(NEW, { own, rack: 'a' }), await enrol(NEW, { own, rack: 'a' })];
    const vm = await makeVm(api, imageId, { hostSelector: { own } });
    await api.request('POST', `/v1/vms/${vm.id}/start`, { body: {} });
    const report = await asked({ hostSelector: { own }, target: { version: '1.0' } });
    expect(report.hosts.map(({ hostId }) => hostId)).toEqual(hosts.map(({ id }) => id));
    expect(report.target).toMatchObject({ accepted: ['0.1', '0.2', '1.0'], fingerprint: null });
    expect(report.vms).toMatchObject([{ vmId: vm.id, verdict: 'cannotStart' }]);
    const fine = await asked({ hostSelector: { own }, target: { version: '1.1' } });
    expect(fine.vms).toMatchObject([{ vmId: vm.id, verdict: 'keeps' }]);
  });

  it('goes by fleet policies, and says what they bring with or without another kernel', async () => {
    const [own, team] = [uuidv7(), uuidv7().slice(-12)];
    const host = await enrol(NEW, { own });
    const vm = await place(host, own, { labels: { team } });
    const { body: policy } = await api.request('POST', '/v1/psci-policies', {
      body: { name: `preflight-${team}`, selector: { team }, version: '1.2', priority: 1 },
    });
    const same = await asked({ hostId: host.id, target: { version: '1.3' } });
    expect(verdictOf(same, vm.id)).toMatchObject({
      verdict: 'seesChange',
      from: '1.1',
      to: '1.2',
      reason: expect.stringContaining('with the present kernel too'),
    });
    const older = await asked({ hostId: host.id, target: { version: '1.1' } });
    expect(verdictOf(older, vm.id)).toMatchObject({ verdict: 'cannotStart', from: '1.1', to: '1.2' });
    await api.request('DELETE', `/v1/psci-policies/${policy.id}`);
  });

  it('is kept as it was told', async () => {
    const own = uuidv7();
    const host = await enrol(NEW, { own });
    await place(host, own, {});
    const answer = await ask({ hostId: host.id, target: { version: '1.3' } });
    expect(answer.status).toBe(201);
    const path = answer.headers.get('location') ?? '';
    expect(path).toBe(`/v1/preflights/${answer.body.id}`);
    await place(host, own, {});
    expect(await api.request('GET', path)).toMatchObject({ status: 200, body: answer.body });
    const { body: list } = await api.request('GET', '/v1/preflights?limit=1');
    expect(list.items).toEqual([
      expect.objectContaining({ id: answer.body.id, counts: answer.body.counts, target: answer.body.target }),
    ]);
    const again = () =>
      api.request('POST', '/v1/preflights', {
        body: { hostId: host.id, target: { version: '1.1' } },
        headers: { 'idempotency-key': own },
      });
    expect((await again()).body).toEqual((await again()).body);
    const missing = await api.request('GET', `/v1/preflights/${uuidv7()}`);
    expect(missing).toMatchObject({ status: 404, body: { code: 'PREFLIGHT_NOT_FOUND' } });
  });

  it('refuses what it cannot answer, and keeps nothing of it', async () => {
    const host = await enrol(NEW);
    const before = await countRows(api.control);
    const target = { version: '1.1' };
    const cases: [object, number, string, string?][] = [
      [{ hostId: uuidv7(), target }, 422, 'HOST_UNKNOWN', '/hostId'],
      [{ hostSelector: { nobody: 'has' }, target }, 422, 'HOST_UNKNOWN', '/hostSelector'],
      [{ hostId: host.id, target: { hostId: uuidv7() } }, 422, 'HOST_UNKNOWN', '/target/hostId'],
      [
        { hostId: host.id, target: { fingerprint: `sha256:${'0'.repeat(64)}` } },
        422,
        'FINGERPRINT_UNKNOWN',
        '/target/fingerprint',
      ],
      [{ target }, 400, 'VALIDATION_FAILED'],
      [{ hostId: host.id, hostSelector: {}, target }, 400, 'VALIDATION_FAILED'],
      [{ hostId: host.id }, 400, 'VALIDATION_FAILED'],
      [{ hostId: host.id, target: {} }, 400, 'VALIDATION_FAILED'],
      [{ hostId: host.id, target: { version: '1.4' } }, 400, 'VALIDATION_FAILED'],
      [{ hostId: host.id, target: { version: '1.1', hostId: host.id } }, 400, 'VALIDATION_FAILED'],
      [{ hostId: host.id, target: { fingerprint: 'sha256:0' } }, 400, 'VALIDATION_FAILED'],
    ];
    for (const [body, status, code, pointer] of cases) {
      const answer = await ask(body);
      expect(answer, JSON.stringify(body)).toMatchObject({ status, body: { code } });
      if (pointer !== undefined) expect(answer.body.errors).toMatchObject([{ pointer }]);
    }
    expect(await countRows(api.control)).toEqual(before);
  });
});
