/**
 * What a block device's I/O thread does when it is woken: serves the queue until it is empty.
 *
 * The lock is held to take a request and to give it back, never while the disk works. BUSY is set in between, so that
 * a reset can wait for the disk; EPOCH tells whether the queue a request came from still exists.
 */
import type { Lock } from '../lock.ts';
import { type BlockRequest, executeBlockRequest, parseBlockRequest } from './block-request.ts';
import type { VirtioBlockSpec } from './device.ts';
import type { GuestMemory } from './guest-memory.ts';
import { FEATURE_FLUSH } from './virtio-block.ts';
import { INTERRUPT_USED_BUFFER, VirtioState, W_BUSY, W_EPOCH, W_STOP } from './virtio-state.ts';
import { QueueFault, Virtqueue } from './virtqueue.ts';

interface TakenRequest {
  readonly request: BlockRequest;
  readonly head: number;
  readonly epoch: number;
  readonly writeThrough: boolean;
}

export class BlockQueue {
  readonly #spec: VirtioBlockSpec;
  readonly #lock: Lock;
  readonly #state: VirtioState;
  readonly #queue: Virtqueue;

  constructor(spec: VirtioBlockSpec, memory: GuestMemory, lock: Lock) {
    this.#spec = spec;
    this.#lock = lock;
    this.#state = new VirtioState(spec.state, spec.irqFd);
    this.#queue = new Virtqueue(memory, this.#state, 0);
  }

  get stopping(): boolean {
    return Atomics.load(this.#state.words, W_STOP) === 1;
  }

  /** Serves every request that is there, in order; returns early when told to stop. Never throws for the guest. */
  serve(): void {
    while (!this.stopping) {
      const taken = this.#lock.run(() => this.#take());
      if (taken === null) return;
      const written = executeBlockRequest(taken.request, this.#spec, taken.writeThrough);
      this.#lock.run(() => this.#giveBack(taken, written));
    }
  }

  #take(): TakenRequest | null {
    if (!this.#state.live || !this.#queue.ready) return null;
    this.#queue.muteNotifications();
    try {
      let chain = this.#queue.pop();
      while (chain === null) {
        if (!this.#queue.unmuteNotifications()) return null;
        chain = this.#queue.pop();
      }
      const request = parseBlockRequest(chain);
      Atomics.store(this.#state.words, W_BUSY, 1);
      return {
        request,
        head: chain.head,
        epoch: this.#state.get(W_EPOCH),
        writeThrough: !this.#state.accepted(FEATURE_FLUSH),
      };
    } catch (error) {
      if (!(error instanceof QueueFault)) throw error;
      this.#state.fail();
      return null;
    }
  }

  #giveBack(taken: TakenRequest, written: number): void {
    if (this.#state.get(W_EPOCH) === taken.epoch && this.#queue.push(taken.head, written))
      this.#state.interrupt(INTERRUPT_USED_BUFFER);
    Atomics.store(this.#state.words, W_BUSY, 0);
    Atomics.notify(this.#state.words, W_BUSY);
  }
}
