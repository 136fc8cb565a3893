import { describe, expect, it } from 'vitest';
import { judge, type OpenVmOperation, type VmState } from '../../../../src/control/events/event-effects.ts';
import type { Intent, IntentKind } from '../../../../src/control/operations/intents.ts';
import type { OperationKind } from '../../../../src/control/vms/vm-phase.ts';
import type { EventRecord } from '../../../../src/wire/event.ts';

const running: VmState = {
  phase: 'running',
  reason: null,
  powerState: 'running',
  hibernation: null,
  restoring: false,
  runId: 'run',
  bootId: 'boot',
  observedSequence: 1,
  firmware: null,
  firmwareRun: null,
  hostBootId: null,
};

function record(kind: EventRecord['kind'], fields: Partial<EventRecord> = {}): EventRecord {
  return {
    vmId: 'vm',
    runId: 'run',
    bootId: 'boot',
    sequence: 2,
    kind,
    intentIds: [],
    psci: null,
    kvm: null,
    reason: null,
    observedAt: '2026-01-01T00:00:00.000Z',
    final: false,
    ...fields,
  };
}

function intent(id: string, kind: IntentKind, fields: Partial<Intent> = {}): Intent {
  return {
    id,
    vmId: 'vm',
    runId: 'run',
    operationId: `op ${id}`,
    kind,
    withdrawn: false,
    byPolicy: false,
    consumed: false,
    ...fields,
  };
}

function effects(
  records: EventRecord[],
  options: {
    vm?: VmState | null;
    open?: OpenVmOperation[];
    intents?: Intent[];
    classify?: 'yes' | 'no' | 'unknown';
  } = {},
) {
  const { vm = running, open = [], intents = [], classify = 'no' } = options;
  const context = { vm, open, writableDisk: true, psciEffective: '1.1' as const };
  return judge(records, context, new Map(intents.map((one) => [one.id, one])), () => classify);
}

const open = (kind: OperationKind, id: string = kind, runId = 'run'): OpenVmOperation => ({
  id,
  kind,
  runId,
  requestedBy: 'somebody',
  saved: false,
});
const statuses = (result: ReturnType<typeof effects>) =>
  Object.fromEntries(
    result.endings.map(({ operationId, ending }) => [
      operationId,
      ending.status === 'succeeded' ? 'succeeded' : ending.error.code,
    ]),
  );

