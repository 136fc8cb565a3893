/** Fleet policies, and what a dry run says of them, in words. Pure. */
import type { Policy, PolicyDryRun } from '../data/types.ts';
import { count } from './format.ts';

/** What the policy gives a VM, as the rest of a sentence that begins with the VM. */
export function givesWords(version: Policy['version']): string {
  if (version === 'sticky') return 'keeps what its last boot had';
  if (version === 'latest') return 'takes the newest of its host at each cold boot';
  return `has PSCI ${version}`;
}

/** The result of a dry run, in one sentence. */
export function dryRunWords({ vms }: Pick<PolicyDryRun, 'vms'>, enforcement: Policy['enforcement']): string {
  const selected = `${count(vms.selected, 'VM')} ${vms.selected === 1 ? 'is' : 'are'} selected`;
  if (enforcement === 'audit') return `${selected}. An audited policy changes none of them.`;
  if (vms.changing === 0) return `${selected}; no next cold boot would have another version.`;
  return `${selected}; ${count(vms.changing, 'VM')} would have another version at the next cold boot.`;
}

/** Where a pin comes from: `policy:<id>` by the policy's name where that is known. */
export function pinSourceWords(source: string | null, names: ReadonlyMap<string, string>): string {
  switch (source) {
    case null:
      return 'nothing yet';
    case 'vm':
      return 'its own pin';
    case 'sticky':
      return 'kept since its first boot';
    case 'latest':
      return 'newest of its host';
    case 'default':
      return 'fleet default';
    default: {
      const id = source.startsWith('policy:') ? source.slice('policy:'.length) : null;
      return id === null ? source : `policy ${names.get(id) ?? 'of another revision'}`;
    }
  }
}

/** The order in which policies are asked: audited ones last, as they decide nothing. */
export function byPrecedence(a: Policy, b: Policy): number {
  if (a.enforcement !== b.enforcement) return a.enforcement === 'enforce' ? -1 : 1;
  return b.priority - a.priority || a.name.localeCompare(b.name, 'en', { numeric: true });
}
