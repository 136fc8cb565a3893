/**
 * Traces of what outlives its request, and perhaps the process that answered it: operations, rollouts, maintenance. Each
 * has a span of its own, from its making to its end, inside of the request that made it and around what follows. The
 * span's id is chosen at the beginning and kept with it, so that others can be in it before it is over; whoever sees the
 * end sends it.
 *
 * Spans are for looking at; one is lost when its replica dies between the end and the sending.
 */
import {
  currentTrace,
  formatTraceparent,
  newSpanId,
  parseTraceparent,
  withTrace,
} from '../../trace/context.ts';
import { type Attributes, isTracing, startSpan } from '../../trace/spans.ts';

/** The columns of a new row. */
export interface LastingTrace {
  /** Its own span; without one, that of the caller, whom what follows is inside of then; null without a trace. */
  traceparent: string | null;
  /** The span that its own is in, 16 hex digits; null when it has none. */
  traceParentSpan: string | null;
}

/** For what is made by what runs now. */
export function newLastingTrace(): LastingTrace {
  const around = currentTrace();
  if (around === null) return { traceparent: null, traceParentSpan: null };
  if (!isTracing()) return { traceparent: formatTraceparent(around), traceParentSpan: null };
  return {
    traceparent: formatTraceparent({ ...around, spanId: newSpanId() }),
    traceParentSpan: around.spanId,
  };
}

/** What `work` does, and awaits, is inside. */
export function inLastingTrace<T>(traceparent: string | null, work: () => T): T {
  const context = parseTraceparent(traceparent);
  return context === null ? work() : withTrace(context, work);
}

export interface StepSpan {
  readonly name: string;
  readonly attributes: Attributes;
}

/**
 * The same as a step with a span of its own, which `describe` names when it is known what was done; null sends none, as
 * does a throw.
 */
export async function stepInLastingTrace<T>(
  traceparent: string | null,
  work: () => Promise<T>,
  describe: (result: T) => StepSpan | null,
): Promise<T> {
  const around = parseTraceparent(traceparent);
  if (around === null || !isTracing()) return inLastingTrace(traceparent, work);
  const spanId = newSpanId();
  const startedAt = new Date();
  const result = await withTrace({ ...around, spanId }, work);
  const said = describe(result);
  if (said !== null) {
    startSpan(said.name, { parent: around, spanId, startedAt, attributes: said.attributes })?.end();
  }
  return result;
}

export interface EndedSpan extends StepSpan {
  readonly createdAt: Date;
  readonly finishedAt: Date;
  /** Why what the span is about failed. */
  readonly error?: string;
}

/** Sends the span of what has ended, if it has one. */
export function sendLastingSpan(
  { traceparent, traceParentSpan }: LastingTrace,
  { name, attributes, createdAt, finishedAt, error }: EndedSpan,
): void {
  const own = parseTraceparent(traceparent);
  if (own === null || traceParentSpan === null) return;
  const span = startSpan(name, {
    parent: { ...own, spanId: traceParentSpan },
    ...{ spanId: own.spanId, startedAt: createdAt, attributes },
  });
  span?.end({ endedAt: finishedAt, ...(error === undefined ? {} : { error }) });
}
