/**
 * Whatever is asked of a fleet and whatever dies in it: no VM runs where its pin is not accepted, none runs on two hosts,
 * no host runs or reserves more than it has, and a pin changes at no boot but a cold one.
 *
 * The same sequences each time, though not the same moments. `HOLDFAST_SEED=random HOLDFAST_RUNS=100` looks for more; a
 * seed that failed is printed, and repeats its sequences.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Fleet } from './fleet.ts';
import { type Step, step } from './steps.ts';

const { HOLDFAST_SEED: given = '20261122' } = process.env;
const SEED = given === 'random' ? Math.floor(Math.random() * 2 ** 31) : Number(given);
const RUNS = Number(process.env.HOLDFAST_RUNS ?? 3);

describe('over random sequences of operations, host deaths and restarts', () => {
  let fleet: Fleet;
  beforeAll(async () => {
    fleet = await Fleet.start();
  }, 120_000);
  afterAll(async () => {
    await fleet[Symbol.asyncDispose]();
  }, 120_000);

  async function broken(steps: readonly Step[]): Promise<string[]> {
    const found: string[] = [];
    for (const one of steps) {
      await fleet.take(one);
      found.push(...(await fleet.reservations()));
    }
    await fleet.settle();
    return [...found, ...(await fleet.verdict())];
  }

  it('pins hold, runs are single, and nothing is over-committed', async () => {
    process.stderr.write(`  properties: HOLDFAST_SEED=${SEED} HOLDFAST_RUNS=${RUNS}\n`);
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 25, maxLength: 50 }), async (steps) => {
        expect(await broken(steps)).toEqual([]);
      }),
      // A failure is not made smaller: it may hang on the moment, and each attempt takes seconds.
      { seed: SEED, numRuns: RUNS, endOnFailure: true },
    );
    expect(fleet.seen.size).toBeGreaterThan(0);
  }, 600_000);
});
