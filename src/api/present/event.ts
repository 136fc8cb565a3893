import { formatCursor } from '../../control/event-cursor.ts';
import type { StoredEvent } from '../../control/events.ts';
import type { Event } from '../schemas/event.ts';

export function presentEvent(event: StoredEvent): Event {
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
      event.snapshot === null
        ? null
        : {
            digest: event.snapshot.digest,
            sizeBytes: event.snapshot.sizeBytes,
            pauseMilliseconds: event.snapshot.pauseMilliseconds,
          },
    pin: event.pin,
    observedAt: event.observedAt.toISOString(),
    recordedAt: event.recordedAt.toISOString(),
  };
}
