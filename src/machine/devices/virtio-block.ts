/**
 * A virtio block device (Virtio 1.2 section 5.2): its identity, features and configuration space.
 *
 * Requests never run in a vCPU thread. KVM turns the driver's notification into an eventfd that the device's I/O
 * thread waits on (block-thread.ts); here a notification that comes as an MMIO exit is passed on to it.
 */
import type { DeviceContext, VirtioBlockSpec } from './device.ts';
import { VIRTIO_MMIO_SIZE, VirtioMmio, type VirtioModel } from './virtio-mmio.ts';
import {
  allocateVirtioState,
  FEATURE_EVENT_IDX,
  FEATURE_INDIRECT_DESC,
  signalEvent,
  VirtioState,
} from './virtio-state.ts';

const BLOCK_QUEUE_SIZE = 256;
/** A request's descriptors are its segments, its header and its status. */
const MAX_SEGMENTS = BLOCK_QUEUE_SIZE - 2;
const BLOCK_BYTES = 512;

/** Section 5.2.3. */
const FEATURE_SEG_MAX = 2;
const FEATURE_RO = 5;
const FEATURE_BLK_SIZE = 6;
/** Exported for the I/O thread: a driver without it has no other way to make a write durable. */
export const FEATURE_FLUSH = 9;

/** Section 5.2.4: offsets in the configuration space, up to and with blk_size. */
const CONFIG_CAPACITY = 0;
const CONFIG_SEG_MAX = 12;
const CONFIG_BLK_SIZE = 20;
const CONFIG_BYTES = 24;

/** Describes a block device in its reset state. */
export function virtioBlockSpec(options: Omit<VirtioBlockSpec, 'kind' | 'size' | 'state'>): VirtioBlockSpec {
  return { kind: 'virtio-block', size: VIRTIO_MMIO_SIZE, state: allocateVirtioState(1), ...options };
}

export class VirtioBlock extends VirtioMmio {
  constructor(spec: VirtioBlockSpec, context: DeviceContext) {
    super(new VirtioState(spec.state, spec.irqFd), context, new BlockModel(spec));
  }
}

class BlockModel implements VirtioModel {
  readonly deviceId = 2;
  readonly features: readonly number[];
  readonly queueSizes = [BLOCK_QUEUE_SIZE];
  readonly #config = new Uint8Array(CONFIG_BYTES);
  readonly #kickFd: number;

  constructor(spec: VirtioBlockSpec) {
    this.#kickFd = spec.kickFd;
    this.features = [
      FEATURE_SEG_MAX,
      ...(spec.readOnly ? [FEATURE_RO] : []),
      FEATURE_BLK_SIZE,
      FEATURE_FLUSH,
      FEATURE_INDIRECT_DESC,
      FEATURE_EVENT_IDX,
    ];
    const words = new DataView(this.#config.buffer);
    words.setBigUint64(CONFIG_CAPACITY, BigInt(spec.sectors), true);
    words.setUint32(CONFIG_SEG_MAX, MAX_SEGMENTS, true);
    words.setUint32(CONFIG_BLK_SIZE, BLOCK_BYTES, true);
  }

  config(): Uint8Array {
    return this.#config;
  }

  writeConfig(): void {}

  notified(): void {
    signalEvent(this.#kickFd);
  }

  started(): void {
    // Buffers may have been offered before DRIVER_OK.
    signalEvent(this.#kickFd);
  }

  reset(): void {}
}
