import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FleetPolicy } from '../../../src/psci/fleet-policy.ts';
import { type PinQuestion, resolvePin } from '../../../src/psci/policy.ts';
import { FLEET_DEFAULT, isInsecure, PSCI_VERSIONS } from '../../../src/psci/versions.ts';

const question: PinQuestion = {
  policy: 'inherit',
  version: null,
  allowInsecure: false,
  recorded: null,
  hibernation: null,
  fleetPolicies: [],
  host: { accepted: ['0.2', '1.0', '1.1'], default: '1.1' },
};
const newer = { accepted: ['0.2', '1.0', '1.1', '1.2', '1.3'], default: '1.3' } as const;
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

const pin = (more: Partial<PinQuestion>) => resolvePin({ ...question, ...more }).pin;

describe('the pin', () => {
  it('is the fleet default for who asks for nothing, whatever the host', () => {
    expect(pin({})).toEqual({ version: '1.1', source: 'default', policyRevision: null });
    expect(pin({ host: newer })).toEqual({ version: '1.1', source: 'default', policyRevision: null });
    expect(pin({ host: null })).toEqual({ version: '1.1', source: 'default', policyRevision: null });
  });

  it('is the VM’s own version', () => {
    expect(pin({ policy: 'pinned', version: '1.3' })).toEqual({
      version: '1.3',
      source: 'vm',
      policyRevision: null,
    });
  });

  it('is the first host’s default for a sticky VM, on every later host', () => {
    const first = pin({ policy: 'sticky' });
    expect(first).toEqual({ version: '1.1', source: 'sticky', policyRevision: null });
    expect(pin({ policy: 'sticky', recorded: first, hibernation: 'no', host: newer })).toEqual(first);
    expect(
      pin({
        policy: 'sticky',
        recorded: { version: '1.0', source: 'vm', policyRevision: null },
        hibernation: 'no',
        host: newer,
      }),
    ).toEqual({
      version: '1.3',
      source: 'sticky',
      policyRevision: null,
    });
  });

  it('follows the host for a VM that wants the latest', () => {
    expect(pin({ policy: 'latest' })).toEqual({ version: '1.1', source: 'latest', policyRevision: null });
    const recorded = { version: '1.1', source: 'latest', policyRevision: null } as const;
    expect(pin({ policy: 'latest', recorded, hibernation: 'no', host: newer })).toEqual({
      version: '1.3',
      source: 'latest',
      policyRevision: null,
    });
  });

  it('waits for a host where the host decides', () => {
    for (const waiting of ['sticky', 'latest'] as const) {
      const answer = resolvePin({ ...question, policy: waiting, host: null });
      expect(answer).toMatchObject({ pin: null, refusal: 'HOST_UNKNOWN' });
      expect(answer.candidates.find(({ won }) => won)?.source).toBe(waiting);
    }
  });

  it('is that of the fleet policy of the highest priority', () => {
    const fleetPolicies = [
      policy('low', { priority: 1, version: '1.3' }),
      policy('high', { priority: 20, version: '1.0' }),
      policy('watched', { priority: 30, version: '1.2', enforcement: 'audit' }),
    ];
    expect(pin({ fleetPolicies })).toEqual({ version: '1.0', source: 'policy:high', policyRevision: 1 });
    expect(pin({ policy: 'pinned', version: '1.2', fleetPolicies })).toEqual({
      version: '1.2',
      source: 'vm',
      policyRevision: null,
    });
    expect(pin({ fleetPolicies: [policy('b'), policy('a')] })?.source).toBe('policy:a');
  });

  it('sticks under a fleet policy that says so', () => {
    const fleetPolicies = [policy('p', { version: 'sticky' })];
    const first = pin({ fleetPolicies });
    expect(first).toEqual({ version: '1.1', source: 'policy:p', policyRevision: 1 });
    expect(pin({ fleetPolicies, recorded: first, hibernation: 'no', host: newer })).toEqual(first);
    expect(pin({ fleetPolicies: [policy('q', { version: 'latest' })], host: newer })).toEqual({
      version: '1.3',
      source: 'policy:q',
      policyRevision: 1,
    });
  });

  it('stays where it is when a fleet policy becomes sticky, whatever it came from', () => {
    const fleetPolicies = [policy('p', { version: 'sticky', revision: 4 })];
    for (const source of ['default', 'latest', 'policy:other'] as const) {
      const recorded = { version: '1.0', source, policyRevision: null } as const;
      expect(pin({ fleetPolicies, recorded, hibernation: 'no', host: newer })).toEqual({
        version: '1.0',
        source: 'policy:p',
        policyRevision: 4,
      });
    }
  });

  it('says which revision gave it, and why', () => {
    const { pin: found, why } = resolvePin({
      ...question,
      fleetPolicies: [policy('p', { name: 'web', version: '1.0', priority: 7, revision: 3 })],
    });
    expect(found).toEqual({ version: '1.0', source: 'policy:p', policyRevision: 3 });
    expect(why).toBe('The policy "web" (priority 7, revision 3) gives 1.0.');
  });

  it.each(['yes', 'unknown', 'saved'] as const)('is kept when hibernation is %s', (hibernation) => {
    const recorded = { version: '1.0', source: 'default', policyRevision: null } as const;
    expect(pin({ policy: 'pinned', version: '1.3', recorded, hibernation, host: newer })).toEqual(recorded);
  });

  it.each(['0.1', '0.2'] as const)('is not %s unless the VM allows it', (version) => {
    expect(resolvePin({ ...question, policy: 'pinned', version })).toMatchObject({
      pin: null,
      refusal: 'INSECURE',
    });
    expect(pin({ policy: 'pinned', version, allowInsecure: true })).toEqual({
      version,
      source: 'vm',
      policyRevision: null,
    });
  });
});

