/** Bytes typed at the serial console that the guest has no room for yet. */

/** What may wait in all; a guest that never reads must not fill the host's memory. */
const LIMIT = 64 * 1024;
const RETRY_MILLISECONDS = 20;

export class ConsoleInput {
  readonly #receive: (bytes: Uint8Array) => number;
  #waiting = new Uint8Array();
  #timer: NodeJS.Timeout | undefined;

  /** `receive` takes bytes from the first on and says how many. */
  constructor(receive: (bytes: Uint8Array) => number) {
    this.#receive = receive;
  }

  /** Passes bytes on in order, now or when there is room. Beyond 64 KiB that the guest does not read, they are lost. */
  write(bytes: Uint8Array): void {
    const kept = bytes.subarray(0, LIMIT - this.#waiting.length);
    const joined = new Uint8Array(this.#waiting.length + kept.length);
    joined.set(this.#waiting);
    joined.set(kept, this.#waiting.length);
    this.#waiting = joined;
    if (this.#timer === undefined) this.#pass();
  }

  /** What the guest has no room for yet. */
  get waiting(): Uint8Array {
    return this.#waiting;
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#waiting = new Uint8Array();
  }

  #pass(): void {
    this.#waiting = this.#waiting.slice(this.#receive(this.#waiting));
    this.#timer = this.#waiting.length > 0 ? setTimeout(() => this.#pass(), RETRY_MILLISECONDS) : undefined;
  }
}
