import { describe, expect, it } from 'vitest';
import { awaitEvent } from '../../../../src/kvm/eventfd.ts';
import { openDevice } from '../../../../src/machine/devices/open.ts';
import { BlockBoard, DATA_AT, RESULT, TYPE } from './block-board.ts';
import { DESC, DriverQueue, FEATURE, RAM_BASE, RAM_BYTES, REG, STATUS } from './virtio-driver.ts';

const DATA = { address: DATA_AT, length: 512, writable: true };

describe('registers', () => {
  it('identify a modern block device', () => {
    using block = new BlockBoard();
    expect(block.driver.read(REG.MAGIC_VALUE)).toBe(0x74726976);
    expect(block.driver.read(REG.VERSION)).toBe(2);
    expect(block.driver.read(REG.DEVICE_ID)).toBe(2);
    expect(block.driver.read(REG.QUEUE_NUM_MAX)).toBe(256);
    block.driver.write(REG.QUEUE_SEL, 1);
    expect(block.driver.read(REG.QUEUE_NUM_MAX)).toBe(0);
    block.driver.write(REG.QUEUE_SEL, 0xffff_ffff);
    expect(block.driver.read(REG.QUEUE_NUM_MAX)).toBe(0);
    expect(block.driver.read(REG.CONFIG_GENERATION)).toBe(0);
    expect(block.driver.read(REG.SHM_LEN_LOW)).toBe(0xffff_ffff);
  });

  it('answer only whole words', () => {
    using block = new BlockBoard();
    const device = openDevice(block.spec, block.board.context);
    expect(device.read(REG.MAGIC_VALUE, 1)).toBe(0);
    expect(device.read(REG.MAGIC_VALUE, 2)).toBe(0);
    device.write(REG.STATUS, 1, 1);
    expect(block.driver.status).toBe(0);
    for (let offset = 0; offset < block.spec.size; offset++)
      for (const length of [1, 2, 4]) expect(device.read(offset, length)).toBeGreaterThanOrEqual(0);
  });

  it('are the same from every thread of the machine', () => {
    using block = new BlockBoard();
    block.driver.addStatus(STATUS.ACKNOWLEDGE);
    expect(openDevice(block.spec, block.board.context).read(REG.STATUS, 4)).toBe(STATUS.ACKNOWLEDGE);
  });
});

describe('negotiation', () => {
  it('takes any part of the offer that has VERSION_1', () => {
    using block = new BlockBoard();
    const offered = block.driver.offered();
    expect(offered).toContain(FEATURE.VERSION_1);
    expect(block.driver.negotiate(offered)).toBe(true);
    expect(block.driver.negotiate([FEATURE.VERSION_1])).toBe(true);
  });

  it('refuses a legacy driver and what was not offered', () => {
    using block = new BlockBoard();
    expect(block.driver.negotiate([FEATURE.FLUSH])).toBe(false);
    expect(block.driver.negotiate([FEATURE.VERSION_1, 0])).toBe(false);
    expect(block.driver.negotiate([FEATURE.VERSION_1, 33])).toBe(false);
    block.driver.start();
    expect(block.driver.status & STATUS.DRIVER_OK).toBe(0);
  });

  it('is over once it is agreed', () => {
    using block = new BlockBoard();
    block.driver.negotiate([FEATURE.VERSION_1, FEATURE.FLUSH]);
    block.driver.write(REG.DRIVER_FEATURES_SEL, 1);
    block.driver.write(REG.DRIVER_FEATURES, 0);
    block.driver.setUpQueue(0, block.queue);
    block.driver.start();
    expect(block.driver.status & STATUS.DRIVER_OK).toBe(STATUS.DRIVER_OK);
  });
});

