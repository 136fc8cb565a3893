/**
 * A body that is parsed as a whole has so long to arrive; it is held in memory until then. What is streamed (blobs,
 * saved guests) may take as long as a request may.
 */
import fp from 'fastify-plugin';
import { Refusal } from '../../control/refusals.ts';

export interface BodyTimeOptions {
  /** In milliseconds. */
  longestBodyMs?: number;
}

const LONGEST_BODY_MS = 30_000;

export const bodyTime = fp<BodyTimeOptions>(
  async (app, { longestBodyMs = LONGEST_BODY_MS }) => {
    app.addHook('preParsing', (request, reply, payload, done) => {
      const { 'content-length': length = '0', 'transfer-encoding': coding } = request.headers;
      const { schema, config } = request.routeOptions;
      const isEmpty = length === '0' && coding === undefined;
      if (isEmpty || schema === undefined || config.streamsBody === true) return done(null, payload);
      const timer = setTimeout(() => {
        // Nobody waits for it: a GET has none to read, and an error that nobody hears would end the process.
        if (payload.listenerCount('error') === 0) return;
        reply.header('connection', 'close');
        // Destroyed, it would take the connection along and with it the answer. Whoever reads it ends with the error.
        payload.emit(
          'error',
          new Refusal('REQUEST_TIMEOUT', `The body did not arrive within ${longestBodyMs / 1_000} s.`),
        );
      }, longestBodyMs);
      const stop = (): void => clearTimeout(timer);
      payload.once('end', stop);
      payload.once('close', stop);
      // A request may be answered, refused say, without its body.
      reply.raw.once('finish', stop);
      done(null, payload);
    });
  },
  { name: 'body-time' },
);
