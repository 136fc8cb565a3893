/**
 * A virtio block device (Virtio 1.2 section 5.2): its identity, features and configuration space.
 *
 * Requests never run in a vCPU thread. KVM turns the driver's notification into an eventfd that the device's I/O
 * thread waits on (block-thread.ts); here a notification that comes as an MMIO exit is passed on to it.
 */
import { signalEvent } from '../../kvm/eventfd.ts';
import { allocateFreeze } from './block-freeze.ts';
import {
  BLOCK_QUEUE_SIZE,
  FEATURE_FLUSH,
  MAX_ERASE_RANGES,
  MAX_ERASE_SECTORS,
  MAX_SEGMENTS,
  SECTOR_BYTES,
} from './block-limits.ts';
import type { DeviceContext, VirtioBlockSpec } from './device.ts';
import { VIRTIO_MMIO_SIZE, VirtioMmio, type VirtioModel } from './virtio-mmio.ts';
import {
  allocateVirtioState,
  FEATURE_EVENT_IDX,
  FEATURE_INDIRECT_DESC,
  VirtioState,
} from './virtio-state.ts';

/** Section 5.2.3. */
const FEATURE_SEG_MAX = 2;
const FEATURE_RO = 5;
const FEATURE_BLK_SIZE = 6;
const FEATURE_DISCARD = 13;
const FEATURE_WRITE_ZEROES = 14;

/** Section 5.2.4: offsets in the configuration space, up to and with write_zeroes_may_unmap. */
const CONFIG_CAPACITY = 0;
const CONFIG_SEG_MAX = 12;
const CONFIG_BLK_SIZE = 20;
const CONFIG_MAX_DISCARD_SECTORS = 36;
const CONFIG_MAX_DISCARD_SEG = 40;
const CONFIG_DISCARD_SECTOR_ALIGNMENT = 44;
const CONFIG_MAX_WRITE_ZEROES_SECTORS = 48;
const CONFIG_MAX_WRITE_ZEROES_SEG = 52;
const CONFIG_WRITE_ZEROES_MAY_UNMAP = 56;
const CONFIG_BYTES = 60;
/** Sectors: smaller holes free no blocks of usual file systems. */
const DISCARD_ALIGNMENT = 8;

/** Describes a block device in its reset state. */
export function virtioBlockSpec(
  options: Omit<VirtioBlockSpec, 'kind' | 'size' | 'state' | 'freeze'>,
): VirtioBlockSpec {
  return {
    kind: 'virtio-block',
    size: VIRTIO_MMIO_SIZE,
    state: allocateVirtioState(1),
    freeze: allocateFreeze(options.sectors * SECTOR_BYTES),
    ...options,
  };
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
      ...(spec.readOnly ? [FEATURE_RO] : [FEATURE_DISCARD, FEATURE_WRITE_ZEROES]),
      FEATURE_BLK_SIZE,
      FEATURE_FLUSH,
      FEATURE_INDIRECT_DESC,
      FEATURE_EVENT_IDX,
    ];
    const words = new DataView(this.#config.buffer);
    words.setBigUint64(CONFIG_CAPACITY, BigInt(spec.sectors), true);
    words.setUint32(CONFIG_SEG_MAX, MAX_SEGMENTS, true);
    words.setUint32(CONFIG_BLK_SIZE, SECTOR_BYTES, true);
    if (spec.readOnly) return;
    words.setUint32(CONFIG_MAX_DISCARD_SECTORS, MAX_ERASE_SECTORS, true);
    words.setUint32(CONFIG_MAX_DISCARD_SEG, MAX_ERASE_RANGES, true);
    words.setUint32(CONFIG_DISCARD_SECTOR_ALIGNMENT, DISCARD_ALIGNMENT, true);
    words.setUint32(CONFIG_MAX_WRITE_ZEROES_SECTORS, MAX_ERASE_SECTORS, true);
    words.setUint32(CONFIG_MAX_WRITE_ZEROES_SEG, MAX_ERASE_RANGES, true);
    words.setUint8(CONFIG_WRITE_ZEROES_MAY_UNMAP, 1);
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
