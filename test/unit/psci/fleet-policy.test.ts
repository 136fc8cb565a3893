import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  byPrecedence,
  canSelectTogether,
  type FleetPolicy,
  selects,
  tieOf,
} from '../../../src/psci/fleet-policy.ts';

const policy = (id: string, more: Partial<FleetPolicy> = {}): FleetPolicy => ({
  id,
  revision: 1,
  name: id,
  selector: {},
  version: '1.0',
  priority: 10,
  enforcement: 'enforce',
  ...more,
});

describe('a selector', () => {
  it('asks for all of its labels', () => {
    expect(selects({}, {})).toBe(true);
    expect(selects({ team: 'a' }, { team: 'a', zone: 'b' })).toBe(true);
    expect(selects({ team: 'a', zone: 'c' }, { team: 'a', zone: 'b' })).toBe(false);
    expect(selects({ team: 'a' }, {})).toBe(false);
    expect(selects({ toString: 'a' }, {})).toBe(false);
  });

  const labels = fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.constantFrom('1', '2'));

  it('can select a VM together with another exactly when some labels fit both', () => {
    fc.assert(
      fc.property(labels, labels, labels, (one, other, vm) => {
        const together = canSelectTogether(one, other);
        expect(canSelectTogether(other, one)).toBe(together);
        const both = { ...one, ...other };
        expect(selects(one, both) && selects(other, both)).toBe(together);
        if (selects(one, vm) && selects(other, vm)) expect(together).toBe(true);
      }),
    );
  });

  it('leaves one policy to decide for every VM when none of them tie', () => {
    const policies = fc.uniqueArray(
      fc.record({
        id: fc.constantFrom('a', 'b', 'c', 'd'),
        selector: labels,
        priority: fc.nat(2),
        enforcement: fc.constantFrom('enforce' as const, 'audit' as const),
      }),
      { selector: ({ id }) => id },
    );
    fc.assert(
      fc.property(policies, labels, (given, vm) => {
        const all = given.map(({ id, ...more }) => policy(id, more));
        fc.pre(all.every((one) => tieOf(one, all) === null));
        const asked = all
          .filter(({ enforcement, selector }) => enforcement === 'enforce' && selects(selector, vm))
          .sort(byPrecedence);
        expect(new Set(asked.map(({ priority }) => priority)).size).toBe(asked.length);
      }),
    );
  });
});

describe('a tie', () => {
  const others = [policy('web', { selector: { team: 'a' } }), policy('db', { selector: { team: 'b' } })];

  it('is another policy of the same priority that could select the same VM', () => {
    expect(tieOf(policy('new', { selector: { zone: 'x' } }), others)?.id).toBe('web');
    expect(tieOf(policy('new', { selector: { team: 'b', zone: 'x' } }), others)?.id).toBe('db');
    expect(tieOf(policy('new', { selector: { team: 'c' } }), others)).toBeNull();
    expect(tieOf(policy('new', { priority: 11 }), others)).toBeNull();
  });

  it('is none with itself, nor where one is only audited', () => {
    expect(tieOf(policy('web', { selector: { team: 'a' } }), others)).toBeNull();
    expect(tieOf(policy('new', { enforcement: 'audit' }), others)).toBeNull();
    expect(tieOf(policy('new'), [policy('web', { enforcement: 'audit' })])).toBeNull();
  });
});
