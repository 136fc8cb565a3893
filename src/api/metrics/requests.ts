/** Rate, errors and duration of HTTP requests, by the route's template: never by what a caller wrote into a path. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { refusalOf } from '../plugins/problems.ts';

/** In seconds: what is asked of Postgres once is there within 5 ms, a start within 50. */
const DURATIONS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const NO_ROUTE = 'none';

export function meterRequests(app: FastifyInstance, registry: Registry): void {
  const registers = [registry];
  const route = ['method', 'route'] as const;
  const total = new Counter({
    name: 'holdfast_http_requests_total',
    help: 'Requests that were answered. Route "none": no route fitted.',
    labelNames: [...route, 'status'] as const,
    registers,
  });
  const refusals = new Counter({
    name: 'holdfast_http_refusals_total',
    help: 'Problems answered, by their code.',
    labelNames: ['code'] as const,
    registers,
  });
  const inProgress = new Gauge({
    name: 'holdfast_http_requests_in_progress',
    help: 'Requests that are being answered; open streams and long polls among them.',
    labelNames: route,
    registers,
  });
  const duration = new Histogram({
    name: 'holdfast_http_request_duration_seconds',
    help: 'Time to answer, without long polls and streams, whose time is what the caller asked for.',
    labelNames: route,
    buckets: DURATIONS,
    registers,
  });

  app.addHook('onRequest', (request, reply, done) => {
    const labels = labelsOf(request);
    inProgress.inc(labels);
    // Comes once, however the answer ends.
    reply.raw.once('close', () => inProgress.dec(labels));
    done();
  });
  app.addHook('onResponse', (request, reply, done) => {
    const labels = labelsOf(request);
    total.inc({ ...labels, status: reply.statusCode });
    const refusal = refusalOf(request);
    if (refusal !== null) refusals.inc({ code: refusal.code });
    if (!isHeldOpen(request, reply)) duration.observe(labels, reply.elapsedTime / 1_000);
    done();
  });
}

function labelsOf(request: FastifyRequest): { method: string; route: string } {
  const { method, is404, routeOptions } = request;
  // Whoever makes up methods makes up no series.
  return is404 ? { method: 'any', route: NO_ROUTE } : { method, route: routeOptions.url ?? NO_ROUTE };
}

/** Whether how long it took was the caller's choice. */
function isHeldOpen({ query, ws }: FastifyRequest & { ws?: boolean }, reply: FastifyReply): boolean {
  const { wait, follow } = query as { wait?: number; follow?: boolean };
  const type = reply.getHeader('content-type');
  return (
    ws === true ||
    (wait ?? 0) > 0 ||
    follow === true ||
    (typeof type === 'string' && type.startsWith('text/event-stream'))
  );
}
