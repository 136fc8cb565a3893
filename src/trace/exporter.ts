/**
 * OpenTelemetry's SDK, with OTLP over HTTP. Endpoint, headers, sampler and batching are read by the SDK itself, from the
 * variables of its specification.
 *
 * Its packages are some hundred modules, which hosts need not have, so nothing of them is imported before it is used:
 * not even by a bundle, where an import of this file is none any more.
 */
import type { Span as OtelSpan } from '@opentelemetry/api';
import type { IdGenerator } from '@opentelemetry/sdk-trace-node';
import { HOLDFAST_VERSION } from '../wire/version.ts';
import { newSpanId, newTraceId } from './context.ts';
import type { Span, Tracer } from './spans.ts';

/** How long the end of the process waits for the last spans to be sent. */
const LONGEST_FLUSH_MS = 5_000;

/** W3C Trace Context, section 3.2.2.5.1; the same in OpenTelemetry's TraceFlags. */
const SAMPLED = 1;

/** Random ids, but for a span whose id is known already; a span asks for exactly one. */
class Ids implements IdGenerator {
  next: string | null = null;

  generateTraceId(): string {
    return newTraceId();
  }

  generateSpanId(): string {
    const known = this.next;
    this.next = null;
    return known ?? newSpanId();
  }
}

export async function createTracer(service: string): Promise<Tracer> {
  const [api, otlp, resources, sdk] = await Promise.all([
    import('@opentelemetry/api'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/resources'),
    import('@opentelemetry/sdk-trace-node'),
  ]);
  const { envDetector, hostDetector } = resources;
  const own = { 'service.name': service, 'service.version': HOLDFAST_VERSION };
  const ids = new Ids();
  const provider = new sdk.NodeTracerProvider({
    idGenerator: ids,
    resource: resources
      .defaultResource()
      .merge(resources.detectResources({ detectors: [envDetector, hostDetector] }))
      .merge(resources.resourceFromAttributes(own)),
    spanProcessors: [new sdk.BatchSpanProcessor(new otlp.OTLPTraceExporter())],
  });
  const tracer = provider.getTracer('holdfast', HOLDFAST_VERSION);
  const { ROOT_CONTEXT, SpanKind, SpanStatusCode } = api;
  const kinds = { server: SpanKind.SERVER, client: SpanKind.CLIENT, internal: SpanKind.INTERNAL };
  return {
    start: (name, { parent, kind = 'internal', spanId, startedAt, attributes = {} }) => {
      ids.next = spanId ?? null;
      const span = tracer.startSpan(
        name,
        {
          kind: kinds[kind],
          attributes: { ...attributes },
          ...(startedAt === undefined ? {} : { startTime: startedAt }),
        },
        parent === null
          ? ROOT_CONTEXT
          : api.trace.setSpanContext(ROOT_CONTEXT, {
              ...{ traceId: parent.traceId, spanId: parent.spanId, isRemote: true },
              traceFlags: parent.sampled ? SAMPLED : 0,
            }),
      );
      // Should a sampler have asked for none.
      ids.next = null;
      return wrap(span, SpanStatusCode.ERROR);
    },
    close: async () => {
      const late = new Promise<void>((done) => setTimeout(done, LONGEST_FLUSH_MS).unref());
      // A collector that is away keeps nobody from ending.
      await Promise.race([provider.shutdown().catch(() => undefined), late]);
    },
  };
}

function wrap(span: OtelSpan, errorCode: number): Span {
  const { traceId, spanId, traceFlags } = span.spanContext();
  return {
    context: { traceId, spanId, sampled: (traceFlags & SAMPLED) !== 0 },
    set: (attributes) => {
      span.setAttributes({ ...attributes });
    },
    end: ({ error, endedAt } = {}) => {
      if (error !== undefined) span.setStatus({ code: errorCode, message: error });
      span.end(endedAt);
    },
  };
}
