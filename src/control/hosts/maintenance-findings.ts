/** What a host's new kernel lacks or answers otherwise, of what its VMs have. Pure. */
import { compareAtVersion, type Fingerprint } from '../../psci/fingerprint.ts';
import { PSCI_VERSIONS, type PsciVersion } from '../../psci/versions.ts';

/** A VM whose guest runs or is to run under a version. */
export interface NeedingVm {
  readonly name: string;
  readonly version: PsciVersion;
}

/** Named of the VMs that a finding is about, and said of the answers that differ at one version. */
const MOST = 5;

/** Sentences; none when every version that a VM has is accepted and, where both were measured, answered as before. */
export function findings(
  vms: readonly NeedingVm[],
  accepted: readonly PsciVersion[],
  before: Fingerprint | null,
  after: Fingerprint | null,
): string[] {
  return PSCI_VERSIONS.flatMap((version) => {
    const names = vms.filter((vm) => vm.version === version).map(({ name }) => name);
    if (names.length === 0) return [];
    const who = `${names.length === 1 ? '1 VM has' : `${names.length} VMs have`} it: ${some(names)}.`;
    if (!accepted.includes(version)) return [`PSCI ${version} is not accepted any more. ${who}`];
    const [was, is] = [before?.versions[version], after?.versions[version]];
    if (was === undefined || is === undefined) return [];
    const words = compareAtVersion(version, was, is).map((difference) => difference.words);
    return words.length === 0 ? [] : [`PSCI ${version} is answered otherwise. ${who} ${some(words, ' ')}`];
  });
}

function some(items: readonly string[], separator = ', '): string {
  const more = items.length - MOST;
  return items.slice(0, MOST).join(separator) + (more > 0 ? `${separator}and ${more} more` : '');
}
