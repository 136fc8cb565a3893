/**
 * Drivers that write nonsense to devices which the kernel's vhost serves, or the network's I/O thread, run inside a lab
 * host: `node nonsense.ts kernel|thread SEED ROUNDS` prints what was seen, and test/lab/network.test.ts says what is right. It throws when a byte of memory has
 * changed that no driver named, or a device does not work after its reset; the seed repeats it.
 */
import { strict as assert } from 'node:assert';
import { closeSync, readSync, writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { EventFd } from '../../../src/kvm/eventfd.ts';
import { openTap } from '../../../src/kvm/tap.ts';
import { VHOST_NET, VHOST_VSOCK, Vhost } from '../../../src/kvm/vhost.ts';
import type { Backend } from '../../../src/machine/devices/backend.ts';
import type { MmioDevice, VhostSpec, VirtioNetSpec } from '../../../src/machine/devices/device.ts';
import { NetIo } from '../../../src/machine/devices/net-io.ts';
import { openDevice } from '../../../src/machine/devices/open.ts';
import { VhostIo } from '../../../src/machine/devices/vhost-io.ts';
import { RING_FEATURES } from '../../../src/machine/devices/vhost-service.ts';
import { NET_VHOST_FEATURES, netDevice, virtioNetSpec } from '../../../src/machine/devices/virtio-net.ts';
import { virtioVsockSpec, vsockDevice } from '../../../src/machine/devices/virtio-vsock.ts';
import { openVhostDevice } from '../../../src/machine/vhost-devices.ts';
import { VirtioAbuser } from '../../fuzz/virtio-abuser.ts';
import { Random } from '../../unit/machine/devices/random.ts';
import {
  Board,
  Driver,
  DriverQueue,
  FEATURE,
  RAM_BASE,
  RAM_BYTES,
  REG,
  STATUS,
} from '../../unit/machine/devices/virtio-driver.ts';
import { report } from './report.ts';
import { Taps } from './taps.ts';

const WINDOW_BYTES = 0x2_8000;
/** RAM between the windows and the last page is named by nobody. */
const FORBIDDEN = { from: 2 * WINDOW_BYTES, to: RAM_BYTES - 4096 } as const;
const MARK = 0x5a;
const ACTS = 200;
const { QUEUE_NOTIFY } = REG;
const HEADER_BYTES = 12;
/** A frame to everybody, of the type for experiments (IEEE 802), that says which it is. */
const frame = (number: number): Uint8Array =>
  Uint8Array.from({ length: 64 }, (_, i) =>
    i < 6 ? 0xff : ([0x88, 0xb5, number][i - 12] ?? (i < 12 ? 2 * i : i)),
  );

class Rig {
  readonly board: Board;
  readonly driver: Driver;
  readonly #base: number;
  readonly #abuser: VirtioAbuser;
  faults = 0;

  constructor(board: Board, device: MmioDevice, queues: number, base: number) {
    this.board = board;
    this.driver = new Driver(device);
    this.#base = base;
    const window = { base, size: WINDOW_BYTES };
    this.#abuser = new VirtioAbuser(device, board.memory, window, queues, () => undefined);
  }

  async abuse(random: Random): Promise<void> {
    for (let i = 0; i < ACTS; i += 1) {
      this.#abuser.act(random);
      // The kernel and the wait for its faults come when they come.
      if (i % 20 === 0) await sleep(1);
    }
    if ((this.driver.status & STATUS.NEEDS_RESET) !== 0) this.faults += 1;
  }

  /** From a reset to a live device; gives its two data queues. */
  revive(): [DriverQueue, DriverQueue] {
    assert.ok(this.driver.negotiate([FEATURE.VERSION_1]), 'features are refused');
    const make = (index: number): DriverQueue => {
      const queue = new DriverQueue(this.board.memory, this.#base + 0x4000 * index, 16);
      this.driver.setUpQueue(index, queue);
      return queue;
    };
    const queues: [DriverQueue, DriverQueue] = [make(0), make(1)];
    this.driver.start();
    assert.equal(this.driver.status & STATUS.NEEDS_RESET, 0, 'the device does not come back');
    return queues;
  }

  at(offset: number): number {
    return this.#base + 0x1_4000 + offset;
  }

  bytes(address: number, length: number): Uint8Array {
    return this.board.memory.bytes.subarray(address - RAM_BASE, address - RAM_BASE + length);
  }
}

async function until<T>(what: string, look: () => T | undefined): Promise<T> {
  for (const deadline = performance.now() + 10_000; performance.now() < deadline; await sleep(1)) {
    const found = look();
    if (found !== undefined) return found;
  }
  throw new Error(`${what} did not come`);
}

/** Reads the next frame of ours from a tap, without its header. */
function readFrame(fd: number): Uint8Array | undefined {
  const buffer = new Uint8Array(2048);
  for (;;) {
    let length: number;
    try {
      length = readSync(fd, buffer);
    } catch {
      return undefined;
    }
    const found = buffer.slice(HEADER_BYTES, length);
    if (found[12] === 0x88 && found[13] === 0xb5) return found;
  }
}

async function checkNet(rig: Rig, far: number, number: number): Promise<void> {
  const [receive, transmit] = rig.revive();
  const sent = frame(number);
  rig.bytes(rig.at(0), HEADER_BYTES).fill(0);
  rig.bytes(rig.at(HEADER_BYTES), sent.length).set(sent);
  transmit.offer(transmit.chain([{ address: rig.at(0), length: HEADER_BYTES + sent.length }]));
  rig.driver.write(QUEUE_NOTIFY, 1);
  const wanted = Buffer.from(sent);
  await until('a frame from the guest', () => {
    const got = readFrame(far);
    return got !== undefined && wanted.equals(got) ? true : undefined;
  });
  const answer = frame(number ^ 0x80);
  // What came while the driver was busy with other things comes first: each buffer goes back at once.
  const room = (slot: number): number => rig.at(0x1000 + 2048 * slot);
  const offer = (slot: number): void =>
    receive.offer(receive.chain([{ address: room(slot), length: 2048, writable: true }]));
  for (let slot = 0; slot < 16; slot += 1) offer(slot);
  writeSync(far, Buffer.concat([new Uint8Array(HEADER_BYTES), answer]));
  await until('a frame to the guest', () => {
    rig.driver.write(QUEUE_NOTIFY, 0);
    const used = receive.collect().map(({ head }) => head);
    const found = used.some((slot) => Buffer.from(answer).equals(rig.bytes(room(slot) + HEADER_BYTES, 64)));
    for (const slot of used) offer(slot);
    return found ? true : undefined;
  });
}

interface Devices {
  readonly rigs: readonly [net: Rig, ...others: Rig[]];
  readonly backend: Backend;
}

class Setup implements AsyncDisposable {
  readonly resources = new AsyncDisposableStack();
  readonly taps = this.resources.use(new Taps(2));
  readonly board = this.resources.use(new Board());
  readonly near = this.#tap(0);
  readonly far = this.#tap(1);

  /** A network interface and vsock on the kernel's vhost. */
  kernel(): Devices {
    const { context, memory } = this.board;
    const net = this.#net(this.#vhost(VHOST_NET, NET_VHOST_FEATURES));
    const { base, spi, irqFd, kickFds } = this.#common();
    const vhost = this.#vhost(VHOST_VSOCK, RING_FEATURES);
    const vsock = virtioVsockSpec({ base, spi, irqFd, kickFds, cid: 99, vhost });
    new Vhost(vhost.fd).setVsockCid(99);
    const served = [netDevice(net, memory) ?? [], vsockDevice(vsock, memory)].flat();
    const io = new VhostIo(served, context.lock, this.resources.use(new EventFd()));
    const rig = new Rig(this.board, openDevice(vsock, context), 3, RAM_BASE + WINDOW_BYTES);
    return {
      rigs: [new Rig(this.board, openDevice(net, context), 2, RAM_BASE), rig],
      backend: this.#run(io),
    };
  }

  /** A network interface on its I/O thread. */
  thread(): Devices {
    const { context, memorySpec, lockBuffer } = this.board;
    const net = this.#net(null);
    const data = { nics: [net], kickFd: net.kickFds[0], memory: memorySpec, lock: lockBuffer };
    const io = new NetIo(data, (error) => {
      throw error;
    });
    return { rigs: [new Rig(this.board, openDevice(net, context), 2, RAM_BASE)], backend: this.#run(io) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.resources.disposeAsync();
  }

  #run(backend: Backend): Backend {
    this.resources.defer(() => backend.stop());
    return backend;
  }

  #tap(index: number): number {
    const fd = openTap(this.taps.name(index));
    this.resources.defer(() => closeSync(fd));
    return fd;
  }

  #net(vhost: VhostSpec | null): VirtioNetSpec {
    const shared = this.resources.use(new EventFd({ waits: false })).fd;
    const { base, spi, irqFd, kickFds: own } = this.#common();
    const kickFds = vhost === null ? ([shared, shared] as const) : own;
    const mac = [2, 0, 0, 0, 0, 1];
    return virtioNetSpec({ base, spi, irqFd, mac, mtu: null, tapFd: this.near, kickFds, vhost });
  }

  #common() {
    const { board } = this;
    const kickFds = [board.eventFd(), board.eventFd()] as const;
    return { base: 0, spi: 0, irqFd: board.eventFd(), kickFds };
  }

  #vhost(path: typeof VHOST_NET | typeof VHOST_VSOCK, features: readonly number[]): VhostSpec {
    const opened = openVhostDevice(path, this.board.memorySpec, features, this.resources);
    assert.ok(opened !== null, `there is no ${path}`);
    return opened;
  }
}

