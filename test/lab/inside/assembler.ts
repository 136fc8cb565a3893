/**
 * The instructions of the lab's programs, over those that the assembler has of itself (Arm Architecture Reference
 * Manual, DDI 0487, sections C6.2 and D24).
 */
import type { Item } from '../../../src/machine/fingerprint/assembler.ts';

export * from '../../../src/machine/fingerprint/assembler.ts';

/** A string with its terminating zero. */
export const text = (value: string): Item => ({ data: new TextEncoder().encode(`${value}\0`) });

// Branches.
const branchTo = (opcode: number, to: string): Item => ({
  to,
  encode: (by) => opcode | (by & 0x03ff_ffff),
});
const shortBranchTo = (opcode: number, to: string): Item => ({
  to,
  encode: (by) => opcode | ((by & 0x7_ffff) << 5),
});
export const bl = (to: string): Item => branchTo(0x9400_0000, to);
export const beq = (to: string): Item => shortBranchTo(0x5400_0000, to);
export const bne = (to: string): Item => shortBranchTo(0x5400_0001, to);
export const cbz = (register: number, to: string): Item => shortBranchTo(0xb400_0000 | register, to);
export const cbnz = (register: number, to: string): Item => shortBranchTo(0xb500_0000 | register, to);
export const ret = 0xd65f_03c0;
export const eret = 0xd69f_03e0;

// Arithmetic on whole registers.
export const addRegister = (to: number, a: number, c: number): Item =>
  0x8b00_0000 | (c << 16) | (a << 5) | to;
export const and = (to: number, a: number, c: number): Item => 0x8a00_0000 | (c << 16) | (a << 5) | to;
export const or = (to: number, a: number, c: number): Item => 0xaa00_0000 | (c << 16) | (a << 5) | to;
export const copy = (to: number, from: number): Item => or(to, 31, from);
export const shiftRight = (to: number, from: number, by: number): Item =>
  0xd340_fc00 | (by << 16) | (from << 5) | to;
export const compare = (a: number, c: number): Item => 0xeb00_001f | (c << 16) | (a << 5);
export const compareTo = (register: number, value: number): Item =>
  0xf100_001f | (value << 10) | (register << 5);
/** Reverses the bytes of a 32-bit value. */
export const rev32 = (to: number, from: number): Item => 0x5ac0_0800 | (from << 5) | to;

// Memory: the value's register, the address's register, an offset in bytes.
export const load32 = (to: number, address: number, offset = 0): Item =>
  0xb940_0000 | ((offset / 4) << 10) | (address << 5) | to;
export const store32 = (from: number, address: number, offset = 0): Item =>
  0xb900_0000 | ((offset / 4) << 10) | (address << 5) | from;
export const load8 = (to: number, address: number, offset = 0): Item =>
  0x3940_0000 | (offset << 10) | (address << 5) | to;
export const store8 = (from: number, address: number, offset = 0): Item =>
  0x3900_0000 | (offset << 10) | (address << 5) | from;

// The system.
export const wfi = 0xd503_207f;
export const isb = 0xd503_3fdf;
export const dsb = 0xd503_3f9f;
/** Keeps interrupts out, which still end a `wfi`; the other lets them in. */
export const maskInterrupts = 0xd503_42df;
export const unmaskInterrupts = 0xd503_42ff;
type SystemRegister = readonly [op0: number, op1: number, crn: number, crm: number, op2: number];
const place = ([op0, op1, crn, crm, op2]: SystemRegister) =>
  ((op0 - 2) << 19) | (op1 << 16) | (crn << 12) | (crm << 8) | (op2 << 5);
export const readSystem = (to: number, register: SystemRegister): Item => 0xd530_0000 | place(register) | to;
export const writeSystem = (register: SystemRegister, from: number): Item =>
  0xd510_0000 | place(register) | from;

export const SYSTEM = {
  SCTLR_EL1: [3, 0, 1, 0, 0],
  CURRENT_EL: [3, 0, 4, 2, 2],
  DAIF: [3, 3, 4, 2, 1],
  VBAR_EL1: [3, 0, 12, 0, 0],
  CNTP_TVAL_EL0: [3, 3, 14, 2, 0],
  CNTP_CTL_EL0: [3, 3, 14, 2, 1],
  CNTV_TVAL_EL0: [3, 3, 14, 3, 0],
  CNTV_CTL_EL0: [3, 3, 14, 3, 1],
  ICC_PMR_EL1: [3, 0, 4, 6, 0],
  ICC_SGI1R_EL1: [3, 0, 12, 11, 5],
  ICC_IAR1_EL1: [3, 0, 12, 12, 0],
  ICC_EOIR1_EL1: [3, 0, 12, 12, 1],
  ICC_SRE_EL1: [3, 0, 12, 12, 5],
  ICC_IGRPEN1_EL1: [3, 0, 12, 12, 7],
} as const satisfies Record<string, SystemRegister>;
