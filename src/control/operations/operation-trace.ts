/**
 * The spans of operations (lasting-trace.ts), around what their hosts do. Whichever replica sees an operation end sends
 * its span.
 *
 *   POST /v1/vms/{vmId}/start ──▶ operation start ──▶ agent create, agent fetch, agent spawn, guest start
 */
import type { Control } from '../control.ts';
import { operationOfTopic } from '../events/topics.ts';
import { sendLastingSpan } from './lasting-trace.ts';

/** So many ended operations are remembered, since an end may be told of more than once. */
const REMEMBERED = 10_000;

interface EndedOperation {
  id: string;
  kind: string;
  vmId: string | null;
  hostId: string | null;
  status: string;
  code: string | null;
  traceparent: string;
  traceParentSpan: string;
  createdAt: Date;
  finishedAt: Date;
}

/** Sends the spans of operations that end here. Answers what to call with the topics of every wake-up. */
export function operationSpans(control: Pick<Control, 'pool' | 'log'>): (topics: readonly string[]) => void {
  const sent = new Set<string>();
  const send = async (ids: readonly string[]): Promise<void> => {
    const { rows } = await control.pool.query<EndedOperation>({
      name: 'ended-operations',
      text: `SELECT id, kind, vm_id AS "vmId", host_id AS "hostId", status, error->>'code' AS code, traceparent,
               trace_parent_span AS "traceParentSpan", created_at AS "createdAt", finished_at AS "finishedAt"
             FROM operations WHERE id = ANY($1::uuid[]) AND finished_at IS NOT NULL AND trace_parent_span IS NOT NULL`,
      values: [ids],
    });
    for (const row of rows.filter(({ id }) => !sent.has(id))) {
      sent.add(row.id);
      sendSpan(row);
    }
    for (const id of sent) {
      if (sent.size <= REMEMBERED) break;
      sent.delete(id);
    }
  };
  return (topics) => {
    const ids = topics.flatMap((topic) => operationOfTopic(topic) ?? []).filter((id) => !sent.has(id));
    if (ids.length === 0) return;
    send(ids).catch((error: unknown) => control.log.warn({ err: error }, 'the span of an operation is lost'));
  };
}

function sendSpan(operation: EndedOperation): void {
  const { id, kind, vmId, hostId, status, code, createdAt, finishedAt } = operation;
  sendLastingSpan(operation, {
    ...{ name: `operation ${kind}`, createdAt, finishedAt },
    attributes: {
      'holdfast.operation_id': id,
      'holdfast.operation_status': status,
      ...(vmId === null ? {} : { 'holdfast.vm_id': vmId }),
      ...(hostId === null ? {} : { 'holdfast.host_id': hostId }),
      ...(code === null ? {} : { 'error.type': code }),
    },
    ...(status === 'failed' ? { error: code ?? status } : {}),
  });
}
