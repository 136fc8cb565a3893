/** What guests would see change with another kernel: told once, however many of them would see it. Pure. */
import { diffVersions } from '../../psci/diff.ts';
import {
  answersAlike,
  compareAtVersion,
  type FingerprintDigests,
  type VersionAnswers,
} from '../../psci/fingerprint.ts';
import { comparePsciVersions, type PsciVersion } from '../../psci/versions.ts';
import type { FingerprintRecord } from '../hosts/fingerprints.ts';

/** What some of the guests would see change. */
export interface Differences {
  readonly id: string;
  readonly from: PsciVersion;
  readonly to: PsciVersion;
  /** Each difference as a sentence. */
  readonly words: readonly string[];
  /** Guests known to break by it. */
  readonly breaks: readonly string[];
}

/** What a guest knows, as far as it decides what the guest would see. */
export interface Knowing {
  /** The fingerprint that it knows, or that its host has now; null where neither was measured. */
  readonly fingerprint: FingerprintRecord | null;
  /** Whether it is the one that it knows. */
  readonly fingerprintKnown: boolean;
  /** It is to have SYSTEM_SUSPEND. */
  readonly psciSystemSuspend: boolean;
}

export class SeenDifferences {
  readonly #all = new Map<string, Differences | null>();

  all(): Differences[] {
    return [...this.#all.values()].filter((differences) => differences !== null);
  }

  /** The id of what changes from one version to another. */
  versions(from: PsciVersion, to: PsciVersion): string {
    const id = `${from} to ${to}`;
    if (!this.#all.has(id)) {
      const { changes, consequences, breaks } = diffVersions(from, to);
      const newer = comparePsciVersions(from, to) < 0;
      this.#all.set(id, {
        ...{ id, from, to },
        words: [
          ...changes.map(({ words }) => words),
          ...consequences.map(({ gained, lost }) => (newer ? gained : lost)),
        ],
        breaks: breaks.map(({ guest, symptom }) => `${guest}: ${symptom}`),
      });
    }
    return id;
  }

  /**
   * The id of what is answered otherwise at a version; null where nothing is, or that cannot be told. `mismatch`:
   * placement keeps a guest that goes on away from there.
   */
  answers(
    { fingerprint, fingerprintKnown, psciSystemSuspend }: Knowing,
    version: PsciVersion,
    target: FingerprintRecord | null,
  ): { id: string; mismatch: boolean } | null {
    const [before, after] = [fingerprint?.body.versions[version], target?.body.versions[version]];
    if (fingerprint === null || target === null || before === undefined || after === undefined) return null;
    const alike = answersAlike(knownAt(fingerprint.digests, version), target.digests, version);
    if (alike === true && !psciSystemSuspend) return null;
    const id = `${version}, ${short(fingerprint)} to ${short(target)}${psciSystemSuspend ? ', suspending' : ''}`;
    if (!this.#all.has(id)) {
      const shown = (answers: VersionAnswers): VersionAnswers => ({
        ...answers,
        systemSuspend: psciSystemSuspend ? answers.systemSuspend : null,
        // What the CPU and the firmware registers decide, and those are the VM's own.
        services: {},
      });
      const words = compareAtVersion(version, shown(before), shown(after)).map(
        (difference) => difference.words,
      );
      this.#all.set(id, words.length === 0 ? null : { id, from: version, to: version, words, breaks: [] });
    }
    return this.#all.get(id) === null ? null : { id, mismatch: alike === false && fingerprintKnown };
  }
}

function knownAt({ suite, versions }: FingerprintDigests, version: PsciVersion) {
  const digest = versions[version];
  return digest === undefined ? null : { suite, digest };
}

/** Of a digest the first digits. */
function short({ digest }: FingerprintRecord): string {
  return digest.slice('sha256:'.length, 'sha256:'.length + 12);
}
