import {
  type FingerprintRecord,
  type HostFingerprint as HostFingerprintRecord,
  type HostFingerprints,
  hasChanged,
  type ListedFingerprint,
} from '../../control/hosts/fingerprints.ts';
import {
  allDifferencesFromTable,
  compareFingerprints,
  type Difference,
  type FingerprintDigests,
} from '../../psci/fingerprint.ts';
import { PSCI_VERSIONS } from '../../psci/versions.ts';
import type {
  Fingerprint,
  FingerprintDifference,
  FingerprintSummary,
  HostFingerprint,
  HostFingerprintSummary,
} from '../schemas/fingerprint.ts';

export function presentDifference({ words, ...difference }: Difference): FingerprintDifference {
  return { ...difference, description: words };
}

export function presentListedFingerprint(listed: ListedFingerprint): FingerprintSummary {
  return { ...sharedOf(listed), versions: digestsByVersion(listed.digests), ...countsOf(listed) };
}

export function presentFingerprint(listed: ListedFingerprint): Fingerprint {
  const differences = allDifferencesFromTable(listed.body).map(presentDifference);
  return { ...sharedOf(listed), versions: versionsOf(listed), differences };
}

/** As part of a host; null while its kernel has not been measured. */
export function presentHostSummary(found: HostFingerprints): HostFingerprintSummary | null {
  const { current } = found;
  if (current === null) return null;
  return {
    digest: current.fingerprint.digest,
    takenAt: current.takenAt.toISOString(),
    versions: digestsByVersion(current.fingerprint.digests),
    ...countsOf(current.fingerprint),
    changed: hasChanged(found) ?? false,
  };
}

export function presentHostFingerprint(
  current: HostFingerprintRecord,
  previous: HostFingerprintRecord | null,
): HostFingerprint {
  const { fingerprint } = current;
  const changes = previous === null ? [] : compareFingerprints(previous.fingerprint.body, fingerprint.body);
  return {
    hostId: current.hostId,
    ...measuredOf(current),
    versions: versionsOf(fingerprint),
    differences: allDifferencesFromTable(fingerprint.body).map(presentDifference),
    previous: previous === null ? null : measuredOf(previous),
    changes: changes.map(presentDifference),
  };
}

function measuredOf({ bootId, kernel, takenAt, fingerprint }: HostFingerprintRecord) {
  const { digest, body } = fingerprint;
  return { bootId, kernel, takenAt: takenAt.toISOString(), digest, suite: body.suite };
}

function sharedOf({ digest, body, kernels, hosts, createdAt }: ListedFingerprint) {
  return { digest, suite: body.suite, kernels: [...kernels], hosts, createdAt: createdAt.toISOString() };
}

interface Counts {
  differences: number;
  worse: boolean;
}

/** Many hosts of a list have one fingerprint, which is then one object. */
const counted = new WeakMap<FingerprintRecord, Counts>();

function countsOf(record: FingerprintRecord): Counts {
  const known = counted.get(record);
  if (known !== undefined) return known;
  const differences = allDifferencesFromTable(record.body);
  const counts = { differences: differences.length, worse: differences.some(({ worse }) => worse) };
  counted.set(record, counts);
  return counts;
}

function digestsByVersion({ versions }: FingerprintDigests): Record<string, string> {
  return Object.fromEntries(
    PSCI_VERSIONS.flatMap((version) => {
      const digest = versions[version];
      return digest === undefined ? [] : [[version, digest]];
    }),
  );
}

function versionsOf({ body, digests }: FingerprintRecord): Fingerprint['versions'] {
  return PSCI_VERSIONS.flatMap((version) => {
    const [measured, digest] = [body.versions[version], digests.versions[version]];
    if (measured === undefined || digest === undefined) return [];
    const { answers, systemSuspend, services } = measured;
    return {
      version,
      digest,
      answers: { ...answers },
      systemSuspend: systemSuspend === null ? null : { ...systemSuspend },
      services: { ...services },
    };
  });
}
