/** An event as it is told to everybody outside: in pages, streams and webhooks. */
import { formatCursor } from './event-cursor.ts';
import type { StoredEvent } from './events.ts';

export function eventJson(event: StoredEvent) {
  const { snapshot } = event;
  return {
    id: event.id,
    cursor: formatCursor(event.cursor),
    vmId: event.vmId,
    hostId: event.hostId,
    runId: event.runId,
    bootId: event.bootId,
    sequence: event.sequence,
    kind: event.kind,
    initiator: event.initiator,
    intentId: event.intentId,
    psci: event.psci,
    hibernation: event.hibernation,
    kvm: event.kvm,
    reason: event.reason,
    snapshot:
      snapshot === null
        ? null
        : {
            digest: snapshot.digest,
            sizeBytes: snapshot.sizeBytes,
            pauseMilliseconds: snapshot.pauseMilliseconds,
          },
    pin: event.pin,
    migration: event.migration,
    observedAt: event.observedAt.toISOString(),
    recordedAt: event.recordedAt.toISOString(),
  };
}
