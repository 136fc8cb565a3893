/** The header `Idempotency-Key` on every POST of a client (see control/operations/idempotency.ts). */
import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import {
  type Claim,
  claimKey,
  releaseKey,
  storeAnswer,
  withClaim,
} from '../../control/operations/idempotency.ts';
import { Refusal } from '../../control/refusals.ts';
import { bearer, principalOf } from './auth.ts';
import { refusalOf } from './problems.ts';

const claims = new WeakMap<FastifyRequest, Claim>();
/** Those headers of an answer that belong to it and not to its transport. */
const KEPT_HEADERS = ['content-type', 'location', 'operation-location', 'etag'];

export const idempotency = fp(
  async (app) => {
    app.addHook('preHandler', (request, reply, done) => {
      const header = request.headers['idempotency-key'];
      const principal = principalOf(request);
      if (request.method !== 'POST' || header === undefined || principal === null) return done();
      if (typeof header !== 'string' || !/^[\x21-\x7e]{1,255}$/.test(header)) {
        const refusal = new Refusal(
          'INVALID_HEADER',
          'Idempotency-Key takes 1 to 255 printable ASCII characters.',
        );
        return done(refusal);
      }
      const identity = { tokenId: principal.id, key: header, secret: bearer(request) };
      claimKey(app.control, identity, digest(request)).then((claim) => {
        if ('claimedAt' in claim) {
          claims.set(request, claim);
          withClaim(claim, done);
          return;
        }
        reply.code(claim.status).headers(claim.headers).header('idempotency-replayed', 'true');
        reply.serializer((body: string) => body).send(claim.body);
      }, done);
    });

    app.addHook('onSend', (request, reply, payload, done) => {
      const claim = claims.get(request);
      if (claim === undefined) return done();
      keepAnswer(claim, request, reply, payload).then(() => done());
    });

    async function keepAnswer(
      claim: Claim,
      request: FastifyRequest,
      reply: FastifyReply,
      payload: unknown,
    ): Promise<void> {
      try {
        if (refusalOf(request)?.kind.transient === true || reply.statusCode >= 500) {
          await releaseKey(app.control, claim);
          return;
        }
        const headers = Object.fromEntries(
          KEPT_HEADERS.flatMap((name) =>
            reply.hasHeader(name) ? [[name, String(reply.getHeader(name))]] : [],
          ),
        );
        const body = typeof payload === 'string' ? payload : '';
        await storeAnswer(app.control, claim, bearer(request), { status: reply.statusCode, headers, body });
      } catch (error) {
        // The answer is right all the same; whoever asks again is told what is known.
        request.log.error({ err: error }, 'could not keep the answer for its Idempotency-Key');
      }
    }
  },
  { name: 'idempotency', dependencies: ['auth', 'problems'] },
);

function digest(request: FastifyRequest): Buffer<ArrayBuffer> {
  const text = [request.method, request.url, JSON.stringify(request.body)].join('\n');
  return createHash('sha256').update(text).digest();
}
