import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classifyHibernation, decodeSystemEvent } from '../../../src/psci/system-event.ts';
import { PSCI_VERSIONS } from '../../../src/psci/versions.ts';

const exit = (type: number, data: bigint[] = [], x1 = 0n, x2 = 0n) => ({ type, data, x1, x2 });

describe('a system event', () => {
  it.each([
    ['a power-off', exit(1, [0n]), 'poweroff', 'SYSTEM_OFF', null],
    ['a power-off of a kernel that gives no data', exit(1), 'poweroff', 'SYSTEM_OFF', null],
    ['a hibernation', exit(1, [1n], 0n, 0n), 'hibernate', 'SYSTEM_OFF2', 0],
    ['a hibernation that names its type', exit(1, [1n], 1n, 0n), 'hibernate', 'SYSTEM_OFF2', 1],
    ['a reset', exit(2, [0n]), 'reset', 'SYSTEM_RESET', null],
    ['a warm reset', exit(2, [1n], 0n, 0n), 'reset', 'SYSTEM_RESET2', 0],
    ['a vendor reset', exit(2, [1n], 0x8000_0007n, 0n), 'reset', 'SYSTEM_RESET2', 0x8000_0007],
    ['a suspend', exit(5, [0n], 0x4000_0000n, 9n), 'suspend', 'SYSTEM_SUSPEND', null],
  ] as const)('of %s', (_, seen, kind, call, type) => {
    const event = decodeSystemEvent(seen, '1.3');
    expect(event?.kind).toBe(kind);
    expect(event?.psci).toEqual({ version: '1.3', function: call, type, cookie: type === null ? null : 0 });
    expect(event?.kvm).toEqual({ type: seen.type, data: seen.data.map((word) => `0x${word.toString(16)}`) });
  });

  it('keeps the call of a guest that takes its registers as they are', () => {
    const stale = exit(1, [0n], 0xdead_beefn, 0xffff_ffff_ffff_ffffn);
    expect(decodeSystemEvent(stale, '1.1')?.psci).toEqual({
      version: '1.1',
      function: 'SYSTEM_OFF',
      type: null,
      cookie: null,
    });
    const cookie = exit(2, [1n], 0x8000_0000n, 0xffff_ffff_ffff_ffffn);
    expect(decodeSystemEvent(cookie, '1.1')?.psci?.cookie).toBeNull();
  });

  it('of a crash has no call behind it', () => {
    expect(decodeSystemEvent(exit(3, [2n]), '1.0')).toEqual({
      kind: 'crash',
      psci: null,
      kvm: { type: 3, data: ['0x2'] },
    });
  });

  it('looks at the first word’s lowest bit only', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(1, 2),
        fc.array(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), { maxLength: 16 }),
        fc.constantFrom(...PSCI_VERSIONS),
        (type, data, pin) => {
          const flagged = ((data[0] ?? 0n) & 1n) === 1n;
          const event = decodeSystemEvent(exit(type, data), pin);
          expect(event?.psci?.function.endsWith('2')).toBe(flagged);
          expect(event?.psci?.version).toBe(pin);
          expect(event?.kvm.data.map(BigInt)).toEqual(data);
          for (const word of event?.kvm.data ?? []) expect(word).toMatch(/^0x[0-9a-f]{1,16}$/);
        },
      ),
    );
  });

  it('that no guest makes on arm64 is none', () => {
    for (const type of [0, 4, 6, 7, 0xffff_ffff])
      expect(decodeSystemEvent(exit(type, [1n]), '1.3')).toBeNull();
  });
});

describe('hibernation', () => {
  const off = {
    flagged: false,
    psci: '1.3',
    kernelVersion: '7.3.4+deb13-cloud-arm64',
    writableDisk: true,
  } as const;

  it('is certain when the guest says so', () => {
    expect(classifyHibernation({ ...off, flagged: true })).toBe('yes');
    expect(
      classifyHibernation({ flagged: true, psci: '1.0', kernelVersion: null, writableDisk: false }),
    ).toBe('yes');
  });

  it('is ruled out for a guest with nothing to save to', () => {
    expect(classifyHibernation({ ...off, psci: '0.2', kernelVersion: null, writableDisk: false })).toBe('no');
  });

  it.each(['6.13', '6.13.0-rc1', '6.20.3', '7.0', '10.1.2-cloud'])(
    'is ruled out for Linux %s at 1.3',
    (kernelVersion) => {
      expect(classifyHibernation({ ...off, kernelVersion })).toBe('no');
    },
  );

  it.each([null, '6.12.9', '6.1.0-40', '5.10', '6', '', 'unknown', 'v6.13'])(
    'is unknown for kernel %s at 1.3',
    (kernelVersion) => {
      expect(classifyHibernation({ ...off, kernelVersion })).toBe('unknown');
    },
  );

  it('is unknown below 1.3 whatever the kernel', () => {
    for (const psci of ['0.1', '0.2', '1.0', '1.1', '1.2'] as const)
      expect(classifyHibernation({ ...off, psci })).toBe('unknown');
  });

  it('is never denied to a guest that could have hibernated unseen', () => {
    fc.assert(
      fc.property(
        fc.record({
          flagged: fc.boolean(),
          psci: fc.constantFrom(...PSCI_VERSIONS),
          kernelVersion: fc.option(
            fc.tuple(fc.nat(9), fc.nat(30)).map(([a, b]) => `${a}.${b}`),
            { nil: null },
          ),
          writableDisk: fc.boolean(),
        }),
        (how) => {
          const said = classifyHibernation(how);
          if (how.flagged) expect(said).toBe('yes');
          else if (how.writableDisk && (how.psci !== '1.3' || how.kernelVersion === null))
            expect(said).toBe('unknown');
          else expect(said).not.toBe('yes');
        },
      ),
    );
  });
});
