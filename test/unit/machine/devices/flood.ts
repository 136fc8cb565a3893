/** What flood-thread.ts is told. */
import type { GuestMemorySpec } from '../../../../src/machine/devices/guest-memory.ts';

export interface Flood {
  readonly memory: GuestMemorySpec;
  readonly queue: { readonly size: number; readonly available: number; readonly used: number };
}

/** How often descriptor 0 is offered. */
export const OFFERS = 30_000;
