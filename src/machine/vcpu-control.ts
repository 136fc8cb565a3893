/**
 * What the thread that made the machine and its vCPU threads tell each other without waiting for an event loop: words
 * of one SharedArrayBuffer.
 *
 * The mode is a set of reasons not to run; the guest runs while it is 0.
 *
 *     HOLD   the machine is not started yet, or paused; taken back by a resume
 *     HALT   the guest has ended: its event or failure was reported by the thread that set this, first and once
 *     QUIT   threads leave; never taken back, like HALT
 *     SLEEP  the guest has suspended itself, or asked to, which the thread that set this reported; taken back by a
 *            wake, or when the call is refused
 *
 * Each vCPU has a state of its own:
 *
 *     STARTING ──▶ PARKED ◀──▶ RUNNING
 *                     └───────────┴──▶ LEFT ──(RELEASED)──▶ the thread ends
 *
 * A thread stores RUNNING before it looks at the mode, and whoever changes the mode looks at the state afterwards, so
 * a vCPU that is seen PARKED after HOLD was set cannot enter the guest. A thread that has LEFT stays until RELEASED,
 * because a kick must not reach a thread id that the kernel has given to another thread.
 */

export const HOLD = 1;
export const HALT = 2;
export const QUIT = 4;
export const SLEEP = 8;

export const STARTING = 0;
export const PARKED = 1;
export const RUNNING = 2;
export const LEFT = 3;

const MODE = 0;
const RELEASED = 1;
const FIRST_VCPU = 2;
/** Words of each vCPU: its state, and its thread's id once it is no longer STARTING. */
const STATE = 0;
const THREAD = 1;
const VCPU_WORDS = 2;

export class VcpuControl {
  readonly buffer: SharedArrayBuffer;
  readonly #words: Int32Array;

  /** For `vcpus` vCPUs, in mode HOLD. */
  static allocate(vcpus: number): VcpuControl {
    const words = FIRST_VCPU + vcpus * VCPU_WORDS;
    const control = new VcpuControl(new SharedArrayBuffer(words * Int32Array.BYTES_PER_ELEMENT));
    control.add(HOLD);
    return control;
  }

  constructor(buffer: SharedArrayBuffer) {
    this.buffer = buffer;
    this.#words = new Int32Array(buffer);
  }

  get mode(): number {
    return Atomics.load(this.#words, MODE);
  }

  /** Adds a reason not to run. Gives whether it is new. Who runs now must be kicked besides. */
  add(reason: number): boolean {
    const before = Atomics.or(this.#words, MODE, reason);
    Atomics.notify(this.#words, MODE);
    return (before & reason) === 0;
  }

  /** Takes a reason back. */
  remove(reason: number): void {
    Atomics.and(this.#words, MODE, ~reason);
    Atomics.notify(this.#words, MODE);
  }

  /** Blocks while the mode is `mode`. */
  waitWhile(mode: number): void {
    Atomics.wait(this.#words, MODE, mode);
  }

  state(vcpu: number): number {
    return Atomics.load(this.#words, word(vcpu, STATE));
  }

  setState(vcpu: number, state: number): void {
    Atomics.store(this.#words, word(vcpu, STATE), state);
    Atomics.notify(this.#words, word(vcpu, STATE));
  }

  /** Resolves once a vCPU's state is no longer `state`. */
  async leaves(vcpu: number, state: number): Promise<void> {
    while (this.state(vcpu) === state) {
      await Atomics.waitAsync(this.#words, word(vcpu, STATE), state).value;
    }
  }

  thread(vcpu: number): number {
    return Atomics.load(this.#words, word(vcpu, THREAD));
  }

  setThread(vcpu: number, id: number): void {
    Atomics.store(this.#words, word(vcpu, THREAD), id);
  }

  /** Lets threads that have LEFT end: nobody kicks any more. */
  release(): void {
    Atomics.store(this.#words, RELEASED, 1);
    Atomics.notify(this.#words, RELEASED);
  }

  waitForRelease(): void {
    Atomics.wait(this.#words, RELEASED, 0);
  }
}

function word(vcpu: number, which: number): number {
  return FIRST_VCPU + vcpu * VCPU_WORDS + which;
}
