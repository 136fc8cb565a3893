// The real agent and real workers save and restore guests that follow a script (test/peer); disks and files are real.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type { RunSpec } from '../../../src/wire/agent.ts';
import { assignment, killWorker, PeerAgent, runRequest } from '../../peer/agents.ts';
import { PeerApi } from '../../peer/api.ts';
import { guestRuns, until } from '../../peer/runs.ts';
import { temporaryDirectory } from '../../temporary.ts';

// Several processes each; on a busy machine they take their time.
vi.setConfig({ testTimeout: 60_000 });

const DISKS = [{ name: 'root', sizeMiB: 2, readOnly: false }];

function dirOf(state: string, { vmId, runId }: RunSpec): string {
  return join(state, 'vms', vmId, 'runs', runId);
}

function diskOf(state: string, vmId: string): string {
  return join(state, 'vms', vmId, 'disks/root.raw');
}

async function untilKinds(api: PeerApi, { runId }: RunSpec, ...kinds: string[]): Promise<void> {
  const expected = kinds.join();
  await until(`the API has ${expected}, not ${api.kinds(runId)}`, () => api.kinds(runId).join() === expected);
}

const leftIn = (dir: string): string[] => readdirSync(dir).filter((name) => name.includes('snapshot'));

describe('a saved guest', () => {
  it('is brought to the API after its event, and another VM goes on from it with its disk', async () => {
    using state = temporaryDirectory();
    await using api = await PeerApi.start();
    const vm = assignment(api, { disks: DISKS, psci: '1.1' });
    api.assign(vm);
    await using _ = new PeerAgent(api, state.path);
    await untilKinds(api, vm.run, 'started');
    writeFileSync(diskOf(state.path, vm.vmId), Buffer.from('what the guest wrote'), { flag: 'r+' });
    const content = readFileSync(diskOf(state.path, vm.vmId));

    const save = runRequest('snapshot');
    api.assign({ ...vm, requests: [save] });
    await untilKinds(api, vm.run, 'started', 'saved');
    await until('the file has come', () => api.snapshots.has(save.intentId));
    await until('the file is gone from the host', () => leftIn(dirOf(state.path, vm.run)).length === 0);
    const event = [...api.events.values()].find(({ kind }) => kind === 'saved');
    const [file = Buffer.alloc(0)] = api.snapshots.get(save.intentId) ?? [];
    const digest = `sha256:${createHash('sha256').update(file).digest('hex')}`;
    expect(event).toMatchObject({
      intentIds: [save.intentId],
      snapshot: { digest, sizeBytes: file.length, memoryMiB: 64, disks: DISKS, firmware: { psci: '1.1' } },
    });
    expect(api.snapshots.get(save.intentId)).toHaveLength(1);

    const restore = { snapshot: api.addBlob(file), skipAbsentRegisters: false };
    const clone = assignment(api, { disks: DISKS, psci: '1.1', restore });
    api.assign(vm, clone);
    await untilKinds(api, clone.run, 'restored');
    expect(readFileSync(diskOf(state.path, clone.vmId)).equals(content)).toBe(true);
    expect(guestRuns(dirOf(state.path, vm.run))).toBe(1);
  });

  it('is brought once the agent is back, whether its run goes on or not', async () => {
    using state = temporaryDirectory();
    await using api = await PeerApi.start();
    const vm = assignment(api, { cmdline: 'save-slow=1500' });
    const save = runRequest('snapshot');
    api.assign(vm);
    const first = new PeerAgent(api, state.path);
    await untilKinds(api, vm.run, 'started');
    api.assign({ ...vm, requests: [save] });
    const journal = () => readFileSync(join(dirOf(state.path, vm.run), 'journal'), 'utf8');
    await until('the worker has taken the request', () => journal().includes(save.intentId));
    await first.kill();
    await until('the file is whole', () =>
      existsSync(join(dirOf(state.path, vm.run), `${save.intentId}.snapshot`)),
    );
    await until('the event is written', () => journal().includes('"saved"'));
    killWorker(dirOf(state.path, vm.run));
    api.fail(/snapshots/, 503, 1);
    api.fail(/snapshots/, null, 1);
    await using _ = new PeerAgent(api, state.path);
    await untilKinds(api, vm.run, 'started', 'saved', 'killed');
    await until('the file is gone from the host', () => leftIn(dirOf(state.path, vm.run)).length === 0);
    // Cut off without an answer, it was sent again: the API knows the intent.
    expect(new Set(api.snapshots.get(save.intentId)?.map((file) => file.toString('hex'))).size).toBe(1);
    expect(api.kinds(vm.run.runId).filter((kind) => kind === 'saved')).toHaveLength(1);
  });

  it('that cannot be written is reported, and its guest goes on', async () => {
    using state = temporaryDirectory();
    await using api = await PeerApi.start();
    const vm = assignment(api, { cmdline: 'save-fails' });
    api.assign(vm);
    await using _ = new PeerAgent(api, state.path);
    await untilKinds(api, vm.run, 'started');
    const save = runRequest('snapshot');
    api.assign({ ...vm, requests: [save] });
    await until('the failure is reported', () => api.reports.length > 0);
    expect(api.reports).toMatchObject([
      { operationId: save.operationId, status: 'failed', error: { code: 'DISK_FULL' } },
    ]);
    api.type(vm.vmId, vm.run.runId, 'poweroff\n');
    await untilKinds(api, vm.run, 'started', 'poweroff');
  });

  it('whose file is damaged starts nothing, and can be tried again', async () => {
    using state = temporaryDirectory();
    await using api = await PeerApi.start();
    const snapshot = api.addBlob(Buffer.from('no snapshot at all'.repeat(20)));
    const vm = assignment(api, { disks: DISKS, restore: { snapshot, skipAbsentRegisters: false } });
    api.assign(vm);
    await using _ = new PeerAgent(api, state.path);
    await until('the failure is reported', () => api.reports.length > 0);
    expect(api.reports).toMatchObject([
      { operationId: vm.run.operationId, status: 'failed', error: { code: 'SNAPSHOT_DAMAGED' } },
    ]);
    expect(api.kinds(vm.run.runId)).toEqual([]);
    expect(existsSync(diskOf(state.path, vm.vmId))).toBe(false);
  });
});
