/** An audit row for every mutation by a client (see control/identity/audit.ts). A replayed answer is no mutation. */
import type { FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import type { Control } from '../../control/control.ts';
import { type AuditedRequest, beginAudit, endAudit } from '../../control/identity/audit.ts';
import { withAudit } from '../../control/identity/audit-context.ts';
import { actorOf } from '../../control/identity/tokens.ts';
import { SAFE_METHODS } from '../safe-methods.ts';
import { principalOf } from './auth.ts';
import { refusalOf } from './problems.ts';

const SWITCHING_PROTOCOLS = 101;
const entries = new WeakMap<FastifyRequest, { position: bigint; override: string | null }>();

export const audit = fp(
  async (app) => {
    app.addHook('preHandler', (request, _reply, done) => {
      const principal = principalOf(request);
      if (principal === null || SAFE_METHODS.includes(request.method)) return done();
      beginAudit(app.control, { actor: actorOf(principal), ...requestOf(request) }).then((position) => {
        entries.set(request, { position, override: null });
        withAudit(position, done);
      }, done);
    });

    app.addHook('onSend', (request, reply, _payload, done) => {
      const entry = entries.get(request);
      if (entry === undefined) return done();
      const { override } = entry;
      const code = refusalOf(request)?.code ?? null;
      endAudit(app.control, entry.position, { status: reply.statusCode, code, override })
        .catch((error: unknown) => {
          request.log.error({ err: error }, 'could not complete the audit row');
        })
        .then(() => done());
    });
  },
  { name: 'audit', dependencies: ['auth', 'idempotency'] },
);

/** What the audit keeps of a request besides who made it. */
export function requestOf(request: FastifyRequest): Omit<AuditedRequest, 'actor'> {
  const { ip: address, method, url: path, id: requestId } = request;
  return { address, method, path, requestId };
}

/** The row of a WebSocket that begins to change something; its request is a GET (RFC 6455, section 4.1). */
export async function auditSocket(control: Control, request: FastifyRequest): Promise<void> {
  const position = await beginAudit(control, { actor: actorOf(request.principal), ...requestOf(request) });
  await endAudit(control, position, { status: SWITCHING_PROTOCOLS, code: null, override: null });
}

/** Says in the request's audit row what it overrode and why that matters. Call before answering. */
export function recordOverride(request: FastifyRequest, override: string): void {
  const entry = entries.get(request);
  if (entry === undefined) throw new Error('Only a mutation by a client can override anything');
  entry.override = override;
}
