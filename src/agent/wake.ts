/** A flag that one loop waits for and anybody raises; raised while nobody waits, it is seen by the next wait. */
export class Wake {
  #raised = false;
  #waiting: (() => void) | null = null;

  raise(): void {
    this.#raised = true;
    this.#waiting?.();
  }

  /** Resolves when raised, after `ms`, or when the signal is raised, whichever comes first. Takes the flag down. */
  async wait(ms: number, signal: AbortSignal): Promise<void> {
    if (!this.#raised && !signal.aborted) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#waiting = resolve;
      const timer = setTimeout(resolve, ms);
      const aborted = (): void => resolve();
      signal.addEventListener('abort', aborted);
      await promise;
      clearTimeout(timer);
      // The signal lives as long as the agent, which waits some ten thousand times a day.
      signal.removeEventListener('abort', aborted);
      this.#waiting = null;
    }
    this.#raised = false;
  }
}
