/** A network interface as its driver and its cable see it. The kernel's own data path is tested in the lab. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { awaitEvent } from '../../../../src/kvm/eventfd.ts';
import { MAC, NetBoard, packet } from './net-board.ts';
import { FEATURE, REG, STATUS } from './virtio-driver.ts';

/** Feature bits of Virtio 1.2 section 5.1.3, by number. */
const CSUM = 0;
const GUEST_CSUM = 1;
const MTU = 3;
const NET_MAC = 5;
const GUEST_TSO4 = 7;
const GUEST_TSO6 = 8;
const HOST_TSO4 = 11;
const HOST_TSO6 = 12;
const NET_STATUS = 16;

const numBuffers = (bytes: Uint8Array): number =>
  new DataView(bytes.buffer, bytes.byteOffset).getUint16(10, true);

describe('a network interface', () => {
  let net: NetBoard;
  beforeEach(() => {
    net = new NetBoard();
  });
  afterEach(() => net[Symbol.dispose]());

  it('is one, with its address, an active link and offloads both ways', () => {
    expect(net.driver.read(REG.DEVICE_ID)).toBe(1);
    expect([...net.driver.config(0, 8)]).toEqual([...MAC, 1, 0]);
    const wanted = [CSUM, GUEST_CSUM, NET_MAC, GUEST_TSO4, GUEST_TSO6, HOST_TSO4, HOST_TSO6];
    const rings = [
      FEATURE.MRG_RXBUF,
      NET_STATUS,
      FEATURE.INDIRECT_DESC,
      FEATURE.EVENT_IDX,
      FEATURE.VERSION_1,
    ];
    expect([...net.driver.offered()]).toEqual([...wanted, ...rings]);
  });

  it('tells the largest packet where one is known', () => {
    using other = new NetBoard(9000);
    expect(other.driver.offered()).toContain(MTU);
    const config = other.driver.config(0, 12);
    expect(new DataView(config.buffer).getUint16(10, true)).toBe(9000);
  });

  it('sends what the driver offers, buffer by buffer, in order', () => {
    net.boot();
    const sent = [packet(60, 1), packet(100, 2)];
    const heads = sent.map((bytes, i) => {
      net.bytes(net.at(i), bytes.length).set(bytes);
      const header = { address: net.at(i), length: 12 };
      return net.transmit.chain([header, { address: net.at(i) + 12, length: bytes.length - 12 }]);
    });
    for (const head of heads) net.transmit.offer(head);
    expect(net.port.serve()).toBe(false);
    expect(net.cable.outgoing).toEqual(sent);
    expect(net.transmit.collect()).toEqual(heads.map((head) => ({ head, written: 0 })));
    expect(net.driver.read(REG.INTERRUPT_STATUS)).toBe(1);
  });

  it('spreads a packet over as many buffers as it needs and says how many', () => {
    net.boot();
    const heads = [0, 1, 2, 3].map((i) => net.offerRoom(i, 100));
    net.cable.incoming.push(packet(238));
    net.port.serve();
    expect(net.receive.collect()).toEqual([
      { head: heads[0], written: 100 },
      { head: heads[1], written: 100 },
      { head: heads[2], written: 50 },
    ]);
    const got = Buffer.concat([
      net.bytes(net.at(0), 100),
      net.bytes(net.at(1), 100),
      net.bytes(net.at(2), 50),
    ]);
    expect(numBuffers(Uint8Array.from(got))).toBe(3);
    expect(Uint8Array.from(got.subarray(12))).toEqual(packet(238).subarray(12));
  });

  it('interrupts once for a packet of many buffers, at any of which the driver asked for it', () => {
    net.boot([FEATURE.MRG_RXBUF, FEATURE.EVENT_IDX]);
    net.receive.usedEvent = 1;
    for (let i = 0; i < 3; i++) net.offerRoom(i, 100);
    net.cable.incoming.push(packet(200));
    net.port.serve();
    expect(awaitEvent(net.spec.irqFd)).toBe(1);
  });

  it.each([[], [FEATURE.EVENT_IDX]])(
    'keeps one packet until there is room, and asks to be told (%j)',
    (...more) => {
      net.boot([FEATURE.MRG_RXBUF, ...more]);
      net.offerRoom(0, 100);
      net.cable.incoming.push(packet(138), packet(20));
      net.port.serve();
      expect(net.port.wantsPackets).toBe(false);
      expect(net.cable.incoming).toHaveLength(1);
      expect(net.receive.collect()).toEqual([]);
      // The notification asked for is that of the next buffer, not of the one that is there.
      if (more.length > 0) expect(net.receive.availableEvent).toBe(1);
      else expect(net.receive.usedFlags).toBe(0);
      net.offerRoom(1, 100);
      net.offerRoom(2, 100);
      net.port.serve();
      expect(net.port.wantsPackets).toBe(true);
      expect(net.receive.collect().map(({ written }) => written)).toEqual([100, 50, 32]);
    },
  );

  it('loses a packet that no driver could ever take', () => {
    net.boot([], 2);
    net.offerRoom(0, 100);
    net.cable.incoming.push(packet(200), packet(20));
    net.port.serve();
    expect(net.receive.collect()).toEqual([{ head: 0, written: 32 }]);
    net.boot([FEATURE.MRG_RXBUF], 2);
    for (const i of [0, 1]) net.offerRoom(i, 100);
    net.cable.incoming.push(packet(200), packet(20));
    net.port.serve();
    expect(net.receive.collect()).toEqual([{ head: 0, written: 32 }]);
  });

  it('keeps nothing of a flood while no driver takes it', () => {
    for (let i = 0; i < 100; i++) net.cable.incoming.push(packet(20));
    net.port.serve();
    expect([net.cable.incoming.length, net.port.wantsPackets]).toEqual([99, false]);
  });

  it('gives others their turn after a number of packets', () => {
    net.boot([FEATURE.MRG_RXBUF], 128);
    for (let i = 0; i < 100; i++) {
      net.cable.incoming.push(packet(20));
      net.offerRoom(i, 100);
    }
    const moved: number[] = [];
    while (net.port.serve()) moved.push(net.receive.collect().length);
    moved.push(net.receive.collect().length);
    expect(moved).toEqual([64, 36]);
  });

  it('says to the other side what the driver takes, at each start and after a rest', () => {
    const start = (...features: number[]): void => {
      net.boot(features);
      net.port.serve();
    };
    start();
    start(GUEST_CSUM);
    start(GUEST_CSUM, GUEST_TSO4, GUEST_TSO6);
    start(GUEST_TSO4);
    net.port.serve();
    net.port.goOn();
    net.port.serve();
    // TUN_F_CSUM 1, TUN_F_TSO4 2, TUN_F_TSO6 4; segments only with checksums left out.
    expect(net.cable.offloads).toEqual([0, 1, 7, 0, 0]);
  });

  const faults: Record<string, (net: NetBoard) => void> = {
    'a packet without a header': ({ transmit, at }) =>
      transmit.offer(transmit.chain([{ address: at(0), length: 11 }])),
    'a packet longer than any': ({ transmit, at }) =>
      transmit.offer(transmit.chain([{ address: at(0), length: 65_563 }])),
    'a packet to be written to': ({ transmit, at }) =>
      transmit.offer(transmit.chain([{ address: at(0), length: 64, writable: true }])),
    'a buffer to be read for a packet to the guest': ({ receive, at, cable }) => {
      receive.offer(receive.chain([{ address: at(0), length: 64 }]));
      cable.incoming.push(packet(20));
    },
    'a buffer with no room for a header': ({ receive, at, cable }) => {
      receive.offer(receive.chain([{ address: at(0), length: 11, writable: true }]));
      cable.incoming.push(packet(20));
    },
    'a second buffer outside of RAM': ({ receive, at, cable }) => {
      receive.offer(receive.chain([{ address: at(0), length: 20, writable: true }]));
      receive.offer(receive.chain([{ address: 0, length: 20, writable: true }]));
      cable.incoming.push(packet(20));
    },
  };
  it.each(Object.entries(faults))('needs a reset after %s, and works after it', (_, offend) => {
    net.boot();
    offend(net);
    net.port.serve();
    expect(net.driver.status & STATUS.NEEDS_RESET).toBe(STATUS.NEEDS_RESET);
    expect(net.cable.outgoing).toEqual([]);
    net.boot();
    net.offerRoom(0, 100);
    net.cable.incoming.push(packet(20));
    net.port.serve();
    expect(net.receive.collect()).toHaveLength(1);
  });

  it('keeps no buffer of a driver that resets it in the midst of a packet', () => {
    net.boot();
    const transmit = net.cable.transmit.bind(net.cable);
    net.cable.transmit = (parts) => {
      transmit(parts);
      // As the thread of a vCPU does, which then waits until the packet is done: here, that is never.
      const words = new Int32Array(net.spec.state);
      expect(Atomics.load(words, 8)).toBe(1);
      Atomics.add(words, 7, 1);
    };
    net.transmit.offer(net.transmit.chain([{ address: net.at(0), length: 64 }]));
    net.port.serve();
    expect(net.cable.outgoing).toHaveLength(1);
    expect(net.transmit.collect()).toEqual([]);
  });
});
