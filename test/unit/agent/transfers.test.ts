// The real agent gives disks of a VM that is off to the API and takes them from it; files are real.
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import { describe, expect, it, vi } from 'vitest';
import type { Assignment, DiskTransfer } from '../../../src/wire/agent.ts';
import { assignment, PeerAgent } from '../../peer/agents.ts';
import { PeerApi } from '../../peer/api.ts';
import { until } from '../../peer/runs.ts';
import { temporaryDirectory } from '../../temporary.ts';

// Several processes each; on a busy machine they take their time.
vi.setConfig({ testTimeout: 60_000 });

const MIB = 1024 * 1024;
const DISKS = [
  { name: 'root', sizeMiB: 4, readOnly: false },
  { name: 'empty', sizeMiB: 2, readOnly: true },
];

const diskOf = (state: string, vmId: string, name: string) => join(state, 'vms', vmId, `disks/${name}.raw`);

/** A disk with something at both ends and a hole between. */
function writeDisk(path: string, word: string): Buffer {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, word);
  truncateSync(path, 4 * MIB - word.length);
  writeFileSync(path, word, { flag: 'a' });
  return readFileSync(path);
}

function off(vmId: string, transfer: Partial<DiskTransfer> = {}): Assignment {
  const begun = { operationId: uuidv7(), digest: null, disks: DISKS, ...transfer };
  return { vmId, generation: 1, run: null, requests: [], deleteOperationId: null, transfer: begun };
}

describe('disks of a VM that is off', () => {
  it('are given whole, through failures, and made alike by another host', async () => {
    using state = temporaryDirectory();
    await using api = await PeerApi.start();
    const vmId = uuidv7();
    const content = writeDisk(diskOf(state.path, vmId, 'root'), 'what the guest wrote');
    const giving = off(vmId);
    const id = giving.transfer?.operationId ?? '';
    api.fail(/transfers/, 503, 1);
    api.fail(/transfers/, null, 1);
    api.assign(giving);
    const giver = new PeerAgent(api, state.path);
    await until('the file has come again', () => api.transfers.get(id)?.length === 2);
    const [file = Buffer.alloc(0), again] = api.transfers.get(id) ?? [];
    expect(again?.equals(file)).toBe(true);
    await until(
      'the file is gone from the host',
      () => !existsSync(join(state.path, 'vms', vmId, 'transfer.snapshot')),
    );
    expect(file.length).toBeLessThan(MIB);
    // What it gave it has until it is told otherwise.
    expect(existsSync(diskOf(state.path, vmId, 'root'))).toBe(true);
    const remains = { ...off(vmId), deleteOperationId: uuidv7() };
    const { transfer: _, ...gone } = remains;
    api.assign(gone);
    await until('it is gone', () =>
      api.reports.some(({ operationId }) => operationId === gone.deleteOperationId),
    );
    expect(existsSync(join(state.path, 'vms', vmId))).toBe(false);
    await giver[Symbol.asyncDispose]();

    using other = temporaryDirectory();
    const digest = api.addBlob(file);
    const taking = off(vmId, { digest });
    api.assign(taking);
    await using __ = new PeerAgent(api, other.path);
    const taken = taking.transfer?.operationId;
    await until('it says that it has them', () =>
      api.reports.some(({ operationId }) => operationId === taken),
    );
    expect(api.reports.at(-1)).toMatchObject({ operationId: taken, status: 'succeeded' });
    expect(readFileSync(diskOf(other.path, vmId, 'root')).equals(content)).toBe(true);
    expect(statSync(diskOf(other.path, vmId, 'empty')).size).toBe(2 * MIB);
    expect(readdirSync(join(other.path, 'blobs/sha256'))).toEqual([]);
  });

  it('are not made of a file that is damaged', async () => {
    using state = temporaryDirectory();
    await using api = await PeerApi.start();
    const vmId = uuidv7();
    const taking = off(vmId, { digest: api.addBlob(Buffer.from('no disks at all'.repeat(20))) });
    api.assign(taking);
    await using _ = new PeerAgent(api, state.path);
    await until('the failure is reported', () => api.reports.length > 0);
    expect(api.reports).toMatchObject([
      { operationId: taking.transfer?.operationId, status: 'failed', error: { code: 'SNAPSHOT_DAMAGED' } },
    ]);
    expect(existsSync(diskOf(state.path, vmId, 'root'))).toBe(false);
  });

  it('are let go of when the transfer is taken back, before what was made of them is removed', async () => {
    using state = temporaryDirectory();
    await using api = await PeerApi.start();
    const vmId = uuidv7();
    // The API has no such file, so it is waited for.
    const taking = off(vmId, { digest: `sha256:${'7'.repeat(64)}` });
    api.fail(/blobs/, 503, 1_000);
    api.assign(taking);
    await using _ = new PeerAgent(api, state.path);
    await until('the file is asked for', () => api.heard.some((line) => line.includes('/blobs/')));
    const { transfer: __, ...gone } = { ...taking, deleteOperationId: uuidv7() };
    api.assign(gone);
    await until('it is removed', () => api.reports.length > 0);
    expect(api.reports).toMatchObject([{ operationId: gone.deleteOperationId, status: 'succeeded' }]);
  });
});

describe('a guest that came from another host', () => {
  it('leaves no file behind once it goes on', async () => {
    using state = temporaryDirectory();
    await using api = await PeerApi.start();
    const disks = [{ name: 'root', sizeMiB: 2, readOnly: false }];
    const vm = assignment(api, { disks, psci: '1.1' });
    const save = {
      operationId: uuidv7(),
      intentId: uuidv7(),
      kind: 'snapshot',
      timeoutSeconds: null,
      force: false,
    };
    api.assign({ ...vm, requests: [{ ...save, kind: 'snapshot' }] });
    await using _ = new PeerAgent(api, state.path);
    await until('the file has come', () => api.snapshots.has(save.intentId));
    const [file = Buffer.alloc(0)] = api.snapshots.get(save.intentId) ?? [];
    const restore = { snapshot: api.addBlob(file), skipAbsentRegisters: false, once: true };
    const moved = assignment(api, { disks, psci: '1.1', restore });
    api.assign(vm, moved);
    await until('it goes on', () => api.kinds(moved.run.runId).join() === 'restored');
    const blob = join(state.path, 'blobs/sha256', restore.snapshot.slice('sha256:'.length));
    await until('its file is gone', () => !existsSync(blob));
  });
});
