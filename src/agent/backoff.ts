/** Waiting between attempts: exponential with full jitter, so that a thousand agents do not come back together. */
import { setTimeout as sleep } from 'node:timers/promises';

const FIRST_MS = 500;
const LONGEST_MS = 30_000;
/** A timer for longer goes off at once (setTimeout). */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The longest wait before attempt `failures + 1`, in milliseconds; the wait is drawn evenly below it. */
export function longestWait(failures: number): number {
  return Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failures - 1, 10));
}

export class Backoff {
  #failures = 0;

  get failures(): number {
    return this.#failures;
  }

  succeeded(): void {
    this.#failures = 0;
  }

  /** Milliseconds to wait after one more failure, never less than `atLeastMs`. */
  failed(atLeastMs = 0): number {
    this.#failures += 1;
    return Math.max(atLeastMs, 50, Math.random() * longestWait(this.#failures));
  }
}

/** Sleeps, at most for 24 days; wakes early and quietly when the signal is raised. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(Math.min(ms, LONGEST_TIMER_MS), undefined, { signal }).catch(() => undefined);
}
