// The real agent and real workers as processes; the API and the guests are played (test/peer).
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type { Assignment, RunSpec } from '../../../src/wire/agent.ts';
import { assignment, killWorker, PeerAgent, runRequest, workerPid } from '../../peer/agents.ts';
import { PeerApi } from '../../peer/api.ts';
import { guestRuns, until } from '../../peer/runs.ts';
import { temporaryDirectory } from '../../temporary.ts';

// Several processes each; on a busy machine they take their time.
vi.setConfig({ testTimeout: 60_000 });

const MIB = 1024 * 1024;

function dirOf(state: string, { vmId, runId }: RunSpec): string {
  return join(state, 'vms', vmId, 'runs', runId);
}

function diskOf(state: string, vmId: string, name: string): string {
  return join(state, 'vms', vmId, 'disks', `${name}.raw`);
}

async function untilKinds(api: PeerApi, { runId }: RunSpec, ...kinds: string[]): Promise<void> {
  const expected = kinds.join();
  await until(`the API has ${expected}, not ${api.kinds(runId)}`, () => api.kinds(runId).join() === expected);
}

describe('an agent', () => {
  it('runs what it is assigned and tells what became of it', async () => {
    using state = temporaryDirectory();
    await using api = await PeerApi.start();
    const vm = assignment(api, {
      psci: '1.1',
      initramfs: api.addBlob(Buffer.from('an initramfs')),
      disks: [{ name: 'root', sizeMiB: 3, readOnly: false }],
    });
    api.assign(vm);
    await using _ = new PeerAgent(api, state.path);
    await untilKinds(api, vm.run, 'started');
    const [started] = api.events.values();
    expect(started).toMatchObject({
      vmId: vm.vmId,
      runId: vm.run.runId,
      sequence: 1,
      psci: { version: '1.1' },
    });
    expect(statSync(diskOf(state.path, vm.vmId, 'root'))).toMatchObject({ size: 3 * MIB, blocks: 0 });
    const bootId = started?.bootId ?? '';
    const console = () => api.consoles.get(bootId)?.toString();
    await until('the console is there', () => console() === 'PSCIv1.1 detected in firmware\n');
    await until('a heartbeat names the VM', () => (api.heartbeats.at(-1)?.vms.length ?? 0) > 0);
    expect(api.heartbeats.at(-1)?.vms).toEqual([
      { vmId: vm.vmId, runId: vm.run.runId, observedGeneration: 1 },
    ]);
    api.type(vm.vmId, vm.run.runId, 'are you there?\n');
    await until('the guest heard', () => console()?.endsWith('there?\n') === true);
    api.type(vm.vmId, vm.run.runId, 'poweroff\n');
    await untilKinds(api, vm.run, 'started', 'poweroff');
    expect(guestRuns(dirOf(state.path, vm.run))).toBe(1);
    expect(api.reports).toEqual([]);
  });

  it('is alone on its state directory', async () => {
    using state = temporaryDirectory();
    await using api = await PeerApi.start();
    await using _ = new PeerAgent(api, state.path);
    await until('it is up', () => api.heartbeats.length > 0);
    expect(await new PeerAgent(api, state.path).ended).toMatchObject({ code: 3 });
  });

  it('leaves its workers running when it is told to end, and adopts them when it is back', async () => {
    using state = temporaryDirectory();
    await using api = await PeerApi.start();
    const vm = assignment(api);
    api.assign(vm);
    const first = new PeerAgent(api, state.path);
    await untilKinds(api, vm.run, 'started');
    const pid = workerPid(dirOf(state.path, vm.run));
    expect(await first.kill('SIGTERM')).toMatchObject({ code: 0, stderr: '' });
    expect(workerPid(dirOf(state.path, vm.run))).toBe(pid);
    const stop = runRequest('stop');
    api.assign({ ...vm, requests: [stop] });
    await using _ = new PeerAgent(api, state.path);
    await untilKinds(api, vm.run, 'started', 'poweroff');
    expect([...api.events.values()].at(-1)).toMatchObject({ intentIds: [stop.intentId], final: true });
    expect(guestRuns(dirOf(state.path, vm.run))).toBe(1);
  });

  it('brings what happened while it was dead, once', async () => {
    using state = temporaryDirectory();
    await using api = await PeerApi.start();
    const vm = assignment(api, { cmdline: 'poweroff-after=700' });
    api.assign(vm);
    const first = new PeerAgent(api, state.path);
    await until('the guest runs', () => guestRuns(dirOf(state.path, vm.run)) === 1);
    await first.kill();
    await until('the worker has ended', () => workerPid(dirOf(state.path, vm.run)) === null);
    await using _ = new PeerAgent(api, state.path);
    await untilKinds(api, vm.run, 'started', 'poweroff');
    expect(guestRuns(dirOf(state.path, vm.run))).toBe(1);
  });

  it('tells that a worker was killed, and the other goes on', async () => {
    using state = temporaryDirectory();
    await using api = await PeerApi.start();
    const [hit, spared] = [assignment(api), assignment(api)];
    api.assign(hit, spared);
    await using _ = new PeerAgent(api, state.path);
    await untilKinds(api, hit.run, 'started');
    await untilKinds(api, spared.run, 'started');
    expect(killWorker(dirOf(state.path, hit.run))).toBe(true);
    await untilKinds(api, hit.run, 'started', 'killed');
    const killed = [...api.events.values()].find(({ kind }) => kind === 'killed');
    expect(killed).toMatchObject({ runId: hit.run.runId, sequence: 2, intentIds: [], final: true });
    expect(api.kinds(spared.run.runId)).toEqual(['started']);
    expect(workerPid(dirOf(state.path, spared.run))).not.toBeNull();
    expect(guestRuns(dirOf(state.path, hit.run))).toBe(1);
  });

  it('delivers each event once through errors and lost answers of the API', async () => {
    using state = temporaryDirectory();
    await using api = await PeerApi.start();
    const vm = assignment(api, { cmdline: 'poweroff-after=50' });
    api.fail(/assignments/, 503, 2);
    api.fail(/events/, 500, 1);
    api.fail(/events/, null, 2);
    api.fail(/blobs/, null, 1);
    api.fail(/console\//, null, 2);
    api.assign(vm);
    await using _ = new PeerAgent(api, state.path);
    await untilKinds(api, vm.run, 'started', 'poweroff');
    await until(
      'its answer is heard',
      () => api.heard.filter((line) => line.includes('/events')).length >= 4,
    );
    expect(api.deliveries).toBeGreaterThan(2);
    const bootId = [...api.events.values()][0]?.bootId ?? '';
    await until(
      'the console is whole',
      () => api.consoles.get(bootId)?.toString().endsWith('firmware\n') === true,
    );
    expect(api.consoles.get(bootId)?.toString()).toBe('PSCIv1.3 detected in firmware\n');
  });

  it('goes on uploading a console where the API says', async () => {
    using state = temporaryDirectory();
    await using api = await PeerApi.start();
    const vm = assignment(api);
    api.assign(vm);
    await using _ = new PeerAgent(api, state.path);
    await until('the console is there', () => api.consoles.size === 1);
    const [bootId = ''] = api.consoles.keys();
    // The API has lost some of it.
    api.consoles.set(bootId, Buffer.from('PSCI'));
    api.type(vm.vmId, vm.run.runId, 'more\n');
    const whole = 'PSCIv1.3 detected in firmware\nmore\n';
    await until('it is whole again', () => api.consoles.get(bootId)?.toString() === whole);
  });

  it('ends a guest that is not assigned any more', async () => {
    using state = temporaryDirectory();
    await using api = await PeerApi.start();
    const vm = assignment(api);
    api.assign(vm);
    await using _ = new PeerAgent(api, state.path);
    await untilKinds(api, vm.run, 'started');
    api.assign({ ...vm, run: null });
    await untilKinds(api, vm.run, 'started', 'killed');
    expect([...api.events.values()].at(-1)).toMatchObject({ intentIds: [], final: true });
  });

  it('removes a deleted VM once its events are delivered, and says so again when it is asked again', async () => {
    using state = temporaryDirectory();
    await using api = await PeerApi.start();
    const vm = assignment(api, {
      cmdline: 'poweroff-after=50',
      disks: [{ name: 'd', sizeMiB: 1, readOnly: false }],
    });
    api.assign(vm);
    const first = new PeerAgent(api, state.path);
    await untilKinds(api, vm.run, 'started', 'poweroff');
    const deleteOperationId = vm.run.operationId;
    const remove: Assignment = { ...vm, run: null, deleteOperationId };
    api.assign(remove);
    await until('it is reported', () => api.reports.length === 1);
    expect(api.reports).toEqual([{ operationId: deleteOperationId, status: 'succeeded', error: null }]);
    expect(existsSync(join(state.path, 'vms', vm.vmId))).toBe(false);
    await first.kill();
    await using _ = new PeerAgent(api, state.path);
    await until('it is reported again', () => api.reports.length === 2);
  });
});

describe('what is left of a VM that went elsewhere', () => {
  /** A VM that has run to its end under an agent that is gone. */
  async function gone(state: string, api: PeerApi, fields: Partial<RunSpec> = {}) {
    const vm = assignment(api, { cmdline: 'poweroff-after=50', ...fields });
    api.assign(vm);
    const first = new PeerAgent(api, state);
    await untilKinds(api, vm.run, 'started', 'poweroff');
    await first.kill();
    return { vm, dir: join(state, 'vms', vm.vmId) };
  }

  it('goes once all of it is told and the API has said so again, unless it has disks here', async () => {
    using state = temporaryDirectory();
    await using api = await PeerApi.start();
    const disks = [{ name: 'root', sizeMiB: 1, readOnly: false }];
    const kept = await gone(state.path, api, { disks });
    const { vm, dir } = await gone(state.path, api);
    api.assign();
    // Failures are no answers.
    api.fail(/assignments/, 503, 3);
    await using _ = new PeerAgent(api, state.path);
    const answered = async (what: string, times: () => boolean) => {
      await until(what, () => {
        api.assign();
        return times();
      });
    };
    await answered('the host has forgotten the VM', () => !existsSync(dir));
    expect(api.kinds(vm.run.runId)).toEqual(['started', 'poweroff']);
    const { bootId = '' } = [...api.events.values()].find(({ runId }) => runId === vm.run.runId) ?? {};
    expect(api.consoles.get(bootId)?.toString()).toBe('PSCIv1.3 detected in firmware\n');
    const before = api.heard.length;
    const polls = () => api.heard.slice(before).filter((line) => line.includes('/assignments')).length;
    await answered('there were more answers', () => polls() > 5);
    expect(existsSync(join(kept.dir, 'runs', kept.vm.run.runId, 'journal'))).toBe(true);
    expect(statSync(diskOf(state.path, kept.vm.vmId, 'root')).size).toBe(MIB);
  });
});

describe('a start that cannot succeed is reported with its code, once, and nothing runs', () => {
  async function failing(
    spec: (api: PeerApi) => Partial<RunSpec>,
    prepare: (state: string, vm: Assignment) => void = () => {},
    look: (state: string, vm: Assignment) => void = () => {},
  ) {
    using state = temporaryDirectory();
    await using api = await PeerApi.start();
    const vm = assignment(api, spec(api));
    prepare(state.path, vm);
    api.assign(vm);
    {
      await using _ = new PeerAgent(api, state.path);
      await until('it is reported', () => api.reports.length > 0);
    }
    // Another agent reports it again, for it cannot know, and starts nothing either.
    await using _ = new PeerAgent(api, state.path);
    await until('it is reported again', () => api.reports.length > 1);
    expect(api.reports[0]).toEqual(api.reports[1]);
    expect(api.reports).toHaveLength(2);
    expect(api.events.size).toBe(0);
    expect(guestRuns(dirOf(state.path, vm.run))).toBe(0);
    expect(api.reports[0]).toMatchObject({ operationId: vm.run.operationId, status: 'failed' });
    look(state.path, vm);
    return api.reports[0]?.error?.code;
  }

  it('a machine that cannot be made', async () => {
    expect(await failing(() => ({ cmdline: 'fail=PSCI_VERSION_NOT_SUPPORTED' }))).toBe(
      'PSCI_VERSION_NOT_SUPPORTED',
    );
  });

  it('a worker that dies three times', async () => {
    expect(await failing(() => ({ cmdline: 'die' }))).toBe('WORKER_DID_NOT_START');
  });

  it('a blob the API does not have', async () => {
    expect(await failing(() => ({ kernel: `sha256:${'0'.repeat(64)}` }))).toBe('BLOB_NOT_FOUND');
  });

  it('a blob with other bytes', async () => {
    const corrupt = (api: PeerApi) => {
      const kernel = api.addBlob(Buffer.from('good'));
      api.blobs.set(kernel, Buffer.from('evil'));
      return { kernel };
    };
    expect(await failing(corrupt)).toBe('IMAGE_CORRUPT');
  });

  it('a disk of another size, which is left as it is', async () => {
    const disks = [{ name: 'root', sizeMiB: 2, readOnly: false }];
    const code = await failing(
      () => ({ disks }),
      (state, { vmId }) => {
        mkdirSync(dirname(diskOf(state, vmId, 'root')), { recursive: true });
        writeFileSync(diskOf(state, vmId, 'root'), 'precious');
      },
      (state, { vmId }) => expect(readFileSync(diskOf(state, vmId, 'root'), 'utf8')).toBe('precious'),
    );
    expect(code).toBe('DISK_SIZE_MISMATCH');
  });

  it('a disk whose name leads elsewhere', async () => {
    const disks = [{ name: '../../../evil', sizeMiB: 1, readOnly: false }];
    expect(await failing(() => ({ disks }))).toBe('DISK_NAME_INVALID');
  });
});

describe('a guest that does not answer', () => {
  async function deaf(force: boolean) {
    const state = temporaryDirectory();
    const api = await PeerApi.start();
    const vm = assignment(api, { cmdline: 'deaf' });
    const stop = runRequest('stop', { timeoutSeconds: 1, force });
    api.assign({ ...vm, requests: [stop] });
    return { state, api, vm, stop };
  }

  it('makes the stop fail in time, and runs on', async () => {
    const { state, api, vm, stop } = await deaf(false);
    using _ = state;
    await using __ = api;
    await using ___ = new PeerAgent(api, state.path);
    await until('it is reported', () => api.reports.length > 0);
    expect(api.reports).toMatchObject([
      { operationId: stop.operationId, status: 'failed', error: { code: 'GUEST_DID_NOT_RESPOND' } },
    ]);
    expect(api.kinds(vm.run.runId)).toEqual(['started']);
    expect(workerPid(dirOf(state.path, vm.run))).not.toBeNull();
  });

  it('is killed in time when the stop is forced, for the same intent', async () => {
    const { state, api, vm, stop } = await deaf(true);
    using _ = state;
    await using __ = api;
    await using ___ = new PeerAgent(api, state.path);
    await untilKinds(api, vm.run, 'started', 'killed');
    expect([...api.events.values()].at(-1)).toMatchObject({ intentIds: [stop.intentId], final: true });
    expect(api.reports).toEqual([]);
    expect(readFileSync(join(dirOf(state.path, vm.run), 'worker.log'), 'utf8')).toContain('stopping');
  });
});
