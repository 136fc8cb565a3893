/** Watches a guest that writes all the time: the longest time in which nothing came. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunningVm } from './vmm.ts';

/** How often it is looked at, and for how long after what is measured. */
const PERIOD_MS = 2;
const AFTERWARDS_MS = 500;

export class Ticks {
  readonly #stopping = new AbortController();
  readonly #watching: Promise<number>;

  constructor(vm: RunningVm) {
    this.#watching = this.#watch(vm);
  }

  /** In milliseconds. */
  async longestGap(): Promise<number> {
    await sleep(AFTERWARDS_MS);
    this.#stopping.abort();
    return await this.#watching;
  }

  async #watch(vm: RunningVm): Promise<number> {
    let longest = 0;
    let seen = vm.console().length;
    for (let last = performance.now(); !this.#stopping.signal.aborted; ) {
      await sleep(PERIOD_MS);
      const length = vm.console().length;
      const now = performance.now();
      longest = Math.max(longest, now - last);
      if (length === seen) continue;
      seen = length;
      last = now;
    }
    return longest;
  }
}
