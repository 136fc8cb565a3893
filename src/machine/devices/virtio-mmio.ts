/**
 * The virtio-mmio transport, version 2 (Virtio 1.2 section 4.2): the register block in front of every virtio device.
 *
 *   reset ──ACKNOWLEDGE, DRIVER──▶ features ──FEATURES_OK──▶ queues ──DRIVER_OK──▶ live
 *     ▲                                                                             │ the driver breaks a rule
 *     └───────────────── the driver writes status 0 ◀── NEEDS_RESET ◀───────────────┘
 *
 * A reset, and taking a queue away, wait until the I/O thread has finished the request it works on: afterwards the
 * device touches no memory of the driver.
 */
import type { DeviceContext, MmioDevice } from './device.ts';
import {
  FEATURE_VERSION_1,
  Q_AVAILABLE,
  Q_DESCRIPTORS,
  Q_READY,
  Q_SIZE,
  Q_USED,
  STATUS_DRIVER_OK,
  STATUS_FEATURES_OK,
  STATUS_NEEDS_RESET,
  type VirtioState,
  W_DEVICE_FEATURES_SELECT,
  W_DRIVER_FEATURES,
  W_DRIVER_FEATURES_SELECT,
  W_QUEUE_SELECT,
  W_STATUS,
} from './virtio-state.ts';
import { QueueFault, Virtqueue } from './virtqueue.ts';

/** Bytes of register space, and the distance between two devices. */
export const VIRTIO_MMIO_SIZE = 0x200;

/** Register offsets, section 4.2.2. */
const MAGIC_VALUE = 0x000;
const VERSION = 0x004;
const DEVICE_ID = 0x008;
const VENDOR_ID = 0x00c;
const DEVICE_FEATURES = 0x010;
const DEVICE_FEATURES_SELECT = 0x014;
const DRIVER_FEATURES = 0x020;
const DRIVER_FEATURES_SELECT = 0x024;
const QUEUE_SELECT = 0x030;
const QUEUE_SIZE_MAX = 0x034;
const QUEUE_SIZE = 0x038;
const QUEUE_READY = 0x044;
/** Exported for KVM_IOEVENTFD. */
export const QUEUE_NOTIFY_OFFSET = 0x050;
const INTERRUPT_STATUS = 0x060;
const INTERRUPT_ACK = 0x064;
const STATUS = 0x070;
const QUEUE_DESCRIPTORS_LOW = 0x080;
const QUEUE_DESCRIPTORS_HIGH = 0x084;
const QUEUE_AVAILABLE_LOW = 0x090;
const QUEUE_AVAILABLE_HIGH = 0x094;
const QUEUE_USED_LOW = 0x0a0;
const QUEUE_USED_HIGH = 0x0a4;
const SHARED_MEMORY_FIRST = 0x0b0;
const SHARED_MEMORY_LAST = 0x0bc;
const CONFIG_GENERATION = 0x0fc;
const CONFIG = 0x100;

/** "virt", little-endian. */
const MAGIC = 0x74726976;
/** "HF": ours; drivers do not look at it. */
const VENDOR = 0x4648;
const ALL_ONES = 0xffff_ffff;

/** The registers that describe a queue, and the word of its state each one sets. */
const QUEUE_SETUP_WORDS: ReadonlyMap<number, number> = new Map([
  [QUEUE_SIZE, Q_SIZE],
  [QUEUE_DESCRIPTORS_LOW, Q_DESCRIPTORS],
  [QUEUE_DESCRIPTORS_HIGH, Q_DESCRIPTORS + 1],
  [QUEUE_AVAILABLE_LOW, Q_AVAILABLE],
  [QUEUE_AVAILABLE_HIGH, Q_AVAILABLE + 1],
  [QUEUE_USED_LOW, Q_USED],
  [QUEUE_USED_HIGH, Q_USED + 1],
]);

