import type { FastifyReply } from 'fastify';

/** Aborts when the client is gone or has its whole answer: nobody waits for anything then. */
export function closingSignal(reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  reply.raw.once('close', () => gone.abort());
  return gone.signal;
}
