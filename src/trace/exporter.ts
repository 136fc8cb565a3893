/**
 * OpenTelemetry's SDK, with OTLP over HTTP. Endpoint, headers, sampler and batching are read by the SDK itself, from the
 * variables of its specification. Load it only where spans are sent: it is some hundred modules.
 */
import {
  type AttributeValue,
  type Span as OtelSpan,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  trace,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import {
  defaultResource,
  detectResources,
  envDetector,
  hostDetector,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  type IdGenerator,
  NodeTracerProvider,
  RandomIdGenerator,
} from '@opentelemetry/sdk-trace-node';
import { HOLDFAST_VERSION } from '../wire/version.ts';
import type { TraceContext } from './context.ts';
import type { Span, SpanOptions, Tracer } from './spans.ts';

/** How long the end of the process waits for the last spans to be sent. */
const LONGEST_FLUSH_MS = 5_000;

/** Random ids, but for a span whose id is known already; `startSpan` asks for exactly one. */
class Ids implements IdGenerator {
  readonly #random = new RandomIdGenerator();
  next: string | null = null;

  generateTraceId(): string {
    return this.#random.generateTraceId();
  }

  generateSpanId(): string {
    const known = this.next;
    this.next = null;
    return known ?? this.#random.generateSpanId();
  }
}

export function createTracer(service: string): Tracer {
  const ids = new Ids();
  const own = resourceFromAttributes({ 'service.name': service, 'service.version': HOLDFAST_VERSION });
  const found = detectResources({ detectors: [envDetector, hostDetector] });
  const provider = new NodeTracerProvider({
    idGenerator: ids,
    resource: defaultResource().merge(found).merge(own),
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
  });
  const tracer = provider.getTracer('holdfast', HOLDFAST_VERSION);
  return {
    start: (name, { parent, kind = 'internal', spanId, startedAt, attributes = {} }: SpanOptions) => {
      ids.next = spanId ?? null;
      const span = tracer.startSpan(
        name,
        {
          kind: kind === 'server' ? SpanKind.SERVER : SpanKind.INTERNAL,
          attributes: attributes as Record<string, AttributeValue>,
          ...(startedAt === undefined ? {} : { startTime: startedAt }),
        },
        parent === null ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, remote(parent)),
      );
      // Unsampled spans ask for an id too; this is for a sampler that asks for none.
      ids.next = null;
      return wrap(span);
    },
    close: async () => {
      const late = new Promise<void>((done) => setTimeout(done, LONGEST_FLUSH_MS).unref());
      // A collector that is away keeps nobody from ending.
      await Promise.race([provider.shutdown().catch(() => undefined), late]);
    },
  };
}

function remote({ traceId, spanId, sampled }: TraceContext) {
  return { traceId, spanId, traceFlags: sampled ? TraceFlags.SAMPLED : TraceFlags.NONE, isRemote: true };
}

function wrap(span: OtelSpan): Span {
  const { traceId, spanId, traceFlags } = span.spanContext();
  return {
    context: { traceId, spanId, sampled: (traceFlags & TraceFlags.SAMPLED) !== 0 },
    set: (attributes) => {
      span.setAttributes({ ...attributes });
    },
    end: ({ error, endedAt } = {}) => {
      if (error !== undefined) span.setStatus({ code: SpanStatusCode.ERROR, message: error });
      span.end(endedAt);
    },
  };
}
