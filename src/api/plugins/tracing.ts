/**
 * A request's place in a trace: the span of its answer where spans are sent, else what its caller said. What the handler
 * does is in it, operations that it makes among that (control/operations/operation-trace.ts). Agents' polls and public routes begin
 * no trace of their own.
 */
import type { FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { parseTraceparent, type TraceContext, withTrace } from '../../trace/context.ts';
import { type Span, startSpan } from '../../trace/spans.ts';
import { refusalOf } from './problems.ts';

const spans = new WeakMap<FastifyRequest, Span>();
const contexts = new WeakMap<FastifyRequest, TraceContext>();

export const tracing = fp(
  async (app) => {
    app.addHook('onRequest', (request, reply, done) => {
      const parent = parseTraceparent(request.headers.traceparent);
      const span = parent === null && !beginsTraces(request) ? null : startRequestSpan(request, parent);
      const context = span?.context ?? parent;
      if (context !== null) contexts.set(request, context);
      if (span !== null) {
        spans.set(request, span);
        // Comes once, however the answer ends.
        reply.raw.once('close', () => endSpan(request, span, reply.statusCode));
      }
      done();
    });
    // Not before: what reads the body does not stay in it.
    app.addHook('preHandler', (request, _reply, done) => {
      const context = contexts.get(request);
      if (context === undefined) done();
      else withTrace(context, done);
    });
  },
  { name: 'tracing', dependencies: ['problems'] },
);

/** The trace that a request is in, for its line in the log. */
export function traceOf(request: FastifyRequest): TraceContext | null {
  return contexts.get(request) ?? null;
}

function beginsTraces({ is404, routeOptions }: FastifyRequest): boolean {
  const { role } = routeOptions.config;
  return !is404 && role !== 'agent' && role !== 'public' && routeOptions.url !== '/metrics';
}

/** Named as the semantic conventions of OpenTelemetry for HTTP servers have it. */
function startRequestSpan(request: FastifyRequest, parent: TraceContext | null): Span | null {
  const { method, is404, routeOptions } = request;
  const route = is404 ? undefined : routeOptions.url;
  return startSpan(route === undefined ? method : `${method} ${route}`, {
    parent,
    kind: 'server',
    attributes: {
      'http.request.method': method,
      ...(route === undefined ? {} : { 'http.route': route }),
      'url.path': request.url.split('?')[0] ?? '',
      'holdfast.request_id': request.id,
    },
  });
}

function endSpan(request: FastifyRequest, span: Span, status: number): void {
  const refusal = refusalOf(request);
  span.set({
    'http.response.status_code': status,
    ...(refusal === null ? {} : { 'error.type': refusal.code }),
  });
  // A refusal is the caller's affair, not this server's error.
  span.end(status >= 500 ? { error: refusal?.code ?? `HTTP ${status}` } : {});
}
