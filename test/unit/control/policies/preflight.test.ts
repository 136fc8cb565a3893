import { describe, expect, it } from 'vitest';
import type { FleetHost } from '../../../../src/control/fleet/fleet-pins.ts';
import type { FingerprintRecord } from '../../../../src/control/hosts/fingerprints.ts';
import {
  type PreflightVm,
  preflight,
  type TargetKernel,
} from '../../../../src/control/policies/preflight.ts';
import { FIRMWARE_REGISTERS, type FirmwareRegisters, toHex } from '../../../../src/psci/firmware.ts';

const registers = Object.fromEntries(
  Object.entries(FIRMWARE_REGISTERS).map(([name, { atReset }]) => [name, toHex(atReset)]),
) as Record<keyof FirmwareRegisters, string>;

const host: FleetHost = {
  id: 'h',
  name: 'host',
  labels: {},
  kernel: '7.3',
  psciAccepted: ['0.2', '1.0', '1.1', '1.2', '1.3'],
  psciDefault: '1.3',
  psciRegisters: registers,
  psciSuspends: true,
  lost: false,
};
const vm: PreflightVm = {
  id: 'v',
  name: 'vm',
  labels: {},
  hostSelector: {},
  hostId: 'h',
  hasDisks: false,
  psciPolicy: 'inherit',
  psciVersion: null,
  psciAllowInsecure: false,
  psciEffective: '1.1',
  psciSource: 'default',
  psciPolicyRevision: null,
  hibernation: null,
  restoring: false,
  registers,
  psciAllowMissing: false,
  psciSystemSuspend: false,
  fingerprint: null,
  fingerprintKnown: false,
  shortOf: null,
};
const older: TargetKernel = {
  words: 'the older kernel',
  accepted: ['0.2', '1.0', '1.1'],
  default: '1.1',
  registers: null,
  suspends: null,
  fingerprint: null,
};

function fingerprint(digest: string, answer: string, suspend: string | null = null): FingerprintRecord {
  const systemSuspend = suspend === null ? null : { 'SYSTEM_SUSPEND 32': suspend };
  return {
    digest: `sha256:${digest.repeat(64)}`,
    body: {
      suite: 1,
      versions: {
        '1.1': { answers: { 'AFFINITY_INFO 32': answer }, systemSuspend, services: { one: answer } },
      },
    },
    digests: { suite: 1, versions: { '1.1': `sha256:${answer}` } },
    createdAt: new Date(0),
  };
}

const report = (of: Partial<PreflightVm>, target: Partial<TargetKernel> = {}, on: Partial<FleetHost> = {}) =>
  preflight({ hosts: [{ ...host, ...on }], vms: [{ ...vm, ...of }], policies: [] }, { ...older, ...target });
const verdict = (...args: Parameters<typeof report>) => report(...args).vms[0];