async function main(how: string, seed: number, rounds: number): Promise<void> {
  await using setup = new Setup();
  const { board, far } = setup;
  const { rigs, backend } = how === 'thread' ? setup.thread() : setup.kernel();
  const [net, ...others] = rigs;
  const forbidden = board.memory.bytes.subarray(FORBIDDEN.from, FORBIDDEN.to).fill(MARK);
  for (let round = 0; round < rounds; round += 1) {
    const random = new Random(seed + round);
    const flood = setInterval(
      () => writeSync(far, Buffer.concat([new Uint8Array(HEADER_BYTES), frame(0)])),
      1,
    );
    await Promise.all(rigs.map((rig) => rig.abuse(random)));
    // In whatever state they are, they rest and go on.
    await backend.quiesce();
    await backend.proceed();
    clearInterval(flood);
    assert.ok(
      forbidden.every((byte) => byte === MARK),
      `seed ${seed + round}: memory has changed that nobody named`,
    );
    for (const rig of others) rig.revive();
    await checkNet(net, far, 1 + (round % 100));
  }
  report({ rounds, faults: rigs.map(({ faults }) => faults > 0) });
}

const [how = 'kernel', seed = '1', rounds = '5'] = process.argv.slice(2);
await main(how, Number(seed), Number(rounds));
