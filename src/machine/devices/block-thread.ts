/**
 * Entry of a block device's I/O thread: waits for the driver's notifications and serves them until told to stop.
 *
 *   read(kickFd) ──▶ stop flag? ──yes──▶ end
 *        ▲              │ no
 *        └── serve ◀────┘
 */
import { readSync } from 'node:fs';
import { workerData } from 'node:worker_threads';
import { Lock } from '../lock.ts';
import { BlockQueue } from './block-queue.ts';
import type { VirtioBlockSpec } from './device.ts';
import { type GuestMemorySpec, openGuestMemory } from './guest-memory.ts';

export interface BlockThreadData {
  readonly spec: VirtioBlockSpec;
  readonly memory: GuestMemorySpec;
  readonly lock: SharedArrayBuffer;
}

function main({ spec, memory, lock }: BlockThreadData): void {
  const queue = new BlockQueue(spec, openGuestMemory(memory), new Lock(lock));
  const count = new Uint8Array(8);
  while (!queue.stopping) {
    readSync(spec.kickFd, count);
    queue.serve();
  }
}

main(workerData as BlockThreadData);
