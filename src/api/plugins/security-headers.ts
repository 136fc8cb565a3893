/** Headers that tell browsers what not to do with an answer. Pages set policies of their own (plugins/dashboard.ts). */
import helmet, { type FastifyHelmetOptions } from '@fastify/helmet';
import Fastify from 'fastify';
import fp from 'fastify-plugin';

export interface SecurityHeaderOptions {
  /** Whether clients speak TLS with this process: where a proxy has it, what it promises is the proxy's business. */
  overTls: boolean;
}

const YEAR_SECONDS = 365 * 24 * 3_600;

export const securityHeaders = fp<SecurityHeaderOptions>(
  async (app, { overTls }) => {
    const headers = await headersOf({
      // Answers are data.
      contentSecurityPolicy: {
        useDefaults: false,
        directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
      },
      strictTransportSecurity: overTls ? { maxAge: YEAR_SECONDS, includeSubDomains: false } : false,
    });
    app.addHook('onRequest', (_request, reply, done) => {
      reply.headers(headers);
      done();
    });
  },
  { name: 'security-headers' },
);

/** They are the same for every answer, but Helmet makes them anew for each: here it is asked once. */
async function headersOf(options: FastifyHelmetOptions): Promise<Record<string, string>> {
  const app = Fastify();
  await app.register(helmet, options);
  app.get('/', async (_request, reply) => reply.raw.getHeaders());
  return (await app.inject('/')).json();
}
