/** Migrations by the API, with hosts whose guests and files are a few bytes. */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { firmwareFor } from '../../../src/psci/firmware.ts';
import type { Assignment } from '../../../src/wire/agent.ts';
import { REGISTERS } from '../../peer/facts.ts';
import { startApi, type TestApi } from '../../support/api.ts';
import { digestOf } from '../../support/kernels.ts';
import { type HostOptions, makeImage, makeVm, ProtocolHost, Run } from '../../support/protocol-host.ts';

const DISKS = [{ name: 'root', sizeMiB: 8, readOnly: false }];
const SHAPE = { vcpus: 2, memoryMiB: 256, disks: DISKS };
const FIRMWARE = firmwareFor({ psci: '1.1', systemSuspend: false, vcpus: 2 }, REGISTERS);

describe('a migration', () => {
  let api: TestApi;
  let imageId: string;
  let zones = 0;
  beforeAll(async () => {
    // Hosts here send no heartbeats, and a busy machine takes longer than a lease lasts.
    api = await startApi();
    imageId = await makeImage(api);
  });
  afterAll(async () => {
    await api[Symbol.asyncDispose]();
  });

  const get = async (path: string) => (await api.request('GET', path)).body;
  const vmOf = (vmId: string) => get(`/v1/vms/${vmId}`);
  const operationOf = (id: string) => get(`/v1/operations/${id}`);
  const eventsOf = async (vmId: string) => (await get(`/v1/vms/${vmId}/events`)).items;
  const story = async (vmId: string) =>
    (await eventsOf(vmId)).map(({ kind, initiator }: Record<string, string>) => `${kind} by ${initiator}`);
  const post = (path: string, body: object = {}, headers: Record<string, string> = {}) =>
    api.request('POST', path, { body, headers });
  const migrate = (vmId: string, body: object = {}, headers: Record<string, string> = {}) =>
    post(`/v1/vms/${vmId}/migrate`, body, headers);

  /** Once `look` gives something; what is waited for is a job's doing. */
  async function until<T>(what: string, look: () => Promise<T | null | undefined | false>): Promise<T> {
    for (const deadline = performance.now() + 60_000; performance.now() < deadline; await sleep(20)) {
      const found = await look();
      if (found !== null && found !== undefined && found !== false) return found;
    }
    throw new Error(`waited in vain for ${what}`);
  }

  const ended = (id: string) =>
    until('the operation to end', async () => {
      const operation = await operationOf(id);
      return operation.finishedAt !== null && operation;
    });
  const becomes = (vmId: string, phase: string) =>
    until(`the VM to be ${phase}`, async () => {
      const vm = await vmOf(vmId);
      return vm.phase === phase && vm;
    });
  const assigned = (host: ProtocolHost, vmId: string, fits: (assignment: Assignment) => boolean) =>
    until(`an assignment on ${host.name}`, async () =>
      (await host.assignments()).vms.find((assignment) => assignment.vmId === vmId && fits(assignment)),
    );

  /** A part of the fleet of its own: VMs of one test go to no host of another. */
  async function zone(count: number, options: HostOptions = {}) {
    zones += 1;
    const hostSelector = { zone: `z${zones}` };
    const hosts: ProtocolHost[] = [];
    for (let i = 0; i < count; i += 1) {
      hosts.push(await ProtocolHost.enrol(api, { movesDisks: true, ...options, labels: hostSelector }));
    }
    const [first, second] = hosts;
    if (first === undefined || second === undefined) throw new Error('a zone has two hosts at least');
    return { hostSelector, hosts, first, second };
  }

  /** On the first host, whatever others there are. */
  async function placed(hosts: readonly ProtocolHost[], fields: object, powerState = 'running') {
    const others = hosts.slice(1);
    for (const { id } of others) await post(`/v1/hosts/${id}/cordon`);
    const { id: vmId } = await makeVm(api, imageId, { ...SHAPE, psci: { version: '1.1' }, ...fields });
    const [host] = hosts;
    if (host === undefined) throw new Error('no host');
    await post(`/v1/vms/${vmId}/start`);
    const run = await host.run(vmId);
    await run.tell({ ...run.started(), firmware: FIRMWARE });
    if (powerState === 'stopped') await run.tell(run.poweroff());
    for (const { id } of others) await post(`/v1/hosts/${id}/uncordon`);
    return { vmId, run };
  }

  /** The step that the source is asked for. */
  async function request(run: Run, kind: string) {
    const { requests } = await assigned(run.host, run.spec.vmId, (found) =>
      found.requests.some((request) => request.kind === kind),
    );
    const found = requests.find((candidate) => candidate.kind === kind);
    if (found === undefined) throw new Error(`no ${kind}`);
    return found;
  }

  async function pause(run: Run): Promise<void> {
    const { intentId } = await request(run, 'pause');
    await run.tell(run.record('paused', { intentIds: [intentId] }));
  }

  /** Saves the guest and tells; the file is still on its host. */
  async function save(run: Run) {
    const { intentId } = await request(run, 'snapshot');
    const bytes = randomBytes(3_000);
    const snapshot = {
      ...{ digest: digestOf(bytes), sizeBytes: bytes.length, pauseMilliseconds: 1, firmware: FIRMWARE },
      ...SHAPE,
    };
    await run.tell(run.record('saved', { intentIds: [intentId], snapshot }));
    const bring = () =>
      run.host.request('PUT', `/agent/v1/snapshots/${intentId}`, { body: new Uint8Array(bytes) });
    return { digest: snapshot.digest, bring };
  }

  async function arrival(host: ProtocolHost, vmId: string): Promise<Run> {
    const { run } = await assigned(host, vmId, (found) => found.run !== null);
    if (run === null) throw new Error('no run');
    return new Run(host, run);
  }

  /** Does what an agent does of which the API wants nothing more. */
  async function clear(host: ProtocolHost, vmId: string): Promise<void> {
    const { run, requests, deleteOperationId } = await assigned(
      host,
      vmId,
      (found) => found.deleteOperationId !== null,
    );
    expect({ run, requests }).toEqual({ run: null, requests: [] });
    await host.report(deleteOperationId ?? '', 'succeeded');
    await until('it to be forgotten', async () =>
      (await host.assignments()).vms.every((found) => found.deleteOperationId !== deleteOperationId),
    );
  }

  const goOn = (run: Run) => run.tell(run.record('restored', { firmware: FIRMWARE }));

  /** Nothing of it is left in the store, nor in the books. */
  async function leavesNothing(vmId: string, digest: string): Promise<void> {
    await until(
      'its file to be gone',
      async () => (await api.control.db.blob.count({ where: { digest } })) === 0,
    );
    expect((await get(`/v1/vms/${vmId}/snapshots`)).items).toEqual([]);
    expect(await api.control.db.migration.count({ where: { vmId, state: { not: 'over' } } })).toBe(0);
  }

  it('takes a guest that runs to the other host, once, and leaves nothing behind', async () => {
    const { hosts, hostSelector, first, second } = await zone(2);
    const { vmId, run } = await placed(hosts, { hostSelector });
    const key = { 'idempotency-key': `migrate-${vmId}` };
    const { status, body: operation, headers } = await migrate(vmId, { hostId: second.id }, key);
    expect({ status, location: headers.get('location') }).toEqual({
      status: 202,
      location: `/v1/operations/${operation.id}`,
    });
    expect(operation).toMatchObject({ kind: 'migrate', vmId, hostId: first.id, status: 'running' });
    expect(await migrate(vmId, { hostId: second.id }, key)).toMatchObject({
      status: 202,
      body: { id: operation.id },
    });
    expect(await migrate(vmId, {}, key)).toMatchObject({
      status: 422,
      body: { code: 'IDEMPOTENCY_KEY_REUSED' },
    });
    expect(await vmOf(vmId)).toMatchObject({ phase: 'migrating', hostId: first.id });

    await pause(run);
    expect(await vmOf(vmId)).toMatchObject({ phase: 'migrating' });
    for (const action of ['resume', 'reset', 'stop', 'start', 'migrate', 'snapshots']) {
      expect(await post(`/v1/vms/${vmId}/${action}`)).toMatchObject({
        status: 409,
        body: { code: 'VM_MIGRATING' },
      });
    }
    const file = await save(run);
    // A replica that dies between two steps leaves the rest to the others.
    await api.restart();
    expect((await file.bring()).status).toBe(204);
    const there = await arrival(second, vmId);
    expect(there.spec).toMatchObject({
      ...{ psci: '1.1', firmware: { psci: '1.1' }, disks: DISKS },
      restore: { snapshot: file.digest, skipAbsentRegisters: false },
    });
    expect((await second.request('GET', `/agent/v1/blobs/${file.digest}`)).status).toBe(200);
    expect(await vmOf(vmId)).toMatchObject({ phase: 'migrating', hostId: second.id, restoring: true });
    expect((await post(`/v1/operations/${operation.id}/cancel`)).body.code).toBe('OPERATION_NOT_CANCELLABLE');
    // What its former host says of the end of its run is no news.
    const late = run.record('killed', { final: true, reason: 'the run is no longer assigned to this host' });
    expect((await run.tell(late)).body).toMatchObject({ inserted: 0, duplicates: 1, refused: [] });
    await clear(first, vmId);

    await goOn(there);
    expect(await ended(operation.id)).toMatchObject({ status: 'succeeded', hostId: second.id });
    expect(await vmOf(vmId)).toMatchObject({
      ...{ phase: 'running', hostId: second.id, bootId: there.bootId, restoring: false },
      psci: { effective: '1.1' },
    });
    expect(await story(vmId)).toEqual([
      ...['started by operator', 'paused by operator', 'saved by operator'],
      ...['restored by operator', 'migrated by operator'],
    ]);
    expect((await eventsOf(vmId)).at(-1)).toMatchObject({
      ...{
        hostId: second.id,
        runId: there.spec.runId,
        reason: `From host ${first.name} to host ${second.name}.`,
      },
      migration: { fromHostId: first.id, toHostId: second.id },
    });
    await leavesNothing(vmId, file.digest);
    const { items: audit } = await get(`/v1/audit?resourceId=${vmId}&method=POST&limit=100`);
    expect(audit).toContainEqual(expect.objectContaining({ path: `/v1/vms/${vmId}/migrate`, status: 202 }));
    // And back, to a host that has had it before.
    const { body: back } = await migrate(vmId);
    await pause(there);
    await (await save(there)).bring();
    await goOn(await arrival(first, vmId));
    expect(await ended(back.id)).toMatchObject({ status: 'succeeded', hostId: first.id });
  });

  it('leaves a guest paused that was', async () => {
    const { hosts, hostSelector, second } = await zone(2);
    const { vmId, run } = await placed(hosts, { hostSelector });
    await post(`/v1/vms/${vmId}/pause`);
    await pause(run);
    await becomes(vmId, 'paused');
    const { body: operation } = await migrate(vmId);
    const file = await save(run);
    await file.bring();
    const there = await arrival(second, vmId);
    await goOn(there);
    expect(await ended(operation.id)).toMatchObject({ status: 'succeeded' });
    await pause(there);
    await becomes(vmId, 'paused');
    await leavesNothing(vmId, file.digest);
  });

  it('is taken back until the guest has left, and the guest goes on', async () => {
    const { hosts, hostSelector, first } = await zone(2);
    const { vmId, run } = await placed(hosts, { hostSelector });
    const cancel = async (id: string) => (await post(`/v1/operations/${id}/cancel`)).body;
    const { body: early } = await migrate(vmId);
    expect(await cancel(early.id)).toMatchObject({ status: 'cancelled', error: { code: 'CANCELLED' } });
    expect(await vmOf(vmId)).toMatchObject({ phase: 'running', hostId: first.id });

    // The host has heard of the pause.
    const { body: late } = await migrate(vmId);
    const { intentId } = await request(run, 'pause');
    expect((await cancel(late.id)).status).toBe('cancelled');
    await run.tell(run.record('paused', { intentIds: [intentId] }));
    const resume = await request(run, 'resume');
    await run.tell(run.record('resumed', { intentIds: [resume.intentId] }));
    await becomes(vmId, 'running');

    // The file is on its way.
    const { body: latest } = await migrate(vmId);
    await pause(run);
    const file = await save(run);
    expect((await cancel(latest.id)).status).toBe('cancelled');
    expect((await file.bring()).body.code).toBe('SNAPSHOT_NOT_WANTED');
    const again = await request(run, 'resume');
    await run.tell(run.record('resumed', { intentIds: [again.intentId] }));
    expect(await becomes(vmId, 'running')).toMatchObject({ hostId: first.id });
    await leavesNothing(vmId, file.digest);
    expect(await story(vmId)).not.toContain('migrated by operator');
  });

  it('fails where its guest cannot be paused or saved, or ends, and changes nothing else', async () => {
    const { hosts, hostSelector } = await zone(2);
    const refused = await placed(hosts, { hostSelector });
    const { body: first } = await migrate(refused.vmId);
    const asked = await request(refused.run, 'pause');
    await refused.run.host.report(asked.operationId, 'failed', { code: 'NOT_RUNNING', detail: 'it boots' });
    expect(await ended(first.id)).toMatchObject({ status: 'failed', error: { code: 'NOT_RUNNING' } });
    await becomes(refused.vmId, 'running');

    const { body: second } = await migrate(refused.vmId);
    await pause(refused.run);
    const saving = await request(refused.run, 'snapshot');
    await refused.run.host.report(saving.operationId, 'failed', { code: 'DISK_FULL', detail: 'no room' });
    expect(await ended(second.id)).toMatchObject({ status: 'failed', error: { code: 'DISK_FULL' } });
    const { intentId } = await request(refused.run, 'resume');
    await refused.run.tell(refused.run.record('resumed', { intentIds: [intentId] }));
    await becomes(refused.vmId, 'running');

    const { body: third } = await migrate(refused.vmId);
    await refused.run.tell(refused.run.poweroff());
    expect(await ended(third.id)).toMatchObject({ status: 'failed', error: { code: 'RUN_ENDED' } });
    await becomes(refused.vmId, 'stopped');
  });

  it('lets the guest go on where it is when no host can take it any more', async () => {
    const { hosts, hostSelector, first, second } = await zone(2);
    const { vmId, run } = await placed(hosts, { hostSelector });
    const { body: operation } = await migrate(vmId);
    await pause(run);
    const file = await save(run);
    await post(`/v1/hosts/${second.id}/cordon`);
    await file.bring();
    expect(await ended(operation.id)).toMatchObject({
      ...{ status: 'failed', hostId: first.id },
      error: { code: 'NO_HOST_AVAILABLE', detail: expect.stringContaining('cordoned') },
    });
    const { intentId } = await request(run, 'resume');
    await run.tell(run.record('resumed', { intentIds: [intentId] }));
    await becomes(vmId, 'running');
    await leavesNothing(vmId, file.digest);
  });

  it('brings the guest back when the other host refuses it, and says why', async () => {
    const { hosts, hostSelector, first, second } = await zone(2);
    const { vmId, run } = await placed(hosts, { hostSelector });
    const { body: operation } = await migrate(vmId);
    await pause(run);
    const file = await save(run);
    await file.bring();
    const there = await arrival(second, vmId);
    await second.report(there.spec.operationId, 'failed', {
      code: 'FIRMWARE_VALUE_REFUSED',
      detail: 'ID_AA64',
    });
    expect(await ended(operation.id)).toMatchObject({
      ...{ status: 'failed', error: { code: 'FIRMWARE_VALUE_REFUSED', detail: 'ID_AA64' } },
    });
    // Neither host takes it while it still has something of it.
    await becomes(vmId, 'pending');
    await clear(second, vmId);
    await clear(first, vmId);
    const back = await arrival(first, vmId);
    expect(back.spec.restore).toMatchObject({ snapshot: file.digest });
    await goOn(back);
    expect(await becomes(vmId, 'running')).toMatchObject({ hostId: first.id });
    await leavesNothing(vmId, file.digest);
    expect(await story(vmId)).toEqual([
      ...['started by operator', 'paused by operator', 'saved by operator', 'restored by operator'],
    ]);
  });

  it('does not wait for a source that has died since, nor lose the guest with a target that has', async () => {
    const { hosts, hostSelector, first, second } = await zone(3);
    const third = hosts[2];
    if (third === undefined) throw new Error('three hosts');
    const { vmId, run } = await placed(hosts, { hostSelector });
    const { body: operation } = await migrate(vmId, { hostId: second.id });
    await pause(run);
    const file = await save(run);
    await file.bring();
    await arrival(second, vmId);
    await api.control.pool.query('UPDATE hosts SET lease_expires_at = now() WHERE id = ANY($1)', [
      [first.id, second.id],
    ]);
    expect((await vmOf(vmId)).phase).toBe('unknown');
    expect((await post(`/v1/hosts/${second.id}/declare-lost`)).status).toBe(200);
    expect(await ended(operation.id)).toMatchObject({ status: 'failed', error: { code: 'HOST_LOST' } });
    const there = await arrival(third, vmId);
    await goOn(there);
    expect(await becomes(vmId, 'running')).toMatchObject({ hostId: third.id });
    await leavesNothing(vmId, file.digest);
    expect((await eventsOf(vmId)).at(-1)).toMatchObject({
      ...{ kind: 'migrated', migration: { fromHostId: first.id, toHostId: third.id } },
    });
  });

  it('gives way to a kill, before and after the guest has left', async () => {
    const { hosts, hostSelector, second } = await zone(2);
    const before = await placed(hosts, { hostSelector });
    const { body: one } = await migrate(before.vmId);
    await pause(before.run);
    expect((await post(`/v1/vms/${before.vmId}/kill`)).status).toBe(202);
    expect(await ended(one.id)).toMatchObject({ status: 'cancelled', error: { code: 'SUPERSEDED' } });
    const kill = await request(before.run, 'kill');
    await before.run.tell(before.run.record('killed', { intentIds: [kill.intentId], final: true }));
    await becomes(before.vmId, 'stopped');

    const after = await placed(hosts, { hostSelector });
    const { body: two } = await migrate(after.vmId);
    await pause(after.run);
    const file = await save(after.run);
    await file.bring();
    const there = await arrival(second, after.vmId);
    expect((await post(`/v1/vms/${after.vmId}/kill`)).status).toBe(202);
    expect(await ended(two.id)).toMatchObject({ status: 'cancelled' });
    const { intentId } = await request(there, 'kill');
    await there.tell(there.record('killed', { intentIds: [intentId], final: true }));
    // What it was when it left is still there, and is what a start goes on from.
    expect(await becomes(after.vmId, 'stopped')).toMatchObject({ restoring: true });
    expect(await api.control.db.blob.count({ where: { digest: file.digest } })).toBe(1);
    await post(`/v1/vms/${after.vmId}/start`);
    const again = await arrival(second, after.vmId);
    expect(again.spec.restore).toMatchObject({ snapshot: file.digest });
    await goOn(again);
    await becomes(after.vmId, 'running');
    await leavesNothing(after.vmId, file.digest);
  });

  it('carries the disks of a VM that is off, and what its guest knew', async () => {
    const { hosts, hostSelector, first, second } = await zone(2);
    const { vmId, run } = await placed(hosts, { hostSelector });
    await run.tell(run.poweroff());
    const before = await becomes(vmId, 'stopped');
    const { body: operation } = await migrate(vmId);
    expect(await vmOf(vmId)).toMatchObject({ phase: 'migrating', hostId: first.id });
    expect((await post(`/v1/vms/${vmId}/kill`)).body.code).toBe('VM_NOT_RUNNING');
    const giving = await assigned(first, vmId, ({ transfer }) => transfer !== undefined);
    expect(giving).toMatchObject({
      run: null,
      transfer: { operationId: operation.id, digest: null, disks: DISKS },
    });
    const bytes = new Uint8Array(randomBytes(3_000));
    const digest = digestOf(bytes);
    const bring = (host: ProtocolHost, said = digest) =>
      host.request('PUT', `/agent/v1/transfers/${operation.id}?digest=${said}`, { body: bytes });
    expect((await bring(second)).body.code).toBe('SNAPSHOT_NOT_WANTED');
    expect((await bring(first)).status).toBe(204);
    expect((await bring(first)).status).toBe(204);
    const taking = await assigned(second, vmId, ({ transfer }) => transfer !== undefined);
    expect(taking).toMatchObject({
      run: null,
      transfer: { operationId: operation.id, digest, disks: DISKS },
    });
    expect((await second.request('GET', `/agent/v1/blobs/${digest}`)).status).toBe(200);
    expect((await vmOf(vmId)).hostId).toBe(first.id);
    await first.report(operation.id, 'succeeded');
    expect((await operationOf(operation.id)).status).toBe('running');
    await second.report(operation.id, 'succeeded');
    await second.report(operation.id, 'succeeded');
    expect(await operationOf(operation.id)).toMatchObject({ status: 'succeeded' });
    expect(await vmOf(vmId)).toMatchObject({
      ...{ phase: 'stopped', hostId: second.id, hibernation: before.hibernation, psci: { effective: '1.1' } },
    });
    expect((await story(vmId)).slice(-1)).toEqual(['migrated by operator']);
    await clear(first, vmId);
    await leavesNothing(vmId, digest);
    await post(`/v1/vms/${vmId}/start`);
    expect((await arrival(second, vmId)).spec.restore).toBeNull();
  });

  it('leaves a VM that is off where it is when its disks cannot be given or taken', async () => {
    const { hosts, hostSelector, first, second } = await zone(2);
    const { vmId } = await placed(hosts, { hostSelector }, 'stopped');
    const { body: given } = await migrate(vmId);
    await assigned(first, vmId, ({ transfer }) => transfer !== undefined);
    await first.report(given.id, 'failed', { code: 'DISK_FULL', detail: 'no room' });
    expect(await operationOf(given.id)).toMatchObject({ status: 'failed', error: { code: 'DISK_FULL' } });
    expect(await vmOf(vmId)).toMatchObject({ phase: 'stopped', hostId: first.id });

    const { body: cancelled } = await migrate(vmId);
    expect((await post(`/v1/operations/${cancelled.id}/cancel`)).body.status).toBe('cancelled');
    expect(await vmOf(vmId)).toMatchObject({ phase: 'stopped', hostId: first.id });

    const { body: damaged } = await migrate(vmId);
    const bytes = new Uint8Array(randomBytes(3_000));
    const path = (id: string, digest: string) => `/agent/v1/transfers/${id}?digest=${digest}`;
    const other = digestOf(randomBytes(8));
    expect((await first.request('PUT', path(damaged.id, other), { body: bytes })).status).toBe(400);
    expect(await operationOf(damaged.id)).toMatchObject({
      status: 'failed',
      error: { code: 'SNAPSHOT_DAMAGED' },
    });

    const { body: taken } = await migrate(vmId);
    await first.request('PUT', path(taken.id, digestOf(bytes)), { body: bytes });
    await assigned(second, vmId, ({ transfer }) => transfer !== undefined);
    await second.report(taken.id, 'failed', { code: 'DISK_FULL', detail: 'no room' });
    expect(await operationOf(taken.id)).toMatchObject({ status: 'failed', error: { code: 'DISK_FULL' } });
    expect(await vmOf(vmId)).toMatchObject({ phase: 'stopped', hostId: first.id });
    // What it has made already it removes.
    await clear(second, vmId);
    await leavesNothing(vmId, digestOf(bytes));
  });

  it('of a VM that is off and has no disks is a change of place', async () => {
    const { hosts, hostSelector, first, second } = await zone(2);
    const { vmId } = await placed(hosts, { hostSelector, disks: [] }, 'stopped');
    const { status, body } = await migrate(vmId, { hostId: second.id });
    expect({ status, body }).toMatchObject({ status: 202, body: { kind: 'migrate', status: 'succeeded' } });
    expect(await vmOf(vmId)).toMatchObject({ phase: 'stopped', hostId: second.id });
    expect(await story(vmId)).toContain('migrated by operator');
    await clear(first, vmId);
  });

  it('is what a drain does with VMs that are to be moved, paused ones too', async () => {
    const { hosts, hostSelector, first, second } = await zone(2);
    const goes = await placed(hosts, { hostSelector, onDrain: 'migrate' });
    const stays = await placed(hosts, { hostSelector, onDrain: 'migrate', psci: { version: '1.0' } });
    await post(`/v1/vms/${goes.vmId}/pause`);
    await pause(goes.run);
    await becomes(goes.vmId, 'paused');
    await api.control.pool.query(`UPDATE hosts SET psci_accepted = '{1.1}' WHERE id = $1`, [second.id]);
    const { body: drain } = await post(`/v1/hosts/${first.id}/drain`);
    const file = await save(goes.run);
    await file.bring();
    const there = await arrival(second, goes.vmId);
    await goOn(there);
    expect(await ended(drain.id)).toMatchObject({ status: 'failed', error: { code: 'DRAIN_INCOMPLETE' } });
    const { vms } = await get(`/v1/hosts/${first.id}/drain`);
    expect(vms).toMatchObject([
      { vmId: goes.vmId, action: 'migrate', state: 'moved', why: null },
      { vmId: stays.vmId, action: 'migrate', state: 'left', why: expect.stringContaining('PSCI 1.0') },
    ]);
    await pause(there);
    expect(await becomes(goes.vmId, 'paused')).toMatchObject({ hostId: second.id });
    expect(await vmOf(stays.vmId)).toMatchObject({ phase: 'running', hostId: first.id });
    const operations = (await get(`/v1/operations?vmId=${goes.vmId}`)).items;
    expect(operations).toContainEqual(
      expect.objectContaining({ kind: 'migrate', status: 'succeeded', requestedBy: `drain:${drain.id}` }),
    );
  });

  it('is refused where it makes no sense or no host can take the VM, and nothing changes', async () => {
    const { hosts, hostSelector, first, second } = await zone(2);
    const old = await ProtocolHost.enrol(api, {
      ...{ labels: hostSelector, psci: { accepted: ['0.2', '1.0'], default: '1.0' }, movesDisks: true },
    });
    const { vmId, run } = await placed([...hosts, old], { hostSelector });
    const before = await vmOf(vmId);
    const code = async (body: object, headers = {}) => {
      const answer = await migrate(vmId, body, headers);
      return `${answer.status} ${answer.body.code}`;
    };
    expect(await code({ hostId: first.id })).toBe('409 VM_ALREADY_ON_HOST');
    expect(await code({ hostId: '01890000-0000-7000-8000-000000000000' })).toBe('422 HOST_UNKNOWN');
    expect(await code({ hostId: 'x' })).toBe('400 VALIDATION_FAILED');
    expect(await code({ target: second.id })).toBe('400 VALIDATION_FAILED');
    expect(await code({}, { 'if-match': '"0"' })).toBe('412 PRECONDITION_FAILED');
    expect(await code({ hostId: old.id })).toBe('409 PSCI_VERSION_NOT_SUPPORTED');
    await post(`/v1/hosts/${second.id}/cordon`);
    const refused = await migrate(vmId, { hostId: second.id });
    expect(refused).toMatchObject({
      status: 409,
      body: {
        code: 'NO_HOST_AVAILABLE',
        placement: { hosts: await api.control.db.host.count(), reasons: { cordoned: 1, present: 1 } },
      },
    });
    expect(refused.body.detail).toContain('cannot move');
    expect(await code({})).toBe('409 PSCI_VERSION_NOT_SUPPORTED');
    await post(`/v1/hosts/${second.id}/uncordon`);
    await api.control.pool.query('UPDATE hosts SET capacity_memory_mib = 100 WHERE id = $1', [second.id]);
    expect(await code({ hostId: second.id })).toBe('409 NO_HOST_AVAILABLE');
    expect(await vmOf(vmId)).toEqual(before);

    await run.tell(run.poweroff());
    await api.control.pool.query('UPDATE hosts SET moves_disks = NULL WHERE id = $1', [first.id]);
    expect(await code({})).toBe('409 AGENT_TOO_OLD');
    await api.control.pool.query('UPDATE hosts SET lease_expires_at = now() WHERE id = $1', [first.id]);
    expect(await code({})).toBe('409 HOST_UNREACHABLE');
    const never = await makeVm(api, imageId, SHAPE);
    expect((await migrate(never.id)).body.code).toBe('VM_NOT_ON_A_HOST');
    const viewer = await api.newToken('viewer');
    const forbidden = await api.request('POST', `/v1/vms/${vmId}/migrate`, { body: {}, token: viewer });
    expect(forbidden).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
  });
});
