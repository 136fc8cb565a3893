import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACTION_TABLE, VM_ACTIONS, type VmAction } from '../../../src/control/vms/vm-actions.ts';
import type { VmPhase } from '../../../src/control/vms/vm-phase.ts';
import { startApi, type TestApi } from '../../support/api.ts';
import { makeVm, ProtocolHost, startVm } from '../../support/protocol-host.ts';
import { VmHands } from '../../support/vm-hands.ts';

describe('actions and their operations', () => {
  let api: TestApi;
  let imageId: string;
  let vms: VmHands;
  beforeAll(async () => {
    api = await startApi();
    vms = await VmHands.on(api);
    ({ imageId } = vms);
  });
  afterAll(async () => {
    await api[Symbol.asyncDispose]();
  });

  it('lets a client wait for the end of an operation', async () => {
    const { vmId, run } = await vms.running();
    const { body } = await vms.act(vmId, 'stop');
    const request = await run.openRequest();
    const waiting = api.request('GET', `/v1/operations/${body.id}?wait=30`);
    await run.tell(run.poweroff([request.intentId]));
    expect((await waiting).body).toMatchObject({ status: 'succeeded', finishedAt: expect.any(String) });
    const list = await api.request('GET', `/v1/operations?vmId=${vmId}&status=succeeded`);
    expect(list.body.items.map(({ kind }: { kind: string }) => kind)).toEqual(['stop', 'start']);
  });

  it('takes an operation back only while its host has not heard of it', async () => {
    const { vmId, run } = await vms.running();
    const { body: stop } = await vms.act(vmId, 'stop');
    const cancelled = await api.request('POST', `/v1/operations/${stop.id}/cancel`, { body: {} });
    expect(cancelled).toMatchObject({
      status: 200,
      body: { status: 'cancelled', error: { code: 'CANCELLED' } },
    });
    expect(await vms.get(vmId)).toMatchObject({ phase: 'running', powerState: 'running' });
    const twice = await api.request('POST', `/v1/operations/${stop.id}/cancel`, { body: {} });
    expect(twice).toMatchObject({ status: 409, body: { code: 'OPERATION_FINISHED' } });

    const { body: second } = await vms.act(vmId, 'stop');
    const stale = await api.request('POST', `/v1/operations/${second.id}/cancel`, {
      body: {},
      headers: { 'if-match': '"running"' },
    });
    expect(stale).toMatchObject({ status: 412, body: { code: 'PRECONDITION_FAILED' } });
    await run.openRequest();
    const late = await api.request('POST', `/v1/operations/${second.id}/cancel`, { body: {} });
    expect(late).toMatchObject({ status: 409, body: { code: 'OPERATION_NOT_CANCELLABLE' } });

    const vm = await makeVm(api, imageId);
    const { body: start } = await vms.act(vm.id, 'start');
    await api.request('POST', `/v1/operations/${start.id}/cancel`, { body: {} });
    expect(await vms.get(vm.id)).toMatchObject({ phase: 'stopped', powerState: 'stopped', hostId: null });
  });

  it('has one open operation at a time, however many ask at once', async () => {
    const { vmId } = await vms.running();
    const answers = await Promise.all(Array.from({ length: 8 }, () => vms.act(vmId, 'stop')));
    const codes = answers.map(({ status, body }) => (status === 202 ? 'begun' : body.code));
    expect(codes.filter((code) => code === 'begun')).toHaveLength(1);
    expect(codes.filter((code) => code === 'OPERATION_IN_PROGRESS')).toHaveLength(7);
  });

  describe('each action in each phase', () => {
    const states = new Map<VmPhase, string>();
    beforeAll(async () => {
      // First, for a pending start says why no host can take it.
      const silent = await ProtocolHost.enrol(api, { labels: { silent: 'yes' } });
      const unknown = await makeVm(api, imageId, { hostSelector: { silent: 'yes' } });
      await startVm(api, silent, unknown.id);
      await api.control.pool.query('UPDATE hosts SET lease_expires_at = now() WHERE id = $1', [silent.id]);
      states.set('unknown', unknown.id);
      const pending = await makeVm(api, imageId, { powerState: 'running', hostSelector: { nowhere: 'yes' } });
      states.set('pending', pending.id);
      const starting = await makeVm(api, imageId);
      await vms.act(starting.id, 'start');
      states.set('starting', starting.id);
      states.set('running', (await vms.running()).vmId);
      const paused = await vms.running();
      await vms.act(paused.vmId, 'pause');
      const { intentId } = await paused.run.openRequest();
      await paused.run.tell(paused.run.record('paused', { intentIds: [intentId] }));
      states.set('paused', paused.vmId);
      const stopping = await vms.running();
      await vms.act(stopping.vmId, 'stop');
      states.set('stopping', stopping.vmId);
      states.set('stopped', (await makeVm(api, imageId)).id);
      const hibernating = await vms.running();
      await vms.act(hibernating.vmId, 'hibernate');
      states.set('hibernating', hibernating.vmId);
      const hibernated = await vms.running({ psci: { version: '1.3' } });
      await hibernated.run.tell(hibernated.run.hibernate());
      states.set('hibernated', hibernated.vmId);
      const failed = await vms.running();
      await failed.run.tell(failed.run.record('crash', { final: true }));
      states.set('failed', failed.vmId);
      // Migration comes later; its phase is refused already.
      const migrating = await vms.running();
      await api.control.db.vm.update({ where: { id: migrating.vmId }, data: { phase: 'migrating' } });
      states.set('migrating', migrating.vmId);
    });

    const refusals = [...VM_ACTIONS, 'delete' as const].flatMap((action) =>
      (Object.entries(ACTION_TABLE[action]) as [VmPhase, string | null][]).flatMap(([phase, code]) =>
        code === null ? [] : [[action, phase, code] as const],
      ),
    );
    const ask = (action: VmAction | 'delete', vmId: string) =>
      action === 'delete' ? api.request('DELETE', `/v1/vms/${vmId}`) : vms.act(vmId, action);

    it.each(refusals)('%s of a %s VM is refused with %s and changes nothing', async (action, phase, code) => {
      const vmId = states.get(phase) ?? '';
      const before = await vms.get(vmId);
      expect(before.phase).toBe(phase);
      const answer = await ask(action, vmId);
      expect(answer).toMatchObject({ status: 409, body: { code } });
      expect(await vms.get(vmId)).toEqual(before);
    });
    // Last, for they change their VM: one allowed action per phase.
    it.each([
      ['pending', 'stop'],
      ['starting', 'kill'],
      ['running', 'reset'],
      ['paused', 'resume'],
      ['stopping', 'kill'],
      ['stopped', 'delete'],
      ['hibernating', 'kill'],
      ['hibernated', 'start'],
      ['failed', 'start'],
      ['migrating', 'kill'],
      ['unknown', 'kill'],
    ] as const)('a %s VM takes a %s', async (phase, action) => {
      expect((await ask(action, states.get(phase) ?? '')).status).toBe(202);
    });
  });
});
