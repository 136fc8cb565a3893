/** An API and hosts between which VMs move, their guests and files a few bytes: what both sides say, step by step. */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { firmwareFor } from '../../src/psci/firmware.ts';
import type { Assignment } from '../../src/wire/agent.ts';
import { REGISTERS } from '../peer/facts.ts';
import { type Answer, startApi, type TestApi } from './api.ts';
import { digestOf } from './kernels.ts';
import { type HostOptions, makeImage, makeVm, ProtocolHost, Run } from './protocol-host.ts';

export const DISKS = [{ name: 'root', sizeMiB: 8, readOnly: false }];
export const SHAPE = { vcpus: 2, memoryMiB: 256, disks: DISKS };
const FIRMWARE = firmwareFor({ psci: '1.1', systemSuspend: false, vcpus: 2 }, REGISTERS);

type Body = Answer['body'];

export class VmMoves implements AsyncDisposable {
  readonly api: TestApi;
  readonly imageId: string;
  #zones = 0;

  private constructor(api: TestApi, imageId: string) {
    this.api = api;
    this.imageId = imageId;
  }

  static async start(): Promise<VmMoves> {
    const api = await startApi();
    return new VmMoves(api, await makeImage(api));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.api[Symbol.asyncDispose]();
  }

  async get(path: string): Promise<Body> {
    return (await this.api.request('GET', path)).body;
  }

  vmOf(vmId: string): Promise<Body> {
    return this.get(`/v1/vms/${vmId}`);
  }

  operationOf(id: string): Promise<Body> {
    return this.get(`/v1/operations/${id}`);
  }

  async eventsOf(vmId: string): Promise<Body> {
    return (await this.get(`/v1/vms/${vmId}/events`)).items;
  }

  async story(vmId: string): Promise<string[]> {
    const events: Record<string, string>[] = await this.eventsOf(vmId);
    return events.map(({ kind, initiator }) => `${kind} by ${initiator}`);
  }

  post(path: string, body: object = {}, headers: Record<string, string> = {}): Promise<Answer> {
    return this.api.request('POST', path, { body, headers });
  }

  migrate(vmId: string, body: object = {}, headers: Record<string, string> = {}): Promise<Answer> {
    return this.post(`/v1/vms/${vmId}/migrate`, body, headers);
  }

  /** Once `look` gives something; what is waited for is a job's doing. */
  async until<T>(what: string, look: () => Promise<T | null | undefined | false>): Promise<T> {
    for (const deadline = performance.now() + 60_000; performance.now() < deadline; await sleep(20)) {
      const found = await look();
      if (found !== null && found !== undefined && found !== false) return found;
    }
    throw new Error(`waited in vain for ${what}`);
  }

  ended(id: string): Promise<Body> {
    return this.until('the operation to end', async () => {
      const operation = await this.operationOf(id);
      return operation.finishedAt !== null && operation;
    });
  }

  becomes(vmId: string, phase: string): Promise<Body> {
    return this.until(`the VM to be ${phase}`, async () => {
      const vm = await this.vmOf(vmId);
      return vm.phase === phase && vm;
    });
  }

  assigned(host: ProtocolHost, vmId: string, fits: (found: Assignment) => boolean): Promise<Assignment> {
    return this.until(`an assignment on ${host.name}`, async () =>
      (await host.assignments()).vms.find((assignment) => assignment.vmId === vmId && fits(assignment)),
    );
  }

  /** A part of the fleet of its own: VMs of one test go to no host of another. */
  async zone(count: number, options: HostOptions = {}) {
    this.#zones += 1;
    const hostSelector = { zone: `z${this.#zones}` };
    const hosts: ProtocolHost[] = [];
    for (let i = 0; i < count; i += 1) {
      hosts.push(await ProtocolHost.enrol(this.api, { movesDisks: true, ...options, labels: hostSelector }));
    }
    const [first, second] = hosts;
    if (first === undefined || second === undefined) throw new Error('a zone has two hosts at least');
    return { hostSelector, hosts, first, second };
  }

  /** On the first host, whatever others there are. */
  async placed(hosts: readonly ProtocolHost[], fields: object, powerState = 'running') {
    const others = hosts.slice(1);
    for (const { id } of others) await this.post(`/v1/hosts/${id}/cordon`);
    const vm = { ...SHAPE, psci: { version: '1.1' }, ...fields };
    const { id: vmId } = await makeVm(this.api, this.imageId, vm);
    const [host] = hosts;
    if (host === undefined) throw new Error('no host');
    await this.post(`/v1/vms/${vmId}/start`);
    const run = await host.run(vmId);
    await run.tell({ ...run.started(), firmware: FIRMWARE });
    if (powerState === 'stopped') await run.tell(run.poweroff());
    for (const { id } of others) await this.post(`/v1/hosts/${id}/uncordon`);
    return { vmId, run };
  }

  /** The step that the source is asked for. */
  async request(run: Run, kind: string) {
    const { requests } = await this.assigned(run.host, run.spec.vmId, (found) =>
      found.requests.some((request) => request.kind === kind),
    );
    const found = requests.find((candidate) => candidate.kind === kind);
    if (found === undefined) throw new Error(`no ${kind}`);
    return found;
  }

  async pause(run: Run): Promise<void> {
    const { intentId } = await this.request(run, 'pause');
    await run.tell(run.record('paused', { intentIds: [intentId] }));
  }

  /** Saves the guest and tells; the file is still on its host. */
  async save(run: Run) {
    const { intentId } = await this.request(run, 'snapshot');
    const bytes = randomBytes(3_000);
    const snapshot = {
      ...{ digest: digestOf(bytes), sizeBytes: bytes.length, pauseMilliseconds: 1, firmware: FIRMWARE },
      ...SHAPE,
    };
    await run.tell(run.record('saved', { intentIds: [intentId], snapshot }));
    const bring = () =>
      run.host.request('PUT', `/agent/v1/snapshots/${intentId}`, { body: new Uint8Array(bytes) });
    return { digest: snapshot.digest, bring };
  }

  async arrival(host: ProtocolHost, vmId: string): Promise<Run> {
    const { run } = await this.assigned(host, vmId, (found) => found.run !== null);
    if (run === null) throw new Error('no run');
    return new Run(host, run);
  }

  /** Does what an agent does of which the API wants nothing more. */
  async clear(host: ProtocolHost, vmId: string): Promise<void> {
    const { run, requests, deleteOperationId } = await this.assigned(
      host,
      vmId,
      (found) => found.deleteOperationId !== null,
    );
    expect({ run, requests }).toEqual({ run: null, requests: [] });
    await host.report(deleteOperationId ?? '', 'succeeded');
    await this.until('it to be forgotten', async () =>
      (await host.assignments()).vms.every((found) => found.deleteOperationId !== deleteOperationId),
    );
  }

  async goOn(run: Run): Promise<void> {
    await run.tell(run.record('restored', { firmware: FIRMWARE }));
  }

  /** Nothing of it is left in the store, nor in the books. */
  async leavesNothing(vmId: string, digest: string): Promise<void> {
    const { db } = this.api.control;
    await this.until('its file to be gone', async () => (await db.blob.count({ where: { digest } })) === 0);
    expect((await this.get(`/v1/vms/${vmId}/snapshots`)).items).toEqual([]);
    expect(await db.migration.count({ where: { vmId, state: { not: 'over' } } })).toBe(0);
  }
}
