import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  comparePsciVersions,
  detectsHibernation,
  FLEET_DEFAULT,
  fromRegisterValue,
  isInsecure,
  isPsciVersion,
  PSCI_VERSIONS,
  toRegisterValue,
} from '../../../src/psci/versions.ts';

it.each([
  ['0.1', 0x1n],
  ['0.2', 0x2n],
  ['1.0', 0x10000n],
  ['1.1', 0x10001n],
  ['1.2', 0x10002n],
  ['1.3', 0x10003n],
] as const)('%s is 0x%x in the register', (version, value) => {
  expect(toRegisterValue(version)).toBe(value);
  expect(fromRegisterValue(value)).toBe(version);
});

it('knows no other register value', () => {
  const known = PSCI_VERSIONS.map(toRegisterValue);
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), (value) => {
      expect(fromRegisterValue(value) !== null).toBe(known.includes(value));
    }),
  );
  for (const value of [0n, 0x3n, 0x10004n, 0x20000n]) expect(fromRegisterValue(value)).toBeNull();
});

it('orders as the register values do', () => {
  const version = fc.constantFrom(...PSCI_VERSIONS);
  fc.assert(
    fc.property(version, version, (a, b) => {
      expect(Math.sign(comparePsciVersions(a, b))).toBe(
        Math.sign(Number(toRegisterValue(a) - toRegisterValue(b))),
      );
    }),
  );
});

it('takes nothing else for a version', () => {
  for (const wrong of [
    '1.4',
    '2.0',
    '1',
    '01.1',
    ' 1.1',
    '1.1 ',
    '1.10',
    '',
    1.1,
    null,
    undefined,
    {},
    ['1.1'],
  ])
    expect(isPsciVersion(wrong)).toBe(false);
});

it('draws the floor below 1.0 and detects hibernation from 1.3', () => {
  expect(PSCI_VERSIONS.filter(isInsecure)).toEqual(['0.1', '0.2']);
  expect(PSCI_VERSIONS.filter(detectsHibernation)).toEqual(['1.3']);
  expect(isInsecure(FLEET_DEFAULT)).toBe(false);
});
