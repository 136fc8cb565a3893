import { expect, it } from 'vitest';
import { psciNode } from '../../../src/psci/fdt.ts';
import { comparePsciVersions, PSCI_VERSIONS } from '../../../src/psci/versions.ts';

it('gives function identifiers to 0.1 alone, at KVM’s base', () => {
  expect(psciNode('0.1').functions).toEqual({
    cpu_suspend: 0x95c1ba5e,
    cpu_off: 0x95c1ba5f,
    cpu_on: 0x95c1ba60,
    migrate: 0x95c1ba61,
  });
  for (const version of PSCI_VERSIONS.slice(1)) expect(psciNode(version).functions).toEqual({});
});

it('never claims more than the version is, and always what a guest of 0.1 looks for', () => {
  for (const version of PSCI_VERSIONS) {
    const { compatible, method } = psciNode(version);
    expect(method).toBe('hvc');
    expect(compatible.at(-1)).toBe('arm,psci');
    expect(compatible.includes('arm,psci-0.2')).toBe(version !== '0.1');
    expect(compatible.includes('arm,psci-1.0')).toBe(comparePsciVersions(version, '1.0') >= 0);
  }
});
