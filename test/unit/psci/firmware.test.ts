import { describe, expect, it } from 'vitest';
import {
  canonicalFirmware,
  carryFirmware,
  compareFirmware,
  firmwareFor,
  missingRegister,
  objectionsTo,
  registerToWrite,
} from '../../../src/psci/firmware.ts';
import { REGISTERS } from '../../peer/facts.ts';

const choice = { psci: '1.1', systemSuspend: false, vcpus: 2 } as const;
const recorded = firmwareFor(choice, REGISTERS);

describe('the firmware interface', () => {
  it('follows from the choice of a boot and the registers of its host', () => {
    expect(recorded).toEqual({
      psci: '1.1',
      psci02: true,
      systemSuspend: false,
      registers: REGISTERS,
      psciCompatible: ['arm,psci-1.0', 'arm,psci-0.2', 'arm,psci'],
      mpidrs: [0, 1],
    });
    expect(firmwareFor({ ...choice, psci: '0.1' }, REGISTERS)).toMatchObject({
      psci02: false,
      psciCompatible: ['arm,psci'],
    });
    expect(firmwareFor({ ...choice, vcpus: 17 }, REGISTERS).mpidrs.slice(-2)).toEqual([0xf, 0x100]);
  });

  it('has one text, whatever the order of its members', () => {
    const { mpidrs, registers, ...rest } = recorded;
    const shuffled = { mpidrs, registers: Object.fromEntries(Object.entries(registers).reverse()), ...rest };
    expect(canonicalFirmware(shuffled as typeof recorded)).toBe(canonicalFirmware(recorded));
    expect(canonicalFirmware({ ...recorded, mpidrs: [1, 0] })).not.toBe(canonicalFirmware(recorded));
  });

  it('is carried to the next boot as it was recorded, but for what the boot chooses anew', () => {
    const older = { ...recorded, psciCompatible: ['arm,psci-0.2'], mpidrs: [0, 0x100] };
    expect(carryFirmware(older, choice)).toEqual(older);
    expect(carryFirmware(older, { ...choice, psci: '1.3', vcpus: 3 })).toEqual({
      ...older,
      psci: '1.3',
      psciCompatible: ['arm,psci-1.0', 'arm,psci-0.2', 'arm,psci'],
      mpidrs: [0, 0x100, 2],
    });
  });
});

describe('a comparison', () => {
  it('says every difference in words', () => {
    const other = firmwareFor(
      { psci: '0.1', systemSuspend: true, vcpus: 1 },
      { ...REGISTERS, SMCCC_ARCH_WORKAROUND_1: '0x1', STD_BMAP: null },
    );
    expect(compareFirmware(recorded, recorded)).toEqual([]);
    expect(compareFirmware(recorded, other)).toEqual([
      'The PSCI version was 1.1 and is 0.1.',
      'The vCPU feature PSCI_0_2 was on and is off.',
      'SYSTEM_SUSPEND was off and is on.',
      'The register SMCCC_ARCH_WORKAROUND_1 was 0x2 and is 0x1.',
      'The register STD_BMAP was 0x1 and is 0x0.',
      "The device tree's /psci was arm,psci-1.0, arm,psci-0.2, arm,psci and is arm,psci.",
      'The vCPU topology was 0x0, 0x1 and is 0x0.',
    ]);
  });

  it('says what the CPUs have come to be, where both are known', () => {
    const had = { ...recorded, idRegisters: { ID_AA64MMFR1_EL1: '0x100', ID_AA64PFR0_EL1: '0x22' } };
    const has = { ...recorded, idRegisters: { ID_AA64PFR0_EL1: '0x22', MIDR_EL1: '0x1' } };
    expect(compareFirmware(had, has)).toEqual([
      "The CPU's ID_AA64MMFR1_EL1 was 0x100 and is 0x0.",
      "The CPU's MIDR_EL1 was 0x0 and is 0x1.",
    ]);
    expect(compareFirmware(had, recorded)).toEqual([]);
    expect(canonicalFirmware(had)).not.toBe(canonicalFirmware(has));
  });

  it('finds no difference between a service that is off and one that the kernel does not know', () => {
    const other = { ...recorded, registers: { ...REGISTERS, VENDOR_HYP_BMAP_2: null } };
    expect(compareFirmware(recorded, other)).toEqual([]);
  });
});

describe('a register', () => {
  it('that the kernel lacks may be left out only as a kernel starts it, and only if the VM allows it', () => {
    expect(missingRegister('VENDOR_HYP_BMAP_2', null, false)).toBeNull();
    expect(missingRegister('VENDOR_HYP_BMAP_2', '0x1', true)).toBe('NOT_AT_RESET');
    expect(missingRegister('VENDOR_HYP_BMAP', '0x3', false)).toBe('NOT_ALLOWED');
    expect(missingRegister('VENDOR_HYP_BMAP', '0x3', true)).toBeNull();
    expect(missingRegister('VENDOR_HYP_BMAP', '0x1', true)).toBe('NOT_AT_RESET');
    expect(missingRegister('SMCCC_ARCH_WORKAROUND_3', '0x2', true)).toBe('NOT_AT_RESET');
  });

  it('that offered nothing is not missed, unless it is a level', () => {
    expect(missingRegister('VENDOR_HYP_BMAP_2', '0x0', false)).toBeNull();
    expect(missingRegister('VENDOR_HYP_BMAP', '0x0', false)).toBeNull();
    expect(missingRegister('SMCCC_ARCH_WORKAROUND_2', '0x0', false)).toBe('NOT_ALLOWED');
  });

  it('that was not there before hides what it would bring', () => {
    expect(registerToWrite('VENDOR_HYP_BMAP', null)).toBe(0n);
    expect(registerToWrite('VENDOR_HYP_BMAP', '0x3')).toBe(3n);
    // A level says what the CPU is; KVM keeps none of ours.
    expect(registerToWrite('SMCCC_ARCH_WORKAROUND_3', null)).toBeNull();
  });

  it('keeps a VM off a host that lacks it, protects less, or offers less', () => {
    expect(objectionsTo(REGISTERS, REGISTERS, false)).toEqual([]);
    const lesser = { ...REGISTERS, SMCCC_ARCH_WORKAROUND_1: '0x1', STD_BMAP: '0x0', VENDOR_HYP_BMAP: null };
    expect(objectionsTo(REGISTERS, lesser, false)).toEqual([
      { register: 'SMCCC_ARCH_WORKAROUND_1', why: 'refused' },
      { register: 'STD_BMAP', why: 'refused' },
      { register: 'VENDOR_HYP_BMAP', why: 'missing' },
    ]);
    expect(objectionsTo(lesser, REGISTERS, false)).toEqual([]);
    // The second vendor bitmap starts empty, and is not its own limit.
    expect(objectionsTo({ ...REGISTERS, VENDOR_HYP_BMAP_2: '0x1' }, REGISTERS, false)).toEqual([]);
  });
});
