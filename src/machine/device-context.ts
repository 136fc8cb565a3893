/** What devices may use of the machine, in the calling thread. */
import { InterruptLine } from '../kvm/interrupt-line.ts';
import type { DeviceContext } from './devices/device.ts';
import type { GuestMemory } from './devices/guest-memory.ts';
import { Lock } from './lock.ts';

export function deviceContext(memory: GuestMemory, lock: SharedArrayBuffer, vmFd: number): DeviceContext {
  const lines = new Map<number, InterruptLine>();
  const line = (spi: number): InterruptLine => {
    const known = lines.get(spi) ?? new InterruptLine(vmFd, spi);
    lines.set(spi, known);
    return known;
  };
  return {
    memory,
    lock: new Lock(lock),
    setInterrupt: (spi, high) => (high ? line(spi).raise() : line(spi).lower()),
  };
}
