import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { awaitEvent } from '../../../../src/kvm/eventfd.ts';
import { openDevice } from '../../../../src/machine/devices/open.ts';
import { gpioSpec } from '../../../../src/machine/devices/pl061.ts';
import { PowerKeys } from '../../../../src/machine/devices/power-keys.ts';
import { virtioInputSpec } from '../../../../src/machine/devices/virtio-input.ts';
import { GPIO } from '../../../../src/machine/layout.ts';
import { type Flood, OFFERS } from './flood.ts';
import { Board, Driver, DriverQueue, FEATURE, RAM_BASE, REG, STATUS } from './virtio-driver.ts';

const EVENT_BYTES = 8;
const EVENTS_AT = RAM_BASE + 0x1_0000;
const [EV_SYN, EV_KEY] = [0, 1];
const POWER = 116;
const RESTART = 408;
const SLEEP = 142;
const HIBERNATE = 205;

/** The keyboard with Linux's driver on it: event buffers of 8 bytes each, offered again once they are read. */
class Keyboard {
  readonly board = new Board();
  readonly spec = virtioInputSpec({ base: 0x0a00_0200, spi: 17, irqFd: this.board.eventFd() });
  readonly driver = new Driver(openDevice(this.spec, this.board.context));
  readonly keys = new PowerKeys({ keyboard: this.spec, gpio: gpioSpec(GPIO) }, this.board.context);
  queue = new DriverQueue(this.board.memory, RAM_BASE, 64);
  readonly #addresses = new Map<number, number>();

  boot(buffers: number, features: readonly number[] = [FEATURE.VERSION_1]): void {
    if (!this.driver.negotiate(features)) throw new Error('the device refused the features');
    this.queue = new DriverQueue(this.board.memory, RAM_BASE, 64);
    this.driver.setUpQueue(0, this.queue);
    this.driver.setUpQueue(1, new DriverQueue(this.board.memory, RAM_BASE + 0x1000, 64));
    for (let i = 0; i < buffers; i++) this.offer(EVENTS_AT + EVENT_BYTES * i);
    this.driver.start();
  }

  offer(address: number, length = EVENT_BYTES): void {
    const head = this.queue.chain([{ address, length, writable: true }]);
    this.#addresses.set(head, address);
    this.queue.offer(head);
  }

