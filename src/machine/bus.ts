/**
 * Carries a vCPU's accesses to the device they hit. Each vCPU thread has its own bus over its own device objects;
 * devices take the machine lock themselves.
 *
 * An address without a device reads as 0 and ignores writes, as on hardware that does not report such accesses.
 */
import type { MmioDevice } from './devices/device.ts';

export interface Attachment {
  /** Guest physical address. */
  readonly base: number;
  /** Bytes. */
  readonly size: number;
  readonly device: MmioDevice;
}

export class Bus {
  readonly #attachments: readonly Attachment[];
  /** Guests access the same device many times in a row. */
  #last: Attachment | undefined;

  /** @throws RangeError when two devices overlap */
  constructor(attachments: readonly Attachment[]) {
    this.#attachments = attachments.toSorted((a, b) => a.base - b.base);
    for (const [i, { base }] of this.#attachments.entries()) {
      const before = this.#attachments[i - 1];
      if (before !== undefined && before.base + before.size > base) {
        throw new RangeError(`Two devices overlap at 0x${base.toString(16)}.`);
      }
    }
  }

  /** `length` is 1, 2 or 4. */
  read(address: number, length: number): number {
    const hit = this.#find(address, length);
    return hit === undefined ? 0 : hit.device.read(address - hit.base, length);
  }

  /** `length` is 1, 2 or 4; `value` is unsigned. */
  write(address: number, length: number, value: number): void {
    const hit = this.#find(address, length);
    hit?.device.write(address - hit.base, length, value);
  }

  #find(address: number, length: number): Attachment | undefined {
    if (this.#last !== undefined && contains(this.#last, address, length)) return this.#last;
    for (const attachment of this.#attachments) {
      if (!contains(attachment, address, length)) continue;
      this.#last = attachment;
      return attachment;
    }
    return undefined;
  }
}

function contains({ base, size }: Attachment, address: number, length: number): boolean {
  return address >= base && address + length <= base + size;
}
