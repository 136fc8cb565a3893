/**
 * A network interface as its I/O thread serves it: packets from the driver to the tap, and from the tap to the driver.
 *
 * The lock is held to take buffers and to give them back, never while packets are copied or the tap works. BUSY is set
 * in between, so that a reset can wait, and EPOCH tells whether the queue the buffers came from still exists.
 *
 * A packet from outside waits here when the driver offers too few buffers: one, and the tap keeps and drops the others
 * by its own limit. A packet that the tap refuses is lost, as packets are.
 */

import { KvmError } from '../../kvm/errno.ts';
import type { Lock } from '../lock.ts';
import { byteCount, scatter } from './buffers.ts';
import type { VirtioNetSpec } from './device.ts';
import type { GuestMemory } from './guest-memory.ts';
import { FEATURE_MRG_RXBUF, offloads, RECEIVE_QUEUE, TRANSMIT_QUEUE } from './virtio-net.ts';
import { INTERRUPT_USED_BUFFER, VirtioState, W_EPOCH } from './virtio-state.ts';
import { type DescriptorChain, QueueFault, type UsedChain, Virtqueue } from './virtqueue.ts';

/** `struct virtio_net_hdr`, Virtio 1.2 section 5.1.6; `num_buffers`, le16, is its last member. */
export const HEADER_BYTES = 12;
const HEADER_NUM_BUFFERS = 10;
/** The largest packet with its header: a TCP segment of 64 KiB behind 14 bytes of Ethernet (section 5.1.6.3.1). */
export const MAX_PACKET_BYTES = 65_562;

/** Packets that an interface may move in each direction before others have their turn. */
const TURN = 64;

/** No epoch. */
const NEVER = -1;

/** Where packets, each behind a header, come from and go to. */
export interface Link {
  /** Reads the next packet to `buffer` and gives its length; 0 when there is none. */
  receive(): number;
  /** What `receive` has read. */
  readonly buffer: Uint8Array;
  /** Says what packets the other side takes, as TUN_F_*. @throws KvmError */
  offerOffloads(bits: number): void;
  /** Sends a packet or loses it. */
  transmit(packet: Uint8Array[]): void;
}

/** Too little is offered: so many chains, which stay in the queue. */
interface Left {
  readonly left: number;
}

interface Taken {
  readonly chains: readonly DescriptorChain[];
  readonly epoch: number;
}

export class NetPort {
  readonly #lock: Lock;
  readonly #link: Link;
  readonly #state: VirtioState;
  readonly #receive: Virtqueue;
  readonly #transmit: Virtqueue;
  /** Bytes of the packet that waits for buffers; 0 when none does. */
  #waiting = 0;
  #starved = false;
  /** The epoch in which the tap was told what the driver takes. */
  #offered = NEVER;

  constructor(spec: VirtioNetSpec, memory: GuestMemory, lock: Lock, link: Link) {
    this.#lock = lock;
    this.#link = link;
    this.#state = new VirtioState(spec.state, spec.irqFd);
    this.#receive = new Virtqueue(memory, this.#state, RECEIVE_QUEUE);
    this.#transmit = new Virtqueue(memory, this.#state, TRANSMIT_QUEUE);
  }

  /** Whether a packet from outside could be handed on: otherwise it is the driver that has to do something first. */
  get wantsPackets(): boolean {
    return !this.#starved;
  }

  /** After a rest, in which the device may have become another one: a saved one, restored. */
  goOn(): void {
    this.#offered = NEVER;
  }

  /**
   * Serves both directions for a turn; true when there may be more to do at once. Never throws for anything the guest or
   * the network does.
   */
  serve(): boolean {
    const sent = this.#repeat(() => this.#sendOne());
    const received = this.#repeat(() => this.#receiveOne());
    return sent || received;
  }

