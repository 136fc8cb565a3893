import { describe, expect, it } from 'vitest';
import { ClockAlarm } from '../../../../src/machine/devices/clock-alarm.ts';
import { clockSpec, Pl031 } from '../../../../src/machine/devices/pl031.ts';
import { CLOCK } from '../../../../src/machine/layout.ts';
import { Lock } from '../../../../src/machine/lock.ts';
import { LevelBoard } from './board.ts';

/** Offsets as drivers/rtc/rtc-pl031.c of Linux names them. */
const RTC = { DR: 0, MR: 4, LR: 8, CR: 0xc, IMSC: 0x10, RIS: 0x14, MIS: 0x18, ICR: 0x1c } as const;

class Clock {
  readonly board = new LevelBoard();
  readonly spec = clockSpec(CLOCK);
  /** The host's clock, in milliseconds. */
  now = 1_800_000_000_400;
  readonly device = new Pl031(this.spec, this.board.context, () => this.now);

  read(register: number): number {
    return this.device.read(register, 4);
  }

  write(register: number, value: number): void {
    this.device.write(register, 4, value);
  }
}

describe('the time', () => {
  it('is the host’s', () => {
    const clock = new Clock();
    expect(clock.read(RTC.DR)).toBe(1_800_000_000);
    clock.now += 600;
    expect(clock.read(RTC.DR)).toBe(1_800_000_001);
    const real = new Pl031(clock.spec, clock.board.context);
    expect(Math.abs(real.read(RTC.DR, 4) - Date.now() / 1000)).toBeLessThan(2);
  });

  it('is what the guest has set, and goes on, for every thread', () => {
    const clock = new Clock();
    clock.write(RTC.LR, 1000);
    expect([clock.read(RTC.LR), clock.read(RTC.DR)]).toEqual([1000, 1000]);
    clock.now += 3_000_000;
    expect(clock.read(RTC.DR)).toBe(4000);
    const other = new Pl031(clock.spec, clock.board.context, () => clock.now);
    expect(other.read(RTC.DR, 4)).toBe(4000);
    // Beyond 2106 it counts on from 0, as 32 bits do.
    clock.write(RTC.LR, 0xffff_ffff);
    clock.now += 2000;
    expect(clock.read(RTC.DR)).toBe(1);
  });

  it('is a part of nothing that a driver may write otherwise', () => {
    const clock = new Clock();
    for (const [length, register] of [
      [1, RTC.LR],
      [2, RTC.LR],
      [4, RTC.DR],
      [4, RTC.CR],
      [4, 0x500],
    ] as const)
      clock.device.write(register, length, 5);
    expect([clock.read(RTC.DR), clock.read(RTC.CR), clock.read(0x500)]).toEqual([1_800_000_000, 1, 0]);
    expect(clock.board.take()).toEqual([]);
  });
});

it('is known by its identification, in words or in bytes', () => {
  const { device } = new Clock();
  const ids = Array.from({ length: 8 }, (_, i) => device.read(0xfe0 + 4 * i, 4));
  expect(ids).toEqual([0x31, 0x10, 0x14, 0, 0x0d, 0xf0, 0x05, 0xb1]);
  expect(device.read(0xfe4, 1)).toBe(0x10);
  expect(device.read(RTC.DR + 1, 1)).toBe((1_800_000_000 >> 8) & 0xff);
  expect(device.read(RTC.DR + 2, 2)).toBe(1_800_000_000 >> 16);
});

describe('the alarm', () => {
  it('goes off when its second comes, if it is not masked, until it is cleared', () => {
    const clock = new Clock();
    expect(clock.device.check()).toBe(undefined);
    clock.write(RTC.MR, 1_800_000_010);
    clock.write(RTC.IMSC, 1);
    expect(clock.device.check()).toBe(9600);
    clock.now += 9599;
    expect(clock.device.check()).toBe(1);
    expect([clock.read(RTC.RIS), clock.board.take()]).toEqual([0, []]);
    clock.now += 1;
    expect(clock.device.check()).toBe(undefined);
    expect([clock.read(RTC.RIS), clock.read(RTC.MIS), clock.board.take()]).toEqual([1, 1, [true]]);
    clock.write(RTC.IMSC, 0);
    expect([clock.read(RTC.RIS), clock.read(RTC.MIS), clock.board.take()]).toEqual([1, 0, [false]]);
    clock.write(RTC.IMSC, 1);
    clock.write(RTC.ICR, 1);
    expect([clock.read(RTC.RIS), clock.read(RTC.MIS), clock.board.take()]).toEqual([0, 0, [true, false]]);
    clock.now += 5000;
    expect(clock.device.check()).toBe(undefined);
  });

  it('follows a clock that is set, and never goes off for a time that is over', () => {
    const clock = new Clock();
    clock.write(RTC.IMSC, 1);
    clock.write(RTC.MR, 1_800_000_100);
    clock.write(RTC.LR, 1_800_000_090);
    expect(clock.device.check()).toBe(9600);
    clock.write(RTC.LR, 1_800_000_200);
    expect(clock.device.check()).toBe(undefined);
    clock.write(RTC.MR, 1_800_000_199);
    expect([clock.device.check(), clock.board.take()]).toEqual([undefined, []]);
    // Now is the time.
    clock.write(RTC.MR, 1_800_000_200);
    expect([clock.device.check(), clock.board.take()]).toEqual([undefined, [true]]);
  });

  it('leaves its thread to others, however often the guest sets it', async () => {
    const spec = clockSpec(CLOCK);
    let looks = 0;
    /** Sets the alarm again during each look at it, as another CPU may. */
    class Meddled extends Lock {
      override run<T>(body: () => T): T {
        looks += 1;
        if (looks < 10_000) guest.wake();
        return super.run(body);
      }
    }
    const { setInterrupt } = new LevelBoard().context;
    const context = { lock: new Meddled(Lock.allocate()), setInterrupt };
    const guest = new Pl031(spec, context);
    const alarm = new ClockAlarm(spec, context, (error) => {
      throw error;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(looks).toBeLessThan(10_000);
    await alarm.stop();
  });

  it('is kept by a thread that need not look at the clock', async () => {
    const board = new LevelBoard();
    const spec = clockSpec(CLOCK);
    const alarm = new ClockAlarm(spec, board.context, (error) => {
      throw error;
    });
    const device = new Pl031(spec, board.context);
    const rung = async () => {
      while (board.levels.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
      return board.take();
    };
    // One second ahead, however far into this one.
    device.write(RTC.IMSC, 4, 1);
    device.write(RTC.LR, 4, 100);
    device.write(RTC.MR, 4, 101);
    expect(await rung()).toEqual([true]);
    expect(device.read(RTC.DR, 4)).toBeGreaterThanOrEqual(101);
    device.write(RTC.ICR, 4, 1);
    expect(board.take()).toEqual([false]);

    await alarm.quiesce();
    device.write(RTC.MR, 4, device.read(RTC.DR, 4));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(board.take()).toEqual([]);
    await alarm.proceed();
    expect(await rung()).toEqual([true]);

    device.write(RTC.MR, 4, device.read(RTC.DR, 4) + 1000);
    await alarm.stop();
    await alarm.stop();
  });
});
