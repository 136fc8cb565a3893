import { describe, expect, it } from 'vitest';
import { Bus } from '../../../src/machine/bus.ts';
import type { MmioDevice } from '../../../src/machine/devices/device.ts';

/** Remembers what it was asked. */
class Recorder implements MmioDevice {
  readonly seen: string[] = [];

  read(offset: number, length: number): number {
    this.seen.push(`read ${offset} ${length}`);
    return 0xabcd;
  }

  write(offset: number, length: number, value: number): void {
    this.seen.push(`write ${offset} ${length} ${value}`);
  }
}

describe('the bus', () => {
  it('carries an access to the device it hits, counted from its base', () => {
    const [low, high] = [new Recorder(), new Recorder()];
    const bus = new Bus([
      { base: 0x2000, size: 0x1000, device: high },
      { base: 0x1000, size: 0x1000, device: low },
    ]);
    expect(bus.read(0x1ffc, 4)).toBe(0xabcd);
    bus.write(0x2000, 1, 7);
    expect(bus.read(0x1000, 2)).toBe(0xabcd);
    expect(low.seen).toEqual(['read 4092 4', 'read 0 2']);
    expect(high.seen).toEqual(['write 0 1 7']);
  });

  it('reads 0 and ignores writes where no device is, or only a part of one', () => {
    const device = new Recorder();
    const bus = new Bus([{ base: 0x1000, size: 0x10, device }]);
    for (const address of [0, 0xfff, 0x100e, 0x1010, 2 ** 40]) {
      expect(bus.read(address, 4)).toBe(0);
      bus.write(address, 4, 1);
    }
    expect(device.seen).toEqual([]);
  });

  it('refuses devices that overlap', () => {
    const device = new Recorder();
    const attachments = [
      { base: 0x1000, size: 0x11, device },
      { base: 0x1010, size: 0x10, device },
    ];
    expect(() => new Bus(attachments)).toThrow(RangeError);
  });
});
