/** Guests known to break when the PSCI version they are shown is not one they know. */
import type { PsciVersion } from './versions.ts';

export interface KnownGuest {
  readonly guest: string;
  /** The versions it is known to break at; of others nothing is claimed. */
  readonly breaksAt: readonly PsciVersion[];
  readonly symptom: string;
  readonly source: string;
}

export const KNOWN_GUESTS: readonly KnownGuest[] = [
  {
    guest: 'macOS',
    breaksAt: ['1.3'],
    symptom: 'It reports "unsupported PSCI version 1.3" and never starts its secondary CPUs.',
    source: "the guest kernel's own message",
  },
  {
    guest: 'FreeBSD before r345299 (2019)',
    breaksAt: ['1.1', '1.2', '1.3'],
    symptom: 'It takes 0.2 or 1.0 for PSCI and nothing else: it can neither power off nor reboot.',
    source: 'sys/dev/psci/psci.c of FreeBSD before r345299',
  },
  {
    guest: 'FreeBSD releases that know PSCI 0.2 only',
    breaksAt: ['1.0', '1.1', '1.2', '1.3'],
    symptom: 'They take 0.2 for PSCI and nothing else: they can neither power off nor reboot.',
    source: 'sys/dev/psci/psci.c of FreeBSD',
  },
  {
    guest: 'U-Boot builds of some vendors',
    breaksAt: ['1.0', '1.1', '1.2', '1.3'],
    symptom: 'They look for PSCI 0.2 alone and can neither power off nor reset.',
    source: "vendors' board support packages",
  },
];

/** The guests known to break at `to` and not at `from`. */
export function brokenBy(from: PsciVersion, to: PsciVersion): KnownGuest[] {
  return KNOWN_GUESTS.filter(({ breaksAt }) => breaksAt.includes(to) && !breaksAt.includes(from));
}
