/** The HTTP application: plugins, schemas and routes on a `Control`. It listens nowhere and owns no database. */
import helmet from '@fastify/helmet';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import Fastify, { type FastifyBaseLogger } from 'fastify';
import { v7 as uuidv7 } from 'uuid';
import type { Control } from '../control/control.ts';
import { auth } from './plugins/auth.ts';
import { dashboard } from './plugins/dashboard.ts';
import { problems } from './plugins/problems.ts';
import { validation } from './plugins/validation.ts';
import { routes } from './routes/index.ts';
import { namedSchemas } from './schemas/index.ts';
import './types.ts';

/** Bodies that are parsed as a whole; blobs are streamed and have their own limit. */
const LARGEST_BODY_BYTES = 4 * 1024 * 1024;

export async function buildApp(control: Control, logger: FastifyBaseLogger) {
  const app = Fastify({
    loggerInstance: logger,
    bodyLimit: LARGEST_BODY_BYTES,
    // A caller's own id is not taken over: it would let anybody write into the log.
    genReqId: () => uuidv7(),
    requestIdHeader: false,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 200 },
  }).withTypeProvider<TypeBoxTypeProvider>();
  app.decorate('control', control);
  app.addHook('onSend', async (request, reply) => {
    reply.header('x-request-id', request.id);
  });
  await app.register(problems);
  await app.register(helmet);
  await app.register(validation);
  await app.register(auth);
  for (const schema of namedSchemas) app.addSchema(schema);
  for (const route of routes) await app.register(route);
  await app.register(dashboard);
  return app;
}

export type App = Awaited<ReturnType<typeof buildApp>>;
