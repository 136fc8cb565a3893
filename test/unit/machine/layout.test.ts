import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MachineConfigError } from '../../../src/machine/errors.ts';
import {
  CLOCK,
  GIB,
  GIC_DISTRIBUTOR,
  GIC_INTERRUPTS,
  GIC_REDISTRIBUTOR,
  GPIO,
  MAX_RAM,
  MAX_VCPUS,
  MIB,
  RAM_BASE,
  ramLayout,
  UART,
  VIRTIO_SLOTS,
  virtioSlot,
} from '../../../src/machine/layout.ts';

describe('the devices', () => {
  it('lie apart from each other and below RAM', () => {
    const ranges = [
      { base: GIC_DISTRIBUTOR.base, size: GIC_DISTRIBUTOR.size },
      { base: GIC_REDISTRIBUTOR.base, size: GIC_REDISTRIBUTOR.sizePerVcpu * MAX_VCPUS },
      { base: UART.base, size: 0x1000 },
      { base: CLOCK.base, size: 0x1000 },
      { base: GPIO.base, size: 0x1000 },
      ...Array.from({ length: VIRTIO_SLOTS }, (_, slot) => ({ base: virtioSlot(slot).base, size: 0x200 })),
    ];
    for (const [i, { base, size }] of ranges.entries()) {
      expect(base + size).toBeLessThanOrEqual(ranges[i + 1]?.base ?? RAM_BASE);
    }
  });

  it('have interrupts of their own that the GIC has', () => {
    const spis = [
      UART.spi,
      CLOCK.spi,
      GPIO.spi,
      ...Array.from({ length: VIRTIO_SLOTS }, (_, slot) => virtioSlot(slot).spi),
    ];
    expect(new Set(spis).size).toBe(spis.length);
    expect(Math.max(...spis) + 32).toBeLessThan(GIC_INTERRUPTS);
  });

  it('are no more than there are slots', () => {
    expect(() => virtioSlot(VIRTIO_SLOTS)).toThrow(RangeError);
    expect(() => virtioSlot(-1)).toThrow(RangeError);
  });
});

describe('RAM', () => {
  it('holds kernel, initramfs and device tree, from low to high', () => {
    const kernel = { textOffset: 0, imageSize: 40 * MIB };
    expect(ramLayout(384 * MIB, kernel, 3 * MIB + 1)).toEqual({
      kernel: { address: 0x4000_0000, size: 40 * MIB },
      initramfs: { address: 0x4000_0000 + 379 * MIB - 0x1000, size: 3 * MIB + 1 },
      fdt: { address: 0x4000_0000 + 382 * MIB, size: 2 * MIB },
    });
  });

  it('needs no initramfs', () => {
    expect(ramLayout(64 * MIB, { textOffset: 0x8_0000, imageSize: MIB }, null)).toMatchObject({
      kernel: { address: 0x4008_0000 },
      initramfs: null,
    });
  });

  it('keeps the initramfs within reach of the kernel', () => {
    const { initramfs } = ramLayout(100 * GIB, { textOffset: 0, imageSize: 40 * MIB }, MIB);
    expect((initramfs?.address ?? 0) + MIB).toBeLessThanOrEqual(RAM_BASE + 32 * GIB);
  });

  it('refuses what does not fit and says how much would', () => {
    const kernel = { textOffset: 0, imageSize: 40 * MIB };
    const refusal = (() => {
      try {
        ramLayout(48 * MIB, kernel, 8 * MIB);
      } catch (error) {
        return error;
      }
    })();
    expect(refusal).toMatchObject({ code: 'GUEST_MEMORY_TOO_SMALL' });
    const enough = Number(/at least (\d+) MiB/.exec((refusal as Error).message)?.[1]);
    expect(() => ramLayout(enough * MIB, kernel, 8 * MIB)).not.toThrow();
  });

  it('always places everything inside, apart and aligned, or refuses', () => {
    const sizes = fc.record({
      ram: fc.integer({ min: 1, max: MAX_RAM / MIB }),
      imageSize: fc.integer({ min: 1, max: 200 * MIB }),
      textOffset: fc.constantFrom(0, 0x8_0000),
      initramfs: fc.option(fc.integer({ min: 0, max: 2 * GIB })),
    });
    fc.assert(
      fc.property(sizes, ({ ram, imageSize, textOffset, initramfs }) => {
        try {
          const layout = ramLayout(ram * MIB, { imageSize, textOffset }, initramfs);
          const middle = layout.initramfs ?? { address: layout.fdt.address, size: 0 };
          expect(layout.kernel.address).toBe(RAM_BASE + textOffset);
          expect(layout.kernel.address + layout.kernel.size).toBeLessThanOrEqual(middle.address);
          expect(middle.address + middle.size).toBeLessThanOrEqual(layout.fdt.address);
          expect(layout.fdt.address + layout.fdt.size).toBeLessThanOrEqual(RAM_BASE + ram * MIB);
          expect(layout.fdt.address % (2 * MIB)).toBe(0);
          expect(middle.address % 4096).toBe(0);
        } catch (error) {
          expect(error).toBeInstanceOf(MachineConfigError);
        }
      }),
    );
  });
});
