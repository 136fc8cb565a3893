/** The OpenAPI document, made of the routes' own schemas: at /openapi.json, and for reading at /docs. */
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance, FastifySchema, RouteOptions } from 'fastify';
import fp from 'fastify-plugin';
import type { RefusalCode } from '../../control/refusals.ts';
import { completeDocument, type Declared } from '../document/complete.ts';
import type { OpenApiDocument } from '../document/json-schema.ts';
import { SAFE_METHODS } from '../safe-methods.ts';
import type { Access } from '../types.ts';
import { scopeUseOf } from './scope.ts';

const TAGS = {
  vms: 'Machines and what is asked of them',
  operations: 'Asynchronous work',
  events: 'What happened to machines, and who asked for it',
  webhooks: 'Where events are sent to',
  hosts: 'Where machines run',
  images: 'Kernels and what they boot with, and the bytes of both',
  psci: 'Versions of the firmware interface',
  fleet: 'Counts over everything',
  networks: 'What connects machines',
  rollouts: 'Changes of pins, step by step',
  snapshots: 'Saved machines',
  tokens: 'Who may do what',
  audit: 'Who did what',
  service: 'This process',
  agent: "The hosts' own protocol",
};

const ROLE_TEXTS: Partial<Record<Access, string>> = {
  public: 'Open to everybody.',
  agent: "Needs a host's credential.",
};

export const openapi = fp(
  async (app) => {
    const declared = new Map<string, Declared>();
    await app.register(swagger, {
      openapi: {
        openapi: '3.1.0',
        info: {
          title: 'Holdfast',
          version: '1',
          description:
            'Virtual machines on arm64 KVM hosts. Errors are RFC 9457 problems with a stable `code`; lists are paged ' +
            'by `limit` and `pageToken`; single resources have an ETag; every POST takes an `Idempotency-Key`.',
          license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
        },
        servers: [{ url: '/', description: 'Where this document was read.' }],
        tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
        components: {
          securitySchemes: {
            token: { type: 'http', scheme: 'bearer', description: 'An API token.' },
            agent: { type: 'http', scheme: 'bearer', description: "An enrolled host's credential." },
          },
        },
      },
      refResolver: { buildLocalReference: (schema) => String(schema.$id) },
      transformObject: (made) =>
        'openapiObject' in made
          ? (completeDocument(made.openapiObject as OpenApiDocument, declared) as typeof made.openapiObject)
          : made.swaggerObject,
    });
    app.addHook('onRoute', (route) => {
      const { schema } = route;
      if (schema === undefined || schema.hide === true) return;
      const role = route.config?.role ?? 'admin';
      const codes = [...new Set([...generalRefusals(route, role), ...(route.config?.refusals ?? [])])];
      const bytes = schema.body === undefined ? schema.consumes?.[0] : undefined;
      if (schema.operationId !== undefined)
        declared.set(schema.operationId, { role, codes, ...(bytes === undefined ? {} : { bytes }) });
      route.schema = describe(schema, role, codes);
    });
    app.get('/openapi.json', { config: { role: 'public' }, schema: { hide: true } }, async () =>
      app.swagger(),
    );
    await app.register(docs);
  },
  { name: 'openapi' },
);

async function docs(app: FastifyInstance): Promise<void> {
  app.addHook('onRoute', (route) => {
    route.config = { ...route.config, role: 'public' };
  });
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    staticCSP: true,
    // The page must load over plain HTTP too, and needs no badge from elsewhere.
    transformStaticCSP: (policy) => policy.replace(' upgrade-insecure-requests;', ''),
    uiConfig: { deepLinking: true, persistAuthorization: false, validatorUrl: null },
  });
}

/** Adds to a route's schema what follows from its declaration, but for its problems (document/complete.ts). */
function describe(schema: FastifySchema, role: Access, codes: readonly RefusalCode[]): FastifySchema {
  return {
    ...schema,
    security: role === 'public' ? [] : [{ [role === 'agent' ? 'agent' : 'token']: [] }],
    description: [schema.description, ROLE_TEXTS[role] ?? needs(role, codes)].filter(Boolean).join('\n\n'),
  };
}

function needs(role: Access, codes: readonly RefusalCode[]): string {
  const whole = codes.includes('OUTSIDE_SCOPE') ? ' and a token without a scope' : '';
  return `Needs the role ${role}${whole}.`;
}

/** What any route like this one may refuse with, without saying so itself. */
function generalRefusals(route: RouteOptions, role: Access): RefusalCode[] {
  const { body, querystring, params } = route.schema ?? {};
  const method = String(route.method);
  const codes: RefusalCode[] = ['INVALID_REQUEST'];
  if (body !== undefined || querystring !== undefined || params !== undefined)
    codes.push('VALIDATION_FAILED');
  if (!SAFE_METHODS.includes(method)) {
    codes.push('INVALID_JSON', 'BODY_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE', 'REQUEST_TIMEOUT');
    if (role !== 'public') codes.push('CONFLICT');
  }
  if (role !== 'public') codes.push('UNAUTHENTICATED');
  if (role === 'agent') codes.push('CLIENT_CERTIFICATE_REQUIRED');
  // Also on a viewer's route: a token of an issuer may have no role.
  if (role !== 'public' && role !== 'agent') codes.push('FORBIDDEN');
  if (role !== 'public' && role !== 'agent' && scopeUseOf(route) === null) codes.push('OUTSIDE_SCOPE');
  if (method === 'POST' && role !== 'agent' && role !== 'public') {
    codes.push(
      'INVALID_HEADER',
      'IDEMPOTENCY_KEY_IN_USE',
      'IDEMPOTENCY_ANSWER_LOST',
      'IDEMPOTENCY_KEY_REUSED',
    );
  }
  if (role !== 'agent' && route.url !== '/healthz') codes.push('RATE_LIMITED', 'OVERLOADED');
  if (role !== 'agent' && role !== 'public') codes.push('ISSUER_UNAVAILABLE');
  codes.push('INTERNAL', 'DATABASE_UNAVAILABLE');
  return codes;
}
