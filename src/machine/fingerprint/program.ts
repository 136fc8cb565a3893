/**
 * The program of the guest that measures a host's firmware: an interpreter. The calls it makes lie behind it as data,
 * four registers each; it makes one after the other and hands the answer's x0 to the host by writing it where no memory
 * is. The host reads x1 to x3 from the vCPU then, where they are part of the answer.
 *
 * Answers do not go by memory: with its MMU off the guest writes past the caches, and the host would read what is in
 * them. What the host wrote before the guest ran is safe, as a kernel image is.
 */
import type { GuestCall } from '../../psci/calls.ts';
import { addTo, adr, align, assemble, b, hvc, type Item, label, load64, store64 } from './assembler.ts';

/** Guest physical address of memory and program: code has to lie where CPU_ON's entry point could be. */
export const MEMORY_BASE = 0x4000_0000;
/** Bytes: what the largest of arm64's page sizes divides. */
export const MEMORY_SIZE = 0x1_0000;
/** Where answers are written. */
export const ANSWER_ADDRESS = 0x0900_0000;

/** Bytes of one call. */
const CALL_SIZE = 32;
/** Registers that no call changes (DEN0028, section 2.6): the next call, and where its answer goes. */
const [CALL, ANSWER] = [19, 20];

/** Position-independent; ends by running past the last call, which the host does not let it. */
export function callProgram(calls: readonly GuestCall[]): Uint8Array {
  return assemble(
    ...[adr(ANSWER, 'answer'), load64(ANSWER, ANSWER), adr(CALL, 'calls')],
    label('next'),
    ...[0, 1, 2, 3].map((register) => load64(register, CALL, 8 * register)),
    hvc,
    store64(0, ANSWER),
    addTo(CALL, CALL, CALL_SIZE),
    b('next'),
    ...[align(8), label('answer'), words([ANSWER_ADDRESS])],
    ...[label('calls'), words(calls.flatMap(({ registers }) => registers))],
  );
}

/** 64 bits each. */
function words(values: readonly number[]): Item {
  const bytes = new Uint8Array(8 * values.length);
  const view = new DataView(bytes.buffer);
  for (const [i, value] of values.entries()) view.setBigUint64(8 * i, BigInt(value), true);
  return { data: bytes };
}
