/** Against servers that do what receivers should not. */
import { once } from 'node:events';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net';
import { describe, expect, it } from 'vitest';
import { send } from '../../../../src/control/webhooks/webhook-send.ts';

const NETWORKS = ['127.0.0.0/8', '::1/128'];

async function listening(server: Server): Promise<{ port: number } & AsyncDisposable> {
  const sockets = new Set<{ destroy(): void }>();
  server.on('connection', (socket) => sockets.add(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((done) => server.close(done));
    },
  };
}

const http = (listener: RequestListener) => listening(createHttpServer(listener));
const message = (port: number, host = '127.0.0.1') => ({
  url: `http://${host}:${port}/`,
  headers: { 'content-type': 'application/json' },
  body: '{"ä":1}',
});

describe('an attempt to send', () => {
  it('tells the status and the beginning of the answer', async () => {
    const bodies: string[] = [];
    await using server = await http(async (request, response) => {
      bodies.push(await new Response(request as never).text());
      response.writeHead(201, { 'retry-after': '3' }).end('thanks');
    });
    expect(await send(message(server.port), NETWORKS)).toEqual({
      status: 201,
      body: 'thanks',
      error: null,
      retryAfter: 3,
    });
    expect(bodies).toEqual(['{"ä":1}']);
  });

  it('connects to no address that a name has but may not be reached', async () => {
    let connections = 0;
    await using server = await listening(createTcpServer(() => (connections += 1)));
    for (const networks of [[], ['10.0.0.0/8']]) {
      const answer = await send(message(server.port, 'localhost'), networks);
      expect(answer).toMatchObject({
        status: null,
        error: expect.stringContaining('HOLDFAST_WEBHOOK_NETWORKS'),
      });
      expect((await send(message(server.port), networks)).status).toBeNull();
    }
    expect(connections).toBe(0);
    // The same name, where it may.
    expect((await send(message(server.port, 'localhost'), NETWORKS, 50)).error).not.toContain('NETWORKS');
    expect(connections).toBeGreaterThan(0);
  });

  it('gives up on one that never answers, and on one that never ends its headers', async () => {
    await using silent = await listening(createTcpServer());
    expect(await send(message(silent.port), NETWORKS, 100)).toMatchObject({
      status: null,
      error: expect.stringContaining('no answer within'),
    });
    await using endless = await listening(
      createTcpServer((socket) => {
        socket.on('error', () => undefined);
        socket.write('HTTP/1.1 200 OK\r\n');
        const timer = setInterval(() => socket.write('x: y\r\n'), 5);
        socket.on('close', () => clearInterval(timer));
      }),
    );
    expect((await send(message(endless.port), NETWORKS, 200)).status).toBeNull();
  });

  it('takes the status of one whose body never ends, and reads no more than it keeps', async () => {
    await using drip = await http((_, response) => {
      response.writeHead(200).write('a');
    });
    expect(await send(message(drip.port), NETWORKS, 200)).toMatchObject({
      status: 200,
      body: 'a',
      error: null,
    });
    await using flood = await http((_, response) => {
      response.on('error', () => undefined);
      response.writeHead(500);
      const pour = (): void => {
        while (!response.destroyed && response.write('x'.repeat(65_536)));
      };
      response.on('drain', pour);
      pour();
    });
    expect(await send(message(flood.port), NETWORKS)).toMatchObject({ status: 500, body: 'x'.repeat(4_096) });
  });

  it('says what is wrong with one that speaks nonsense, hangs up or sends huge headers', async () => {
    await using nonsense = await listening(createTcpServer((socket) => void socket.end('SSH-2.0-x\r\n')));
    await using rude = await listening(createTcpServer((socket) => socket.destroy()));
    await using huge = await http(
      (_, response) => void response.writeHead(200, { x: 'y'.repeat(60_000) }).end(),
    );
    for (const { port } of [nonsense, rude, huge]) {
      expect(await send(message(port), NETWORKS)).toMatchObject({
        status: null,
        error: expect.stringMatching(/./),
      });
    }
  });
});
