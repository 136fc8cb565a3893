/**
 * What is done with KVM's answers when a machine's firmware is fixed. Real answers are seen in test/lab; some of them, as
 * of a KVM that takes a version and then says another, do not exist to be tested with.
 */
import { describe, expect, it } from 'vitest';
import { EINVAL, ENOENT, KvmError } from '../../../src/kvm/errno.ts';
import { registerId } from '../../../src/kvm/firmware.ts';
import { MPIDR_EL1, PSCI_VERSION } from '../../../src/kvm/registers.ts';
import { type FirmwareChoice, fixFirmware } from '../../../src/machine/pin.ts';
import {
  FIRMWARE_REGISTER_NAMES,
  FIRMWARE_REGISTERS,
  type FirmwareRegister,
  firmwareFor,
} from '../../../src/psci/firmware.ts';
import { REGISTERS } from '../../peer/facts.ts';

const choice: FirmwareChoice = {
  psci: '1.1',
  systemSuspend: false,
  firmware: null,
  allowMissingRegisters: false,
  requireIdRegisters: false,
};
/** The host below has no ID registers. */
const recorded = firmwareFor({ ...choice, vcpus: 1 }, REGISTERS, {});

interface HostOptions {
  /** What writing the version gives, and what reading it then says. */
  readonly set?: number;
  readonly says?: bigint;
  readonly lacks?: readonly FirmwareRegister[];
  /** What writing these gives. */
  readonly refuses?: Partial<Record<FirmwareRegister, number>>;
  /** Bitmaps that take what is written and keep what they had. */
  readonly deaf?: readonly FirmwareRegister[];
  readonly mpidr?: bigint;
}

/** One vCPU of a kernel, as far as its registers go. */
function host(options: HostOptions = {}) {
  const calls: string[] = [];
  const values = new Map<bigint, bigint>([
    [PSCI_VERSION, 0x1_0003n],
    // Bit 31 is set in every MPIDR.
    [MPIDR_EL1, 0x8000_0000n | (options.mpidr ?? 0n)],
  ]);
  for (const name of FIRMWARE_REGISTER_NAMES) {
    if (!options.lacks?.includes(name)) values.set(registerId(name), BigInt(REGISTERS[name] ?? 0));
  }
  const nameOf = (id: bigint) => FIRMWARE_REGISTER_NAMES.find((name) => registerId(name) === id);
  const vcpu = {
    findRegister: (id: bigint) => values.get(id) ?? null,
    getRegister: (id: bigint) => values.get(id) ?? -1n,
    // Only a kernel with another CPU is asked for one; see id-registers.test.ts.
    trySetRegister: () => -EINVAL,
    setFirmwareRegister: (id: bigint, value: bigint) => {
      const name = nameOf(id);
      calls.push(`${name ?? 'version'} 0x${value.toString(16)}`);
      if (name === undefined) {
        values.set(id, options.says ?? value);
        return options.set ?? 0;
      }
      const result = options.refuses?.[name] ?? 0;
      const keeps = FIRMWARE_REGISTERS[name].kind === 'bitmap' && !options.deaf?.includes(name);
      if (result === 0 && keeps) values.set(id, value);
      return result;
    },
  };
  const fix = (fields: Partial<FirmwareChoice> = {}) =>
    fixFirmware({ lockFirmware: () => void calls.push('lock') }, [vcpu], { ...choice, ...fields }).firmware;
  return { fix, calls };
}

const failing = (code: string, text = '') =>
  expect.objectContaining({ code, message: expect.stringContaining(text) });

describe('the pin', () => {
  it('is set, read back and locked; at the first boot the registers are taken as they are', () => {
    const { fix, calls } = host();
    expect(fix()).toEqual(recorded);
    expect(calls).toEqual(['version 0x10001', 'lock']);
  });

  it('0.1 is a version like others, of vCPUs without the feature', () => {
    const { fix, calls } = host();
    expect(fix({ psci: '0.1' })).toMatchObject({ psci: '0.1', psci02: false, psciCompatible: ['arm,psci'] });
    expect(calls[0]).toBe('version 0x1');
  });

  it.each([
    ['KVM does not take the version', { set: -EINVAL }, 'PSCI_VERSION_NOT_SUPPORTED'],
    ['KVM has no register for it', { set: -ENOENT }, 'PSCI_VERSION_NOT_SUPPORTED'],
    ['KVM says another version afterwards', { says: 0x1_0003n }, 'PSCI_MISMATCH'],
  ])('is refused when %s', (_, options, code) => {
    const { fix, calls } = host(options);
    expect(() => fix()).toThrow(failing(code));
    expect(calls).not.toContain('lock');
  });

  it('passes any other failure on', () => {
    expect(() => host({ set: -5 }).fix()).toThrow(KvmError);
  });
});

