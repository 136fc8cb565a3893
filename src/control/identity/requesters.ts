/**
 * `requestedBy` of what Holdfast asks for by itself. That of a client is its token's name and id (`actorOf`), and no
 * token's name has a colon.
 */

/** A start that nobody asked for but the VM's `powerState`. */
export const RESTARTED_BY = 'holdfast:power-state';

const ROLLOUT = 'rollout:';
const DRAIN = 'drain:';
const MIGRATION = 'migration:';

export function rolloutRequester(rolloutId: string): string {
  return `${ROLLOUT}${rolloutId}`;
}

/** An operator's drain, so what follows from it is the operator's doing. */
export function drainRequester(operationId: string): string {
  return `${DRAIN}${operationId}`;
}

/** What a migration asks for step by step; an operator's doing as well. */
export function migrationRequester(operationId: string): string {
  return `${MIGRATION}${operationId}`;
}

/** Whether an event that such a request led to has the initiator `policy`. */
export function isPolicy(requestedBy: string): boolean {
  return requestedBy === RESTARTED_BY || requestedBy.startsWith(ROLLOUT);
}

/** What waits for the end of an operation that was asked for so: the task and the id of what is to be looked at. */
export function waiterOf(
  requestedBy: string,
): { task: 'rollout' | 'drain' | 'migration'; id: string } | null {
  if (requestedBy.startsWith(ROLLOUT)) return { task: 'rollout', id: requestedBy.slice(ROLLOUT.length) };
  if (requestedBy.startsWith(DRAIN)) return { task: 'drain', id: requestedBy.slice(DRAIN.length) };
  if (requestedBy.startsWith(MIGRATION))
    return { task: 'migration', id: requestedBy.slice(MIGRATION.length) };
  return null;
}
