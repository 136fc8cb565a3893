/**
 * An array of `struct iovec` (include/uapi/linux/uio.h) that is filled again for every transfer: where in this
 * process's memory the bytes of a file come from or go to. It allocates once and checks no address: that is for who
 * adds them.
 */
import { EINTR } from './errno.ts';
import { type Address, addressOf, preadv, pwritev } from './libc.ts';

/** Two 64-bit words, base and length, here as four of 32 bits. */
const WORDS = 4;
const WORD_BYTES = 4;
const HIGH = 2 ** 32;
/** The kernel takes no more vectors in one call (include/uapi/linux/uio.h, UIO_MAXIOV). */
const IOV_MAX = 1024;

type Transfer = (fd: number, vectors: Address, count: number, offset: number) => number;

export class IoVectors {
  readonly #words: Uint32Array<ArrayBuffer>;
  readonly #address: Address;
  #count = 0;
  #bytes = 0;

  /** `capacity` vectors, at most 1024. */
  constructor(capacity: number) {
    if (capacity > IOV_MAX)
      throw new RangeError(`The kernel takes ${IOV_MAX} vectors at once, not ${capacity}.`);
    this.#words = new Uint32Array(capacity * WORDS);
    // An ArrayBuffer does not move, and this object keeps it.
    this.#address = addressOf(this.#words.buffer);
  }

  clear(): void {
    this.#count = 0;
    this.#bytes = 0;
  }

  /** @throws RangeError beyond the capacity */
  add(address: Address, length: number): void {
    const at = this.#count * WORDS;
    if (at >= this.#words.length) throw new RangeError('more vectors than there is room for');
    this.#set(at, address, length);
    this.#count += 1;
    this.#bytes += length;
  }

  /** Bytes of all vectors. */
  get bytes(): number {
    return this.#bytes;
  }

  /**
   * Fills the vectors from a file at `offset`; they are used up by it. Gives the bytes read, which are fewer only at the
   * end of the file, or a negated errno. Blocks; any thread.
   */
  readFrom(fd: number, offset: number): number {
    return this.#move(preadv, fd, offset);
  }

  /** Writes the vectors to a file, as `readFrom` reads. */
  writeTo(fd: number, offset: number): number {
    return this.#move(pwritev, fd, offset);
  }

  #move(transfer: Transfer, fd: number, offset: number): number {
    let first = 0;
    let done = 0;
    while (done < this.#bytes) {
      const vectors = this.#address + first * WORDS * WORD_BYTES;
      const moved = transfer(fd, vectors, this.#count - first, offset + done);
      if (moved === -EINTR) continue;
      if (moved <= 0) return moved === 0 ? done : moved;
      done += moved;
      if (done < this.#bytes) first = this.#advance(first, moved);
    }
    return done;
  }

  /** Leaves out `bytes` from vector `first` on; gives the first that has something left. */
  #advance(first: number, bytes: number): number {
    let at = first * WORDS;
    let left = bytes;
    for (;;) {
      const length = this.#word(at + 2) + this.#word(at + 3) * HIGH;
      if (left < length) {
        const address = this.#word(at) + this.#word(at + 1) * HIGH;
        this.#set(at, address + left, length - left);
        return at / WORDS;
      }
      left -= length;
      at += WORDS;
    }
  }

  #word(index: number): number {
    return this.#words[index] ?? 0;
  }

  #set(at: number, address: Address, length: number): void {
    const words = this.#words;
    words[at] = address % HIGH;
    words[at + 1] = address / HIGH;
    words[at + 2] = length % HIGH;
    words[at + 3] = length / HIGH;
  }
}
