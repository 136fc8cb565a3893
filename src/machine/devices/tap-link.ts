/** A tap interface as a source and a sink of packets, for the thread that serves it. */
import { writevSync } from 'node:fs';
import { addressOf, read } from '../../kvm/libc.ts';
import { setTapOffload } from '../../kvm/tap.ts';
import { type Link, MAX_PACKET_BYTES } from './net-port.ts';

export class TapLink implements Link {
  readonly buffer = new Uint8Array(MAX_PACKET_BYTES);
  readonly #fd: number;
  /** Of `buffer`, which lives as long as this object. */
  readonly #address = addressOf(this.buffer.buffer);

  constructor(fd: number) {
    this.#fd = fd;
  }

  offerOffloads(bits: number): void {
    setTapOffload(this.#fd, bits);
  }

  receive(): number {
    // EAGAIN, and whatever a deleted interface gives: nothing to read. poll(2) tells them apart.
    return Math.max(0, read(this.#fd, this.#address, this.buffer.length));
  }

  transmit(packet: Uint8Array[]): void {
    try {
      writevSync(this.#fd, packet);
    } catch {
      // The interface is down, or the header makes no sense to it.
    }
  }
}
