/** What a guest sees change when its pin goes from one version to another, in words and with sources. */
import { type Answer, answerAt, BEHAVIOUR, isAnswered } from './behaviour.ts';
import { psciNode } from './fdt.ts';
import { PSCI_FUNCTION_NAMES, type PsciFunctionName } from './functions.ts';
import { brokenBy, type KnownGuest } from './guests.ts';
import { returnCodeName } from './return-codes.ts';
import { comparePsciVersions, type PsciVersion } from './versions.ts';

export interface AnswerChange {
  readonly function: PsciFunctionName;
  /** How it is called; empty when there is but one way. */
  readonly when: string;
  readonly before: Answer;
  readonly after: Answer;
  /** The change as a sentence. */
  readonly words: string;
  readonly source: string;
}

export interface PsciDiff {
  readonly from: PsciVersion;
  readonly to: PsciVersion;
  /** Functions that KVM refused in every way and now answers. */
  readonly appear: readonly PsciFunctionName[];
  /** Functions that KVM answered in some way and now refuses in all. */
  readonly vanish: readonly PsciFunctionName[];
  /** Every answer that differs, those of functions that appear or vanish among them. */
  readonly changes: readonly AnswerChange[];
  /** `compatible` of the /psci node. */
  readonly compatible: { readonly before: readonly string[]; readonly after: readonly string[] };
  /** What guests do differently because of it. */
  readonly consequences: readonly Consequence[];
  /** Guests known to break at `to` and not at `from`. */
  readonly breaks: readonly KnownGuest[];
}

export interface Consequence {
  /** From this version on it holds, before it does not. */
  readonly since: PsciVersion;
  /** When a guest gains it, and when it loses it. */
  readonly gained: string;
  readonly lost: string;
  readonly source: string;
}

/** What Linux makes of what it finds. */
const CONSEQUENCES: readonly Consequence[] = [
  {
    since: '0.2',
    gained: 'The guest can power off and reset by firmware calls.',
    lost: 'The guest has no firmware call to power off or reset: it can only halt.',
    source: 'DEN0022 sections 5.9 and 5.10; drivers/firmware/psci/psci.c, psci_0_2_set_functions',
  },
  {
    since: '1.0',
    gained:
      'Linux finds SMCCC 1.1: Spectre mitigations by firmware, paravirtual time and the TRNG become visible.',
    lost: 'Linux no longer finds SMCCC 1.1: Spectre mitigations by firmware, paravirtual time and the TRNG are hidden.',
    source: 'drivers/firmware/psci/psci.c, psci_init_smccc',
  },
  {
    since: '1.1',
    gained: 'Linux resets by SYSTEM_RESET2 when it is told to reboot warm or soft.',
    lost: 'A warm reboot becomes a cold one; a guest resumed from hibernation that knew SYSTEM_RESET2 cannot reboot warm.',
    source: 'drivers/firmware/psci/psci.c, psci_sys_reset',
  },
  {
    since: '1.3',
    gained:
      'Linux 6.13 and newer say by SYSTEM_OFF2 that they hibernate; older ones still look like a power-off.',
    lost: 'Hibernation looks like a power-off: whether a guest that went off had hibernated is unknown.',
    source: 'drivers/firmware/psci/psci.c, psci_sys_hibernate',
  },
];

export function diffVersions(from: PsciVersion, to: PsciVersion): PsciDiff {
  const answered = (version: PsciVersion) => PSCI_FUNCTION_NAMES.filter((name) => isAnswered(name, version));
  const [before, after] = [answered(from), answered(to)];
  return {
    from,
    to,
    appear: after.filter((name) => !before.includes(name)),
    vanish: before.filter((name) => !after.includes(name)),
    changes: changes(from, to),
    compatible: { before: psciNode(from).compatible, after: psciNode(to).compatible },
    consequences: CONSEQUENCES.filter(({ since }) => reaches(from, since) !== reaches(to, since)),
    breaks: brokenBy(from, to),
  };
}

function reaches(version: PsciVersion, since: PsciVersion): boolean {
  return comparePsciVersions(version, since) >= 0;
}

function changes(from: PsciVersion, to: PsciVersion): AnswerChange[] {
  return BEHAVIOUR.flatMap((row) => {
    const before = describeAnswer(answerAt(row, from));
    const after = describeAnswer(answerAt(row, to));
    if (before === after) return [];
    const call = row.when === '' ? row.function : `${row.function} ${row.when}`;
    return {
      function: row.function,
      when: row.when,
      before: answerAt(row, from),
      after: answerAt(row, to),
      words: `${call} ${before} at ${from} and ${after} at ${to}.`,
      source: row.source,
    };
  });
}

/** An answer as the rest of a sentence that begins with the call. */
export function describeAnswer(answer: Answer): string {
  switch (answer.does) {
    case 'return':
      return `returns ${describeValue(answer.value)}`;
    case 'exit':
      return `ends in the host as KVM_SYSTEM_EVENT_${answer.event}${answer.flagged ? ' with its flag set' : ''}`;
    case 'act':
      return answer.action;
  }
}

/** A return value by its name, where it has one. */
export function describeValue(value: number): string {
  // 0 is SUCCESS of some functions and data of others.
  const name = value < 0 ? returnCodeName(value) : null;
  if (name !== null) return `${name} (${value})`;
  return value > 9 ? `0x${value.toString(16)}` : String(value);
}
