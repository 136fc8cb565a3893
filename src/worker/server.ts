/**
 * The worker's Unix socket (protocol.ts says what goes over it). Any number of agents may be connected, one after the
 * other in practice; each hears every notification.
 *
 * A socket's path may have 107 bytes and run directories are longer, so it is bound by its name alone: the worker's
 * working directory is the run directory. Its mode is 0600: only the user that runs the host's VMs may connect.
 */

import { rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { HOLDFAST_VERSION } from '../wire/version.ts';
import { SOCKET_FILE } from './files.ts';
import {
  type Answer,
  type Call,
  type CallFailure,
  call,
  type Hello,
  hello,
  LineSplitter,
  type Notification,
  PROTOCOL,
  type Status,
  type WorkerRequest,
} from './protocol.ts';
import type { Refusal } from './refusals.ts';

/** What the socket gives access to. */
export interface Served {
  readonly status: Status;
  request(request: WorkerRequest): Promise<Refusal | null>;
  input(bytes: Uint8Array): Refusal | null;
}

export class WorkerServer {
  readonly #server: Server;
  readonly #connections = new Set<Connection>();

  private constructor(server: Server) {
    this.#server = server;
  }

  /** Listens in the working directory, which is the run directory. A socket left by a dead worker is replaced. */
  static async listen(served: Served): Promise<WorkerServer> {
    rmSync(SOCKET_FILE, { force: true });
    const umask = process.umask(0o177);
    try {
      const server = createServer();
      const self = new WorkerServer(server);
      server.on('connection', (socket) => self.#accept(socket, served));
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(SOCKET_FILE, resolve);
      });
      return self;
    } finally {
      process.umask(umask);
    }
  }

  notify(notification: Notification): void {
    for (const connection of this.#connections) connection.send(notification);
  }

  /** Ends every connection once what was sent has left, or after `graceMs`. */
  async close(graceMs = 1_000): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const connection of this.#connections) connection.end();
    const timer = setTimeout(() => {
      for (const connection of this.#connections) connection.destroy();
    }, graceMs);
    await closed;
    clearTimeout(timer);
  }

  #accept(socket: Socket, served: Served): void {
    const connection = new Connection(socket, served);
    this.#connections.add(connection);
    socket.on('close', () => this.#connections.delete(connection));
  }
}

class Connection {
  readonly #socket: Socket;
  readonly #served: Served;
  readonly #lines = new LineSplitter();
  #greeted = false;

  constructor(socket: Socket, served: Served) {
    this.#socket = socket;
    this.#served = served;
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    this.#write({ hello: { protocol: PROTOCOL, version: HOLDFAST_VERSION } } satisfies Hello);
  }

  send(message: Answer | Notification): void {
    if (this.#greeted) this.#write(message);
  }

  end(): void {
    this.#socket.end();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #write(message: unknown): void {
    if (this.#socket.writable) this.#socket.write(`${JSON.stringify(message)}\n`);
  }

  /** What cannot be understood ends the connection: after it, the two sides may mean different things. */
  #receive(chunk: Buffer): void {
    try {
      for (const line of this.#lines.push(chunk)) this.#line(JSON.parse(line));
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      this.#write({ error: { code: 'BAD_MESSAGE', detail } });
      this.#socket.end();
    }
  }

  #line(value: unknown): void {
    if (this.#greeted) {
      void this.#answer(call(value, ''));
      return;
    }
    const { protocol } = hello(value, '').hello;
    if (protocol !== PROTOCOL) {
      throw new Error(
        `this worker speaks protocol ${PROTOCOL}, not ${protocol}: use an agent of its version`,
      );
    }
    this.#greeted = true;
    this.send({ notify: 'state', status: this.#served.status });
  }

  async #answer(asked: Call): Promise<void> {
    const { id } = asked;
    switch (asked.method) {
      case 'status':
        this.send({ id, result: this.#served.status });
        return;
      case 'request':
        this.#settle(id, await this.#served.request(asked.params));
        return;
      case 'input':
        this.#settle(id, this.#served.input(Buffer.from(asked.params.data, 'base64')));
        return;
    }
  }

  #settle(id: number, refused: CallFailure | null): void {
    this.send(refused === null ? { id, result: {} } : { id, error: refused });
  }
}
