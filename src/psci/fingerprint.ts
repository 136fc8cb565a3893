/**
 * What a host's KVM answers to a guest's PSCI calls at each version it accepts, as it was measured: the host's
 * behaviour fingerprint. Two kernels that claim one version and answer differently have different ones.
 *
 * An answer is text, so that it is its own canonical form:
 *
 *   0xffffffffffffffff          the call returned this in x0; further words are those in x1 to x3
 *   exit SHUTDOWN 0x1           it ended in the host with that KVM_SYSTEM_EVENT_* and that first word of data
 *   stopped                     the calling CPU is off
 *   silent                      the call did not come back
 *   left 17                     the guest left for another reason, KVM_EXIT_*
 */
import type { Answer } from './behaviour.ts';
import { CALLS, type CallGroup } from './calls.ts';
import { describeAnswer, describeValue } from './diff.ts';
import { expectedAnswer } from './expected.ts';
import { RETURN_CODES } from './return-codes.ts';
import { PSCI_VERSIONS, type PsciVersion } from './versions.ts';

/** Answers by the id of the call. */
export type Answers = Readonly<Record<string, string>>;

/** At one version, by what decides them (calls.ts). */
export interface VersionAnswers {
  readonly answers: Answers;
  /** Null where the host cannot give a guest SYSTEM_SUSPEND. */
  readonly systemSuspend: Answers | null;
  readonly services: Answers;
}

export interface Fingerprint {
  /** Which list of calls was made: SUITE of calls.ts, or another release's. */
  readonly suite: number;
  readonly versions: Readonly<Partial<Record<PsciVersion, VersionAnswers>>>;
}

/** A fingerprint's digests by version, which are compared within one suite alone. */
export interface FingerprintDigests {
  readonly suite: number;
  readonly versions: Readonly<Partial<Record<PsciVersion, string>>>;
}

/** What a guest knows of its firmware: the digest of what it was answered at its version. */
export interface KnownFingerprint {
  readonly suite: number;
  readonly digest: string;
}

export interface Difference {
  readonly version: PsciVersion;
  readonly group: CallGroup;
  /** The call's id. */
  readonly call: string;
  /** The answers, as the rest of a sentence that begins with the call. */
  readonly before: string;
  readonly after: string;
  /** The difference as a sentence. */
  readonly words: string;
  /** What is answered before is refused, or does not come back, after. */
  readonly worse: boolean;
}

/** KVM_SYSTEM_EVENT_* of include/uapi/linux/kvm.h, by number. */
const EVENT_NAMES = ['0', 'SHUTDOWN', 'RESET', 'CRASH', 'WAKEUP', 'SUSPEND', 'SEV_TERM', 'TDX_FATAL'];

export const STOPPED = 'stopped';
export const SILENT = 'silent';

/** @param words x0 and, where they are part of the answer, x1 to x3 */
export function returned(words: readonly bigint[]): string {
  return words.map((word) => `0x${word.toString(16)}`).join(' ');
}

export function exited(event: number, data: bigint): string {
  return `exit ${EVENT_NAMES[event] ?? event} 0x${data.toString(16)}`;
}

export function left(exitReason: number): string {
  return `left ${exitReason}`;
}

/** What every answer looks like. */
export const ANSWER_PATTERN =
  '^(0x[0-9a-f]{1,16}( 0x[0-9a-f]{1,16}){0,3}|exit [A-Z0-9_]{1,16} 0x[0-9a-f]{1,16}|stopped|silent|left [0-9]{1,10})$';

/** The lower half of x0, signed, as PSCI's return codes are; null for what is no return of one word. */
function returnValue(answer: string): number | null {
  return /^0x[0-9a-f]+$/.test(answer) ? Number(BigInt.asIntN(32, BigInt(answer))) : null;
}

/** An answer as the rest of a sentence that begins with the call. */
export function describeMeasured(answer: string): string {
  if (answer === STOPPED) return 'stops the calling CPU';
  if (answer === SILENT) return 'does not come back';
  const exit = /^exit (\S+) (\S+)$/.exec(answer);
  if (exit !== null) {
    const [, event = '', data = '0x0'] = exit;
    const flag = (BigInt(data) & 1n) === 1n ? ' with its flag set' : '';
    const rest = BigInt(data) >> 1n === 0n ? '' : ` and data ${data}`;
    return `ends in the host as KVM_SYSTEM_EVENT_${event}${flag}${rest}`;
  }
  const value = returnValue(answer);
  if (value !== null) return `returns ${value < 0 || value <= 9 ? describeValue(value) : answer}`;
  return answer.startsWith('left ')
    ? `leaves the guest for KVM exit reason ${answer.slice(5)}`
    : `returns ${answer}`;
}

/** NOT_SUPPORTED, or no answer at all. */
export function isRefused(answer: string): boolean {
  return returnValue(answer) === RETURN_CODES.NOT_SUPPORTED || answer === SILENT;
}