/** What makes a virtio device the device it is. Every method is called under the machine lock. */
export interface VirtioModel {
  /** Virtio 1.2 section 5. */
  readonly deviceId: number;
  /** Feature bits offered beside VERSION_1. */
  readonly features: readonly number[];
  /** The largest size of each queue, a power of two. */
  readonly queueSizes: readonly number[];
  /** The configuration space as it now stands. */
  config(): Uint8Array;
  /** One byte. */
  writeConfig(offset: number, value: number): void;
  /** The driver offers buffers on a queue of a live device. May throw QueueFault. */
  notified(queue: number): void;
  /** The driver has set DRIVER_OK. May throw QueueFault. */
  started(): void;
  /** The driver has reset the device. */
  reset(): void;
  /** The driver has taken a queue away. */
  queueDisabled?(queue: number): void;
}

export class VirtioMmio implements MmioDevice {
  readonly #context: DeviceContext;
  readonly #state: VirtioState;
  readonly #model: VirtioModel;
  readonly #queues: readonly Virtqueue[];
  /** Offered feature bits, low word first. */
  readonly #features: readonly [number, number];

  constructor(state: VirtioState, context: DeviceContext, model: VirtioModel) {
    this.#context = context;
    this.#state = state;
    this.#model = model;
    this.#queues = model.queueSizes.map((_, queue) => new Virtqueue(context.memory, state, queue));
    const bits = [...model.features, FEATURE_VERSION_1];
    const word = (index: number) =>
      bits.filter((bit) => bit >> 5 === index).reduce((sum, bit) => sum | (1 << (bit & 31)), 0) >>> 0;
    this.#features = [word(0), word(1)];
  }

