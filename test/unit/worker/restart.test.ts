import { describe, expect, it } from 'vitest';
import type { DecodedSystemEvent } from '../../../src/psci/system-event.ts';
import type { OnGuest } from '../../../src/wire/agent.ts';
import type { Effect, Input } from '../../../src/worker/state.ts';
import { bootId, type Run, request, running, short } from './state-run.ts';

describe('a guest whose boots keep ending', () => {
  const CRASHES: OnGuest = { poweroff: 'restart', reset: 'restart', crash: 'restart' };
  const MINUTE = 60_000;

  /** Boots it if it waits or is being made, lets it run so long, and has it end. */
  function boot(run: Run, ms: number, kind: DecodedSystemEvent['kind'] = 'crash'): Effect[] {
    const { bootId: id, waits, phase } = run.state;
    if (waits) run.feed({ type: 'due', bootId: id });
    if (phase !== 'running') run.feed({ type: 'made', bootId: id });
    run.now += ms;
    const event: DecodedSystemEvent = { kind, psci: null, kvm: { type: 1, data: [] } };
    return run.feed({ type: 'guest', bootId: id, event });
  }

  /** One that waits for its fifth boot. */
  function waiting(): Run {
    const run = running(CRASHES);
    for (let times = 0; times < 4; times += 1) boot(run, 1_000);
    expect(run.state).toMatchObject({ phase: 'resetting', waits: true, bootId: bootId(5) });
    return run;
  }

  it('boots at once three times, and then waits ever longer, up to five minutes', () => {
    const run = running(CRASHES);
    const kinds = ['crash', 'reset', 'poweroff'] as const;
    const waits = Array.from({ length: 11 }, (_, index) =>
      short(boot(run, 1_000, kinds[index % 3]))
        .split(' ')
        .at(-1),
    );
    const seconds = [10, 20, 40, 80, 160, 300, 300, 300].map((wait) => `wait:${wait}`);
    expect(waits).toEqual(['make', 'make', 'make', ...seconds]);
  });

  it('says so in the record of its end', () => {
    const run = running(CRASHES);
    for (let times = 0; times < 3; times += 1) {
      expect(boot(run, 1_000)[0]).toMatchObject({ event: { reason: 'the guest said that it crashed' } });
    }
    const [first] = boot(run, 1_000);
    expect(first).toMatchObject({
      event: {
        final: false,
        reason:
          'the guest said that it crashed; the last 4 boots each ended within 5 min, so the next one begins in 10 s; ' +
          'reset the VM to boot it at once',
      },
    });
  });

  it('begins anew after a boot that lasted', () => {
    const run = waiting();
    expect(short(boot(run, 5 * MINUTE))).toBe('event:crash close make');
    expect(short(boot(run, 5 * MINUTE - 1))).toBe('event:crash close make');
    expect(run.state.boots.short).toBe(1);
  });

  it('boots when it is due, and only then', () => {
    const run = waiting();
    expect(run.feed({ type: 'made', bootId: bootId(5) }, { type: 'due', bootId: bootId(4) })).toEqual([]);
    expect(short(run.feed({ type: 'due', bootId: bootId(5) }))).toBe('make');
    expect(run.feed({ type: 'due', bootId: bootId(5) })).toEqual([]);
    expect(short(run.feed({ type: 'made', bootId: bootId(5) }))).toBe('event:started run');
  });

  it('boots at once when an operator resets it, and has its tries again', () => {
    const run = waiting();
    expect(short(run.feed(request('reset')))).toBe('journal:request answer event:reset make');
    expect(run.feed({ type: 'due', bootId: bootId(5) })).toEqual([]);
    expect(short(boot(run, 1_000))).toBe('event:crash close make');
  });

  it('is ended by a stop, a kill and its host, and asked for nothing', () => {
    expect(short(waiting().feed(request('stop')))).toBe('journal:request answer close event:killed!');
    expect(short(waiting().feed(request('kill')))).toBe(
      'journal:request answer stopAsking close event:killed!',
    );
    const terminated: Input = { type: 'terminated', reason: 'the host goes down' };
    expect(short(waiting().feed(terminated))).toBe('stopAsking close event:lost!');
    for (const kind of ['hibernate', 'pause', 'resume', 'snapshot'] as const) {
      expect(short(waiting().feed(request(kind)))).toBe('answer:-NOT_RUNNING');
    }
    const stopped = waiting();
    stopped.feed(request('stop'));
    expect(short(stopped.feed({ type: 'due', bootId: bootId(5) }, { type: 'closed' }))).toBe('exit:0');
  });

  it('does not wait while it is asked to stop, so that it can be asked again', () => {
    const run = waiting();
    run.feed({ type: 'due', bootId: bootId(5) }, { type: 'made', bootId: bootId(5) }, request('stop'));
    expect(short(boot(run, 1_000, 'reset'))).toBe('event:reset close make');
  });
});