describe('status', () => {
  it('loses bits by a reset only', () => {
    using block = new BlockBoard();
    block.boot();
    const before = block.driver.status;
    block.driver.write(REG.STATUS, STATUS.ACKNOWLEDGE);
    expect(block.driver.status).toBe(before);
    block.driver.write(REG.STATUS, before | STATUS.NEEDS_RESET);
    expect(block.driver.status).toBe(before);
    block.driver.write(REG.STATUS, 0);
    expect(block.driver.status).toBe(0);
    expect(block.driver.read(REG.QUEUE_READY)).toBe(0);
    expect(block.driver.read(REG.INTERRUPT_STATUS)).toBe(0);
  });

  it('comes back to life after a reset', () => {
    using block = new BlockBoard();
    for (let boot = 0; boot < 3; boot++) {
      block.boot();
      for (let i = 0; i < 40; i++) expect(block.request(TYPE.IN, i, [DATA]).result).toBe(RESULT.OK);
    }
  });
});

describe('a queue', () => {
  it('keeps its set-up while it is ready', () => {
    using block = new BlockBoard();
    block.boot();
    block.driver.write(REG.QUEUE_DESC_LOW, 0x10);
    block.driver.write(REG.QUEUE_NUM, 2);
    expect(block.request(TYPE.IN, 0, [DATA]).result).toBe(RESULT.OK);
  });

  it.each([
    ['no size', { size: 0 }],
    ['a size that is not a power of two', { size: 12 }],
    ['a size beyond the largest', { size: 512 }],
    ['descriptors before RAM', { descriptors: RAM_BASE - 16 }],
    ['descriptors that end beyond RAM', { descriptors: RAM_BASE + RAM_BYTES - 16 }],
    ['descriptors at the end of 64 bits', { descriptors: 0xffff_ffff * 2 ** 32 }],
    ['misaligned descriptors', { descriptors: RAM_BASE + 8 }],
    ['a misaligned available ring', { available: RAM_BASE + 1 }],
    ['an available ring beyond RAM', { available: RAM_BASE + RAM_BYTES }],
    ['a misaligned used ring', { used: RAM_BASE + 2 }],
    ['a used ring that ends beyond RAM', { used: RAM_BASE + RAM_BYTES - 8 }],
  ])('with %s breaks its device until a reset', (_, wrong) => {
    using block = new BlockBoard();
    block.driver.negotiate([FEATURE.VERSION_1]);
    const { size, descriptors, available, used } = block.queue;
    block.driver.setUpQueue(0, { size, descriptors, available, used, ...wrong });
    expect(block.driver.read(REG.QUEUE_READY)).toBe(0);
    expect(block.driver.status & STATUS.NEEDS_RESET).toBe(STATUS.NEEDS_RESET);
    block.boot();
    expect(block.request(TYPE.IN, 0, [DATA]).result).toBe(RESULT.OK);
  });

  it('is not touched before DRIVER_OK', () => {
    using block = new BlockBoard();
    block.driver.negotiate([FEATURE.VERSION_1]);
    block.driver.setUpQueue(0, block.queue);
    block.offer(TYPE.IN, 0, [DATA]);
    block.serve();
    expect(block.queue.collect()).toEqual([]);
    block.driver.start();
    expect(awaitEvent(block.spec.kickFd)).toBe(1);
    block.serve();
    expect(block.queue.collect()).toHaveLength(1);
  });

  it('wraps round both rings and their 16-bit indices', () => {
    using block = new BlockBoard({ queueSize: 4, features: [FEATURE.VERSION_1, FEATURE.EVENT_IDX] });
    block.boot();
    for (let i = 0; i < 0x1_0000 + 10; i++) {
      block.offer(99, 0, []);
      block.queue.usedEvent = 0x1234;
      block.serve();
      if (block.queue.collect().length !== 1) throw new Error(`nothing came back at ${i}`);
    }
    expect(awaitEvent(block.spec.irqFd)).toBe(1);
  });
});

