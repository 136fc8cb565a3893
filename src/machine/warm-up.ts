/** Gets a process ready to make its first machine: everything that does not depend on what will run. */
import { loadLibc } from '../kvm/libc.ts';
import { startAhead } from './threads.ts';

/** Loads the C library's functions and starts the threads that every machine has. */
export function warmUp(): void {
  startAhead('vcpu');
  startAhead('disks');
  loadLibc();
}
