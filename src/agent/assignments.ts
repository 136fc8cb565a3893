/**
 * Hears what this host should run. Each answer is the whole truth, so nothing is lost with one; the long poll only makes
 * it quick. Answers come one after the other: a later one is never older.
 */
import type { ApiClient } from './client.ts';
import type { Supervisor } from './supervisor.ts';

const WAIT_SECONDS = 30;

export class Assignments {
  readonly #client: Pick<ApiClient, 'assignments'>;
  readonly #supervisor: Pick<Supervisor, 'assign'>;
  #revision: string | null = null;

  constructor(client: Pick<ApiClient, 'assignments'>, supervisor: Pick<Supervisor, 'assign'>) {
    this.#client = client;
    this.#supervisor = supervisor;
  }

  /** One long poll. @throws ApiError */
  async once(signal: AbortSignal): Promise<void> {
    const wait = this.#revision === null ? 0 : WAIT_SECONDS;
    const { revision, vms } = await this.#client.assignments(this.#revision, wait, signal);
    this.#revision = revision;
    this.#supervisor.assign(vms);
  }
}
