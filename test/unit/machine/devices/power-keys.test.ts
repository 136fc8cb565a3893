import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { DeviceContext } from '../../../../src/machine/devices/device.ts';
import { openDevice } from '../../../../src/machine/devices/open.ts';
import { gpioSpec, Pl061 } from '../../../../src/machine/devices/pl061.ts';
import { PowerKeys } from '../../../../src/machine/devices/power-keys.ts';
import { virtioInputSpec } from '../../../../src/machine/devices/virtio-input.ts';
import { GPIO } from '../../../../src/machine/layout.ts';
import { Board, Driver, DriverQueue, FEATURE, RAM_BASE, REG } from './virtio-driver.ts';

const [IBE, IE, IC, ALL_PINS] = [0x408, 0x410, 0x41c, 0x3fc];
const KEY_PINS = 0x0f;

let board: Board;
let keyboard: Driver;
let events: DriverQueue;
let gpio: Pl061;
let keys: PowerKeys;

beforeEach(() => {
  vi.useFakeTimers();
  board = new Board();
  const context: DeviceContext = { ...board.context, setInterrupt: () => undefined };
  const specs = {
    keyboard: virtioInputSpec({ base: 0, spi: 17, irqFd: board.eventFd() }),
    gpio: gpioSpec(GPIO),
  };
  keyboard = new Driver(openDevice(specs.keyboard, context));
  gpio = new Pl061(specs.gpio, context);
  keys = new PowerKeys(specs, context);
});
afterEach(() => {
  keys.close();
  board[Symbol.dispose]();
  vi.useRealTimers();
});

/** Linux's virtio-input. */
function takeKeyboard(): void {
  keyboard.negotiate([FEATURE.VERSION_1]);
  events = new DriverQueue(board.memory, RAM_BASE, 16);
  keyboard.setUpQueue(0, events);
  for (let i = 0; i < 16; i++)
    events.offer(events.chain([{ address: RAM_BASE + 0x1000 + 8 * i, length: 8, writable: true }]));
  keyboard.start();
}

/** Linux's gpio-keys. */
function takePins(): void {
  gpio.write(IBE, 1, KEY_PINS);
  gpio.write(IE, 1, KEY_PINS);
}

it('nobody listens to: it goes to the keyboard, which forgets it when a driver comes', () => {
  expect(keys.ready).toBe(false);
  expect(keys.press('power')).toBe(true);
  expect(gpio.read(ALL_PINS, 1)).toBe(0);
  takeKeyboard();
  expect(events.collect()).toEqual([]);
});

it('only gpio-keys listens to: pins go up and down', () => {
  takePins();
  expect(keys.ready).toBe(true);
  for (const [i, key] of (['power', 'restart', 'sleep', 'hibernate'] as const).entries()) {
    expect(keys.press(key)).toBe(true);
    expect(keys.press(key)).toBe(false);
    expect([gpio.read(ALL_PINS, 1), gpio.read(0x418, 1)]).toEqual([1 << i, 1 << i]);
    gpio.write(IC, 1, 0xff);
    vi.advanceTimersByTime(100);
    expect([gpio.read(ALL_PINS, 1), gpio.read(0x418, 1)]).toEqual([0, 1 << i]);
    gpio.write(IC, 1, 0xff);
  }
});

it('both drivers listen to: one press, by the keyboard', () => {
  takePins();
  takeKeyboard();
  keys.press('power');
  vi.advanceTimersByTime(100);
  expect(events.collect()).toHaveLength(4);
  expect(gpio.read(0x414, 1)).toBe(0);
});

it('the keyboard’s driver has gone to sleep on: the pin wakes it, and is released though the driver is back', () => {
  takePins();
  takeKeyboard();
  keyboard.write(REG.QUEUE_SEL, 0);
  keyboard.write(REG.QUEUE_READY, 0);
  keys.press('power');
  expect(gpio.read(ALL_PINS, 1)).toBe(1);
  takeKeyboard();
  vi.advanceTimersByTime(100);
  expect(gpio.read(ALL_PINS, 1)).toBe(0);
  expect(events.collect()).toEqual([]);
});
