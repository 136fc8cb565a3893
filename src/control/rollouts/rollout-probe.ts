/**
 * Asking a guest whether it is well: one HTTP request or TCP connection from this replica. Guests' networks end at their
 * host, so the address must be one that every replica reaches: a published port, a proxy, a name.
 */
import { connect } from 'node:net';
import type { Probe } from './rollout-plan.ts';

const TIMEOUT_MS = 3_000;

/** What `{…}` in a probe's address stands for. */
export interface ProbedVm {
  readonly vmId: string;
  readonly vmName: string;
  /** Of the VM's first NIC. */
  readonly address: string | null;
}

/** Whether it answered as it should, within 3 s. Never throws. */
export async function probe(asked: Probe, vm: ProbedVm): Promise<boolean> {
  if ('tcp' in asked) return connects(filled(asked.tcp.host, vm), asked.tcp.port);
  const { url, status } = asked.http;
  try {
    const response = await fetch(filled(url, vm), {
      // Where a guest points to is not the guest.
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
      headers: { 'user-agent': 'holdfast-probe' },
    });
    await response.body?.cancel();
    return status === undefined ? response.ok : response.status === status;
  } catch {
    return false;
  }
}

function connects(host: string, port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect({ host, port, timeout: TIMEOUT_MS });
  socket.once('connect', () => resolve(true));
  socket.once('timeout', () => resolve(false));
  socket.once('error', () => resolve(false));
  return promise.finally(() => socket.destroy());
}

/** `{name}`, `{id}` and `{address}`. */
export function filled(template: string, { vmId, vmName, address }: ProbedVm): string {
  return template
    .replaceAll('{name}', vmName)
    .replaceAll('{id}', vmId)
    .replaceAll('{address}', address ?? '');
}
