import { beforeEach, describe, expect, it } from 'vitest';
import { gpioSpec, Pl061 } from '../../../../src/machine/devices/pl061.ts';
import { GPIO } from '../../../../src/machine/layout.ts';
import { LevelBoard } from './board.ts';

/** Offsets as drivers/gpio/gpio-pl061.c of Linux names them. */
const [DIR, IS, IBE, IEV, IE, RIS, MIS, IC] = [0x400, 0x404, 0x408, 0x40c, 0x410, 0x414, 0x418, 0x41c];
const ALL_PINS = 0x3fc;

let board: LevelBoard;
let gpio: Pl061;

beforeEach(() => {
  board = new LevelBoard();
  gpio = new Pl061(gpioSpec(GPIO), board.context);
});

const read = (offset: number) => gpio.read(offset, 1);
const write = (offset: number, value: number) => gpio.write(offset, 1, value);
const drive = (pin: number, high: boolean) => board.context.lock.run(() => gpio.drive(pin, high));

describe('pins', () => {
  it('read what the host drives, each through its own address', () => {
    drive(0, true);
    drive(5, true);
    expect(read(ALL_PINS)).toBe(0x21);
    expect([...Array(8).keys()].map((pin) => read(4 << pin))).toEqual([1, 0, 0, 0, 0, 0x20, 0, 0]);
    drive(0, false);
    expect(read(ALL_PINS)).toBe(0x20);
  });

  it('read what the guest drives where it has made them outputs', () => {
    write(DIR, 0x0f);
    write(4 * 0x3c, 0xff);
    expect(read(ALL_PINS)).toBe(0x0c);
    drive(2, false);
    drive(4, true);
    expect(read(ALL_PINS)).toBe(0x1c);
    write(DIR, 0);
    expect(read(ALL_PINS)).toBe(0x10);
  });
});

describe('the interrupt', () => {
  it('comes from both edges of a key as Linux sets it up, until it is acknowledged', () => {
    write(IBE, 1);
    write(IE, 1);
    expect(board.take()).toEqual([]);
    for (const down of [true, false]) {
      drive(0, down);
      expect([read(RIS), read(MIS), board.take()]).toEqual([1, 1, [true]]);
      write(IC, 1);
      expect([read(RIS), read(MIS), board.take()]).toEqual([0, 0, [false]]);
    }
    drive(1, true);
    expect(read(RIS)).toBe(0);
  });

  it('comes from the one edge that is asked for', () => {
    write(IE, 0x03);
    write(IEV, 0x02);
    drive(0, true);
    drive(1, true);
    expect(read(MIS)).toBe(0x02);
    drive(0, false);
    drive(1, false);
    expect(read(MIS)).toBe(0x03);
    write(IC, 0xff);
    expect(board.take()).toEqual([true, false]);
  });

  it('waits while it is masked, and is gone with the mask', () => {
    write(IEV, 0x08);
    drive(3, true);
    expect([read(RIS), read(MIS), board.take()]).toEqual([0x08, 0, []]);
    write(IE, 0x08);
    expect(board.take()).toEqual([true]);
    write(IE, 0);
    expect(board.take()).toEqual([false]);
  });

  it('lasts as long as a level does', () => {
    write(IS, 0x10);
    write(IEV, 0x10);
    write(IE, 0x10);
    drive(4, true);
    write(IC, 0xff);
    expect([read(RIS), board.take()]).toEqual([0x10, [true]]);
    drive(4, false);
    expect([read(RIS), board.take()]).toEqual([0, [false]]);
    write(IEV, 0);
    expect([read(RIS), board.take()]).toEqual([0x10, [true]]);
  });

  it('tells who listens', () => {
    expect(gpio.listens(3)).toBe(false);
    write(IE, 0x08);
    expect([gpio.listens(3), gpio.listens(2)]).toEqual([true, false]);
  });
});

it('is known by its identification', () => {
  const ids = Array.from({ length: 8 }, (_, i) => gpio.read(0xfe0 + 4 * i, 4));
  expect(ids).toEqual([0x61, 0x10, 0x04, 0, 0x0d, 0xf0, 0x05, 0xb1]);
});

it('keeps registers of eight bits, and shares them between threads', () => {
  gpio.write(IE, 4, 0xffff_ffff);
  gpio.write(IEV + 1, 1, 0xff);
  expect([gpio.read(IE, 4), gpio.read(IEV, 4), gpio.read(IE + 1, 1), gpio.read(0x7f0, 4)]).toEqual([
    255, 0, 0, 0,
  ]);
});
