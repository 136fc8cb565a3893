/**
 * Gives back the pages of this process's own program that it does not need now.
 *
 * Node brings tens of megabytes of its program into memory while it starts, and a process whose guest runs needs few of
 * them again. They are pages of a file: what is given back stays in the page cache while the host has room, and a page
 * that is needed again is mapped again.
 */
import { readFileSync } from 'node:fs';
import { MADV_DONTNEED, madvise } from './libc.ts';

interface Mapping {
  readonly start: number;
  readonly length: number;
}

/**
 * Any thread; the others may run meanwhile, and fault in what they need. Mappings that can be written, or were while
 * they were relocated, are left alone: theirs is the only copy. So a frozen copy of this process (frozen-memory.ts) may
 * be there or not. Never throws: a process that cannot read its own map,
 * say for want of descriptors, keeps its pages and its guest.
 */
export function giveBackProgram(): void {
  for (const { start, length } of programMappings(ownMap())) madvise(start, length, MADV_DONTNEED);
}

function ownMap(): string {
  try {
    return readFileSync('/proc/self/smaps', 'utf8');
  } catch {
    return '';
  }
}

/**
 * The unwritten mappings of Node's program in the text of /proc/self/smaps (proc_pid_smaps(5)): those without a page of
 * the process's own, here or swapped out. `Private_Dirty` would not tell: a page that a second process shares since
 * clone(2) counts as `Shared_Dirty`, and one that was swapped out as neither.
 */
export function programMappings(smaps: string, program = process.execPath): Mapping[] {
  const found: Mapping[] = [];
  for (const entry of smaps.split(/^(?=[0-9a-f]+-[0-9a-f]+ )/m)) {
    const header = /^([0-9a-f]+)-([0-9a-f]+) r-[x-]p \S+ \S+ \S+ +(.*)$/m.exec(entry);
    if (header === null || header[3] !== program) continue;
    if (!/^Anonymous: +0 kB$/m.test(entry) || !/^Swap: +0 kB$/m.test(entry)) continue;
    const start = Number.parseInt(header[1] ?? '', 16);
    found.push({ start, length: Number.parseInt(header[2] ?? '', 16) - start });
  }
  return found;
}
