/**
 * A disk as it was at one instant, to be read while the guest goes on writing: before the I/O thread changes a block
 * that has not been read yet, it copies what was there to a file aside.
 *
 *     UNTOUCHED ──reader──▶ READING ──▶ READ       the I/O thread may change it
 *         └──── I/O thread ──▶ COPYING ──▶ ASIDE   the reader takes it from the file aside
 *
 * Who moves a block out of UNTOUCHED (an atomic exchange) does the work; the other waits. So no block is read after it
 * was changed, and each is copied at most once. `take` is called while the I/O thread rests, which makes all disks of a
 * machine, and its memory, one instant.
 *
 * A file aside that cannot be written (disk full) fails the reader, never the guest.
 */
import { closeSync, constants, openSync, read, readSync, unlinkSync, writeSync } from 'node:fs';
import { lseek, SEEK_DATA, SEEK_HOLE } from '../../kvm/libc.ts';
import type { VirtioBlockSpec } from './device.ts';

const BLOCK_BYTES = 64 * 1024;
const ZEROS = Buffer.alloc(BLOCK_BYTES);

/** Words before the blocks' states. */
const ACTIVE = 0;
const ASIDE_FD = 1;
/** Set once a block could not be copied. */
const FAILED = 2;
/** I/O threads between their look at ACTIVE and the end of their copying. */
const INSIDE = 3;
const FIRST_BLOCK = 4;

const UNTOUCHED = 0;
const READING = 1;
const READ = 2;
const COPYING = 3;
const ASIDE = 4;

/** What the reader and the I/O thread share of a disk of so many bytes: 64 bytes for each MiB. */
export function allocateFreeze(bytes: number): SharedArrayBuffer {
  const words = FIRST_BLOCK + Math.ceil(bytes / BLOCK_BYTES);
  return new SharedArrayBuffer(words * Int32Array.BYTES_PER_ELEMENT);
}

/** The I/O thread's side. */
export class FreezeGuard {
  readonly #words: Int32Array;
  readonly #diskFd: number;
  readonly #copy = Buffer.alloc(BLOCK_BYTES);

  constructor({ freeze, diskFd }: Pick<VirtioBlockSpec, 'freeze' | 'diskFd'>) {
    this.#words = new Int32Array(freeze);
    this.#diskFd = diskFd;
  }

  /** To be called before any byte of the range changes or is discarded. Returns once it may. Never throws. */
  beforeChange(offset: number, bytes: number): void {
    const words = this.#words;
    Atomics.add(words, INSIDE, 1);
    if (Atomics.load(words, ACTIVE) === 1 && bytes > 0) {
      // A guest may name sectors that the disk does not have, and numbers too large to count on from.
      const blocks = words.length - FIRST_BLOCK;
      const last = Math.min(Math.floor((offset + bytes - 1) / BLOCK_BYTES), blocks - 1);
      for (let block = Math.floor(offset / BLOCK_BYTES); block <= last; block += 1) this.#leave(block);
    }
    Atomics.sub(words, INSIDE, 1);
    Atomics.notify(words, INSIDE);
  }

