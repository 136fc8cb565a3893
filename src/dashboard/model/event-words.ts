/** An event in words. Pure. */
import type { FleetEvent } from '../data/types.ts';

const WHAT: Record<FleetEvent['kind'], string> = {
  started: 'Started',
  poweroff: 'Powered off',
  hibernate: 'Hibernated',
  reset: 'Reset',
  suspend: 'Suspended',
  crash: 'Crashed',
  killed: 'Killed',
  paused: 'Paused',
  resumed: 'Resumed',
  saved: 'Saved',
  restored: 'Restored',
  migrated: 'Migrated',
  lost: 'Lost with its host',
};

export function whatHappened(event: Pick<FleetEvent, 'kind'>): string {
  return WHAT[event.kind];
}

/** `SYSTEM_OFF2 under PSCI 1.3`, or null when PSCI was not involved. */
export function psciWords({ psci }: Pick<FleetEvent, 'psci'>): string | null {
  if (psci === null) return null;
  const call = psci.function === null ? '' : `${psci.function} under `;
  return `${call}PSCI ${psci.version}`;
}

/** Said only where the question arises: when a guest went off. */
export function hibernationWords(event: Pick<FleetEvent, 'kind' | 'hibernation'>): string | null {
  if (event.hibernation === 'unknown') return 'hibernation unknown';
  if (event.hibernation === 'no' && event.kind === 'poweroff') return 'no hibernation';
  return null;
}
