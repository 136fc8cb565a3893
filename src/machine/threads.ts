/**
 * The threads that machines are made of. Each loads its code, waits for one message that says what it is to do, and
 * ends when that is done. Some may be started ahead: a thread takes as long to load as everything else of a start.
 */
import { Worker } from 'node:worker_threads';

/** `vcpu`: runs one vCPU; `disks`, `nics`: serves the disks of a machine, or network interfaces without vhost. */
export type ThreadKind = 'vcpu' | 'disks' | 'nics';

const ENTRIES: Readonly<Record<ThreadKind, URL>> = {
  vcpu: new URL('./vcpu-thread.ts', import.meta.url),
  disks: new URL('./devices/block-thread.ts', import.meta.url),
  nics: new URL('./devices/net-thread.ts', import.meta.url),
};

const ahead: Partial<Record<ThreadKind, Worker[]>> = {};

/** Starts a thread that `takeThread` will give. */
export function startAhead(kind: ThreadKind): void {
  const started = ahead[kind] ?? [];
  ahead[kind] = started;
  started.push(start(kind));
}

/** A thread of its own for the caller, who sends it its message and hears of its end. */
export function takeThread(kind: ThreadKind): Worker {
  return ahead[kind]?.shift() ?? start(kind);
}

/** Ends threads that were started ahead and that the machine had no use for. */
export function endUntaken(): void {
  for (const kind of Object.keys(ENTRIES) as ThreadKind[]) {
    for (const thread of ahead[kind]?.splice(0) ?? []) void thread.terminate();
  }
}

function start(kind: ThreadKind): Worker {
  return new Worker(ENTRIES[kind], { name: kind });
}
