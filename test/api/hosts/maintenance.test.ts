import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SUITE } from '../../../src/psci/calls.ts';
import { type PsciVersion, toRegisterValue } from '../../../src/psci/versions.ts';
import { startApi, type TestApi } from '../../support/api.ts';
import { makeImage, makeVm, ProtocolHost } from '../../support/protocol-host.ts';
import { SimpleGuests } from '../../support/simple-guests.ts';

const NEW: PsciVersion[] = ['0.2', '1.0', '1.1', '1.2', '1.3'];
const OLD: PsciVersion[] = ['0.2', '1.0', '1.1'];

describe('the maintenance of a host', () => {
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
  const enrol = (zone: string) =>
    ProtocolHost.enrol(api, { labels: { zone }, psci: { accepted: NEW, default: '1.3' } });
  const make = (zone: string, version: PsciVersion) =>
    makeVm(api, imageId, { hostSelector: { zone }, psci: { version }, powerState: 'running' });
  const path = (host: ProtocolHost) => `/v1/hosts/${host.id}/maintenance`;
  const measure = (host: ProtocolHost, more: Record<string, string> = {}) =>
    host.request('PUT', '/agent/v1/fingerprint', {
      body: {
        ...{ kernel: host.facts.kernel, bootId: host.facts.bootId, suite: SUITE },
        versions: Object.fromEntries(
          host.facts.psci.accepted.map((version) => [
            version,
            {
              answers: { 'PSCI_VERSION 32': `0x${toRegisterValue(version).toString(16)}`, ...more },
              ...{ systemSuspend: null, services: {} },
            },
          ]),
        ),
      },
    });
  /** The host comes back with another kernel. */
  const reboot = async (host: ProtocolHost, accepted: PsciVersion[]) => {
    host.facts.bootId = randomUUID();
    host.facts.kernel = '7.9.0-new';
    host.facts.psci = { accepted, default: accepted.at(-1) ?? '1.1' };
    await host.heartbeat();
  };
  const comesTo = (guests: SimpleGuests, host: ProtocolHost, status: string) =>
    guests.until(`maintenance to be ${status}`, async () => {
      const maintenance = await get(path(host));
      return maintenance.status === status && maintenance;
    });

  it('drains, waits for the reboot, finds all as it was, and gives the host and its VMs back', async () => {
    const host = await enrol('same');
    await measure(host);
    const guests = new SimpleGuests([host]);
    const vm = await make('same', '1.1');
    await guests.until('it to run', async () => guests.boots.size === 1);
    const begun = await post(path(host), { target: { hostId: host.id } });
    expect(begun).toMatchObject({
      status: 201,
      body: { status: 'draining', preflightId: expect.any(String) },
    });
    expect(await get(`/v1/preflights/${begun.body.preflightId}`)).toMatchObject({ counts: { keeps: 1 } });
    expect(await post(path(host))).toMatchObject({ status: 409 });
    await comesTo(guests, host, 'awaitingReboot');
    expect(await get(`/v1/vms/${vm.id}`)).toMatchObject({ phase: 'stopped' });
    expect(await post(`/v1/hosts/${host.id}/uncordon`)).toMatchObject({
      status: 409,
      body: { code: 'MAINTENANCE_OPEN' },
    });

    await reboot(host, NEW);
    expect(await comesTo(guests, host, 'checking')).toMatchObject({
      reason: expect.stringContaining('measures'),
    });
    await measure(host);
    expect(await comesTo(guests, host, 'completed')).toMatchObject({
      ...{ findings: [], acknowledgedBy: null, after: { kernel: '7.9.0-new', bootId: host.facts.bootId } },
    });
    expect(await get(`/v1/hosts/${host.id}`)).toMatchObject({ cordoned: false });
    await guests.until('it to run again', async () => (await get(`/v1/vms/${vm.id}`)).phase === 'running');
    expect(guests.boots.get(vm.id)).toEqual(['1.1', '1.1']);
  });

  it('does not uncordon a host whose kernel lacks a version or answers otherwise, until that is acknowledged', async () => {
    const host = await enrol('differs');
    await measure(host);
    const guests = new SimpleGuests([host]);
    const [kept, gone] = [await make('differs', '1.1'), await make('differs', '1.3')];
    await guests.until('them to run', async () => guests.boots.size === 2);
    const objected = await post(path(host), { target: { version: '1.1' } });
    expect(objected).toMatchObject({ status: 409, body: { code: 'PREFLIGHT_OBJECTS' } });
    expect(await get(`/v1/hosts/${host.id}`)).toMatchObject({ cordoned: false });
    expect((await post(`${path(host)}?force=true`, { target: { version: '1.1' } })).status).toBe(201);
    await comesTo(guests, host, 'awaitingReboot');
    expect(await post(`${path(host)}/acknowledge`)).toMatchObject({
      status: 409,
      body: { code: 'MAINTENANCE_STATUS' },
    });
    await reboot(host, OLD);
    await measure(host, { 'PSCI_VERSION 32': '0xffffffffffffffff' });
    const { findings } = await comesTo(guests, host, 'differs');
    expect(findings).toMatchObject([
      expect.stringMatching(/1\.1 is answered otherwise.*PSCI_VERSION/),
      expect.stringMatching(/1\.3 is not accepted any more/),
    ]);
    expect(findings[0]).toContain(kept.name);
    expect(findings[1]).toContain(gone.name);
    const refused = await post(`/v1/hosts/${host.id}/uncordon`);
    expect(refused).toMatchObject({ status: 409, body: { code: 'MAINTENANCE_OPEN' } });
    expect(refused.body.detail).toContain('not accepted any more');
    expect(await get(`/v1/hosts/${host.id}`)).toMatchObject({ cordoned: true });

    expect((await post(`${path(host)}/acknowledge`)).body).toMatchObject({
      ...{ status: 'completed', acknowledgedBy: expect.any(String) },
    });
    expect(await get(`/v1/hosts/${host.id}`)).toMatchObject({ cordoned: false });
    const { items } = await get('/v1/audit?limit=5');
    expect(items[0].override).toContain('not accepted any more');
    await guests.until('the one to run', async () => (await get(`/v1/vms/${kept.id}`)).phase === 'running');
    expect(await get(`/v1/vms/${gone.id}`)).toMatchObject({ phase: 'pending' });
  });

  it('can be cancelled, which leaves the host cordoned, or be ended by a forced uncordon', async () => {
    const host = await enrol('cancel');
    const guests = new SimpleGuests([host]);
    expect(await get(path(host))).toMatchObject({ code: 'MAINTENANCE_NOT_FOUND' });
    await post(path(host));
    expect((await post(`${path(host)}/cancel`)).body).toMatchObject({ status: 'cancelled' });
    expect(await get(`/v1/hosts/${host.id}`)).toMatchObject({ cordoned: true });
    expect(await post(`${path(host)}/cancel`)).toMatchObject({
      status: 409,
      body: { code: 'MAINTENANCE_STATUS' },
    });
    await post(path(host));
    await comesTo(guests, host, 'awaitingReboot');
    expect((await post(`/v1/hosts/${host.id}/uncordon?force=true`)).body).toMatchObject({ cordoned: false });
    expect(await get(path(host))).toMatchObject({
      status: 'cancelled',
      reason: expect.stringContaining('force'),
    });
  });

  it('goes on with a host that reboots without a fingerprint, on what it accepts', async () => {
    const host = await enrol('plain');
    const guests = new SimpleGuests([host]);
    await make('plain', '1.1');
    await guests.until('it to run', async () => guests.boots.size === 1);
    await post(path(host));
    await comesTo(guests, host, 'awaitingReboot');
    await api.restart();
    await reboot(host, OLD);
    expect(await comesTo(guests, host, 'completed')).toMatchObject({
      after: { accepted: OLD, fingerprint: null },
    });
  });
});
