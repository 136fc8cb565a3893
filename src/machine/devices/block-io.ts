/** The I/O thread of a machine's disks, seen from the thread that made the machine. */
import { signalEvent } from '../../kvm/eventfd.ts';
import { takeThread } from '../threads.ts';
import type { Backend } from './backend.ts';
import { BlockControl, END, REST, WORK } from './block-control.ts';
import type { BlockThreadData } from './block-thread.ts';

export class BlockIo implements Backend {
  readonly #control = BlockControl.allocate();
  readonly #kickFd: number;
  readonly #ended: Promise<void>;

  /** `failed` hears of a fault of the thread itself; errors of a disk go to the guest. */
  constructor(data: Omit<BlockThreadData, 'control'>, failed: (error: Error) => void) {
    this.#kickFd = data.kickFd;
    const thread = takeThread('disks');
    thread.on('error', failed);
    this.#ended = new Promise((resolve) => thread.once('exit', () => resolve()));
    thread.postMessage({ ...data, control: this.#control.buffer } satisfies BlockThreadData);
  }

  /** The request at work is finished and given back; no other is taken. Requests of the guest stay in their queues. */
  async quiesce(): Promise<void> {
    this.#order(REST);
    // A thread that has ended or failed touches nothing either.
    await Promise.race([this.#control.resting(), this.#ended]);
  }

  /** The thread looks at every queue first, so that it does not matter which notifications it has seen. */
  proceed(): Promise<void> {
    this.#order(WORK);
    return Promise.resolve();
  }

  /**
   * Ends the thread once the request it works on is done; later ones stay in the queue. To be called when no vCPU
   * runs any more and before the descriptors are closed or the memory is unmapped. Idempotent.
   */
  stop(): Promise<void> {
    if (this.#control.order !== END) this.#order(END);
    return this.#ended;
  }

  #order(order: number): void {
    this.#control.order = order;
    signalEvent(this.#kickFd);
  }
}
