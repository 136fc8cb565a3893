/** An eventfd: a counter that one side raises and the other waits for. KVM takes one for ioeventfd and irqfd. */
import { Descriptor } from './descriptor.ts';
import { check } from './errno.ts';
import { type Address, addressOf, eventfd, read, write } from './libc.ts';

const COUNTER_BYTES = 8;
/** One for each thread, kept for good; found at the first use, since that loads the C library. */
const one = new BigUint64Array([1n]);
const taken = new BigUint64Array(1);
let oneAt: Address | undefined;
let takenAt: Address | undefined;

/** Adds one to an eventfd, which wakes who waits for it. Any thread. @throws KvmError */
export function signalEvent(fd: number): void {
  oneAt ??= addressOf(one.buffer);
  check(write(fd, oneAt, COUNTER_BYTES), 'signalling an eventfd');
}

/** Blocks until an eventfd is signalled, and gives how often it was since the last call. @throws KvmError */
export function awaitEvent(fd: number): number {
  takenAt ??= addressOf(taken.buffer);
  check(read(fd, takenAt, COUNTER_BYTES), 'waiting for an eventfd');
  return Number(taken[0]);
}

/** Takes what an eventfd that does not wait has counted; false when that is nothing. Any thread. */
export function takeEvents(fd: number): boolean {
  takenAt ??= addressOf(taken.buffer);
  return read(fd, takenAt, COUNTER_BYTES) === COUNTER_BYTES;
}

export class EventFd implements Disposable {
  readonly #descriptor: Descriptor;

  /** A read of it waits for an event, unless told otherwise. @throws KvmError */
  constructor({ waits = true }: { readonly waits?: boolean } = {}) {
    this.#descriptor = new Descriptor(check(eventfd(waits), 'eventfd'), 'eventfd');
  }

  /** For other threads; they read and write it, and leave closing to this handle. */
  get fd(): number {
    return this.#descriptor.fd;
  }

  close(): void {
    this.#descriptor.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
