/** Lists of events, newest first. Pure. */
import type { EventInitiator, EventKind, FleetEvent } from '../data/types.ts';

export interface EventFilter {
  kind?: EventKind | undefined;
  initiator?: EventInitiator | undefined;
  vmId?: string | undefined;
  hostId?: string | undefined;
}

export function passes(event: FleetEvent, { kind, initiator, vmId, hostId }: EventFilter): boolean {
  return (
    (kind === undefined || event.kind === kind) &&
    (initiator === undefined || event.initiator === initiator) &&
    (vmId === undefined || event.vmId === vmId) &&
    (hostId === undefined || event.hostId === hostId)
  );
}

/** A place in the log, `<transaction>-<position>`; positive when `a` is later. */
export function compareCursors(a: string, b: string): number {
  const [aTransaction = 0n, aPosition = 0n] = a.split('-').map(BigInt);
  const [bTransaction = 0n, bPosition = 0n] = b.split('-').map(BigInt);
  const difference = aTransaction === bTransaction ? aPosition - bPosition : aTransaction - bTransaction;
  return difference > 0n ? 1 : difference < 0n ? -1 : 0;
}

/** Both lists in one, each event once. */
export function merge(a: readonly FleetEvent[], b: readonly FleetEvent[]): FleetEvent[] {
  const known = new Set(a.map(({ id }) => id));
  return [...a, ...b.filter(({ id }) => !known.has(id))].sort((one, other) =>
    compareCursors(other.cursor, one.cursor),
  );
}
