import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { choosePlace } from '../../../../src/control/placement/placement.ts';
import type { PlacementHost, PlacementVm } from '../../../../src/control/placement/placement-objections.ts';
import type { PsciVersion } from '../../../../src/psci/versions.ts';
import { REGISTERS } from '../../../peer/facts.ts';

const vm: PlacementVm = {
  name: 'web-1',
  vcpus: 2,
  memoryMiB: 256,
  hostSelector: {},
  boundTo: null,
  registers: null,
  psciAllowMissing: false,
  psciSystemSuspend: false,
  fingerprint: null,
};

function host(id: string, fields: Partial<PlacementHost> = {}): PlacementHost {
  return {
    id,
    name: id,
    labels: {},
    psciAccepted: ['1.0', '1.1'],
    psciDefault: '1.1',
    psciRegisters: null,
    psciSuspends: null,
    fingerprint: null,
    capacityVcpus: 8,
    capacityMemoryMiB: 1_024,
    usedVcpus: 0,
    usedMemoryMiB: 0,
    cordoned: false,
    leaseActive: true,
    ...fields,
  };
}

const pinned = (version: PsciVersion) => () => ({ version, source: 'vm' as const, policyRevision: null });

function choose(hosts: PlacementHost[], of: PlacementVm = vm, pin = pinned('1.1')) {
  const { place, refusal } = choosePlace(of, hosts, pin);
  const [why = '', help] = refusal?.message.split(' What would help: ') ?? [];
  if (refusal !== null)
    expect(help ?? '').toBe(help === undefined ? '' : `${refusal.placement?.help.join('; or ')}.`);
  return place === null ? `${refusal.code}: ${why}` : place.host.id;
}

function helpFor(hosts: PlacementHost[], of: PlacementVm = vm, pin = pinned('1.1')) {
  return choosePlace(of, hosts, pin).refusal?.placement?.help;
}

describe('a guest that goes on', () => {
  const known = { suite: 1, digest: 'sha256:a' };
  const answering = (suite: number, digest: string) => ({ suite, versions: { '1.1': digest } });

  it('goes where PSCI calls are answered as it knows, or where that is not known', () => {
    const of = { ...vm, fingerprint: known };
    const other = host('a', { fingerprint: answering(1, 'sha256:b') });
    expect(choose([other, host('b', { fingerprint: answering(1, 'sha256:a') })], of)).toBe('b');
    expect(choose([other, host('b')], of)).toBe('b');
    expect(choose([other, host('b', { fingerprint: answering(2, 'sha256:b') })], of)).toBe('b');
    expect(choose([other], vm)).toBe('a');
  });

  it('is refused elsewhere, with what would help', () => {
    const of = { ...vm, fingerprint: known };
    const hosts = [host('a', { fingerprint: answering(1, 'sha256:b') }), host('b', { cordoned: true })];
    expect(choose(hosts, of)).toBe(
      'FINGERPRINT_MISMATCH: VM web-1 cannot start: of 2 hosts, 1 is cordoned, 1 answers PSCI calls otherwise than ' +
        'its guest knows.',
    );
    expect(helpFor(hosts, of)).toEqual([
      'uncordon b',
      'anyFingerprint, to let its guest meet what a would answer (GET /v1/hosts/{hostId}/fingerprint)',
      'a host with 256 MiB and 2 vCPUs left that accepts PSCI 1.1',
    ]);
  });
});

