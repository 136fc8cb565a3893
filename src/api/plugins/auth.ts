/**
 * Who is asking. Every route declares who may call it; one that does not cannot be registered.
 *
 * Clients and agents are two realms: a token opens nothing below /agent/v1, a host's credential nothing else.
 */
import type { FastifyRequest, RouteOptions } from 'fastify';
import fp from 'fastify-plugin';
import type { Control } from '../../control/control.ts';
import { Refusal } from '../../control/refusals.ts';
import { authenticate, hashSecret, hasRole, type Principal } from '../../control/tokens.ts';
import type { AgentPrincipal } from '../types.ts';

const principals = new WeakMap<FastifyRequest, Principal>();
const agents = new WeakMap<FastifyRequest, AgentPrincipal>();

export const auth = fp(
  async (app) => {
    app.decorateRequest('principal', {
      getter(this: FastifyRequest) {
        return present(principals.get(this), 'a token');
      },
    });
    app.decorateRequest('agent', {
      getter(this: FastifyRequest) {
        return present(agents.get(this), 'an agent');
      },
    });

    // Looked at when all is registered: a plugin from outside gets its role from the one that registers it.
    const declared: RouteOptions[] = [];
    app.decorate('declaredRoutes', declared);
    app.addHook('onRoute', (route) => {
      declared.push(route);
    });
    app.addHook('onReady', async () => {
      const open = declared.filter(({ config }) => config?.role === undefined);
      if (open.length === 0) return;
      const names = open.map(({ method, url }) => `${String(method)} ${url}`).join(', ');
      throw new Error(`config.role does not say who may call ${names}`);
    });

    app.addHook('onRequest', async (request) => {
      // A request for no route at all gets its 404.
      if (request.is404) return;
      const needed = request.routeOptions.config.role;
      if (needed === 'public') return;
      if (needed === undefined) throw new Error('A route without a role is closed');
      const secret = bearer(request);
      if (needed === 'agent') {
        agents.set(request, await authenticateAgent(app.control, secret));
        return;
      }
      const principal = await authenticate(app.control, secret);
      if (principal === null) {
        throw new Refusal('UNAUTHENTICATED', 'The token is unknown, expired or revoked.');
      }
      if (!hasRole(principal.role, needed)) {
        throw new Refusal(
          'FORBIDDEN',
          `This needs a token with the role ${needed}; "${principal.name}" has ${principal.role}.`,
        );
      }
      principals.set(request, principal);
    });
  },
  { name: 'auth' },
);

/** The token of the request, or null where none was needed. */
export function principalOf(request: FastifyRequest): Principal | null {
  return principals.get(request) ?? null;
}

/** The secret of `Authorization: Bearer <secret>`. Throws UNAUTHENTICATED. */
export function bearer(request: FastifyRequest): string {
  const header = request.headers.authorization;
  if (header === undefined) {
    throw new Refusal('UNAUTHENTICATED', 'Send the header "Authorization: Bearer <token>".');
  }
  const secret = /^Bearer ([A-Za-z0-9._~+/-]{16,200}=*)$/i.exec(header)?.[1];
  if (secret === undefined) {
    throw new Refusal('UNAUTHENTICATED', 'The Authorization header must read "Bearer <token>".');
  }
  return secret;
}

async function authenticateAgent(control: Control, secret: string): Promise<AgentPrincipal> {
  const { rows } = await control.pool.query<AgentPrincipal>({
    name: 'authenticate-agent',
    text: 'SELECT id AS "hostId", name AS "hostName" FROM hosts WHERE credential_hash = $1',
    values: [hashSecret(secret)],
  });
  const host = rows[0];
  if (host === undefined) throw new Refusal('UNAUTHENTICATED', 'No enrolled host has this credential.');
  return host;
}

function present<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`This route is not for ${what}: its config.role says otherwise`);
  return value;
}