describe('notification', () => {
  it('interrupts, and the driver acknowledges', () => {
    using block = new BlockBoard();
    block.boot();
    block.request(TYPE.IN, 0, [DATA]);
    expect(awaitEvent(block.spec.irqFd)).toBe(1);
    expect(block.driver.read(REG.INTERRUPT_STATUS)).toBe(1);
    block.driver.write(REG.INTERRUPT_ACK, 1);
    expect(block.driver.read(REG.INTERRUPT_STATUS)).toBe(0);
  });

  it('is suppressed by the ring flag', () => {
    using block = new BlockBoard();
    block.boot();
    block.queue.suppressInterrupts = true;
    block.request(TYPE.IN, 0, [DATA]);
    expect(block.driver.read(REG.INTERRUPT_STATUS)).toBe(0);
    block.queue.suppressInterrupts = false;
    block.request(TYPE.IN, 0, [DATA]);
    expect(awaitEvent(block.spec.irqFd)).toBe(1);
  });

  it('comes when the used index passes used_event, with EVENT_IDX', () => {
    using block = new BlockBoard({ features: [FEATURE.VERSION_1, FEATURE.EVENT_IDX] });
    block.boot();
    block.queue.usedEvent = 2;
    for (const interrupts of [0, 0, 1, 0]) {
      block.driver.write(REG.INTERRUPT_ACK, 3);
      block.request(TYPE.FLUSH, 0, []);
      expect(block.driver.read(REG.INTERRUPT_STATUS)).toBe(interrupts);
    }
    expect(awaitEvent(block.spec.irqFd)).toBe(1);
  });

  it('is wanted of the driver only while the device sleeps', () => {
    using plain = new BlockBoard();
    plain.boot();
    plain.request(TYPE.FLUSH, 0, []);
    expect(plain.queue.usedFlags).toBe(0);
    using indexed = new BlockBoard({ features: [FEATURE.VERSION_1, FEATURE.EVENT_IDX] });
    indexed.boot();
    indexed.request(TYPE.FLUSH, 0, []);
    indexed.request(TYPE.FLUSH, 0, []);
    expect(indexed.queue.availableEvent).toBe(2);
    expect(indexed.queue.usedFlags).toBe(0);
  });

  it('by MMIO exit reaches the I/O thread like one by ioeventfd', () => {
    using block = new BlockBoard();
    block.boot();
    block.driver.write(REG.QUEUE_NOTIFY, 1);
    block.driver.write(REG.QUEUE_NOTIFY, 0);
    expect(awaitEvent(block.spec.kickFd)).toBe(1);
  });
});

