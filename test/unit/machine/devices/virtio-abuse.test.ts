/**
 * Drivers that write nonsense. Whatever they write, the device must survive in its process, change no byte of memory
 * but those the driver made writable and its own ring, and work again after a reset.
 */
import { statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { InputEvents } from '../../../../src/machine/devices/input-events.ts';
import { openDevice } from '../../../../src/machine/devices/open.ts';
import { virtioInputSpec } from '../../../../src/machine/devices/virtio-input.ts';
import { BlockBoard, DATA_AT, HEADER_AT, RESULT, TYPE } from './block-board.ts';
import { expectUntouched, HEADERS, offerNonsense, writableBytes } from './nonsense.ts';
import { Random } from './random.ts';
import { Board, Driver, DriverQueue, FEATURE, RAM_BASE, RAM_BYTES, REG, STATUS } from './virtio-driver.ts';

const SEEDS = [1, 2, 3, 4];
const ROUNDS = 250;

describe.each(SEEDS)('with seed %i', (seed) => {
  it('a block device survives any descriptors and writes only where it may', () => {
    const random = new Random(seed);
    const features = [FEATURE.VERSION_1, FEATURE.FLUSH, FEATURE.INDIRECT_DESC, FEATURE.EVENT_IDX];
    using block = new BlockBoard({ sectors: 32, queueSize: 16, features });
    let broken = 0;
    let served = 0;
    for (let round = 0; round < ROUNDS; round++) {
      block.boot();
      for (let i = 0; i < HEADERS; i++)
        block.writeHeader(
          random.pick([0, 0, 0, 1, 1, 4, 8, 99]),
          random.once(9) ? 2n ** 60n : random.below(34),
          HEADER_AT + 16 * i,
        );
      offerNonsense(random, block.queue, true);
      const before = block.ram.slice();
      const allowed = writableBytes(before, block.queue);
      block.serve();
      expectUntouched(before, block.ram, allowed);
      if ((block.driver.status & STATUS.NEEDS_RESET) !== 0) broken++;
      served += block.queue.collect().length;
    }
    // The nonsense is of both kinds: what is refused, and what is served as a request.
    expect(broken).toBeGreaterThan(ROUNDS / 4);
    expect(served).toBeGreaterThan(ROUNDS);
    expect(statSync(block.path).size).toBe(32 * 512);
    block.boot();
    expect(block.request(TYPE.IN, 0, [{ address: DATA_AT, length: 512, writable: true }]).result).toBe(
      RESULT.OK,
    );
    expect(block.bytes(DATA_AT, 512)).toEqual(block.disk(0, 1));
  });

  it('a block device survives any registers, rings over anything among them', () => {
    const random = new Random(seed);
    using block = new BlockBoard({ sectors: 32 });
    const device = openDevice(block.spec, block.board.context);
    const words = new Uint32Array(block.board.ram);
    for (let round = 0; round < ROUNDS; round++) {
      for (let i = 0; i < 2000; i++) words[random.below(words.length)] = random.next();
      block.driver.negotiate([FEATURE.VERSION_1, ...(random.once(2) ? [FEATURE.INDIRECT_DESC] : [])]);
      const somewhere = (align: number) => RAM_BASE + align * random.below(RAM_BYTES / 2 / align);
      block.driver.setUpQueue(0, {
        size: 1 << random.below(9),
        descriptors: somewhere(16),
        available: somewhere(2),
        used: somewhere(4),
      });
      block.driver.start();
      for (let i = 0; i < 50; i++) {
        const offset = random.once(3) ? random.below(block.spec.size) : 4 * random.below(0x40);
        // Not the status: a reset would end the round.
        if (offset >= REG.STATUS && offset < REG.STATUS + 4) continue;
        device.write(offset, random.pick([1, 2, 4]), random.once(2) ? random.below(4) : random.next());
        expect(device.read(random.below(block.spec.size), random.pick([1, 2, 4]))).toBeGreaterThanOrEqual(0);
      }
      block.serve();
    }
    block.boot();
    expect(block.request(TYPE.IN, 3, [{ address: DATA_AT, length: 512, writable: true }]).result).toBe(
      RESULT.OK,
    );
    expect(block.bytes(DATA_AT, 512)).toEqual(block.disk(3, 1));
  });

  it('a keyboard survives any buffers and writes only where it may', () => {
    const random = new Random(seed);
    using board = new Board();
    const spec = virtioInputSpec({ base: 0, spi: 17, irqFd: board.eventFd() });
    const driver = new Driver(openDevice(spec, board.context));
    const events = new InputEvents(spec, board.memory);
    let broken = 0;
    let delivered = 0;
    for (let round = 0; round < ROUNDS; round++) {
      driver.negotiate([FEATURE.VERSION_1, FEATURE.EVENT_IDX]);
      const queue = new DriverQueue(board.memory, RAM_BASE, 16);
      driver.setUpQueue(0, queue);
      const status = new DriverQueue(board.memory, RAM_BASE + 0x1000, 16);
      driver.setUpQueue(1, status);
      driver.start();
      offerNonsense(random, queue, false);
      offerNonsense(random, status, false);
      const before = board.memory.bytes.slice();
      const allowed = writableBytes(before, queue).fill(1, status.used - RAM_BASE, status.end - RAM_BASE);
      board.context.lock.run(() => {
        for (let i = 0; i < 4; i++) events.key(116, i % 2 === 0);
      });
      driver.write(REG.QUEUE_NOTIFY, random.below(3));
      expectUntouched(before, board.memory.bytes, allowed);
      if ((driver.status & STATUS.NEEDS_RESET) !== 0) broken++;
      delivered += queue.collect().length;
    }
    expect(broken).toBeGreaterThan(ROUNDS / 4);
    expect(delivered).toBeGreaterThan(ROUNDS / 4);
  });
});
