/**
 * A client that makes VMs and starts and stops them, through whatever it meets: it sends what was not answered again with
 * the same Idempotency-Key until it knows what became of it, and remembers everything that was accepted.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Answer, send } from './api.ts';

const LONGEST_REST_MS = 500;

export interface Accepted {
  readonly vmId: string;
  readonly name: string;
  /** The operations that were accepted, by kind and in order. */
  readonly operations: { readonly kind: 'start' | 'stop'; readonly id: string }[];
}

export class ChaosClient {
  readonly accepted: Accepted[] = [];
  /** Requests that had to be sent again. */
  repeats = 0;
  /** Answers that were lost, so that it had to look what became of its request. */
  lost = 0;
  reads = 0;
  readonly #url: string;
  readonly #token: string;
  readonly #imageId: string;
  readonly #label: string;

  constructor(options: { url: string; token: string; imageId: string; label: string }) {
    this.#url = options.url;
    this.#token = options.token;
    this.#imageId = options.imageId;
    this.#label = options.label;
  }

  /** Until `signal` aborts; what was begun is ended. */
  async run(signal: AbortSignal): Promise<void> {
    for (let round = 0; !signal.aborted; round += 1) {
      const name = `${this.#label}-${round}`;
      const vm: Accepted = { vmId: await this.#create(name), name, operations: [] };
      this.accepted.push(vm);
      for (let cycle = 0; cycle < 3 && !signal.aborted; cycle += 1) {
        await this.#act(vm, 'start', 'running');
        await this.#rest();
        await this.#act(vm, 'stop', 'stopped');
        await this.#rest();
      }
    }
  }

  /** Clients that never rest leave a replica that starts no processor, and so few can be killed. */
  async #rest(): Promise<void> {
    await sleep(Math.random() * LONGEST_REST_MS);
  }

  async #create(name: string): Promise<string> {
    const body = { name, vcpus: 1, memoryMiB: 64, imageId: this.#imageId };
    const answer = await this.#post('/v1/vms', body);
    if (answer.status === 201) return answer.body.id;
    this.#expectLost(answer);
    const { body: page } = await this.#ask('GET', `/v1/vms?search=${name}&limit=200`);
    return page.items.find((vm: { name: string }) => vm.name === name).id;
  }

  async #act(vm: Accepted, kind: 'start' | 'stop', phase: string): Promise<void> {
    const answer = await this.#post(`/v1/vms/${vm.vmId}/${kind}`, {});
    let id: string;
    if (answer.status === 202) id = answer.body.id;
    else {
      this.#expectLost(answer);
      // Nobody else acts on this VM, so its newest operation is the one.
      const { body } = await this.#ask('GET', `/v1/operations?vmId=${vm.vmId}&limit=1`);
      id = body.items[0].id;
    }
    vm.operations.push({ kind, id });
    for (;;) {
      const { body } = await this.#ask('GET', `/v1/operations/${id}?wait=5`);
      if (body.status === 'succeeded') break;
      if (body.finishedAt !== null) throw new Error(`the ${kind} of ${vm.name}: ${JSON.stringify(body)}`);
    }
    const { body } = await this.#ask('GET', `/v1/vms/${vm.vmId}`);
    this.reads += 1;
    if (body.phase !== phase) throw new Error(`${vm.name} is ${body.phase} after its ${kind}`);
  }

  #expectLost({ status, body }: Answer): void {
    if (body.code !== 'IDEMPOTENCY_ANSWER_LOST')
      throw new Error(`refused: ${status} ${JSON.stringify(body)}`);
    this.lost += 1;
  }

  #post(path: string, body: object): Promise<Answer> {
    return this.#ask('POST', path, { body, headers: { 'idempotency-key': randomUUID() } });
  }

  /** Until it is answered by more than "not now". */
  async #ask(method: string, path: string, options = {}): Promise<Answer> {
    for (;;) {
      const answer = await send(this.#url, this.#token, method, path, options).catch(() => null);
      const later = answer === null || answer.status >= 500 || answer.status === 429;
      if (!later && answer.body.code !== 'IDEMPOTENCY_KEY_IN_USE') return answer;
      this.repeats += 1;
      await sleep(50 + Math.random() * 200);
    }
  }
}
