/** One vCPU's thread, seen from the thread that made the machine. */
import type { Worker } from 'node:worker_threads';
import { check, ESRCH } from '../kvm/errno.ts';
import { tgkill } from '../kvm/libc.ts';
import { takeThread } from './threads.ts';
import { HALT, LEFT, PARKED, RUNNING, STARTING, type VcpuControl } from './vcpu-control.ts';
import { KICK_SIGNAL, type VcpuAttachment, type VcpuReport, type VcpuThreadData } from './vcpu-protocol.ts';

export class VcpuThread {
  readonly #index: number;
  readonly #control: VcpuControl;
  readonly #worker: Worker;
  readonly #ended: Promise<void>;
  #attached = false;
  #error: Error | undefined;

  /** Starts the thread, which loads its code and waits. */
  constructor(index: number, control: VcpuControl, report: (report: VcpuReport) => void) {
    this.#index = index;
    this.#control = control;
    this.#worker = takeThread('vcpu');
    this.#worker.on('message', report);
    this.#worker.on('error', (error) => {
      this.#error = error instanceof Error ? error : new Error(String(error));
      if (control.add(HALT)) report({ kind: 'failed', error: this.#error });
    });
    this.#ended = new Promise((resolve) =>
      this.#worker.once('exit', () => {
        // A thread that ended by itself is no longer waited for, nor kicked.
        control.setState(index, LEFT);
        this.#attached = false;
        resolve();
      }),
    );
  }

  /** Gives the thread its vCPU and resolves once it is parked. @throws Error when the thread could not take it up */
  async attach(attachment: VcpuAttachment): Promise<void> {
    if (this.#error === undefined) {
      this.#attached = true;
      const data: VcpuThreadData = { ...attachment, index: this.#index, control: this.#control.buffer };
      this.#worker.postMessage(data);
      await this.#control.leaves(this.#index, STARTING);
    }
    if (this.#control.state(this.#index) !== PARKED) {
      await this.#ended;
      throw this.#error ?? new Error(`The thread of vCPU ${this.#index} ended while it was set up.`);
    }
  }

  /** Takes the vCPU out of KVM_RUN, or keeps it from entering once, so that it looks at the mode. */
  kick(): void {
    if (!this.#attached || this.#control.state(this.#index) === STARTING) return;
    const result = tgkill(this.#control.thread(this.#index), KICK_SIGNAL);
    if (result !== -ESRCH) check(result, 'tgkill');
  }

  /** Resolves once the vCPU does not run; for good only if the mode says so. */
  async stopped(): Promise<void> {
    await this.#control.leaves(this.#index, RUNNING);
  }

  /** Resolves once the thread has no more use for anything of the machine. The mode says QUIT. */
  async left(): Promise<void> {
    if (!this.#attached) {
      // It waits for its vCPU, or still loads.
      await this.#worker.terminate();
      return;
    }
    for (;;) {
      const state = this.#control.state(this.#index);
      if (state === LEFT) return;
      await this.#control.leaves(this.#index, state);
    }
  }

  /** Resolves once the thread is gone. The control has released it. */
  async ended(): Promise<void> {
    await this.#ended;
  }
}
