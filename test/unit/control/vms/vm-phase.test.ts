import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judge, type VmState } from '../../../../src/control/events/event-effects.ts';
import {
  observedFrom,
  outcomeOf,
  phaseBeforeStart,
  phaseOfRun,
} from '../../../../src/control/vms/vm-phase.ts';
import { EVENT_KINDS, type EventRecord } from '../../../../src/wire/event.ts';

const RUN = '01900000-0000-7000-8000-000000000001';
const VM = '01900000-0000-7000-8000-000000000002';

const starting: VmState = {
  phase: 'starting',
  reason: null,
  powerState: 'running',
  hibernation: null,
  restoring: false,
  runId: RUN,
  bootId: null,
  observedSequence: 0,
  firmware: null,
  firmwareRun: null,
  hostBootId: null,
};

function record(sequence: number, kind: EventRecord['kind'], final: boolean): EventRecord {
  return {
    vmId: VM,
    runId: RUN,
    bootId: `01900000-0000-7000-8000-0000000001${String(sequence).padStart(2, '0')}`,
    sequence,
    kind,
    intentIds: [],
    psci: null,
    kvm: null,
    reason: null,
    observedAt: '2026-01-01T00:00:00.000Z',
    final,
  };
}

/** What a worker can write: `started` first, then anything, and at most one last record. */
const histories = fc
  .record({
    middle: fc.array(fc.constantFrom(...EVENT_KINDS), { maxLength: 12 }),
    last: fc.option(fc.constantFrom('poweroff', 'hibernate', 'crash', 'killed', 'lost', 'reset'), {
      nil: null,
    }),
  })
  .map(({ middle, last }) => {
    const records = ['started' as const, ...middle].map((kind, index) => record(index + 1, kind, false));
    return last === null ? records : [...records, record(records.length + 1, last, true)];
  });

function fold(vm: VmState, batches: readonly (readonly EventRecord[])[]): VmState {
  const known = new Set<number>();
  return batches.reduce((state, batch) => {
    const fresh = batch.filter(({ sequence }) => !known.has(sequence));
    for (const { sequence } of fresh) known.add(sequence);
    const context = { vm: state, open: [], writableDisk: false, psciEffective: '1.1' as const };
    return judge(fresh, context, new Map(), () => 'no').vm ?? state;
  }, vm);
}

describe('the phase of a VM', () => {
  it('follows from the newest record, in whatever order and pieces the records come', () => {
    fc.assert(
      fc.property(
        histories.chain((history) =>
          fc.record({
            history: fc.constant(history),
            delivered: fc.shuffledSubarray([...history, ...history], { minLength: history.length }),
            size: fc.integer({ min: 1, max: 5 }),
          }),
        ),
        ({ history, delivered, size }) => {
          const missing = history.filter((one) => !delivered.includes(one));
          const order = [...delivered, ...missing];
          const batches = Array.from({ length: Math.ceil(order.length / size) }, (_, n) =>
            order.slice(n * size, (n + 1) * size),
          );
          expect(fold(starting, batches)).toEqual(fold(starting, [history]));
        },
      ),
    );
  });

  it('has a run while the run lasts, and ends stopped, hibernated or failed, or waits to be started again', () => {
    fc.assert(
      fc.property(histories, (history) => {
        const after = fold(starting, [history]);
        const ended = history.at(-1)?.final === true;
        expect(after.runId).toBe(ended ? null : RUN);
        const back = history.at(-1)?.kind === 'lost' && ended;
        expect(after.powerState).toBe(ended && !back ? 'stopped' : 'running');
        expect(['stopped', 'hibernated', 'failed'].includes(after.phase)).toBe(ended && !back);
        expect(after.phase === 'pending').toBe(back);
        expect(after.hibernation === null).toBe(!ended);
        if (after.phase === 'failed') expect(after.reason).not.toBeNull();
      }),
    );
  });

  it('ends as its last record says', () => {
    const end = (kind: EventRecord['kind'], initiator: 'guest' | 'operator' | 'host' | 'unknown') => {
      const outcome = outcomeOf({ kind, final: true, initiator });
      return outcome.ended ? outcome.phase : null;
    };
    expect(end('poweroff', 'guest')).toBe('stopped');
    expect(end('reset', 'guest')).toBe('stopped');
    expect(end('hibernate', 'operator')).toBe('hibernated');
    expect(end('killed', 'operator')).toBe('stopped');
    expect(end('killed', 'unknown')).toBe('stopped');
    expect(end('killed', 'host')).toBe('failed');
    expect(end('crash', 'guest')).toBe('failed');
    expect(end('lost', 'host')).toBe('failed');
  });

  it('shows an open stop, kill or hibernate over what the run does', () => {
    for (const observed of ['starting', 'running', 'paused'] as const) {
      expect(phaseOfRun(observed, 'stop')).toBe('stopping');
      expect(phaseOfRun(observed, 'kill')).toBe('stopping');
      expect(phaseOfRun(observed, 'hibernate')).toBe('hibernating');
      for (const kind of ['start', 'pause', 'resume', 'reset', null] as const) {
        expect(phaseOfRun(observed, kind)).toBe(observed);
      }
    }
  });

  it('is found again from the newest events', () => {
    expect(observedFrom([])).toBe('starting');
    expect(observedFrom(['paused', 'started'])).toBe('paused');
    expect(observedFrom(['saved', 'resumed', 'paused', 'started'])).toBe('running');
    expect(observedFrom(['suspend', 'resumed', 'paused', 'started'])).toBe('paused');
    expect(phaseBeforeStart('yes')).toBe('hibernated');
    expect(phaseBeforeStart('unknown')).toBe('stopped');
    expect(phaseBeforeStart(null)).toBe('stopped');
  });
});
