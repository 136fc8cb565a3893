/**
 * The seam between the machine and its devices.
 *
 * A device is described by a DeviceSpec, plain data that crosses to every thread in `workerData`. Each vCPU thread
 * opens its own device object from the spec (`openDevice` in open.ts), so that an MMIO exit is handled in the thread
 * it happened in. What threads share lies in the spec's SharedArrayBuffer and is touched only under the machine lock;
 * devices take the lock themselves, the bus does not. All addresses and sizes are in bytes.
 */
import type { Lock } from '../lock.ts';
import type { GuestMemory } from './guest-memory.ts';

/**
 * A device as one vCPU thread sees it. `offset` counts from the device's base and lies inside its size; `length` is
 * 1, 2 or 4 (the bus splits an 8-byte access into two, low word first); values are unsigned. Neither method throws
 * for anything a guest can do: an access the device does not define reads as 0 and is ignored when written.
 */
export interface MmioDevice {
  read(offset: number, length: number): number;
  write(offset: number, length: number, value: number): void;
}

/** What a device may use of the machine, in any thread. */
export interface DeviceContext {
  readonly memory: GuestMemory;
  readonly lock: Lock;
  /**
   * Sets the level of a shared peripheral interrupt (KVM_IRQ_LINE); called under the lock. `spi` counts from 0 as in
   * the device tree: INTID = spi + 32.
   */
  setInterrupt(spi: number, high: boolean): void;
}

interface CommonSpec {
  /** Guest physical address. */
  readonly base: number;
  readonly size: number;
  /** Shared peripheral interrupt, counted from 0 as in the device tree and in irqfd's gsi: INTID = spi + 32. */
  readonly spi: number;
  readonly state: SharedArrayBuffer;
}

/** A 16550A serial port; its interrupt is level-triggered. */
export interface UartSpec extends CommonSpec {
  readonly kind: 'uart';
  /** Output goes there, byte for byte. */
  readonly outputFd: number;
}

interface VirtioSpec extends CommonSpec {
  /** An eventfd that KVM turns into an edge of the interrupt (KVM_IRQFD, gsi = spi). */
  readonly irqFd: number;
}

export interface VirtioBlockSpec extends VirtioSpec {
  readonly kind: 'virtio-block';
  /**
   * A blocking eventfd that KVM signals when the guest writes queue 0 to QueueNotify (KVM_IOEVENTFD at base +
   * QUEUE_NOTIFY_OFFSET, length 4, datamatch 0).
   */
  readonly kickFd: number;
  /** The image, open for reading and, unless `readOnly`, for writing. */
  readonly diskFd: number;
  /** 512-byte sectors. */
  readonly sectors: number;
  readonly readOnly: boolean;
  /** The serial number GET_ID answers with; at most 20 bytes of ASCII. */
  readonly serial: string;
  /** What a save under way shares with the I/O thread (block-freeze.ts). No state of the device. */
  readonly freeze: SharedArrayBuffer;
}

/** A keyboard with the keys of key-codes.ts. */
export interface VirtioInputSpec extends VirtioSpec {
  readonly kind: 'virtio-input';
  /** The driver's selection in the configuration space: two bytes. */
  readonly config: SharedArrayBuffer;
  /** Events that wait for buffers. */
  readonly events: SharedArrayBuffer;
}

/** A source of random numbers. */
export interface VirtioRngSpec extends VirtioSpec {
  readonly kind: 'virtio-rng';
}

/** A PL031 real-time clock; its interrupt is level-triggered. */
export interface ClockSpec extends CommonSpec {
  readonly kind: 'pl031';
}

/** A PL061 GPIO controller; its interrupt is level-triggered. */
export interface GpioSpec extends CommonSpec {
  readonly kind: 'pl061';
}

/** The kernel's vhost device behind a virtio device. */
export interface VhostSpec {
  /** Of /dev/vhost-…, owned by this process and told where guest memory is. */
  readonly fd: number;
  /** An eventfd that does not wait; the kernel signals it when a ring breaks the rules. */
  readonly errorFd: number;
  /** Where the first byte of guest RAM lies in this process. */
  readonly ramAddress: number;
}

export interface VirtioNetSpec extends VirtioSpec {
  readonly kind: 'virtio-net';
  /** Six bytes. */
  readonly mac: readonly number[];
  /** What the guest is told of the network's largest packet, in bytes. */
  readonly mtu: number | null;
  /** A tap interface with headers of 12 bytes (kvm/tap.ts). */
  readonly tapFd: number;
  /**
   * Eventfds that KVM signals when the guest writes 0 or 1 to QueueNotify: of the queue for packets to the guest and
   * of that for packets from it. Without vhost they are one, that of the I/O thread.
   */
  readonly kickFds: readonly [number, number];
  /** Null: an I/O thread of ours serves the queues. */
  readonly vhost: VhostSpec | null;
}

export interface VirtioVsockSpec extends VirtioSpec {
  readonly kind: 'virtio-vsock';
  /** The guest's address, 3 or above. */
  readonly cid: number;
  /** As for a network interface, of the queues to and from the guest; notifications of the event queue are exits. */
  readonly kickFds: readonly [number, number];
  readonly vhost: VhostSpec;
}

export type DeviceSpec =
  | UartSpec
  | ClockSpec
  | GpioSpec
  | VirtioBlockSpec
  | VirtioInputSpec
  | VirtioRngSpec
  | VirtioNetSpec
  | VirtioVsockSpec;
