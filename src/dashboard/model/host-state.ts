/** What a host's lease and marks say of it. Pure. */
import type { Host } from '../data/types.ts';

export type HostState = 'live' | 'cordoned' | 'silent';

export function hostState({ lease, cordoned }: Pick<Host, 'lease' | 'cordoned'>): HostState {
  if (lease.state === 'expired') return 'silent';
  return cordoned ? 'cordoned' : 'live';
}
