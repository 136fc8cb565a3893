import { describe, expect, it } from 'vitest';
import {
  nextStep,
  type RolloutRules,
  type RolloutVmRow,
  type RolloutVmState,
  type VmFacts,
  waveSizes,
} from '../../../../src/control/rollouts/rollout-plan.ts';

const TARGET = { policy: 'pinned', version: '1.1', allowInsecure: false } as const;
const FORMER = { policy: 'pinned', version: '1.0', allowInsecure: false } as const;
const HEALTH = { bootTimeoutSeconds: 60, upSeconds: 30, probe: null };
const rules = (fields: Partial<RolloutRules> = {}): RolloutRules => ({
  ...{ target: TARGET, restart: true, health: HEALTH },
  ...fields,
});
const row = (state: RolloutVmState, fields: Partial<RolloutVmRow> = {}): RolloutVmRow => ({
  ...{ state, failure: null, former: null, wasRunning: true, operationId: null, runId: 'run', seconds: 0 },
  ...fields,
});
const vm = (fields: Partial<VmFacts> = {}): VmFacts => ({
  ...{
    phase: 'running',
    runId: 'run',
    hibernation: null,
    restoring: false,
    deleting: false,
    request: FORMER,
  },
  ...{ open: false, operation: null, last: null, interrupted: null },
  ...fields,
});
const off = (fields: Partial<VmFacts> = {}) =>
  vm({ phase: 'stopped', runId: null, hibernation: 'no', ...fields });
const step = (one: RolloutVmRow, facts: VmFacts | null, given = rules(), probe: boolean | null = null) =>
  nextStep(given, one, facts, probe).do;

describe('the sizes of waves', () => {
  it('are what each asks for of what is left, and the last takes the rest', () => {
    const soakSeconds = 0;
    expect(
      waveSizes(
        [
          { count: 1, soakSeconds },
          { percent: 100, soakSeconds },
        ],
        10,
      ),
    ).toEqual([1, 9]);
    expect(
      waveSizes(
        [
          { percent: 10, soakSeconds },
          { percent: 50, soakSeconds },
          { count: 1, soakSeconds },
        ],
        20,
      ),
    ).toEqual([...[2, 10, 8]]);
    expect(
      waveSizes(
        [
          { percent: 1, soakSeconds },
          { count: 50, soakSeconds },
          { count: 9, soakSeconds },
        ],
        3,
      ),
    ).toEqual([1, 2, 0]);
    expect(waveSizes([{ count: 5, soakSeconds }], 0)).toEqual([0]);
  });
});

