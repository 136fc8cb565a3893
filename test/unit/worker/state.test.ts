import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firmwareFor } from '../../../src/psci/firmware.ts';
import type { OnGuest } from '../../../src/wire/agent.ts';
import type { SavedSnapshot } from '../../../src/wire/event.ts';
import { REQUEST_KINDS } from '../../../src/worker/records.ts';
import type { Input } from '../../../src/worker/state.ts';
import { REGISTERS } from '../../peer/facts.ts';
import { bootId, GUEST_KINDS, guest, intentId, Run, request, running, STOPS, short } from './state-run.ts';

describe('a start', () => {
  it('journals `started` before the guest runs', () => {
    const run = new Run();
    expect(short(run.feed({ type: 'begin' }))).toBe('make');
    expect(run.state.phase).toBe('starting');
    expect(short(run.feed({ type: 'made', bootId: bootId(1) }))).toBe('event:started run');
    expect(run.state.phase).toBe('running');
  });

  it('that fails is journalled as a failure, without any event', () => {
    const run = new Run();
    run.feed({ type: 'begin' });
    const failed = run.feed({ type: 'notMade', bootId: bootId(1), code: 'PSCI_MISMATCH', detail: 'no' });
    expect(short(failed)).toBe('journal:failure exit:1');
    expect(run.state.phase).toBe('failed');
  });

  it('that is killed while the machine is being made never runs', () => {
    const run = new Run();
    run.feed({ type: 'begin' });
    expect(short(run.feed(request('kill')))).toBe('journal:request answer stopAsking close event:killed!');
    expect(short(run.feed({ type: 'made', bootId: bootId(1) }, { type: 'closed' }))).toBe('exit:0');
  });
});

describe('a save', () => {
  const snapshot: SavedSnapshot = {
    digest: `sha256:${'5'.repeat(64)}`,
    sizeBytes: 12_345,
    pauseMilliseconds: 4.5,
    vcpus: 1,
    memoryMiB: 64,
    disks: [],
    firmware: firmwareFor({ psci: '1.1', systemSuspend: false, vcpus: 1 }, REGISTERS),
  };
  const saved: Input = { type: 'saved', bootId: bootId(1), intentId: intentId(1), snapshot };
  const notSaved: Input = { type: 'notSaved', intentId: intentId(1), code: 'DISK_FULL', detail: 'no room' };

  it('is taken from a guest that runs or is paused, and told when it is written', () => {
    const run = running();
    expect(short(run.feed(request('snapshot', 1)))).toBe('journal:request answer save');
    expect(run.state.phase).toBe('running');
    const [event] = run.feed(saved);
    expect(event).toMatchObject({
      event: { kind: 'saved', bootId: bootId(1), intentIds: [intentId(1)], snapshot, final: false },
    });
    run.feed(request('pause', 2));
    expect(short(run.feed(request('snapshot', 3)))).toBe('journal:request answer save');
    expect(run.state.phase).toBe('paused');
  });

  it('names its own request and the boot that was saved, whatever came meanwhile', () => {
    const run = running();
    run.feed(request('snapshot', 1), request('pause', 2), request('resume', 3), guest(1, 'reset'));
    const [event] = run.feed(saved);
    expect(event).toMatchObject({ event: { bootId: bootId(1), intentIds: [intentId(1)] } });
  });

  it('that fails is journalled, and the guest goes on', () => {
    const run = running();
    run.feed(request('snapshot', 1));
    const [effect] = run.feed(notSaved);
    expect(effect).toMatchObject({ entry: { type: 'unmet', intentId: intentId(1), code: 'DISK_FULL' } });
    expect(run.state.phase).toBe('running');
  });

  it('has nothing to add once the run has ended', () => {
    const run = running();
    run.feed(request('snapshot', 1), guest(1, 'poweroff'));
    expect(short(run.feed(saved, notSaved, { type: 'closed' }))).toBe('exit:0');
  });

  it('is refused before there is a guest', () => {
    const run = new Run();
    run.feed({ type: 'begin' });
    expect(short(run.feed(request('snapshot')))).toBe('answer:-NOT_RUNNING');
  });
});

