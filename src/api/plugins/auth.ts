/**
 * Who is asking. Every route declares who may call it; one that does not cannot be registered.
 *
 * Clients and agents are two realms: a token opens nothing below /agent/v1, a host's credential nothing else. A client's
 * token is one of this API's own or, where an issuer is configured, one of that (control/identity/oidc.ts).
 */
import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import fp from 'fastify-plugin';
import type { Control } from '../../control/control.ts';
import { authenticateHost, type HostPrincipal } from '../../control/identity/host-credentials.ts';
import { Sessions } from '../../control/identity/sessions.ts';
import { authenticate, hasRole, type Principal } from '../../control/identity/tokens.ts';
import { Refusal } from '../../control/refusals.ts';
import { checkCertificate } from '../client-certificate.ts';
import { SAFE_METHODS } from '../safe-methods.ts';

/** Somebody else who can say whose a bearer token is. */
export interface TokenIssuer {
  /** Whether the secret looks like one of its own. */
  issues(secret: string): boolean;
  /** Throws UNAUTHENTICATED, FORBIDDEN or ISSUER_UNAVAILABLE. */
  authenticate(secret: string): Promise<Principal>;
}

export interface AuthOptions {
  issuer?: TokenIssuer | null;
  /** Whether agents have to show a certificate of their host too. */
  agentCertificates?: boolean;
}

/** An answer that took longer is given to nobody who was locked out meanwhile. */
const LOOK_AGAIN_AFTER_MS = 1_000;

const principals = new WeakMap<FastifyRequest, Principal>();
const agents = new WeakMap<FastifyRequest, HostPrincipal>();

export const auth = fp<AuthOptions>(
  async (app, { issuer = null, agentCertificates = false }) => {
    app.decorate('agentCertificates', agentCertificates);
    app.decorate('sessions', new Sessions(app.control));
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

    app.addHook('onRequest', (request) => letIn(request));

    // A long poll may end long after its token did.
    app.addHook('preSerialization', (request, reply, payload, done) => {
      const known = principals.has(request) || agents.has(request);
      if (!known || reply.elapsedTime <= LOOK_AGAIN_AFTER_MS || !SAFE_METHODS.includes(request.method)) {
        return done(null, payload);
      }
      letIn(request).then(() => done(null, payload), done);
    });

    async function letIn(request: FastifyRequest): Promise<void> {
      // A request for no route at all gets its 404.
      if (request.is404) return;
      const { role: needed, ahead } = request.routeOptions.config;
      if (needed === 'public') return;
      if (needed === undefined) throw new Error('A route without a role is closed');
      const secret = bearer(request);
      if (needed === 'agent') {
        const host = await authenticateHost(app.control, secret);
        if (agentCertificates) checkCertificate(request, host.hostName);
        agents.set(request, host);
        return;
      }
      ahead?.(request);
      const principal = await principalBehind(app.control, issuer, secret);
      if (!hasRole(principal.role, needed)) {
        throw new Refusal(
          'FORBIDDEN',
          `This needs a token with the role ${needed}; "${principal.name}" has ${principal.role}.`,
        );
      }
      principals.set(request, principal);
    }
  },
  { name: 'auth' },
);

async function principalBehind(
  control: Control,
  issuer: TokenIssuer | null,
  secret: string,
): Promise<Principal> {
  if (issuer?.issues(secret) === true) return issuer.authenticate(secret);
  const principal = await authenticate(control, secret);
  if (principal === null) throw new Refusal('UNAUTHENTICATED', 'The token is unknown, expired or revoked.');
  return principal;
}

/** The token of the request, or null where none was needed. */
export function principalOf(request: FastifyRequest): Principal | null {
  return principals.get(request) ?? null;
}

/** The host of the request, or null on a route that is not for agents. */
export function agentOf(request: FastifyRequest): HostPrincipal | null {
  return agents.get(request) ?? null;
}

/** Aborts when the request's token is revoked or expires: for answers that do not end by themselves. */
export function sessionSignal(request: FastifyRequest, reply: FastifyReply): AbortSignal {
  const session = request.server.sessions.begin(request.principal);
  reply.raw.once('close', () => session.close());
  return session.signal;
}

/** The secret of `Authorization: Bearer <secret>`. Throws UNAUTHENTICATED. */
export function bearer(request: FastifyRequest): string {
  const header = request.headers.authorization;
  if (header === undefined) {
    throw new Refusal('UNAUTHENTICATED', 'Send the header "Authorization: Bearer <token>".');
  }
  const secret = /^Bearer ([A-Za-z0-9._~+/-]{16,8000}=*)$/i.exec(header)?.[1];
  if (secret === undefined) {
    throw new Refusal('UNAUTHENTICATED', 'The Authorization header must read "Bearer <token>".');
  }
  return secret;
}

function present<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`This route is not for ${what}: its config.role says otherwise`);
  return value;
}