describe('a verdict', () => {
  it('is told apart by whether the guest resumes or boots', () => {
    const high = {
      psciEffective: '1.3',
      psciSource: 'vm',
      psciPolicy: 'pinned',
      psciVersion: '1.3',
    } as const;
    expect(verdict(high)).toMatchObject({ verdict: 'cannotStart', code: 'PSCI_VERSION_NOT_SUPPORTED' });
    for (const off of [{ hibernation: 'yes' }, { hibernation: 'unknown' }, { restoring: true }] as const) {
      expect(verdict({ ...high, ...off })).toMatchObject({ verdict: 'cannotResume', from: '1.3', to: '1.3' });
    }
    expect(verdict({ ...high, hibernation: 'no' })?.verdict).toBe('cannotStart');
    // What a guest that hibernated goes on with is not what its policy would give.
    const latest = { ...high, psciPolicy: 'latest', psciVersion: null, psciSource: 'latest' } as const;
    expect(verdict({ ...latest, hibernation: 'yes' })?.verdict).toBe('cannotResume');
    expect(verdict({ ...latest, hibernation: 'no' })?.verdict).toBe('seesChange');
  });

  it('is the same where there is no room, which is said besides', () => {
    const shortOf = { needed: { vcpus: 2, memoryMiB: 512 }, left: { vcpus: 8, memoryMiB: 100 } };
    for (const psciVersion of ['1.1', '1.3'] as const) {
      const pinned = {
        psciEffective: psciVersion,
        psciSource: 'vm',
        psciPolicy: 'pinned',
        psciVersion,
      } as const;
      const [fits, short] = [verdict(pinned), verdict({ ...pinned, shortOf })];
      expect(short).toEqual({
        ...fits,
        reason:
          `${fits?.reason} With any kernel it does not fit on its host now: it needs 512 MiB and 2 vCPUs, and ` +
          '100 MiB and 8 vCPUs are left.',
      });
    }
  });

  it('goes by what a start there would go by', () => {
    expect(verdict({})?.verdict).toBe('keeps');
    expect(verdict({ psciSystemSuspend: true }, { suspends: false })).toMatchObject({
      verdict: 'cannotStart',
      code: 'FIRMWARE_FEATURE_MISSING',
    });
    expect(verdict({ psciSystemSuspend: true })?.verdict).toBe('keeps');
    const lacks = { registers: { ...registers, VENDOR_HYP_BMAP: null } };
    expect(verdict({}, lacks)).toMatchObject({
      verdict: 'cannotStart',
      code: 'FIRMWARE_REGISTER_MISSING',
      reason: expect.stringContaining('VENDOR_HYP_BMAP'),
    });
    expect(verdict({ psciAllowMissing: true }, lacks)?.verdict).toBe('keeps');
    // A level follows from the CPU, which a kernel does not change.
    const level = { registers: { ...registers, SMCCC_ARCH_WORKAROUND_1: '0x1' } };
    expect(verdict(level, { registers })?.verdict).toBe('keeps');
    const sticky = { psciPolicy: 'sticky', psciEffective: null, psciSource: null } as const;
    expect(verdict(sticky, { accepted: ['0.2'], default: '0.2' })).toMatchObject({
      verdict: 'cannotStart',
      to: null,
      reason: expect.stringContaining('security floor'),
    });
  });

  it('says whether the VM may start elsewhere', () => {
    const needs = {
      psciPolicy: 'pinned',
      psciVersion: '1.2',
      psciEffective: null,
      psciSource: null,
    } as const;
    expect(verdict(needs)?.reason).toContain('may start on another host');
    expect(verdict({ ...needs, hasDisks: true })).toMatchObject({
      bound: true,
      reason: expect.stringContaining('disks keep it on this host'),
    });
  });

  it('compares answers where both were measured, of what the guest can see', () => {
    const [same, other] = [fingerprint('a', '0x0'), fingerprint('b', '0xffffffffffffffff')];
    const known = { fingerprint: same, fingerprintKnown: true };
    expect(verdict(known, { fingerprint: same })?.verdict).toBe('keeps');
    expect(verdict(known)?.verdict).toBe('keeps');
    expect(verdict({}, { fingerprint: other })?.verdict).toBe('keeps');
    const seen = report(known, { fingerprint: other });
    expect(seen.vms[0]).toMatchObject({ verdict: 'seesChange', code: null });
    // Services follow from the VM's own registers.
    expect(seen.differences).toMatchObject([{ id: seen.vms[0]?.differences, words: [expect.any(String)] }]);

    const off = { hibernation: 'yes' } as const;
    expect(verdict({ ...known, ...off }, { fingerprint: other })).toMatchObject({
      verdict: 'cannotResume',
      code: 'FINGERPRINT_MISMATCH',
    });
    // Nobody knows what it was answered, so placement would let it go on.
    expect(verdict({ ...known, ...off, fingerprintKnown: false }, { fingerprint: other })?.verdict).toBe(
      'seesChange',
    );
    const suspending = fingerprint('c', '0x0', '0xffffffffffffffff');
    const suspends = { ...known, fingerprint: fingerprint('d', '0x0', '0x0') };
    expect(verdict(suspends, { fingerprint: suspending })?.verdict).toBe('keeps');
    expect(verdict({ ...suspends, psciSystemSuspend: true }, { fingerprint: suspending })?.verdict).toBe(
      'seesChange',
    );
  });

  it('is counted, over all and by host, and each difference is told once', () => {
    const follows = { psciPolicy: 'latest', psciEffective: '1.3', psciSource: 'latest' } as const;
    const vms = ['a', 'b', 'c'].map((id) => ({ ...vm, ...(id === 'c' ? {} : follows), id }));
    const other = { ...host, id: 'empty' };
    const found = preflight({ hosts: [host, other], vms, policies: [] }, older);
    expect(found.counts).toEqual({ keeps: 1, seesChange: 2, cannotStart: 0, cannotResume: 0 });
    expect(found.hosts.map(({ counts }) => counts.seesChange)).toEqual([2, 0]);
    expect(found.differences.map(({ from, to }) => [from, to])).toEqual([['1.3', '1.1']]);
  });
});
