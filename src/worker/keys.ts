/**
 * Asks a guest for something by pressing a key, when it is able to notice.
 *
 * A key pressed before the guest's input driver is up goes nowhere, and one pressed before its user space listens may.
 * So a question waits until the driver is ready and SETTLE_MS longer. `stop` presses the power key again every
 * REPEAT_MS until the guest answers, the question is withdrawn, or its time is over. `hibernate` presses once: a second
 * press, kept in the guest's input buffer, would be saved with its memory and hibernate it again after the resume.
 */
import type { Machine } from '../machine/machine.ts';
import type { PowerKey } from '../machine/types.ts';
import type { Ask } from './state.ts';

/** How often to look whether the driver is ready. */
const POLL_MS = 200;
const SETTLE_MS = 3_000;
const REPEAT_MS = 10_000;

const KEY_OF: Readonly<Record<Ask['kind'], PowerKey>> = { stop: 'power', hibernate: 'hibernate' };

/** What of a machine is needed to press a key. */
export type KeyTarget = Pick<Machine, 'inputReady' | 'pressKey'>;

/** One question, and when it may be pressed next. Times in milliseconds on a monotonic clock. */
export interface Asking {
  readonly ask: Ask;
  readonly until: number;
  /** Since when this boot's driver is ready; null while it is not. */
  readonly readySince: number | null;
  readonly lastPress: number | null;
}

export type KeyDecision = 'wait' | 'press' | 'give up';

export function decideKey(asking: Asking, now: number): KeyDecision {
  if (now >= asking.until) return 'give up';
  if (asking.readySince === null || now < asking.readySince + SETTLE_MS) return 'wait';
  if (asking.lastPress === null) return 'press';
  return asking.ask.kind === 'stop' && now >= asking.lastPress + REPEAT_MS ? 'press' : 'wait';
}

export class Keys {
  #target: KeyTarget | null = null;
  #asking: Asking | null = null;
  #readySince: number | null = null;
  #timer: NodeJS.Timeout | undefined;

  /** The machine of a new boot, or null when there is none to press keys of. */
  attach(target: KeyTarget | null): void {
    this.#target = target;
    this.#readySince = null;
    if (this.#asking !== null) this.#asking = { ...this.#asking, readySince: null, lastPress: null };
    this.#schedule();
  }

  ask(ask: Ask): void {
    const until = ask.timeoutSeconds === null ? Infinity : performance.now() + ask.timeoutSeconds * 1000;
    this.#asking = { ask, until, readySince: this.#readySince, lastPress: null };
    this.#look();
    this.#schedule();
  }

  stop(): void {
    this.#asking = null;
    this.#schedule();
  }

  /** Looks on while there is something to wait for: the driver in each boot, and the guest's answer. */
  #schedule(): void {
    const needed = this.#target !== null && (this.#asking !== null || this.#readySince === null);
    if (needed && this.#timer === undefined) {
      this.#timer = setInterval(() => this.#look(), POLL_MS);
    } else if (!needed && this.#timer !== undefined) {
      clearInterval(this.#timer);
      this.#timer = undefined;
    }
  }

  #look(): void {
    const target = this.#target;
    if (target === null) return;
    const now = performance.now();
    if (this.#readySince === null && target.inputReady) this.#readySince = now;
    if (this.#asking !== null) {
      const asking = { ...this.#asking, readySince: this.#readySince };
      const decision = decideKey(asking, now);
      if (decision === 'press') target.pressKey(KEY_OF[asking.ask.kind]);
      this.#asking =
        decision === 'give up'
          ? null
          : { ...asking, lastPress: decision === 'press' ? now : asking.lastPress };
    }
    this.#schedule();
  }
}
