/**
 * What the disks' I/O thread does for one of them: takes a request from its queue, has it carried out, gives it back.
 *
 * The lock is held to take a request and to give it back, never while the disk works. The state says so in between, so
 * that a reset can wait for the disk; EPOCH tells whether the queue a request came from still exists.
 */
import type { Lock } from '../lock.ts';
import { BLOCK_QUEUE_SIZE, FEATURE_FLUSH } from './block-limits.ts';
import { BlockRequest } from './block-request.ts';
import { Chain } from './chain.ts';
import type { VirtioBlockSpec } from './device.ts';
import type { GuestMemory } from './guest-memory.ts';
import { INTERRUPT_USED_BUFFER, VirtioState, W_EPOCH } from './virtio-state.ts';
import { QueueFault, Virtqueue } from './virtqueue.ts';

export class BlockQueue {
  readonly #lock: Lock;
  readonly #state: VirtioState;
  readonly #queue: Virtqueue;
  readonly #chain = new Chain(BLOCK_QUEUE_SIZE);
  readonly #request: BlockRequest;
  #epoch = 0;
  #writeThrough = false;

  constructor(spec: VirtioBlockSpec, memory: GuestMemory, lock: Lock) {
    this.#lock = lock;
    this.#state = new VirtioState(spec.state, spec.irqFd);
    this.#queue = new Virtqueue(memory, this.#state, 0);
    this.#request = new BlockRequest(spec, memory, BLOCK_QUEUE_SIZE);
  }

  /**
   * Serves the next request and returns true, or returns false when there is none: the driver notifies of the next
   * one. Never throws for anything the guest does.
   */
  serveOne(): boolean {
    if (!this.#queue.promising || !this.#take()) return false;
    let written = 0;
    try {
      written = this.#request.execute(this.#writeThrough);
    } finally {
      // Whatever went wrong, a reset must not wait for ever.
      this.#giveBack(written);
    }
    return true;
  }

  #take(): boolean {
    this.#lock.acquire();
    try {
      if (!this.#state.live || !this.#queue.ready) return false;
      while (!this.#queue.take(this.#chain)) if (!this.#queue.unmuteNotifications()) return false;
      this.#queue.muteNotifications();
      this.#request.parse(this.#chain);
      this.#epoch = this.#state.get(W_EPOCH);
      this.#writeThrough = !this.#state.accepted(FEATURE_FLUSH);
      this.#state.beginWork();
      return true;
    } catch (error) {
      if (!(error instanceof QueueFault)) throw error;
      this.#state.fail();
      return false;
    } finally {
      this.#lock.release();
    }
  }

  #giveBack(written: number): void {
    let interrupt = false;
    this.#lock.acquire();
    try {
      if (this.#state.get(W_EPOCH) === this.#epoch && this.#queue.push(this.#chain.head, written)) {
        this.#state.recordCause(INTERRUPT_USED_BUFFER);
        interrupt = true;
      }
      this.#state.endWork();
    } finally {
      this.#lock.release();
    }
    if (interrupt) this.#state.signal();
  }
}
