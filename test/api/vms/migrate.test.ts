/** Migrations of guests that run, by the API. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DISKS, VmMoves } from '../../support/vm-moves.ts';

describe('a migration', () => {
  let moves: VmMoves;
  beforeAll(async () => {
    moves = await VmMoves.start();
  });
  afterAll(async () => {
    await moves[Symbol.asyncDispose]();
  });

  it('takes a guest that runs to the other host, once, and leaves nothing behind', async () => {
    const { hosts, hostSelector, first, second } = await moves.zone(2);
    const { vmId, run } = await moves.placed(hosts, { hostSelector });
    const key = { 'idempotency-key': `migrate-${vmId}` };
    const { status, body: operation, headers } = await moves.migrate(vmId, { hostId: second.id }, key);
    expect({ status, location: headers.get('location') }).toEqual({
      status: 202,
      location: `/v1/operations/${operation.id}`,
    });
    expect(operation).toMatchObject({ kind: 'migrate', vmId, hostId: first.id, status: 'running' });
    expect(await moves.migrate(vmId, { hostId: second.id }, key)).toMatchObject({
      status: 202,
      body: { id: operation.id },
    });
    expect(await moves.migrate(vmId, {}, key)).toMatchObject({
      status: 422,
      body: { code: 'IDEMPOTENCY_KEY_REUSED' },
    });
    expect(await moves.vmOf(vmId)).toMatchObject({ phase: 'migrating', hostId: first.id });

    await moves.pause(run);
    expect(await moves.vmOf(vmId)).toMatchObject({ phase: 'migrating' });
    for (const action of ['resume', 'reset', 'stop', 'start', 'migrate', 'snapshots']) {
      expect(await moves.post(`/v1/vms/${vmId}/${action}`)).toMatchObject({
        status: 409,
        body: { code: 'VM_MIGRATING' },
      });
    }
    const file = await moves.save(run);
    // A replica that dies between two steps leaves the rest to the others.
    await moves.api.restart();
    expect((await file.bring()).status).toBe(204);
    const there = await moves.arrival(second, vmId);
    expect(there.spec).toMatchObject({
      ...{ psci: '1.1', firmware: { psci: '1.1' }, disks: DISKS },
      restore: { snapshot: file.digest, skipAbsentRegisters: false },
    });
    expect((await second.request('GET', `/agent/v1/blobs/${file.digest}`)).status).toBe(200);
    expect(await moves.vmOf(vmId)).toMatchObject({ phase: 'migrating', hostId: second.id, restoring: true });
    expect((await moves.post(`/v1/operations/${operation.id}/cancel`)).body.code).toBe(
      'OPERATION_NOT_CANCELLABLE',
    );
    // What its former host says of the end of its run is no news.
    const late = run.record('killed', { final: true, reason: 'the run is no longer assigned to this host' });
    expect((await run.tell(late)).body).toMatchObject({ inserted: 0, duplicates: 1, refused: [] });
    await moves.clear(first, vmId);

    await moves.goOn(there);
    expect(await moves.ended(operation.id)).toMatchObject({ status: 'succeeded', hostId: second.id });
    expect(await moves.vmOf(vmId)).toMatchObject({
      ...{ phase: 'running', hostId: second.id, bootId: there.bootId, restoring: false },
      psci: { effective: '1.1' },
    });
    expect(await moves.story(vmId)).toEqual([
      ...['started by operator', 'paused by operator', 'saved by operator'],
      ...['restored by operator', 'migrated by operator'],
    ]);
    expect((await moves.eventsOf(vmId)).at(-1)).toMatchObject({
      ...{
        hostId: second.id,
        runId: there.spec.runId,
        reason: `From host ${first.name} to host ${second.name}.`,
      },
      migration: { fromHostId: first.id, toHostId: second.id },
    });
    await moves.leavesNothing(vmId, file.digest);
    const { items: audit } = await moves.get(`/v1/audit?resourceId=${vmId}&method=POST&limit=100`);
    expect(audit).toContainEqual(expect.objectContaining({ path: `/v1/vms/${vmId}/migrate`, status: 202 }));
    // And back, to a host that has had it before.
    const { body: back } = await moves.migrate(vmId);
    await moves.pause(there);
    await (await moves.save(there)).bring();
    await moves.goOn(await moves.arrival(first, vmId));
    expect(await moves.ended(back.id)).toMatchObject({ status: 'succeeded', hostId: first.id });
  });

  it('leaves a guest paused that was', async () => {
    const { hosts, hostSelector, second } = await moves.zone(2);
    const { vmId, run } = await moves.placed(hosts, { hostSelector });
    await moves.post(`/v1/vms/${vmId}/pause`);
    await moves.pause(run);
    await moves.becomes(vmId, 'paused');
    const { body: operation } = await moves.migrate(vmId);
    const file = await moves.save(run);
    await file.bring();
    const there = await moves.arrival(second, vmId);
    await moves.goOn(there);
    expect(await moves.ended(operation.id)).toMatchObject({ status: 'succeeded' });
    await moves.pause(there);
    await moves.becomes(vmId, 'paused');
    await moves.leavesNothing(vmId, file.digest);
  });

  it('is taken back until the guest has left, and the guest goes on', async () => {
    const { hosts, hostSelector, first } = await moves.zone(2);
    const { vmId, run } = await moves.placed(hosts, { hostSelector });
    const cancel = async (id: string) => (await moves.post(`/v1/operations/${id}/cancel`)).body;
    const { body: early } = await moves.migrate(vmId);
    expect(await cancel(early.id)).toMatchObject({ status: 'cancelled', error: { code: 'CANCELLED' } });
    expect(await moves.vmOf(vmId)).toMatchObject({ phase: 'running', hostId: first.id });

    // The host has heard of the pause.
    const { body: late } = await moves.migrate(vmId);
    const { intentId } = await moves.request(run, 'pause');
    expect((await cancel(late.id)).status).toBe('cancelled');
    await run.tell(run.record('paused', { intentIds: [intentId] }));
    const resume = await moves.request(run, 'resume');
    await run.tell(run.record('resumed', { intentIds: [resume.intentId] }));
    await moves.becomes(vmId, 'running');

    // The file is on its way.
    const { body: latest } = await moves.migrate(vmId);
    await moves.pause(run);
    const file = await moves.save(run);
    expect((await cancel(latest.id)).status).toBe('cancelled');
    expect((await file.bring()).body.code).toBe('SNAPSHOT_NOT_WANTED');
    const again = await moves.request(run, 'resume');
    await run.tell(run.record('resumed', { intentIds: [again.intentId] }));
    expect(await moves.becomes(vmId, 'running')).toMatchObject({ hostId: first.id });
    await moves.leavesNothing(vmId, file.digest);
    expect(await moves.story(vmId)).not.toContain('migrated by operator');
  });

  it('fails where its guest cannot be paused or saved, or ends, and changes nothing else', async () => {
    const { hosts, hostSelector } = await moves.zone(2);
    const refused = await moves.placed(hosts, { hostSelector });
    const { body: first } = await moves.migrate(refused.vmId);
    const asked = await moves.request(refused.run, 'pause');
    await refused.run.host.report(asked.operationId, 'failed', { code: 'NOT_RUNNING', detail: 'it boots' });
    expect(await moves.ended(first.id)).toMatchObject({ status: 'failed', error: { code: 'NOT_RUNNING' } });
    await moves.becomes(refused.vmId, 'running');

    const { body: second } = await moves.migrate(refused.vmId);
    await moves.pause(refused.run);
    const saving = await moves.request(refused.run, 'snapshot');
    await refused.run.host.report(saving.operationId, 'failed', { code: 'DISK_FULL', detail: 'no room' });
    expect(await moves.ended(second.id)).toMatchObject({ status: 'failed', error: { code: 'DISK_FULL' } });
    const { intentId } = await moves.request(refused.run, 'resume');
    await refused.run.tell(refused.run.record('resumed', { intentIds: [intentId] }));
    await moves.becomes(refused.vmId, 'running');

    const { body: third } = await moves.migrate(refused.vmId);
    await refused.run.tell(refused.run.poweroff());
    expect(await moves.ended(third.id)).toMatchObject({ status: 'failed', error: { code: 'RUN_ENDED' } });
    await moves.becomes(refused.vmId, 'stopped');
  });

  it('lets the guest go on where it is when no host can take it any more', async () => {
    const { hosts, hostSelector, first, second } = await moves.zone(2);
    const { vmId, run } = await moves.placed(hosts, { hostSelector });
    const { body: operation } = await moves.migrate(vmId);
    await moves.pause(run);
    const file = await moves.save(run);
    await moves.post(`/v1/hosts/${second.id}/cordon`);
    await file.bring();
    expect(await moves.ended(operation.id)).toMatchObject({
      ...{ status: 'failed', hostId: first.id },
      error: { code: 'NO_HOST_AVAILABLE', detail: expect.stringContaining('cordoned') },
    });
    const { intentId } = await moves.request(run, 'resume');
    await run.tell(run.record('resumed', { intentIds: [intentId] }));
    await moves.becomes(vmId, 'running');
    await moves.leavesNothing(vmId, file.digest);
  });

  it('brings the guest back when the other host refuses it, and says why', async () => {
    const { hosts, hostSelector, first, second } = await moves.zone(2);
    const { vmId, run } = await moves.placed(hosts, { hostSelector });
    const { body: operation } = await moves.migrate(vmId);
    await moves.pause(run);
    const file = await moves.save(run);
    await file.bring();
    const there = await moves.arrival(second, vmId);
    await second.report(there.spec.operationId, 'failed', {
      code: 'FIRMWARE_VALUE_REFUSED',
      detail: 'ID_AA64',
    });
    expect(await moves.ended(operation.id)).toMatchObject({
      ...{ status: 'failed', error: { code: 'FIRMWARE_VALUE_REFUSED', detail: 'ID_AA64' } },
    });
    // Neither host takes it while it still has something of it.
    await moves.becomes(vmId, 'pending');
    await moves.clear(second, vmId);
    await moves.clear(first, vmId);
    const back = await moves.arrival(first, vmId);
    expect(back.spec.restore).toMatchObject({ snapshot: file.digest });
    await moves.goOn(back);
    expect(await moves.becomes(vmId, 'running')).toMatchObject({ hostId: first.id });
    await moves.leavesNothing(vmId, file.digest);
    expect(await moves.story(vmId)).toEqual([
      ...['started by operator', 'paused by operator', 'saved by operator', 'restored by operator'],
    ]);
  });

  it('does not wait for a source that has died since, nor lose the guest with a target that has', async () => {
    const { hosts, hostSelector, first, second } = await moves.zone(3);
    const third = hosts[2];
    if (third === undefined) throw new Error('three hosts');
    const { vmId, run } = await moves.placed(hosts, { hostSelector });
    const { body: operation } = await moves.migrate(vmId, { hostId: second.id });
    await moves.pause(run);
    const file = await moves.save(run);
    await file.bring();
    await moves.arrival(second, vmId);
    await moves.api.control.pool.query('UPDATE hosts SET lease_expires_at = now() WHERE id = ANY($1)', [
      [first.id, second.id],
    ]);
    expect((await moves.vmOf(vmId)).phase).toBe('unknown');
    expect((await moves.post(`/v1/hosts/${second.id}/declare-lost`)).status).toBe(200);
    expect(await moves.ended(operation.id)).toMatchObject({ status: 'failed', error: { code: 'HOST_LOST' } });
    const there = await moves.arrival(third, vmId);
    await moves.goOn(there);
    expect(await moves.becomes(vmId, 'running')).toMatchObject({ hostId: third.id });
    await moves.leavesNothing(vmId, file.digest);
    expect((await moves.eventsOf(vmId)).at(-1)).toMatchObject({
      ...{ kind: 'migrated', migration: { fromHostId: first.id, toHostId: third.id } },
    });
  });

  it('gives way to a kill, before and after the guest has left', async () => {
    const { hosts, hostSelector, second } = await moves.zone(2);
    const before = await moves.placed(hosts, { hostSelector });
    const { body: one } = await moves.migrate(before.vmId);
    await moves.pause(before.run);
    expect((await moves.post(`/v1/vms/${before.vmId}/kill`)).status).toBe(202);
    expect(await moves.ended(one.id)).toMatchObject({ status: 'cancelled', error: { code: 'SUPERSEDED' } });
    const kill = await moves.request(before.run, 'kill');
    await before.run.tell(before.run.record('killed', { intentIds: [kill.intentId], final: true }));
    await moves.becomes(before.vmId, 'stopped');

    const after = await moves.placed(hosts, { hostSelector });
    const { body: two } = await moves.migrate(after.vmId);
    await moves.pause(after.run);
    const file = await moves.save(after.run);
    await file.bring();
    const there = await moves.arrival(second, after.vmId);
    expect((await moves.post(`/v1/vms/${after.vmId}/kill`)).status).toBe(202);
    expect(await moves.ended(two.id)).toMatchObject({ status: 'cancelled' });
    const { intentId } = await moves.request(there, 'kill');
    await there.tell(there.record('killed', { intentIds: [intentId], final: true }));
    // What it was when it left is still there, and is what a start goes on from.
    expect(await moves.becomes(after.vmId, 'stopped')).toMatchObject({ restoring: true });
    expect(await moves.api.control.db.blob.count({ where: { digest: file.digest } })).toBe(1);
    await moves.post(`/v1/vms/${after.vmId}/start`);
    const again = await moves.arrival(second, after.vmId);
    expect(again.spec.restore).toMatchObject({ snapshot: file.digest });
    await moves.goOn(again);
    await moves.becomes(after.vmId, 'running');
    await moves.leavesNothing(after.vmId, file.digest);
  });
});
