/** The devices of a machine as targets, all over one memory and one lock. */
import { strict as assert } from 'node:assert';
import { closeSync, fstatSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventFd } from '../../src/kvm/eventfd.ts';
import { BlockQueue } from '../../src/machine/devices/block-queue.ts';
import type { DeviceContext, MmioDevice } from '../../src/machine/devices/device.ts';
import { NetPort } from '../../src/machine/devices/net-port.ts';
import { openDevice } from '../../src/machine/devices/open.ts';
import { clockSpec, Pl031 } from '../../src/machine/devices/pl031.ts';
import { gpioSpec, Pl061 } from '../../src/machine/devices/pl061.ts';
import { PowerKeys } from '../../src/machine/devices/power-keys.ts';
import { Uart, uartSpec } from '../../src/machine/devices/uart.ts';
import { virtioBlockSpec } from '../../src/machine/devices/virtio-block.ts';
import { virtioInputSpec } from '../../src/machine/devices/virtio-input.ts';
import { virtioNetSpec } from '../../src/machine/devices/virtio-net.ts';
import { virtioRngSpec } from '../../src/machine/devices/virtio-rng.ts';
import { VirtioState } from '../../src/machine/devices/virtio-state.ts';
import { tellTransportReset, virtioVsockSpec } from '../../src/machine/devices/virtio-vsock.ts';
import { QueueFault, Virtqueue } from '../../src/machine/devices/virtqueue.ts';
import { Lock } from '../../src/machine/lock.ts';
import { Cable, MAC, packet } from '../unit/machine/devices/net-board.ts';
import type { Random } from '../unit/machine/devices/random.ts';
import {
  Board,
  type Buffer,
  Driver,
  DriverQueue,
  FEATURE,
  RAM_BASE,
  RAM_BYTES,
  STATUS,
} from '../unit/machine/devices/virtio-driver.ts';
import { someAccess, type Target } from './target.ts';
import { VirtioAbuser, type Window } from './virtio-abuser.ts';

const WINDOW_BYTES = 0x2_8000;
/** RAM from here on is named by nobody, but for its last page. */
const FORBIDDEN_AT = RAM_BASE + 0xd_0000;
const SECTORS = 64;

export class Machine implements Disposable {
  readonly board = new Board();
  readonly #directory = mkdtempSync(join(tmpdir(), 'holdfast-fuzz-'));
  readonly #fds: number[] = [];
  readonly #lines = new Map<number, boolean>();
  readonly context: DeviceContext = {
    ...this.board.context,
    setInterrupt: (spi, high) => this.#lines.set(spi, high),
  };
  #windows = 0;
  readonly #error = new EventFd({ waits: false });

