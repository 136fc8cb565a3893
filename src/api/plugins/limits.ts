/**
 * What one caller, and all of them together, may ask of this process.
 *
 * Each token has a budget per minute, and so has each address that calls what is open to anybody; a caller beyond it
 * gets 429 and the time until the next minute. The count is this replica's own. When the process falls behind with what
 * it has, new requests get 503 until it has caught up. Hosts' agents are exempt from both, since a lost heartbeat would
 * lose the host, and so is /healthz, since a restart would lose the rest.
 */
import rateLimit from '@fastify/rate-limit';
import underPressure from '@fastify/under-pressure';
import type { FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { Refusal } from '../../control/refusals.ts';
import { principalOf } from './auth.ts';

export interface LimitOptions {
  /** For one token; 0: no limit. */
  requestsPerMinute?: number;
  /** How far the event loop may be behind; 0: as far as it likes. */
  mostDelayMs?: number;
}

const MINUTE_MS = 60_000;
/** How many callers are counted; the one unseen for longest is forgotten first. */
const MOST_CALLERS = 20_000;
const OVERLOADED_RETRY_SECONDS = 2;

/** Before `auth`: what is refused here costs nothing. */
export const pressure = fp<LimitOptions>(
  async (app, { mostDelayMs = 0 }) => {
    if (mostDelayMs === 0) return;
    await app.register(underPressure, {
      maxEventLoopDelay: mostDelayMs,
      pressureHandler: async (request) => {
        if (isExempt(request)) return;
        throw new Refusal('OVERLOADED', 'The service has more to do than it can; try again in a moment.', {
          retryAfter: OVERLOADED_RETRY_SECONDS,
        });
      },
    });
  },
  { name: 'pressure' },
);

/** Before the routes, which it gives a hook that runs once it is known who asks. */
export const limits = fp<LimitOptions>(
  async (app, { requestsPerMinute = 0 }) => {
    if (requestsPerMinute === 0) return;
    await app.register(rateLimit, {
      max: requestsPerMinute,
      timeWindow: MINUTE_MS,
      cache: MOST_CALLERS,
      enableDraftSpec: true,
      keyGenerator: (request) => principalOf(request)?.id ?? `address ${request.ip}`,
      allowList: isExempt,
      errorResponseBuilder: (_request, { max, ttl }) =>
        new Refusal('RATE_LIMITED', `More than ${max} requests in a minute; wait for the next one.`, {
          retryAfter: Math.ceil(ttl / 1_000),
        }),
    });
  },
  { name: 'limits', dependencies: ['auth'] },
);

function isExempt({ routeOptions }: FastifyRequest): boolean {
  return routeOptions.config.role === 'agent' || routeOptions.url === '/healthz';
}