describe('a driver that breaks the rules', () => {
  const broken = (block: BlockBoard) => {
    expect(block.driver.status & STATUS.NEEDS_RESET).toBe(STATUS.NEEDS_RESET);
    expect(block.driver.read(REG.INTERRUPT_STATUS) & 2).toBe(2);
    expect(awaitEvent(block.spec.irqFd)).toBe(1);
    expect(block.queue.collect()).toEqual([]);
    // Nothing more is served until the driver resets the device, and then everything is.
    block.serve();
    expect(block.queue.collect()).toEqual([]);
    block.boot();
    expect(block.request(TYPE.IN, 0, [DATA]).result).toBe(RESULT.OK);
  };
  const offerRaw = (address: number, length: number, flags: number, next: number) => (block: BlockBoard) => {
    block.queue.setDescriptor(block.queue.descriptors, 3, address, length, flags, next);
    block.queue.offer(3);
  };

  it.each<[string, (block: BlockBoard) => void]>([
    ['a head outside of the table', (block) => block.queue.offer(16)],
    ['a next descriptor outside of the table', offerRaw(DATA_AT, 16, DESC.NEXT, 16)],
    ['a chain that loops', offerRaw(DATA_AT, 16, DESC.NEXT, 3)],
    ['a buffer before RAM', offerRaw(RAM_BASE - 1, 16, 0, 0)],
    ['a buffer that ends beyond RAM', offerRaw(RAM_BASE + RAM_BYTES - 15, 16, 0, 0)],
    ['a buffer that wraps the address space', offerRaw(2 ** 64 - 4096, 8192, 0, 0)],
    ['an empty buffer', offerRaw(DATA_AT, 0, 0, 0)],
    [
      'more buffers than the queue has',
      (block) => {
        // Every one of them would be a good request.
        block.offer(TYPE.IN, 0, [DATA]);
        for (let i = 1; i < 16; i++) block.queue.offer(0);
        block.queue.publish(17);
      },
    ],
    ['an indirect table that was not negotiated', offerRaw(DATA_AT, 16, DESC.INDIRECT, 0)],
    [
      'a readable buffer after a writable one',
      (block) =>
        block.queue.offer(
          block.queue.chain([
            { address: DATA_AT, length: 16, writable: true },
            { address: DATA_AT, length: 16 },
          ]),
        ),
    ],
    [
      'no room for a header',
      (block) => block.queue.offer(block.queue.chain([{ ...DATA, writable: false, length: 15 }])),
    ],
    ['no room for a status', (block) => block.queue.offer(block.queue.chain([{ ...DATA, writable: false }]))],
  ])('by %s breaks its device only', (_, misbehave) => {
    using block = new BlockBoard();
    block.boot();
    misbehave(block);
    block.serve();
    broken(block);
  });

  it.each<[string, number, number]>([
    ['no entries', DATA_AT, 0],
    ['a part of an entry', DATA_AT, 24],
    ['misalignment', DATA_AT + 2, 32],
    ['an end beyond RAM', RAM_BASE + RAM_BYTES - 16, 32],
  ])('by an indirect table with %s breaks its device only', (_, address, length) => {
    using block = new BlockBoard({ features: [FEATURE.VERSION_1, FEATURE.INDIRECT_DESC] });
    block.boot();
    offerRaw(address, length, DESC.INDIRECT, 0)(block);
    block.serve();
    broken(block);
  });

  it.each([DESC.INDIRECT, DESC.INDIRECT | DESC.NEXT])(
    'by an indirect table in another breaks its device only',
    (flags) => {
      using block = new BlockBoard({ features: [FEATURE.VERSION_1, FEATURE.INDIRECT_DESC] });
      block.boot();
      block.queue.setDescriptor(DATA_AT, 0, DATA_AT, 16, flags, 0);
      offerRaw(DATA_AT, 16, flags, 0)(block);
      block.serve();
      broken(block);
    },
  );

  it('by a chain longer than the queue, in an indirect table, breaks its device only', () => {
    using block = new BlockBoard({ features: [FEATURE.VERSION_1, FEATURE.INDIRECT_DESC] });
    block.boot();
    const buffers = Array.from({ length: 17 }, () => ({ address: DATA_AT + 0x1_0000, length: 16 }));
    block.queue.offer(block.queue.indirectChain(DATA_AT, buffers));
    block.serve();
    broken(block);
  });

  it('leaves the other devices alone', () => {
    using one = new BlockBoard();
    using other = new BlockBoard();
    one.boot();
    other.boot();
    one.queue.offer(99);
    one.serve();
    expect(one.driver.status & STATUS.NEEDS_RESET).toBe(STATUS.NEEDS_RESET);
    expect(other.request(TYPE.IN, 1, [DATA]).result).toBe(RESULT.OK);
  });
});

it('a queue taken away and given back starts anew', () => {
  using block = new BlockBoard();
  block.boot();
  block.request(TYPE.IN, 0, [DATA]);
  block.driver.write(REG.QUEUE_SEL, 0);
  block.driver.write(REG.QUEUE_READY, 0);
  expect(block.driver.read(REG.QUEUE_READY)).toBe(0);
  block.queue = new DriverQueue(block.board.memory, RAM_BASE + 0x4_0000, 8);
  block.driver.setUpQueue(0, block.queue);
  expect(block.request(TYPE.IN, 5, [DATA]).result).toBe(RESULT.OK);
  expect(block.bytes(DATA_AT, 512)).toEqual(block.disk(5, 1));
});
