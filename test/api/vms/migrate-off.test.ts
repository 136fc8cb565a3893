/** Migrations of VMs that are off, those that a drain asks for, and those that are refused. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { digestOf } from '../../support/kernels.ts';
import { makeVm, ProtocolHost } from '../../support/protocol-host.ts';
import { DISKS, SHAPE, VmMoves } from '../../support/vm-moves.ts';

describe('a migration of a VM that is off, drained or refused', () => {
  let moves: VmMoves;
  beforeAll(async () => {
    moves = await VmMoves.start();
  });
  afterAll(async () => {
    await moves[Symbol.asyncDispose]();
  });

  it('carries the disks of a VM that is off, and what its guest knew', async () => {
    const { hosts, hostSelector, first, second } = await moves.zone(2);
    const { vmId, run } = await moves.placed(hosts, { hostSelector });
    await run.tell(run.poweroff());
    const before = await moves.becomes(vmId, 'stopped');
    const { body: operation } = await moves.migrate(vmId);
    expect(await moves.vmOf(vmId)).toMatchObject({ phase: 'migrating', hostId: first.id });
    expect((await moves.post(`/v1/vms/${vmId}/kill`)).body.code).toBe('VM_NOT_RUNNING');
    const giving = await moves.assigned(first, vmId, ({ transfer }) => transfer !== undefined);
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
    const taking = await moves.assigned(second, vmId, ({ transfer }) => transfer !== undefined);
    expect(taking).toMatchObject({
      run: null,
      transfer: { operationId: operation.id, digest, disks: DISKS },
    });
    expect((await second.request('GET', `/agent/v1/blobs/${digest}`)).status).toBe(200);
    expect((await moves.vmOf(vmId)).hostId).toBe(first.id);
    await first.report(operation.id, 'succeeded');
    expect((await moves.operationOf(operation.id)).status).toBe('running');
    await second.report(operation.id, 'succeeded');
    await second.report(operation.id, 'succeeded');
    expect(await moves.operationOf(operation.id)).toMatchObject({ status: 'succeeded' });
    expect(await moves.vmOf(vmId)).toMatchObject({
      ...{ phase: 'stopped', hostId: second.id, hibernation: before.hibernation, psci: { effective: '1.1' } },
    });
    expect((await moves.story(vmId)).slice(-1)).toEqual(['migrated by operator']);
    await moves.clear(first, vmId);
    await moves.leavesNothing(vmId, digest);
    await moves.post(`/v1/vms/${vmId}/start`);
    expect((await moves.arrival(second, vmId)).spec.restore).toBeNull();
  });

  it('leaves a VM that is off where it is when its disks cannot be given or taken', async () => {
    const { hosts, hostSelector, first, second } = await moves.zone(2);
    const { vmId } = await moves.placed(hosts, { hostSelector }, 'stopped');
    const { body: given } = await moves.migrate(vmId);
    await moves.assigned(first, vmId, ({ transfer }) => transfer !== undefined);
    await first.report(given.id, 'failed', { code: 'DISK_FULL', detail: 'no room' });
    expect(await moves.operationOf(given.id)).toMatchObject({
      status: 'failed',
      error: { code: 'DISK_FULL' },
    });
    expect(await moves.vmOf(vmId)).toMatchObject({ phase: 'stopped', hostId: first.id });

    const { body: cancelled } = await moves.migrate(vmId);
    expect((await moves.post(`/v1/operations/${cancelled.id}/cancel`)).body.status).toBe('cancelled');
    expect(await moves.vmOf(vmId)).toMatchObject({ phase: 'stopped', hostId: first.id });

    const { body: damaged } = await moves.migrate(vmId);
    const bytes = new Uint8Array(randomBytes(3_000));
    const path = (id: string, digest: string) => `/agent/v1/transfers/${id}?digest=${digest}`;
    const other = digestOf(randomBytes(8));
    expect((await first.request('PUT', path(damaged.id, other), { body: bytes })).status).toBe(400);
    expect(await moves.operationOf(damaged.id)).toMatchObject({
      status: 'failed',
      error: { code: 'SNAPSHOT_DAMAGED' },
    });

    const { body: taken } = await moves.migrate(vmId);
    await first.request('PUT', path(taken.id, digestOf(bytes)), { body: bytes });
    await moves.assigned(second, vmId, ({ transfer }) => transfer !== undefined);
    await second.report(taken.id, 'failed', { code: 'DISK_FULL', detail: 'no room' });
    expect(await moves.operationOf(taken.id)).toMatchObject({
      status: 'failed',
      error: { code: 'DISK_FULL' },
    });
    expect(await moves.vmOf(vmId)).toMatchObject({ phase: 'stopped', hostId: first.id });
    // What it has made already it removes.
    await moves.clear(second, vmId);
    await moves.leavesNothing(vmId, digestOf(bytes));
  });

  it('of a VM that is off and has no disks is a change of place', async () => {
    const { hosts, hostSelector, first, second } = await moves.zone(2);
    const { vmId } = await moves.placed(hosts, { hostSelector, disks: [] }, 'stopped');
    const { status, body } = await moves.migrate(vmId, { hostId: second.id });
    expect({ status, body }).toMatchObject({ status: 202, body: { kind: 'migrate', status: 'succeeded' } });
    expect(await moves.vmOf(vmId)).toMatchObject({ phase: 'stopped', hostId: second.id });
    expect(await moves.story(vmId)).toContain('migrated by operator');
    await moves.clear(first, vmId);
  });

  it('is what a drain does with VMs that are to be moved, paused ones too', async () => {
    const { hosts, hostSelector, first, second } = await moves.zone(2);
    const goes = await moves.placed(hosts, { hostSelector, onDrain: 'migrate' });
    const stays = await moves.placed(hosts, { hostSelector, onDrain: 'migrate', psci: { version: '1.0' } });
    await moves.post(`/v1/vms/${goes.vmId}/pause`);
    await moves.pause(goes.run);
    await moves.becomes(goes.vmId, 'paused');
    await moves.api.control.pool.query(`UPDATE hosts SET psci_accepted = '{1.1}' WHERE id = $1`, [second.id]);
    const { body: drain } = await moves.post(`/v1/hosts/${first.id}/drain`);
    const file = await moves.save(goes.run);
    await file.bring();
    const there = await moves.arrival(second, goes.vmId);
    await moves.goOn(there);
    expect(await moves.ended(drain.id)).toMatchObject({
      status: 'failed',
      error: { code: 'DRAIN_INCOMPLETE' },
    });
    const { vms } = await moves.get(`/v1/hosts/${first.id}/drain`);
    expect(vms).toMatchObject([
      { vmId: goes.vmId, action: 'migrate', state: 'moved', why: null },
      { vmId: stays.vmId, action: 'migrate', state: 'left', why: expect.stringContaining('PSCI 1.0') },
    ]);
    await moves.pause(there);
    expect(await moves.becomes(goes.vmId, 'paused')).toMatchObject({ hostId: second.id });
    expect(await moves.vmOf(stays.vmId)).toMatchObject({ phase: 'running', hostId: first.id });
    const operations = (await moves.get(`/v1/operations?vmId=${goes.vmId}`)).items;
    expect(operations).toContainEqual(
      expect.objectContaining({ kind: 'migrate', status: 'succeeded', requestedBy: `drain:${drain.id}` }),
    );
  });

  it('is refused where it makes no sense or no host can take the VM, and nothing changes', async () => {
    const { hosts, hostSelector, first, second } = await moves.zone(2);
    const old = await ProtocolHost.enrol(moves.api, {
      ...{ labels: hostSelector, psci: { accepted: ['0.2', '1.0'], default: '1.0' }, movesDisks: true },
    });
    const { vmId, run } = await moves.placed([...hosts, old], { hostSelector });
    const before = await moves.vmOf(vmId);
    const code = async (body: object, headers = {}) => {
      const answer = await moves.migrate(vmId, body, headers);
      return `${answer.status} ${answer.body.code}`;
    };
    expect(await code({ hostId: first.id })).toBe('409 VM_ALREADY_ON_HOST');
    expect(await code({ hostId: '01890000-0000-7000-8000-000000000000' })).toBe('422 HOST_UNKNOWN');
    expect(await code({ hostId: 'x' })).toBe('400 VALIDATION_FAILED');
    expect(await code({ target: second.id })).toBe('400 VALIDATION_FAILED');
    expect(await code({}, { 'if-match': '"0"' })).toBe('412 PRECONDITION_FAILED');
    expect(await code({ hostId: old.id })).toBe('409 PSCI_VERSION_NOT_SUPPORTED');
    await moves.post(`/v1/hosts/${second.id}/cordon`);
    const refused = await moves.migrate(vmId, { hostId: second.id });
    expect(refused).toMatchObject({
      status: 409,
      body: {
        code: 'NO_HOST_AVAILABLE',
        placement: { hosts: await moves.api.control.db.host.count(), reasons: { cordoned: 1, present: 1 } },
      },
    });
    expect(refused.body.detail).toContain('cannot move');
    expect(await code({})).toBe('409 PSCI_VERSION_NOT_SUPPORTED');
    await moves.post(`/v1/hosts/${second.id}/uncordon`);
    await moves.api.control.pool.query('UPDATE hosts SET capacity_memory_mib = 100 WHERE id = $1', [
      second.id,
    ]);
    expect(await code({ hostId: second.id })).toBe('409 NO_HOST_AVAILABLE');
    expect(await moves.vmOf(vmId)).toEqual(before);

    await run.tell(run.poweroff());
    await moves.api.control.pool.query('UPDATE hosts SET moves_disks = NULL WHERE id = $1', [first.id]);
    expect(await code({})).toBe('409 AGENT_TOO_OLD');
    await moves.api.control.pool.query('UPDATE hosts SET lease_expires_at = now() WHERE id = $1', [first.id]);
    expect(await code({})).toBe('409 HOST_UNREACHABLE');
    const never = await makeVm(moves.api, moves.imageId, SHAPE);
    expect((await moves.migrate(never.id)).body.code).toBe('VM_NOT_ON_A_HOST');
    const viewer = await moves.api.newToken('viewer');
    const forbidden = await moves.api.request('POST', `/v1/vms/${vmId}/migrate`, { body: {}, token: viewer });
    expect(forbidden).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
  });
});
