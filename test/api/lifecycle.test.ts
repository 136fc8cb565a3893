import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACTION_TABLE, VM_ACTIONS, type VmAction } from '../../src/control/vm-actions.ts';
import type { VmPhase } from '../../src/control/vm-phase.ts';
import { startApi, type TestApi } from '../support/api.ts';
import { makeImage, makeVm, ProtocolHost, type Run, startVm } from '../support/protocol-host.ts';

describe('the life of a VM', () => {
  let api: TestApi;
  let host: ProtocolHost;
  let imageId: string;
  beforeAll(async () => {
    api = await startApi();
    host = await ProtocolHost.enrol(api, {
      psci: { accepted: ['0.2', '1.0', '1.1', '1.3'], default: '1.3' },
      capacity: { vcpus: 256, memoryMiB: 262_144 },
    });
    imageId = await makeImage(api, '7.3.4');
  });
  afterAll(async () => {
    await api[Symbol.asyncDispose]();
  });

  const act = (vmId: string, action: string, body: object = {}) =>
    api.request('POST', `/v1/vms/${vmId}/${action}`, { body });
  const get = async (vmId: string) => (await api.request('GET', `/v1/vms/${vmId}`)).body;
  const operation = async (id: string) => (await api.request('GET', `/v1/operations/${id}`)).body;
  const events = async (vmId: string) => (await api.request('GET', `/v1/vms/${vmId}/events`)).body.items;
  const running = async (fields: object = {}): Promise<{ vmId: string; run: Run }> => {
    const vm = await makeVm(api, imageId, fields);
    return { vmId: vm.id, run: await startVm(api, host, vm.id) };
  };

  it('starts: the run is handed over, and `started` makes it running', async () => {
    const vm = await makeVm(api, imageId, { cmdline: 'quiet', psci: { version: '1.0' } });
    const start = await act(vm.id, 'start');
    expect(start).toMatchObject({
      status: 202,
      body: { kind: 'start', vmId: vm.id, status: 'pending', error: null, finishedAt: null },
    });
    expect(start.headers.get('location')).toBe(`/v1/operations/${start.body.id}`);
    expect(await get(vm.id)).toMatchObject({ phase: 'starting', powerState: 'running', hostId: host.id });

    const assignment = await host.assignment(vm.id);
    expect(assignment.run).toMatchObject({
      vmId: vm.id,
      operationId: start.body.id,
      vcpus: 1,
      memoryMiB: 128,
      cmdline: 'console=ttyS0 quiet',
      psci: '1.0',
      disks: [],
    });
    expect((await operation(start.body.id)).status).toBe('running');
    const run = await host.run(vm.id);
    await run.tell(run.started());
    expect(await operation(start.body.id)).toMatchObject({ status: 'succeeded', error: null });
    expect(await get(vm.id)).toMatchObject({
      phase: 'running',
      bootId: run.bootId,
      hibernation: null,
      psci: { effective: '1.0', source: 'vm', pinnedAt: expect.any(String) },
    });
    expect(await events(vm.id)).toMatchObject([
      { kind: 'started', initiator: 'operator', intentId: null, sequence: 1 },
    ]);
  });

  it('says how far its host has followed', async () => {
    const { vmId, run } = await running();
    const { generation } = await get(vmId);
    await host.heartbeat([{ vmId, runId: run.spec.runId, observedGeneration: generation + 5 }]);
    expect((await get(vmId)).observedGeneration).toBe(generation);
    await host.heartbeat([{ vmId, runId: run.spec.runId, observedGeneration: 1 }]);
    expect((await get(vmId)).observedGeneration).toBe(generation);
  });

  it('stops: the guest that was asked is the operator’s doing', async () => {
    const { vmId, run } = await running();
    const stop = await act(vmId, 'stop', { timeoutSeconds: 7, force: true });
    expect(await get(vmId)).toMatchObject({ phase: 'stopping', powerState: 'stopped' });
    const request = await run.openRequest();
    expect(request).toEqual({
      operationId: stop.body.id,
      intentId: expect.any(String),
      kind: 'stop',
      timeoutSeconds: 7,
      force: true,
    });
    await run.tell(run.poweroff([request.intentId]));
    expect(await operation(stop.body.id)).toMatchObject({ status: 'succeeded' });
    expect(await get(vmId)).toMatchObject({ phase: 'stopped', hibernation: 'no', reason: null });
    expect((await events(vmId)).at(-1)).toMatchObject({
      kind: 'poweroff',
      initiator: 'operator',
      intentId: request.intentId,
      hibernation: 'no',
      psci: { version: '1.1', function: 'SYSTEM_OFF' },
      kvm: { type: 1, data: ['0x0'] },
    });
    expect(await host.assignment(vmId)).toMatchObject({ run: null, requests: [] });
  });

  it('ends by its guest alone: the initiator is the guest', async () => {
    const { vmId, run } = await running();
    await run.tell(run.poweroff());
    expect(await get(vmId)).toMatchObject({ phase: 'stopped', powerState: 'stopped' });
    expect((await events(vmId)).at(-1)).toMatchObject({ initiator: 'guest', intentId: null });
  });

  it('a guest that powers off while a stop waits for it, but was not asked yet, did it itself', async () => {
    const { vmId, run } = await running();
    const stop = await act(vmId, 'stop');
    await run.tell(run.poweroff());
    expect((await operation(stop.body.id)).status).toBe('succeeded');
    expect((await events(vmId)).at(-1)).toMatchObject({ initiator: 'guest', intentId: null });
  });

  it('goes on when its guest did not answer, and a late power-off is nobody’s', async () => {
    const { vmId, run } = await running();
    const stop = await act(vmId, 'stop');
    const request = await run.openRequest();
    const error = { code: 'GUEST_DID_NOT_RESPOND', detail: 'not within 60 s' };
    await host.report(stop.body.id, 'failed', error);
    expect(await operation(stop.body.id)).toMatchObject({
      status: 'failed',
      error: { ...error, status: 409 },
    });
    expect(await get(vmId)).toMatchObject({ phase: 'running', powerState: 'running' });
    expect((await host.assignment(vmId)).requests).toEqual([]);
    await run.tell(run.poweroff([request.intentId]));
    expect((await events(vmId)).at(-1)).toMatchObject({ initiator: 'unknown', intentId: null });
    expect((await get(vmId)).phase).toBe('stopped');
  });

  it('pauses, resumes and resets, each with its own event and the same pin', async () => {
    const { vmId, run } = await running();
    for (const [action, kind, phase] of [
      ['pause', 'paused', 'paused'],
      ['resume', 'resumed', 'running'],
    ] as const) {
      const { body } = await act(vmId, action);
      const { intentId } = await run.openRequest();
      await run.tell(run.record(kind, { intentIds: [intentId] }));
      expect((await operation(body.id)).status).toBe('succeeded');
      expect((await get(vmId)).phase).toBe(phase);
      expect((await events(vmId)).at(-1)).toMatchObject({ kind, initiator: 'operator', intentId });
    }
    const { body } = await act(vmId, 'reset');
    const { intentId } = await run.openRequest();
    const reset = run.record('reset', { intentIds: [intentId] });
    run.bootId = crypto.randomUUID();
    await host.deliver(reset, run.record('started', { intentIds: [intentId] }));
    expect((await operation(body.id)).status).toBe('succeeded');
    expect(await get(vmId)).toMatchObject({ phase: 'running', bootId: run.bootId });
    expect((await events(vmId)).slice(-2)).toMatchObject([
      { kind: 'reset', initiator: 'operator', intentId },
      { kind: 'started', initiator: 'operator', intentId },
    ]);
  });

  it('a guest that resets itself is the guest’s doing', async () => {
    const { vmId, run } = await running();
    const reset = run.record('reset');
    run.bootId = crypto.randomUUID();
    await host.deliver(reset, run.record('started'));
    expect((await events(vmId)).slice(-2)).toMatchObject([
      { kind: 'reset', initiator: 'guest' },
      { kind: 'started', initiator: 'guest' },
    ]);
    expect((await get(vmId)).phase).toBe('running');
  });

  it('hibernates and resumes under the pin it had', async () => {
    const disks = [{ name: 'root', sizeMiB: 64 }];
    const { vmId, run } = await running({ psci: { policy: 'latest' }, disks });
    const hibernate = await act(vmId, 'hibernate');
    expect(hibernate.body.note).toBeNull();
    expect((await get(vmId)).phase).toBe('hibernating');
    const request = await run.openRequest();
    expect(request).toMatchObject({ kind: 'hibernate', timeoutSeconds: 300 });
    await run.tell(run.hibernate([request.intentId]));
    expect((await operation(hibernate.body.id)).status).toBe('succeeded');
    const off = await get(vmId);
    expect(off).toMatchObject({
      phase: 'hibernated',
      hibernation: 'yes',
      psci: { effective: '1.3', source: 'latest' },
    });
    expect((await events(vmId)).at(-1)).toMatchObject({
      kind: 'hibernate',
      initiator: 'operator',
      hibernation: 'yes',
      psci: { version: '1.3', function: 'SYSTEM_OFF2', type: 0, cookie: 0 },
      kvm: { type: 1, data: ['0x1'] },
    });
    const resumed = await startVm(api, host, vmId);
    expect(resumed.spec.psci).toBe('1.3');
    expect(await get(vmId)).toMatchObject({
      phase: 'running',
      hibernation: null,
      psci: { effective: '1.3', pinnedAt: off.psci.pinnedAt },
    });
  });

  it('hibernates below 1.3 too, but nobody can tell, and it says so', async () => {
    const { vmId, run } = await running({ psci: { version: '1.1' }, disks: [{ name: 'root', sizeMiB: 64 }] });
    const { body } = await act(vmId, 'hibernate');
    expect(body.note).toMatch(/cannot say that it hibernates at PSCI 1\.1/);
    const request = await run.openRequest();
    await run.tell(run.poweroff([request.intentId]));
    expect((await operation(body.id)).status).toBe('succeeded');
    expect(await get(vmId)).toMatchObject({
      phase: 'stopped',
      hibernation: 'unknown',
      reason: expect.stringContaining('1.1'),
    });
  });

  it('a guest that powers off when it was to hibernate fails the operation', async () => {
    const { vmId, run } = await running({ psci: { version: '1.3' } });
    const { body } = await act(vmId, 'hibernate');
    const request = await run.openRequest();
    await run.tell(run.poweroff([request.intentId]));
    expect(await operation(body.id)).toMatchObject({
      status: 'failed',
      error: { code: 'GUEST_POWERED_OFF' },
    });
    expect(await get(vmId)).toMatchObject({ phase: 'stopped', hibernation: 'no' });
  });

  it('fails by a crash, by its worker’s death and by its host’s, each with the reason', async () => {
    for (const [kind, initiator] of [
      ['crash', 'guest'],
      ['killed', 'host'],
      ['lost', 'host'],
    ] as const) {
      const { vmId, run } = await running();
      await run.tell(run.record(kind, { reason: `so it ${kind}`, final: true }));
      expect(await get(vmId)).toMatchObject({ phase: 'failed', reason: `so it ${kind}`, hibernation: 'no' });
      expect((await events(vmId)).at(-1)).toMatchObject({ kind, initiator });
      expect((await act(vmId, 'start')).status).toBe(202);
    }
  });

  it('is killed by an operator at any time, and ends stopped', async () => {
    const { vmId, run } = await running();
    const stop = await act(vmId, 'stop');
    const asked = await run.openRequest();
    const kill = await act(vmId, 'kill');
    expect(kill.status).toBe(202);
    expect(await operation(stop.body.id)).toMatchObject({
      status: 'cancelled',
      error: { code: 'SUPERSEDED' },
    });
    const request = await run.openRequest();
    expect(request.kind).toBe('kill');
    await run.tell(run.record('killed', { intentIds: [request.intentId, asked.intentId], final: true }));
    expect((await operation(kill.body.id)).status).toBe('succeeded');
    expect(await get(vmId)).toMatchObject({ phase: 'stopped', reason: null });
    expect((await events(vmId)).at(-1)).toMatchObject({
      kind: 'killed',
      initiator: 'operator',
      intentId: request.intentId,
    });
  });

  it('a stop that was superseded by a kill, but came first, is still the operator’s', async () => {
    const { vmId, run } = await running();
    await act(vmId, 'stop');
    const asked = await run.openRequest();
    const kill = await act(vmId, 'kill');
    await run.tell(run.poweroff([asked.intentId]));
    expect((await operation(kill.body.id)).status).toBe('succeeded');
    expect((await events(vmId)).at(-1)).toMatchObject({ initiator: 'operator', intentId: asked.intentId });
  });

  it('a kill that finds a guest hibernating leaves open whether it did', async () => {
    const { vmId, run } = await running({ psci: { version: '1.3' }, disks: [{ name: 'root', sizeMiB: 64 }] });
    await act(vmId, 'hibernate');
    const asked = await run.openRequest();
    const kill = await act(vmId, 'kill');
    const request = await run.openRequest();
    await run.tell(run.record('killed', { intentIds: [request.intentId, asked.intentId], final: true }));
    expect((await operation(kill.body.id)).status).toBe('succeeded');
    expect(await get(vmId)).toMatchObject({ phase: 'stopped', hibernation: 'unknown' });
  });

  it('takes a start back that no host has heard of', async () => {
    const vm = await makeVm(api, imageId);
    const start = await act(vm.id, 'start');
    const kill = await act(vm.id, 'kill');
    expect(kill.body).toMatchObject({ kind: 'kill', status: 'succeeded' });
    expect((await operation(start.body.id)).status).toBe('cancelled');
    expect(await get(vm.id)).toMatchObject({ phase: 'stopped', hostId: null, psci: { pinnedAt: null } });
  });

  it('is off again when its host cannot start it, and a kill in between is done with it', async () => {
    const vm = await makeVm(api, imageId);
    const start = await act(vm.id, 'start');
    const { run } = await host.assignment(vm.id);
    expect(run).not.toBeNull();
    const error = { code: 'IMAGE_CORRUPT', detail: 'the kernel has another digest' };
    await host.report(start.body.id, 'failed', error);
    expect(await operation(start.body.id)).toMatchObject({ status: 'failed', error });
    expect(await get(vm.id)).toMatchObject({
      phase: 'failed',
      powerState: 'stopped',
      reason: 'IMAGE_CORRUPT: the kernel has another digest',
    });

    const again = await act(vm.id, 'start');
    await host.assignment(vm.id);
    const kill = await act(vm.id, 'kill');
    expect(kill.body.status).toBe('pending');
    await host.report(again.body.id, 'failed', error);
    expect((await operation(kill.body.id)).status).toBe('succeeded');
    expect(await get(vm.id)).toMatchObject({ phase: 'stopped' });
    expect((await host.assignment(vm.id)).run).toBeNull();
  });

  it('stays hibernated when its resume could not begin', async () => {
    const { vmId, run } = await running({ psci: { version: '1.3' } });
    await run.tell(run.hibernate());
    const start = await act(vmId, 'start');
    await host.assignment(vmId);
    await host.report(start.body.id, 'failed', { code: 'OUT_OF_MEMORY', detail: 'no room' });
    expect(await get(vmId)).toMatchObject({
      phase: 'hibernated',
      hibernation: 'yes',
      reason: 'OUT_OF_MEMORY: no room',
      psci: { effective: '1.3' },
    });
  });

  it('does not believe a report that a run failed to start when it did', async () => {
    const { vmId, run } = await running();
    const late = await host.report(run.spec.operationId, 'failed', { code: 'OUT_OF_MEMORY', detail: 'late' });
    expect(late.body).toEqual({ applied: 0, ignored: 1 });
    expect((await get(vmId)).phase).toBe('running');
  });

  it('fails what was open when its run ends otherwise', async () => {
    const { vmId, run } = await running();
    const pause = await act(vmId, 'pause');
    await run.openRequest();
    await run.tell(run.poweroff());
    expect(await operation(pause.body.id)).toMatchObject({ status: 'failed', error: { code: 'RUN_ENDED' } });
  });

  it('lets a client wait for the end of an operation', async () => {
    const { vmId, run } = await running();
    const { body } = await act(vmId, 'stop');
    const request = await run.openRequest();
    const waiting = api.request('GET', `/v1/operations/${body.id}?wait=30`);
    await run.tell(run.poweroff([request.intentId]));
    expect((await waiting).body).toMatchObject({ status: 'succeeded', finishedAt: expect.any(String) });
    const list = await api.request('GET', `/v1/operations?vmId=${vmId}&status=succeeded`);
    expect(list.body.items.map(({ kind }: { kind: string }) => kind)).toEqual(['stop', 'start']);
  });

  it('takes an operation back only while its host has not heard of it', async () => {
    const { vmId, run } = await running();
    const { body: stop } = await act(vmId, 'stop');
    const cancelled = await api.request('POST', `/v1/operations/${stop.id}/cancel`, { body: {} });
    expect(cancelled).toMatchObject({
      status: 200,
      body: { status: 'cancelled', error: { code: 'CANCELLED' } },
    });
    expect(await get(vmId)).toMatchObject({ phase: 'running', powerState: 'running' });
    const twice = await api.request('POST', `/v1/operations/${stop.id}/cancel`, { body: {} });
    expect(twice).toMatchObject({ status: 409, body: { code: 'OPERATION_FINISHED' } });

    const { body: second } = await act(vmId, 'stop');
    const stale = await api.request('POST', `/v1/operations/${second.id}/cancel`, {
      body: {},
      headers: { 'if-match': '"running"' },
    });
    expect(stale).toMatchObject({ status: 412, body: { code: 'PRECONDITION_FAILED' } });
    await run.openRequest();
    const late = await api.request('POST', `/v1/operations/${second.id}/cancel`, { body: {} });
    expect(late).toMatchObject({ status: 409, body: { code: 'OPERATION_NOT_CANCELLABLE' } });

    const vm = await makeVm(api, imageId);
    const { body: start } = await act(vm.id, 'start');
    await api.request('POST', `/v1/operations/${start.id}/cancel`, { body: {} });
    expect(await get(vm.id)).toMatchObject({ phase: 'stopped', powerState: 'stopped', hostId: null });
  });

  it('has one open operation at a time, however many ask at once', async () => {
    const { vmId } = await running();
    const answers = await Promise.all(Array.from({ length: 8 }, () => act(vmId, 'stop')));
    const codes = answers.map(({ status, body }) => (status === 202 ? 'begun' : body.code));
    expect(codes.filter((code) => code === 'begun')).toHaveLength(1);
    expect(codes.filter((code) => code === 'OPERATION_IN_PROGRESS')).toHaveLength(7);
  });

  it('knows no VM and no operation that is not there', async () => {
    const nobody = '01900000-0000-7000-8000-000000000000';
    expect(await act(nobody, 'start')).toMatchObject({ status: 404, body: { code: 'VM_NOT_FOUND' } });
    for (const path of [`/v1/vms/${nobody}`, `/v1/vms/${nobody}/psci`, `/v1/vms/${nobody}/events`]) {
      expect(await api.request('GET', path)).toMatchObject({ status: 404, body: { code: 'VM_NOT_FOUND' } });
    }
    expect(await api.request('GET', `/v1/operations/${nobody}`)).toMatchObject({
      status: 404,
      body: { code: 'OPERATION_NOT_FOUND' },
    });
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
      await act(starting.id, 'start');
      states.set('starting', starting.id);
      states.set('running', (await running()).vmId);
      const paused = await running();
      await act(paused.vmId, 'pause');
      const { intentId } = await paused.run.openRequest();
      await paused.run.tell(paused.run.record('paused', { intentIds: [intentId] }));
      states.set('paused', paused.vmId);
      const stopping = await running();
      await act(stopping.vmId, 'stop');
      states.set('stopping', stopping.vmId);
      states.set('stopped', (await makeVm(api, imageId)).id);
      const hibernating = await running();
      await act(hibernating.vmId, 'hibernate');
      states.set('hibernating', hibernating.vmId);
      const hibernated = await running({ psci: { version: '1.3' } });
      await hibernated.run.tell(hibernated.run.hibernate());
      states.set('hibernated', hibernated.vmId);
      const failed = await running();
      await failed.run.tell(failed.run.record('crash', { final: true }));
      states.set('failed', failed.vmId);
      // Migration comes later; its phase is refused already.
      const migrating = await running();
      await api.control.db.vm.update({ where: { id: migrating.vmId }, data: { phase: 'migrating' } });
      states.set('migrating', migrating.vmId);
    });

    const refusals = [...VM_ACTIONS, 'delete' as const].flatMap((action) =>
      (Object.entries(ACTION_TABLE[action]) as [VmPhase, string | null][]).flatMap(([phase, code]) =>
        code === null ? [] : [[action, phase, code] as const],
      ),
    );
    const ask = (action: VmAction | 'delete', vmId: string) =>
      action === 'delete' ? api.request('DELETE', `/v1/vms/${vmId}`) : act(vmId, action);

    it.each(refusals)('%s of a %s VM is refused with %s and changes nothing', async (action, phase, code) => {
      const vmId = states.get(phase) ?? '';
      const before = await get(vmId);
      expect(before.phase).toBe(phase);
      const answer = await ask(action, vmId);
      expect(answer).toMatchObject({ status: 409, body: { code } });
      expect(await get(vmId)).toEqual(before);
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
