/**
 * All vCPU threads of a machine.
 *
 *     starting ──attach──▶ held ──release──▶ running ──hold──▶ held          sleep, wake: as hold and release, beside
 *                            └──────┬───────────┘                            them
 *                                 stop ──▶ ended
 */
import { HALT, HOLD, QUIT, SLEEP, VcpuControl } from './vcpu-control.ts';
import { VcpuThread } from './vcpu-handle.ts';
import type { VcpuAttachment, VcpuReport } from './vcpu-protocol.ts';

export class VcpuThreads {
  readonly #control: VcpuControl;
  readonly #threads: readonly VcpuThread[];
  readonly #report: (report: VcpuReport) => void;
  /** Threads may have ended, and their ids may belong to others. */
  #released = false;

  /**
   * Starts the threads. `report` hears, once, why the machine has halted; other vCPUs may still be on their way out of
   * the guest then, which `halt` waits for.
   */
  constructor(count: number, report: (report: VcpuReport) => void) {
    this.#report = report;
    this.#control = VcpuControl.allocate(count);
    this.#threads = Array.from({ length: count }, (_, i) => new VcpuThread(i, this.#control, report));
  }

  /** Gives each thread its vCPU; afterwards all are held. @throws Error when one cannot take it up */
  async attach(attachments: readonly VcpuAttachment[]): Promise<void> {
    const waiting = this.#threads.map((thread, i) => {
      const attachment = attachments[i];
      if (attachment === undefined) throw new RangeError(`There is nothing for vCPU ${i}.`);
      return thread.attach(attachment);
    });
    await Promise.all(waiting);
  }

  /** Lets the guest run. */
  release(): void {
    this.#control.remove(HOLD);
  }

  /** Takes every vCPU out of the guest and resolves once none can enter it before `release`. */
  async hold(): Promise<void> {
    await this.#withdraw(HOLD);
  }

  /** As `hold`, until `wake`: the guest has asked to sleep. */
  async sleep(): Promise<void> {
    await this.#withdraw(SLEEP);
  }

  wake(): void {
    this.#control.remove(SLEEP);
  }

  /** As `hold`, for ever. */
  async halt(): Promise<void> {
    await this.#withdraw(HALT);
  }

  /** Halts the machine for a reason outside of its vCPUs, unless it has halted already. */
  fail(error: Error): void {
    if (this.#control.add(HALT)) this.#report({ kind: 'failed', error });
  }

  /** Whether the guest sleeps, or has just asked to. */
  get sleeping(): boolean {
    return (this.#control.mode & SLEEP) !== 0;
  }

  get halted(): boolean {
    return (this.#control.mode & HALT) !== 0;
  }

  /** Ends the threads and resolves once they are gone. */
  async stop(): Promise<void> {
    this.#control.add(QUIT);
    this.#kick();
    await Promise.all(this.#threads.map((thread) => thread.left()));
    this.#release();
    await Promise.all(this.#threads.map((thread) => thread.ended()));
  }

  /** Tells the threads to end without waiting for them: for the end of the process, which would wait for ever. */
  abandon(): void {
    this.#control.add(QUIT);
    this.#kick();
    this.#release();
  }

  #kick(): void {
    if (this.#released) return;
    for (const thread of this.#threads) thread.kick();
  }

  #release(): void {
    this.#released = true;
    this.#control.release();
  }

  async #withdraw(reason: number): Promise<void> {
    this.#control.add(reason);
    this.#kick();
    await Promise.all(this.#threads.map((thread) => thread.stopped()));
  }
}
