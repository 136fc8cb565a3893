/** src/kvm on the KVM of each kernel: what it accepts, what a guest then reads, and what comes back from it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LabHost } from '../../src/lab/host.ts';
import { FLEET_KERNELS, fleet } from '../support/fleet.ts';
import { runInside } from '../support/inside.ts';

const V0_2 = 0x2;
const V1_0 = 0x1_0000;
const V1_1 = 0x1_0001;
const V1_2 = 0x1_0002;
const V1_3 = 0x1_0003;
const REFUSED = 'PSCI_VERSION_NOT_SUPPORTED';

/** Of the emulated CPU, which needs no mitigation by firmware and has SSBS for the second. */
const LEVELS = {
  SMCCC_ARCH_WORKAROUND_1: '0x2',
  SMCCC_ARCH_WORKAROUND_2: '0x0',
  SMCCC_ARCH_WORKAROUND_3: '0x2',
};
const BITMAPS = { STD_BMAP: '0x1', STD_HYP_BMAP: '0x1', VENDOR_HYP_BMAP: '0x3' };
const NO_BITMAPS = { STD_BMAP: null, STD_HYP_BMAP: null, VENDOR_HYP_BMAP: null, VENDOR_HYP_BMAP_2: null };
const upTo1_1 = {
  accepted: ['0.1', '0.2', '1.0', '1.1'],
  default: '1.1',
  registers: { ...LEVELS, ...BITMAPS, VENDOR_HYP_BMAP_2: null },
  reads: { '0.2': V0_2, '1.0': V1_0, '1.1': V1_1, '1.2': REFUSED, '1.3': REFUSED },
};
const kernels = [
  {
    kernel: '5.10',
    accepted: ['0.1', '0.2', '1.0'],
    default: '1.0',
    registers: { ...LEVELS, ...NO_BITMAPS },
    reads: { '0.2': V0_2, '1.0': V1_0, '1.1': REFUSED, '1.2': REFUSED, '1.3': REFUSED },
  },
  { kernel: '6.1', ...upTo1_1 },
  { kernel: '6.12', ...upTo1_1 },
  {
    kernel: '7.3',
    accepted: ['0.1', '0.2', '1.0', '1.1', '1.2', '1.3'],
    default: '1.3',
    registers: { ...LEVELS, ...BITMAPS, VENDOR_HYP_BMAP_2: '0x0' },
    reads: { '0.2': V0_2, '1.0': V1_0, '1.1': V1_1, '1.2': V1_2, '1.3': V1_3 },
  },
] as const;

interface Findings {
  readonly probe: { readonly accepted: string[]; readonly default: string };
  readonly guestReads: Record<string, number | string>;
  readonly events: Record<'off' | 'reset' | 'reset2' | 'off2', object>;
  readonly lateWrites: object;
  readonly kicks: unknown[];
  readonly closing: { readonly opened: number };
  readonly gic: object;
  readonly secondReset: object;
  readonly interrupted: string;
}

describe.each(kernels)('on Linux $kernel', (expected) => {
  const isInFleet = FLEET_KERNELS.includes(expected.kernel);
  let host: LabHost;
  let found: Findings;

  beforeAll(async () => {
    host = isInFleet
      ? (await fleet()).emulated(expected.kernel).lab
      : await LabHost.start({ kernel: expected.kernel, name: 'kvm-test' });
    found = await runInside<Findings>(host, 'kvm');
  });
  afterAll(async () => {
    if (!isInFleet) await host.crash();
  });

  it('the probe finds what KVM accepts, its default and its other firmware registers', () => {
    expect(found.probe).toEqual({
      accepted: expected.accepted,
      default: expected.default,
      registers: expected.registers,
      systemSuspend: expected.kernel !== '5.10',
    });
  });

  it('a guest reads its pin, and other versions are refused', () => {
    expect(found.guestReads).toEqual(expected.reads);
  });

  it('power-off and reset come as events without flags', () => {
    expect(found.events.off).toMatchObject({ kind: 'event', value: 1, data: ['0x0'] });
    expect(found.events.reset).toMatchObject({ kind: 'event', value: 2, data: ['0x0'] });
  });

  it('a SYSTEM_RESET2 that exists has its flag and its arguments', () => {
    const reset2 = { value: 2, data: ['0x1'], x1: '0x80000001', x2: '0x1234' };
    const none = { value: 1, data: ['0x0'] };
    expect(found.events.reset2).toMatchObject(expected.default === '1.0' ? none : reset2);
  });

  it('a SYSTEM_OFF2 that exists has its flag', () => {
    const flag = expected.default === '1.3' ? '0x1' : '0x0';
    expect(found.events.off2).toMatchObject({ value: 1, data: [flag], x1: '0x0', x2: '0x0' });
  });

  it('KVM would change a running guest’s version; once locked, nothing does', () => {
    expect(found.lateWrites).toEqual({
      ...{ pinned: V1_0, unlockedWrite: 0, changed: V0_2 },
      lockedWrite: 'FirmwareLockedError',
      throughOrdinaryRegisters: 'TypeError',
      stays: V0_2,
    });
  });

  it('a kick before KVM_RUN is not lost, and is gone once drained', () => {
    expect(found.kicks).toEqual(['EINTR', 'write']);
  });

  it('handles give everything back once and refuse use afterwards', () => {
    expect(found.closing.opened).toBeGreaterThanOrEqual(3);
    expect(found.closing).toMatchObject({
      left: 0,
      vcpuAfterwards: 'ClosedError',
      vmAfterwards: 'ClosedError',
    });
  });

  it('a VM is made whatever signals come meanwhile', () => {
    expect(found.interrupted).toBe('none');
  });

  it('a vCPU that began as one that is off is on after a reset', () => {
    expect(found.secondReset).toEqual({ before: 5, refused: 'none', after: 0, pc: 0 });
  });

  it('the GIC comes after the vCPUs', () => {
    expect(found.gic).toEqual({ lateVcpu: 'KvmError', mpState: 0 });
  });
});
