/**
 * The machine-wide mutex: one 32-bit word in shared memory, taken by vCPU threads, I/O threads and the main thread.
 *
 *             acquire                    acquire by another
 *   0 free ───────────────▶ 1 held ─────────────────────────▶ 2 held, somebody may sleep
 *     ▲                       │ release                          │ release, wake one
 *     └───────────────────────┴──────────────────────────────────┘
 *
 * This is the three-state futex mutex of U. Drepper, "Futexes Are Tricky" (2011), section 5, on Atomics. An
 * uncontended acquire and release are one atomic operation each and no system call. Whoever holds it does no I/O that
 * can wait, so that the main thread may take it too.
 */

const FREE = 0;
const HELD = 1;
const CONTENDED = 2;

/** A thread's handle on the mutex. One per thread; all over the same buffer exclude each other. */
export class Lock {
  readonly #word: Int32Array;
  #mine = false;

  /** A fresh, free mutex, to be sent to every thread that needs it. */
  static allocate(): SharedArrayBuffer {
    return new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
  }

  constructor(buffer: SharedArrayBuffer) {
    this.#word = new Int32Array(buffer);
  }

  /** Sleeps until this thread holds the mutex. Throws when it already does: the mutex is not recursive. */
  acquire(): void {
    if (this.#mine) throw new Error('this thread already holds the machine lock; release it first');
    const word = this.#word;
    if (Atomics.compareExchange(word, 0, FREE, HELD) !== FREE) {
      while (Atomics.exchange(word, 0, CONTENDED) !== FREE) Atomics.wait(word, 0, CONTENDED);
    }
    this.#mine = true;
  }

  /** Throws when this thread does not hold the mutex. */
  release(): void {
    if (!this.#mine) throw new Error('this thread does not hold the machine lock');
    this.#mine = false;
    if (Atomics.exchange(this.#word, 0, FREE) === CONTENDED) Atomics.notify(this.#word, 0, 1);
  }

  /** Runs `body` holding the mutex and releases it however `body` ends. */
  run<T>(body: () => T): T {
    this.acquire();
    try {
      return body();
    } finally {
      this.release();
    }
  }
}
