/** What the kernel tells of processes that it ended for want of memory. */
import { readFileSync } from 'node:fs';

/** How many, since the host's boot: `oom_kill` of /proc/vmstat (Linux 4.13). Null where it does not say. */
export function oomKills(): number | null {
  const found = /^oom_kill (\d+)$/m.exec(readFileSync('/proc/vmstat', 'utf8'));
  return found === null ? null : Number(found[1]);
}

/**
 * What is known of the end of a worker that did not end its run. The kernel's count names no process, so it is said as
 * what it is.
 */
export function describeEnd(signal: NodeJS.Signals | null, oomKillsMeanwhile: number): string {
  if (oomKillsMeanwhile > 0 && (signal === null || signal === 'SIGKILL')) {
    return (
      'the worker was killed while the kernel ended processes for want of memory: give the host fewer VMs or more ' +
      'memory; its log is on the host'
    );
  }
  return signal === null
    ? 'the worker ended unexpectedly; its log is on the host'
    : `the worker was ended by ${signal}; its log is on the host`;
}