describe('recorded firmware', () => {
  it('is written before anything else may be, register by register', () => {
    const { fix, calls } = host();
    expect(fix({ firmware: recorded })).toEqual(recorded);
    expect(calls).toEqual([
      'version 0x10001',
      ...FIRMWARE_REGISTER_NAMES.map((name) => `${name} ${REGISTERS[name]}`),
      'lock',
    ]);
  });

  it('keeps off what its first host did not have, and takes the better protection of another CPU', () => {
    const registers = { ...REGISTERS, SMCCC_ARCH_WORKAROUND_1: '0x1', VENDOR_HYP_BMAP: null };
    const found = host().fix({ firmware: { ...recorded, registers } });
    expect(found.registers).toEqual({ ...REGISTERS, VENDOR_HYP_BMAP: '0x0' });
  });

  it('is refused on a kernel that lacks a register, unless the VM allows it and it was as a kernel starts it', () => {
    const older = { lacks: ['VENDOR_HYP_BMAP'] } as const;
    expect(() => host(older).fix({ firmware: recorded })).toThrow(
      failing('FIRMWARE_REGISTER_MISSING', 'VENDOR_HYP_BMAP = 0x3'),
    );
    const allowed = { firmware: recorded, allowMissingRegisters: true };
    expect(host(older).fix(allowed).registers).toEqual({ ...REGISTERS, VENDOR_HYP_BMAP: null });
    const changed = { ...recorded, registers: { ...REGISTERS, VENDOR_HYP_BMAP: '0x1' } };
    expect(() => host(older).fix({ ...allowed, firmware: changed })).toThrow(
      failing('FIRMWARE_REGISTER_MISSING', 'VENDOR_HYP_BMAP = 0x1'),
    );
  });

  it('needs no register for services that were not offered', () => {
    const found = host({ lacks: ['VENDOR_HYP_BMAP_2'] }).fix({ firmware: recorded });
    expect(found.registers).toEqual({ ...REGISTERS, VENDOR_HYP_BMAP_2: null });
  });

  it.each([
    ['SMCCC_ARCH_WORKAROUND_1', 'protects its guests less'],
    ['STD_BMAP', 'does not offer all the services'],
  ] as const)('is refused when the kernel does not take the value of %s', (name, why) => {
    const { fix, calls } = host({ refuses: { [name]: -EINVAL } });
    expect(() => fix({ firmware: recorded })).toThrow(failing('FIRMWARE_VALUE_REFUSED', why));
    expect(calls).not.toContain('lock');
  });

  it('is refused when a register reads back as another', () => {
    const registers = { ...REGISTERS, STD_BMAP: '0x0' };
    const firmware = { ...recorded, registers };
    expect(() => host({ deaf: ['STD_BMAP'] }).fix({ firmware })).toThrow(
      failing('FIRMWARE_MISMATCH', 'STD_BMAP'),
    );
  });

  it('is refused when a guest that goes on would find another CPU; one that boots is told of it', () => {
    const firmware = { ...recorded, idRegisters: { ID_AA64MMFR1_EL1: '0x100' } };
    expect(() => host().fix({ firmware, requireIdRegisters: true })).toThrow(
      failing('FIRMWARE_VALUE_REFUSED', 'ID_AA64MMFR1_EL1 0x100 (the host has 0x0)'),
    );
    expect(host().fix({ firmware }).idRegisters).toEqual({ ID_AA64MMFR1_EL1: '0x0' });
  });

  it('is refused when KVM numbers the vCPUs otherwise, at the first boot too', () => {
    expect(() => host({ mpidr: 0x100n }).fix()).toThrow(
      failing('FIRMWARE_MISMATCH', 'vCPU 0 has affinity 0x100'),
    );
    const firmware = { ...recorded, mpidrs: [0x100] };
    expect(host({ mpidr: 0x100n }).fix({ firmware })).toEqual(firmware);
  });
});
