import { describe, expect, it } from 'vitest';
import { isFirmwareRegister, PC, PSCI_VERSION, PSTATE, TIMER_CNT, x } from '../../../src/kvm/registers.ts';

describe('register ids', () => {
  it('are those of the kernel’s documentation', () => {
    // Documentation/virt/kvm/arm/fw-pseudo-registers.rst and arch/arm64/include/uapi/asm/kvm.h.
    expect(PSCI_VERSION).toBe(0x6030_0000_0014_0000n);
    expect(x(0)).toBe(0x6030_0000_0010_0000n);
    expect(x(30)).toBe(0x6030_0000_0010_003cn);
    expect(PC).toBe(0x6030_0000_0010_0040n);
    expect(PSTATE).toBe(0x6030_0000_0010_0042n);
    expect(TIMER_CNT).toBe(0x6030_0000_0013_df1an);
  });

  it('tell firmware registers from others', () => {
    const bitmaps = [0x6030_0000_0016_0000n, 0x6030_0000_0016_0003n];
    expect([PSCI_VERSION, 0x6030_0000_0014_0003n, ...bitmaps].map(isFirmwareRegister)).not.toContain(false);
    expect([x(0), PC, PSTATE, TIMER_CNT].map(isFirmwareRegister)).not.toContain(true);
  });
});
