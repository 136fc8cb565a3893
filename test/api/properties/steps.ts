/** What may happen to a fleet, as data that fast-check draws. Numbers choose among what there is at that moment. */
import fc from 'fast-check';
import type { SimKernel } from '../../../src/sim/kernels.ts';
import type { GuestDeed } from '../../../src/sim/script.ts';

export const ACTIONS = ['start', 'stop', 'kill', 'pause', 'resume', 'reset', 'hibernate'] as const;
export const TEAMS = ['a', 'b'] as const;

/** `psci` of a VM. */
export type Asked =
  | { readonly policy: 'inherit' | 'sticky' | 'latest' }
  | { readonly policy: 'pinned'; readonly version: '1.0' | '1.1' | '1.3' };

export type Step =
  | {
      readonly do: 'create';
      readonly psci: Asked;
      readonly team: 'a' | 'b';
      readonly disk: boolean;
      readonly size: number;
      readonly run: boolean;
    }
  | { readonly do: 'act'; readonly vm: number; readonly action: (typeof ACTIONS)[number] }
  | { readonly do: 'guest'; readonly vm: number; readonly deed: GuestDeed }
  | { readonly do: 'repin'; readonly vm: number; readonly psci: Asked }
  | { readonly do: 'delete'; readonly vm: number }
  /** Every VM at the same moment, through both replicas. */
  | { readonly do: 'startAll' }
  | { readonly do: 'cordon' | 'uncordon'; readonly host: number }
  /** Power is lost; nothing follows before `boot`. */
  | { readonly do: 'crash'; readonly host: number }
  /** A host that is off comes up, perhaps with another kernel. */
  | { readonly do: 'boot'; readonly host: number; readonly kernel: SimKernel }
  | {
      readonly do: 'policy';
      readonly team: 'a' | 'b';
      readonly version: '1.0' | '1.1' | '1.3' | 'latest' | 'sticky';
    }
  /** Started if need be, its guest hibernates, a policy would have it boot with another pin, and it is started. */
  | { readonly do: 'nap'; readonly vm: number; readonly version: '1.0' | '1.1' | '1.3' }
  | { readonly do: 'dropPolicy'; readonly policy: number }
  | { readonly do: 'restart'; readonly replica: 0 | 1 }
  | { readonly do: 'wait'; readonly milliseconds: number };

const chosen = fc.nat({ max: 99 });
const team = fc.constantFrom(...TEAMS);
const asked: fc.Arbitrary<Asked> = fc.oneof(
  fc.record({ policy: fc.constant('inherit') }),
  fc.record({ policy: fc.constantFrom('inherit', 'sticky', 'latest') }),
  fc.record({ policy: fc.constant('pinned'), version: fc.constantFrom('1.0', '1.1', '1.3') }),
);

export const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('create'),
      psci: asked,
      team,
      disk: fc.constantFrom(true, true, false),
      size: fc.integer({ min: 1, max: 3 }),
      run: fc.boolean(),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('act'),
      vm: chosen,
      action: fc.constantFrom(...ACTIONS, 'start'),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('guest'),
      vm: chosen,
      deed: fc.constantFrom('poweroff', 'hibernate', 'hibernate', 'reset', 'crash'),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('repin'), vm: chosen, psci: asked }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('delete'), vm: chosen }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('startAll') }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('cordon', 'uncordon'), host: chosen }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('crash'), host: chosen }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('boot'),
      host: chosen,
      kernel: fc.constantFrom('5.10', '6.1', '7.x'),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('policy'),
      team,
      version: fc.constantFrom('1.0', '1.1', '1.3', 'latest', 'sticky'),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('nap'),
      vm: chosen,
      version: fc.constantFrom('1.0', '1.1', '1.3'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('dropPolicy'), policy: chosen }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restart'), replica: fc.constantFrom(0, 1) }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('wait'), milliseconds: fc.integer({ min: 0, max: 150 }) }),
  },
) as fc.Arbitrary<Step>;
