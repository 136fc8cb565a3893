/** A network interface without vhost, its driver and the far end of its cable, for tests. */
import { awaitEvent } from '../../../../src/kvm/eventfd.ts';
import type { VirtioNetSpec } from '../../../../src/machine/devices/device.ts';
import { type Link, MAX_PACKET_BYTES, NetPort } from '../../../../src/machine/devices/net-port.ts';
import { openDevice } from '../../../../src/machine/devices/open.ts';
import { virtioNetSpec } from '../../../../src/machine/devices/virtio-net.ts';
import { Lock } from '../../../../src/machine/lock.ts';
import { Board, Driver, DriverQueue, FEATURE, RAM_BASE } from './virtio-driver.ts';

/** What a tap is for the port: packets in, packets out. */
export class Cable implements Link {
  readonly buffer = new Uint8Array(MAX_PACKET_BYTES);
  /** Not yet read by the device. */
  readonly incoming: Uint8Array[] = [];
  readonly outgoing: Uint8Array[] = [];
  readonly offloads: number[] = [];

  receive(): number {
    const packet = this.incoming.shift();
    this.buffer.set(packet ?? []);
    return packet?.length ?? 0;
  }

  offerOffloads(bits: number): void {
    this.offloads.push(bits);
  }

  transmit(packet: Uint8Array[]): void {
    this.outgoing.push(Uint8Array.from(Buffer.concat(packet)));
  }
}

/** A header of zeroes and so many bytes after it. */
export function packet(bytes: number, first = 0): Uint8Array {
  return Uint8Array.from({ length: 12 + bytes }, (_, i) => (i < 12 ? 0 : (i + first) & 0xff));
}

export const MAC = [2, 0, 0, 0, 0, 7];

export class NetBoard implements Disposable {
  readonly board = new Board();
  readonly spec: VirtioNetSpec;
  readonly driver: Driver;
  readonly cable = new Cable();
  readonly port: NetPort;
  readonly kickFd = this.board.eventFd();
  receive: DriverQueue;
  transmit: DriverQueue;

  constructor(mtu: number | null = null) {
    const kickFds = [this.kickFd, this.kickFd] as const;
    const irqFd = this.board.eventFd();
    this.spec = virtioNetSpec({ base: 0, spi: 33, irqFd, mac: MAC, mtu, tapFd: -1, kickFds, vhost: null });
    this.driver = new Driver(openDevice(this.spec, this.board.context));
    this.port = new NetPort(this.spec, this.board.memory, new Lock(this.board.lockBuffer), this.cable);
    this.receive = new DriverQueue(this.board.memory, RAM_BASE, 16);
    this.transmit = new DriverQueue(this.board.memory, RAM_BASE + 0x4000, 16);
  }

  /** From reset to a live device with fresh rings. */
  boot(features: readonly number[] = [FEATURE.MRG_RXBUF], size = 16): void {
    if (!this.driver.negotiate([FEATURE.VERSION_1, ...features])) throw new Error('features are refused');
    this.receive = new DriverQueue(this.board.memory, RAM_BASE, size);
    this.transmit = new DriverQueue(this.board.memory, RAM_BASE + 0x4000, size);
    this.driver.setUpQueue(0, this.receive);
    this.driver.setUpQueue(1, this.transmit);
    this.driver.start();
    awaitEvent(this.kickFd);
  }

  /** Where buffers are: 4 KiB for each, and 128 KiB behind the first. */
  readonly at = (index: number): number => RAM_BASE + 0x2_0000 + 4096 * index;

  bytes(address: number, length: number): Uint8Array {
    return this.board.memory.bytes.subarray(address - RAM_BASE, address - RAM_BASE + length);
  }

  /** Offers a buffer for packets to the guest. */
  offerRoom(index: number, length: number): number {
    const head = this.receive.chain([{ address: this.at(index), length, writable: true }]);
    this.receive.offer(head);
    return head;
  }

  [Symbol.dispose](): void {
    this.board[Symbol.dispose]();
  }
}
