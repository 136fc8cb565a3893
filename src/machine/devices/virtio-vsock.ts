/**
 * A virtio socket device (Virtio 1.2 section 5.10): stream sockets between the guest and its host, without a network.
 *
 * The kernel's vhost-vsock serves the two data queues, and is the host's end of the connections. The event queue is
 * ours: the one event there is tells the driver that all connections are gone and that its address may be another one.
 */
import { signalEvent } from '../../kvm/eventfd.ts';
import { byteCount, scatter } from './buffers.ts';
import type { DeviceContext, VirtioVsockSpec } from './device.ts';
import type { GuestMemory } from './guest-memory.ts';
import type { VhostDevice } from './vhost-io.ts';
import { RING_FEATURES, type VhostControl, VhostService } from './vhost-service.ts';
import { VIRTIO_MMIO_SIZE, VirtioMmio, type VirtioModel } from './virtio-mmio.ts';
import {
  allocateVirtioState,
  FEATURE_EVENT_IDX,
  FEATURE_INDIRECT_DESC,
  INTERRUPT_USED_BUFFER,
  VirtioState,
} from './virtio-state.ts';
import { QueueFault, Virtqueue } from './virtqueue.ts';

/** Section 5.10.2. */
const EVENT_QUEUE = 2;
const DATA_QUEUE_SIZE = 256;
const EVENT_QUEUE_SIZE = 16;

/** Section 5.10.4: the guest's address, le64. */
const CONFIG_BYTES = 8;

/** `struct virtio_vsock_event`, section 5.10.6.7: le32 id. */
const EVENT_BYTES = 4;
const EVENT_TRANSPORT_RESET = 0;

const vsockControl: VhostControl = {
  features: RING_FEATURES,
  begin: (vhost) => vhost.setVsockRunning(true),
  end: (vhost) => vhost.setVsockRunning(false),
};

/** Describes a socket device in its reset state. */
export function virtioVsockSpec(options: Omit<VirtioVsockSpec, 'kind' | 'size' | 'state'>): VirtioVsockSpec {
  return { kind: 'virtio-vsock', size: VIRTIO_MMIO_SIZE, state: allocateVirtioState(3), ...options };
}

/** The device as the thread that made the machine has it. */
export function vsockDevice(spec: VirtioVsockSpec, memory: GuestMemory): VhostDevice {
  const service = new VhostService(spec, spec.vhost, memory, vsockControl);
  const events = new Virtqueue(memory, service.state, EVENT_QUEUE);
  return { service, restored: () => tellTransportReset(service.state, events) };
}

/** A driver that offers no buffer for it finds out by its peers' resets. Under the lock. Throws QueueFault. */
export function tellTransportReset(state: VirtioState, events: Virtqueue): void {
  if (!events.ready) return;
  const chain = events.pop();
  if (chain === null) return;
  if (byteCount(chain.writable) < EVENT_BYTES) throw new QueueFault('a buffer too small for an event');
  const event = new Uint8Array(EVENT_BYTES);
  new DataView(event.buffer).setUint32(0, EVENT_TRANSPORT_RESET, true);
  scatter(event, chain.writable);
  if (events.push(chain.head, EVENT_BYTES)) state.interrupt(INTERRUPT_USED_BUFFER);
}

export class VirtioVsock extends VirtioMmio {
  constructor(spec: VirtioVsockSpec, context: DeviceContext) {
    const model = new VsockModel(spec, context.memory);
    super(new VirtioState(spec.state, spec.irqFd), context, model);
  }
}

class VsockModel implements VirtioModel {
  readonly deviceId = 19;
  /** Streams only: what every kernel's vhost-vsock can do, so that the guest finds the same device everywhere. */
  readonly features = [FEATURE_INDIRECT_DESC, FEATURE_EVENT_IDX];
  readonly queueSizes = [DATA_QUEUE_SIZE, DATA_QUEUE_SIZE, EVENT_QUEUE_SIZE];
  readonly #config = new Uint8Array(CONFIG_BYTES);
  readonly #kickFds: readonly number[];
  readonly #service: VhostService;

  constructor(spec: VirtioVsockSpec, memory: GuestMemory) {
    this.#kickFds = spec.kickFds;
    this.#service = new VhostService(spec, spec.vhost, memory, vsockControl);
    new DataView(this.#config.buffer).setBigUint64(0, BigInt(spec.cid), true);
  }

  config(): Uint8Array {
    return this.#config;
  }

  writeConfig(): void {}

  /** Buffers for events wait until there is one. */
  notified(queue: number): void {
    const kickFd = this.#kickFds[queue];
    if (kickFd !== undefined) signalEvent(kickFd);
  }

  started(): void {
    this.#service.start();
  }

  reset(): void {
    this.#service.stop();
  }

  /** Without one of the data queues there are no connections until the device is reset. */
  queueDisabled(queue: number): void {
    if (queue !== EVENT_QUEUE) this.#service.stop();
  }
}
