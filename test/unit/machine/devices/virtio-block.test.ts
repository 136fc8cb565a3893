import {
  closeSync,
  ftruncateSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { awaitEvent } from '../../../../src/kvm/eventfd.ts';
import { eraseRange } from '../../../../src/machine/devices/block-erase.ts';
import { BlockIo } from '../../../../src/machine/devices/block-io.ts';
import { BlockBoard, DATA_AT, HEADER_AT, RESULT, STATUS_AT, TABLE_AT, TYPE } from './block-board.ts';
import { DriverQueue, FEATURE, RAM_BASE, REG } from './virtio-driver.ts';

const input = (length: number, at = DATA_AT) => ({ address: at, length, writable: true });
const output = (length: number, at = DATA_AT) => ({ address: at, length });
const pattern = (length: number, seed: number) =>
  Uint8Array.from({ length }, (_, i) => (i * 7 + seed) & 0xff);

function put(block: BlockBoard, bytes: Uint8Array, at = DATA_AT): void {
  block.ram.set(bytes, at - RAM_BASE);
}

describe('identity', () => {
  it('offers its features and says its size', () => {
    using block = new BlockBoard({ sectors: 48 });
    const [segMax, readOnly, blockSize, flush, discard, writeZeroes] = [2, 5, 6, 9, 13, 14];
    const offered = (board: BlockBoard) => [...board.driver.offered()].sort((a, b) => a - b);
    expect(offered(block)).toEqual([segMax, blockSize, flush, discard, writeZeroes, 28, 29, 32]);
    using fixed = new BlockBoard({ readOnly: true });
    expect(offered(fixed)).toEqual([segMax, readOnly, blockSize, flush, 28, 29, 32]);
    const config = new DataView(block.driver.config(0, 60).buffer);
    expect(config.getBigUint64(0, true)).toBe(48n);
    expect(config.getUint32(12, true)).toBe(254);
    expect(config.getUint32(20, true)).toBe(512);
    // Sectors and ranges of one discard, its alignment; sectors and ranges of one write of zeroes, which may unmap.
    expect([36, 40, 44, 48, 52].map((at) => config.getUint32(at, true))).toEqual([131072, 16, 8, 131072, 16]);
    expect(config.getUint8(56)).toBe(1);
  });

  it('keeps its configuration when a driver writes to it', () => {
    using block = new BlockBoard();
    block.driver.write(REG.CONFIG, 0xffff_ffff);
    expect(block.driver.config(0, 8)).toEqual(Uint8Array.of(64, 0, 0, 0, 0, 0, 0, 0));
  });

  it('answers GET_ID with its serial number, cut or filled to 20 bytes', () => {
    for (const serial of ['root', 'a-serial-of-more-than-twenty-bytes']) {
      using block = new BlockBoard({ serial });
      block.boot();
      expect(block.request(TYPE.GET_ID, 0, [input(20)])).toEqual({ result: RESULT.OK, written: 21 });
      expect(Buffer.from(block.bytes(DATA_AT, 20)).toString()).toBe(serial.slice(0, 20).padEnd(20, '\0'));
      expect(block.request(TYPE.GET_ID, 0, [input(19)]).result).toBe(RESULT.IOERR);
    }
  });
});

describe('reading and writing', () => {
  it('moves whole sectors at their places', () => {
    using block = new BlockBoard();
    block.boot();
    expect(block.request(TYPE.IN, 3, [input(1024)])).toEqual({ result: RESULT.OK, written: 1025 });
    expect(block.bytes(DATA_AT, 1024)).toEqual(block.disk(3, 2));
    const before = block.disk(0, 64);
    put(block, pattern(1024, 1));
    expect(block.request(TYPE.OUT, 62, [output(1024)])).toEqual({ result: RESULT.OK, written: 1 });
    expect(block.disk(62, 2)).toEqual(pattern(1024, 1));
    expect(block.disk(0, 62)).toEqual(before.subarray(0, 62 * 512));
  });

  it('gathers and scatters over segments of any length', () => {
    using block = new BlockBoard();
    block.boot();
    const parts = [1, 511, 700, 324];
    let at = DATA_AT;
    const segments = parts.map((length) => {
      const segment = { address: at, length };
      at += length + 100;
      return segment;
    });
    put(block, pattern(2048, 9));
    expect(block.request(TYPE.OUT, 8, segments).result).toBe(RESULT.OK);
    const written = Buffer.concat(
      segments.map((s) =>
        pattern(2048, 9)
          .subarray(s.address - DATA_AT)
          .subarray(0, s.length),
      ),
    );
    expect(block.disk(8, 3)).toEqual(Uint8Array.from(written));
    expect(
      block.request(
        TYPE.IN,
        3,
        segments.map((s) => ({ ...s, writable: true })),
      ).result,
    ).toBe(RESULT.OK);
    const read = Buffer.concat(segments.map((s) => block.bytes(s.address, s.length)));
    expect(Uint8Array.from(read)).toEqual(block.disk(3, 3));
  });

  it('takes a request in any framing', () => {
    using block = new BlockBoard();
    block.boot();
    // The header over three buffers, its last bytes together with data; the status with data.
    block.writeHeader(TYPE.OUT, 5, DATA_AT);
    put(block, pattern(512, 4), DATA_AT + 16);
    const head = block.queue.chain([
      output(3),
      output(10, DATA_AT + 3),
      output(515, DATA_AT + 13),
      input(1, STATUS_AT),
    ]);
    block.queue.offer(head);
    block.serve();
    expect(block.queue.collect()).toEqual([{ head, written: 1 }]);
    expect(block.disk(5, 1)).toEqual(pattern(512, 4));
    block.writeHeader(TYPE.IN, 6);
    block.queue.offer(block.queue.chain([output(16, HEADER_AT), input(513)]));
    block.serve();
    expect(block.bytes(DATA_AT, 513)).toEqual(Uint8Array.of(...block.disk(6, 1), RESULT.OK));
  });

  it('takes an indirect chain', () => {
    using block = new BlockBoard({ features: [FEATURE.VERSION_1, FEATURE.INDIRECT_DESC], queueSize: 256 });
    block.boot();
    block.writeHeader(TYPE.IN, 0);
    const segments = Array.from({ length: 64 }, (_, i) => input(512, DATA_AT + 1024 * i));
    block.queue.offer(
      block.queue.indirectChain(TABLE_AT, [output(16, HEADER_AT), ...segments, input(1, STATUS_AT)]),
    );
    block.serve();
    expect(block.queue.collect()).toEqual([{ head: 0, written: 64 * 512 + 1 }]);
    for (let i = 0; i < 64; i++) expect(block.bytes(DATA_AT + 1024 * i, 512)).toEqual(block.disk(i, 1));
  });

  it('takes the longest request it offers, 254 segments', () => {
    using block = new BlockBoard({ sectors: 1016, queueSize: 256 });
    block.boot();
    const segments = Array.from({ length: 254 }, (_, i) => input(2048, DATA_AT + 2048 * i));
    expect(block.request(TYPE.IN, 0, segments)).toEqual({ result: RESULT.OK, written: 254 * 2048 + 1 });
    expect(block.bytes(DATA_AT, 254 * 2048)).toEqual(block.disk(0, 1016));
  });

  it('answers in the order of the requests', () => {
    using block = new BlockBoard();
    block.boot();
    const heads = [1, 2, 3].map(() => block.offer(TYPE.IN, 1, [input(512)]));
    block.serve();
    expect(block.queue.collect().map((used) => used.head)).toEqual(heads);
  });
});

describe('erasing', () => {
  /** A page of a file of 4 KiB blocks, in sectors. */
  const PAGE = 8;
  const UNMAP = 1;
  const ranges = (
    block: BlockBoard,
    ...list: [sector: number | bigint, sectors: number, flags: number][]
  ) => {
    const view = new DataView(block.ram.buffer, DATA_AT - RAM_BASE);
    for (const [i, [sector, sectors, flags]] of list.entries()) {
      view.setBigUint64(16 * i, BigInt(sector), true);
      view.setUint32(16 * i + 8, sectors, true);
      view.setUint32(16 * i + 12, flags, true);
    }
    return output(16 * list.length);
  };
  const zeroes = (sectors: number) => new Uint8Array(512 * sectors);
  const blocks = (block: BlockBoard) => statSync(block.path).blocks;

  it('a discard gives the blocks of its ranges back and leaves the others', () => {
    using block = new BlockBoard({ sectors: 128 });
    block.boot();
    const before = block.disk(0, 128);
    const full = blocks(block);
    const where = ranges(block, [0, 2 * PAGE, 0], [5 * PAGE, PAGE, 0], [9 * PAGE, 0, 0]);
    expect(block.request(TYPE.DISCARD, 0, [where])).toEqual({ result: RESULT.OK, written: 1 });
    expect(full - blocks(block)).toBe(3 * PAGE);
    expect(statSync(block.path).size).toBe(128 * 512);
    expect(block.disk(2 * PAGE, 3 * PAGE)).toEqual(before.subarray(2 * PAGE * 512, 5 * PAGE * 512));
    expect(block.disk(6 * PAGE, 10 * PAGE)).toEqual(before.subarray(6 * PAGE * 512));
  });

  it.each([
    ['keeps the blocks', 0],
    ['gives them back where it may', UNMAP],
  ])('a write of zeroes reads as zeroes and %s', (_, flags) => {
    using block = new BlockBoard({ sectors: 64 });
    block.boot();
    const before = block.disk(0, 64);
    const full = blocks(block);
    expect(block.request(TYPE.WRITE_ZEROES, 0, [ranges(block, [7, 2 * PAGE + 2, flags])]).result).toBe(
      RESULT.OK,
    );
    expect(block.disk(7, 2 * PAGE + 2)).toEqual(zeroes(2 * PAGE + 2));
    expect(block.disk(0, 7)).toEqual(before.subarray(0, 7 * 512));
    expect(block.disk(9 + 2 * PAGE, 39)).toEqual(before.subarray((9 + 2 * PAGE) * 512));
    expect(full - blocks(block)).toBe(flags === UNMAP ? 2 * PAGE : 0);
  });

  it('refuses what is wrong and then erases none of it', () => {
    using block = new BlockBoard({ sectors: 64 });
    block.boot();
    const before = block.disk(0, 64);
    const sound = [0, 8, 0] as const;
    const attempt = (type: number, ...list: [number | bigint, number, number][]) =>
      block.request(type, 0, [ranges(block, [...sound], ...list)]).result;
    for (const type of [TYPE.DISCARD, TYPE.WRITE_ZEROES]) {
      expect(attempt(type, [63, 2, 0])).toBe(RESULT.IOERR);
      expect(attempt(type, [2n ** 64n - 1n, 1, 0])).toBe(RESULT.IOERR);
      expect(attempt(type, [0, 131073, 0])).toBe(RESULT.IOERR);
      expect(attempt(type, [0, 8, 2])).toBe(RESULT.UNSUPPORTED);
      expect(attempt(type, ...Array.from({ length: 16 }, (): [number, number, number] => [0, 1, 0]))).toBe(
        RESULT.IOERR,
      );
      expect(block.request(type, 0, []).result).toBe(RESULT.IOERR);
      expect(block.request(type, 0, [output(17)]).result).toBe(RESULT.IOERR);
    }
    expect(attempt(TYPE.DISCARD, [0, 8, UNMAP])).toBe(RESULT.UNSUPPORTED);
    expect(block.disk(0, 64)).toEqual(before);
    using fixed = new BlockBoard({ readOnly: true });
    fixed.boot();
    expect(fixed.request(TYPE.DISCARD, 0, [ranges(fixed, [...sound])]).result).toBe(RESULT.IOERR);
    expect(fixed.request(TYPE.WRITE_ZEROES, 0, [ranges(fixed, [...sound])]).result).toBe(RESULT.IOERR);
    expect(fixed.disk(0, 64)).toEqual(before);
  });

  it('writes zeroes where the file system has no holes', () => {
    // ext2 and its like are rare; a memory file has holes but no ranges of zeroes.
    const directory = mkdtempSync('/dev/shm/holdfast-');
    const path = join(directory, 'disk');
    writeFileSync(path, new Uint8Array(1 << 20).fill(7));
    const fd = openSync(path, 'r+');
    try {
      expect(eraseRange(fd, 4096, 700_000, 'keep')).toBe(0);
      const bytes = readFileSync(path);
      expect(bytes.length).toBe(1 << 20);
      expect(bytes.subarray(4096, 704_096).every((byte) => byte === 0)).toBe(true);
      expect(bytes.subarray(0, 4096).every((byte) => byte === 7)).toBe(true);
      expect(bytes.subarray(704_096).every((byte) => byte === 7)).toBe(true);
    } finally {
      closeSync(fd);
      rmSync(directory, { recursive: true });
    }
  });
});

describe('what it refuses', () => {
  it.each<[string, number, number | bigint, number]>([
    ['a read that ends behind the disk', TYPE.IN, 63, 1024],
    ['a read behind the disk', TYPE.IN, 64, 512],
    ['a read at the last sector of 64 bits', TYPE.IN, 2n ** 64n - 1n, 512],
    ['a read of a part of a sector', TYPE.IN, 0, 100],
    ['a write that ends behind the disk', TYPE.OUT, 63, 1024],
    ['a write at a place that wraps in 64 bits', TYPE.OUT, 2n ** 55n, 512],
    ['a write of a part of a sector', TYPE.OUT, 0, 513],
  ])('%s', (_, type, sector, length) => {
    using block = new BlockBoard();
    block.boot();
    const before = block.disk(0, 65);
    const memory = block.bytes(DATA_AT, 2048);
    const { result, written } = block.request(type, sector, [
      { address: DATA_AT, length, writable: type === TYPE.IN },
    ]);
    expect(result).toBe(RESULT.IOERR);
    expect(written).toBe(type === TYPE.IN ? 0 : 1);
    expect(block.disk(0, 65)).toEqual(before);
    expect(block.bytes(DATA_AT, 2048)).toEqual(memory);
  });

  it('a write to a read-only disk', () => {
    using block = new BlockBoard({ readOnly: true });
    block.boot();
    const before = block.disk(0, 64);
    expect(block.request(TYPE.OUT, 0, [output(512)]).result).toBe(RESULT.IOERR);
    expect(block.disk(0, 64)).toEqual(before);
    expect(block.request(TYPE.IN, 0, [input(512)]).result).toBe(RESULT.OK);
    expect(block.request(TYPE.FLUSH, 0, []).result).toBe(RESULT.OK);
  });

  it('types it does not know', () => {
    using block = new BlockBoard();
    block.boot();
    for (const type of [2, 10, 14, 0xffff_ffff])
      expect(block.request(type, 0, [input(512)])).toEqual({ result: RESULT.UNSUPPORTED, written: 0 });
  });

  it('what the file refuses, and it goes on', () => {
    using block = new BlockBoard();
    block.boot();
    const shorter = openSync(block.path, 'r+');
    ftruncateSync(shorter, 512 * 10);
    closeSync(shorter);
    expect(block.request(TYPE.IN, 20, [input(512)]).result).toBe(RESULT.IOERR);
    expect(block.request(TYPE.IN, 9, [input(1024)]).result).toBe(RESULT.IOERR);
    expect(block.request(TYPE.IN, 9, [input(512)]).result).toBe(RESULT.OK);
    using unwritable = new BlockBoard({ readOnly: true });
    // The device believes it may write; the descriptor does not.
    Object.defineProperty(unwritable.spec, 'readOnly', { value: false });
    unwritable.boot();
    expect(unwritable.request(TYPE.OUT, 0, [output(512)]).result).toBe(RESULT.IOERR);
  });
});

describe('the I/O thread', () => {
  const start = (block: BlockBoard) =>
    new BlockIo(
      {
        disks: [block.spec],
        kickFd: block.spec.kickFd,
        memory: block.board.memorySpec,
        lock: block.board.lockBuffer,
      },
      (error) => {
        throw error;
      },
    );
  const settled = async (block: BlockBoard) => {
    while (block.driver.read(REG.INTERRUPT_STATUS) === 0)
      await new Promise((resolve) => setTimeout(resolve, 1));
    block.driver.write(REG.INTERRUPT_ACK, 1);
    return awaitEvent(block.spec.irqFd);
  };

  it('serves notifications and interrupts, boot after boot', async () => {
    using block = new BlockBoard();
    const io = start(block);
    for (let boot = 0; boot < 2; boot++) {
      block.driver.negotiate([FEATURE.VERSION_1, FEATURE.FLUSH]);
      block.queue = new DriverQueue(block.board.memory, RAM_BASE, 16);
      block.driver.setUpQueue(0, block.queue);
      block.driver.start();
      for (let i = 0; i < 20; i++) {
        put(block, pattern(512, i));
        const head = block.offer(TYPE.OUT, i, [output(512)]);
        block.driver.write(REG.QUEUE_NOTIFY, 0);
        expect(await settled(block)).toBe(1);
        expect(block.queue.collect()).toEqual([{ head, written: 1 }]);
        expect(block.result).toBe(RESULT.OK);
      }
      expect(block.disk(7, 1)).toEqual(pattern(512, 7));
    }
    await io.stop();
    await io.stop();
  });

  it('ends while requests wait, and does the one it works on to its end', async () => {
    using block = new BlockBoard();
    block.boot();
    const io = start(block);
    for (let i = 0; i < 5; i++) block.offer(TYPE.FLUSH, 0, []);
    block.driver.write(REG.QUEUE_NOTIFY, 0);
    await io.stop();
    const done = block.queue.collect().length;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(block.queue.collect()).toEqual([]);
    expect(done).toBeLessThanOrEqual(5);
  });

  it('touches nothing while it is quiet, and then serves what came meanwhile', async () => {
    using block = new BlockBoard();
    block.boot();
    const io = start(block);
    for (let round = 0; round < 20; round++) {
      block.offer(TYPE.IN, round, [input(512)]);
      block.driver.write(REG.QUEUE_NOTIFY, 0);
      if (round % 2 === 0) await settled(block);
      await io.quiesce();
      const early = block.queue.collect().length;
      const meanwhile = block.offer(TYPE.IN, round, [input(512)]);
      block.driver.write(REG.QUEUE_NOTIFY, 0);
      // A second order to be quiet changes nothing.
      await Promise.all([io.quiesce(), new Promise((resolve) => setTimeout(resolve, 5))]);
      expect(block.queue.collect()).toEqual([]);
      await io.proceed();
      const late = [];
      while (early + late.length < 2) {
        late.push(...block.queue.collect());
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
      expect(late.at(-1)).toEqual({ head: meanwhile, written: 513 });
      expect(block.result).toBe(RESULT.OK);
      block.driver.write(REG.INTERRUPT_ACK, 1);
    }
    await io.quiesce();
    await io.stop();
    // Nobody is there any more who could touch anything.
    await io.quiesce();
    await io.proceed();
  });

  it('serves every disk, whichever of them notifies', async () => {
    using block = new BlockBoard();
    using other = new BlockBoard({ sectors: 32, beside: { board: block.board, offset: 0x8_0000 } });
    const io = new BlockIo(
      {
        disks: [block.spec, other.spec],
        kickFd: block.spec.kickFd,
        memory: block.board.memorySpec,
        lock: block.board.lockBuffer,
      },
      (error) => {
        throw error;
      },
    );
    other.boot();
    block.boot();
    for (let i = 0; i < 5; i++) {
      block.offer(TYPE.IN, 1, [input(512)]);
      other.offer(TYPE.IN, 2, [input(512, DATA_AT + 0x8_0000)]);
    }
    block.driver.write(REG.QUEUE_NOTIFY, 0);
    const done = { block: 0, other: 0 };
    while (done.block < 5 || done.other < 5) {
      done.block += block.queue.collect().length;
      done.other += other.queue.collect().length;
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    expect(block.bytes(DATA_AT, 512)).toEqual(block.disk(1, 1));
    expect(other.bytes(DATA_AT + 0x8_0000, 512)).toEqual(other.disk(2, 1));
    await io.stop();
  });

  it('is done with its request when a reset returns', async () => {
    using block = new BlockBoard({ sectors: 1024, queueSize: 256 });
    const io = start(block);
    const segments = Array.from({ length: 200 }, (_, i) => input(2048, DATA_AT + 2048 * i));
    for (let round = 0; round < 50; round++) {
      block.driver.negotiate([FEATURE.VERSION_1, FEATURE.FLUSH]);
      block.queue = new DriverQueue(block.board.memory, RAM_BASE, 256);
      block.driver.setUpQueue(0, block.queue);
      block.driver.start();
      block.offer(TYPE.IN, 0, segments);
      block.driver.write(REG.QUEUE_NOTIFY, 0);
      await new Promise((resolve) => setTimeout(resolve, round % 3));
      block.driver.write(REG.STATUS, 0);
      // From here on the memory is the guest's again.
      block.ram.fill(0xee, DATA_AT - RAM_BASE);
      await new Promise((resolve) => setTimeout(resolve, 1));
      expect(block.ram.subarray(DATA_AT - RAM_BASE).every((byte) => byte === 0xee)).toBe(true);
    }
    await io.stop();
  });
});