  #repeat(one: () => boolean): boolean {
    for (let i = 0; i < TURN; i++) if (!one()) return false;
    return true;
  }

  #sendOne(): boolean {
    const taken = this.#take(this.#transmit, () => this.#nextToSend());
    const chain = taken?.chains[0];
    if (taken === null || chain === undefined) return false;
    this.#link.transmit(chain.readable);
    this.#giveBack(this.#transmit, taken, [{ head: chain.head, written: 0 }]);
    return true;
  }

  #receiveOne(): boolean {
    if (this.#waiting === 0) this.#waiting = this.#link.receive();
    const bytes = this.#waiting;
    const taken = bytes === 0 ? null : this.#take(this.#receive, () => this.#roomFor(bytes));
    this.#starved = bytes > 0 && taken === null;
    if (taken === null) return false;
    this.#waiting = 0;
    if (taken.chains.length > 0) this.#deliver(taken, bytes);
    return true;
  }

  #deliver(taken: Taken, bytes: number): void {
    const packet = this.#link.buffer.subarray(0, bytes);
    new DataView(packet.buffer, packet.byteOffset).setUint16(HEADER_NUM_BUFFERS, taken.chains.length, true);
    scatter(
      packet,
      taken.chains.flatMap(({ writable }) => writable),
    );
    let rest = bytes;
    const used = taken.chains.map(({ head, writable }) => {
      const written = Math.min(rest, byteCount(writable));
      rest -= written;
      return { head, written };
    });
    this.#giveBack(this.#receive, taken, used);
  }

  /** Takes the chains that `choose` wants; null when the driver offers too little. */
  #take(queue: Virtqueue, choose: () => DescriptorChain[] | Left): Taken | null {
    return this.#lock.run(() => {
      if (!this.#state.live || !queue.ready) return null;
      return this.#guard(() => {
        this.#offerOffloads();
        for (;;) {
          queue.muteNotifications();
          const chosen = choose();
          if (!('left' in chosen)) {
            if (chosen.length > 0) this.#state.beginWork();
            return { chains: chosen, epoch: this.#state.get(W_EPOCH) };
          }
          if (!queue.unmuteNotifications(chosen.left)) return null;
        }
      });
    });
  }

  #offerOffloads(): void {
    const epoch = this.#state.get(W_EPOCH);
    if (this.#offered === epoch) return;
    this.#link.offerOffloads(offloads(this.#state));
    this.#offered = epoch;
  }

  #guard<T>(body: () => T): T | null {
    try {
      return body();
    } catch (error) {
      // The tap's error: it is gone, and the device with it.
      if (!(error instanceof QueueFault || error instanceof KvmError)) throw error;
      this.#state.fail();
      return null;
    }
  }

  #nextToSend(): DescriptorChain[] | Left {
    const chain = this.#transmit.pop();
    if (chain === null) return { left: 0 };
    checkChain(chain.readable, chain.writable);
    const bytes = byteCount(chain.readable);
    if (bytes > MAX_PACKET_BYTES) throw new QueueFault(`a packet of ${bytes} bytes`);
    return [chain];
  }

  /** Buffers for a packet, or none when it fits into nothing that the driver could ever offer. */
  #roomFor(bytes: number): DescriptorChain[] | Left {
    const most = this.#state.accepted(FEATURE_MRG_RXBUF) ? this.#receive.places.size : 1;
    const chains: DescriptorChain[] = [];
    for (let room = 0; room < bytes; ) {
      const chain = chains.length < most ? this.#receive.pop() : null;
      if (chain === null) {
        this.#receive.untake(chains.length);
        return chains.length < most ? { left: chains.length } : [];
      }
      checkChain(chain.writable, chain.readable);
      chains.push(chain);
      room += byteCount(chain.writable);
    }
    return chains;
  }

  #giveBack(queue: Virtqueue, taken: Taken, used: readonly UsedChain[]): void {
    this.#lock.run(() => {
      if (this.#state.get(W_EPOCH) === taken.epoch && queue.pushAll(used))
        this.#state.interrupt(INTERRUPT_USED_BUFFER);
      this.#state.endWork();
    });
  }
}

function checkChain(buffers: readonly Uint8Array[], wrongWay: readonly Uint8Array[]): void {
  if (wrongWay.length > 0) throw new QueueFault('a packet buffer for the other direction');
  const bytes = byteCount(buffers);
  if (bytes < HEADER_BYTES) throw new QueueFault(`a packet buffer of ${bytes} bytes`);
}
