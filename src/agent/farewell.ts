/**
 * When the last of a VM may go that is another host's now, or nobody's.
 *
 *   assigned ──an answer without it──▶ absent ──all runs over and delivered──▶ told ──ANSWERS more──▶ may be forgotten
 *      ▲                                 │                                      │
 *      └──────── an answer with it ──────┴──────────────────────────────────────┘
 *
 * A run that is forgotten would be taken for a new one if it were asked for again. No answer that the API makes after it
 * has a run's last record asks for that run, and answers are heard one after the other; the first of them may have been
 * made before that, and the second cannot have been. Failures are no answers and count for nothing.
 */
import type { Wanted } from './reconcile.ts';

const ANSWERS = 2;

export class Farewell {
  /** Answers without the VM, one after the other, since everything of it has been delivered. Null: it has not been. */
  #answers: number | null = null;

  /** The API has said what is wanted. */
  heard(wanted: Wanted): void {
    if (wanted !== null) this.#answers = null;
    else if (this.#answers !== null) this.#answers += 1;
  }

  /** Whether the VM may be forgotten. `over`: none of its runs is left to end or to be delivered. */
  isDue(wanted: Wanted, over: boolean): boolean {
    this.#answers = wanted === null && over ? (this.#answers ?? 0) : null;
    return this.#answers !== null && this.#answers >= ANSWERS;
  }
}
