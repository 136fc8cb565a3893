/** A receiver of webhooks as a user would write one: an HTTP server that checks what comes with the reference library. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';

export interface Received {
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into messages of every shape
  readonly body: any;
}

/** What is done with a message. The default: 204. */
export type Reaction = (message: Received, response: ServerResponse) => void | Promise<void>;

export class WebhookReceiver implements AsyncDisposable {
  readonly #server: Server;
  /** Everything that came, whatever was answered. */
  readonly received: Received[] = [];
  #wake: () => void = () => undefined;
  reaction: Reaction = (_, response) => void response.writeHead(204).end();

  static async start(): Promise<WebhookReceiver> {
    const receiver = new WebhookReceiver();
    receiver.#server.listen(0, '127.0.0.1');
    await once(receiver.#server, 'listening');
    return receiver;
  }

  constructor() {
    this.#server = createServer((request, response) => void this.#take(request, response));
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  url(path = '/'): string {
    return `http://127.0.0.1:${this.port}${path}`;
  }

  /** What came to a path. */
  at(path: string): Received[] {
    return this.received.filter((message) => message.path === path);
  }

  async until(check: () => boolean): Promise<void> {
    while (!check()) {
      await new Promise<void>((done) => {
        this.#wake = done;
      });
    }
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // The sender may die in the midst of it.
    response.on('error', () => undefined);
    const body = await text(request).catch(() => null);
    if (body === null) return;
    const { url: path = '', headers } = request;
    const message = { path, headers: headers as Record<string, string>, text: body, body: JSON.parse(body) };
    this.received.push(message);
    await this.reaction(message, response);
    this.#wake();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }
}

/** The body, if the signature fits the secret. Throws else. */
export function verified(secret: string, { text: body, headers }: Received): unknown {
  return new Webhook(secret).verify(body, headers);
}
