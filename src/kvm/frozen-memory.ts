/**
 * This process's memory as it was at one instant, to be read while the process goes on.
 *
 *     take ──▶ a second process that shares every page and does nothing ──close──▶ gone
 *
 * clone(2) without CLONE_VM gives a process with the same pages, each copied when one of the two first writes to it.
 * Whoever writes on this side, a vCPU, an I/O thread or the kernel's vhost, makes KVM and the kernel take the copy:
 * there is no log of dirty pages that a writer could be missing from. The price is a copied page for each page that is
 * written before `close`, at most as much memory again as the guest has.
 *
 * The second process has one thread, which runs no JavaScript: it sleeps in the C library from its first instruction
 * to its end. It is traced by the calling thread with PTRACE_O_EXITKILL, so that the kernel ends it with this process
 * however that ends, and its sleep is bounded besides.
 */
import { closeSync, openSync, read, readSync } from 'node:fs';
import { check } from './errno.ts';
import { type Address, cloneSleeper, endSleeper, pageSize } from './libc.ts';

/** /proc/pid/pagemap (Documentation/admin-guide/mm/pagemap.rst): 8 bytes for each page; bits 63 present, 62 swapped. */
const ENTRY_BYTES = 8;
const IN_USE_MASK = 0xc0;
const ENTRIES_AT_ONCE = 8192;

export class FrozenMemory implements Disposable {
  readonly #pid: number;
  #memory: number;

  private constructor(pid: number, memory: number) {
    this.#pid = pid;
    this.#memory = memory;
  }

  /**
   * Takes the copy. Milliseconds: the page tables are copied, not the pages. To be called by the process's main thread,
   * which must not write to what is to be frozen meanwhile; others that could must be at rest.
   * @throws Error where the host allows no second process (no memory, no ptrace); nothing has changed then
   */
  static take(): FrozenMemory {
    const pid = check(cloneSleeper(), 'clone of the process');
    try {
      return new FrozenMemory(pid, openSync(`/proc/${pid}/mem`, 'r'));
    } catch (error) {
      endSleeper(pid);
      throw error;
    }
  }

  /** Reads `into.length` bytes from an address of this process, as they were. Waits in libuv's threads. */
  async read(address: Address, into: Uint8Array): Promise<void> {
    for (let done = 0; done < into.length; ) {
      const count = await new Promise<number>((resolve, reject) => {
        // A position as a number is exact: addresses are below 2^53.
        read(this.#memory, into, done, into.length - done, address + done, (error, bytes) =>
          error === null ? resolve(bytes) : reject(error),
        );
      });
      if (count === 0) throw new Error('The frozen memory ended early.');
      done += count;
    }
  }

  /**
   * The pages of a range that hold anything, as runs of `[address, bytes]`, lowest first. Others have never been
   * touched: they read as zero. `address` and `length` are multiples of the host's page size.
   */
  *used(address: Address, length: number): Generator<readonly [address: Address, bytes: number]> {
    const page = pageSize();
    const fd = openSync(`/proc/${this.#pid}/pagemap`, 'r');
    try {
      const entries = new Uint8Array(ENTRIES_AT_ONCE * ENTRY_BYTES);
      let start = -1;
      for (let at = address; at < address + length; ) {
        const wanted = Math.min(ENTRIES_AT_ONCE, Math.ceil((address + length - at) / page));
        const count = readSync(fd, entries, 0, wanted * ENTRY_BYTES, (at / page) * ENTRY_BYTES);
        if (count < ENTRY_BYTES) throw new Error('The map of the frozen memory ended early.');
        for (let i = 0; i < Math.floor(count / ENTRY_BYTES); i += 1, at += page) {
          // The flags are in the last byte, entries being little-endian.
          const inUse = ((entries[i * ENTRY_BYTES + ENTRY_BYTES - 1] ?? 0) & IN_USE_MASK) !== 0;
          if (inUse && start < 0) start = at;
          if (!inUse && start >= 0) {
            yield [start, at - start];
            start = -1;
          }
        }
      }
      if (start >= 0) yield [start, address + length - start];
    } finally {
      closeSync(fd);
    }
  }

  /** Ends the second process and gives its pages back. No read may be under way. Idempotent. */
  close(): void {
    if (this.#memory < 0) return;
    closeSync(this.#memory);
    this.#memory = -1;
    endSleeper(this.#pid);
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
