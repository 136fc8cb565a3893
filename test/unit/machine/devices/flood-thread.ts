/** Another CPU of a guest: offers descriptor 0 of a queue again and again, whenever there is room in its ring. */
import { workerData } from 'node:worker_threads';
import { openGuestMemory } from '../../../../src/machine/devices/guest-memory.ts';
import { type Flood, OFFERS } from './flood.ts';

const { memory, queue } = workerData as Flood;
const { u16, base } = openGuestMemory(memory);
const index = (ring: number): number => (ring + 2 - base) / 2;
for (let offered = 0; offered < OFFERS; ) {
  const waiting = offered - Atomics.load(u16, index(queue.used));
  if (waiting >= queue.size) continue;
  offered += 1;
  Atomics.store(u16, index(queue.available), offered);
}
