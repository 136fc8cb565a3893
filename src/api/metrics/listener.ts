/**
 * A port of its own for monitoring, where configuration asks for one: metrics and health without a token, so that they
 * can be had while Postgres, and with it every token, is away. Nothing else is there.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { App } from '../app.ts';

/** What is passed on to the application. */
const PUBLIC = ['/healthz', '/readyz'];
/** Whoever scrapes asks briefly. */
const LONGEST_REQUEST_MS = 10_000;

export interface MetricsListener {
  /** Such as `http://127.0.0.1:9464`. */
  readonly url: string;
  close(): Promise<void>;
}

export async function listenForMetrics(
  app: App,
  { port, host }: { port: number; host: string },
): Promise<MetricsListener> {
  const answer = async (method: string, path: string): Promise<[number, string, string]> => {
    if (method !== 'GET') return [405, 'text/plain', 'Only GET is answered here.\n'];
    if (path === '/metrics') return [200, app.metricsType, await app.metricsText()];
    if (!PUBLIC.includes(path)) return [404, 'text/plain', 'There is /metrics, /healthz and /readyz.\n'];
    const { statusCode, headers, payload } = await app.inject({ method: 'GET', url: path });
    return [statusCode, String(headers['content-type']), payload];
  };
  const server = createServer({ requestTimeout: LONGEST_REQUEST_MS }, (request, response) => {
    const path = (request.url ?? '').split('?')[0] ?? '';
    answer(request.method ?? '', path).then(
      ([status, type, body]) => {
        response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body);
      },
      (error: unknown) => {
        app.log.error({ err: error }, 'metrics cannot be told');
        response.writeHead(500, { 'content-type': 'text/plain' }).end('The log says why.\n');
      },
    );
  });
  server.listen(port, host);
  await once(server, 'listening');
  const address = server.address() as AddressInfo;
  const name = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return {
    url: `http://${name}:${address.port}`,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
