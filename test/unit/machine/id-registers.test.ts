/** What a kernel does with a guest's ID registers, and what is made of its answers. Real ones are in test/lab/agent.test.ts. */
import { describe, expect, it } from 'vitest';
import { EINVAL } from '../../../src/kvm/errno.ts';
import { isIdRegister, readIdRegisters } from '../../../src/kvm/id-registers.ts';
import { ID_AA64MMFR3_EL1, MPIDR_EL1, PC, sysreg } from '../../../src/kvm/registers.ts';
import { holdIdRegisters } from '../../../src/machine/id-registers.ts';

const PFR0 = sysreg(3, 0, 0, 4, 0);
const MMFR1 = sysreg(3, 0, 0, 7, 1);
const MMFR2 = sysreg(3, 0, 0, 7, 2);
const DFR0_OF_AARCH32 = sysreg(3, 0, 0, 1, 2);
const CLIDR = sysreg(3, 1, 0, 0, 1);

interface HostOptions {
  /** Takes no other value of these. */
  readonly fixed?: readonly bigint[];
  /** Bits that are taken and then not shown. */
  readonly hidden?: Readonly<Record<string, bigint>>;
}

/** A vCPU of a kernel that has just these registers. */
function vcpu(values: readonly (readonly [bigint, bigint])[], { fixed = [], hidden = {} }: HostOptions = {}) {
  const registers = new Map(values);
  const written: bigint[] = [];
  return {
    registers,
    written,
    findRegister: (id: bigint) => registers.get(id) ?? null,
    trySetRegister: (id: bigint, value: bigint) => {
      if (!registers.has(id) || fixed.includes(id)) return -EINVAL;
      written.push(id);
      registers.set(id, value & ~(hidden[id.toString()] ?? 0n));
      return 0;
    },
  };
}

const both = 0x22n;

describe('ID registers', () => {
  it('are those that describe the CPU, and not what tells vCPUs apart', () => {
    expect([PFR0, ID_AA64MMFR3_EL1, CLIDR, DFR0_OF_AARCH32].map(isIdRegister)).toEqual(Array(4).fill(true));
    expect([MPIDR_EL1, PC].map(isIdRegister)).toEqual([false, false]);
  });

  it('are recorded by name, without those that are zero', () => {
    const host = vcpu([
      ...([
        [PFR0, both],
        [MMFR1, 0x100n],
        [ID_AA64MMFR3_EL1, 0n],
        [DFR0_OF_AARCH32, 0xan],
      ] as const),
      [MPIDR_EL1, 0x8000_0000n],
    ]);
    expect(readIdRegisters(host)).toEqual({
      ...{ ID_AA64PFR0_EL1: '0x22', ID_AA64MMFR1_EL1: '0x100', S3_0_C0_C1_2: '0xa' },
    });
  });

  it('about AArch32 mean nothing where the guest has none', () => {
    const host = vcpu([
      [PFR0, 0x11n],
      [DFR0_OF_AARCH32, 0xbadn],
    ]);
    const recorded = readIdRegisters(host);
    expect(recorded).toEqual({ ID_AA64PFR0_EL1: '0x11' });
    expect(holdIdRegisters([host], recorded).refused).toEqual([]);
    expect(host.written).toEqual([]);
  });
});

describe('a guest that goes on', () => {
  const recorded = { ID_AA64PFR0_EL1: '0x22', ID_AA64MMFR1_EL1: '0x100', CLIDR_EL1: '0x23' };

  it('has on every vCPU what was recorded, and not what its host has on top', () => {
    const more = [
      ...([
        [PFR0, both],
        [MMFR1, 0x1_0100n],
        [CLIDR, 0x4n],
      ] as const),
      [ID_AA64MMFR3_EL1, 0x1n],
    ] as const;
    const vcpus = [vcpu(more), vcpu(more)];
    expect(holdIdRegisters(vcpus, recorded)).toEqual({ idRegisters: recorded, refused: [] });
    for (const { registers, written } of vcpus) {
      expect([...registers.values()]).toEqual([both, 0x100n, 0x23n, 0n]);
      expect(written).not.toContain(PFR0);
    }
  });

  it('is told apart by name from what its host does not take', () => {
    const host = vcpu(
      [
        [PFR0, both],
        [MMFR1, 0n],
        [CLIDR, 0x23n],
      ],
      { fixed: [MMFR1] },
    );
    expect(holdIdRegisters([host], recorded)).toEqual({
      idRegisters: { ...recorded, ID_AA64MMFR1_EL1: '0x0' },
      refused: ['ID_AA64MMFR1_EL1 0x100 (the host has 0x0)'],
    });
  });

  it('keeps in its record what KVM showed by mistake, and nothing else that reads back otherwise', () => {
    const nv = { ID_AA64PFR0_EL1: '0x22', ID_AA64MMFR2_EL1: '0x2000011' };
    const host = (hidden: bigint) =>
      vcpu(
        [
          [PFR0, both],
          [MMFR2, 0x12n],
        ],
        { hidden: { [MMFR2.toString()]: hidden } },
      );
    expect(holdIdRegisters([host(0xfn << 24n)], nv)).toEqual({ idRegisters: nv, refused: [] });
    expect(holdIdRegisters([host(0xf0n)], nv).refused).toEqual([
      'ID_AA64MMFR2_EL1 0x2000011 (the host has 0x2000001)',
    ]);
  });
});
