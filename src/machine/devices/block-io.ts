/** The I/O thread of a machine's disks, seen from the thread that made the machine. */
import { takeThread } from '../threads.ts';
import type { BlockThreadData } from './block-thread.ts';
import { IoControl } from './io-control.ts';
import { IoThread } from './io-thread.ts';

export class BlockIo extends IoThread {
  constructor(data: Omit<BlockThreadData, 'control'>, failed: (error: Error) => void) {
    const control = IoControl.allocate();
    const thread = takeThread('disks');
    super(thread, control, data.kickFd, failed);
    thread.postMessage({ ...data, control: control.buffer } satisfies BlockThreadData);
  }
}