  read(offset: number, length: number): number {
    if (offset === INTERRUPT_STATUS && length === 4) return this.#state.interruptStatus;
    return this.#context.lock.run(() => {
      if (offset >= CONFIG) return this.#readConfig(offset - CONFIG, length);
      return length === 4 ? this.#readRegister(offset) : 0;
    });
  }

  write(offset: number, length: number, value: number): void {
    if (offset === INTERRUPT_ACK && length === 4) {
      this.#state.acknowledge(value);
      return;
    }
    const drain = this.#context.lock.run(() => {
      if (offset >= CONFIG) {
        for (let i = 0; i < length; i++)
          this.#model.writeConfig(offset - CONFIG + i, (value >>> (8 * i)) & 0xff);
        return false;
      }
      return length === 4 && this.#guard(() => this.#writeRegister(offset, value));
    });
    // Bounded by what the I/O thread has taken up.
    if (drain) this.#state.awaitIdle();
  }

  #readRegister(offset: number): number {
    const state = this.#state;
    switch (offset) {
      case MAGIC_VALUE:
        return MAGIC;
      case VERSION:
        return 2;
      case DEVICE_ID:
        return this.#model.deviceId;
      case VENDOR_ID:
        return VENDOR;
      case DEVICE_FEATURES:
        return this.#features[state.get(W_DEVICE_FEATURES_SELECT)] ?? 0;
      case QUEUE_SIZE_MAX:
        return this.#model.queueSizes[state.get(W_QUEUE_SELECT)] ?? 0;
      case QUEUE_READY:
        return this.#selected()?.ready === true ? 1 : 0;
      case STATUS:
        return state.get(W_STATUS);
      case CONFIG_GENERATION:
        // The configuration of our devices changes only as the answer to a write of the driver's own.
        return 0;
      default:
        // No shared memory region exists: its length and base read as all ones (section 4.2.2).
        return offset >= SHARED_MEMORY_FIRST && offset <= SHARED_MEMORY_LAST ? ALL_ONES : 0;
    }
  }

  /** Returns true when the caller must wait for the I/O thread. */
  #writeRegister(offset: number, value: number): boolean {
    const state = this.#state;
    switch (offset) {
      case DEVICE_FEATURES_SELECT:
        state.set(W_DEVICE_FEATURES_SELECT, value);
        return false;
      case DRIVER_FEATURES_SELECT:
        state.set(W_DRIVER_FEATURES_SELECT, value);
        return false;
      case DRIVER_FEATURES:
        this.#acceptFeatures(value);
        return false;
      case QUEUE_SELECT:
        state.set(W_QUEUE_SELECT, value);
        return false;
      case QUEUE_READY:
        return this.#setReady(value);
      case QUEUE_NOTIFY_OFFSET:
        if (state.live && this.#queues[value]?.ready === true) this.#model.notified(value);
        return false;
      case STATUS:
        return this.#writeStatus(value);
      default:
        this.#configureQueue(offset, value);
        return false;
    }
  }

  #acceptFeatures(value: number): void {
    const word = this.#state.get(W_DRIVER_FEATURES_SELECT);
    if (word > 1 || this.#state.has(STATUS_FEATURES_OK)) return;
    this.#state.set(W_DRIVER_FEATURES + word, value);
  }

  #writeStatus(value: number): boolean {
    const state = this.#state;
    if (value === 0) {
      state.reset();
      this.#model.reset();
      return true;
    }
    const before = state.get(W_STATUS);
    // Only a reset clears bits, and NEEDS_RESET is the device's own.
    let after = before | (value & 0xff & ~STATUS_NEEDS_RESET);
    if ((before & STATUS_FEATURES_OK) === 0 && !this.#featuresAcceptable()) after &= ~STATUS_FEATURES_OK;
    if ((after & STATUS_FEATURES_OK) === 0) after &= ~STATUS_DRIVER_OK;
    state.set(W_STATUS, after);
    if ((after & ~before & STATUS_DRIVER_OK) !== 0 && state.live) this.#model.started();
    return false;
  }

  /** What the driver took is a part of what was offered, VERSION_1 among it: a legacy driver is refused. */
  #featuresAcceptable(): boolean {
    const low = this.#state.get(W_DRIVER_FEATURES);
    const high = this.#state.get(W_DRIVER_FEATURES + 1);
    const [offeredLow, offeredHigh] = this.#features;
    return (
      (low & ~offeredLow) === 0 &&
      (high & ~offeredHigh) === 0 &&
      (high & (1 << (FEATURE_VERSION_1 - 32))) !== 0
    );
  }

  #configureQueue(offset: number, value: number): void {
    const queue = this.#selected();
    // A ready queue keeps the set-up it was checked with.
    if (queue === null || queue.ready) return;
    const base = this.#state.queueWord(this.#state.get(W_QUEUE_SELECT));
    const word = QUEUE_SETUP_WORDS.get(offset);
    if (word !== undefined) this.#state.set(base + word, value);
  }

  #setReady(value: number): boolean {
    const queue = this.#selected();
    if (queue === null) return false;
    const index = this.#state.get(W_QUEUE_SELECT);
    if ((value & 1) === 0) {
      this.#state.disableQueue(index);
      this.#model.queueDisabled?.(index);
      return true;
    }
    if (!queue.ready) {
      if (!queue.wellFormed(this.#model.queueSizes[index] ?? 0)) throw new QueueFault('rings outside of RAM');
      this.#state.set(this.#state.queueWord(index) + Q_READY, 1);
    }
    return false;
  }

  #selected(): Virtqueue | null {
    return this.#queues[this.#state.get(W_QUEUE_SELECT)] ?? null;
  }

  #readConfig(offset: number, length: number): number {
    const config = this.#model.config();
    let value = 0;
    for (let i = length - 1; i >= 0; i--) value = value * 256 + (config[offset + i] ?? 0);
    return value;
  }

  #guard(body: () => boolean): boolean {
    try {
      return body();
    } catch (error) {
      if (!(error instanceof QueueFault)) throw error;
      this.#state.fail();
      return false;
    }
  }
}
