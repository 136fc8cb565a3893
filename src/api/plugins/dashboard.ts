/**
 * The operators' page at `/`: the files that `script/build-dashboard` made of src/dashboard.
 *
 * The page is public, as it holds nothing; everything it shows it asks the API for, with the operator's token. Its
 * policy lets it run its own scripts and style sheets and talk to its own host, and nothing else: no inline script, no
 * HTML made from strings, no other host but the issuer that one may sign in through, no frame around it.
 */
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyPluginAsync, FastifyReply } from 'fastify';
import { Refusal } from '../../control/refusals.ts';

/** The page's own addresses; it shows by itself what belongs to each. Any other path stays the API's. */
const PAGE_ROUTES = [
  '/',
  '/audit',
  '/drift',
  '/events',
  '/events/:eventId',
  '/hosts',
  '/hosts/compare',
  '/hosts/:hostId',
  '/policies',
  '/policies/new',
  '/policies/:policyId',
  '/preflights',
  '/preflights/:preflightId',
  '/rollouts',
  '/rollouts/new',
  '/rollouts/:rolloutId',
  '/sign-in',
  '/vms',
  '/vms/new',
  '/vms/:vmId',
];

const policy = (connectTo: readonly string[]): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    // The console's terminal paints 24-bit colours with style attributes. They can select nothing and load nothing.
    "style-src-attr 'unsafe-inline'",
    "font-src 'self'",
    "img-src 'self'",
    `connect-src ${["'self'", ...connectTo].join(' ')}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');

const BUILT = join(import.meta.dirname, '../../dashboard/dist');
const YEAR = '365d';

export interface DashboardOptions {
  directory?: string;
  /** The origins of whom the page may ask for tokens besides. */
  issuerOrigins?: () => Promise<readonly string[]>;
}

export const dashboard: FastifyPluginAsync<DashboardOptions> = async (app, options) => {
  const { directory = BUILT, issuerOrigins = async () => [] } = options;
  await app.register(fastifyStatic, {
    root: directory,
    serve: false,
    preCompressed: true,
    suppressWarning: true,
    index: false,
  });

  const sendPage = async (reply: FastifyReply) => {
    await access(join(directory, 'index.html')).catch((cause) => {
      throw new Refusal(
        'DASHBOARD_NOT_BUILT',
        'Run script/build-dashboard; the API itself works without it.',
        {
          cause,
        },
      );
    });
    const contentPolicy = policy(await issuerOrigins());
    reply.header('content-security-policy', contentPolicy).header('cache-control', 'no-cache');
    return reply.sendFile('index.html', { cacheControl: false });
  };
  for (const url of PAGE_ROUTES) {
    app.get(url, { config: { role: 'public' }, schema: { hide: true } }, (_request, reply) =>
      sendPage(reply),
    );
  }

  // Their names carry a hash of their content, so a copy is good for ever.
  app.get<{ Params: { '*': string } }>(
    '/assets/*',
    { config: { role: 'public' }, schema: { hide: true } },
    async ({ params }, reply) => reply.sendFile(`assets/${params['*']}`, { immutable: true, maxAge: YEAR }),
  );
};
