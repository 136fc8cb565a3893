import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { awaitEvent } from '../../../../src/kvm/eventfd.ts';
import { openDevice } from '../../../../src/machine/devices/open.ts';
import { virtioRngSpec } from '../../../../src/machine/devices/virtio-rng.ts';
import { Board, Driver, DriverQueue, FEATURE, RAM_BASE, RAM_BYTES, REG, STATUS } from './virtio-driver.ts';

const DATA_AT = RAM_BASE + 0x1_0000;

let board: Board;
let spec: ReturnType<typeof virtioRngSpec>;
let driver: Driver;
let queue: DriverQueue;

beforeEach(() => {
  board = new Board();
  spec = virtioRngSpec({ base: 0, spi: 47, irqFd: board.eventFd() });
  driver = new Driver(openDevice(spec, board.context));
});
afterEach(() => board[Symbol.dispose]());

function boot(): void {
  expect(driver.negotiate([FEATURE.VERSION_1])).toBe(true);
  queue = new DriverQueue(board.memory, RAM_BASE, 8);
  driver.setUpQueue(0, queue);
  driver.start();
}

const bytes = (at: number, length: number) =>
  board.memory.bytes.subarray(at - RAM_BASE, at - RAM_BASE + length);
const notify = () => driver.write(REG.QUEUE_NOTIFY, 0);

describe('the entropy device', () => {
  it('is one, without features or configuration', () => {
    expect(driver.read(REG.DEVICE_ID)).toBe(4);
    expect([...driver.offered()]).toEqual([FEATURE.VERSION_1]);
    expect(driver.read(REG.QUEUE_NUM_MAX)).toBe(8);
    expect(driver.read(REG.CONFIG)).toBe(0);
  });

  it('fills buffers with bytes that differ, and no others', () => {
    boot();
    const heads = [0, 1, 2].map((i) =>
      queue.chain([{ address: DATA_AT + 0x1000 * i, length: 64, writable: true }]),
    );
    for (const head of heads) queue.offer(head);
    notify();
    expect(queue.collect()).toEqual(heads.map((head) => ({ head, written: 64 })));
    expect(awaitEvent(spec.irqFd)).toBe(1);
    const found = heads.map((_, i) => Buffer.from(bytes(DATA_AT + 0x1000 * i, 64)).toString('hex'));
    expect(new Set(found).size).toBe(3);
    // Of 192 random bytes, hardly any two dozen are zero.
    expect(Buffer.from(found.join(''), 'hex').filter((byte) => byte === 0).length).toBeLessThan(24);
    expect(bytes(DATA_AT + 64, 0x1000 - 64).every((byte) => byte === 0)).toBe(true);
  });

  it('answers a large buffer in part, and a chain from its first writable byte', () => {
    boot();
    const large = queue.chain([{ address: DATA_AT, length: 0x1_0000, writable: true }]);
    queue.offer(large);
    const chain = queue.chain([
      { address: DATA_AT + 0x2_0000, length: 8 },
      { address: DATA_AT + 0x3_0000, length: 32, writable: true },
      { address: DATA_AT + 0x4_0000, length: 32, writable: true },
    ]);
    queue.offer(chain);
    notify();
    expect(queue.collect()).toEqual([
      { head: large, written: 4096 },
      { head: chain, written: 32 },
    ]);
    expect(bytes(DATA_AT + 4096, 4096).every((byte) => byte === 0)).toBe(true);
  });

  it('serves what was offered before the driver was ready', () => {
    driver.negotiate([FEATURE.VERSION_1]);
    queue = new DriverQueue(board.memory, RAM_BASE, 8);
    driver.setUpQueue(0, queue);
    queue.offer(queue.chain([{ address: DATA_AT, length: 16, writable: true }]));
    notify();
    expect(queue.collect()).toEqual([]);
    driver.start();
    expect(queue.collect()).toHaveLength(1);
  });

  it.each([
    ['no room for bytes', { address: DATA_AT, length: 16 }],
    ['room outside of RAM', { address: RAM_BASE + RAM_BYTES - 8, length: 16, writable: true }],
  ])('breaks for %s, until a reset', (_, buffer) => {
    boot();
    queue.offer(queue.chain([buffer]));
    notify();
    expect(driver.status & STATUS.NEEDS_RESET).toBe(STATUS.NEEDS_RESET);
    boot();
    queue.offer(queue.chain([{ address: DATA_AT, length: 16, writable: true }]));
    notify();
    expect(queue.collect()).toEqual([{ head: 0, written: 16 }]);
  });
});