const anyPin = fc.record({
  version: fc.constantFrom(...PSCI_VERSIONS),
  source: fc.constantFrom('vm', 'default', 'sticky', 'latest', 'policy:a'),
  policyRevision: fc.option(fc.integer({ min: 1, max: 3 }), { nil: null }),
});
const anyQuestion: fc.Arbitrary<PinQuestion> = fc.record({
  policy: fc.constantFrom('inherit', 'sticky', 'latest', 'pinned'),
  version: fc.option(fc.constantFrom(...PSCI_VERSIONS), { nil: null }),
  allowInsecure: fc.boolean(),
  recorded: fc.option(anyPin, { nil: null }),
  hibernation: fc.constantFrom('yes', 'no', 'unknown', 'saved', null),
  fleetPolicies: fc.uniqueArray(
    fc.record({
      id: fc.constantFrom('a', 'b', 'c'),
      revision: fc.integer({ min: 1, max: 3 }),
      name: fc.constant('p'),
      selector: fc.constant({}),
      version: fc.constantFrom(...PSCI_VERSIONS, 'sticky', 'latest'),
      priority: fc.nat(3),
      enforcement: fc.constantFrom('enforce', 'audit'),
    }),
    { selector: ({ id }) => id },
  ),
  host: fc.option(
    fc.record({
      accepted: fc.uniqueArray(fc.constantFrom(...PSCI_VERSIONS), { minLength: 1 }),
      default: fc.constantFrom(...PSCI_VERSIONS),
    }),
    { nil: null },
  ),
}) as fc.Arbitrary<PinQuestion>;

describe('whatever is asked', () => {
  it('one candidate at most has won, and it is the pin', () => {
    fc.assert(
      fc.property(anyQuestion, (asked) => {
        const { pin: found, refusal, candidates } = resolvePin(asked);
        const won = candidates.filter((candidate) => candidate.won);
        expect(won.length).toBeLessThanOrEqual(1);
        expect(found === null).toBe(refusal !== null);
        if (found !== null) {
          expect(won[0]?.version).toBe(found.version);
          expect(isInsecure(found.version) && !asked.allowInsecure).toBe(false);
        }
        for (const { why } of candidates) expect(why).toMatch(/\.$/);
      }),
    );
  });

  it('a guest that hibernated, or may have, gets its old pin or none', () => {
    fc.assert(
      fc.property(
        anyQuestion,
        anyPin,
        fc.constantFrom('yes', 'unknown', 'saved'),
        (asked, recorded, hibernation) => {
          const { pin: found } = resolvePin({ ...asked, recorded, hibernation } as PinQuestion);
          if (found !== null) expect(found).toEqual(recorded);
        },
      ),
    );
  });

  it('the host changes no pin but those of `sticky` and `latest`', () => {
    fc.assert(
      fc.property(anyQuestion, (asked) => {
        fc.pre(asked.policy === 'pinned' || asked.policy === 'inherit');
        fc.pre(asked.fleetPolicies.every(({ version }) => version !== 'sticky' && version !== 'latest'));
        expect(resolvePin({ ...asked, host: newer })).toEqual(resolvePin({ ...asked, host: null }));
      }),
    );
  });

  it('a VM with nothing special has the fleet default', () => {
    fc.assert(
      fc.property(fc.boolean(), (allowInsecure) => {
        expect(pin({ allowInsecure })?.version).toBe(FLEET_DEFAULT);
      }),
    );
  });
});
