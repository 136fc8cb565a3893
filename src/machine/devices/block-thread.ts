/**
 * Entry of the disks' I/O thread: is told its disks, then waits for the drivers' notifications and serves them until it
 * is told to stop.
 *
 *     ┌─▶ order? ──END──▶ ends
 *     │     │ └───REST──▶ rests until told to work ──┐
 *     │     ▼ WORK                                   │
 *     │   serves every disk in turn ◀────────────────┘
 *     │     ▼ none has a request
 *     └── read(kickFd)
 *
 * One thread serves all disks of a machine: each further one would cost an isolate of several MB, and an idle disk
 * nothing else. The disks take turns of one request each, so one that is slow delays another by one request of its own
 * and no more.
 */
import { parentPort } from 'node:worker_threads';
import { awaitEvent } from '../../kvm/eventfd.ts';
import { Lock } from '../lock.ts';
import { BlockQueue } from './block-queue.ts';
import type { VirtioBlockSpec } from './device.ts';
import { type GuestMemorySpec, openGuestMemory } from './guest-memory.ts';
import { END, IoControl, REST } from './io-control.ts';

export interface BlockThreadData {
  readonly disks: readonly VirtioBlockSpec[];
  /** The eventfd that every disk's notifications signal. */
  readonly kickFd: number;
  readonly memory: GuestMemorySpec;
  readonly lock: SharedArrayBuffer;
  readonly control: SharedArrayBuffer;
}

function main({ disks, kickFd, memory, lock, control: words }: BlockThreadData): void {
  const control = new IoControl(words);
  const ram = openGuestMemory(memory);
  const theLock = new Lock(lock);
  const queues = disks.map((spec) => new BlockQueue(spec, ram, theLock));
  for (;;) {
    const { order } = control;
    if (order === END) return;
    if (order === REST) {
      control.rest();
      continue;
    }
    // Not `some`: every disk has its turn.
    const busy = queues.reduce((any, queue) => queue.serveOne() || any, false);
    if (!busy) awaitEvent(kickFd);
  }
}

parentPort?.once('message', main);