  /** [type, code, value] of every event that came since the last call. */
  events(): [number, number, number][] {
    return this.queue.collect().map(({ head, written }) => {
      expect(written).toBe(EVENT_BYTES);
      const at = (this.#addresses.get(head) ?? 0) - RAM_BASE;
      const view = new DataView(this.board.ram, at, EVENT_BYTES);
      return [view.getUint16(0, true), view.getUint16(2, true), view.getUint32(4, true)];
    });
  }

  select(select: number, subselect: number): Uint8Array {
    const device = openDevice(this.spec, this.board.context);
    device.write(REG.CONFIG, 1, select);
    device.write(REG.CONFIG + 1, 1, subselect);
    return this.driver.config(8, device.read(REG.CONFIG + 2, 1));
  }
}

const down = (code: number): [number, number, number][] => [
  [EV_KEY, code, 1],
  [EV_SYN, 0, 0],
];
const up = (code: number): [number, number, number][] => [
  [EV_KEY, code, 0],
  [EV_SYN, 0, 0],
];

let keyboard: Keyboard;
beforeEach(() => {
  vi.useFakeTimers();
  keyboard = new Keyboard();
});
afterEach(() => {
  keyboard.keys.close();
  keyboard.board[Symbol.dispose]();
  vi.useRealTimers();
});

describe('the configuration space', () => {
  it('names the keyboard', () => {
    expect(keyboard.driver.read(REG.DEVICE_ID)).toBe(18);
    expect(Buffer.from(keyboard.select(0x01, 0)).toString()).toBe('holdfast keys');
    expect(Buffer.from(keyboard.select(0x02, 0)).toString()).toBe('holdfast-keys-0');
    expect([...keyboard.select(0x03, 0)]).toEqual([6, 0, 0x48, 0x46, 1, 0, 1, 0]);
  });

  it('has its keys and nothing else', () => {
    const bits = keyboard.select(0x11, EV_KEY);
    const keys = [...bits].flatMap((byte, i) =>
      [...Array(8).keys()].filter((b) => byte & (1 << b)).map((b) => 8 * i + b),
    );
    expect(keys).toEqual([POWER, SLEEP, HIBERNATE, RESTART]);
    for (const type of [0, 2, 3, 4, 5, 0x11, 0x12, 0x14]) expect(keyboard.select(0x11, type)).toHaveLength(0);
    for (const select of [0x00, 0x10, 0x12, 0xff]) expect(keyboard.select(select, 0)).toHaveLength(0);
  });

  it('shows the selection and forgets it at a reset', () => {
    keyboard.select(0x11, EV_KEY);
    expect([...keyboard.driver.config(0, 3)]).toEqual([0x11, EV_KEY, 52]);
    keyboard.driver.write(REG.STATUS, 0);
    expect([...keyboard.driver.config(0, 3)]).toEqual([0, 0, 0]);
  });
});

describe('a key', () => {
  it.each([
    ['power', POWER],
    ['restart', RESTART],
    ['sleep', SLEEP],
    ['hibernate', HIBERNATE],
  ] as const)('%s is pressed, and released 100 ms later', (key, code) => {
    keyboard.boot(64);
    expect(keyboard.keys.press(key)).toBe(true);
    expect(keyboard.events()).toEqual(down(code));
    expect(awaitEvent(keyboard.spec.irqFd)).toBe(1);
    expect(keyboard.driver.read(REG.INTERRUPT_STATUS)).toBe(1);
    vi.advanceTimersByTime(99);
    expect(keyboard.events()).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(keyboard.events()).toEqual(up(code));
    expect(awaitEvent(keyboard.spec.irqFd)).toBe(1);
  });

  it('is not pressed again while it is down', () => {
    keyboard.boot(64);
    expect(keyboard.keys.press('power')).toBe(true);
    expect(keyboard.keys.press('power')).toBe(false);
    expect(keyboard.keys.press('hibernate')).toBe(true);
    vi.advanceTimersByTime(100);
    expect(keyboard.keys.press('power')).toBe(true);
    vi.advanceTimersByTime(100);
    expect(keyboard.events()).toEqual(
      [down(POWER), down(HIBERNATE), up(POWER), up(HIBERNATE), down(POWER), up(POWER)].flat(),
    );
  });

  it('pressed before a driver takes the keyboard is forgotten', () => {
    expect(keyboard.keys.ready).toBe(false);
    keyboard.keys.press('power');
    vi.advanceTimersByTime(100);
    keyboard.boot(2);
    expect(keyboard.events()).toEqual([]);
    expect(keyboard.keys.ready).toBe(true);
    keyboard.keys.press('power');
    expect(keyboard.events()).toEqual(down(POWER));
  });

  it('waits for buffers and is delivered when they come', () => {
    keyboard.boot(1);
    keyboard.keys.press('power');
    vi.advanceTimersByTime(100);
    expect(keyboard.events()).toEqual([[EV_KEY, POWER, 1]]);
    for (let i = 0; i < 5; i++) keyboard.offer(EVENTS_AT + EVENT_BYTES * i);
    keyboard.driver.write(REG.QUEUE_NOTIFY, 0);
    expect(keyboard.events()).toEqual([[EV_SYN, 0, 0], ...up(POWER)]);
  });

  it('is refused when nobody takes events, and works again when somebody does', () => {
    keyboard.boot(0);
    const pressed: boolean[] = [];
    for (let i = 0; i < 20; i++) {
      pressed.push(keyboard.keys.press('power'));
      vi.advanceTimersByTime(100);
    }
    const accepted = pressed.filter(Boolean).length;
    // 64 events, of which a press must find room for its own and for the release of every key.
    expect(accepted).toBe(14);
    expect(pressed.slice(accepted)).toEqual(Array(6).fill(false));
    for (let i = 0; i < 64; i++) keyboard.offer(EVENTS_AT + EVENT_BYTES * i);
    keyboard.driver.write(REG.QUEUE_NOTIFY, 0);
    expect(keyboard.events()).toEqual(
      Array(accepted)
        .fill([...down(POWER), ...up(POWER)])
        .flat(),
    );
    expect(keyboard.keys.press('power')).toBe(true);
  });

  it('interrupts as the driver asked, with EVENT_IDX', () => {
    keyboard.boot(64, [FEATURE.VERSION_1, FEATURE.EVENT_IDX]);
    keyboard.queue.usedEvent = 1;
    keyboard.keys.press('power');
    expect(awaitEvent(keyboard.spec.irqFd)).toBe(1);
    keyboard.driver.write(REG.INTERRUPT_ACK, 1);
    vi.advanceTimersByTime(100);
    expect(keyboard.driver.read(REG.INTERRUPT_STATUS)).toBe(0);
    expect(keyboard.events()).toHaveLength(4);
  });

  it('leaves nothing behind when the machine closes', () => {
    keyboard.boot(64);
    keyboard.keys.press('power');
    keyboard.keys.close();
    expect(vi.getTimerCount()).toBe(0);
    expect(keyboard.events()).toEqual(down(POWER));
  });
});

describe('a driver that breaks the rules', () => {
  it.each([
    ['a buffer smaller than an event', EVENTS_AT, 7],
    ['a buffer outside of RAM', RAM_BASE - 8, 8],
  ])('by %s breaks the keyboard until a reset', (_, address, length) => {
    keyboard.boot(0);
    keyboard.offer(address, length);
    expect(keyboard.keys.press('power')).toBe(true);
    expect(keyboard.driver.status & STATUS.NEEDS_RESET).toBe(STATUS.NEEDS_RESET);
    expect(keyboard.keys.ready).toBe(false);
    vi.advanceTimersByTime(100);
    keyboard.boot(64);
    expect(keyboard.keys.ready).toBe(true);
    keyboard.keys.press('hibernate');
    expect(keyboard.events()).toEqual(down(HIBERNATE));
  });

  it('on the status queue breaks it likewise', () => {
    keyboard.boot(4);
    const status = new DriverQueue(keyboard.board.memory, RAM_BASE + 0x1000, 64);
    status.offer(64);
    keyboard.driver.write(REG.QUEUE_NOTIFY, 1);
    expect(keyboard.driver.status & STATUS.NEEDS_RESET).toBe(STATUS.NEEDS_RESET);
  });
});

it('gives back what the driver says of its lamps', () => {
  keyboard.boot(4);
  const status = new DriverQueue(keyboard.board.memory, RAM_BASE + 0x1000, 64);
  const heads = [1, 2].map(() => status.chain([{ address: EVENTS_AT, length: 8 }]));
  for (const head of heads) status.offer(head);
  keyboard.driver.write(REG.QUEUE_NOTIFY, 1);
  expect(status.collect()).toEqual(heads.map((head) => ({ head, written: 0 })));
  expect(awaitEvent(keyboard.spec.irqFd)).toBe(1);
});

describe('what the driver tells the keyboard', () => {
  /** A keyboard whose driver says something by each descriptor, with the queue it says it on. */
  function talking(features: readonly number[]): DriverQueue {
    keyboard.boot(1, features);
    const queue = new DriverQueue(keyboard.board.memory, RAM_BASE + 0x1000, 64);
    queue.chain([{ address: EVENTS_AT, length: EVENT_BYTES }]);
    return queue;
  }

  it('goes back, and the next is asked for', () => {
    const queue = talking([FEATURE.VERSION_1, FEATURE.EVENT_IDX]);
    for (let i = 0; i < 64; i += 1) queue.offer(0);
    keyboard.driver.write(REG.QUEUE_NOTIFY, 1);
    expect(queue.collect()).toHaveLength(64);
    expect(queue.availableEvent).toBe(64);
    queue.offer(0);
    keyboard.driver.write(REG.QUEUE_NOTIFY, 1);
    expect(queue.collect()).toHaveLength(1);
    expect(queue.availableEvent).toBe(65);
  });

  it('has an end, however much another CPU has to say', async () => {
    const { available, used, size } = talking([FEATURE.VERSION_1]);
    const workerData: Flood = { memory: keyboard.board.memorySpec, queue: { available, used, size } };
    const ended = once(new Worker(new URL('./flood-thread.ts', import.meta.url), { workerData }), 'exit');
    const given = () => keyboard.board.memory.u16[(used + 2 - RAM_BASE) / 2] ?? 0;
    let most = 0;
    for (let before = 0; before < OFFERS; before = given()) {
      keyboard.driver.write(REG.QUEUE_NOTIFY, 1);
      most = Math.max(most, given() - before);
    }
    await ended;
    expect(most).toBeLessThanOrEqual(size);
  });
});
