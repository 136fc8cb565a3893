/** Guests that come and go, for counting what they leave: see footprint.ts. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { KernelLabel } from '../../src/lab/kernels.ts';
import type { NewVm, Vm } from '../../src/standalone/operator.ts';
import type { Service } from '../../src/standalone/service.ts';
import { branch, call, PSCI, waitForInterrupt } from '../lab/inside/payload.ts';
import { type Footprint, footprint, isAtRest, isSame, leftBehind } from './footprint.ts';
import { payloadImage } from './payloads.ts';

/** Plenty for a payload and its device tree. */
const memoryMiB = 16;
/** What the agent of a host of `startService` keeps ready. */
const SPARES = 1;
const LOOK_AGAIN_MS = 1_000;
/** Looks that find the same, one after the other, before nothing is taken to come or go. */
const STILL = 3;
/** An agent loads its next spare some seconds after the last start; how long that takes is the machine's affair. */
const PATIENCE_MS = 180_000;

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

  /**
   * `count` starts by the operator, each ended by its guest, of so many VMs side by side; each has a disk and a NIC, is
   * made before its first start and deleted after its last.
   */
  async startAndStop(count: number, vms = 1, onCycle: (done: number) => void = () => {}): Promise<void> {
    const { operator } = this.#service;
    let begun = 0;
    let done = 0;
    const startOne = async (): Promise<void> => {
      await using vm = await this.#vm({
        disks: [{ name: 'data', sizeMiB: 1 }],
        nics: [{ name: 'eth0' }],
        imageId: this.#powersOff,
      });
      while (begun < count) {
        begun += 1;
        await operator.act(vm.id, 'start');
        await operator.inPhase(vm.id, 'stopped');
        done += 1;
        onCycle(done);
      }
    };
    await Promise.all(Array.from({ length: Math.min(vms, count) }, startOne));
  }

  /** A guest that ends here, and whose VM then runs on the host with `other` and is deleted there. */
  async goElsewhere(other: KernelLabel): Promise<void> {
    const { operator } = this.#service;
    await using vm = await this.#vm({ imageId: this.#powersOff });
    for (const kernel of [this.#kernel, other]) {
      await operator.patch(vm.id, { hostSelector: { kernel } });
      await operator.act(vm.id, 'start');
      await operator.inPhase(vm.id, 'stopped');
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

  /** What is there while no guest comes or goes. Others may have left something: that is none of these guests'. */
  async still(): Promise<Footprint> {
    let last: Footprint | undefined;
    let same = 1;
    for (const deadline = performance.now() + PATIENCE_MS; ; await sleep(LOOK_AGAIN_MS)) {
      const now = await this.footprint();
      same = last !== undefined && isSame(last, now) ? same + 1 : 1;
      if (isAtRest(now, SPARES) && same === STILL) return now;
      if (performance.now() > deadline) throw new Error(`the host stays uneasy: ${JSON.stringify(now)}`);
      last = now;
    }
  }

  /** What is there more than before, once the host is at rest and all that is on its way out has had time to go. */
  async leftSince(before: Footprint, toleratedMiB: number): Promise<string[]> {
    for (const deadline = performance.now() + PATIENCE_MS; ; await sleep(LOOK_AGAIN_MS)) {
      const now = await this.footprint();
      const rest = isAtRest(now, SPARES);
      const left = leftBehind(before, now, toleratedMiB);
      if ((rest && left.length === 0) || performance.now() > deadline) {
        return rest ? left : [...left, `${now.readySpares} of ${now.spares} spare workers ready`];
      }
    }
  }

  async footprint(): Promise<Footprint> {
    const { lab, agentPid } = this.#service.emulated(this.#kernel);
    return await footprint(lab, agentPid);
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