describe('the next step of a VM', () => {
  it('in its turn', () => {
    expect(step(row('waiting'), vm())).toBe('stop');
    expect(step(row('waiting'), vm(), rules({ restart: false }))).toBe('arm');
    expect(step(row('waiting'), off())).toBe('set');
    expect(step(row('waiting'), off({ phase: 'pending', open: true }))).toBe('arm');
    expect(step(row('waiting'), vm({ request: TARGET }))).toBe('skip');
    expect(step(row('waiting'), null)).toBe('skip');
    expect(step(row('waiting'), vm({ deleting: true }))).toBe('skip');
    for (const phase of ['paused', 'starting', 'unknown', 'stopping'] as const) {
      expect(step(row('waiting'), vm({ phase }))).toBe('wait');
    }
    expect(step(row('waiting'), vm({ open: true }))).toBe('wait');
  });

  it('is never taken with a guest that resumes', () => {
    const asleep = [off({ hibernation: 'yes' }), off({ hibernation: 'unknown' }), off({ restoring: true })];
    for (const facts of asleep) {
      expect(step(row('waiting'), facts)).toBe('skip');
      expect(step(row('armed'), facts)).toBe('skip');
      expect(step(row('reverting', { former: FORMER }), { ...facts, request: TARGET })).toBe('skip');
    }
    // Asked to power off it may have hibernated: it goes on as it was.
    expect(nextStep(rules(), row('stopping'), off({ hibernation: 'unknown' }), null)).toMatchObject({
      ...{ do: 'start', skip: expect.stringContaining('not known') },
    });
  });

  it('after it was asked to power off', () => {
    const stopped = { status: 'succeeded', detail: null } as const;
    expect(step(row('stopping'), vm({ open: true }))).toBe('wait');
    expect(step(row('stopping'), off({ operation: stopped }))).toBe('start');
    expect(step(row('stopping'), vm({ operation: { status: 'failed', detail: 'no answer' } }))).toBe('skip');
    expect(step(row('stopping'), off({ operation: { status: 'cancelled', detail: null } }))).toBe('skip');
  });

  it('while its boot is judged', () => {
    const booted = { former: FORMER };
    expect(step(row('booting', booted), vm({ phase: 'starting' }))).toBe('wait');
    expect(step(row('booting', { ...booted, seconds: 61 }), vm({ phase: 'starting' }))).toBe('fail');
    expect(step(row('booting', { ...booted, seconds: 61 }), vm({ phase: 'unknown' }))).toBe('wait');
    expect(step(row('booting', booted), vm())).toBe('watch');
    expect(step(row('watching', booted), vm())).toBe('wait');
    expect(step(row('watching', { ...booted, seconds: 31 }), vm())).toBe('healthy');
    expect(step(row('watching', booted), vm({ interrupted: 'reset' }))).toBe('fail');
    expect(step(row('healthy', booted), vm({ interrupted: 'crash' }))).toBe('fail');
    expect(step(row('healthy', booted), vm())).toBe('wait');
  });

  it('follows the probe where there is one', () => {
    const probed = rules({ health: { ...HEALTH, probe: { tcp: { host: '{address}', port: 22 } } } });
    expect(step(row('booting'), vm(), probed, false)).toBe('wait');
    expect(step(row('booting', { seconds: 61 }), vm(), probed, false)).toBe('fail');
    expect(step(row('booting'), vm(), probed, true)).toBe('watch');
    expect(step(row('watching', { seconds: 31 }), vm(), probed, false)).toBe('fail');
    expect(step(row('watching', { seconds: 31 }), vm(), probed, true)).toBe('healthy');
  });

  it('when the run that was to prove the pin is over', () => {
    const last = (
      kind: 'poweroff' | 'crash' | 'killed' | 'lost' | 'hibernate',
      initiator: 'guest' | 'host' | 'operator',
    ) => off({ last: { kind, initiator } });
    expect(step(row('watching'), last('poweroff', 'guest'))).toBe('fail');
    expect(step(row('watching'), last('killed', 'host'))).toBe('fail');
    expect(step(row('watching'), last('killed', 'operator'))).toBe('unproven');
    expect(step(row('watching'), last('hibernate', 'guest'))).toBe('unproven');
    expect(step(row('healthy'), last('poweroff', 'guest'))).toBe('wait');
    expect(step(row('healthy'), last('crash', 'guest'))).toBe('fail');
    expect(step(row('booting'), off({ operation: { status: 'failed', detail: 'x' } }))).toBe('fail');
    expect(step(row('booting'), off({ operation: { status: 'cancelled', detail: 'x' } }))).toBe('unproven');
    const anew = { ...last('lost', 'host'), phase: 'starting', runId: 'next' } as const;
    expect(nextStep(rules(), row('watching'), anew, null)).toEqual({ do: 'follow', runId: 'next' });
  });

  it('back: those that failed at once, the others as the rollout restarts', () => {
    const changed = { former: FORMER };
    const failed = { ...changed, failure: 'it crashed' };
    const now = { request: TARGET };
    expect(nextStep(rules(), row('reverting', changed), vm(now), null)).toEqual({ do: 'stop', force: false });
    expect(nextStep(rules(), row('reverting', failed), vm(now), null)).toEqual({ do: 'stop', force: true });
    expect(step(row('reverting', failed), vm({ ...now, phase: 'starting', open: true }))).toBe('kill');
    expect(step(row('reverting', failed), vm({ ...now, phase: 'paused' }))).toBe('kill');
    expect(step(row('reverting', changed), vm(now), rules({ restart: false }))).toBe('revertAtBoot');
    expect(step(row('reverting', { ...changed, operationId: 'stop' }), vm(now))).toBe('revertAtBoot');
    expect(step(row('reverting', { ...changed, operationId: 'stop' }), off(now))).toBe('start');
    expect(step(row('reverting', failed), off(now))).toBe('start');
    expect(step(row('reverting', changed), off(now))).toBe('restore');
    // An operator has given it another version since.
    expect(step(row('reverting', changed), off({ request: { ...TARGET, version: '1.3' } }))).toBe('reverted');
    // It was asked to power off, and the rollback came before its start.
    expect(step(row('reverting'), off())).toBe('start');
    expect(step(row('reverting'), vm())).toBe('skip');
  });

  it('ends where nothing more is to come', () => {
    for (const state of ['set', 'unproven', 'skipped', 'reverted', 'revertAtBoot'] as const) {
      expect(step(row(state), vm())).toBe('wait');
    }
    expect(step(row('returning'), vm({ phase: 'starting' }))).toBe('wait');
    expect(step(row('returning'), vm())).toBe('reverted');
  });
});
