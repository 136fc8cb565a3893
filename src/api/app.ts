/** The HTTP application: plugins, schemas and routes on a `Control`. It listens nowhere and owns no database. */
import type { Server } from 'node:http';
import type { TlsOptions } from 'node:tls';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import Fastify, { type FastifyBaseLogger, type FastifyHttpOptions } from 'fastify';
import type { Control } from '../control/control.ts';
import { IssuerOrigins } from '../control/identity/oidc-discovery.ts';
import { quickUuid } from '../control/uuid.ts';
import { audit } from './plugins/audit.ts';
import { type AuthOptions, auth } from './plugins/auth.ts';
import { type BodyTimeOptions, bodyTime } from './plugins/body-time.ts';
import { closing } from './plugins/closing.ts';
import { dashboard } from './plugins/dashboard.ts';
import { idempotency } from './plugins/idempotency.ts';
import { type LimitOptions, limits, pressure } from './plugins/limits.ts';
import { metrics } from './plugins/metrics.ts';
import { openapi } from './plugins/openapi.ts';
import { answerClientError, answerFrameworkError, problems } from './plugins/problems.ts';
import { scope } from './plugins/scope.ts';
import { securityHeaders } from './plugins/security-headers.ts';
import { serialization } from './plugins/serialization.ts';
import { tracing } from './plugins/tracing.ts';
import { validation } from './plugins/validation.ts';
import { upgradeOptions, websockets } from './plugins/websockets.ts';
import { RequestLog } from './request-log.ts';
import { routes } from './routes/index.ts';
import { namedSchemas } from './schemas/index.ts';
import type { OidcClient } from './schemas/sign-in.ts';
import './types.ts';

/** Bodies that are parsed as a whole; blobs are streamed and have their own limit. */
const LARGEST_BODY_BYTES = 4 * 1024 * 1024;

/** How long a request may take to arrive: a blob of 2 GiB at 20 Mbit/s. */
const LONGEST_REQUEST_MS = 15 * 60_000;

/** A connection that does not say what it wants is closed. */
const LONGEST_HEAD_MS = 30_000;

export interface AppOptions extends AuthOptions, BodyTimeOptions, LimitOptions {
  /** Null: plain HTTP, for a proxy in front that has TLS. */
  tls?: TlsOptions | null;
  /** Addresses and ranges of proxies whose X-Forwarded-For is believed. */
  trustedProxies?: readonly string[];
  oidcClient?: OidcClient | null;
}

export async function buildApp(control: Control, logger: FastifyBaseLogger, options: AppOptions = {}) {
  const { tls = null, trustedProxies = [], oidcClient = null } = options;
  const socketOptions = { ...upgradeOptions, headersTimeout: LONGEST_HEAD_MS };
  const app = Fastify({
    loggerInstance: logger,
    logController: new RequestLog(),
    bodyLimit: LARGEST_BODY_BYTES,
    // A caller's own id is not taken over: it would let anybody write into the log.
    genReqId: quickUuid,
    requestIdHeader: false,
    // The others are closed by the plugin `closing`, once they have had their answers.
    forceCloseConnections: 'idle',
    // Typed as the plain server that it is but for its sockets; nothing here looks further.
    ...((tls === null
      ? { http: socketOptions }
      : { https: { ...socketOptions, ...tls } }) as FastifyHttpOptions<Server>),
    trustProxy: trustedProxies.length === 0 ? false : [...trustedProxies],
    clientErrorHandler: answerClientError,
    frameworkErrors: answerFrameworkError,
    requestTimeout: LONGEST_REQUEST_MS,
    routerOptions: { maxParamLength: 200 },
  }).withTypeProvider<TypeBoxTypeProvider>();
  app.decorate('control', control);
  app.decorate('oidcClient', oidcClient);
  app.addHook('onSend', (request, reply, _payload, done) => {
    reply.header('x-request-id', request.id);
    // Answers are of this moment, and some hold secrets.
    const { url = '' } = request.routeOptions;
    if (/^\/(agent\/)?v1\//.test(url) && !reply.hasHeader('cache-control')) {
      reply.header('cache-control', 'no-store');
    }
    done();
  });
  await app.register(closing);
  await app.register(problems);
  await app.register(metrics);
  await app.register(tracing);
  await app.register(websockets);
  await app.register(securityHeaders, { overTls: tls !== null });
  await app.register(pressure, options);
  await app.register(validation);
  await app.register(serialization);
  await app.register(auth, options);
  await app.register(scope);
  await app.register(limits, options);
  await app.register(bodyTime, options);
  await app.register(idempotency);
  await app.register(audit);
  for (const schema of namedSchemas) app.addSchema(schema);
  await app.register(openapi);
  for (const route of routes) await app.register(route);
  const origins = oidcClient === null ? null : new IssuerOrigins(oidcClient.issuer);
  await app.register(dashboard, origins === null ? {} : { issuerOrigins: () => origins.read() });
  return app;
}

export type App = Awaited<ReturnType<typeof buildApp>>;
