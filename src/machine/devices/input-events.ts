/**
 * Input events on their way to the guest: a bounded queue in shared memory, emptied into the buffers that the driver
 * offers. Every method is called under the machine lock, from any thread.
 */
import { byteCount, scatter } from './buffers.ts';
import type { VirtioInputSpec } from './device.ts';
import type { GuestMemory } from './guest-memory.ts';
import { INTERRUPT_USED_BUFFER, VirtioState } from './virtio-state.ts';
import { QueueFault, Virtqueue } from './virtqueue.ts';

/** Virtio 1.2 section 5.8.2. */
export const EVENT_QUEUE = 0;

/** Event types and codes, include/uapi/linux/input-event-codes.h. */
const EV_SYN = 0;
export const EV_KEY = 1;
const SYN_REPORT = 0;

/** `struct virtio_input_event`, section 5.8.6.2: le16 type, le16 code, le32 value. */
const EVENT_BYTES = 8;
const CAPACITY = 64;
/** Words: how many events wait, then per event its type and code, and its value. */
const COUNT = 0;
const FIRST = 1;

export function allocateInputEvents(): SharedArrayBuffer {
  return new SharedArrayBuffer((FIRST + 2 * CAPACITY) * Int32Array.BYTES_PER_ELEMENT);
}

export class InputEvents {
  readonly state: VirtioState;
  readonly #waiting: Int32Array;
  readonly #queue: Virtqueue;
  readonly #event = new Uint8Array(EVENT_BYTES);

  constructor(spec: VirtioInputSpec, memory: GuestMemory) {
    this.state = new VirtioState(spec.state, spec.irqFd);
    this.#waiting = new Int32Array(spec.events);
    this.#queue = new Virtqueue(memory, this.state, EVENT_QUEUE);
  }

  /** True while a driver of the guest takes events: not while it sleeps either, when it has taken its queues away. */
  get listening(): boolean {
    return this.state.live && this.#queue.ready;
  }

  /** Events that still fit. */
  get room(): number {
    return CAPACITY - (this.#waiting[COUNT] ?? 0);
  }

  /** Queues a key's new state and the end of the report, and delivers what it can. There must be room for two. */
  key(code: number, pressed: boolean): void {
    this.#enqueue(EV_KEY, code, pressed ? 1 : 0);
    this.#enqueue(EV_SYN, SYN_REPORT, 0);
    this.deliver();
  }

  /** Moves waiting events into the driver's buffers while there are both. */
  deliver(): void {
    if (!this.state.live || !this.#queue.ready) return;
    let interrupt = false;
    try {
      while ((this.#waiting[COUNT] ?? 0) > 0) {
        const chain = this.#queue.pop();
        if (chain === null) {
          // Ask to hear of the next buffer; one may have come just now.
          if (this.#queue.unmuteNotifications()) continue;
          break;
        }
        if (byteCount(chain.writable) < EVENT_BYTES)
          throw new QueueFault('an input buffer smaller than an event');
        this.#dequeue();
        scatter(this.#event, chain.writable);
        if (this.#queue.push(chain.head, EVENT_BYTES)) interrupt = true;
      }
    } catch (error) {
      if (!(error instanceof QueueFault)) throw error;
      this.state.fail();
    }
    if (interrupt) this.state.interrupt(INTERRUPT_USED_BUFFER);
  }

  clear(): void {
    this.#waiting.fill(0);
  }

  #enqueue(type: number, code: number, value: number): void {
    const count = this.#waiting[COUNT] ?? 0;
    this.#waiting[FIRST + 2 * count] = type | (code << 16);
    this.#waiting[FIRST + 2 * count + 1] = value;
    this.#waiting[COUNT] = count + 1;
  }

  /** Puts the oldest event into `#event`. */
  #dequeue(): void {
    const words = new DataView(this.#event.buffer);
    words.setInt32(0, this.#waiting[FIRST] ?? 0, true);
    words.setInt32(4, this.#waiting[FIRST + 1] ?? 0, true);
    this.#waiting.copyWithin(FIRST, FIRST + 2);
    this.#waiting[COUNT] = (this.#waiting[COUNT] ?? 0) - 1;
  }
}
