/** What a host's lease and marks say of it. Pure. */
import type { Host } from '../data/types.ts';

export const HOST_STATES = ['live', 'cordoned', 'silent', 'lost'] as const;
export type HostState = (typeof HOST_STATES)[number];

export function hostState({
  lease,
  cordoned,
  lostAt,
}: Pick<Host, 'lease' | 'cordoned' | 'lostAt'>): HostState {
  if (lostAt !== null) return 'lost';
  if (lease.state === 'expired') return 'silent';
  return cordoned ? 'cordoned' : 'live';
}
