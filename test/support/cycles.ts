/** Guests that come and go, for counting what they leave: see footprint.ts. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { KernelLabel } from '../../src/lab/kernels.ts';
import type { NewVm, Vm } from '../../src/standalone/operator.ts';
import type { Service } from '../../src/standalone/service.ts';
import { branch, call, PSCI, waitForInterrupt } from '../lab/inside/payload.ts';
import { type Footprint, footprint, leftBehind } from './footprint.ts';
import { payloadImage } from './payloads.ts';

/** Plenty for a payload and its device tree. */
const memoryMiB = 16;
const LOOK_AGAIN_MS = 2_000;
const MOST_LOOKS = 15;

export class Cycles {
  readonly #service: Service;
  readonly #kernel: KernelLabel;
  readonly #powersOff: string;
  readonly #runsOn: string;
  #made = 0;

  static async on(service: Service, kernel: KernelLabel): Promise<Cycles> {
    const off = await payloadImage(service.operator, 'powers-off', call(PSCI.systemOff));
    const on = await payloadImage(service.operator, 'runs-on', [...waitForInterrupt, ...branch(-1)]);
    return new Cycles(service, kernel, off.id, on.id);
  }

  private constructor(service: Service, kernel: KernelLabel, powersOff: string, runsOn: string) {
    this.#service = service;
    this.#kernel = kernel;
    this.#powersOff = powersOff;
    this.#runsOn = runsOn;
  }

  /** One VM, made, started `count` times by the operator and ended as often by its guest, and deleted. */
  async startAndStop(count: number, onCycle: (done: number) => void = () => {}): Promise<void> {
    const { operator } = this.#service;
    const disks = [{ name: 'data', sizeMiB: 1 }];
    await using vm = await this.#vm({ disks, imageId: this.#powersOff });
    for (let done = 1; done <= count; done += 1) {
      await operator.act(vm.id, 'start');
      await operator.inPhase(vm.id, 'stopped');
      onCycle(done);
    }
  }

  /** So many guests that run at once, of which the operator ends each. */
  async atOnce(count: number): Promise<void> {
    const { operator } = this.#service;
    await using vms = new AsyncDisposableStack();
    const ids: string[] = [];
    for (let n = 0; n < count; n += 1) {
      const vm = vms.use(await this.#vm({ imageId: this.#runsOn }));
      ids.push(vm.id);
    }
    await Promise.all(ids.map((id) => operator.act(id, 'start')));
    const phases = await Promise.all(ids.map(async (id) => (await operator.vm(id)).phase));
    if (phases.some((phase) => phase !== 'running')) throw new Error(`not all run at once: ${phases}`);
    await Promise.all(ids.map((id) => operator.act(id, 'kill')));
  }

  /** What is there now, once nothing is on its way in or out. */
  async footprint(): Promise<Footprint> {
    const { lab, agentPid } = this.#service.emulated(this.#kernel);
    let last = await footprint(lab, agentPid);
    for (let looks = 1; looks < MOST_LOOKS; looks += 1) {
      await sleep(LOOK_AGAIN_MS);
      const now = await footprint(lab, agentPid);
      if (now.processes === last.processes && now.threads === last.threads) return now;
      last = now;
    }
    return last;
  }

  /** What is there more than before, once all that is on its way out has had the time to go. */
  async leftSince(before: Footprint, toleratedMiB: number): Promise<string[]> {
    for (let looks = 1; ; looks += 1) {
      const left = leftBehind(before, await this.footprint(), toleratedMiB);
      if (left.length === 0 || looks === MOST_LOOKS) return left;
    }
  }

  async #vm(body: Partial<NewVm> & { imageId: string }): Promise<Vm & AsyncDisposable> {
    const { operator } = this.#service;
    const vm = await operator.createVm({
      name: `cycle-${process.pid}-${++this.#made}`,
      vcpus: 1,
      memoryMiB,
      hostSelector: { kernel: this.#kernel },
      ...body,
    });
    return Object.assign(vm, { [Symbol.asyncDispose]: () => operator.remove(vm.id) });
  }
}
