import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BEHAVIOUR } from '../../../src/psci/behaviour.ts';
import { CALLS, SCENARIOS, SUITE } from '../../../src/psci/calls.ts';
import {
  ANSWER_PATTERN,
  allDifferencesFromTable,
  answersAlike,
  canonicalAnswers,
  canonicalFingerprint,
  compareFingerprints,
  describeMeasured,
  exited,
  type Fingerprint,
  left,
  returned,
  type VersionAnswers,
} from '../../../src/psci/fingerprint.ts';
import { PSCI_FUNCTION_NAMES } from '../../../src/psci/functions.ts';
import { fingerprintByTable } from '../../../src/psci/table-fingerprint.ts';
import { PSCI_VERSIONS } from '../../../src/psci/versions.ts';

const taken = (kernel: string) =>
  JSON.parse(
    readFileSync(join(import.meta.dirname, `../../fixtures/fingerprints/${kernel}.json`), 'utf8'),
  ) as Fingerprint;
const [OLD, MIDDLE, RECENT] = [taken('5.10'), taken('6.1'), taken('7.3')];

/** At one version, with one answer. */
const one = (call: string, answer: string): Fingerprint => ({
  suite: SUITE,
  versions: { '1.1': { answers: { [call]: answer }, systemSuspend: null, services: {} } },
});

describe('the calls', () => {
  it('have a name each, and name rows that the table has', () => {
    expect(CALLS.size).toBe(SCENARIOS.flatMap(({ calls }) => calls).length);
    for (const { id, registers, row } of CALLS.values()) {
      expect(id).toMatch(/^[!-~](?:[ -~]{0,118}[!-~])?$/);
      for (const value of registers) expect(Number.isSafeInteger(value) && value >= 0, id).toBe(true);
      if (typeof row !== 'string')
        expect(
          BEHAVIOUR.some((known) => known.function === row.function && known.when === row.when),
          id,
        ).toBe(true);
    }
  });

  it('are of every function, by both identifiers, and of every row of the table', () => {
    for (const name of PSCI_FUNCTION_NAMES)
      for (const bits of [32, 64])
        expect(
          [...CALLS.keys()].some((id) => id.startsWith(`${name}/${bits}`)),
          `${name}/${bits}`,
        ).toBe(true);
    for (const row of BEHAVIOUR)
      expect(
        [...CALLS.values()].some(
          (call) =>
            typeof call.row === 'object' && call.row.function === row.function && call.row.when === row.when,
        ),
        `${row.function} ${row.when}`,
      ).toBe(true);
  });
});

describe('the lab’s kernels', () => {
  it.each([
    ['5.10', OLD],
    ['6.1', MIDDLE],
    ['7.3', RECENT],
  ])('%s was asked all of it', (_, { suite, versions }) => {
    expect(suite).toBe(SUITE);
    const idsOf = (group: string) =>
      SCENARIOS.filter((scenario) => scenario.group === group).flatMap(({ calls }) =>
        calls.map(({ id }) => id),
      );
    for (const measured of Object.values(versions)) {
      expect(Object.keys(measured.answers)).toEqual(idsOf('answers'));
      if (measured.systemSuspend !== null)
        expect(Object.keys(measured.systemSuspend)).toEqual(idsOf('systemSuspend'));
      expect(Object.keys(measured.services)).toEqual(idsOf('services'));
      for (const answer of Object.values(measured.answers))
        expect(answer).toMatch(new RegExp(ANSWER_PATTERN));
    }
  });

  it('answer as the table says, but for 5.10 and reserved bits of an affinity', () => {
    expect(allDifferencesFromTable(MIDDLE)).toEqual([]);
    expect(allDifferencesFromTable(RECENT)).toEqual([]);
    const found = allDifferencesFromTable(OLD);
    expect(found.map(({ words }) => words).filter((words) => words.startsWith('At 1.0'))).toEqual([
      'At 1.0, AFFINITY_INFO/32 of a CPU that does not exist (a reserved bit) returns 0; the table says that it ' +
        'returns INVALID_PARAMETERS (-2).',
      'At 1.0, AFFINITY_INFO/64 of a CPU that does not exist (a reserved bit) returns 0; the table says that it ' +
        'returns INVALID_PARAMETERS (-2).',
      'At 1.0, CPU_ON/32 of a CPU that does not exist (a reserved bit) returns ALREADY_ON (-4); the table says that ' +
        'it returns INVALID_PARAMETERS (-2).',
      'At 1.0, CPU_ON/64 of a CPU that does not exist (a reserved bit) returns ALREADY_ON (-4); the table says that ' +
        'it returns INVALID_PARAMETERS (-2).',
    ]);
    expect(found.some(({ worse }) => worse)).toBe(false);
  });

  it('differ at 0.2 and 1.0 between 5.10 and 6.1, and nowhere between 6.1 and 7.3', () => {
    expect(compareFingerprints(MIDDLE, RECENT)).toEqual([]);
    const found = compareFingerprints(OLD, MIDDLE);
    const everyGuest = found.filter(({ group }) => group === 'answers');
    expect([...new Set(everyGuest.map(({ version }) => version))]).toEqual(['0.2', '1.0']);
    expect(everyGuest).toHaveLength(8);
    expect(found.find(({ call }) => call === 'TRNG_VERSION')).toMatchObject({
      group: 'services',
      words: 'At 0.1, TRNG_VERSION returns NOT_SUPPORTED (-1) before and returns 0x10000 after.',
      worse: false,
    });
    expect(compareFingerprints(MIDDLE, OLD).find(({ call }) => call === 'TRNG_VERSION')?.worse).toBe(true);
  });
});