function isAsExpected(answer: string, wanted: Answer): boolean {
  switch (wanted.does) {
    case 'return':
      return returnValue(answer) === wanted.value;
    case 'exit':
      return answer === `exit ${wanted.event} ${wanted.flagged ? '0x1' : '0x0'}`;
    case 'act':
      return wanted.value === null ? answer === STOPPED : returnValue(answer) === wanted.value;
  }
}

/** Where a host answers otherwise than the behaviour table says, in the order of the calls. */
export function differencesFromTable(version: PsciVersion, measured: VersionAnswers): Difference[] {
  return grouped(measured).flatMap(({ group, answers }) =>
    inOrder(Object.keys(answers)).flatMap((id) => {
      const [call, answer] = [CALLS.get(id), answers[id]];
      const wanted = call === undefined ? null : expectedAnswer(call, version);
      if (wanted === null || answer === undefined || isAsExpected(answer, wanted)) return [];
      const [before, after] = [describeAnswer(wanted), describeMeasured(answer)];
      const refused = wanted.does === 'return' && wanted.value === RETURN_CODES.NOT_SUPPORTED;
      return {
        ...{ version, group, call: id, before, after, worse: !refused && isRefused(answer) },
        words: `At ${version}, ${id} ${after}; the table says that it ${before}.`,
      };
    }),
  );
}

/** All of `differencesFromTable`, oldest version first. */
export function allDifferencesFromTable({ versions }: Fingerprint): Difference[] {
  return versionsOf(versions).flatMap(([version, measured]) => differencesFromTable(version, measured));
}

/**
 * What changes for guests between two fingerprints, at the versions that both have. Calls that one of them did not make
 * are passed over: the two may be of different suites.
 */
export function compareFingerprints(before: Fingerprint, after: Fingerprint): Difference[] {
  return versionsOf(before.versions).flatMap(([version, first]) => {
    const second = after.versions[version];
    return second === undefined ? [] : compareAtVersion(version, first, second);
  });
}

/** `compareFingerprints` at one version. */
export function compareAtVersion(
  version: PsciVersion,
  before: VersionAnswers,
  after: VersionAnswers,
): Difference[] {
  return grouped(before).flatMap(({ group, answers }) =>
    inOrder(Object.keys(answers)).flatMap((call) => {
      const [was, is] = [answers[call], after[group]?.[call]];
      if (was === undefined || is === undefined || was === is) return [];
      const [first, second] = [describeMeasured(was), describeMeasured(is)];
      return {
        ...{ version, group, call, before: first, after: second, worse: !isRefused(was) && isRefused(is) },
        words: `At ${version}, ${call} ${first} before and ${second} after.`,
      };
    }),
  );
}

/**
 * Whether a guest that knows one fingerprint at a version is answered the same under another; null when that cannot be
 * told, for want of a measurement or because other calls were made.
 */
export function answersAlike(
  known: KnownFingerprint | null,
  host: FingerprintDigests | null,
  version: PsciVersion,
): boolean | null {
  const digest = host?.versions[version];
  if (known === null || digest === undefined || known.suite !== host?.suite) return null;
  return known.digest === digest;
}

/** One text for what every guest at a version is answered, from which its digest is made. */
export function canonicalAnswers(suite: number, version: PsciVersion, { answers }: VersionAnswers): string {
  return JSON.stringify([suite, version, sorted(answers)]);
}

/** One text for a whole fingerprint. */
export function canonicalFingerprint({ suite, versions }: Fingerprint): string {
  const all = versionsOf(versions).map(([version, { answers, systemSuspend, services }]) => {
    return [
      version,
      sorted(answers),
      systemSuspend === null ? null : sorted(systemSuspend),
      sorted(services),
    ];
  });
  return JSON.stringify([suite, all]);
}

function versionsOf(versions: Fingerprint['versions']): [PsciVersion, VersionAnswers][] {
  return PSCI_VERSIONS.flatMap((version) => {
    const measured = versions[version];
    return measured === undefined ? [] : [[version, measured] as [PsciVersion, VersionAnswers]];
  });
}

function grouped(measured: VersionAnswers): { group: CallGroup; answers: Answers }[] {
  return (['answers', 'systemSuspend', 'services'] as const).map((group) => ({
    group,
    answers: measured[group] ?? {},
  }));
}

const ORDER: ReadonlyMap<string, number> = new Map([...CALLS.keys()].map((id, index) => [id, index]));

/** As the calls are made; those of another suite last. */
function inOrder(ids: readonly string[]): string[] {
  return [...ids].sort((a, b) => (ORDER.get(a) ?? Infinity) - (ORDER.get(b) ?? Infinity) || (a < b ? -1 : 1));
}

function sorted(answers: Answers): [string, string][] {
  return Object.entries(answers).sort(([a], [b]) => (a < b ? -1 : 1));
}
