/**
 * Lets so many in at a time; the others wait in the order in which they came. A thousand requests at once then take
 * their turns, where they would all ask the pool for a connection and most would be told that there is none.
 */
export class Gate {
  readonly #most: number;
  #inside = 0;
  readonly #waiting = new Set<() => void>();

  constructor(most: number) {
    this.#most = most;
  }

  /** How many wait. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** Runs `work` when it is its turn. @throws GateClosed when that has not come within `milliseconds` */
  async pass<T>(work: () => Promise<T>, milliseconds: number): Promise<T> {
    await this.#enter(milliseconds);
    try {
      return await work();
    } finally {
      this.#leave();
    }
  }

  async #enter(milliseconds: number): Promise<void> {
    if (this.#inside < this.#most) {
      this.#inside += 1;
      return;
    }
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const timer = setTimeout(() => {
      this.#waiting.delete(resolve);
      reject(new GateClosed(`waited ${milliseconds / 1000} s for others to be done`));
    }, milliseconds);
    this.#waiting.add(resolve);
    await promise.finally(() => clearTimeout(timer));
  }

  /** The place goes to the one that waits longest. */
  #leave(): void {
    const [next] = this.#waiting;
    if (next === undefined) {
      this.#inside -= 1;
      return;
    }
    this.#waiting.delete(next);
    next();
  }
}

export class GateClosed extends Error {
  override readonly name = 'GateClosed';
}
