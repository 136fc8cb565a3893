/**
 * Ids of the registers that KVM_GET_ONE_REG and KVM_SET_ONE_REG take on arm64.
 *
 * An id is `architecture | size | group | register` (include/uapi/linux/kvm.h and arch/arm64/include/uapi/asm/kvm.h;
 * Documentation/virt/kvm/api.rst, "4.68 KVM_SET_ONE_REG"). Every register here is 64 bits wide.
 */

/** KVM_REG_ARM64 | KVM_REG_SIZE_U64. */
const ARM64_U64 = 0x6030_0000_0000_0000n;
/** KVM_REG_ARM_COPROC_MASK: where the group lies. */
const GROUP_MASK = 0x0fff_0000n;
const GROUP_CORE = 0x0010_0000n;
const GROUP_SYSREG = 0x0013_0000n;
/** Firmware pseudo registers, among them the PSCI version (Documentation/virt/kvm/arm/fw-pseudo-registers.rst). */
const GROUP_FW = 0x0014_0000n;
/** Firmware feature bitmaps, same document. */
const GROUP_FW_FEAT_BMAP = 0x0016_0000n;

/** A core register lies at `offset / 4` of `struct kvm_regs`, which begins with x0 to x30, sp, pc and pstate. */
function core(byteOffset: number): bigint {
  return ARM64_U64 | GROUP_CORE | BigInt(byteOffset / 4);
}

/** A system register by its encoding. */
export function sysreg(op0: number, op1: number, crn: number, crm: number, op2: number): bigint {
  return ARM64_U64 | GROUP_SYSREG | BigInt((op0 << 14) | (op1 << 11) | (crn << 7) | (crm << 3) | op2);
}

/** General register x0 to x30. */
export function x(n: number): bigint {
  return core(8 * n);
}

/** Program counter. */
export const PC = core(256);

/** Processor state: exception level, stack selection and the interrupt masks of a vCPU. */
export const PSTATE = core(264);

/**
 * Virtual count: what CNTVCT_EL0 reads in the guest. Common to the VM's vCPUs. Not named by its system register's
 * encoding: KVM swapped it with CNTV_CVAL_EL0 and kept that as ABI (arch/arm64/include/uapi/asm/kvm.h).
 */
export const TIMER_CNT = sysreg(3, 3, 14, 3, 2);

/** Physical count: what CNTPCT_EL0 reads in the guest (KVM_REG_ARM_PTIMER_CNT, in the list since Linux 6.4). */
export const PHYSICAL_TIMER_CNT = sysreg(3, 3, 14, 0, 1);

/** Which extensions of the memory system the guest may use. */
export const ID_AA64MMFR3_EL1 = sysreg(3, 0, 0, 7, 3);

/** The fields of a system register's encoding, or null for an id that names none. */
export function systemRegister(
  id: bigint,
): { op0: number; op1: number; crn: number; crm: number; op2: number } | null {
  if ((id & GROUP_MASK) !== GROUP_SYSREG) return null;
  const code = Number(id & 0xffffn);
  return {
    op0: code >> 14,
    op1: (code >> 11) & 7,
    crn: (code >> 7) & 15,
    crm: (code >> 3) & 15,
    op2: code & 7,
  };
}

/**
 * The PSCI version that the guest sees, `major << 16 | minor`, for the whole VM though reached through any vCPU
 * (KVM_REG_ARM_PSCI_VERSION, Linux 4.17; backported to older stable kernels).
 */
export const PSCI_VERSION = ARM64_U64 | GROUP_FW;

/** A firmware register by the low bits of its id: its group and number (psci/firmware.ts lists them). */
export function firmwareRegister(id: number): bigint {
  return ARM64_U64 | BigInt(id);
}

/** MPIDR_EL1, by which the guest names a vCPU. */
export const MPIDR_EL1 = sysreg(3, 0, 0, 0, 5);
/** Its affinity fields: bits 39–32 and 23–0 (Arm Architecture Reference Manual, DDI 0487, section D24.2.122). */
export const MPIDR_AFFINITY = 0xff_00ff_ffffn;

/** Whether a register is part of what the guest sees of its firmware. */
export function isFirmwareRegister(id: bigint): boolean {
  const group = id & GROUP_MASK;
  return group === GROUP_FW || group === GROUP_FW_FEAT_BMAP;
}
