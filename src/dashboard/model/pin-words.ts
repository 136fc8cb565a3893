/** A pin, in words. Pure. */
import type { PsciVersionInfo, Vm } from '../data/types.ts';
import { count } from './format.ts';

type Psci = Vm['psci'];

/** Where the version comes from, in a word or two for a list. */
export function sourceWords({ policy, source }: Pick<Psci, 'policy' | 'source'>): string {
  if (policy === 'pinned') return 'pinned';
  if (policy === 'sticky') return 'sticky';
  if (policy === 'latest') return 'latest: moves';
  return source?.startsWith('policy:') ? 'by policy' : 'fleet default';
}

/** What the VM's policy means for its guest, in a sentence. */
export function policySentence(policy: Psci['policy']): string {
  switch (policy) {
    case 'pinned':
      return 'This VM has its own pin: the version stays until somebody changes it.';
    case 'sticky':
      return 'It keeps what its first host gave it, whatever hosts come later.';
    case 'inherit':
      return 'It follows the fleet: the version is taken over at a cold boot.';
    case 'latest':
      return 'It takes the newest version of its host, anew at each cold boot: a host’s kernel upgrade changes its firmware.';
  }
}

/** What a candidate of the chain is, where it is no fleet policy. */
export function candidateWords(source: string): string {
  switch (source) {
    case 'kept':
      return 'Kept from its last boot';
    case 'vm':
      return 'Its own pin';
    case 'sticky':
      return 'Its first host’s';
    case 'latest':
      return 'Its host’s newest';
    case 'default':
      return 'The fleet’s default';
    default:
      return source;
  }
}

/** Who accepts a version and what it is good for. */
export function versionWords({ hosts, hibernateDetection, fleetDefault }: PsciVersionInfo): string {
  return [
    `${count(hosts, 'host')} ${hosts === 1 ? 'accepts' : 'accept'} it.`,
    ...(fleetDefault ? ['It is the fleet’s default.'] : []),
    hibernateDetection
      ? 'The guest can say that it hibernates (SYSTEM_OFF2).'
      : 'The guest cannot say that it hibernates: that came with 1.3.',
  ].join(' ');
}
