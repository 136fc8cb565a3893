import { describe, expect, it } from 'vitest';
import { ANSWER_ADDRESS, callProgram, MEMORY_SIZE } from '../../../../src/machine/fingerprint/program.ts';
import { SCENARIOS } from '../../../../src/psci/calls.ts';

/** By the Arm Architecture Reference Manual, DDI 0487, section C6.2. */
const CODE = [
  ...[0x10000194, 0xf9400294, 0x10000193], // adr x20, answer; ldr x20, [x20]; adr x19, calls
  ...[0xf9400260, 0xf9400661, 0xf9400a62, 0xf9400e63], // next: ldr x0 to x3, [x19, #0 to #24]
  ...[0xd4000002, 0xf9000280, 0x91008273, 0x17fffff9], // hvc #0; str x0, [x20]; add x19, x19, #32; b next
];

describe('the program of the guest that makes calls', () => {
  const program = callProgram([
    { id: 'a', registers: [0x84000003, 2 ** 32, 7, 9], words: 1, row: 'beside', legacy: false },
    { id: 'b', registers: [0xc4000003, 1, 2, 3], words: 1, row: 'beside', legacy: false },
  ]);
  const view = new DataView(program.buffer);

  it('is an interpreter with the calls behind it', () => {
    expect(CODE.map((_, i) => view.getUint32(4 * i, true).toString(16))).toEqual(
      CODE.map((word) => word.toString(16)),
    );
    const data = Array.from({ length: 9 }, (_, i) => Number(view.getBigUint64(48 + 8 * i, true)));
    expect(data).toEqual([ANSWER_ADDRESS, 0x84000003, 2 ** 32, 7, 9, 0xc4000003, 1, 2, 3]);
  });

  it('finds its data by addresses relative to itself', () => {
    // ADR at 0 leads to the answer's address at 48, ADR at 8 to the calls at 56.
    expect([0, 8].map((at) => at + 4 * ((view.getUint32(at, true) >>> 5) & 0x7ffff))).toEqual([48, 56]);
  });

  it('has room for every scenario', () => {
    for (const { calls } of SCENARIOS) expect(callProgram(calls).length).toBeLessThanOrEqual(MEMORY_SIZE);
  });
});
