/**
 * The firmware interface of a guest, as far as its host decides it: what is recorded at a VM's first boot, given to
 * every later one, and compared.
 *
 * Sources: Documentation/virt/kvm/arm/fw-pseudo-registers.rst; arch/arm64/include/uapi/asm/kvm.h, KVM_REG_ARM_*;
 * arch/arm64/kvm/hypercalls.c, kvm_arm_set_fw_reg.
 */
import { psciNode } from './fdt.ts';
import type { PsciVersion } from './versions.ts';

interface RegisterDescription {
  /** Low bits of the register's id: group 0x14 holds levels, group 0x16 bitmaps. */
  readonly id: number;
  /**
   * level: how far a mitigation by firmware is there. It follows from the CPU; KVM keeps no value of its own, accepts
   * every level that this host reaches, and goes on to answer with the host's.
   * bitmap: the services that the guest may call, one bit each; KVM holds exactly what was written.
   */
  readonly kind: 'level' | 'bitmap';
  /** What a kernel that has the register starts it with; of a level, what a kernel without it amounts to. */
  readonly atReset: bigint;
}

/** In the order in which they are written. */
export const FIRMWARE_REGISTERS = {
  SMCCC_ARCH_WORKAROUND_1: { id: 0x14_0001, kind: 'level', atReset: 0n },
  SMCCC_ARCH_WORKAROUND_2: { id: 0x14_0002, kind: 'level', atReset: 0n },
  SMCCC_ARCH_WORKAROUND_3: { id: 0x14_0003, kind: 'level', atReset: 0n },
  /** Bit 0: TRNG. */
  STD_BMAP: { id: 0x16_0000, kind: 'bitmap', atReset: 0b1n },
  /** Bit 0: paravirtual time. */
  STD_HYP_BMAP: { id: 0x16_0001, kind: 'bitmap', atReset: 0b1n },
  /** Bit 0: the list of features; bit 1: PTP. */
  VENDOR_HYP_BMAP: { id: 0x16_0002, kind: 'bitmap', atReset: 0b11n },
  /** Discovery of the CPU implementations that a guest may be moved to; off until asked for. */
  VENDOR_HYP_BMAP_2: { id: 0x16_0003, kind: 'bitmap', atReset: 0n },
} as const satisfies Record<string, RegisterDescription>;

export type FirmwareRegister = keyof typeof FIRMWARE_REGISTERS;

export const FIRMWARE_REGISTER_NAMES = Object.keys(FIRMWARE_REGISTERS) as FirmwareRegister[];

/** Values as `0x` and lower-case hexadecimal digits without leading zeros; null where the host's kernel has none. */
export type FirmwareRegisters = { readonly [name in FirmwareRegister]: string | null };

/**
 * What a guest reads of its CPUs: KVM's feature ID registers by name (kvm/id-registers.ts), values as above. What is
 * left out is zero.
 */
export type IdRegisters = Readonly<Record<string, string>>;

export interface FirmwareAbi {
  readonly psci: PsciVersion;
  /** Whether the vCPUs have the feature KVM_ARM_VCPU_PSCI_0_2: all or none of them. */
  readonly psci02: boolean;
  /** Whether KVM_CAP_ARM_SYSTEM_SUSPEND is enabled: SYSTEM_SUSPEND exists for the guest. */
  readonly systemSuspend: boolean;
  readonly registers: FirmwareRegisters;
  /** `compatible` of the device tree's /psci, newest first. */
  readonly psciCompatible: string[];
  /** Affinity of each vCPU (MPIDR_EL1 bits 39–32 and 23–0), in the order of the vCPUs. */
  readonly mpidrs: number[];
  /** Absent: not recorded, or not to be held at the next boot, which takes its host's. */
  readonly idRegisters?: IdRegisters;
}

/** What a VM's description says of the next boot. */
export interface BootChoice {
  readonly psci: PsciVersion;
  readonly systemSuspend: boolean;
  readonly vcpus: number;
}

const HEX = /^0x(?:0|[1-9a-f][0-9a-f]{0,15})$/;

export function isRegisterValue(value: unknown): value is string {
  return typeof value === 'string' && HEX.test(value);
}

export function toHex(value: bigint): string {
  return `0x${value.toString(16)}`;
}

/** Aff0 takes 16 vCPUs, as KVM numbers them (reset_mpidr in arch/arm64/kvm/sys_regs.c); Aff1 goes on from there. */
export function mpidrOf(vcpu: number): number {
  return (vcpu & 0xf) | ((vcpu >> 4) << 8);
}

/** What a machine's firmware must be: the choice of its boot over the registers that were recorded. */
export function firmwareFor(
  { psci, systemSuspend, vcpus }: BootChoice,
  registers: FirmwareRegisters,
  idRegisters?: IdRegisters,
): FirmwareAbi {
  return {
    psci,
    psci02: psci !== '0.1',
    systemSuspend,
    registers,
    psciCompatible: [...psciNode(psci).compatible],
    mpidrs: Array.from({ length: vcpus }, (_, vcpu) => mpidrOf(vcpu)),
    ...(idRegisters === undefined ? {} : { idRegisters }),
  };
}

/**
 * What the next boot must have. Whatever its choice leaves as it was is taken from the record, so that another release
 * of Holdfast changes nothing under the guest; what the choice changes (the version at a cold boot after the pin was
 * changed, the number of vCPUs) is made anew. Registers always stay.
 */