describe('what events do', () => {
  it.each([
    ['stop', 'succeeded'],
    ['kill', 'succeeded'],
    ['pause', 'RUN_ENDED'],
    ['resume', 'RUN_ENDED'],
    ['reset', 'RUN_ENDED'],
  ] as const)('the end of a run ends an open %s: %s', (kind, status) => {
    expect(statuses(effects([record('poweroff', { final: true })], { open: [open(kind)] }))).toEqual({
      [kind]: status,
    });
  });

  it('an operation that the end of a run ends says why the run ended', () => {
    const killed = record('killed', { reason: 'the worker was ended by SIGSEGV', final: true });
    const [ended] = effects([killed], { open: [open('snapshot')] }).endings;
    expect(ended?.ending).toMatchObject({
      error: { detail: expect.stringMatching(/^The run ended by killed before .* by SIGSEGV$/) },
    });
  });

  it.each([
    ['hibernate', 'yes', 'succeeded'],
    ['poweroff', 'unknown', 'succeeded'],
    ['poweroff', 'no', 'GUEST_POWERED_OFF'],
    ['crash', 'no', 'RUN_ENDED'],
  ] as const)('a %s (hibernation %s) ends a hibernate: %s', (kind, classify, status) => {
    const result = effects([record(kind, { final: true })], { open: [open('hibernate')], classify });
    expect(statuses(result)).toEqual({ hibernate: status });
  });

  it('a start succeeds by its first record, or by any later one', () => {
    const vm = { ...running, observedSequence: 0, phase: 'starting' as const };
    expect(statuses(effects([record('started', { sequence: 1 })], { vm, open: [open('start')] }))).toEqual({
      start: 'succeeded',
    });
    expect(statuses(effects([record('paused', { sequence: 3 })], { vm, open: [open('start')] }))).toEqual({
      start: 'succeeded',
    });
    const stillborn = record('killed', { sequence: 1, final: true });
    expect(statuses(effects([stillborn], { vm, open: [open('start')] }))).toEqual({ start: 'RUN_ENDED' });
  });

  it('the loss of a host starts again what was to run, and nothing else', () => {
    const lost = record('lost', { reason: 'the host rebooted', final: true });
    const back = effects([lost]);
    expect(back).toMatchObject({
      restart: true,
      vm: { phase: 'pending', powerState: 'running', runId: null },
    });
    expect(effects([lost], { vm: { ...running, powerState: 'stopped' } })).toMatchObject({
      restart: false,
      vm: { phase: 'failed', reason: 'the host rebooted' },
    });
    expect(effects([record('killed', { final: true })]).restart).toBe(false);
  });

  it('a guest that moves and is whole in the store outlives the loss of its host, and not a kill', () => {
    const moving: VmState = { ...running, phase: 'migrating', powerState: 'running' };
    const lost = record('lost', { final: true });
    const saved = { vm: moving, open: [{ ...open('migrate'), saved: true }] };
    const survived = effects([lost], saved);
    expect(survived.vm).toMatchObject({ phase: 'migrating', runId: null, hibernation: null, reason: null });
    expect({ restart: survived.restart, ended: survived.endings }).toEqual({ restart: false, ended: [] });

    const unsaved = effects([lost], { vm: moving, open: [open('migrate')] });
    expect(unsaved.vm).toMatchObject({ phase: 'pending', runId: null });
    expect(unsaved.restart).toBe(true);

    const killed = record('killed', { final: true, intentIds: ['kill'] });
    expect(effects([killed], { ...saved, intents: [intent('kill', 'kill')] }).vm?.phase).toBe('stopped');
    // Whatever its run says meanwhile.
    expect(effects([record('paused')], saved).vm?.phase).toBe('migrating');
  });

  it('why a guest has ended shows until it has booted again', () => {
    const reason = 'the last 4 boots each ended within 5 min, so the next one begins in 10 s';
    for (const kind of ['crash', 'poweroff', 'reset'] as const) {
      const ended = effects([record(kind, { reason })]).vm;
      expect(ended).toMatchObject({ phase: 'running', runId: 'run', reason });
      const booted = effects([record('started', { sequence: 3 })], { vm: ended });
      expect(booted.vm).toMatchObject({ phase: 'running', reason: null });
    }
    expect(effects([record('reset')]).vm).toMatchObject({ reason: null });
  });

  it('a guest’s own reset does not end an operator’s, whose turn may still come', () => {
    const asked = [open('reset', 'op r')];
    expect(statuses(effects([record('reset')], { open: asked, intents: [intent('r', 'reset')] }))).toEqual(
      {},
    );
    const answered = record('reset', { intentIds: ['r'] });
    expect(statuses(effects([answered], { open: asked, intents: [intent('r', 'reset')] }))).toEqual({
      'op r': 'succeeded',
    });
  });

  it('events of another run end nothing of this one and move nothing', () => {
    const result = effects([record('poweroff', { runId: 'before', final: true })], { open: [open('stop')] });
    expect(result.endings).toEqual([]);
    expect(result.vm).toEqual(running);
    expect(result.events).toHaveLength(1);
  });

  it('a deleted VM’s events are judged all the same', () => {
    const result = effects([record('killed', { final: true })], { vm: null });
    expect(result).toMatchObject({ vm: null, events: [{ attribution: { initiator: 'host' } }] });
  });

  describe('initiators', () => {
    const initiator = (kind: EventRecord['kind'], ids: string[], intents: Intent[]) => {
      const [event] = effects([record(kind, { intentIds: ids, final: kind !== 'reset' })], {
        intents,
      }).events;
      return [event?.attribution.initiator, event?.attribution.intentId];
    };

    it('an intent that fits makes it the operator’s, the one that asks for exactly that first', () => {
      expect(initiator('poweroff', ['p'], [intent('p', 'poweroff')])).toEqual(['operator', 'p']);
      expect(initiator('poweroff', ['h'], [intent('h', 'hibernate')])).toEqual(['operator', 'h']);
      expect(initiator('hibernate', ['p', 'h'], [intent('p', 'poweroff'), intent('h', 'hibernate')])).toEqual(
        ['operator', 'h'],
      );
      expect(initiator('killed', ['k', 'p'], [intent('k', 'kill'), intent('p', 'poweroff')])).toEqual([
        'operator',
        'k',
      ]);
      expect(initiator('killed', ['p'], [intent('p', 'poweroff')])).toEqual(['operator', 'p']);
    });

    it('a withdrawn one makes it nobody’s, unless another stands', () => {
      const withdrawn = intent('p', 'poweroff', { withdrawn: true });
      expect(initiator('poweroff', ['p'], [withdrawn])).toEqual(['unknown', null]);
      expect(initiator('poweroff', ['k', 'p'], [withdrawn, intent('k', 'kill')])).toEqual(['operator', 'k']);
      expect(initiator('reset', ['p'], [withdrawn])).toEqual(['guest', null]);
    });

    it('one that is used up, of another VM or run, or of another kind, counts for nothing', () => {
      for (const fields of [{ consumed: true }, { vmId: 'other' }, { runId: 'other' }]) {
        expect(initiator('poweroff', ['p'], [intent('p', 'poweroff', fields)])).toEqual(['guest', null]);
      }
      expect(initiator('poweroff', ['r'], [intent('r', 'reset')])).toEqual(['guest', null]);
      expect(initiator('poweroff', ['nobody'], [])).toEqual(['guest', null]);
    });

    it('without one: the host ends workers, the guest does the rest', () => {
      expect(initiator('killed', [], [])).toEqual(['host', null]);
      expect(initiator('lost', ['p'], [intent('p', 'poweroff')])).toEqual(['host', null]);
      expect(initiator('crash', ['p'], [intent('p', 'poweroff')])).toEqual(['guest', null]);
    });

    it('the first of two events takes the intent', () => {
      const result = effects(
        [
          record('poweroff', { sequence: 3, intentIds: ['p'], final: true }),
          record('poweroff', { intentIds: ['p'] }),
        ],
        { intents: [intent('p', 'poweroff')] },
      );
      expect(
        result.events.map(({ record: { sequence }, attribution }) => [sequence, attribution.initiator]),
      ).toEqual([
        [2, 'operator'],
        [3, 'guest'],
      ]);
    });
  });

  it('whoever was asked to hibernate and ended otherwise may have done it', () => {
    const asked = { open: [open('kill', 'op k')], intents: [intent('h', 'hibernate'), intent('k', 'kill')] };
    const killed = effects([record('killed', { intentIds: ['k', 'h'], final: true })], asked);
    expect(killed.vm).toMatchObject({ phase: 'stopped', hibernation: 'unknown' });
    const unasked = effects([record('killed', { intentIds: ['k'], final: true })], asked);
    expect(unasked.vm).toMatchObject({ phase: 'stopped', hibernation: 'no' });
  });
});
