/**
 * WebSockets. To be registered before whatever looks at requests, so that a refused upgrade is noticed and its connection
 * ended.
 *
 * A client that cannot send headers (a browser) offers two subprotocols: the route's own and `holdfast.bearer.<token>`.
 * The second is taken for the Authorization header, never chosen and never logged, so the token is in no URL.
 */
import type { IncomingMessage } from 'node:http';
import websocket from '@fastify/websocket';
import fp from 'fastify-plugin';

/** Serial output and what people type: the first is sent in rows, the second by the key or by the paste. */
const LARGEST_MESSAGE_BYTES = 16 * 1024;
const BEARER = /^holdfast\.bearer\.([A-Za-z0-9._~+/-]+=*)$/;

const CONSOLE_PROTOCOL = 'holdfast.console.v1';

/** For `http.createServer`: an offer of HTTP/2 (`curl --http2`) is answered in HTTP/1.1, as it was before. */
export const upgradeOptions = {
  shouldUpgradeCallback: ({ headers }: IncomingMessage): boolean =>
    headers.upgrade?.toLowerCase() === 'websocket',
};

export const websockets = fp(
  async (app) => {
    // Before the library, which listens for the same.
    app.server.prependListener('upgrade', takeBearer);
    await app.register(websocket, {
      options: {
        maxPayload: LARGEST_MESSAGE_BYTES,
        handleProtocols: (offered: Set<string>) => (offered.has(CONSOLE_PROTOCOL) ? CONSOLE_PROTOCOL : false),
      },
    });
  },
  { name: 'websockets' },
);

function takeBearer({ headers }: IncomingMessage): void {
  const offered = (headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
  const token = offered.map((name) => BEARER.exec(name)?.[1]).find((found) => found !== undefined);
  if (token === undefined) return;
  headers.authorization ??= `Bearer ${token}`;
  headers['sec-websocket-protocol'] = offered.filter((name) => !BEARER.test(name)).join(', ');
}
