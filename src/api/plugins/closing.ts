/**
 * A close that cuts nobody short: long polls and streams end at once, what is being answered is answered, and each
 * connection goes when it has nothing left to do. Without the last step a client's idle keep-alive connection would
 * hold the server open.
 */
import fp from 'fastify-plugin';

export const closing = fp(
  async (app) => {
    const controller = new AbortController();
    app.decorate('closing', controller.signal);
    app.addHook('preClose', async () => controller.abort());
    app.addHook('onResponse', async () => {
      // The connection counts as idle only after this hook.
      if (controller.signal.aborted) setImmediate(() => app.server.closeIdleConnections());
    });
  },
  { name: 'closing' },
);
