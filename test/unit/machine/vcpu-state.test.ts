/** Which registers a restore needs, leaves out, and refuses. */
import { describe, expect, it } from 'vitest';
import { EINVAL, ENOENT } from '../../../src/kvm/errno.ts';
import { registerName } from '../../../src/kvm/register-names.ts';
import { PC, PHYSICAL_TIMER_CNT, PSCI_VERSION, TIMER_CNT, x } from '../../../src/kvm/registers.ts';
import {
  countsOf,
  dropUnsettable,
  restoreVcpu,
  type VcpuState,
  type VcpuToRestore,
} from '../../../src/machine/snapshot/vcpu-state.ts';

const sysreg = (op0: number, op1: number, crn: number, crm: number, op2: number): bigint =>
  0x6030_0000_0013_0000n | BigInt((op0 << 14) | (op1 << 11) | (crn << 7) | (crm << 3) | op2);

const MIDR = sysreg(3, 0, 0, 0, 0);
const MMFR3 = sysreg(3, 0, 0, 7, 3);
const SCTLR = sysreg(3, 0, 1, 0, 0);
const TCR2 = sysreg(3, 0, 2, 0, 3);
const PIR = sysreg(3, 0, 10, 2, 3);
const PMCR = sysreg(3, 3, 9, 12, 0);
const PMEVCNTR3 = sysreg(3, 3, 14, 8, 3);

/** A vCPU of a kernel that has just these registers, and takes no other value of those that `fixed` names. */
class Vcpu implements VcpuToRestore {
  readonly values: Map<bigint, bigint>;
  readonly written: bigint[] = [];
  readonly #fixed: readonly bigint[];
  mpState = -1;

  constructor(values: readonly (readonly [bigint, bigint])[], fixed: readonly bigint[] = []) {
    this.values = new Map(values);
    this.#fixed = fixed;
  }

  get(id: bigint): Uint8Array {
    return bytes(this.values.get(id) ?? 0n);
  }

  set(id: bigint, value: Uint8Array): number {
    if (!this.values.has(id)) return -ENOENT;
    if (this.#fixed.includes(id)) return -EINVAL;
    this.values.set(id, Buffer.from(value).readBigUInt64LE());
    this.written.push(id);
    return 0;
  }

  setMpState(state: number): number {
    this.mpState = state;
    return 0;
  }

  setEvents(): number {
    return 0;
  }
}

function bytes(value: bigint): Buffer {
  const buffer = Buffer.alloc(8);
  buffer.writeBigUInt64LE(value);
  return buffer;
}

function saved(
  ...registers: readonly (readonly [id: bigint, value: bigint, atReset?: boolean])[]
): VcpuState {
  return {
    mpState: 5,
    events: '00'.repeat(64),
    registers: registers.map(([id, value, atReset = false]) => ({
      id: id.toString(16),
      value: bytes(value).toString('hex'),
      atReset,
    })),
  };
}

const strict = { index: 1, skipAbsentDefaults: false };
const lenient = { index: 1, skipAbsentDefaults: true };

describe('a restored vCPU', () => {
  it('has every register in the saved order, its state, and counts for later', () => {
    const state = saved(
      [x(0), 7n],
      [PC, 0x4000_0000n],
      [SCTLR, 5n],
      [TIMER_CNT, 99n],
      [PHYSICAL_TIMER_CNT, 98n],
    );
    const vcpu = new Vcpu([x(0), PC, SCTLR, TIMER_CNT, PHYSICAL_TIMER_CNT].map((id) => [id, 0n]));
    expect(restoreVcpu(vcpu, state, strict)).toEqual([]);
    expect(vcpu.written).toEqual([x(0), PC, SCTLR]);
    expect(vcpu.mpState).toBe(5);
    expect([...countsOf(state)]).toEqual([
      [TIMER_CNT, 99n],
      [PHYSICAL_TIMER_CNT, 98n],
    ]);
  });

  it('has no physical count where the host cannot set it, and any other on every host', () => {
    const both = () => new Map([TIMER_CNT, PHYSICAL_TIMER_CNT].map((id) => [id, 5n]));
    const [older, newer] = [both(), both()];
    expect(dropUnsettable(new Vcpu([[TIMER_CNT, 0n]]), older)).toEqual([registerName(PHYSICAL_TIMER_CNT)]);
    expect([...older]).toEqual([[TIMER_CNT, 5n]]);
    expect(dropUnsettable(new Vcpu([...both()]), newer)).toEqual([]);
    expect(newer).toEqual(both());
  });

  it('never has a firmware register written', () => {
    const vcpu = new Vcpu([[PSCI_VERSION, 1n]]);
    restoreVcpu(vcpu, saved([PSCI_VERSION, 2n]), strict);
    expect(vcpu.written).toEqual([]);
  });

  it('does without what its guest cannot reach', () => {
    const state = saved([PMCR, 1n], [PMEVCNTR3, 2n], [MMFR3, 0n], [TCR2, 3n], [PIR, 4n]);
    const names = restoreVcpu(new Vcpu([[MMFR3, 0n]]), state, strict);
    expect(names).toEqual([PMCR, PMEVCNTR3, TCR2, PIR].map(registerName));
    expect(names).toContain('TCR2_EL1');
  });

  it('is refused without what its guest can reach', () => {
    const reachable = saved([MMFR3, 0x101n], [TCR2, 3n], [PIR, 4n]);
    const host = () => new Vcpu([[MMFR3, 0x101n]]);
    expect(() => restoreVcpu(host(), reachable, lenient)).toThrow(
      expect.objectContaining({
        code: 'SNAPSHOT_REGISTER_MISSING',
        message: expect.stringMatching(/vCPU 1 .*TCR2_EL1, PIR_EL1/),
      }),
    );
  });

  it('does without a register at its default only when that is asked for', () => {
    const state = saved([SCTLR, 5n, true], [MIDR, 1n]);
    const host = () => new Vcpu([[MIDR, 1n]]);
    expect(() => restoreVcpu(host(), state, strict)).toThrow(/S3_0_C1_C0_0 \(at its default\)/);
    expect(restoreVcpu(host(), state, lenient)).toEqual(['S3_0_C1_C0_0']);
  });

  it('may have a register that nobody can write, if it has the same value', () => {
    const same = new Vcpu([[MIDR, 0x410f_d0c1n]], [MIDR]);
    expect(restoreVcpu(same, saved([MIDR, 0x410f_d0c1n]), strict)).toEqual([]);
    const other = new Vcpu([[MIDR, 0x410f_d0c1n]], [MIDR]);
    expect(() => restoreVcpu(other, saved([MIDR, 0x411f_d401n]), lenient)).toThrow(
      expect.objectContaining({
        code: 'SNAPSHOT_REGISTER_REFUSED',
        message: expect.stringContaining(
          'MIDR_EL1 0x00000000411fd401 (EINVAL; the host has 0x00000000410fd0c1)',
        ),
      }),
    );
  });
});
