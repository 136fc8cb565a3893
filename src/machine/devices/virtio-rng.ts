/**
 * A virtio entropy device (Virtio 1.2 section 5.4): random numbers of the host's kernel for the guest's.
 *
 * The vCPU's thread that took the notification answers it: a buffer costs one system call that does not block once
 * the host has booted, so a thread of its own would cost more than it spares. One notification is answered with at
 * most a queue of buffers of a page each; a guest that offers more at once notifies for those as well.
 */
import { check } from '../../kvm/errno.ts';
import { getrandom } from '../../kvm/libc.ts';
import { Chain } from './chain.ts';
import type { DeviceContext, VirtioRngSpec } from './device.ts';
import type { GuestMemory } from './guest-memory.ts';
import { VIRTIO_MMIO_SIZE, VirtioMmio, type VirtioModel } from './virtio-mmio.ts';
import { allocateVirtioState, INTERRUPT_USED_BUFFER, VirtioState } from './virtio-state.ts';
import { QueueFault, Virtqueue } from './virtqueue.ts';

const QUEUE_SIZE = 8;
/** A device may use less of a buffer than there is (section 5.4.6.2). */
const MAX_BYTES = 4096;

/** Describes the device in its reset state. */
export function virtioRngSpec(options: Omit<VirtioRngSpec, 'kind' | 'size' | 'state'>): VirtioRngSpec {
  return { kind: 'virtio-rng', size: VIRTIO_MMIO_SIZE, state: allocateVirtioState(1), ...options };
}

export class VirtioRng extends VirtioMmio {
  constructor(spec: VirtioRngSpec, context: DeviceContext) {
    const state = new VirtioState(spec.state, spec.irqFd);
    super(state, context, new RngModel(state, context.memory));
  }
}

class RngModel implements VirtioModel {
  readonly deviceId = 4;
  readonly features = [];
  readonly queueSizes = [QUEUE_SIZE];
  readonly #state: VirtioState;
  readonly #memory: GuestMemory;
  readonly #queue: Virtqueue;
  readonly #chain = new Chain(QUEUE_SIZE);

  constructor(state: VirtioState, memory: GuestMemory) {
    this.#state = state;
    this.#memory = memory;
    this.#queue = new Virtqueue(memory, state, 0);
  }

  config(): Uint8Array {
    return new Uint8Array();
  }

  writeConfig(): void {}

  notified(): void {
    this.#fill();
  }

  started(): void {
    if (this.#queue.ready) this.#fill();
  }

  reset(): void {}

  #fill(): void {
    let interrupt = false;
    for (let i = 0; i < QUEUE_SIZE && this.#queue.take(this.#chain); i++) {
      const { readable, writableBytes, head } = this.#chain;
      if (writableBytes === 0) throw new QueueFault('a request for random numbers without room for them');
      const address = this.#memory.locate(this.#chain.address(readable));
      // Fewer than asked for are right, too.
      const bytes = Math.min(this.#chain.length(readable), MAX_BYTES);
      if (this.#queue.push(head, check(getrandom(address, bytes), 'getrandom'))) interrupt = true;
    }
    if (interrupt) this.#state.interrupt(INTERRUPT_USED_BUFFER);
  }
}
