/** What hosts deliver: how much, what became of it, and how late it is. */
import { Counter, Histogram, type Registry } from 'prom-client';
import type { EventsResponse } from '../../wire/agent.ts';

/** In seconds. An event that is a day late tells of a host that was away as long. */
const LAGS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60, 300, 3_600, 86_400];

/** To be called with each batch and its answer. */
export type MeterEvents = (given: readonly unknown[], answer: EventsResponse) => void;

export function meterEvents(registry: Registry): MeterEvents {
  const registers = [registry];
  const total = new Counter({
    name: 'holdfast_events_total',
    help: 'Records that hosts delivered: inserted, duplicate (known already), refused.',
    labelNames: ['result'] as const,
    registers,
  });
  for (const result of ['inserted', 'duplicate', 'refused'] as const) total.inc({ result }, 0);
  const lag = new Histogram({
    name: 'holdfast_event_lag_seconds',
    help: "From an event's observation, by its host's clock, to its record. Batches with duplicates are left out.",
    buckets: LAGS,
    registers,
  });
  return (given, { inserted, duplicates, refused }) => {
    total.inc({ result: 'inserted' }, inserted);
    total.inc({ result: 'duplicate' }, duplicates);
    total.inc({ result: 'refused' }, refused.length);
    if (duplicates + refused.length > 0) return;
    for (const record of given) {
      const observedAt = (record as { observedAt?: unknown }).observedAt;
      if (typeof observedAt === 'string') {
        lag.observe(Math.max(0, (Date.now() - Date.parse(observedAt)) / 1_000));
      }
    }
  };
}
