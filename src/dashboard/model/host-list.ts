/** Which hosts a list shows, and what they come to together. Pure. */
import type { Host } from '../data/types.ts';
import { hostState } from './host-state.ts';

export interface HostFilter {
  text: string;
  /** A HostState, `changed` or `odd`; empty for all. */
  state: string;
  /** That it accepts; empty for any. */
  version: string;
}

export const HOST_FILTERS: readonly { value: string; label: string }[] = [
  { value: '', label: 'Every state' },
  { value: 'live', label: 'live' },
  { value: 'cordoned', label: 'cordoned' },
  { value: 'silent', label: 'silent' },
  { value: 'lost', label: 'lost' },
  { value: 'changed', label: 'answers changed' },
  { value: 'odd', label: 'odd answers' },
];

/** In the order of their names. */
export function narrowHosts(hosts: readonly Host[], { text, state, version }: HostFilter): Host[] {
  const words = text.trim().toLowerCase();
  return hosts
    .filter((host) => {
      if (state !== '' && !isIn(host, state)) return false;
      if (version !== '' && !host.psci.accepted.some((accepted) => accepted === version)) return false;
      const labels = Object.entries(host.labels).map(([key, value]) => `${key}:${value}`);
      return [host.name, host.id, host.kernel, ...labels].some((part) => part.toLowerCase().includes(words));
    })
    .sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
}

function isIn(host: Host, state: string): boolean {
  if (state === 'changed') return host.fingerprint?.changed === true;
  if (state === 'odd') return (host.fingerprint?.differences ?? 0) > 0;
  return hostState(host) === state;
}

export function sumHosts(hosts: readonly Host[]) {
  const sum = { silent: 0, cordoned: 0, changed: 0, vcpus: 0, vcpusUsed: 0 };
  for (const host of hosts) {
    if (host.lease.state === 'expired') sum.silent += 1;
    if (host.cordoned) sum.cordoned += 1;
    if (host.fingerprint?.changed === true) sum.changed += 1;
    sum.vcpus += host.capacity.vcpus;
    sum.vcpusUsed += host.allocated.vcpus;
  }
  return sum;
}
