/**
 * A close that cuts nobody short: long polls and streams end at once, what is being answered is answered, and then
 * every connection goes. Node by itself waits for connections that are kept alive, and for ever for one that never
 * sent a request.
 */
import fp from 'fastify-plugin';

const LOOK_EVERY_MS = 50;

export const closing = fp(
  async (app) => {
    const controller = new AbortController();
    let answering = 0;
    app.decorate('closing', controller.signal);
    app.server.on('request', (_request, response) => {
      answering++;
      response.once('close', () => answering--);
    });
    app.addHook('preClose', async () => {
      controller.abort();
      if (!app.server.listening) return;
      const timer = setInterval(() => {
        if (answering === 0) app.server.closeAllConnections();
      }, LOOK_EVERY_MS);
      app.server.once('close', () => clearInterval(timer));
    });
  },
  { name: 'closing' },
);
