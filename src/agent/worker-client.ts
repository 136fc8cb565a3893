/**
 * A connection to one worker's socket (worker/protocol.ts). It is made anew when it breaks; nothing depends on a
 * notification being heard, since the journal says everything.
 */
import { closeSync, constants, openSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { HOLDFAST_VERSION } from '../wire/version.ts';
import { SOCKET_FILE } from '../worker/files.ts';
import {
  type CallFailure,
  fromWorker,
  hello,
  LineSplitter,
  PROTOCOL,
  type WorkerRequest,
} from '../worker/protocol.ts';

/**
 * How long a worker has to answer. It answers at once unless it hangs, its journal's disk is full, or it is busy with
 * an earlier request; then the next attempt asks again.
 */
export const ANSWER_MS = 10_000;

/** The worker did not answer, or the connection is gone: whether it acted is in its journal. */
export class WorkerUnreachable extends Error {
  override readonly name = 'WorkerUnreachable';
}

interface Waiting {
  readonly resolve: (refused: CallFailure | null) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

export class WorkerClient {
  readonly #socket: Socket;
  readonly #waiting = new Map<number, Waiting>();
  readonly #onNews: () => void;
  #nextId = 1;
  #closed = false;

  private constructor(socket: Socket, onNews: () => void) {
    this.#socket = socket;
    this.#onNews = onNews;
  }

  /**
   * Connects and exchanges hellos. `onNews` is called when the journal or the state has changed, and when the
   * connection ends.
   * @throws WorkerUnreachable
   */
  static async connect(runDir: string, onNews: () => void): Promise<WorkerClient> {
    const socket = await dial(runDir);
    const client = new WorkerClient(socket, onNews);
    try {
      await client.#greet();
    } catch (error) {
      socket.destroy();
      throw new WorkerUnreachable(error instanceof Error ? error.message : String(error));
    }
    return client;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** @returns the refusal, or null when the worker has journalled the request. @throws WorkerUnreachable */
  async request(params: WorkerRequest): Promise<CallFailure | null> {
    return await this.#call('request', params);
  }

  /** Types bytes into the guest's console. @throws WorkerUnreachable */
  async input(data: string): Promise<CallFailure | null> {
    return await this.#call('input', { data });
  }

  close(): void {
    this.#socket.destroy();
  }

  async #call(method: string, params: object): Promise<CallFailure | null> {
    if (this.#closed) throw new WorkerUnreachable('the connection to the worker is closed');
    const id = this.#nextId;
    this.#nextId += 1;
    return await new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        // An answer that is this late leaves both sides unsure; a new connection begins again.
        this.#socket.destroy(new Error(`the worker did not answer within ${ANSWER_MS / 1000} s`));
      }, ANSWER_MS);
      this.#waiting.set(id, { resolve, reject, timer });
      this.#socket.write(`${JSON.stringify({ id, method, params })}\n`);
    });
  }

  async #greet(): Promise<void> {
    const socket = this.#socket;
    const lines = new LineSplitter();
    const greeted = Promise.withResolvers<void>();
    let heard = false;
    let failure: Error | null = null;
    const timer = setTimeout(() => socket.destroy(new Error('the worker does not say hello')), ANSWER_MS);
    socket.on('error', (error) => {
      failure = error;
    });
    socket.on('close', () => {
      const error = failure ?? new Error('the worker closed the connection');
      greeted.reject(error);
      this.#end(error);
    });
    socket.on('data', (chunk: Buffer) => {
      try {
        for (const line of lines.push(chunk)) {
          const value: unknown = JSON.parse(line);
          if (heard) {
            this.#receive(value);
            continue;
          }
          const { protocol, version } = hello(value, '').hello;
          if (protocol !== PROTOCOL) {
            throw new Error(`the worker (${version}) speaks protocol ${protocol}, this agent ${PROTOCOL}`);
          }
          heard = true;
          greeted.resolve();
        }
      } catch (error) {
        socket.destroy(error instanceof Error ? error : new Error(String(error)));
      }
    });
    socket.write(`${JSON.stringify({ hello: { protocol: PROTOCOL, version: HOLDFAST_VERSION } })}\n`);
    await greeted.promise.finally(() => clearTimeout(timer));
  }

  #receive(value: unknown): void {
    const message = fromWorker(value, '');
    if (message === 'news') {
      this.#onNews();
      return;
    }
    const waiting = this.#waiting.get(message.id);
    if (waiting === undefined) return;
    this.#waiting.delete(message.id);
    clearTimeout(waiting.timer);
    waiting.resolve('error' in message ? message.error : null);
  }

  #end(error: Error): void {
    this.#closed = true;
    for (const { reject, timer } of this.#waiting.values()) {
      clearTimeout(timer);
      reject(new WorkerUnreachable(error.message));
    }
    this.#waiting.clear();
    this.#onNews();
  }
}

/**
 * A socket's path may have 107 bytes and a run directory's is longer, so it is reached through a descriptor of the
 * directory (proc(5), /proc/self/fd).
 */
async function dial(runDir: string): Promise<Socket> {
  const fd = openSync(runDir, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    return await new Promise((resolve, reject) => {
      const socket = connect(join('/proc/self/fd', String(fd), SOCKET_FILE));
      socket.once('error', (error) => reject(new WorkerUnreachable(error.message)));
      socket.once('connect', () => {
        socket.removeAllListeners('error');
        resolve(socket);
      });
    });
  } finally {
    closeSync(fd);
  }
}