describe('a restore', () => {
  it('is the first boot of its run and no other', () => {
    const run = new Run(STOPS, true);
    expect(run.feed({ type: 'begin' })).toEqual([{ do: 'make', bootId: bootId(1), restore: true }]);
    expect(short(run.feed({ type: 'made', bootId: bootId(1) }))).toBe('event:restored run');
    expect(run.feed(guest(1, 'reset')).at(-1)).toEqual({ do: 'make', bootId: bootId(2), restore: false });
    expect(short(run.feed({ type: 'made', bootId: bootId(2) }))).toBe('event:started run');
  });

  it('that fails runs nothing', () => {
    const run = new Run(STOPS, true);
    run.feed({ type: 'begin' });
    const failed = run.feed({ type: 'notMade', bootId: bootId(1), code: 'SNAPSHOT_DAMAGED', detail: 'no' });
    expect(short(failed)).toBe('journal:failure exit:1');
  });
});

describe('a guest', () => {
  it.each(['poweroff', 'hibernate', 'crash'] as const)('that says %s ends the run', (kind) => {
    const run = running();
    expect(short(run.feed(guest(1, kind)))).toBe(`event:${kind}! stopAsking close`);
    expect(short(run.feed({ type: 'closed' }))).toBe('exit:0');
    expect(run.state.phase).toBe('ended');
  });

  it('that suspends itself sleeps until an operator resumes, resets or kills it', () => {
    const asleep = () => {
      const run = running();
      expect(short(run.feed(guest(1, 'suspend')))).toBe('event:suspend');
      expect(run.state.phase).toBe('paused');
      return run;
    };
    const run = asleep();
    expect(short(run.feed(request('pause', 2)))).toBe('answer:-ALREADY_PAUSED');
    expect(short(run.feed(request('stop', 3)))).toBe('answer:-PAUSED');
    expect(short(run.feed(request('hibernate', 4)))).toBe('answer:-PAUSED');
    expect(short(run.feed(request('resume')))).toBe('journal:request answer event:resumed resume');
    expect(run.state.phase).toBe('running');
    expect(short(asleep().feed(request('reset')))).toBe('journal:request answer close event:reset make');
    expect(short(asleep().feed(request('kill')))).toBe(
      'journal:request answer stopAsking close event:killed!',
    );
  });

  it('may suspend itself in the moment of an operator’s pause', () => {
    const run = running();
    run.feed(request('pause'));
    expect(short(run.feed(guest(1, 'suspend')))).toBe('event:suspend');
    expect(run.state.phase).toBe('paused');
    expect(short(run.feed(request('resume', 2)))).toBe('journal:request answer event:resumed resume');
  });

  it('that resets gets a new boot in the same run', () => {
    const run = running();
    expect(short(run.feed(guest(1, 'reset')))).toBe('event:reset close make');
    expect(run.state).toMatchObject({ phase: 'resetting', bootId: bootId(2) });
    expect(short(run.feed({ type: 'closed' }, { type: 'made', bootId: bootId(2) }))).toBe(
      'event:started run',
    );
    expect(run.state.phase).toBe('running');
  });

  it('is answered as onGuest says', () => {
    const always: OnGuest = { poweroff: 'restart', reset: 'stop', crash: 'restart' };
    expect(short(running(always).feed(guest(1, 'poweroff')))).toBe('event:poweroff close make');
    expect(short(running(always).feed(guest(1, 'crash')))).toBe('event:crash close make');
    expect(short(running(always).feed(guest(1, 'reset')))).toBe('event:reset! stopAsking close');
    expect(short(running(always).feed(guest(1, 'hibernate')))).toBe('event:hibernate! stopAsking close');
  });

  it('is not restarted when an operator asked for its end', () => {
    const run = running({ ...STOPS, poweroff: 'restart' });
    run.feed(request('stop'));
    expect(short(run.feed(guest(1, 'poweroff')))).toBe('event:poweroff! stopAsking close');
  });

  it('of an earlier boot is not heard', () => {
    const run = running();
    run.feed(guest(1, 'reset'), { type: 'made', bootId: bootId(2) });
    expect(run.feed(guest(1, 'poweroff'))).toEqual([]);
    expect(run.state.phase).toBe('running');
  });

  it('whose machine cannot be made again is killed by the host', () => {
    const run = running();
    run.feed(guest(1, 'reset'));
    const effects = run.feed({
      type: 'notMade',
      bootId: bootId(2),
      code: 'OUT_OF_MEMORY',
      detail: 'no room',
    });
    expect(short(effects)).toBe('event:killed! stopAsking close');
    expect(effects[0]).toMatchObject({ event: { reason: expect.stringContaining('OUT_OF_MEMORY') } });
  });

  it('with a fault of its machine has crashed', () => {
    const fault: Input = { type: 'fault', bootId: bootId(1), detail: 'KVM_EXIT_INTERNAL_ERROR' };
    expect(short(running().feed(fault))).toBe('event:crash! stopAsking close');
    expect(short(running({ ...STOPS, crash: 'restart' }).feed(fault))).toBe('event:crash close make');
  });
});

