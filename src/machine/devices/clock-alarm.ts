/**
 * Keeps the time of the clock's alarm in the thread that made the machine.
 *
 *     watching ──quiesce──▶ quiet ──proceed──▶ watching
 *         └───────── stop ────┴──▶ ended
 */
import { setImmediate as othersTurn } from 'node:timers/promises';
import type { Backend } from './backend.ts';
import type { ClockSpec, DeviceContext } from './device.ts';
import { Pl031 } from './pl031.ts';

/** The host's clock may be set, so look again now and then. */
const LONGEST_WAIT_MILLISECONDS = 60_000;

export class ClockAlarm implements Backend {
  readonly #clock: Pl031;
  readonly #ended: Promise<void>;
  #quiet = false;
  #stopped = false;

  /** `failed` hears of an interrupt that KVM does not take. */
  constructor(
    spec: ClockSpec,
    context: Pick<DeviceContext, 'lock' | 'setInterrupt'>,
    failed: (error: Error) => void,
  ) {
    this.#clock = new Pl031(spec, context);
    this.#ended = this.#watch().catch(failed);
  }

  /** Everything happens in this thread, so nothing happens from here on. */
  quiesce(): Promise<void> {
    this.#quiet = true;
    return Promise.resolve();
  }

  /** An alarm whose time came meanwhile goes off now. */
  proceed(): Promise<void> {
    this.#quiet = false;
    this.#clock.wake();
    return Promise.resolve();
  }

  stop(): Promise<void> {
    this.#stopped = true;
    this.#clock.wake();
    return this.#ended;
  }

  async #watch(): Promise<void> {
    while (!this.#stopped) {
      // Counted before the look, so that a change after it is not missed.
      const { changes } = this.#clock;
      const left = this.#quiet ? undefined : this.#clock.check();
      const wait = left === undefined ? undefined : Math.min(left, LONGEST_WAIT_MILLISECONDS);
      await this.#clock.changed(changes, wait);
      // A guest may set its alarm faster than this looks; what else this thread does must go on all the same.
      await othersTurn();
    }
  }
}
