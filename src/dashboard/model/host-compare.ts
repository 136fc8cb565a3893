/** What two hosts have in common, version by version, by the digests of what they answer. Pure. */
import type { Host, PsciVersion } from '../data/types.ts';

export interface HostComparison {
  readonly onlyA: readonly PsciVersion[];
  readonly onlyB: readonly PsciVersion[];
  /** Accepted by both and answered the same. */
  readonly alike: readonly PsciVersion[];
  readonly unlike: readonly PsciVersion[];
  /** Accepted by both, with one of them not measured. */
  readonly unmeasured: readonly PsciVersion[];
}

type Compared = Pick<Host, 'psci' | 'fingerprint'>;

export function compareHosts(a: Compared, b: Compared): HostComparison {
  const both = a.psci.accepted.filter((version) => b.psci.accepted.includes(version));
  const digests = (host: Compared, version: PsciVersion) => host.fingerprint?.versions[version];
  const measured = both.filter(
    (version) => digests(a, version) !== undefined && digests(b, version) !== undefined,
  );
  return {
    onlyA: a.psci.accepted.filter((version) => !both.includes(version)),
    onlyB: b.psci.accepted.filter((version) => !both.includes(version)),
    alike: measured.filter((version) => digests(a, version) === digests(b, version)),
    unlike: measured.filter((version) => digests(a, version) !== digests(b, version)),
    unmeasured: both.filter((version) => !measured.includes(version)),
  };
}
