/** Waiting for several descriptors, on the machine that runs the test. */
import { closeSync, openSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { awaitEvent, EventFd, signalEvent, takeEvents } from '../../../src/kvm/eventfd.ts';
import { PollSet } from '../../../src/kvm/poll-set.ts';

describe('a poll set', () => {
  it('tells which descriptors can be read, until they have been', () => {
    using one = new EventFd();
    using other = new EventFd({ waits: false });
    const set = new PollSet(3);
    set.watch(0, one.fd);
    set.watch(2, other.fd);
    const readable = (): boolean[] => {
      set.wait(0);
      return [0, 1, 2].map((index) => set.readable(index));
    };
    expect(readable()).toEqual([false, false, false]);
    signalEvent(other.fd);
    expect(readable()).toEqual([false, false, true]);
    signalEvent(one.fd);
    expect(readable()).toEqual([true, false, true]);
    set.watch(2, -1);
    expect(readable()).toEqual([true, false, false]);
    expect([awaitEvent(one.fd), takeEvents(other.fd), takeEvents(other.fd)]).toEqual([1, true, false]);
    expect(readable()).toEqual([false, false, false]);
  });

  it('tells a descriptor that will never be ready from one that is not', () => {
    const fd = openSync('/dev/null', 'r');
    closeSync(fd);
    const set = new PollSet(1);
    set.watch(0, fd);
    set.wait(-1);
    expect([set.broken(0), set.readable(0)]).toEqual([true, false]);
  });

  it('waits aside while this thread goes on', async () => {
    using event = new EventFd();
    const set = new PollSet(1);
    set.watch(0, event.fd);
    let over = false;
    const waiting = set.waitAside().then(() => {
      over = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(over).toBe(false);
    signalEvent(event.fd);
    await waiting;
    expect(set.readable(0)).toBe(true);
  });
});
