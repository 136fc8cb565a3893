/**
 * Brings what people type to guests' consoles, at most once: a line typed twice may do harm, a line that was lost is
 * seen to be missing. The position is stored before the bytes are passed on.
 */
import type { Logger } from 'pino';
import { open, text } from '../wire/shape.ts';
import type { ApiClient } from './client.ts';
import { readJson, type Store, writeJson } from './store.ts';
import type { Supervisor } from './supervisor.ts';

const WAIT_SECONDS = 30;

const inputFile = open({ position: text });

export class ConsoleInputs {
  readonly #client: Pick<ApiClient, 'consoleInput'>;
  readonly #store: Pick<Store, 'inputFile'>;
  readonly #supervisor: Pick<Supervisor, 'run'>;
  readonly #log: Pick<Logger, 'warn'>;
  #position: string | null;
  /** What is being passed on, by run: the last of a row of which each waits for the one before. */
  readonly #passing = new Map<string, Promise<void>>();

  constructor(
    client: Pick<ApiClient, 'consoleInput'>,
    store: Pick<Store, 'inputFile'>,
    supervisor: Pick<Supervisor, 'run'>,
    log: Pick<Logger, 'warn'>,
  ) {
    this.#client = client;
    this.#store = store;
    this.#supervisor = supervisor;
    this.#log = log;
    const found = readJson(store.inputFile);
    this.#position = found === null ? null : inputFile(found, '').position;
  }

  /** Waits for input and begins to pass it on; input for a run that is not here is dropped. @throws ApiError */
  async once(signal: AbortSignal): Promise<void> {
    const { position, inputs } = await this.#client.consoleInput(this.#position, WAIT_SECONDS, signal);
    if (position !== this.#position) {
      writeJson(this.#store.inputFile, { position });
      this.#position = position;
    }
    for (const { vmId, runId, data } of inputs) {
      this.#inOrder(runId, async () => void (await this.#supervisor.run(vmId, runId)?.input(data)));
    }
  }

  /** One input of a run after the other; a worker that hangs holds up no other run. */
  #inOrder(runId: string, pass: () => Promise<void>): void {
    const before = this.#passing.get(runId) ?? Promise.resolve();
    const passing = before
      .then(pass)
      .catch((error: unknown) => this.#log.warn({ runId, err: error }, 'console input was lost'))
      .finally(() => {
        if (this.#passing.get(runId) === passing) this.#passing.delete(runId);
      });
    this.#passing.set(runId, passing);
  }
}
