/**
 * The data queues of a virtio device, served by the kernel's vhost.
 *
 *     not served ──start──▶ served ──stop──▶ not served
 *
 * `start` comes from the vCPU thread whose guest sets DRIVER_OK, or from the main thread when a machine goes on after
 * a pause; `stop` when the driver resets the device or takes a queue away, when the machine is to be quiet, and after
 * a fault. All of it under the machine lock, so W_SERVED is the truth in every thread. After a stop the rings'
 * positions are back in the shared state, as if this process had served the queues itself.
 */
import { KvmError } from '../../kvm/errno.ts';
import { signalEvent, takeEvents } from '../../kvm/eventfd.ts';
import { Vhost } from '../../kvm/vhost.ts';
import type { VhostSpec, VirtioNetSpec, VirtioVsockSpec } from './device.ts';
import type { GuestMemory } from './guest-memory.ts';
import {
  FEATURE_EVENT_IDX,
  FEATURE_INDIRECT_DESC,
  FEATURE_VERSION_1,
  INTERRUPT_USED_BUFFER,
  VirtioState,
  W_SERVED,
} from './virtio-state.ts';
import { QueueFault, Virtqueue } from './virtqueue.ts';

/** Features of the rings, which vhost devices of every kernel since Linux 5.10 can do. */
export const RING_FEATURES: readonly number[] = [FEATURE_INDIRECT_DESC, FEATURE_EVENT_IDX, FEATURE_VERSION_1];

/** How one kind of vhost device is told to serve its rings, once they are described, and to cease. */
export interface VhostControl {
  /** Feature bits that concern the kernel; the others concern the driver and the tap. */
  readonly features: readonly number[];
  /** All of them or none. @throws KvmError */
  begin(vhost: Vhost, state: VirtioState): void;
  end(vhost: Vhost): void;
}

type Device = Pick<VirtioNetSpec | VirtioVsockSpec, 'state' | 'irqFd' | 'kickFds'>;

export class VhostService {
  readonly state: VirtioState;
  readonly #spec: VhostSpec;
  readonly #device: Device;
  readonly #memory: GuestMemory;
  readonly #control: VhostControl;
  readonly #vhost: Vhost;
  /** The two that the kernel serves; a device may have more. */
  readonly #queues: readonly Virtqueue[];

  constructor(device: Device, spec: VhostSpec, memory: GuestMemory, control: VhostControl) {
    this.state = new VirtioState(device.state, device.irqFd);
    this.#spec = spec;
    this.#device = device;
    this.#memory = memory;
    this.#control = control;
    this.#vhost = new Vhost(spec.fd);
    this.#queues = device.kickFds.map((_, queue) => new Virtqueue(memory, this.state, queue));
  }

  get errorFd(): number {
    return this.#spec.errorFd;
  }

  get served(): boolean {
    return this.state.get(W_SERVED) === 1;
  }

  /** Has the kernel serve the queues, if the driver made all of them ready. Throws QueueFault when it refuses. */
  start(): void {
    if (this.served || !this.#queues.every(({ ready }) => ready)) return;
    // What a ring of the time before a reset had on its conscience.
    takeEvents(this.errorFd);
    try {
      this.#vhost.setFeatures(this.#acceptedFeatures());
      for (const [index, queue] of this.#queues.entries()) this.#describe(index, queue);
      this.#control.begin(this.#vhost, this.state);
    } catch (error) {
      if (!(error instanceof KvmError)) throw error;
      throw new QueueFault(error.message);
    }
    Atomics.store(this.state.words, W_SERVED, 1);
    // Buffers that were offered before have been notified of already.
    for (const fd of this.#device.kickFds) signalEvent(fd);
  }

  /** Returns once the kernel touches neither rings nor buffers. */
  stop(): void {
    if (!this.served) return;
    this.#control.end(this.#vhost);
    for (const [index, queue] of this.#queues.entries()) {
      if (queue.ready) queue.takeOver(this.#vhost.ringPosition(index));
    }
    // An interrupt may be on its way whose cause the driver has still to read.
    if (this.state.live) this.state.recordCause(INTERRUPT_USED_BUFFER);
    Atomics.store(this.state.words, W_SERVED, 0);
  }

  /** To be called when `errorFd` is signalled: the driver broke the rules of a ring. */
  checkFault(): void {
    if (!takeEvents(this.errorFd) || !this.served) return;
    this.stop();
    this.state.fail();
  }

  #acceptedFeatures(): bigint {
    const accepted = this.#control.features.filter((bit) => this.state.accepted(bit));
    return accepted.reduce((bits, bit) => bits | (1n << BigInt(bit)), 0n);
  }

  #describe(index: number, queue: Virtqueue): void {
    const { size, descriptors, available, used, nextAvailable } = queue.places;
    const here = (address: number): number => this.#spec.ramAddress + (address - this.#memory.base);
    const { kickFds, irqFd } = this.#device;
    this.#vhost.startRing(index, {
      size,
      descriptors: here(descriptors),
      available: here(available),
      used: here(used),
      position: nextAvailable,
      kickFd: kickFds[index] ?? -1,
      callFd: irqFd,
      errorFd: this.#spec.errorFd,
    });
  }
}
