/** What a person can look up a register by. */
import { systemRegister } from './registers.ts';

/** By op0, op1, CRn, CRm, op2 (Arm Architecture Reference Manual, DDI 0487): those a host is likely to refuse. */
const NAMES: Readonly<Record<string, string>> = {
  '3,0,0,0,0': 'MIDR_EL1',
  '3,0,0,0,5': 'MPIDR_EL1',
  '3,0,0,0,6': 'REVIDR_EL1',
  '3,0,0,4,0': 'ID_AA64PFR0_EL1',
  '3,0,0,4,1': 'ID_AA64PFR1_EL1',
  '3,0,0,4,2': 'ID_AA64PFR2_EL1',
  '3,0,0,4,4': 'ID_AA64ZFR0_EL1',
  '3,0,0,4,5': 'ID_AA64SMFR0_EL1',
  '3,0,0,4,7': 'ID_AA64FPFR0_EL1',
  '3,0,0,5,0': 'ID_AA64DFR0_EL1',
  '3,0,0,5,1': 'ID_AA64DFR1_EL1',
  '3,0,0,6,0': 'ID_AA64ISAR0_EL1',
  '3,0,0,6,1': 'ID_AA64ISAR1_EL1',
  '3,0,0,6,2': 'ID_AA64ISAR2_EL1',
  '3,0,0,6,3': 'ID_AA64ISAR3_EL1',
  '3,0,0,7,0': 'ID_AA64MMFR0_EL1',
  '3,0,0,7,1': 'ID_AA64MMFR1_EL1',
  '3,0,0,7,2': 'ID_AA64MMFR2_EL1',
  '3,0,0,7,3': 'ID_AA64MMFR3_EL1',
  '3,0,0,7,4': 'ID_AA64MMFR4_EL1',
  '3,0,2,0,3': 'TCR2_EL1',
  '3,0,10,2,2': 'PIRE0_EL1',
  '3,0,10,2,3': 'PIR_EL1',
  '3,1,0,0,1': 'CLIDR_EL1',
  '3,1,0,0,7': 'AIDR_EL1',
  '3,3,0,0,1': 'CTR_EL0',
};

/** KVM_REG_ARM_COPROC_MASK and KVM_REG_ARM_DEMUX: CCSIDR_EL1, one for each cache that CSSELR_EL1 selects. */
const GROUP_MASK = 0x0fff_0000n;
const GROUP_DEMUX = 0x0011_0000n;

/** `TCR2_EL1`, `S3_0_C2_C0_4`, `CCSIDR_EL1[2]`, or the id. */
export function registerName(id: bigint): string {
  const encoding = systemRegister(id);
  if (encoding !== null) {
    const { op0, op1, crn, crm, op2 } = encoding;
    const known = NAMES[[op0, op1, crn, crm, op2].join(',')];
    return known ?? `S${op0}_${op1}_C${crn}_C${crm}_${op2}`;
  }
  if ((id & GROUP_MASK) === GROUP_DEMUX) return `CCSIDR_EL1[${id & 0xffn}]`;
  return `0x${id.toString(16)}`;
}
