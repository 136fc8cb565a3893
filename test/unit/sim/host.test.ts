/** Simulated hosts against the API's side of the protocol: real HTTP, the agent's own client and loops. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Fingerprint } from '../../../src/psci/fingerprint.ts';
import { SimHost } from '../../../src/sim/host.ts';
import { type SimKernel, simFingerprint } from '../../../src/sim/kernels.ts';
import type { Assignment } from '../../../src/wire/agent.ts';
import { assignment, runRequest } from '../../peer/agents.ts';
import { PeerApi } from '../../peer/api.ts';
import { until } from '../../peer/runs.ts';
import { temporaryDirectory } from '../../temporary.ts';

const log = pino({ level: 'silent' });

describe('a simulated host', () => {
  let api: PeerApi;
  let state: ReturnType<typeof temporaryDirectory>;
  let host: SimHost;
  beforeEach(async () => {
    api = await PeerApi.start();
    state = temporaryDirectory();
    host = await boot();
  });
  afterEach(async () => {
    await host.crash();
    await api[Symbol.asyncDispose]();
    state[Symbol.dispose]();
  });

  async function boot(kernel: SimKernel = '7.x'): Promise<SimHost> {
    const booted = await SimHost.boot(
      {
        api: api.url,
        state: join(state.path, 'sim-1'),
        name: 'sim-1',
        labels: { zone: 'b' },
        kernel,
        capacity: { vcpus: 8, memoryMiB: 4_096 },
        enrolmentToken: 'hfe_0123456789abcdef',
        log,
      },
      new AbortController().signal,
    );
    if (booted === null) throw new Error('it did not boot');
    booted.start();
    return booted;
  }
  const kinds = async (of: Assignment & { run: { runId: string } }, ...expected: string[]) => {
    await until(
      `the events are ${expected.join(', ')}`,
      () => api.kinds(of.run.runId).length >= expected.length,
    );
    expect(api.kinds(of.run.runId)).toEqual(expected);
  };
  const guest = async (vmId: string) => {
    await until('a guest runs', () => host.guest(vmId) !== null);
    return host.guest(vmId);
  };

  it('says that it is simulated, and what its kernel accepts', async () => {
    expect(api.enrolments).toMatchObject([{ name: 'sim-1', labels: { zone: 'b' } }]);
    await until('it has sent a heartbeat', () => api.heartbeats.length > 0);
    expect(api.heartbeats[0]?.facts).toMatchObject({
      simulated: true,
      kernel: '7.3.0-simulated',
      psci: { accepted: ['0.1', '0.2', '1.0', '1.1', '1.2', '1.3'], default: '1.3' },
      capacity: { vcpus: 8, memoryMiB: 4_096 },
    });
  });

  it.each([
    ['5.10', '5.10'],
    ['6.1', '6.1'],
    ['7.x', '7.3'],
  ] as const)('answers guests, as far as it says, as the real %s was found to', (kernel, fixture) => {
    const path = join(import.meta.dirname, `../../fixtures/fingerprints/${fixture}.json`);
    const real = JSON.parse(readFileSync(path, 'utf8')) as Fingerprint;
    const withoutServices = Object.entries(real.versions).map(([version, measured]) => {
      return [version, { ...measured, services: {} }];
    });
    expect(simFingerprint(kernel)).toEqual({
      suite: real.suite,
      versions: Object.fromEntries(withoutServices),
    });
  });

  it('tells its fingerprint once in each boot, and its guests in which boot they began', async () => {
    await until('it has told', () => api.fingerprints.length > 0);
    expect(api.fingerprints).toHaveLength(1);
    expect(api.fingerprints[0]).toMatchObject({ bootId: host.facts.bootId, ...simFingerprint('7.x') });
    const one = assignment(api, { psci: '1.3' });
    api.assign(one);
    await kinds(one, 'started');
    expect([...api.events.values()][0]).toMatchObject({ hostBootId: host.facts.bootId });
  });

  it('runs what it is assigned and tells what its guest asked for, as a worker would', async () => {
    const one = assignment(api, { psci: '1.3' });
    api.assign(one);
    (await guest(one.vmId))?.does('reset');
    await kinds(one, 'started', 'reset', 'started');
    host.guest(one.vmId)?.does('hibernate');
    await kinds(one, 'started', 'reset', 'started', 'hibernate');
    const last = [...api.events.values()].at(-1);
    expect(last).toMatchObject({
      final: true,
      psci: { version: '1.3', function: 'SYSTEM_OFF2' },
      kvm: { type: 1, data: ['0x1'] },
    });
    expect([...api.events.values()][0]?.firmware).toMatchObject({ psci: '1.3', psci02: true });
  });

  it('hibernates by a plain SYSTEM_OFF below 1.3, and cannot power off at 0.1', async () => {
    const [older, oldest] = [assignment(api, { psci: '1.1' }), assignment(api, { psci: '0.1' })];
    api.assign(older, oldest);
    (await guest(older.vmId))?.does('hibernate');
    await kinds(older, 'started', 'poweroff');
    (await guest(oldest.vmId))?.does('poweroff');
    host.guest(oldest.vmId)?.does('crash');
    await kinds(oldest, 'started', 'crash');
  });

  it('follows requests, once each, and names their intents', async () => {
    const pause = runRequest('pause');
    const resume = runRequest('resume');
    const stop = runRequest('stop');
    const one = assignment(api);
    api.assign(one);
    await guest(one.vmId);
    for (const request of [pause, resume, stop]) {
      api.assign({ ...one, requests: [request] });
      await until(`the ${request.kind} is told`, () =>
        [...api.events.values()].some(({ intentIds }) => intentIds[0] === request.intentId),
      );
    }
    await kinds(one, 'started', 'paused', 'resumed', 'poweroff');
  });

  it('reports a guest that is deaf, and forces its end where that was asked', async () => {
    const [patient, forced] = [
      assignment(api, { cmdline: 'sim.deaf' }),
      assignment(api, { cmdline: 'sim.deaf' }),
    ];
    const stop = runRequest('stop', { timeoutSeconds: 1 });
    const force = runRequest('stop', { timeoutSeconds: 1, force: true });
    api.assign({ ...patient, requests: [stop] }, { ...forced, requests: [force] });
    await kinds(forced, 'started', 'killed');
    await until('the stop has failed', () => api.reports.length > 0);
    expect(api.reports).toMatchObject([
      { operationId: stop.operationId, status: 'failed', error: { code: 'GUEST_DID_NOT_RESPOND' } },
    ]);
  });

  it('follows the script on the command line', async () => {
    const crashing = assignment(api, { psci: '1.1', cmdline: 'quiet sim.crash-after=0@1.1' });
    const living = assignment(api, { psci: '1.0', cmdline: 'quiet sim.crash-after=0@1.1' });
    const failing = assignment(api, { cmdline: 'sim.fail=KERNEL_INVALID' });
    api.assign(crashing, living, failing);
    await kinds(crashing, 'started', 'crash');
    await until('the failure is reported', () => api.reports.length > 0);
    expect(api.reports).toMatchObject([
      { operationId: failing.run.operationId, status: 'failed', error: { code: 'KERNEL_INVALID' } },
    ]);
    await kinds(living, 'started');
    expect(host.running().map(({ vmId }) => vmId)).toEqual([living.vmId]);
  });

  it('refuses a pin that its kernel does not accept, as KVM would', async () => {
    await host.crash();
    host = await boot('5.10');
    const newer = assignment(api, { psci: '1.1' });
    api.assign(newer);
    await until('the failure is reported', () => api.reports.length > 0);
    expect(api.reports).toMatchObject([
      { operationId: newer.run.operationId, error: { code: 'PSCI_VERSION_NOT_SUPPORTED' } },
    ]);
    expect(api.kinds(newer.run.runId)).toEqual([]);
  });

  it('says after a loss of power that what ran was lost, under a new boot id, and starts none of it again', async () => {
    const one = assignment(api);
    api.assign(one);
    await kinds(one, 'started');
    const before = host.facts.bootId;
    await host.crash();
    expect(host.running()).toEqual([]);
    host = await boot();
    await kinds(one, 'started', 'lost');
    expect([...api.events.values()].at(-1)).toMatchObject({ reason: 'the host rebooted', final: true });
    expect(host.facts.bootId).not.toBe(before);
    expect(host.running()).toEqual([]);
    expect(api.enrolments).toHaveLength(1);
  });

  it('delivers after a loss of power what it had not delivered before, and each record once', async () => {
    const one = assignment(api);
    api.fail(/events/, 503, 1_000);
    api.assign(one);
    await guest(one.vmId);
    await host.crash();
    await api[Symbol.asyncDispose]();
    expect(api.kinds(one.run.runId)).toEqual([]);
    api = await PeerApi.start();
    api.assign(one);
    host = await boot();
    await kinds(one, 'started', 'lost');
    expect(api.deliveries).toBe(2);
  });

  it('removes a VM when it is told to, and says so', async () => {
    const one = assignment(api);
    api.assign(one);
    await guest(one.vmId);
    host.guest(one.vmId)?.does('poweroff');
    await kinds(one, 'started', 'poweroff');
    const deletion = runRequest('kill').operationId;
    api.assign({ ...one, run: null, deleteOperationId: deletion });
    await until('the removal is reported', () => api.reports.length > 0);
    expect(api.reports).toMatchObject([{ operationId: deletion, status: 'succeeded' }]);
  });
});
