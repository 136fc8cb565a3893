import { eventJson } from '../../control/events/event-json.ts';
import type { EventFilter, StoredEvent } from '../../control/events/events.ts';
import type { Labels } from '../../control/labels.ts';
import type { Event } from '../schemas/event.ts';

export function presentEvent(event: StoredEvent): Event {
  return eventJson(event);
}

/** What pages and streams are filtered by. */
export interface EventQuery {
  kind?: NonNullable<EventFilter['kind']>;
  initiator?: NonNullable<EventFilter['initiator']>;
  vmId?: string;
  hostId?: string;
}

/** `scope` is the caller's (control/identity/scope.ts). */
export function filterOf({ kind, initiator, vmId, hostId }: EventQuery, scope: Labels): EventFilter {
  return {
    ...{ kind: kind ?? null, initiator: initiator ?? null, vmId: vmId ?? null, hostId: hostId ?? null },
    scope,
  };
}
