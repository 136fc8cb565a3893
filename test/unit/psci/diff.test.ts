import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diffVersions } from '../../../src/psci/diff.ts';
import { PSCI_VERSIONS } from '../../../src/psci/versions.ts';

const words = (from: (typeof PSCI_VERSIONS)[number], to: (typeof PSCI_VERSIONS)[number]) =>
  diffVersions(from, to).changes.map((change) => change.words);

describe('from one version to another', () => {
  it('1.1 → 1.3 brings SYSTEM_OFF2 and with it certainty about hibernation', () => {
    const diff = diffVersions('1.1', '1.3');
    expect(diff.appear).toEqual(['SYSTEM_OFF2']);
    expect(diff.vanish).toEqual([]);
    expect(words('1.1', '1.3')).toEqual([
      'PSCI_VERSION returns 0x10001 at 1.1 and returns 0x10003 at 1.3.',
      'PSCI_FEATURES of SYSTEM_OFF2 returns NOT_SUPPORTED (-1) at 1.1 and returns 1 at 1.3.',
      'SYSTEM_OFF2 with type 0 or 1 (hibernate off) and cookie 0 returns NOT_SUPPORTED (-1) at 1.1 and ends in the ' +
        'host as KVM_SYSTEM_EVENT_SHUTDOWN with its flag set at 1.3.',
      'SYSTEM_OFF2 with another type or cookie returns NOT_SUPPORTED (-1) at 1.1 and returns INVALID_PARAMETERS (-2) ' +
        'at 1.3.',
    ]);
    expect(diff.consequences.map(({ since }) => since)).toEqual(['1.3']);
    expect(diff.breaks.map(({ guest }) => guest)).toEqual(['macOS']);
    expect(diff.compatible.before).toEqual(diff.compatible.after);
  });

  it('1.1 → 1.2 changes the number alone', () => {
    expect(words('1.1', '1.2')).toEqual(['PSCI_VERSION returns 0x10001 at 1.1 and returns 0x10002 at 1.2.']);
  });

  it('0.1 → 0.2 changes what CPU_ON answers', () => {
    expect(words('0.1', '0.2')).toContain(
      'CPU_ON of a CPU that is on returns INVALID_PARAMETERS (-2) at 0.1 and returns ALREADY_ON (-4) at 0.2.',
    );
    expect(diffVersions('0.1', '0.2').appear).toContain('SYSTEM_OFF');
  });

  it('1.0 → 0.2 hides the mitigations and the tree says so', () => {
    const diff = diffVersions('1.0', '0.2');
    expect(diff.vanish).toEqual(['PSCI_FEATURES', 'SYSTEM_SUSPEND']);
    expect(diff.consequences.map(({ since }) => since)).toEqual(['1.0']);
    expect(diff.compatible.before).toContain('arm,psci-1.0');
    expect(diff.compatible.after).not.toContain('arm,psci-1.0');
    expect(diff.breaks).toEqual([]);
  });

  it('1.0 → 1.1 breaks the FreeBSD that knows no other', () => {
    expect(diffVersions('1.0', '1.1').breaks.map(({ guest }) => guest)).toEqual([
      'FreeBSD before r345299 (2019)',
    ]);
  });
});

it('any difference reads backwards, and none is none', () => {
  const version = fc.constantFrom(...PSCI_VERSIONS);
  fc.assert(
    fc.property(version, version, (from, to) => {
      const there = diffVersions(from, to);
      const back = diffVersions(to, from);
      expect(there.appear).toEqual(back.vanish);
      expect(there.vanish).toEqual(back.appear);
      expect(there.consequences).toEqual(back.consequences);
      expect(there.changes.map(({ function: f, when, before, after }) => [f, when, before, after])).toEqual(
        back.changes.map(({ function: f, when, before, after }) => [f, when, after, before]),
      );
      expect(there.changes.length === 0).toBe(from === to);
    }),
  );
});
