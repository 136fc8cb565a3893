/** One port before several servers, as a load balancer of connections is: it knows who is there by trying. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

export class TcpProxy implements AsyncDisposable {
  readonly #server: Server;
  readonly #backends: () => readonly (string | null)[];
  readonly #sockets = new Set<Socket>();
  #turn = 0;

  /** `backends`: their URLs at this moment; null for one that is down. */
  static async start(backends: () => readonly (string | null)[]): Promise<TcpProxy> {
    const proxy = new TcpProxy(backends);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  constructor(backends: () => readonly (string | null)[]) {
    this.#backends = backends;
    this.#server = createServer((client) => this.#serve(client));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  #serve(client: Socket): void {
    const up = this.#backends().filter((url) => url !== null);
    const url = up[this.#turn % Math.max(up.length, 1)];
    this.#turn += 1;
    if (url === undefined) return void client.destroy();
    const backend = connect(Number(new URL(url).port), '127.0.0.1');
    for (const [socket, other] of [
      [client, backend],
      [backend, client],
    ] as const) {
      this.#sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        this.#sockets.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((done) => this.#server.close(done));
  }
}
