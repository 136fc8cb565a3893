/**
 * A virtio network device (Virtio 1.2 section 5.1): its identity, features and configuration space.
 *
 * Packets never pass through a vCPU thread: the kernel's vhost moves them between the queues and a tap interface, or,
 * on a host without, the I/O thread of net-thread.ts. Both offer the same features, so that a guest finds the same
 * device wherever it goes on.
 */

import { signalEvent } from '../../kvm/eventfd.ts';
import { setTapOffload, TUN_F_CSUM, TUN_F_TSO4, TUN_F_TSO6 } from '../../kvm/tap.ts';
import { NO_BACKEND } from '../../kvm/vhost.ts';
import type { DeviceContext, VirtioNetSpec } from './device.ts';
import type { GuestMemory } from './guest-memory.ts';
import type { VhostDevice } from './vhost-io.ts';
import { RING_FEATURES, type VhostControl, VhostService } from './vhost-service.ts';
import { VIRTIO_MMIO_SIZE, VirtioMmio, type VirtioModel } from './virtio-mmio.ts';
import {
  allocateVirtioState,
  FEATURE_EVENT_IDX,
  FEATURE_INDIRECT_DESC,
  VirtioState,
} from './virtio-state.ts';

/** Section 5.1.2. */
export const RECEIVE_QUEUE = 0;
export const TRANSMIT_QUEUE = 1;
const QUEUE_SIZE = 256;

/** Section 5.1.3. "Guest" bits are what the driver takes, "host" bits what the device takes. */
const FEATURE_CSUM = 0;
const FEATURE_GUEST_CSUM = 1;
const FEATURE_MTU = 3;
const FEATURE_MAC = 5;
const FEATURE_GUEST_TSO4 = 7;
const FEATURE_GUEST_TSO6 = 8;
const FEATURE_HOST_TSO4 = 11;
const FEATURE_HOST_TSO6 = 12;
/** A packet to the guest may fill several buffers. */
export const FEATURE_MRG_RXBUF = 15;
const FEATURE_STATUS = 16;

/** What vhost-net must be able to do, and is told when the driver accepts it. */
export const NET_VHOST_FEATURES: readonly number[] = [FEATURE_MRG_RXBUF, ...RING_FEATURES];

/** Section 5.1.4: offsets in the configuration space. */
const CONFIG_MAC = 0;
const CONFIG_STATUS = 6;
const CONFIG_MTU = 10;
const CONFIG_BYTES = 12;
const STATUS_LINK_UP = 1;

/** Describes a network interface in its reset state. */
export function virtioNetSpec(options: Omit<VirtioNetSpec, 'kind' | 'size' | 'state'>): VirtioNetSpec {
  return { kind: 'virtio-net', size: VIRTIO_MMIO_SIZE, state: allocateVirtioState(2), ...options };
}

/** Vhost on a tap. */
function netControl(tapFd: number): VhostControl {
  return {
    features: NET_VHOST_FEATURES,
    begin: (vhost, state) => {
      setTapOffload(tapFd, offloads(state));
      vhost.setNetBackend(RECEIVE_QUEUE, tapFd);
      try {
        vhost.setNetBackend(TRANSMIT_QUEUE, tapFd);
      } catch (error) {
        vhost.setNetBackend(RECEIVE_QUEUE, NO_BACKEND);
        throw error;
      }
    },
    end: (vhost) => {
      vhost.setNetBackend(RECEIVE_QUEUE, NO_BACKEND);
      vhost.setNetBackend(TRANSMIT_QUEUE, NO_BACKEND);
    },
  };
}

/** The kernel's part of an interface; null where an I/O thread serves it. */
function netService(spec: VirtioNetSpec, memory: GuestMemory): VhostService | null {
  if (spec.vhost === null) return null;
  return new VhostService(spec, spec.vhost, memory, netControl(spec.tapFd));
}

/** The device as the thread that made the machine has it; null where an I/O thread serves it. */
export function netDevice(spec: VirtioNetSpec, memory: GuestMemory): VhostDevice | null {
  const service = netService(spec, memory);
  if (service === null) return null;
  // Of a network's packets any may be lost: nobody has to be told.
  return { service, restored: () => undefined };
}

/** What the driver takes, as TUN_F_*: whole TCP segments and packets without a checksum, or neither. */
export function offloads(state: VirtioState): number {
  // Segments need the checksum to be left out as well (section 5.1.3.1).
  if (!state.accepted(FEATURE_GUEST_CSUM)) return 0;
  const tso4 = state.accepted(FEATURE_GUEST_TSO4) ? TUN_F_TSO4 : 0;
  const tso6 = state.accepted(FEATURE_GUEST_TSO6) ? TUN_F_TSO6 : 0;
  return TUN_F_CSUM | tso4 | tso6;
}

export class VirtioNet extends VirtioMmio {
  constructor(spec: VirtioNetSpec, context: DeviceContext) {
    super(new VirtioState(spec.state, spec.irqFd), context, new NetModel(spec, context.memory));
  }
}

class NetModel implements VirtioModel {
  readonly deviceId = 1;
  readonly features: readonly number[];
  readonly queueSizes = [QUEUE_SIZE, QUEUE_SIZE];
  readonly #config = new Uint8Array(CONFIG_BYTES);
  readonly #spec: VirtioNetSpec;
  readonly #service: VhostService | null;

  constructor(spec: VirtioNetSpec, memory: GuestMemory) {
    this.#spec = spec;
    this.#service = netService(spec, memory);
    this.features = [
      ...[FEATURE_CSUM, FEATURE_GUEST_CSUM, FEATURE_MAC, FEATURE_STATUS, FEATURE_MRG_RXBUF],
      ...[FEATURE_GUEST_TSO4, FEATURE_GUEST_TSO6, FEATURE_HOST_TSO4, FEATURE_HOST_TSO6],
      ...(spec.mtu === null ? [] : [FEATURE_MTU]),
      ...[FEATURE_INDIRECT_DESC, FEATURE_EVENT_IDX],
    ];
    this.#config.set(spec.mac, CONFIG_MAC);
    const words = new DataView(this.#config.buffer);
    words.setUint16(CONFIG_STATUS, STATUS_LINK_UP, true);
    words.setUint16(CONFIG_MTU, spec.mtu ?? 0, true);
  }

  config(): Uint8Array {
    return this.#config;
  }

  writeConfig(): void {}

  /** A notification that came as an exit: a driver may write it in a width that the doorbell does not match. */
  notified(queue: number): void {
    signalEvent(this.#spec.kickFds[queue === RECEIVE_QUEUE ? 0 : 1]);
  }

  started(): void {
    if (this.#service !== null) this.#service.start();
    // Buffers may have been offered before DRIVER_OK.
    else signalEvent(this.#spec.kickFds[0]);
  }

  reset(): void {
    this.#service?.stop();
  }

  /** An interface has both of its queues or is down until it is reset. */
  queueDisabled(): void {
    this.#service?.stop();
  }
}
