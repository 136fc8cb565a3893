/**
 * Guests of a few instructions: an arm64 Image header with machine code behind it, assembled here (Arm Architecture
 * Reference Manual, DDI 0487, section C6.2).
 */
import { UART } from '../../../src/machine/layout.ts';

const IMAGE_HEADER_SIZE = 64;

/** MOV of a 32-bit constant into a register: MOVZ of the low half, MOVK of the high one. */
export function mov(register: number, value: number): number[] {
  const low = value & 0xffff;
  const high = value >>> 16;
  return [0xd280_0000 | (low << 5) | register, 0xf2a0_0000 | (high << 5) | register];
}

/** HVC #0: a PSCI call, its function in x0, its result there too. */
export const hvc = [0xd400_0002];
/** STRB of a register's low byte to the address in another. */
export const strb = (value: number, address: number): number[] => [0x3900_0000 | (address << 5) | value];
/** STR and LDR of a whole register. */
export const str64 = (value: number, address: number): number[] => [0xf900_0000 | (address << 5) | value];
export const ldr64 = (value: number, address: number): number[] => [0xf940_0000 | (address << 5) | value];
/** LSR of a register by a constant into another. */
export const lsr = (to: number, from: number, shift: number): number[] => [
  0xd340_fc00 | (shift << 16) | (from << 5) | to,
];
/** ADD of a constant below 4096 to a register. */
export const add = (register: number, value: number): number[] => [
  0x9100_0000 | (value << 10) | (register << 5) | register,
];
/** WFI: rests until an interrupt, of which these guests get none. */
export const waitForInterrupt = [0xd503_207f];
/** B by a number of instructions from this one. */
export const branch = (by: number): number[] => [0x1400_0000 | (by & 0x03ff_ffff)];
/** LDR x3, [x9], #8: the hardware does not describe an access with write-back, so KVM cannot emulate it. */
export const undecodableLoad = [0xf840_8523];

/** Sends the low byte of a register to the serial port; uses x9. */
export const transmit = (register: number): number[] => [...mov(9, UART.base), ...strb(register, 9)];

/** Function ids of PSCI (DEN0022). */
export const PSCI = {
  version: 0x8400_0000,
  systemOff: 0x8400_0008,
  systemReset: 0x8400_0009,
  systemReset2: 0x8400_0012,
  systemOff2: 0xc400_0015,
} as const;

/** A PSCI call with up to three arguments. */
export const call = (id: number, ...values: readonly number[]): number[] => [
  ...mov(0, id),
  ...values.flatMap((value, i) => mov(i + 1, value)),
  ...hvc,
];

/** Writes the guest's PSCI version, four bytes little-endian, to the serial port. */
export const tellVersion: readonly number[] = [
  ...call(PSCI.version),
  ...[0, 8, 16, 24].flatMap((shift) => [...lsr(2, 0, shift), ...transmit(2)]),
];

/** An Image whose first instruction jumps over its header to `code`. */
export function image(code: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(IMAGE_HEADER_SIZE + 4 * code.length);
  const view = new DataView(bytes.buffer);
  const [jump = 0] = branch(IMAGE_HEADER_SIZE / 4);
  view.setUint32(0, jump, true);
  view.setBigUint64(16, BigInt(bytes.length), true);
  view.setUint32(56, 0x644d_5241, true);
  for (const [i, instruction] of code.entries()) view.setUint32(IMAGE_HEADER_SIZE + 4 * i, instruction, true);
  return bytes;
}
