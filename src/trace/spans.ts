/**
 * Spans of this process, sent by OpenTelemetry where the environment says where to, and nothing at all elsewhere: the
 * SDK is loaded only then.
 */
import type { TraceContext } from './context.ts';

export type Attributes = Readonly<Record<string, string | number | boolean>>;

export interface SpanOptions {
  /** Null begins a trace. */
  readonly parent: TraceContext | null;
  readonly kind?: 'server' | 'client' | 'internal';
  /** For a span whose id was told before it began. */
  readonly spanId?: string;
  /** Now, unless said. */
  readonly startedAt?: Date;
  readonly attributes?: Attributes;
}

export interface Span {
  readonly context: TraceContext;
  set(attributes: Attributes): void;
  /** Once. `error`: why what the span is about failed. */
  end(outcome?: { readonly error?: string; readonly endedAt?: Date }): void;
}

export interface Tracer {
  start(name: string, options: SpanOptions): Span;
  /** Sends what has ended and ends. */
  close(): Promise<void>;
}

let tracer: Tracer | null = null;

/** The specification's own names: for all signals, or for traces alone. */
const ENDPOINTS = ['OTEL_EXPORTER_OTLP_ENDPOINT', 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'];

/**
 * Begins to send spans if the environment has an endpoint. `service` is the name that shows, unless the environment has
 * another. Answers how to end.
 */
export async function openTracing(service: string, env: NodeJS.ProcessEnv): Promise<() => Promise<void>> {
  const wanted = ENDPOINTS.some((name) => (env[name] ?? '') !== '') && env.OTEL_SDK_DISABLED !== 'true';
  if (!wanted) return async () => undefined;
  const { createTracer } = await import('./exporter.ts');
  const opened = await createTracer(env.OTEL_SERVICE_NAME || service);
  tracer = opened;
  return async () => {
    tracer = null;
    await opened.close();
  };
}

export function isTracing(): boolean {
  return tracer !== null;
}

/** Null while nothing is sent. */
export function startSpan(name: string, options: SpanOptions): Span | null {
  return tracer?.start(name, options) ?? null;
}