describe('the fingerprint of the behaviour table', () => {
  it.each([
    ['6.1', MIDDLE],
    ['7.3', RECENT],
  ])('is that of %s, but for services', (_, measured) => {
    const made = fingerprintByTable(
      PSCI_VERSIONS.filter((version) => measured.versions[version] !== undefined),
      {
        systemSuspend: true,
      },
    );
    expect(Object.keys(made.versions)).toEqual(Object.keys(measured.versions));
    for (const [version, { answers, systemSuspend }] of Object.entries(made.versions)) {
      const found = Object.entries(measured.versions).find(([name]) => name === version)?.[1];
      expect(answers, `at ${version}`).toEqual(found?.answers);
      expect(systemSuspend, `at ${version}`).toEqual(found?.systemSuspend);
    }
  });
});

describe('an answer', () => {
  it.each([
    [returned([0xffff_ffff_ffff_fffen]), 'returns INVALID_PARAMETERS (-2)'],
    [returned([0xffff_fffen]), 'returns INVALID_PARAMETERS (-2)'],
    [returned([2n]), 'returns 2'],
    [returned([0x10001n]), 'returns 0x10001'],
    [returned([1n, 2n, 3n, 4n]), 'returns 0x1 0x2 0x3 0x4'],
    [exited(1, 0n), 'ends in the host as KVM_SYSTEM_EVENT_SHUTDOWN'],
    [exited(2, 1n), 'ends in the host as KVM_SYSTEM_EVENT_RESET with its flag set'],
    [exited(9, 4n), 'ends in the host as KVM_SYSTEM_EVENT_9 and data 0x4'],
    [left(17), 'leaves the guest for KVM exit reason 17'],
    ['stopped', 'stops the calling CPU'],
    ['silent', 'does not come back'],
  ])('%s is said as "%s"', (answer, words) => {
    expect(answer).toMatch(new RegExp(ANSWER_PATTERN));
    expect(describeMeasured(answer)).toBe(words);
  });

  it.each([
    ['SYSTEM_OFF/32', '0xffffffffffffffff', true],
    ['CPU_OFF/32', 'silent', true],
    ['CPU_ON/64 of a CPU that is on', '0x0', false],
    ['MEM_PROTECT/32', '0x0', false],
    ['SYSTEM_RESET/32', 'exit RESET 0x1', false],
  ])('of %s that is %s is a difference; worse: %s', (call, answer, worse) => {
    expect(allDifferencesFromTable(one(call, answer))).toMatchObject([{ version: '1.1', call, worse }]);
  });

  it.each([
    ['SYSTEM_OFF/32', 'exit SHUTDOWN 0x0'],
    [
      'SYSTEM_RESET2/64 with type 0 (warm reset) or a vendor type (0x80000000 and up) (type 0)',
      'exit RESET 0x1',
    ],
    ['CPU_OFF/32', 'stopped'],
    ['CPU_SUSPEND/64', '0x0'],
    ['CPU_ON/0.1 of a CPU that is on', '0xffffffffffffffff'],
    ['SMCCC_VERSION', '0xffffffffffffffff'],
    ['a call of another suite', '0x1'],
  ])('of %s that is %s is none', (call, answer) => {
    expect(allDifferencesFromTable(one(call, answer))).toEqual([]);
  });
});

describe('what a digest is made of', () => {
  const measured: VersionAnswers = {
    answers: { a: '0x1', b: '0x2' },
    systemSuspend: null,
    services: { c: '0x3' },
  };

  it('is the same in whatever order the answers come', () => {
    const turned = { ...measured, answers: { b: '0x2', a: '0x1' } };
    expect(canonicalAnswers(1, '1.1', turned)).toBe(canonicalAnswers(1, '1.1', measured));
    expect(canonicalFingerprint({ suite: 1, versions: { '1.1': turned, '1.0': measured } })).toBe(
      canonicalFingerprint({ suite: 1, versions: { '1.0': measured, '1.1': measured } }),
    );
  });

  it('is what every guest at a version is answered, and no service that a VM records', () => {
    const text = canonicalAnswers(1, '1.1', measured);
    expect(canonicalAnswers(1, '1.1', { ...measured, services: {} })).toBe(text);
    expect(canonicalAnswers(1, '1.1', { ...measured, answers: { a: '0x1', b: '0x3' } })).not.toBe(text);
    expect(canonicalAnswers(2, '1.1', measured)).not.toBe(text);
    expect(canonicalAnswers(1, '1.2', measured)).not.toBe(text);
    const whole = (part: VersionAnswers) => canonicalFingerprint({ suite: 1, versions: { '1.1': part } });
    expect(whole({ ...measured, services: {} })).not.toBe(whole(measured));
    expect(whole({ ...measured, systemSuspend: {} })).not.toBe(whole(measured));
  });

  it('tells whether two hosts answer alike only where both were asked the same', () => {
    const host = { suite: 1, versions: { '1.1': 'sha256:a' } };
    expect(answersAlike({ suite: 1, digest: 'sha256:a' }, host, '1.1')).toBe(true);
    expect(answersAlike({ suite: 1, digest: 'sha256:b' }, host, '1.1')).toBe(false);
    expect(answersAlike({ suite: 2, digest: 'sha256:b' }, host, '1.1')).toBeNull();
    expect(answersAlike({ suite: 1, digest: 'sha256:b' }, host, '1.0')).toBeNull();
    expect(answersAlike(null, host, '1.1')).toBeNull();
    expect(answersAlike({ suite: 1, digest: 'sha256:a' }, null, '1.1')).toBeNull();
    for (const version of PSCI_VERSIONS) expect(answersAlike(null, null, version)).toBeNull();
  });
});
