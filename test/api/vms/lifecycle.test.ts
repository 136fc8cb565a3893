import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startApi, type TestApi } from '../../support/api.ts';
import { makeVm, type ProtocolHost, startVm } from '../../support/protocol-host.ts';
import { VmHands } from '../../support/vm-hands.ts';

describe('the life of a VM', () => {
  let api: TestApi;
  let host: ProtocolHost;
  let imageId: string;
  let vms: VmHands;
  beforeAll(async () => {
    api = await startApi();
    vms = await VmHands.on(api);
    ({ host, imageId } = vms);
  });
  afterAll(async () => {
    await api[Symbol.asyncDispose]();
  });

  it('starts: the run is handed over, and `started` makes it running', async () => {
    const vm = await makeVm(api, imageId, { cmdline: 'quiet', psci: { version: '1.0' } });
    const start = await vms.act(vm.id, 'start');
    expect(start).toMatchObject({
      status: 202,
      body: { kind: 'start', vmId: vm.id, status: 'pending', error: null, finishedAt: null },
    });
    expect(start.headers.get('location')).toBe(`/v1/operations/${start.body.id}`);
    expect(await vms.get(vm.id)).toMatchObject({ phase: 'starting', powerState: 'running', hostId: host.id });

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
    expect((await vms.operation(start.body.id)).status).toBe('running');
    const run = await host.run(vm.id);
    await run.tell(run.started());
    expect(await vms.operation(start.body.id)).toMatchObject({ status: 'succeeded', error: null });
    expect(await vms.get(vm.id)).toMatchObject({
      phase: 'running',
      bootId: run.bootId,
      hibernation: null,
      psci: { effective: '1.0', source: 'vm', pinnedAt: expect.any(String) },
    });
    expect(await vms.events(vm.id)).toMatchObject([
      { kind: 'started', initiator: 'operator', intentId: null, sequence: 1 },
    ]);
  });

  it('says how far its host has followed', async () => {
    const { vmId, run } = await vms.running();
    const { generation } = await vms.get(vmId);
    await host.heartbeat([{ vmId, runId: run.spec.runId, observedGeneration: generation + 5 }]);
    expect((await vms.get(vmId)).observedGeneration).toBe(generation);
    await host.heartbeat([{ vmId, runId: run.spec.runId, observedGeneration: 1 }]);
    expect((await vms.get(vmId)).observedGeneration).toBe(generation);
  });

  it('stops: the guest that was asked is the operator’s doing', async () => {
    const { vmId, run } = await vms.running();
    const stop = await vms.act(vmId, 'stop', { timeoutSeconds: 7, force: true });
    expect(await vms.get(vmId)).toMatchObject({ phase: 'stopping', powerState: 'stopped' });
    const request = await run.openRequest();
    expect(request).toEqual({
      operationId: stop.body.id,
      intentId: expect.any(String),
      kind: 'stop',
      timeoutSeconds: 7,
      force: true,
    });
    await run.tell(run.poweroff([request.intentId]));
    expect(await vms.operation(stop.body.id)).toMatchObject({ status: 'succeeded' });
    expect(await vms.get(vmId)).toMatchObject({ phase: 'stopped', hibernation: 'no', reason: null });
    expect((await vms.events(vmId)).at(-1)).toMatchObject({
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
    const { vmId, run } = await vms.running();
    await run.tell(run.poweroff());
    expect(await vms.get(vmId)).toMatchObject({ phase: 'stopped', powerState: 'stopped' });
    expect((await vms.events(vmId)).at(-1)).toMatchObject({ initiator: 'guest', intentId: null });
  });

  it('a guest that powers off while a stop waits for it, but was not asked yet, did it itself', async () => {
    const { vmId, run } = await vms.running();
    const stop = await vms.act(vmId, 'stop');
    await run.tell(run.poweroff());
    expect((await vms.operation(stop.body.id)).status).toBe('succeeded');
    expect((await vms.events(vmId)).at(-1)).toMatchObject({ initiator: 'guest', intentId: null });
  });

  it('goes on when its guest did not answer, and a late power-off is nobody’s', async () => {
    const { vmId, run } = await vms.running();
    const stop = await vms.act(vmId, 'stop');
    const request = await run.openRequest();
    const error = { code: 'GUEST_DID_NOT_RESPOND', detail: 'not within 60 s' };
    await host.report(stop.body.id, 'failed', error);
    expect(await vms.operation(stop.body.id)).toMatchObject({
      status: 'failed',
      error: { ...error, status: 409 },
    });
    expect(await vms.get(vmId)).toMatchObject({ phase: 'running', powerState: 'running' });
    expect((await host.assignment(vmId)).requests).toEqual([]);
    await run.tell(run.poweroff([request.intentId]));
    expect((await vms.events(vmId)).at(-1)).toMatchObject({ initiator: 'unknown', intentId: null });
    expect((await vms.get(vmId)).phase).toBe('stopped');
  });

  it('pauses, resumes and resets, each with its own event and the same pin', async () => {
    const { vmId, run } = await vms.running();
    for (const [action, kind, phase] of [
      ['pause', 'paused', 'paused'],
      ['resume', 'resumed', 'running'],
    ] as const) {
      const { body } = await vms.act(vmId, action);
      const { intentId } = await run.openRequest();
      await run.tell(run.record(kind, { intentIds: [intentId] }));
      expect((await vms.operation(body.id)).status).toBe('succeeded');
      expect((await vms.get(vmId)).phase).toBe(phase);
      expect((await vms.events(vmId)).at(-1)).toMatchObject({ kind, initiator: 'operator', intentId });
    }
    const { body } = await vms.act(vmId, 'reset');
    const { intentId } = await run.openRequest();
    const reset = run.record('reset', { intentIds: [intentId] });
    run.bootId = crypto.randomUUID();
    await host.deliver(reset, run.record('started', { intentIds: [intentId] }));
    expect((await vms.operation(body.id)).status).toBe('succeeded');
    expect(await vms.get(vmId)).toMatchObject({ phase: 'running', bootId: run.bootId });
    expect((await vms.events(vmId)).slice(-2)).toMatchObject([
      { kind: 'reset', initiator: 'operator', intentId },
      { kind: 'started', initiator: 'operator', intentId },
    ]);
  });

  it('a guest that resets itself is the guest’s doing', async () => {
    const { vmId, run } = await vms.running();
    const reset = run.record('reset');
    run.bootId = crypto.randomUUID();
    await host.deliver(reset, run.record('started'));
    expect((await vms.events(vmId)).slice(-2)).toMatchObject([
      { kind: 'reset', initiator: 'guest' },
      { kind: 'started', initiator: 'guest' },
    ]);
    expect((await vms.get(vmId)).phase).toBe('running');
  });

  it('a guest whose boots keep ending shows why and when it boots again, and is reset meanwhile', async () => {
    const { vmId, run } = await vms.running();
    const reason = 'KVM gave up; the last 4 boots each ended within 5 min, so the next one begins in 10 s';
    await run.tell(run.record('crash', { reason }));
    expect(await vms.get(vmId)).toMatchObject({ phase: 'running', reason });
    const { body } = await vms.act(vmId, 'reset');
    const { intentId } = await run.openRequest();
    run.bootId = crypto.randomUUID();
    await host.deliver(
      run.record('reset', { intentIds: [intentId] }),
      run.record('started', { intentIds: [intentId] }),
    );
    expect((await vms.operation(body.id)).status).toBe('succeeded');
    expect(await vms.get(vmId)).toMatchObject({ phase: 'running', reason: null, bootId: run.bootId });
  });

  it('hibernates and resumes under the pin it had', async () => {
    const disks = [{ name: 'root', sizeMiB: 64 }];
    const { vmId, run } = await vms.running({ psci: { policy: 'latest' }, disks });
    const hibernate = await vms.act(vmId, 'hibernate');
    expect(hibernate.body.note).toBeNull();
    expect((await vms.get(vmId)).phase).toBe('hibernating');
    const request = await run.openRequest();
    expect(request).toMatchObject({ kind: 'hibernate', timeoutSeconds: 300 });
    await run.tell(run.hibernate([request.intentId]));
    expect((await vms.operation(hibernate.body.id)).status).toBe('succeeded');
    const off = await vms.get(vmId);
    expect(off).toMatchObject({
      phase: 'hibernated',
      hibernation: 'yes',
      psci: { effective: '1.3', source: 'latest' },
    });
    expect((await vms.events(vmId)).at(-1)).toMatchObject({
      kind: 'hibernate',
      initiator: 'operator',
      hibernation: 'yes',
      psci: { version: '1.3', function: 'SYSTEM_OFF2', type: 0, cookie: 0 },
      kvm: { type: 1, data: ['0x1'] },
    });
    const resumed = await startVm(api, host, vmId);
    expect(resumed.spec.psci).toBe('1.3');
    expect(await vms.get(vmId)).toMatchObject({
      phase: 'running',
      hibernation: null,
      psci: { effective: '1.3', pinnedAt: off.psci.pinnedAt },
    });
  });

  it('hibernates below 1.3 too, but nobody can tell, and it says so', async () => {
    const { vmId, run } = await vms.running({
      psci: { version: '1.1' },
      disks: [{ name: 'root', sizeMiB: 64 }],
    });
    const { body } = await vms.act(vmId, 'hibernate');
    expect(body.note).toMatch(/cannot say that it hibernates at PSCI 1\.1/);
    const request = await run.openRequest();
    await run.tell(run.poweroff([request.intentId]));
    expect((await vms.operation(body.id)).status).toBe('succeeded');
    expect(await vms.get(vmId)).toMatchObject({
      phase: 'stopped',
      hibernation: 'unknown',
      reason: expect.stringContaining('1.1'),
    });
  });

  it('a guest that powers off when it was to hibernate fails the operation', async () => {
    const { vmId, run } = await vms.running({ psci: { version: '1.3' } });
    const { body } = await vms.act(vmId, 'hibernate');
    const request = await run.openRequest();
    await run.tell(run.poweroff([request.intentId]));
    expect(await vms.operation(body.id)).toMatchObject({
      status: 'failed',
      error: { code: 'GUEST_POWERED_OFF' },
    });
    expect(await vms.get(vmId)).toMatchObject({ phase: 'stopped', hibernation: 'no' });
  });

  it('fails by a crash and by its worker’s death, each with the reason', async () => {
    for (const [kind, initiator] of [
      ['crash', 'guest'],
      ['killed', 'host'],
    ] as const) {
      const { vmId, run } = await vms.running();
      await run.tell(run.record(kind, { reason: `so it ${kind}`, final: true }));
      expect(await vms.get(vmId)).toMatchObject({
        phase: 'failed',
        reason: `so it ${kind}`,
        hibernation: 'no',
      });
      expect((await vms.events(vmId)).at(-1)).toMatchObject({ kind, initiator });
      expect((await vms.act(vmId, 'start')).status).toBe(202);
    }
  });

  it('that was lost with its host is started again with its pin, which is nobody’s request', async () => {
    const { vmId, run } = await vms.running({ psci: { version: '1.0' } });
    await run.tell(run.record('lost', { reason: 'the host rebooted', final: true }));
    expect((await vms.events(vmId)).at(-1)).toMatchObject({ kind: 'lost', initiator: 'host' });
    // It waits for a place like other starts.
    const again = await vi.waitFor(() => vms.host.run(vmId), { timeout: 30_000 });
    expect(again.spec).toMatchObject({ psci: '1.0' });
    expect(again.spec.runId).not.toBe(run.spec.runId);
    await again.tell(again.record('started'));
    expect(await vms.get(vmId)).toMatchObject({ phase: 'running', reason: null, powerState: 'running' });
    expect((await vms.events(vmId)).at(-1)).toMatchObject({ kind: 'started', initiator: 'policy' });
  });

  it.each(['stop', 'hibernate'])('that was to %s when it was lost stays off', async (action) => {
    const { vmId, run } = await vms.running();
    await vms.act(vmId, action);
    await run.tell(run.record('lost', { reason: 'the host rebooted', final: true }));
    expect(await vms.get(vmId)).toMatchObject({ phase: 'failed', powerState: 'stopped' });
    expect((await vms.act(vmId, 'start')).status).toBe(202);
  });

  it('is killed by an operator at any time, and ends stopped', async () => {
    const { vmId, run } = await vms.running();
    const stop = await vms.act(vmId, 'stop');
    const asked = await run.openRequest();
    const kill = await vms.act(vmId, 'kill');
    expect(kill.status).toBe(202);
    expect(await vms.operation(stop.body.id)).toMatchObject({
      status: 'cancelled',
      error: { code: 'SUPERSEDED' },
    });
    const request = await run.openRequest();
    expect(request.kind).toBe('kill');
    await run.tell(run.record('killed', { intentIds: [request.intentId, asked.intentId], final: true }));
    expect((await vms.operation(kill.body.id)).status).toBe('succeeded');
    expect(await vms.get(vmId)).toMatchObject({ phase: 'stopped', reason: null });
    expect((await vms.events(vmId)).at(-1)).toMatchObject({
      kind: 'killed',
      initiator: 'operator',
      intentId: request.intentId,
    });
  });

  it('a stop that was superseded by a kill, but came first, is still the operator’s', async () => {
    const { vmId, run } = await vms.running();
    await vms.act(vmId, 'stop');
    const asked = await run.openRequest();
    const kill = await vms.act(vmId, 'kill');
    await run.tell(run.poweroff([asked.intentId]));
    expect((await vms.operation(kill.body.id)).status).toBe('succeeded');
    expect((await vms.events(vmId)).at(-1)).toMatchObject({
      initiator: 'operator',
      intentId: asked.intentId,
    });
  });

  it('a kill that finds a guest hibernating leaves open whether it did', async () => {
    const { vmId, run } = await vms.running({
      psci: { version: '1.3' },
      disks: [{ name: 'root', sizeMiB: 64 }],
    });
    await vms.act(vmId, 'hibernate');
    const asked = await run.openRequest();
    const kill = await vms.act(vmId, 'kill');
    const request = await run.openRequest();
    await run.tell(run.record('killed', { intentIds: [request.intentId, asked.intentId], final: true }));
    expect((await vms.operation(kill.body.id)).status).toBe('succeeded');
    expect(await vms.get(vmId)).toMatchObject({ phase: 'stopped', hibernation: 'unknown' });
  });

  it('takes a start back that no host has heard of', async () => {
    const vm = await makeVm(api, imageId);
    const start = await vms.act(vm.id, 'start');
    const kill = await vms.act(vm.id, 'kill');
    expect(kill.body).toMatchObject({ kind: 'kill', status: 'succeeded' });
    expect((await vms.operation(start.body.id)).status).toBe('cancelled');
    expect(await vms.get(vm.id)).toMatchObject({ phase: 'stopped', hostId: null, psci: { pinnedAt: null } });
  });

  it('is off again when its host cannot start it, and a kill in between is done with it', async () => {
    const vm = await makeVm(api, imageId);
    const start = await vms.act(vm.id, 'start');
    const { run } = await host.assignment(vm.id);
    expect(run).not.toBeNull();
    const error = { code: 'IMAGE_CORRUPT', detail: 'the kernel has another digest' };
    await host.report(start.body.id, 'failed', error);
    expect(await vms.operation(start.body.id)).toMatchObject({ status: 'failed', error });
    expect(await vms.get(vm.id)).toMatchObject({
      phase: 'failed',
      powerState: 'stopped',
      reason: 'IMAGE_CORRUPT: the kernel has another digest',
    });

    const again = await vms.act(vm.id, 'start');
    await host.assignment(vm.id);
    const kill = await vms.act(vm.id, 'kill');
    expect(kill.body.status).toBe('pending');
    await host.report(again.body.id, 'failed', error);
    expect((await vms.operation(kill.body.id)).status).toBe('succeeded');
    expect(await vms.get(vm.id)).toMatchObject({ phase: 'stopped' });
    expect((await host.assignment(vm.id)).run).toBeNull();
  });

  it('stays hibernated when its resume could not begin', async () => {
    const { vmId, run } = await vms.running({ psci: { version: '1.3' } });
    await run.tell(run.hibernate());
    const start = await vms.act(vmId, 'start');
    await host.assignment(vmId);
    await host.report(start.body.id, 'failed', { code: 'OUT_OF_MEMORY', detail: 'no room' });
    expect(await vms.get(vmId)).toMatchObject({
      phase: 'hibernated',
      hibernation: 'yes',
      reason: 'OUT_OF_MEMORY: no room',
      psci: { effective: '1.3' },
    });
  });

  it('does not believe a report that a run failed to start when it did', async () => {
    const { vmId, run } = await vms.running();
    const late = await host.report(run.spec.operationId, 'failed', { code: 'OUT_OF_MEMORY', detail: 'late' });
    expect(late.body).toEqual({ applied: 0, ignored: 1 });
    expect((await vms.get(vmId)).phase).toBe('running');
  });

  it('fails what was open when its run ends otherwise', async () => {
    const { vmId, run } = await vms.running();
    const pause = await vms.act(vmId, 'pause');
    await run.openRequest();
    await run.tell(run.poweroff());
    expect(await vms.operation(pause.body.id)).toMatchObject({
      status: 'failed',
      error: { code: 'RUN_ENDED' },
    });
  });

  it('knows no VM and no operation that is not there', async () => {
    const nobody = '01900000-0000-7000-8000-000000000000';
    expect(await vms.act(nobody, 'start')).toMatchObject({ status: 404, body: { code: 'VM_NOT_FOUND' } });
    for (const path of [`/v1/vms/${nobody}`, `/v1/vms/${nobody}/psci`, `/v1/vms/${nobody}/events`]) {
      expect(await api.request('GET', path)).toMatchObject({ status: 404, body: { code: 'VM_NOT_FOUND' } });
    }
    expect(await api.request('GET', `/v1/operations/${nobody}`)).toMatchObject({
      status: 404,
      body: { code: 'OPERATION_NOT_FOUND' },
    });
  });
});
