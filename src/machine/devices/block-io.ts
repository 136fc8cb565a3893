/** The I/O thread of a block device, seen from the thread that made the machine. */
import { Worker } from 'node:worker_threads';
import type { BlockThreadData } from './block-thread.ts';
import { signalEvent, VirtioState, W_STOP } from './virtio-state.ts';

export class BlockIo {
  readonly #data: BlockThreadData;
  readonly #thread: Worker;
  readonly #ended: Promise<void>;
  #stopping = false;

  /** `failed` hears of a fault of the thread itself; errors of the disk go to the guest. */
  constructor(data: BlockThreadData, failed: (error: Error) => void) {
    this.#data = data;
    this.#thread = new Worker(new URL('./block-thread.ts', import.meta.url), { workerData: data });
    this.#thread.on('error', failed);
    this.#ended = new Promise((resolve) => this.#thread.once('exit', () => resolve()));
  }

  /**
   * Ends the thread once the request it works on is done; later ones stay in the queue. To be called when no vCPU
   * runs any more and before the descriptors are closed or the memory is unmapped. Idempotent.
   */
  stop(): Promise<void> {
    if (!this.#stopping) {
      this.#stopping = true;
      const { state, irqFd, kickFd } = this.#data.spec;
      Atomics.store(new VirtioState(state, irqFd).words, W_STOP, 1);
      signalEvent(kickFd);
    }
    return this.#ended;
  }
}
