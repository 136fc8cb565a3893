/** Snapshots by the API, with a host whose files are a few bytes. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { firmwareFor } from '../../../src/psci/firmware.ts';
import type { SavedSnapshot } from '../../../src/wire/event.ts';
import { REGISTERS } from '../../peer/facts.ts';
import { startApi, type TestApi } from '../../support/api.ts';
import { digestOf } from '../../support/kernels.ts';
import { makeImage, makeVm, ProtocolHost, type Run, startVm, vmBody } from '../../support/protocol-host.ts';

const DISKS = [{ name: 'root', sizeMiB: 8, readOnly: false }];
const SHAPE = { vcpus: 2, memoryMiB: 256, disks: DISKS };

/** A file that a host might have written. */
function savedFile(fields: Partial<SavedSnapshot> = {}): { bytes: Buffer; snapshot: SavedSnapshot } {
  const bytes = randomBytes(3000);
  const firmware = firmwareFor({ psci: '1.1', systemSuspend: false, vcpus: 2 }, REGISTERS);
  const snapshot = {
    ...{ digest: digestOf(bytes), sizeBytes: bytes.length, pauseMilliseconds: 12.5, firmware },
    ...SHAPE,
    ...fields,
  };
  return { bytes, snapshot };
}

describe('snapshots', () => {
  let api: TestApi;
  let host: ProtocolHost;
  let imageId: string;
  beforeAll(async () => {
    api = await startApi();
    host = await ProtocolHost.enrol(api);
    imageId = await makeImage(api);
  });
  afterAll(async () => {
    await api[Symbol.asyncDispose]();
  });

  const get = async (path: string) => await api.request('GET', path);
  const status = async (operationId: string): Promise<string> =>
    (await get(`/v1/operations/${operationId}`)).body.status;
  const uploads = async (): Promise<number> => await api.control.db.blobUpload.count();

  async function running(): Promise<{ vmId: string; run: Run }> {
    const { id } = await makeVm(api, imageId, SHAPE);
    return { vmId: id, run: await startVm(api, host, id) };
  }

  const ask = async (vmId: string, body: object = {}) =>
    await api.request('POST', `/v1/vms/${vmId}/snapshots`, { body });

  const send = async (intentId: string, bytes: Uint8Array, by = host) =>
    await by.request('PUT', `/agent/v1/snapshots/${intentId}`, { body: bytes });

  /** Asked for, saved and told; the file is still on its host. */
  async function saved(file = savedFile()) {
    const { vmId, run } = await running();
    const { body: operation } = await ask(vmId, { name: 'before' });
    const { intentId, kind } = await run.openRequest();
    expect(kind).toBe('snapshot');
    const record = run.record('saved', { intentIds: [intentId], snapshot: file.snapshot });
    expect((await run.tell(record)).body).toMatchObject({ inserted: 1 });
    return { vmId, run, operation, intentId, file };
  }

  async function snapshot() {
    const made = await saved();
    expect((await send(made.intentId, made.file.bytes)).status).toBe(204);
    const path = `/v1/vms/${made.vmId}/snapshots/${made.operation.snapshotId}`;
    return { ...made, path };
  }

  const createFrom = async (snapshotId: string, fields: object = {}) => {
    const { name } = vmBody(imageId);
    return await api.request('POST', '/v1/vms', { body: { name, snapshotId, ...fields } });
  };

  it('are there once their file is, and say what they are', async () => {
    const { vmId, run, operation, intentId, file } = await saved();
    expect(operation).toMatchObject({ kind: 'snapshot', status: 'pending', vmId });
    expect(await status(operation.id)).toBe('running');
    expect((await get(`/v1/vms/${vmId}`)).body.phase).toBe('running');
    expect((await get(`/v1/vms/${vmId}/snapshots`)).body.items).toEqual([]);
    const { body: events } = await get(`/v1/vms/${vmId}/events`);
    const { digest, sizeBytes, pauseMilliseconds } = file.snapshot;
    expect(events.items.at(-1)).toMatchObject({
      ...{ kind: 'saved', initiator: 'operator', intentId },
      snapshot: { digest, sizeBytes, pauseMilliseconds },
    });

    expect((await send(intentId, file.bytes)).status).toBe(204);
    expect(await status(operation.id)).toBe('succeeded');
    const { body: list } = await get(`/v1/vms/${vmId}/snapshots`);
    expect(list.items).toEqual([
      expect.objectContaining({
        ...{ id: operation.snapshotId, name: 'before', vmId, hostId: host.id, bootId: run.bootId },
        ...{ ...SHAPE, imageId, digest, sizeBytes, pauseMilliseconds, psci: '1.1', nics: [] },
      }),
    ]);
    const one = await get(`/v1/vms/${vmId}/snapshots/${operation.snapshotId}`);
    expect(one).toMatchObject({ status: 200, body: list.items[0] });
  });

  it('are made once, however often and late the file comes', async () => {
    const { vmId, intentId, file, operation } = await saved();
    const answers = await Promise.all(Array.from({ length: 4 }, () => send(intentId, file.bytes)));
    expect(answers.map((answer) => answer.status)).toEqual([204, 204, 204, 204]);
    await api.restart();
    expect((await send(intentId, file.bytes)).status).toBe(204);
    expect((await get(`/v1/vms/${vmId}/snapshots`)).body.items).toHaveLength(1);
    expect(await status(operation.id)).toBe('succeeded');
    expect(await api.control.db.blob.count({ where: { digest: file.snapshot.digest } })).toBe(1);
  });

  it('are not lost when the guest ends before the file has come', async () => {
    const { vmId, run, operation, intentId, file } = await saved();
    await run.tell(run.poweroff());
    expect((await get(`/v1/vms/${vmId}`)).body.phase).toBe('stopped');
    expect(await status(operation.id)).toBe('running');
    expect((await send(intentId, file.bytes)).status).toBe(204);
    expect(await status(operation.id)).toBe('succeeded');
  });

  it('fail with the run that ended before its guest was saved, and when the host says so', async () => {
    const first = await running();
    const { body: lost } = await ask(first.vmId);
    await first.run.openRequest();
    await first.run.tell(first.run.record('killed', { final: true, reason: 'the worker ended' }));
    expect((await get(`/v1/operations/${lost.id}`)).body).toMatchObject({
      ...{ status: 'failed', error: { code: 'RUN_ENDED' } },
    });
    const second = await running();
    const { body: full } = await ask(second.vmId);
    await second.run.openRequest();
    await host.report(full.id, 'failed', { code: 'DISK_FULL', detail: 'no room' });
    expect((await get(`/v1/operations/${full.id}`)).body).toMatchObject({
      ...{ status: 'failed', error: { code: 'DISK_FULL' } },
    });
    expect((await get(`/v1/vms/${second.vmId}`)).body.phase).toBe('running');
    for (const { vmId } of [first, second]) {
      expect((await get(`/v1/vms/${vmId}/snapshots`)).body.items).toEqual([]);
    }
  });

  it('take no file that is not theirs', async () => {
    const { intentId, file, operation } = await saved();
    const before = await uploads();
    const stranger = await ProtocolHost.enrol(api, { capacity: { vcpus: 1, memoryMiB: 16 } });
    const strange = await send(intentId, file.bytes, stranger);
    expect(strange).toMatchObject({ status: 409, body: { code: 'SNAPSHOT_NOT_WANTED' } });
    const unknown = await send('01890000-0000-7000-8000-000000000000', file.bytes);
    expect(unknown).toMatchObject({ status: 409, body: { code: 'SNAPSHOT_NOT_WANTED' } });
    expect(await status(operation.id)).toBe('running');
    const other = await send(intentId, randomBytes(3000));
    expect(other).toMatchObject({ status: 400, body: { code: 'DIGEST_MISMATCH' } });
    expect((await get(`/v1/operations/${operation.id}`)).body).toMatchObject({
      ...{ status: 'failed', error: { code: 'SNAPSHOT_DAMAGED' } },
    });
    expect(await send(intentId, file.bytes)).toMatchObject({ status: 409 });
    expect(await uploads()).toBe(before);
  });

  it('are asked of a guest that there is', async () => {
    const { id } = await makeVm(api, imageId, SHAPE);
    expect(await ask(id)).toMatchObject({ status: 409, body: { code: 'VM_NOT_RUNNING' } });
    const { vmId } = await running();
    await ask(vmId);
    expect(await ask(vmId)).toMatchObject({ status: 409, body: { code: 'OPERATION_IN_PROGRESS' } });
    expect(await ask(vmId, { nme: 'x' })).toMatchObject({ status: 400, body: { code: 'VALIDATION_FAILED' } });
    const missing = await get('/v1/vms/01890000-0000-7000-8000-000000000000/snapshots');
    expect(missing).toMatchObject({ status: 404, body: { code: 'VM_NOT_FOUND' } });
  });

  it('become VMs that go on from them, once', async () => {
    const { path, operation, file } = await snapshot();
    const { status: made, body: vm } = await createFrom(operation.snapshotId);
    expect(made).toBe(201);
    expect(vm).toMatchObject({
      ...{ ...SHAPE, imageId, snapshotId: operation.snapshotId, restoring: true, phase: 'stopped' },
      psci: { effective: '1.1' },
      firmware: { psci: '1.1' },
    });
    const used = await api.request('DELETE', path);
    expect(used).toMatchObject({ status: 409, body: { code: 'SNAPSHOT_IN_USE' } });

    const { body: start } = await api.request('POST', `/v1/vms/${vm.id}/start`, { body: {} });
    const run = await host.run(vm.id);
    expect(run.spec).toMatchObject({
      restore: { snapshot: file.snapshot.digest, skipAbsentRegisters: false },
      psci: '1.1',
      firmware: { psci: '1.1' },
    });
    const blob = await host.request('GET', `/agent/v1/blobs/${file.snapshot.digest}`);
    expect(blob.status).toBe(200);
    await run.tell(run.record('restored', { firmware: file.snapshot.firmware }));
    expect(await status(start.id)).toBe('succeeded');
    const { body: restored } = await get(`/v1/vms/${vm.id}`);
    expect(restored).toMatchObject({ phase: 'running', restoring: false });
    const { body: events } = await get(`/v1/vms/${vm.id}/events`);
    expect(events.items).toMatchObject([{ kind: 'restored', initiator: 'operator' }]);

    await run.tell(run.poweroff());
    await api.request('POST', `/v1/vms/${vm.id}/start`, { body: {} });
    expect((await host.run(vm.id)).spec.restore).toBeNull();
    expect((await api.request('DELETE', path)).status).toBe(204);
    expect((await get(path)).status).toBe(404);
  });

  it('are tried again after a start that failed or was killed before the guest went on', async () => {
    const { operation } = await snapshot();
    const { body: vm } = await createFrom(operation.snapshotId);
    const { body: start } = await api.request('POST', `/v1/vms/${vm.id}/start`, { body: {} });
    const first = await host.run(vm.id);
    await host.report(start.id, 'failed', { code: 'SNAPSHOT_DAMAGED', detail: 'a section is wrong' });
    expect((await get(`/v1/vms/${vm.id}`)).body).toMatchObject({
      ...{ phase: 'failed', restoring: true, psci: { effective: '1.1' } },
    });
    await api.request('POST', `/v1/vms/${vm.id}/start`, { body: {} });
    const second = await host.run(vm.id);
    expect(second.spec.runId).not.toBe(first.spec.runId);
    await second.tell(second.record('killed', { final: true }));
    expect((await get(`/v1/vms/${vm.id}`)).body.restoring).toBe(true);
    await api.request('POST', `/v1/vms/${vm.id}/start`, { body: {} });
    expect((await host.run(vm.id)).spec.restore).not.toBeNull();
  });

  it('decide the hardware and the firmware of what goes on from them', async () => {
    const { operation } = await snapshot();
    const from = async (fields: object) => {
      const { status: code, body } = await createFrom(operation.snapshotId, fields);
      return `${code} ${body.code ?? body.phase}`;
    };
    expect(await from({ ...SHAPE, imageId, labels: { a: 'b' }, cmdline: 'quiet' })).toBe('201 stopped');
    expect(await from({ psci: { version: '1.1' } })).toBe('201 stopped');
    expect(await from({ vcpus: 1 })).toBe('409 SNAPSHOT_MISMATCH');
    expect(await from({ memoryMiB: 512 })).toBe('409 SNAPSHOT_MISMATCH');
    expect(await from({ disks: [] })).toBe('409 SNAPSHOT_MISMATCH');
    expect(await from({ nics: [{ name: 'eth0' }] })).toBe('409 SNAPSHOT_MISMATCH');
    expect(await from({ psci: { version: '1.0' } })).toBe('409 SNAPSHOT_PIN_FIXED');
    expect(await from({ psci: { systemSuspend: true } })).toBe('409 SNAPSHOT_PIN_FIXED');
    const unknown = await createFrom('01890000-0000-7000-8000-000000000000');
    expect(unknown).toMatchObject({ status: 422, body: { code: 'SNAPSHOT_UNKNOWN' } });
    const { name } = vmBody(imageId);
    const nothing = await api.request('POST', '/v1/vms', { body: { name } });
    expect(nothing).toMatchObject({ status: 400, body: { code: 'VALIDATION_FAILED' } });

    const { body: vm } = await createFrom(operation.snapshotId);
    const patch = async (body: object) => {
      const answer = await api.request('PATCH', `/v1/vms/${vm.id}?force=true`, { body });
      return `${answer.status} ${answer.body.code}`;
    };
    expect(await patch({ vcpus: 1 })).toBe('409 SNAPSHOT_MISMATCH');
    expect(await patch({ psci: { version: '1.0' } })).toBe('409 PSCI_PIN_LOCKED');
  });

  it('go on only where their firmware is accepted', async () => {
    const { operation } = await snapshot();
    const old = await ProtocolHost.enrol(api, {
      labels: { kernel: 'old' },
      psci: { accepted: ['0.2', '1.0'], default: '1.0' },
    });
    expect(old.name).not.toBe(host.name);
    const { body: vm } = await createFrom(operation.snapshotId, { hostSelector: { kernel: 'old' } });
    const start = await api.request('POST', `/v1/vms/${vm.id}/start`, { body: {} });
    expect(start).toMatchObject({ status: 409, body: { code: 'PSCI_VERSION_NOT_SUPPORTED' } });
  });

  it('may go on without registers only when that is said, and the audit says so', async () => {
    const { operation } = await snapshot();
    const { body: vm } = await createFrom(operation.snapshotId, { skipAbsentRegisters: true });
    await api.request('POST', `/v1/vms/${vm.id}/start`, { body: {} });
    expect((await host.run(vm.id)).spec.restore).toMatchObject({ skipAbsentRegisters: true });
    const { body: audit } = await get('/v1/audit?limit=50');
    const overrides = audit.items.map(({ override }: { override: string | null }) => override);
    expect(overrides).toContainEqual(expect.stringContaining('without registers'));
  });

  it('outlive their VM, and take their file with them', async () => {
    const { vmId, run, path, file } = await snapshot();
    await run.tell(run.poweroff());
    const { body: removal } = await api.request('DELETE', `/v1/vms/${vmId}`);
    await host.assignments();
    await host.report(removal.id, 'succeeded');
    expect((await get(`/v1/vms/${vmId}`)).status).toBe(404);
    expect((await get(`/v1/vms/${vmId}/snapshots`)).body.items).toHaveLength(1);
    const before = await uploads();
    expect((await api.request('DELETE', path)).status).toBe(204);
    expect(await uploads()).toBe(before - 1);
    expect(await api.control.db.blob.count({ where: { digest: file.snapshot.digest } })).toBe(0);
  });

  it('keep a file that somebody else has', async () => {
    const file = savedFile();
    const one = await saved(file);
    const two = await saved(file);
    for (const { intentId } of [one, two]) expect((await send(intentId, file.bytes)).status).toBe(204);
    const remove = async ({ vmId, operation }: typeof one) =>
      (await api.request('DELETE', `/v1/vms/${vmId}/snapshots/${operation.snapshotId}`)).status;
    expect(await remove(one)).toBe(204);
    expect(await api.control.db.blob.count({ where: { digest: file.snapshot.digest } })).toBe(1);
    expect(await remove(two)).toBe(204);
    expect(await api.control.db.blob.count({ where: { digest: file.snapshot.digest } })).toBe(0);
  });
});