  #leave(block: number): void {
    const words = this.#words;
    const word = FIRST_BLOCK + block;
    if (Atomics.compareExchange(words, word, UNTOUCHED, COPYING) === UNTOUCHED) {
      this.#copyAside(block);
      Atomics.store(words, word, ASIDE);
      Atomics.notify(words, word);
      return;
    }
    while (Atomics.load(words, word) === READING) Atomics.wait(words, word, READING);
  }

  #copyAside(block: number): void {
    const position = block * BLOCK_BYTES;
    const asideFd = Atomics.load(this.#words, ASIDE_FD);
    try {
      const bytes = readSync(this.#diskFd, this.#copy, 0, BLOCK_BYTES, position);
      // What is not written aside reads as zero there.
      if (this.#copy.subarray(0, bytes).equals(ZEROS.subarray(0, bytes))) return;
      for (let done = 0; done < bytes; ) {
        done += writeSync(asideFd, this.#copy, done, bytes - done, position + done);
      }
    } catch {
      Atomics.store(this.#words, FAILED, 1);
    }
  }
}

/** The disk could not be kept as it was, for the file aside could not be written. */
export class DiskNotKeptError extends Error {
  override readonly name = 'DiskNotKeptError';
  readonly code = 'DISK_FULL';

  constructor() {
    super(
      'What the guest overwrote could not be kept for the snapshot: free space where snapshots are written.',
    );
  }
}

/** The reader's side, for the thread that made the machine. One at a time for each disk. */
export class FrozenDisk {
  readonly size: number;
  readonly #words: Int32Array;
  readonly #diskFd: number;
  readonly #asideFd: number;
  #open = true;

  /**
   * Freezes a disk while its I/O thread rests. `asidePath` is a name for the file aside, which goes away with its
   * descriptor.
   */
  constructor(spec: Pick<VirtioBlockSpec, 'freeze' | 'diskFd' | 'sectors'>, asidePath: string) {
    this.size = spec.sectors * 512;
    this.#words = new Int32Array(spec.freeze);
    this.#diskFd = spec.diskFd;
    if (Atomics.load(this.#words, ACTIVE) === 1) throw new Error('The disk is frozen already.');
    const { O_CREAT, O_EXCL, O_RDWR } = constants;
    this.#asideFd = openSync(asidePath, O_RDWR | O_CREAT | O_EXCL, 0o600);
    unlinkSync(asidePath);
    this.#words.fill(0, FAILED);
    this.#words[ASIDE_FD] = this.#asideFd;
    Atomics.store(this.#words, ACTIVE, 1);
  }

  /** Where it may hold anything but zeros, in order. Looks as it goes: the guest may punch holes meanwhile. */
  *ranges(): Generator<readonly [offset: number, bytes: number]> {
    for (let at = 0; at < this.size; ) {
      const data = lseek(this.#diskFd, at, SEEK_DATA);
      const next = data < 0 ? this.size : Math.floor(data / BLOCK_BYTES) * BLOCK_BYTES;
      // A hole now that was none then is aside: its state changed before the hole came to be.
      for (; at < next; at += BLOCK_BYTES) {
        if (this.#state(at) >= COPYING) yield this.#range(at, at + BLOCK_BYTES);
      }
      if (at >= this.size) return;
      const hole = lseek(this.#diskFd, at, SEEK_HOLE);
      const end = Math.ceil(Math.max(hole, at + 1) / BLOCK_BYTES) * BLOCK_BYTES;
      yield this.#range(at, end);
      at = end;
    }
  }

  /**
   * Reads whole blocks of 64 KiB, or up to the disk's end, each once: after that the guest may change them.
   * @throws DiskNotKeptError; the system's error
   */
  async read(offset: number, into: Buffer): Promise<void> {
    const words = this.#words;
    const stop = offset + into.length;
    if (offset % BLOCK_BYTES !== 0 || (stop % BLOCK_BYTES !== 0 && stop !== this.size)) {
      throw new RangeError('A frozen disk is read in whole blocks.');
    }
    const first = FIRST_BLOCK + Math.floor(offset / BLOCK_BYTES);
    const end = FIRST_BLOCK + Math.ceil((offset + into.length) / BLOCK_BYTES);
    const mine: number[] = [];
    const aside: number[] = [];
    for (let word = first; word < end; word += 1) {
      const before = Atomics.compareExchange(words, word, UNTOUCHED, READING);
      if (before === UNTOUCHED) mine.push(word);
      else if (before >= COPYING) aside.push(word);
    }
    try {
      await readAll(this.#diskFd, into, offset);
    } finally {
      for (const word of mine) {
        Atomics.store(words, word, READ);
        Atomics.notify(words, word);
      }
    }
    for (const word of aside) {
      while (Atomics.load(words, word) === COPYING) await Atomics.waitAsync(words, word, COPYING).value;
      const start = (word - FIRST_BLOCK) * BLOCK_BYTES;
      const from = Math.max(start, offset);
      const part = into.subarray(from - offset, start + BLOCK_BYTES - offset);
      part.fill(0);
      await readAll(this.#asideFd, part, from);
    }
    if (Atomics.load(words, FAILED) === 1) throw new DiskNotKeptError();
  }

  /** Lets the guest write as before. No read may be under way. Idempotent. */
  async close(): Promise<void> {
    if (!this.#open) return;
    this.#open = false;
    const words = this.#words;
    Atomics.store(words, ACTIVE, 0);
    for (let inside = Atomics.load(words, INSIDE); inside > 0; inside = Atomics.load(words, INSIDE)) {
      await Atomics.waitAsync(words, INSIDE, inside).value;
    }
    closeSync(this.#asideFd);
  }

  #state(offset: number): number {
    return Atomics.load(this.#words, FIRST_BLOCK + Math.floor(offset / BLOCK_BYTES));
  }

  #range(from: number, to: number): readonly [number, number] {
    return [from, Math.min(to, this.size) - from];
  }
}

/** Reads up to the end of `into` or of the file. */
async function readAll(fd: number, into: Buffer, position: number): Promise<void> {
  for (let done = 0; done < into.length; ) {
    const count = await new Promise<number>((resolve, reject) =>
      read(fd, into, done, into.length - done, position + done, (error, bytes) =>
        error === null ? resolve(bytes) : reject(error),
      ),
    );
    if (count === 0) return;
    done += count;
  }
}
