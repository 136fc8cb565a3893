import { describe, expect, it } from 'vitest';
import type { FleetEvent } from '../../../../src/dashboard/data/types.ts';
import { compareCursors, merge, passes } from '../../../../src/dashboard/model/event-log.ts';

function event(cursor: string, fields: Partial<FleetEvent> = {}): FleetEvent {
  return {
    id: `event ${cursor}`,
    cursor,
    vmId: 'vm',
    hostId: 'host',
    runId: 'run',
    bootId: 'boot',
    sequence: 1,
    kind: 'started',
    initiator: 'operator',
    intentId: null,
    psci: null,
    hibernation: null,
    kvm: null,
    reason: null,
    snapshot: null,
    pin: null,
    migration: null,
    observedAt: '2026-01-01T00:00:00Z',
    recordedAt: '2026-01-01T00:00:00Z',
    ...fields,
  };
}

describe('cursors', () => {
  it('are ordered as numbers, by transaction first', () => {
    expect(compareCursors('9-1', '10-1')).toBeLessThan(0);
    expect(compareCursors('10-9', '10-10')).toBeLessThan(0);
    expect(compareCursors('11-1', '10-99')).toBeGreaterThan(0);
    expect(compareCursors('18446744073709551615-2', '18446744073709551615-2')).toBe(0);
  });
});

describe('merged lists', () => {
  it('are newest first and have each event once', () => {
    const merged = merge([event('10-3'), event('9-8')], [event('9-8'), event('11-1'), event('2-1')]);
    expect(merged.map(({ cursor }) => cursor)).toEqual(['11-1', '10-3', '9-8', '2-1']);
  });
});

describe('filters', () => {
  it('let through what matches all of them', () => {
    const one = event('1-1', { kind: 'poweroff', initiator: 'guest' });
    expect(passes(one, {})).toBe(true);
    expect(passes(one, { kind: 'poweroff', initiator: 'guest', vmId: 'vm', hostId: 'host' })).toBe(true);
    expect(passes(one, { since: '2026-01-01T00:00:00Z', until: '2026-01-01T00:00:01+00:00' })).toBe(true);
    expect(passes(one, { since: '2026-01-01T00:00:01Z' })).toBe(false);
    expect(passes(one, { until: '2026-01-01T01:00:00+01:00' })).toBe(false);
    expect(passes(one, { kind: 'poweroff', initiator: 'operator' })).toBe(false);
    expect(passes(one, { vmId: 'other' })).toBe(false);
  });
});
