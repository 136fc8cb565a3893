/** What tests do with VMs on a host of theirs that accepts every version but 1.2, and has room for all of them. */
import type { Answer, TestApi } from './api.ts';
import { makeImage, makeVm, ProtocolHost, type Run, startVm } from './protocol-host.ts';

export class VmHands {
  readonly #api: TestApi;
  readonly host: ProtocolHost;
  readonly imageId: string;

  static async on(api: TestApi): Promise<VmHands> {
    const host = await ProtocolHost.enrol(api, {
      psci: { accepted: ['0.2', '1.0', '1.1', '1.3'], default: '1.3' },
      capacity: { vcpus: 256, memoryMiB: 262_144 },
    });
    return new VmHands(api, host, await makeImage(api, '7.3.4'));
  }

  constructor(api: TestApi, host: ProtocolHost, imageId: string) {
    this.#api = api;
    this.host = host;
    this.imageId = imageId;
  }

  act(vmId: string, action: string, body: object = {}): Promise<Answer> {
    return this.#api.request('POST', `/v1/vms/${vmId}/${action}`, { body });
  }

  async get(vmId: string) {
    return (await this.#api.request('GET', `/v1/vms/${vmId}`)).body;
  }

  async operation(id: string) {
    return (await this.#api.request('GET', `/v1/operations/${id}`)).body;
  }

  async events(vmId: string) {
    return (await this.#api.request('GET', `/v1/vms/${vmId}/events`)).body.items;
  }

  async running(fields: object = {}): Promise<{ vmId: string; run: Run }> {
    const vm = await makeVm(this.#api, this.imageId, fields);
    return { vmId: vm.id, run: await startVm(this.#api, this.host, vm.id) };
  }
}
