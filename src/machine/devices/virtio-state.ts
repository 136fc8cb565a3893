/**
 * The shared half of a virtio device: its status, negotiated features, interrupt status and queue set-up, in words of
 * one SharedArrayBuffer that every thread's object reads and, under the machine lock, writes. Only the interrupt
 * status is written without it, by single atomic operations.
 */
import { signalEvent } from '../../kvm/eventfd.ts';

/** Device status bits that mean something to a device, Virtio 1.2 section 2.1. */
export const STATUS_DRIVER_OK = 4;
export const STATUS_FEATURES_OK = 8;
export const STATUS_NEEDS_RESET = 64;

/** Interrupt status bits, Virtio 1.2 section 4.2.2. */
export const INTERRUPT_USED_BUFFER = 1;
export const INTERRUPT_CONFIG_CHANGE = 2;

/** Feature bits that belong to the transport and the ring, Virtio 1.2 section 6. */
export const FEATURE_INDIRECT_DESC = 28;
export const FEATURE_EVENT_IDX = 29;
export const FEATURE_VERSION_1 = 32;

/** Words of the device's part. A reset clears those before W_EPOCH. */
export const W_STATUS = 0;
export const W_INTERRUPT_STATUS = 1;
export const W_DEVICE_FEATURES_SELECT = 2;
export const W_DRIVER_FEATURES_SELECT = 3;
/** Two words, low first. */
export const W_DRIVER_FEATURES = 4;
export const W_QUEUE_SELECT = 6;
/** Counts resets and disabled queues, so that a thread at work on a request sees that its queue is gone. */
export const W_EPOCH = 7;
/** 1 while an I/O thread works on requests taken from a queue, 2 if somebody waits for its end. */
const W_BUSY = 8;
/** 1 while the kernel's vhost serves the queues: it interrupts the driver by itself and tells nobody. */
export const W_SERVED = 9;
const DEVICE_WORDS = 16;

/** Words of each queue's part. */
export const Q_SIZE = 0;
export const Q_READY = 1;
/** Guest physical addresses, two words each, low first: descriptor table, available ring, used ring. */
export const Q_DESCRIPTORS = 2;
export const Q_AVAILABLE = 4;
export const Q_USED = 6;
/** Free-running 16-bit positions of the device in the two rings. */
export const Q_NEXT_AVAILABLE = 8;
export const Q_NEXT_USED = 9;
/** 1 while the driver has been told not to notify. */
export const Q_MUTED = 10;
const QUEUE_WORDS = 16;

/** Zeroed state, that of a device in reset, for a device with so many queues. */
export function allocateVirtioState(queues: number): SharedArrayBuffer {
  return new SharedArrayBuffer((DEVICE_WORDS + queues * QUEUE_WORDS) * Int32Array.BYTES_PER_ELEMENT);
}

export class VirtioState {
  readonly words: Int32Array;
  readonly #irqFd: number;

  constructor(buffer: SharedArrayBuffer, irqFd: number) {
    this.words = new Int32Array(buffer);
    this.#irqFd = irqFd;
  }

  /** Unsigned. */
  get(word: number): number {
    return (this.words[word] ?? 0) >>> 0;
  }

  set(word: number, value: number): void {
    this.words[word] = value;
  }

  has(status: number): boolean {
    return (this.get(W_STATUS) & status) === status;
  }

  /** True when the driver has accepted feature bit `bit`. */
  accepted(bit: number): boolean {
    return (this.get(W_DRIVER_FEATURES + (bit >> 5)) & (1 << (bit & 31))) !== 0;
  }

  /** True while the driver is in charge and the device healthy: only then may buffers be consumed. */
  get live(): boolean {
    return this.has(STATUS_DRIVER_OK) && !this.has(STATUS_NEEDS_RESET);
  }

  /** An I/O thread has taken requests. Under the lock. */
  beginWork(): void {
    Atomics.store(this.words, W_BUSY, 1);
  }

  /** It has given them back. */
  endWork(): void {
    if (Atomics.exchange(this.words, W_BUSY, 0) === 2) Atomics.notify(this.words, W_BUSY);
  }

  /** Blocks until no I/O thread works on requests. Not under the lock, which the thread needs to finish. */
  awaitIdle(): void {
    while (Atomics.compareExchange(this.words, W_BUSY, 1, 2) !== 0) Atomics.wait(this.words, W_BUSY, 2);
  }

  /** Records the cause and raises the interrupt. Under the lock. */
  interrupt(cause: number): void {
    this.recordCause(cause);
    this.signal();
  }

  /** Under the lock, so that a reset forgets it; to be followed by `signal`. */
  recordCause(cause: number): void {
    Atomics.or(this.words, W_INTERRUPT_STATUS, cause);
  }

  /** Raises the interrupt. Needs no lock, and what is recorded already is not lost by another cause's signal. */
  signal(): void {
    signalEvent(this.#irqFd);
  }

  /** The causes of interrupts that the driver has not acknowledged. Needs no lock, as the driver asks at each one. */
  get interruptStatus(): number {
    // A device that the kernel serves may have used buffers at any time.
    const unseen = Atomics.load(this.words, W_SERVED) === 1 ? INTERRUPT_USED_BUFFER : 0;
    return Atomics.load(this.words, W_INTERRUPT_STATUS) | unseen;
  }

  /** Needs no lock. */
  acknowledge(causes: number): void {
    Atomics.and(this.words, W_INTERRUPT_STATUS, ~causes);
  }

  /** The driver broke the protocol: the device stops until it is reset, and says so. Under the lock. */
  fail(): void {
    if (this.has(STATUS_NEEDS_RESET)) return;
    const driving = this.has(STATUS_DRIVER_OK);
    this.set(W_STATUS, this.get(W_STATUS) | STATUS_NEEDS_RESET);
    // Virtio 1.2 section 2.1.2: a notification only once the driver has set DRIVER_OK.
    if (driving) this.interrupt(INTERRUPT_CONFIG_CHANGE);
  }

  /** Index of the first word of a queue's part. */
  queueWord(queue: number): number {
    return DEVICE_WORDS + queue * QUEUE_WORDS;
  }

  /** Back to the reset state, but for what an I/O thread and those who wait for it share. Under the lock. */
  reset(): void {
    this.words.fill(0, 0, W_EPOCH);
    this.words.fill(0, DEVICE_WORDS);
    this.set(W_EPOCH, this.get(W_EPOCH) + 1);
  }

  /** Takes a queue out of use and forgets its set-up; a request of it at work is not given back. Under the lock. */
  disableQueue(queue: number): void {
    const word = this.queueWord(queue);
    this.words.fill(0, word, word + QUEUE_WORDS);
    this.set(W_EPOCH, this.get(W_EPOCH) + 1);
  }
}
