/** The socket device as its driver sees it. The kernel's own data path is tested in the lab. */
import { closeSync, openSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { awaitEvent, EventFd } from '../../../../src/kvm/eventfd.ts';
import type { VirtioVsockSpec } from '../../../../src/machine/devices/device.ts';
import { openDevice } from '../../../../src/machine/devices/open.ts';
import { VhostIo } from '../../../../src/machine/devices/vhost-io.ts';
import { virtioVsockSpec, vsockDevice } from '../../../../src/machine/devices/virtio-vsock.ts';
import { Board, Driver, DriverQueue, FEATURE, RAM_BASE, REG, STATUS } from './virtio-driver.ts';

const EVENT_QUEUE = 2;

describe('a socket device', () => {
  let board: Board;
  let error: EventFd;
  let spec: VirtioVsockSpec;
  let driver: Driver;
  let fd: number;
  beforeEach(() => {
    board = new Board();
    error = new EventFd({ waits: false });
    // A descriptor that refuses every request of vhost.
    fd = openSync('/dev/null', 'r+');
    spec = virtioVsockSpec({
      ...{ base: 0, spi: 46, irqFd: board.eventFd(), cid: 4711 },
      kickFds: [board.eventFd(), board.eventFd()],
      vhost: { fd, errorFd: error.fd, ramAddress: 0 },
    });
    driver = new Driver(openDevice(spec, board.context));
  });
  afterEach(() => {
    error.close();
    closeSync(fd);
    board[Symbol.dispose]();
  });

  function boot(queues: readonly number[]): DriverQueue[] {
    driver.negotiate([FEATURE.VERSION_1, FEATURE.EVENT_IDX]);
    const made = queues.map((index) => {
      const queue = new DriverQueue(board.memory, RAM_BASE + 0x4000 * index, 16);
      driver.setUpQueue(index, queue);
      return queue;
    });
    driver.start();
    return made;
  }

  it('is one, with its address', () => {
    expect(driver.read(REG.DEVICE_ID)).toBe(19);
    expect([...driver.config(0, 8)]).toEqual([0x67, 0x12, 0, 0, 0, 0, 0, 0]);
    expect([...driver.offered()]).toEqual([FEATURE.INDIRECT_DESC, FEATURE.EVENT_IDX, FEATURE.VERSION_1]);
  });

  it('needs a reset when the kernel refuses its queues, and says so', () => {
    boot([0, 1, EVENT_QUEUE]);
    expect(driver.status & STATUS.NEEDS_RESET).toBe(STATUS.NEEDS_RESET);
    expect(awaitEvent(spec.irqFd)).toBe(1);
    expect(driver.read(REG.INTERRUPT_STATUS)).toBe(2);
    boot([EVENT_QUEUE]);
    expect(driver.status & STATUS.NEEDS_RESET).toBe(0);
  });

  it('keeps the event queue quiet', () => {
    const [events] = boot([EVENT_QUEUE]);
    events?.offer(events.chain([{ address: RAM_BASE + 0x2_0000, length: 4, writable: true }]));
    driver.write(REG.QUEUE_NOTIFY, EVENT_QUEUE);
    expect([events?.collect(), driver.read(REG.INTERRUPT_STATUS)]).toEqual([[], 0]);
  });

  it('tells a driver whose device was restored that its connections are gone, and no other', async () => {
    using stop = new EventFd();
    const io = new VhostIo([vsockDevice(spec, board.memory)], board.context.lock, stop);
    const [events] = boot([EVENT_QUEUE]);
    for (const i of [0, 1])
      events?.offer(events.chain([{ address: RAM_BASE + 0x2_0000 + 8 * i, length: 8, writable: true }]));
    board.memory.bytes.fill(0xff, 0x2_0000, 0x2_0010);
    await io.quiesce();
    await io.proceed();
    expect(events?.collect()).toEqual([]);

    // In another process it would be another object that has never seen the device.
    using otherStop = new EventFd();
    const other = new VhostIo([vsockDevice(spec, board.memory)], board.context.lock, otherStop);
    await other.proceed();
    expect(events?.collect()).toEqual([{ head: 0, written: 4 }]);
    expect([...board.memory.bytes.subarray(0x2_0000, 0x2_0005)]).toEqual([0, 0, 0, 0, 0xff]);
    expect(driver.read(REG.INTERRUPT_STATUS)).toBe(1);
    await Promise.all([io.stop(), other.stop(), other.stop()]);
  });
});
