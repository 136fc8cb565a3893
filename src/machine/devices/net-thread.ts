/**
 * Entry of the I/O thread of network interfaces that vhost does not serve: one for all of a machine's.
 *
 *     ┌─▶ order? ──END──▶ ends
 *     │     │ └───REST──▶ rests until told to work ──┐
 *     │     ▼ WORK                                   │
 *     │   serves every interface for a turn ◀────────┘
 *     │     ▼
 *     └── poll(kickFd, the taps whose packets can be handed on)
 */
import { parentPort } from 'node:worker_threads';
import { takeEvents } from '../../kvm/eventfd.ts';
import { PollSet } from '../../kvm/poll-set.ts';
import { Lock } from '../lock.ts';
import type { VirtioNetSpec } from './device.ts';
import { type GuestMemorySpec, openGuestMemory } from './guest-memory.ts';
import { END, IoControl, REST } from './io-control.ts';
import { NetPort } from './net-port.ts';
import { TapLink } from './tap-link.ts';

export interface NetThreadData {
  readonly nics: readonly VirtioNetSpec[];
  /** The eventfd that every interface's notifications signal; a read of it does not wait. */
  readonly kickFd: number;
  readonly memory: GuestMemorySpec;
  readonly lock: SharedArrayBuffer;
  readonly control: SharedArrayBuffer;
}

const NO_DESCRIPTOR = -1;

interface Served {
  readonly port: NetPort;
  /** NO_DESCRIPTOR once the interface is gone from the host. */
  tapFd: number;
}

function main({ nics, kickFd, memory, lock, control: words }: NetThreadData): void {
  const control = new IoControl(words);
  const ram = openGuestMemory(memory);
  const theLock = new Lock(lock);
  const all = nics.map((spec): Served => {
    const port = new NetPort(spec, ram, theLock, new TapLink(spec.tapFd));
    return { port, tapFd: spec.tapFd };
  });
  const set = new PollSet(all.length + 1);
  set.watch(all.length, kickFd);
  for (;;) {
    const { order } = control;
    if (order === END) return;
    if (order === REST) {
      control.rest();
      for (const { port } of all) port.goOn();
      continue;
    }
    // Not `some`: every interface has its turn.
    const busy = all.reduce((any, { port }) => port.serve() || any, false);
    for (const [i, { port, tapFd }] of all.entries()) set.watch(i, port.wantsPackets ? tapFd : NO_DESCRIPTOR);
    set.wait(busy ? 0 : -1);
    if (set.readable(all.length)) takeEvents(kickFd);
    for (const [i, served] of all.entries()) if (set.broken(i)) served.tapFd = NO_DESCRIPTOR;
  }
}

parentPort?.once('message', main);
