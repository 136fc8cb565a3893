/**
 * Guests of a few instructions (Arm Architecture Reference Manual, DDI 0487, section C6.2), the same for both machine
 * monitors: their serial ports, a 16550A and a PL011, are at one address and take a byte to send at offset 0.
 */
import { branch, call, image, lsr, mov, PSCI, strb } from '../../../test/lab/inside/payload.ts';

const UART = 0x0900_0000;
/** A register that tells the transmitter's state, and has no side effect: LSR of the 16550A, FR of the PL011. */
const STATUS = { holdfast: 5, qemu: 0x18 } as const;

const nop = 0xd503_201f;
const wfi = 0xd503_207f;
const isb = 0xd503_3fdf;
/** MRS xN, CNTVCT_EL0 and CNTFRQ_EL0. */
const count = (register: number): number[] => [isb, (0xd53b_e040 | register) >>> 0];
const frequency = (register: number): number[] => [(0xd53b_e000 | register) >>> 0];
/** LDRB wA, [xB]. */
const ldrb = (value: number, address: number): number[] => [0x3940_0000 | (address << 5) | value];
const sub = (to: number, from: number, what: number): number[] => [
  (0xcb00_0000 | (what << 16) | (from << 5) | to) >>> 0,
];
/** SUBS xN, xN, #1 and B.NE by instructions. */
const decrement = (register: number): number[] => [(0xf100_0400 | (register << 5) | register) >>> 0];
const branchIfNotZero = (by: number): number[] => [0x5400_0001 | ((by & 0x7ffff) << 5)];
/** Sends the eight bytes of a register, lowest first; uses x8 and x9. */
const send = (register: number): number[] => [
  ...mov(9, UART),
  ...[0, 8, 16, 24, 32, 40, 48, 56].flatMap((shift) => [...lsr(8, register, shift), ...strb(8, 9)]),
];

/** Says "!" and waits for ever: a guest that has come up and does nothing. */
export const idle = image([...mov(9, UART), ...mov(8, 0x21), ...strb(8, 9), wfi, ...branch(-1), nop]);

/**
 * Reads a register that takes an exit to user space `times` times, thrice after a round to warm up; sends the counter's
 * frequency and three times how far it went.
 */
export function exits(vmm: keyof typeof STATUS, times: number): Uint8Array {
  const round = [
    ...mov(3, times),
    ...mov(4, UART + STATUS[vmm]),
    ...count(5),
    ...ldrb(6, 4),
    ...decrement(3),
    ...branchIfNotZero(-2),
    ...count(7),
    ...sub(7, 7, 5),
  ];
  return image([
    ...round,
    ...frequency(1),
    ...send(1),
    ...[1, 2, 3].flatMap(() => [...round, ...send(7)]),
    ...call(PSCI.systemOff),
  ]);
}