export function carryFirmware(recorded: FirmwareAbi, choice: BootChoice): FirmwareAbi {
  const fresh = firmwareFor(choice, recorded.registers, recorded.idRegisters);
  return {
    ...fresh,
    psciCompatible: choice.psci === recorded.psci ? recorded.psciCompatible : fresh.psciCompatible,
    mpidrs: fresh.mpidrs.map((mpidr, vcpu) => recorded.mpidrs[vcpu] ?? mpidr),
  };
}

/** One text for one interface, whatever the order of an object's members. */
export function canonicalFirmware(abi: FirmwareAbi): string {
  const { psci, psci02, systemSuspend, registers, psciCompatible, mpidrs, idRegisters } = abi;
  const ordered = Object.fromEntries(FIRMWARE_REGISTER_NAMES.map((name) => [name, registers[name]]));
  const ids = Object.fromEntries(Object.entries(idRegisters ?? {}).sort());
  const canonical = { psci, psci02, systemSuspend, registers: ordered, psciCompatible, mpidrs };
  return JSON.stringify({ ...canonical, idRegisters: ids });
}

/** Every difference as a sentence; empty when a guest cannot tell the two apart. */
export function compareFirmware(wanted: FirmwareAbi, found: FirmwareAbi): string[] {
  const differences: string[] = [];
  const differ = (what: string, was: unknown, is: unknown): void => {
    const [before, after] = [spell(was), spell(is)];
    if (before !== after) differences.push(`${what} was ${before} and is ${after}.`);
  };
  differ('The PSCI version', wanted.psci, found.psci);
  differ('The vCPU feature PSCI_0_2', wanted.psci02, found.psci02);
  differ('SYSTEM_SUSPEND', wanted.systemSuspend, found.systemSuspend);
  for (const name of FIRMWARE_REGISTER_NAMES) {
    differ(`The register ${name}`, meaning(name, wanted.registers), meaning(name, found.registers));
  }
  differ("The device tree's /psci", wanted.psciCompatible, found.psciCompatible);
  differ('The vCPU topology', wanted.mpidrs.map(hexOf), found.mpidrs.map(hexOf));
  if (wanted.idRegisters !== undefined && found.idRegisters !== undefined) {
    const names = Object.keys({ ...wanted.idRegisters, ...found.idRegisters });
    for (const name of names.sort()) {
      differ(`The CPU's ${name}`, wanted.idRegisters[name] ?? '0x0', found.idRegisters[name] ?? '0x0');
    }
  }
  return differences;
}

/** A service that the kernel cannot switch on is as good as one that is off. */
function meaning(name: FirmwareRegister, registers: FirmwareRegisters): string | null {
  return registers[name] ?? (FIRMWARE_REGISTERS[name].kind === 'bitmap' ? '0x0' : null);
}

function spell(value: unknown): string {
  if (Array.isArray(value)) return value.join(', ');
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  return value === null ? 'absent' : String(value);
}

function hexOf(value: number): string {
  return `0x${value.toString(16)}`;
}

/**
 * Why a kernel without a register cannot take a guest that has it; null when the guest may do without: it had no such
 * register before, or a bitmap that offered nothing, or the register was as a kernel starts it and the VM allows that it
 * is left out.
 */
export function missingRegister(
  name: FirmwareRegister,
  recorded: string | null,
  allowMissing: boolean,
): 'NOT_ALLOWED' | 'NOT_AT_RESET' | null {
  if (recorded === null) return null;
  const { kind, atReset } = FIRMWARE_REGISTERS[name];
  if (kind === 'bitmap' && BigInt(recorded) === 0n) return null;
  if (BigInt(recorded) !== atReset) return 'NOT_AT_RESET';
  return allowMissing ? null : 'NOT_ALLOWED';
}

/** Why registers keep a VM off a host, by what the host's start with; empty when they do not. */
export function objectionsTo(
  recorded: FirmwareRegisters,
  host: FirmwareRegisters,
  allowMissing: boolean,
): { readonly register: FirmwareRegister; readonly why: 'missing' | 'refused' }[] {
  return FIRMWARE_REGISTER_NAMES.flatMap((register) => {
    const [wanted, offered] = [recorded[register], host[register]];
    if (wanted === null) return [];
    if (offered === null) {
      return missingRegister(register, wanted, allowMissing) === null ? [] : { register, why: 'missing' };
    }
    return takes(register, BigInt(wanted), BigInt(offered)) ? [] : { register, why: 'refused' };
  });
}

/** KVM has the last word; this is what can be told without asking it. */
function takes(register: FirmwareRegister, wanted: bigint, offered: bigint): boolean {
  const { kind, atReset } = FIRMWARE_REGISTERS[register];
  if (kind === 'level') return wanted <= offered;
  // A bitmap that starts empty does not show what it could hold.
  return atReset === 0n || (wanted & ~offered) === 0n;
}

/** What is to be written to a register of a kernel that has it; null for nothing. */
export function registerToWrite(name: FirmwareRegister, recorded: string | null): bigint | null {
  if (recorded !== null) return BigInt(recorded);
  // What an older kernel could not give must not appear under the guest, and a bitmap is how to withhold it.
  return FIRMWARE_REGISTERS[name].kind === 'bitmap' ? 0n : null;
}
