/** Waiting for several descriptors at once: poll(2) on an array of `struct pollfd`. */
import { EAGAIN, EINTR, KvmError } from './errno.ts';
import { addressOf, poll, pollAside } from './libc.ts';

/** `struct pollfd` (include/uapi/asm-generic/poll.h): s32 fd, s16 events, s16 revents. */
const ENTRY_BYTES = 8;
const EVENTS = 4;
const REVENTS = 6;
const POLLIN = 0x001;
const POLLERR = 0x008;
const POLLHUP = 0x010;
const POLLNVAL = 0x020;

/** The array lies in a buffer of its own, which lives as long as this object. Belongs to one thread. */
export class PollSet {
  readonly #view: DataView<ArrayBuffer>;
  readonly #count: number;
  readonly #address: number;

  /** For `count` descriptors; none is waited for until `watch` names it. */
  constructor(count: number) {
    this.#count = count;
    this.#view = new DataView(new ArrayBuffer(count * ENTRY_BYTES));
    this.#address = addressOf(this.#view.buffer);
    for (let i = 0; i < count; i += 1) this.watch(i, -1);
  }

  /** Waits for input from a descriptor from now on, or with −1 for nothing in its place. */
  watch(index: number, fd: number): void {
    this.#view.setInt32(index * ENTRY_BYTES, fd, true);
    this.#view.setInt16(index * ENTRY_BYTES + EVENTS, POLLIN, true);
  }

  /** Sleeps until a descriptor is ready; with 0 only looks. @throws KvmError */
  wait(timeoutMilliseconds: number): void {
    const ready = poll(this.#address, this.#count, timeoutMilliseconds);
    if (ready < 0 && ready !== -EINTR && ready !== -EAGAIN) throw new KvmError('poll', -ready);
  }

  /** As `wait`, for ever, and in another thread. */
  async waitAside(): Promise<void> {
    await pollAside(this.#address, this.#count);
  }

  /** After a wait: there is something to read. */
  readable(index: number): boolean {
    return (this.#revents(index) & POLLIN) !== 0;
  }

  /** After a wait: there will never be anything to read, and every further wait would return at once. */
  broken(index: number): boolean {
    return (this.#revents(index) & (POLLERR | POLLHUP | POLLNVAL)) !== 0;
  }

  #revents(index: number): number {
    return this.#view.getInt16(index * ENTRY_BYTES + REVENTS, true);
  }
}
