/** An I/O thread that serves devices of a machine, seen from the thread that made the machine. */

import type { Worker } from 'node:worker_threads';
import { signalEvent } from '../../kvm/eventfd.ts';
import type { Backend } from './backend.ts';
import { END, type IoControl, REST, WORK } from './io-control.ts';

export class IoThread implements Backend {
  readonly #control: IoControl;
  readonly #kickFd: number;
  readonly #ended: Promise<void>;

  /**
   * `kickFd` is the eventfd that the thread waits for. `failed` hears of a fault of the thread itself; errors of a disk
   * or a network go to the guest.
   */
  constructor(thread: Worker, control: IoControl, kickFd: number, failed: (error: Error) => void) {
    this.#control = control;
    this.#kickFd = kickFd;
    thread.on('error', failed);
    this.#ended = new Promise((resolve) => thread.once('exit', () => resolve()));
  }

  /** What is at work is finished and given back; nothing else is taken. Requests of the guest stay in their queues. */
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