describe('a request', () => {
  it('is journalled, then answered, then acted on', () => {
    const run = running();
    expect(short(run.feed(request('stop', 1)))).toBe('journal:request answer ask');
    expect(short(run.feed(request('pause', 2)))).toBe('journal:request answer pause event:paused');
    expect(short(run.feed(request('resume', 3)))).toBe('journal:request answer event:resumed resume');
    expect(short(run.feed(request('reset', 4)))).toBe('journal:request answer close event:reset make');
  });

  it('that comes again is answered and not acted on', () => {
    const run = running();
    run.feed(request('pause', 1), request('resume', 2));
    expect(short(run.feed(request('pause', 1)))).toBe('answer');
    expect(run.state.phase).toBe('running');
  });

  it('to kill may carry the intent of the stop it forces', () => {
    const run = running();
    run.feed(request('stop', 1));
    const effects = run.feed(request('kill', 1));
    expect(short(effects)).toBe('journal:request answer stopAsking close event:killed!');
    expect(effects.at(-1)).toMatchObject({ event: { intentIds: [intentId(1)] } });
  });

  it('is named in the events of its boot, newest first', () => {
    const run = running();
    run.feed(request('pause', 1), request('resume', 2), request('stop', 3));
    expect(run.feed(guest(1, 'poweroff'))[0]).toMatchObject({
      event: { intentIds: [intentId(3), intentId(2), intentId(1)] },
    });
  });

  it('to stop outlives a reboot of the guest, others do not', () => {
    const run = running();
    run.feed(request('pause', 1), request('resume', 2), request('stop', 3), guest(1, 'reset'));
    run.feed({ type: 'made', bootId: bootId(2) });
    expect(run.feed(guest(2, 'poweroff'))[0]).toMatchObject({
      event: { intentIds: [intentId(3)], final: true },
    });
  });

  it('to reset is named in the new boot, whose cause it is', () => {
    const run = running();
    run.feed(request('pause', 1), request('resume', 2), request('reset', 3));
    expect(run.feed({ type: 'made', bootId: bootId(2) })[0]).toMatchObject({
      event: { kind: 'started', intentIds: [intentId(3)] },
    });
    run.feed(guest(2, 'reset'));
    expect(run.feed({ type: 'made', bootId: bootId(3) })[0]).toMatchObject({
      event: { kind: 'started', intentIds: [] },
    });
  });

  it('to hibernate is over when the guest reboots: the reboot may be the answer', () => {
    const run = running();
    run.feed(request('hibernate', 1));
    expect(short(run.feed(guest(1, 'reset')))).toBe('event:reset close stopAsking make');
  });

  it.each([
    ['RUN_ENDED', [guest(1, 'poweroff')], 'stop'],
    ['PAUSED', [request('pause', 8)], 'stop'],
    ['PAUSED', [request('pause', 8)], 'hibernate'],
    ['ALREADY_PAUSED', [request('pause', 8)], 'pause'],
    ['NOT_PAUSED', [], 'resume'],
    ['NOT_RUNNING', [guest(1, 'reset')], 'pause'],
    ['NOT_RUNNING', [guest(1, 'reset')], 'reset'],
    ['NOT_RUNNING', [guest(1, 'reset')], 'resume'],
  ] as const)('is refused with %s and changes nothing', (code, before, kind) => {
    const run = running();
    run.feed(...before);
    const state = run.state;
    expect(short(run.feed(request(kind, 9)))).toBe(`answer:-${code}`);
    expect(run.state).toEqual(state);
  });
});

