/**
 * The registers by which a guest reads what its CPUs are: KVM's feature ID registers.
 *
 * Those of op0 3, op1 0, 1 and 3, CRn 0 and CRm 0 to 7 (Documentation/virt/kvm/api.rst, "4.139
 * KVM_ARM_GET_REG_WRITABLE_MASKS"), but for MPIDR_EL1, which tells the vCPUs apart. KVM keeps them per VM, CLIDR_EL1 per
 * vCPU. Which fields take another value than the host's is the kernel's to say: none before Linux 6.3, most of them in
 * recent ones, and none once a vCPU has run (arch/arm64/kvm/sys_regs.c, set_id_reg).
 */
import { type IdRegisters, toHex } from '../psci/firmware.ts';
import { registerName } from './register-names.ts';
import { MPIDR_EL1, sysreg, systemRegister } from './registers.ts';
import type { Vcpu } from './vcpu.ts';

const FIELDS = [0, 1, 2, 3, 4, 5, 6, 7];

const IDS: readonly bigint[] = [
  ...FIELDS.flatMap((crm) => FIELDS.map((op2) => sysreg(3, 0, 0, crm, op2))),
  // CLIDR_EL1, AIDR_EL1, CTR_EL0.
  ...[sysreg(3, 1, 0, 0, 1), sysreg(3, 1, 0, 0, 7), sysreg(3, 3, 0, 0, 1)],
].filter((id) => id !== MPIDR_EL1);

const NAMED = new Map(IDS.map((id) => [id, registerName(id)]));

const ID_AA64PFR0_EL1 = 'ID_AA64PFR0_EL1';
/** ID_AA64PFR0_EL1.EL0, bits 3–0: 1 when EL0 has no AArch32 (DDI 0487, section D24.2.80). */
const EL0_MASK = 0xfn;
const EL0_AARCH64_ONLY = 1n;

export function isIdRegister(id: bigint): boolean {
  return NAMED.has(id);
}

/**
 * The registers that mean something to a guest whose ID_AA64PFR0_EL1 is this: without AArch32 the registers about it are
 * UNKNOWN, and kernels differ in what they show of them.
 */
export function meaningfulIds({
  [ID_AA64PFR0_EL1]: pfr0 = '0x0',
}: IdRegisters): [id: bigint, name: string][] {
  const aarch64Only = (BigInt(pfr0) & EL0_MASK) === EL0_AARCH64_ONLY;
  return Array.from(NAMED).filter(([id]) => !(aarch64Only && isAarch32(id)));
}

/** ID_PFR0_EL1 and those up to CRm 3: what AArch32 has. */
function isAarch32(id: bigint): boolean {
  const { op1, crm } = systemRegister(id) ?? { op1: 0, crm: 0 };
  return op1 === 0 && crm >= 1 && crm <= 3;
}

/** What a guest with such a vCPU reads. @throws KvmError */
export function readIdRegisters(vcpu: Pick<Vcpu, 'findRegister'>): IdRegisters {
  const found: Record<string, string> = {};
  for (const [id, name] of NAMED) {
    const value = vcpu.findRegister(id) ?? 0n;
    if (value !== 0n) found[name] = toHex(value);
  }
  const names = new Set(meaningfulIds(found).map(([, name]) => name));
  return Object.fromEntries(Object.entries(found).filter(([name]) => names.has(name)));
}
