/** Ownership of one file descriptor. */
import { closeSync } from 'node:fs';

/** A handle was used after it was closed. */
export class ClosedError extends Error {
  override readonly name = 'ClosedError';

  constructor(what: string) {
    super(`The ${what} is closed.`);
  }
}

/** A descriptor that is closed exactly once, and refused afterwards: its number may belong to something else then. */
export class Descriptor implements Disposable {
  readonly #what: string;
  #fd: number;

  constructor(fd: number, what: string) {
    this.#fd = fd;
    this.#what = what;
  }

  /** @throws ClosedError */
  get fd(): number {
    if (this.#fd < 0) throw new ClosedError(this.#what);
    return this.#fd;
  }

  close(): void {
    if (this.#fd < 0) return;
    const fd = this.#fd;
    this.#fd = -1;
    closeSync(fd);
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
