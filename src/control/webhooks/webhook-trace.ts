/**
 * Attempts to deliver in traces: inside of the operation that the event came of, where it came of one, and else a trace
 * of its own.
 */
import { parseTraceparent } from '../../trace/context.ts';
import { isTracing, type Span, startSpan } from '../../trace/spans.ts';
import type { Control } from '../control.ts';
import type { Answer } from './webhook-send.ts';

interface Attempted {
  readonly id: string;
  readonly eventId: string | null;
  readonly tries: number;
  readonly url: string;
}

/** Null while nothing is sent. Named as the semantic conventions of OpenTelemetry have it, where they have a name. */
export async function startDeliverySpan(
  { pool }: Pick<Control, 'pool'>,
  webhookId: string,
  { id, eventId, tries, url }: Attempted,
): Promise<Span | null> {
  if (!isTracing()) return null;
  // The rest of the address is the receiver's secret, for all that is known.
  const { hostname } = new URL(url);
  return startSpan('webhook delivery', {
    parent: eventId === null ? null : parseTraceparent(await originOf(pool, eventId)),
    kind: 'client',
    attributes: {
      'http.request.method': 'POST',
      'server.address': hostname,
      'holdfast.webhook_id': webhookId,
      'holdfast.delivery_id': id,
      ...(tries > 1 ? { 'http.request.resend_count': tries - 1 } : {}),
      ...(eventId === null ? {} : { 'holdfast.event_id': eventId }),
    },
  });
}

/** The request that the guest answered with it, or the start that began its run. */
async function originOf(pool: Control['pool'], eventId: string): Promise<string | null> {
  const { rows } = await pool.query<{ traceparent: string | null }>({
    name: 'origin-of-event',
    text: `SELECT coalesce(
             (SELECT o.traceparent FROM intents n JOIN operations o ON o.id = n.operation_id WHERE n.id = e.intent_id),
             (SELECT o.traceparent FROM operations o
              WHERE o.run_id = e.run_id AND o.kind = 'start' AND e.kind IN ('started', 'restored') LIMIT 1)
           ) AS traceparent FROM events e WHERE e.id = $1`,
    values: [eventId],
  });
  return rows[0]?.traceparent ?? null;
}

/** `error`: why the message was not taken; null when it was. */
export function endDeliverySpan(span: Span | null, { status }: Answer, error: string | null): void {
  if (status !== null) span?.set({ 'http.response.status_code': status });
  span?.end(error === null ? {} : { error });
}