describe('whatever comes, in whatever order', () => {
  const boots = fc.integer({ min: 1, max: 6 });
  const anyInput: fc.Arbitrary<Input> = fc.oneof(
    boots.map((boot): Input => ({ type: 'made', bootId: bootId(boot) })),
    boots.map((boot): Input => ({ type: 'due', bootId: bootId(boot) })),
    boots.map((boot): Input => ({ type: 'notMade', bootId: bootId(boot), code: 'START_FAILED', detail: '' })),
    fc.tuple(boots, fc.constantFrom(...GUEST_KINDS)).map(([boot, kind]) => guest(boot, kind)),
    boots.map((boot): Input => ({ type: 'fault', bootId: bootId(boot), detail: '' })),
    fc
      .tuple(fc.constantFrom(...REQUEST_KINDS), fc.option(fc.integer({ min: 1, max: 6 })))
      .map(([kind, intent]) => request(kind, intent)),
    fc.constant<Input>({ type: 'closed' }),
  );
  const anyPolicy: fc.Arbitrary<OnGuest> = fc.record({
    poweroff: fc.constantFrom('stop', 'restart'),
    reset: fc.constantFrom('restart', 'stop'),
    crash: fc.constantFrom('stop', 'restart'),
  });

  function runOf(policy: OnGuest, inputs: readonly Input[]): Run {
    const run = new Run(policy);
    run.feed({ type: 'begin' }, ...inputs);
    return run;
  }

  it('a guest runs only after its `started`, once per boot, and never after a final record', () => {
    fc.assert(
      fc.property(anyPolicy, fc.array(anyInput, { maxLength: 40 }), (policy, inputs) => {
        let final = false;
        let started: string | null = null;
        const seen = new Set<string>();
        for (const effect of runOf(policy, inputs).effects) {
          if (effect.do === 'event') {
            expect(final).toBe(false);
            final = effect.event.final;
            if (effect.event.kind === 'started') {
              expect(seen.has(effect.event.bootId)).toBe(false);
              seen.add(effect.event.bootId);
              started = effect.event.bootId;
            }
          } else if (effect.do === 'run') {
            expect(started).not.toBeNull();
            expect(final).toBe(false);
            started = null;
          } else if (['make', 'resume', 'ask'].includes(effect.do)) {
            expect(final).toBe(false);
          }
        }
      }),
    );
  });

  it('every request is answered exactly once, and acted on only when journalled before', () => {
    fc.assert(
      fc.property(anyPolicy, fc.array(anyInput, { maxLength: 40 }), (policy, inputs) => {
        const run = new Run(policy);
        run.feed({ type: 'begin' });
        const journalled = new Set<string>();
        for (const input of inputs) {
          const effects = run.feed(input);
          const answers = effects.filter((effect) => effect.do === 'answer');
          expect(answers).toHaveLength(input.type === 'request' ? 1 : 0);
          if (input.type !== 'request') continue;
          const entry = effects.findIndex((effect) => effect.do === 'journal');
          const acted = effects.findIndex((effect) => !['journal', 'answer'].includes(effect.do));
          if (acted === -1) continue;
          expect(entry).toBe(0);
          const name = `${input.request.kind} ${input.request.intentId}`;
          expect(journalled.has(name)).toBe(false);
          journalled.add(name);
        }
      }),
    );
  });

  it('the process ends once, after the machine is closed, and only with a last record', () => {
    fc.assert(
      fc.property(anyPolicy, fc.array(anyInput, { maxLength: 40 }), (policy, inputs) => {
        const run = runOf(policy, [...inputs, request('kill', 99), { type: 'closed' }]);
        const words = short(run.effects).split(' ');
        expect(words.filter((word) => word.startsWith('exit:'))).toHaveLength(1);
        const last = words.findIndex((word) => word.endsWith('!') || word === 'journal:failure');
        expect(last).toBeGreaterThanOrEqual(0);
        expect(words.findIndex((word) => word.startsWith('exit:'))).toBeGreaterThan(last);
        expect(['ended', 'failed']).toContain(run.state.phase);
      }),
    );
  });

  it('killed is journalled when the guest is gone, and what a guest asked for before anything is done about it', () => {
    fc.assert(
      fc.property(anyPolicy, fc.array(anyInput, { maxLength: 40 }), (policy, inputs) => {
        const run = new Run(policy);
        run.feed({ type: 'begin' });
        for (const input of inputs) {
          const words = short(run.feed(input)).split(' ');
          if (input.type === 'guest' && words[0] !== '') expect(words[0]).toMatch(/^event:/);
          const killed = words.indexOf('event:killed!');
          if (killed >= 0 && input.type === 'request') expect(words[killed - 1]).toBe('close');
        }
      }),
    );
  });

  it('paused is journalled after the vCPUs stopped, resumed before they go on', () => {
    fc.assert(
      fc.property(fc.array(anyInput, { maxLength: 40 }), (inputs) => {
        const words = short(runOf(STOPS, inputs).effects).split(' ');
        words.forEach((word, index) => {
          if (word === 'event:paused') expect(words[index - 1]).toBe('pause');
          if (word === 'resume') expect(words[index - 1]).toBe('event:resumed');
        });
      }),
    );
  });
});
