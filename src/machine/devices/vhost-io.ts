/**
 * The devices of a machine that the kernel's vhost serves, seen from the thread that made the machine.
 *
 * No thread belongs to it: the kernel moves the data, drivers start and stop it in vCPU threads (vhost-service.ts), and
 * the wait for faults of their rings is one poll(2) for all devices in libuv's pool.
 */
import { type EventFd, signalEvent } from '../../kvm/eventfd.ts';
import { PollSet } from '../../kvm/poll-set.ts';
import type { Lock } from '../lock.ts';
import type { Backend } from './backend.ts';
import type { VhostService } from './vhost-service.ts';
import { QueueFault } from './virtqueue.ts';

export interface VhostDevice {
  readonly service: VhostService;
  /** The device was saved elsewhere and goes on here. Under the lock, with the queues served. May throw QueueFault. */
  restored(): void;
}

export class VhostIo implements Backend {
  readonly #devices: readonly VhostDevice[];
  readonly #lock: Lock;
  readonly #stop: EventFd;
  readonly #ended: Promise<void>;
  /** Those that a driver had when the machine was last quiet: what else is live at `proceed` was restored. */
  #known: ReadonlySet<VhostDevice> = new Set();
  #stopping = false;

  /** `stop` is an eventfd for this object alone, closed by the caller after `stop`. */
  constructor(devices: readonly VhostDevice[], lock: Lock, stop: EventFd) {
    this.#devices = devices;
    this.#lock = lock;
    this.#stop = stop;
    this.#ended = this.#watch();
  }

  quiesce(): Promise<void> {
    this.#lock.run(() => {
      this.#known = new Set(this.#devices.filter(({ service }) => service.state.live));
      for (const { service } of this.#devices) service.stop();
    });
    return Promise.resolve();
  }

  proceed(): Promise<void> {
    this.#lock.run(() => {
      for (const device of this.#devices) this.#proceed(device);
    });
    return Promise.resolve();
  }

  stop(): Promise<void> {
    if (!this.#stopping) {
      this.#stopping = true;
      signalEvent(this.#stop.fd);
      this.#lock.run(() => {
        for (const { service } of this.#devices) service.stop();
      });
    }
    return this.#ended;
  }

  #proceed(device: VhostDevice): void {
    const { service } = device;
    if (!service.state.live) return;
    try {
      service.start();
      if (!this.#known.has(device)) device.restored();
    } catch (error) {
      if (!(error instanceof QueueFault)) throw error;
      service.stop();
      service.state.fail();
    }
  }

  async #watch(): Promise<void> {
    const set = new PollSet(this.#devices.length + 1);
    for (const [i, { service }] of this.#devices.entries()) set.watch(i, service.errorFd);
    set.watch(this.#devices.length, this.#stop.fd);
    for (;;) {
      await set.waitAside();
      if (this.#stopping) return;
      this.#lock.run(() => {
        for (const { service } of this.#devices) service.checkFault();
      });
    }
  }
}
