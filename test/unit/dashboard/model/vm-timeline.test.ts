import { describe, expect, it } from 'vitest';
import type { FleetEvent, Operation } from '../../../../src/dashboard/data/types.ts';
import { placeOf, ticksOf, timelineOf, timelineWords } from '../../../../src/dashboard/model/vm-timeline.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const T0 = Date.parse('2026-01-01T00:00:00Z');

function event(kind: FleetEvent['kind'], at: number, fields: Partial<FleetEvent> = {}): FleetEvent {
  return {
    id: `${kind}-${at}`,
    cursor: `1-${at}`,
    vmId: 'vm',
    hostId: 'host-a',
    runId: 'run',
    bootId: 'boot-1',
    sequence: 1,
    kind,
    initiator: 'guest',
    intentId: null,
    psci: null,
    hibernation: null,
    kvm: null,
    reason: null,
    snapshot: null,
    pin: null,
    migration: null,
    observedAt: new Date(T0 + at).toISOString(),
    recordedAt: new Date(T0 + at).toISOString(),
    ...fields,
  };
}

function operation(kind: Operation['kind'], from: number, to: number | null): Operation {
  return {
    id: `${kind}-${from}`,
    kind,
    vmId: 'vm',
    hostId: null,
    status: to === null ? 'running' : 'succeeded',
    error: null,
    note: null,
    progress: null,
    snapshotId: null,
    createdAt: new Date(T0 + from).toISOString(),
    finishedAt: to === null ? null : new Date(T0 + to).toISOString(),
    requestedBy: 'admin',
  };
}

const pin = { version: '1.3', source: 'vm', policyRevision: null, why: 'its own pin' } as const;

describe('the picture of a life', () => {
  it('has a span for each state, from one event to the next', () => {
    const { life } = timelineOf(
      [
        event('hibernate', 40 * MINUTE),
        event('started', 0, { pin }),
        event('paused', 10 * MINUTE),
        event('resumed', 20 * MINUTE),
        event('saved', 25 * MINUTE),
      ],
      [],
      { from: null, now: T0 + 60 * MINUTE },
    );
    const spans = life.map(({ state, from, to, psci }) => [
      state,
      (from - T0) / MINUTE,
      (to - T0) / MINUTE,
      psci,
    ]);
    expect(spans).toEqual([
      ['running', 0, 10, '1.3'],
      ['paused', 10, 20, '1.3'],
      ['running', 20, 40, '1.3'],
      ['hibernated', 40, 60, '1.3'],
    ]);
  });

  it('tells on which host, and that nobody knows after a loss', () => {
    const { life } = timelineOf(
      [
        event('started', 0),
        event('restored', MINUTE, { hostId: 'host-b' }),
        event('migrated', MINUTE + 1, { hostId: 'host-b' }),
        event('lost', 2 * MINUTE),
      ],
      [],
      { from: null, now: T0 + 3 * MINUTE },
    );
    expect(life.map(({ state, hostId, bootId }) => [state, hostId, bootId])).toEqual([
      ['running', 'host-a', 'boot-1'],
      ['running', 'host-b', 'boot-1'],
      ['gone', 'host-a', null],
    ]);
  });

  it('is cut where it is asked to begin, with what reaches into it', () => {
    const now = T0 + 60 * MINUTE;
    const { life, marks, asked, from } = timelineOf(
      [event('started', 0), event('poweroff', 50 * MINUTE)],
      [
        operation('start', -MINUTE, 0),
        operation('stop', 20 * MINUTE, 50 * MINUTE),
        operation('start', 59 * MINUTE, null),
      ],
      { from: T0 + 30 * MINUTE, now },
    );
    expect(from).toBe(T0 + 30 * MINUTE);
    expect(life.map(({ state, from: begin }) => [state, begin - T0])).toEqual([
      ['running', 30 * MINUTE],
      ['off', 50 * MINUTE],
    ]);
    expect(marks.map(({ event: { kind } }) => kind)).toEqual(['poweroff']);
    expect(asked.map(({ operation: { kind }, from: begin, to }) => [kind, begin - T0, to - T0])).toEqual([
      ['stop', 30 * MINUTE, 50 * MINUTE],
      ['start', 59 * MINUTE, 60 * MINUTE],
    ]);
  });

  it('bears an event that is ahead of the clock here, and none at all', () => {
    const ahead = timelineOf([event('started', 5 * SECOND)], [], { from: null, now: T0 });
    expect(ahead.life).toEqual([]);
    expect(ahead.from).toBeLessThan(ahead.to);
    const empty = timelineOf([], [], { from: null, now: T0 });
    expect(empty.to - empty.from).toBe(10 * SECOND);
    expect(timelineWords(empty)).toBe('Nothing is known of it yet.');
  });

  it('is told in a sentence', () => {
    const picture = timelineOf(
      [event('started', 0), event('poweroff', MINUTE)],
      [operation('stop', 0, MINUTE)],
      {
        from: null,
        now: T0 + 2 * MINUTE,
      },
    );
    expect(timelineWords(picture)).toBe(
      '1 boot on 1 host, 2 events, 1 request; off now. The events are listed below.',
    );
  });
});

describe('its axis', () => {
  it('has few round moments in it', () => {
    for (const minutes of [1, 7, 60, 24 * 60, 30 * 24 * 60, 10 * 365 * 24 * 60]) {
      const span = { from: T0 + 1_234, to: T0 + 1_234 + minutes * MINUTE };
      const ticks = ticksOf(span, 6);
      expect(ticks.length).toBeGreaterThan(0);
      expect(ticks.length).toBeLessThanOrEqual(7);
      for (const at of ticks) {
        expect(at).toBeGreaterThanOrEqual(span.from);
        expect(at).toBeLessThanOrEqual(span.to);
      }
    }
    const hour = ticksOf({ from: T0, to: T0 + 60 * MINUTE }, 6);
    expect(hour.map((at) => (at - T0) / MINUTE)).toEqual([0, 10, 20, 30, 40, 50, 60]);
  });

  it('places moments within the picture', () => {
    const span = { from: 100, to: 200 };
    expect([50, 100, 125, 200, 300].map((at) => placeOf(at, span))).toEqual([0, 0, 25, 100, 100]);
  });
});
