/** Which DNS servers guests can ask: those the host asks, but for a stub on its own loopback. */
import { readFileSync } from 'node:fs';
import { parseIpv4 } from '../../wire/ipv4.ts';

/** The second is where systemd-resolved keeps what lies behind its stub. */
const FILES = ['/etc/resolv.conf', '/run/systemd/resolve/resolv.conf'];

/** From the first file that names one that a guest can reach. */
export function hostResolvers(files: readonly string[] = FILES): readonly number[] {
  for (const path of files) {
    const found = parseResolvers(readText(path));
    if (found.length > 0) return found;
  }
  return [];
}

/** IPv4 servers of a resolv.conf in their order, without loopback. */
export function parseResolvers(text: string): number[] {
  return text
    .split('\n')
    .flatMap((line) => /^\s*nameserver\s+(\S+)/.exec(line)?.[1] ?? [])
    .flatMap((server) => parseIpv4(server) ?? [])
    .filter((address) => address >>> 24 !== 127 && address !== 0);
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // Not every host has both.
    return '';
  }
}
