/**
 * Brings what people type to guests' consoles, at most once: a line typed twice may do harm, a line that was lost is
 * seen to be missing. The position is stored before the bytes are passed on.
 */
import { closed, text } from '../wire/shape.ts';
import type { ApiClient } from './client.ts';
import { readJson, type Store, writeJson } from './store.ts';
import type { Supervisor } from './supervisor.ts';

const WAIT_SECONDS = 30;

const inputFile = closed({ position: text });

export class ConsoleInputs {
  readonly #client: Pick<ApiClient, 'consoleInput'>;
  readonly #store: Pick<Store, 'inputFile'>;
  readonly #supervisor: Pick<Supervisor, 'run'>;
  #position: string | null;

  constructor(
    client: Pick<ApiClient, 'consoleInput'>,
    store: Pick<Store, 'inputFile'>,
    supervisor: Pick<Supervisor, 'run'>,
  ) {
    this.#client = client;
    this.#store = store;
    this.#supervisor = supervisor;
    const found = readJson(store.inputFile);
    this.#position = found === null ? null : inputFile(found, '').position;
  }

  /** Waits for input and passes it on; input for a run that is not here is dropped. @throws ApiError */
  async once(signal: AbortSignal): Promise<void> {
    const { position, inputs } = await this.#client.consoleInput(this.#position, WAIT_SECONDS, signal);
    if (position !== this.#position) {
      writeJson(this.#store.inputFile, { position });
      this.#position = position;
    }
    for (const { vmId, runId, data } of inputs) await this.#supervisor.run(vmId, runId)?.input(data);
  }
}
