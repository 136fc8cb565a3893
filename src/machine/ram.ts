/** Guest RAM in this process: anonymous memory, mapped once, seen by every thread. */
import { detach, MADV_DONTDUMP, MADV_HUGEPAGE, madvise, mmapAnonymous, munmap } from '../kvm/libc.ts';
import { type GuestMemory, type GuestMemorySpec, openGuestMemory } from './devices/guest-memory.ts';
import { MachineConfigError } from './errors.ts';
import { MIB, RAM_BASE } from './layout.ts';

/** KVM maps a block of this size at once if the memory has the same place within it here and in the guest. */
const BLOCK = 2 * MIB;

export class Ram implements Disposable {
  /** For other threads: they may use it until this handle is closed, and must have ended by then. */
  readonly spec: GuestMemorySpec;
  /** For the thread that made it; detached when this is closed. */
  readonly memory: GuestMemory;
  readonly address: number;
  readonly size: number;
  #open = true;

  /** `size` in bytes, a multiple of 1 MiB. Pages are taken from the host as the guest touches them. */
  constructor(size: number) {
    this.address = mapAligned(size);
    this.size = size;
    // Both are wishes that a kernel may not grant: huge pages, and no guest memory in a core dump.
    madvise(this.address, size, MADV_HUGEPAGE);
    madvise(this.address, size, MADV_DONTDUMP);
    this.spec = { base: RAM_BASE, size, location: this.address };
    this.memory = openGuestMemory(this.spec);
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    const { buffer } = this.memory.bytes;
    if (buffer instanceof ArrayBuffer) detach(buffer);
    munmap(this.address, this.size);
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/** Older kernels do not align anonymous memory, so map one block more and give back what sticks out. */
function mapAligned(size: number): number {
  const mapped = mmapAnonymous(size + BLOCK);
  if (mapped < 0) {
    throw new MachineConfigError(
      'OUT_OF_MEMORY',
      `This host has no room for ${size / MIB} MiB of guest memory: free some, or give the guest less.`,
    );
  }
  const address = Math.ceil(mapped / BLOCK) * BLOCK;
  const head = address - mapped;
  if (head > 0) munmap(mapped, head);
  if (BLOCK - head > 0) munmap(address + size, BLOCK - head);
  return address;
}
