/**
 * What the main thread and an I/O thread tell each other: words of a SharedArrayBuffer of their own, since they are no
 * part of any device.
 *
 *     order (main thread)     WORK ◀──▶ REST, and from both ──▶ END
 *     state (I/O thread)   WORKING ◀──▶ RESTING
 *
 * The I/O thread stores WORKING before it looks at the order, and the main thread looks at the state after it has
 * given one: who sees RESTING after having ordered REST knows that the thread takes no request before WORK is ordered.
 */

export const WORK = 0;
export const REST = 1;
export const END = 2;

const WORKING = 0;
const RESTING = 1;

const ORDER = 0;
const STATE = 1;
const WORDS = 2;

export class IoControl {
  readonly buffer: SharedArrayBuffer;
  readonly #words: Int32Array;

  static allocate(): IoControl {
    return new IoControl(new SharedArrayBuffer(WORDS * Int32Array.BYTES_PER_ELEMENT));
  }

  constructor(buffer: SharedArrayBuffer) {
    this.buffer = buffer;
    this.#words = new Int32Array(buffer);
  }

  get order(): number {
    return Atomics.load(this.#words, ORDER);
  }

  /** END is for ever. A thread that waits for notifications must be woken besides. */
  set order(order: number) {
    if (this.order === END) return;
    Atomics.store(this.#words, ORDER, order);
    Atomics.notify(this.#words, ORDER);
  }

  /** For the I/O thread: blocks while the order is REST. */
  rest(): void {
    this.#setState(RESTING);
    while (this.order === REST) Atomics.wait(this.#words, ORDER, REST);
    this.#setState(WORKING);
  }

  /** Resolves once the I/O thread rests. The order is REST, and the thread has been woken. */
  async resting(): Promise<void> {
    while (Atomics.load(this.#words, STATE) === WORKING) {
      await Atomics.waitAsync(this.#words, STATE, WORKING).value;
    }
  }

  #setState(state: number): void {
    Atomics.store(this.#words, STATE, state);
    Atomics.notify(this.#words, STATE);
  }
}
