/** The I/O thread of network interfaces without vhost, seen from the thread that made the machine. */
import { takeThread } from '../threads.ts';
import { IoControl } from './io-control.ts';
import { IoThread } from './io-thread.ts';
import type { NetThreadData } from './net-thread.ts';

export class NetIo extends IoThread {
  constructor(data: Omit<NetThreadData, 'control'>, failed: (error: Error) => void) {
    const control = IoControl.allocate();
    const thread = takeThread('nics');
    super(thread, control, data.kickFd, failed);
    thread.postMessage({ ...data, control: control.buffer } satisfies NetThreadData);
  }
}
