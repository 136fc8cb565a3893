import { describe, expect, it } from 'vitest';
import { type Answer, answerAt, BEHAVIOUR, isAnswered } from '../../../src/psci/behaviour.ts';
import { functionId, PSCI_FUNCTION_NAMES, PSCI_FUNCTIONS } from '../../../src/psci/functions.ts';
import { RETURN_CODES, returnCodeName } from '../../../src/psci/return-codes.ts';
import { comparePsciVersions, PSCI_VERSIONS } from '../../../src/psci/versions.ts';

/** The table as one looks it up by hand: `!` an exit, `!f` a flagged one, `*` an effect on a CPU. */
const EXPECTED: [string, string, ...string[]][] = [
  ['PSCI_VERSION', '', '-1', '2', '65536', '65537', '65538', '65539'],
  ['CPU_SUSPEND', '', '-1', '*', '*', '*', '*', '*'],
  ['CPU_OFF', '', '*', '*', '*', '*', '*', '*'],
  ['CPU_ON', 'of a CPU that is off', '*', '*', '*', '*', '*', '*'],
  ['CPU_ON', 'of a CPU that is on', '-2', '-4', '-4', '-4', '-4', '-4'],
  ['CPU_ON', 'of a CPU that does not exist', '-2', '-2', '-2', '-2', '-2', '-2'],
  ['AFFINITY_INFO', 'of a CPU that is on', '-1', '0', '0', '0', '0', '0'],
  ['AFFINITY_INFO', 'of a CPU that is off', '-1', '1', '1', '1', '1', '1'],
  ['AFFINITY_INFO', 'of a CPU that does not exist', '-1', '-2', '-2', '-2', '-2', '-2'],
  ['AFFINITY_INFO', 'at an affinity level that does not exist', '-1', '-2', '-2', '-2', '-2', '-2'],
  ['MIGRATE', '', '-1', '-1', '-1', '-1', '-1', '-1'],
  ['MIGRATE_INFO_TYPE', '', '-1', '2', '2', '2', '2', '2'],
  ['MIGRATE_INFO_UP_CPU', '', '-1', '-1', '-1', '-1', '-1', '-1'],
  ['SYSTEM_OFF', '', '-1', '!', '!', '!', '!', '!'],
  ['SYSTEM_RESET', '', '-1', '!', '!', '!', '!', '!'],
  ['PSCI_FEATURES', 'of a mandatory function or SMCCC_VERSION', '-1', '-1', '0', '0', '0', '0'],
  ['PSCI_FEATURES', 'of SYSTEM_SUSPEND, with KVM_CAP_ARM_SYSTEM_SUSPEND', '-1', '-1', '0', '0', '0', '0'],
  ['PSCI_FEATURES', 'of SYSTEM_RESET2', '-1', '-1', '-1', '0', '0', '0'],
  ['PSCI_FEATURES', 'of SYSTEM_OFF2', '-1', '-1', '-1', '-1', '-1', '1'],
  ['PSCI_FEATURES', 'of a function that is not there', '-1', '-1', '-1', '-1', '-1', '-1'],
  ['SYSTEM_SUSPEND', 'with KVM_CAP_ARM_SYSTEM_SUSPEND', '-1', '-1', '!', '!', '!', '!'],
  ['SYSTEM_SUSPEND', 'without KVM_CAP_ARM_SYSTEM_SUSPEND', '-1', '-1', '-1', '-1', '-1', '-1'],
  [
    'SYSTEM_RESET2',
    'with type 0 (warm reset) or a vendor type (0x80000000 and up)',
    '-1',
    '-1',
    '-1',
    '!f',
    '!f',
    '!f',
  ],
  ['SYSTEM_RESET2', 'with another type', '-1', '-1', '-1', '-2', '-2', '-2'],
  ['SYSTEM_OFF2', 'with type 0 or 1 (hibernate off) and cookie 0', '-1', '-1', '-1', '-1', '-1', '!f'],
  ['SYSTEM_OFF2', 'with another type or cookie', '-1', '-1', '-1', '-1', '-1', '-2'],
];

function brief(answer: Answer): string {
  if (answer.does === 'return') return String(answer.value);
  return answer.does === 'act' ? '*' : answer.flagged ? '!f' : '!';
}

describe('the behaviour table', () => {
  it('says what KVM answers at each version', () => {
    const rows = BEHAVIOUR.map((row) => [
      row.function,
      row.when,
      ...PSCI_VERSIONS.map((v) => brief(answerAt(row, v))),
    ]);
    expect(rows).toEqual(EXPECTED);
  });

  it('begins every row at 0.1 and names its source', () => {
    for (const row of BEHAVIOUR) {
      expect(row.steps['0.1']).toBeDefined();
      expect(row.source).toMatch(/^arch\/arm64\/kvm\/psci\.c, kvm_psci_/);
    }
  });

  it('answers nothing that the specification does not have at that version', () => {
    for (const name of PSCI_FUNCTION_NAMES)
      for (const version of PSCI_VERSIONS)
        if (isAnswered(name, version))
          expect(comparePsciVersions(PSCI_FUNCTIONS[name].since, version) <= 0, `${name} at ${version}`).toBe(
            true,
          );
  });

  it('has 1.2 equal 1.1 but for the number', () => {
    for (const row of BEHAVIOUR)
      if (row.function !== 'PSCI_VERSION') expect(answerAt(row, '1.2')).toEqual(answerAt(row, '1.1'));
  });
});

describe('function identifiers', () => {
  it.each([
    ['PSCI_VERSION', 0x84000000, null],
    ['CPU_ON', 0x84000003, 0xc4000003],
    ['SYSTEM_OFF', 0x84000008, null],
    ['PSCI_FEATURES', 0x8400000a, null],
    ['SYSTEM_SUSPEND', 0x8400000e, 0xc400000e],
    ['SYSTEM_RESET2', 0x84000012, 0xc4000012],
    ['SYSTEM_OFF2', 0x84000015, 0xc4000015],
  ] as const)('%s', (name, narrow, wide) => {
    expect(functionId(name)).toBe(narrow);
    if (wide === null) expect(() => functionId(name, 64)).toThrow(RangeError);
    else expect(functionId(name, 64)).toBe(wide);
  });

  it('are all different', () => {
    const ids = PSCI_FUNCTION_NAMES.flatMap((name) => [
      functionId(name),
      ...(PSCI_FUNCTIONS[name].wide ? [functionId(name, 64)] : []),
    ]);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('return codes', () => {
  it('have their names, and other numbers none', () => {
    for (const [name, code] of Object.entries(RETURN_CODES)) expect(returnCodeName(code)).toBe(name);
    expect(returnCodeName(-10)).toBeNull();
    expect(returnCodeName(1)).toBeNull();
  });
});
