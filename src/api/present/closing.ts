import type { FastifyReply } from 'fastify';

/** Aborts when nobody waits any longer: the client is gone, or has its whole answer, or the server closes. */
export function closingSignal(reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  reply.raw.once('close', () => gone.abort());
  return AbortSignal.any([gone.signal, reply.server.closing]);
}
