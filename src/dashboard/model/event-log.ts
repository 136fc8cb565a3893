/** Lists of events, newest first. Pure. */
import type { EventInitiator, EventKind, FleetEvent } from '../data/types.ts';

export interface EventFilter {
  kind?: EventKind | undefined;
  initiator?: EventInitiator | undefined;
  vmId?: string | undefined;
  hostId?: string | undefined;
  /** Observed then or later; RFC 3339. */
  since?: string | undefined;
  /** Observed before then; RFC 3339. */
  until?: string | undefined;
}

export function passes(event: FleetEvent, filter: EventFilter): boolean {
  const { kind, initiator, vmId, hostId, since, until } = filter;
  const at = Date.parse(event.observedAt);
  return (
    (kind === undefined || event.kind === kind) &&
    (initiator === undefined || event.initiator === initiator) &&
    (vmId === undefined || event.vmId === vmId) &&
    (hostId === undefined || event.hostId === hostId) &&
    (since === undefined || at >= Date.parse(since)) &&
    (until === undefined || at < Date.parse(until))
  );
}

/** A place in the log, `<transaction>-<position>`; positive when `a` is later. */
export function compareCursors(a: string, b: string): number {
  const [aTransaction = '', aPosition = ''] = a.split('-');
  const [bTransaction = '', bPosition = ''] = b.split('-');
  return compareNumbers(aTransaction, bTransaction) || compareNumbers(aPosition, bPosition);
}

/** Of decimal digits without leading zeros; beyond what a number holds, and called thousands of times in a burst. */
function compareNumbers(a: string, b: string): number {
  if (a.length !== b.length) return a.length - b.length;
  return a === b ? 0 : a > b ? 1 : -1;
}

/** Both lists in one, each event once. */
export function merge(a: readonly FleetEvent[], b: readonly FleetEvent[]): FleetEvent[] {
  const known = new Set(a.map(({ id }) => id));
  return [...a, ...b.filter(({ id }) => !known.has(id))].sort((one, other) =>
    compareCursors(other.cursor, one.cursor),
  );
}
