/** What the fuzzer knows of a device: how to abuse it, and how to tell that it works. */
import { strict as assert } from 'node:assert';
import type { MmioDevice } from '../../src/machine/devices/device.ts';
import type { Random } from '../unit/machine/devices/random.ts';

export interface Target {
  readonly name: string;
  /** One thing that a guest or the host may do to it at any time. */
  abuse(random: Random): void;
  /** Sets it up as a driver does that takes it over in whatever state it is. */
  revive(): void;
  /** Throws unless it does its work, as it was set up; leaves it so that this can be asked again. */
  check(): void;
}

/** Values that registers are sensitive to, and any others. */
export function someValue(random: Random): number {
  return random.pick([
    0,
    1,
    2,
    0xff,
    0x8000_0000,
    0xffff_ffff,
    2 ** random.below(32),
    random.below(16),
    random.below(0x1_0000),
    random.next(),
  ]);
}

/** One access of any width, also of registers that do not exist or are not as wide. */
export function someAccess(random: Random, device: MmioDevice, size: number): void {
  const length = random.pick([1, 2, 4, 4, 4]);
  const any = random.below(size - length + 1);
  const offset = random.once(4) ? any : any & ~3;
  if (random.once(2)) {
    device.write(offset, length, someValue(random) % 2 ** (8 * length));
    return;
  }
  const value = device.read(offset, length);
  assert.ok(
    Number.isInteger(value) && value >= 0 && value < 2 ** (8 * length),
    `reads ${value} at ${offset}`,
  );
}
