/** The C library's calls on the machine that runs the test: they need no KVM. */
import { constants, openSync, readSync, writeSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { Descriptor } from '../../../src/kvm/descriptor.ts';
import { EAGAIN, EINVAL, ESRCH } from '../../../src/kvm/errno.ts';
import { EventFd } from '../../../src/kvm/eventfd.ts';
import { KVM_GET_API_VERSION } from '../../../src/kvm/ioctls.ts';
import {
  addressOf,
  detach,
  gettid,
  ioctl,
  madvise,
  mmapAnonymous,
  munmap,
  tgkill,
  viewOf,
} from '../../../src/kvm/libc.ts';

describe('memory', () => {
  it('is one range for every view, until detached', () => {
    const length = 1 << 21;
    const address = mmapAnonymous(length);
    expect(address).toBeGreaterThan(0);
    const [one, other] = [viewOf(address, length), viewOf(address, length)];
    const bytes = new Uint8Array(one);
    bytes[length - 1] = 42;
    expect(new Uint8Array(other)[length - 1]).toBe(42);
    expect(addressOf(one)).toBe(address);
    detach(one);
    detach(other);
    expect(bytes[length - 1]).toBe(undefined);
    expect(munmap(address, length)).toBe(0);
  });

  it('gives the errno of a refused call', () => {
    expect(madvise(4097, 4096, 0)).toBe(-EINVAL);
    expect(munmap(1, 4096)).toBe(-EINVAL);
  });
});

describe('descriptors', () => {
  it('are refused by a call that does not fit them', () => {
    using file = new Descriptor(openSync('/dev/null', constants.O_RDWR), 'null device');
    // ENOTTY: not a device for this request.
    expect(ioctl(file.fd, KVM_GET_API_VERSION)).toBe(-25);
  });

  it('are closed once and refused afterwards', () => {
    const file = new Descriptor(openSync('/dev/null', constants.O_RDWR), 'null device');
    const { fd } = file;
    file.close();
    // Takes the number just given up; a second close would take it away again.
    using reused = new Descriptor(openSync('/dev/null', constants.O_RDWR), 'null device');
    expect(reused.fd).toBe(fd);
    file.close();
    expect(writeSync(reused.fd, 'x')).toBe(1);
    expect(() => file.fd).toThrow('The null device is closed.');
  });

  it('carry events', () => {
    using event = new EventFd();
    const one = new Uint8Array(new BigUint64Array([1n]).buffer);
    writeSync(event.fd, one);
    writeSync(event.fd, one);
    const counter = new BigUint64Array(1);
    expect(readSync(event.fd, counter)).toBe(8);
    expect(counter[0]).toBe(2n);
  });
});

describe('a kick', () => {
  it('stays pending in a thread that blocks it, and is taken once', async () => {
    const libc = new URL('../../../src/kvm/libc.ts', import.meta.url).href;
    const body = `
      import { parentPort } from 'node:worker_threads';
      import { blockSignal, gettid, signalTaker, tgkill } from ${JSON.stringify(libc)};
      const results = [blockSignal(40)];
      const take = signalTaker(40);
      results.push(take(), tgkill(gettid(), 40), take(), take());
      parentPort.postMessage(results);`;
    const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(body)}`));
    const results = await new Promise((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
    });
    await worker.terminate();
    expect(results).toEqual([0, -EAGAIN, 0, 40, -EAGAIN]);
  });

  it('comes again and again from a timer, until that is stopped', async () => {
    const libc = new URL('../../../src/kvm/libc.ts', import.meta.url).href;
    const body = `
      import { parentPort } from 'node:worker_threads';
      import { blockSignal, signalTaker, startTimer, stopTimer } from ${JSON.stringify(libc)};
      blockSignal(40);
      const take = signalTaker(40);
      const timer = startTimer(40, 5);
      for (let taken = 0; taken < 3; ) if (take() === 40) taken += 1;
      const stopped = stopTimer(timer);
      take();
      parentPort.postMessage([timer >= 0, stopped, take(), stopTimer(timer)]);`;
    const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(body)}`));
    const results = await new Promise((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
    });
    await worker.terminate();
    expect(results).toEqual([true, 0, -EAGAIN, -EINVAL]);
  });

  it('of a thread that does not exist is told', () => {
    expect(gettid()).toBeGreaterThan(0);
    // Above the largest id that the kernel gives (PID_MAX_LIMIT, 2^22).
    expect(tgkill(2 ** 22 + 1, 40)).toBe(-ESRCH);
  });
});
