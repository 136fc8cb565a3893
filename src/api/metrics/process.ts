/** What this process tells of itself: Node's own metrics, its way to Postgres, and its version. */
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { Control } from '../../control/control.ts';
import { HOLDFAST_VERSION } from '../../wire/version.ts';

let own: Registry | undefined;

/** Of Node: event loop, garbage collection, memory, CPU. They watch the whole process, so there is one set of them. */
export function nodeMetrics(): Registry {
  if (own === undefined) {
    own = new Registry();
    collectDefaultMetrics({ register: own });
  }
  return own;
}

export function meterProcess({ pool, gate, wake }: Control, registry: Registry): void {
  const registers = [registry];
  new Gauge({
    name: 'holdfast_build_info',
    help: 'Always 1.',
    labelNames: ['version', 'node'],
    registers,
  }).set({ version: HOLDFAST_VERSION, node: process.version }, 1);
  new Gauge({
    name: 'holdfast_postgres_connections',
    help: 'Connections of the pool to Postgres.',
    labelNames: ['state'],
    registers,
    collect() {
      this.set({ state: 'idle' }, pool.idleCount);
      this.set({ state: 'busy' }, pool.totalCount - pool.idleCount);
    },
  });
  new Gauge({
    name: 'holdfast_postgres_waiting',
    help: 'Who waits: for a connection of the pool, or for the turn of a transaction.',
    labelNames: ['queue'],
    registers,
    collect() {
      this.set({ queue: 'connection' }, pool.waitingCount);
      this.set({ queue: 'turn' }, gate.waiting);
    },
  });
  new Gauge({
    name: 'holdfast_notifications_up',
    help: 'Whether changes made by other replicas are heard at once; without that they are looked for every second.',
    registers,
    collect() {
      this.set(wake.connected ? 1 : 0);
    },
  });
}
