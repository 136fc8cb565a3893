import type { EventEntry, RequestEntry } from '../../../src/worker/journal.ts';

export const VM = '01890000-0000-7000-8000-000000000001';
export const RUN = '01890000-0000-7000-8000-000000000002';
export const BOOT = '01890000-0000-7000-8000-000000000003';
export const INTENT = '01890000-0000-7000-8000-000000000004';

export function eventEntry(sequence: number, fields: Partial<EventEntry> = {}): EventEntry {
  return {
    type: 'event',
    vmId: VM,
    runId: RUN,
    bootId: BOOT,
    sequence,
    kind: 'paused',
    intentIds: [],
    psci: { version: '1.3', function: null, type: null, cookie: null },
    kvm: null,
    reason: null,
    observedAt: '2026-01-02T03:04:05.678Z',
    final: false,
    ...fields,
  };
}

export function requestEntry(fields: Partial<RequestEntry> = {}): RequestEntry {
  return {
    type: 'request',
    intentId: INTENT,
    kind: 'stop',
    bootId: BOOT,
    timeoutSeconds: 60,
    at: '2026-01-02T03:04:05.678Z',
    ...fields,
  };
}