describe('placement', () => {
  it('takes the host with the most memory left, then the lower id', () => {
    expect(choose([host('a', { usedMemoryMiB: 100 }), host('b')])).toBe('b');
    expect(choose([host('b'), host('a')])).toBe('a');
  });

  it.each([
    ['is silent', { leaseActive: false }],
    ['is cordoned', { cordoned: true }],
    ['does not match its host selector', { labels: { zone: 'a' } }, { hostSelector: { zone: 'b' } }],
    ['has less than 256 MiB left', { usedMemoryMiB: 769 }],
    ['has fewer than 2 vCPUs left', { usedVcpus: 7 }],
    ['does not have its disks', {}, { boundTo: 'elsewhere' }],
  ])('passes over a host that %s', (why, fields, wanted: Partial<PlacementVm> = {}) => {
    const of = { ...vm, ...wanted };
    expect(choose([host('a', fields)], of)).toBe(
      `NO_HOST_AVAILABLE: VM web-1 cannot start: of 1 host, 1 ${why}.`,
    );
  });

  it('fills a host to the last MiB and vCPU', () => {
    expect(choose([host('a', { usedMemoryMiB: 768, usedVcpus: 6 })])).toBe('a');
  });

  it('passes over a host without the registers that were recorded, and says what would help', () => {
    const wanted = { ...vm, registers: REGISTERS };
    const older = host('a', { psciRegisters: { ...REGISTERS, VENDOR_HYP_BMAP: null } });
    const weaker = host('b', { psciRegisters: { ...REGISTERS, SMCCC_ARCH_WORKAROUND_1: '0x1' } });
    expect(choose([older, host('c', { psciRegisters: REGISTERS, usedMemoryMiB: 500 })], wanted)).toBe('c');
    expect(choose([older], wanted)).toBe(
      'FIRMWARE_REGISTER_MISSING: VM web-1 cannot start: of 1 host, 1 does not have its recorded firmware registers. ' +
        'Missing or refused: VENDOR_HYP_BMAP = 0x3. What is missing was as a kernel starts it; ' +
        'psci.allowMissingRegisters lets it be left out.',
    );
    expect(choose([older], { ...wanted, psciAllowMissing: true })).toBe('a');
    expect(choose([weaker], { ...wanted, psciAllowMissing: true })).toBe(
      'FIRMWARE_REGISTER_MISSING: VM web-1 cannot start: of 1 host, 1 does not have its recorded firmware registers. ' +
        'Missing or refused: SMCCC_ARCH_WORKAROUND_1 = 0x2.',
    );
  });

  it('passes over a host that cannot suspend a guest which is to be able to', () => {
    const suspending = { ...vm, psciSystemSuspend: true };
    expect(choose([host('a', { psciSuspends: false }), host('b', { psciSuspends: true })], suspending)).toBe(
      'b',
    );
    expect(choose([host('a', { psciSuspends: false })])).toBe('a');
    expect(choose([host('a', { psciSuspends: false })], suspending)).toBe(
      'FIRMWARE_FEATURE_MISSING: VM web-1 cannot start: of 1 host, 1 cannot give a guest SYSTEM_SUSPEND.',
    );
  });

  it('takes a host whose agent does not say what registers it has: its KVM has the last word', () => {
    expect(choose([host('a')], { ...vm, registers: REGISTERS })).toBe('a');
  });

  it('blames the version only when nothing else stands in the way', () => {
    const hosts = [host('a', { cordoned: true }), host('b'), host('c')];
    expect(choose(hosts, vm, pinned('1.3'))).toBe(
      'PSCI_VERSION_NOT_SUPPORTED: VM web-1 cannot start: of 3 hosts, 1 is cordoned, 2 do not accept PSCI 1.3.',
    );
    expect(choose([host('a', { cordoned: true })], vm, pinned('1.3'))).toMatch(/^NO_HOST_AVAILABLE/);
    expect(choose([])).toMatch(/^NO_HOST_AVAILABLE: .*no host is enrolled/);
  });

  describe('what would help', () => {
    const another = 'a host with 256 MiB and 2 vCPUs left that accepts PSCI 1.1';
    const full = { usedMemoryMiB: 1_024 };

    it.each([
      ['uncordon a', { cordoned: true }],
      ['bring the agent of a back', { leaseActive: false }],
      ['156 MiB more on a', { usedMemoryMiB: 924 }],
      ['1 vCPU more on a', { usedVcpus: 7 }],
      ['256 MiB and 2 vCPUs more on a', { usedMemoryMiB: 1_024, usedVcpus: 8 }],
      ['another PSCI version for the VM, which a would take', { psciAccepted: ['1.0' as const] }],
    ])('is to %s', (words, fields) => {
      expect(helpFor([host('a', fields), host('b', { cordoned: true, leaseActive: false })])).toEqual([
        words,
        another,
      ]);
    });

    it('is another host selector, or a host that it matches', () => {
      expect(helpFor([host('a')], { ...vm, hostSelector: { zone: 'b' } })).toEqual([
        'a hostSelector that a would match',
        'a host labelled zone=b with 256 MiB and 2 vCPUs left that accepts PSCI 1.1',
      ]);
    });

    it('names a few hosts and counts the others, and takes the one that lacks least', () => {
      const cordoned = ['a', 'b', 'c', 'd', 'e'].map((id) => host(id, { cordoned: true }));
      const [first, second] = [host('y', full), host('z', { usedMemoryMiB: 800 })];
      expect(helpFor([...cordoned, first, second])).toEqual([
        'uncordon a, b, c or one of 2 more',
        '32 MiB more on z',
        another,
      ]);
    });

    it('is about no other host than the one that has its disks', () => {
      const bound = { ...vm, boundTo: 'a' };
      expect(helpFor([host('a', { cordoned: true }), host('b')], bound)).toEqual(['uncordon a']);
      expect(helpFor([host('a', { cordoned: true, leaseActive: false })], bound)).toEqual([
        'a change to a, which has its disks and is silent and is cordoned',
      ]);
      expect(helpFor([host('b')], bound)).toEqual([
        'the host that has its disks, which is not enrolled any more',
      ]);
    });
  });

  it('does not take a label of the prototype for one', () => {
    expect(choose([host('a')], { ...vm, hostSelector: { constructor: '' } })).toMatch(/^NO_HOST/);
  });

  it('gives what fits or counts every host once', () => {
    const hosts = fc.array(
      fc.record({
        usedMemoryMiB: fc.integer({ min: 0, max: 1_024 }),
        usedVcpus: fc.integer({ min: 0, max: 8 }),
        cordoned: fc.boolean(),
        leaseActive: fc.boolean(),
        psciAccepted: fc.subarray<PsciVersion>(['1.0', '1.1', '1.3']),
      }),
      { minLength: 1, maxLength: 8 },
    );
    fc.assert(
      fc.property(hosts, (fields) => {
        const all = fields.map((one, index) => host(`h${index}`, one));
        const { place, refusal } = choosePlace(vm, all, pinned('1.1'));
        const fits = all.filter(
          (one) =>
            one.leaseActive &&
            !one.cordoned &&
            one.capacityMemoryMiB - one.usedMemoryMiB >= vm.memoryMiB &&
            one.capacityVcpus - one.usedVcpus >= vm.vcpus &&
            one.psciAccepted.includes('1.1'),
        );
        if (place !== null) {
          expect(fits).toContain(place.host);
          const left = (one: PlacementHost) => one.capacityMemoryMiB - one.usedMemoryMiB;
          expect(left(place.host)).toBe(Math.max(...fits.map(left)));
          return;
        }
        expect(fits).toEqual([]);
        const { hosts, reasons = {}, help } = refusal.placement ?? {};
        expect(hosts).toBe(all.length);
        expect(Object.values(reasons).reduce((sum, n) => sum + n, 0)).toBe(all.length);
        expect(help).not.toEqual([]);
      }),
    );
  });
});
