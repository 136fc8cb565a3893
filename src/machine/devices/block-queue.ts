/**
 * What the disks' I/O thread does for one of them: takes a request from its queue, has it carried out, gives it back.
 *
 * The lock is held to take a request and to give it back, never while the disk works. BUSY is set in between, so that
 * a reset can wait for the disk; EPOCH tells whether the queue a request came from still exists.
 */
import type { Lock } from '../lock.ts';
import { type BlockRequest, executeBlockRequest, parseBlockRequest } from './block-request.ts';
import type { VirtioBlockSpec } from './device.ts';
import type { GuestMemory } from './guest-memory.ts';
import { FEATURE_FLUSH } from './virtio-block.ts';
import { INTERRUPT_USED_BUFFER, VirtioState, W_BUSY, W_EPOCH } from './virtio-state.ts';
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

  /**
   * Serves the next request and returns true, or returns false when there is none: the driver notifies of the next
   * one. Never throws for anything the guest does.
   */
  serveOne(): boolean {
    const taken = this.#lock.run(() => this.#take());
    if (taken === null) return false;
    const written = executeBlockRequest(taken.request, this.#spec, taken.writeThrough);
    this.#lock.run(() => this.#giveBack(taken, written));
    return true;
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
