import { describe, expect, it } from 'vitest';
import { findings } from '../../../../src/control/hosts/maintenance-findings.ts';
import type { Fingerprint } from '../../../../src/psci/fingerprint.ts';

const fingerprint = (migrateInfo: string): Fingerprint => ({
  suite: 1,
  versions: {
    '1.1': {
      answers: { 'PSCI_VERSION 32': '0x10001', 'MIGRATE_INFO_TYPE 32': migrateInfo },
      systemSuspend: null,
      services: {},
    },
  },
});

describe('what a new kernel lacks or answers otherwise', () => {
  const vms = [
    { name: 'a', version: '1.1' },
    { name: 'b', version: '1.3' },
    { name: 'c', version: '1.3' },
  ] as const;

  it('is nothing where every version of the VMs is accepted and answered as before', () => {
    const same = fingerprint('0x2');
    expect(findings(vms, ['1.1', '1.3'], same, same)).toEqual([]);
    expect(findings(vms, ['1.1', '1.3'], null, null)).toEqual([]);
    // Nobody has what is gone.
    expect(findings([{ name: 'a', version: '1.1' }], ['1.1'], same, same)).toEqual([]);
  });

  it('names the version, the VMs and the answers', () => {
    const said = findings(vms, ['1.1'], fingerprint('0x2'), fingerprint('0xffffffffffffffff'));
    expect(said).toEqual([
      expect.stringMatching(
        /^PSCI 1\.1 is answered otherwise\. 1 VM has it: a\. At 1\.1, MIGRATE_INFO_TYPE 32 .*/,
      ),
      'PSCI 1.3 is not accepted any more. 2 VMs have it: b, c.',
    ]);
  });
});