  /** A new file of so many zero bytes, open for reading and writing. */
  file(bytes: number): number {
    const path = join(this.#directory, String(this.#fds.length));
    writeFileSync(path, new Uint8Array(bytes));
    const fd = openSync(path, 'r+');
    this.#fds.push(fd);
    return fd;
  }

  /** An eventfd that does not wait. */
  get errorFd(): number {
    return this.#error.fd;
  }

  /** RAM for one device's driver. */
  window(): Window {
    const base = RAM_BASE + WINDOW_BYTES * this.#windows++;
    assert.ok(base + WINDOW_BYTES <= FORBIDDEN_AT, 'there is no room for another device');
    return { base, size: WINDOW_BYTES };
  }

  /** RAM that no driver names. */
  get forbidden(): Uint8Array {
    return this.bytes(FORBIDDEN_AT, RAM_BASE + RAM_BYTES - 4096 - FORBIDDEN_AT);
  }

  /** The level of an interrupt. */
  line(spi: number): boolean {
    return this.#lines.get(spi) ?? false;
  }

  bytes(address: number, length: number): Uint8Array {
    return this.board.memory.bytes.subarray(address - RAM_BASE, address - RAM_BASE + length);
  }

  [Symbol.dispose](): void {
    this.board[Symbol.dispose]();
    this.#error.close();
    for (const fd of this.#fds) closeSync(fd);
    rmSync(this.#directory, { recursive: true });
  }
}

/** A virtio device in its window, with a well-mannered driver besides the other one. */
export abstract class VirtioTarget implements Target {
  abstract readonly name: string;
  protected readonly machine: Machine;
  protected readonly window: Window;
  protected readonly driver: Driver;
  protected queue: DriverQueue;
  readonly #abuser: VirtioAbuser;

  constructor(
    machine: Machine,
    device: MmioDevice,
    queues: number,
    fill: (random: Random, address: number) => void = () => undefined,
  ) {
    this.machine = machine;
    this.window = machine.window();
    this.driver = new Driver(device);
    this.queue = new DriverQueue(machine.board.memory, this.window.base, 16);
    this.#abuser = new VirtioAbuser(device, machine.board.memory, this.window, queues, fill);
  }

  abstract check(): void;

  abuse(random: Random): void {
    this.#abuser.act(random);
  }

  revive(): void {
    assert.ok(this.driver.negotiate([FEATURE.VERSION_1]), 'features are refused');
    this.queue = new DriverQueue(this.machine.board.memory, this.window.base, 16);
    this.driver.setUpQueue(0, this.queue);
    this.driver.start();
    assert.equal(this.driver.status & STATUS.NEEDS_RESET, 0);
  }

  /** Where the driver's own buffers are. */
  protected at(offset: number): number {
    return this.window.base + 0x1_4000 + offset;
  }

  /** Offers one request and has it answered; gives the bytes written. */
  protected request(buffers: readonly Buffer[], serve: () => void): number {
    const head = this.queue.chain(buffers);
    this.queue.offer(head);
    serve();
    const done = this.queue.collect();
    assert.deepEqual(
      done.map((used) => used.head),
      [head],
      `${this.name} does not answer`,
    );
    return done[0]?.written ?? -1;
  }

  protected notify(): void {
    this.driver.write(0x050, 0);
  }
}

class BlockTarget extends VirtioTarget {
  readonly name = 'virtio-block';
  readonly #io: BlockQueue;
  readonly #fd: number;

  constructor(machine: Machine) {
    const fd = machine.file(512 * SECTORS);
    const spec = virtioBlockSpec({
      ...{ base: 0, spi: 17, irqFd: machine.board.eventFd(), kickFd: machine.board.eventFd() },
      ...{ diskFd: fd, sectors: SECTORS, readOnly: false, serial: 'fuzz' },
    });
    const { memory, lockBuffer } = machine.board;
    const fill = (random: Random, address: number): void => {
      const view = new DataView(memory.bytes.buffer, address - RAM_BASE, 16);
      view.setUint32(0, random.pick([0, 0, 1, 1, 4, 8, 11, 13, random.next()]), true);
      view.setBigUint64(8, random.once(9) ? 2n ** 60n : BigInt(random.below(SECTORS + 2)), true);
    };
    super(machine, openDevice(spec, machine.context), 1, fill);
    this.#fd = fd;
    this.#io = new BlockQueue(spec, memory, new Lock(lockBuffer));
  }

  override abuse(random: Random): void {
    super.abuse(random);
    // The I/O thread comes when it comes.
    for (let i = random.below(3); i > 0; i--) this.#io.serveOne();
    assert.equal(fstatSync(this.#fd).size, 512 * SECTORS, 'the disk has another size');
  }

  check(): void {
    const [header, data, status] = [this.at(0), this.at(512), this.at(2048)];
    const transfer = (type: number): void => {
      this.machine.bytes(header, 16).set([type, 0, 0, 0, 0, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0]);
      const buffers = [
        { address: header, length: 16 },
        { address: data, length: 512, writable: type === 0 },
        { address: status, length: 1, writable: true },
      ];
      this.machine.bytes(status, 1)[0] = 0xff;
      this.request(buffers, () => {
        while (this.#io.serveOne());
      });
      assert.equal(this.machine.bytes(status, 1)[0], 0, 'the disk fails');
    };
    const pattern = Uint8Array.from({ length: 512 }, (_, i) => (i * 7) & 0xff);
    this.machine.bytes(data, 512).set(pattern);
    transfer(1);
    this.machine.bytes(data, 512).fill(0);
    transfer(0);
    assert.deepEqual(Uint8Array.from(this.machine.bytes(data, 512)), pattern);
  }
}

class KeysTarget extends VirtioTarget {
  readonly name = 'virtio-input';
  readonly #keys: () => PowerKeys;

  constructor(machine: Machine) {
    const spec = virtioInputSpec({ base: 0, spi: 16, irqFd: machine.board.eventFd() });
    super(machine, openDevice(spec, machine.context), 2);
    const gpio = gpioSpec({ base: 0, spi: 3 });
    this.#keys = () => new PowerKeys({ keyboard: spec, gpio }, machine.context);
  }

  override abuse(random: Random): void {
    super.abuse(random);
    if (random.once(4)) this.#press(random.pick(['power', 'restart', 'sleep', 'hibernate']));
  }

  check(): void {
    const heads = [0, 1].map((i) =>
      this.queue.chain([{ address: this.at(8 * i), length: 8, writable: true }]),
    );
    for (const head of heads) this.queue.offer(head);
    this.#press('power');
    assert.deepEqual(
      this.queue.collect(),
      heads.map((head) => ({ head, written: 8 })),
    );
    assert.deepEqual([...this.machine.bytes(this.at(0), 8)], [1, 0, 116, 0, 1, 0, 0, 0]);
  }

  /** Without its release, which would come when the round is over. */
  #press(key: Parameters<PowerKeys['press']>[0]): void {
    const keys = this.#keys();
    keys.press(key);
    keys.close();
  }
}

class RngTarget extends VirtioTarget {
  readonly name = 'virtio-rng';

  constructor(machine: Machine) {
    const spec = virtioRngSpec({ base: 0, spi: 47, irqFd: machine.board.eventFd() });
    super(machine, openDevice(spec, machine.context), 1);
  }

  override revive(): void {
    assert.ok(this.driver.negotiate([FEATURE.VERSION_1]));
    this.queue = new DriverQueue(this.machine.board.memory, this.window.base, 8);
    this.driver.setUpQueue(0, this.queue);
    this.driver.start();
  }

  check(): void {
    const buffer = { address: this.at(0), length: 32, writable: true };
    const before = this.machine.bytes(this.at(0), 32).slice();
    const written = this.request([buffer], () => this.notify());
    assert.equal(written, 32);
    assert.notDeepEqual(this.machine.bytes(this.at(0), 32).slice(), before);
  }
}

class UartTarget implements Target {
  readonly name = 'uart';
  readonly #uart: Uart;
  readonly #fd: number;

  constructor(machine: Machine) {
    this.#fd = machine.file(0);
    this.#uart = new Uart(uartSpec({ base: 0, spi: 0, outputFd: this.#fd }), machine.context);
  }

  abuse(random: Random): void {
    if (random.once(4)) this.#uart.receive(new Uint8Array(random.below(100)).fill(random.below(256)));
    else if (random.below(4) === 0) someAccess(random, this.#uart, 0x1000);
    else someAccess(random, this.#uart, 8);
  }

  revive(): void {
    // Divisor latch away, interrupts off, no loop, FIFO on and empty.
    for (const [register, value] of [
      [3, 3],
      [1, 0],
      [4, 0],
      [2, 7],
    ] as const)
      this.#uart.write(register, 1, value);
    while ((this.#uart.read(5, 1) & 1) !== 0) this.#uart.read(0, 1);
  }

  check(): void {
    const before = fstatSync(this.#fd).size;
    this.#uart.write(0, 1, 0x41);
    assert.equal(fstatSync(this.#fd).size, before + 1, 'a byte is not printed');
    assert.equal(this.#uart.receive(Uint8Array.of(0x42)), 1);
    assert.deepEqual(
      [this.#uart.read(5, 1) & 1, this.#uart.read(0, 1), this.#uart.read(5, 1) & 1],
      [1, 0x42, 0],
    );
  }
}

class ClockTarget implements Target {
  readonly name = 'pl031';
  readonly #clock: Pl031;
  readonly #machine: Machine;

  constructor(machine: Machine) {
    this.#machine = machine;
    this.#clock = new Pl031(clockSpec({ base: 0, spi: 1 }), machine.context);
  }

  abuse(random: Random): void {
    if (random.once(8)) this.#clock.check();
    else someAccess(random, this.#clock, random.once(4) ? 0x1000 : 0x20);
  }

  revive(): void {
    this.#clock.write(0x10, 4, 1);
    this.#clock.write(0x1c, 4, 1);
    assert.equal(this.#machine.line(1), false);
  }

  check(): void {
    this.#clock.write(0x08, 4, 0xffff_fff0);
    const time = this.#clock.read(0, 4);
    assert.ok(time >= 0xffff_fff0 && time < 0xffff_fff8, `the clock says ${time}`);
    this.#clock.write(0x04, 4, this.#clock.read(0, 4));
    this.#clock.check();
    assert.deepEqual([this.#clock.read(0x18, 4), this.#machine.line(1)], [1, true]);
    this.#clock.write(0x1c, 4, 1);
    assert.deepEqual([this.#clock.read(0x18, 4), this.#machine.line(1)], [0, false]);
  }
}

class GpioTarget implements Target {
  readonly name = 'pl061';
  readonly #gpio: Pl061;
  readonly #machine: Machine;

  constructor(machine: Machine) {
    this.#machine = machine;
    this.#gpio = new Pl061(gpioSpec({ base: 0, spi: 2 }), machine.context);
  }

  abuse(random: Random): void {
    if (random.once(4)) this.#drive(random.below(8), random.once(2));
    else someAccess(random, this.#gpio, random.once(4) ? 0x1000 : 0x424);
  }

  /** As gpio-keys does: inputs, both edges, nothing pending. */
  revive(): void {
    for (const [offset, value] of [
      [0x410, 0],
      [0x400, 0],
      [0x404, 0],
      [0x408, 0xff],
      [0x41c, 0xff],
      [0x410, 0xff],
    ] as const)
      this.#gpio.write(offset, 1, value);
    assert.equal(this.#machine.line(2), false);
  }

  check(): void {
    this.#drive(3, false);
    this.#gpio.write(0x41c, 1, 0xff);
    for (const high of [true, false]) {
      this.#drive(3, high);
      assert.deepEqual([this.#gpio.read(0x20, 1), this.#machine.line(2)], [high ? 8 : 0, true]);
      this.#gpio.write(0x41c, 1, 0xff);
      assert.equal(this.#machine.line(2), false);
    }
  }

  #drive(pin: number, high: boolean): void {
    this.#machine.context.lock.run(() => this.#gpio.drive(pin, high));
  }
}

/** Served as its I/O thread does, over a cable to nowhere; vhost's own rules are the kernel's to keep. */
class NetTarget extends VirtioTarget {
  readonly name = 'virtio-net';
  readonly #cable = new Cable();
  readonly #port: NetPort;

  constructor(machine: Machine) {
    const kickFd = machine.board.eventFd();
    const spec = virtioNetSpec({
      ...{ base: 0, spi: 33, irqFd: machine.board.eventFd(), mac: MAC, mtu: null, tapFd: -1 },
      ...{ kickFds: [kickFd, kickFd], vhost: null },
    });
    super(machine, openDevice(spec, machine.context), 2);
    this.#port = new NetPort(spec, machine.board.memory, new Lock(machine.board.lockBuffer), this.#cable);
  }

  override abuse(random: Random): void {
    super.abuse(random);
    for (let i = random.below(3); i > 0; i--) this.#cable.incoming.push(packet(random.below(3000)));
    for (let i = random.below(3); i > 0; i--) this.#port.serve();
  }

  check(): void {
    // Packets of before its reset are lost, each with a buffer that is too small for any.
    this.#cable.incoming.length = 0;
    const buffer = { address: this.at(0), length: 4096, writable: true };
    this.#cable.incoming.push(packet(1000, 9), packet(1000, 9));
    this.request([buffer], () => this.#port.serve());
    this.request([buffer], () => this.#port.serve());
    assert.deepEqual(Uint8Array.from(this.machine.bytes(this.at(12), 1000)), packet(1000, 9).subarray(12));
    while (this.#port.wantsPackets === false) this.request([buffer], () => this.#port.serve());
  }
}

/** Without its kernel, which a driver that makes all queues ready learns: its configuration and its event queue. */
class VsockTarget extends VirtioTarget {
  readonly name = 'virtio-vsock';
  readonly #state: VirtioState;
  readonly #events: Virtqueue;

  constructor(machine: Machine) {
    const { board } = machine;
    const spec = virtioVsockSpec({
      ...{ base: 0, spi: 46, irqFd: board.eventFd(), cid: 3, kickFds: [board.eventFd(), board.eventFd()] },
      // A file refuses every request of vhost.
      vhost: { fd: machine.file(0), errorFd: machine.errorFd, ramAddress: 0 },
    });
    super(machine, openDevice(spec, machine.context), 3);
    this.#state = new VirtioState(spec.state, spec.irqFd);
    this.#events = new Virtqueue(board.memory, this.#state, 2);
  }

  override abuse(random: Random): void {
    super.abuse(random);
    if (!random.once(4)) return;
    this.machine.context.lock.run(() => {
      if (!this.#state.live) return;
      try {
        tellTransportReset(this.#state, this.#events);
      } catch (error) {
        if (!(error instanceof QueueFault)) throw error;
        this.#state.fail();
      }
    });
  }

  override revive(): void {
    assert.ok(this.driver.negotiate([FEATURE.VERSION_1]));
    this.queue = new DriverQueue(this.machine.board.memory, this.window.base, 16);
    this.driver.setUpQueue(2, this.queue);
    this.driver.start();
    assert.equal(this.driver.status & STATUS.NEEDS_RESET, 0);
  }

  check(): void {
    assert.deepEqual([...this.driver.config(0, 8)], [3, 0, 0, 0, 0, 0, 0, 0]);
    this.machine.bytes(this.at(0), 4).fill(0xff);
    const event = { address: this.at(0), length: 8, writable: true };
    const written = this.request([event], () =>
      this.machine.context.lock.run(() => tellTransportReset(this.#state, this.#events)),
    );
    assert.equal(written, 4);
    assert.deepEqual([...this.machine.bytes(this.at(0), 4)], [0, 0, 0, 0]);
  }
}

/** Every device there is; a new one goes here. */
export const TARGETS: readonly ((machine: Machine) => Target)[] = [
  (machine) => new UartTarget(machine),
  (machine) => new ClockTarget(machine),
  (machine) => new GpioTarget(machine),
  (machine) => new KeysTarget(machine),
  (machine) => new BlockTarget(machine),
  (machine) => new RngTarget(machine),
  (machine) => new NetTarget(machine),
  (machine) => new VsockTarget(machine),
];
