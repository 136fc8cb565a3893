/** The API keeps to its OpenAPI document, whatever it is asked (fuzz.ts). */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestApi } from '../support/api.ts';
import { describeFault, fuzz } from './fuzz.ts';
import { startFuzzedApi } from './service.ts';

/** Of a seed of its own, so that a run of the suite says the same as the last; HOLDFAST_SEED asks other questions. */
const SEED = Number(process.env.HOLDFAST_SEED ?? 1);

describe('the API', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startFuzzedApi();
  });
  afterAll(async () => {
    await api[Symbol.asyncDispose]();
  });

  it('keeps to its document on every route as every caller', { timeout: 900_000 }, async () => {
    const { faults, operations } = await fuzz(api, { seed: SEED, requests: 2_000 });
    expect(faults.map(describeFault)).toEqual([]);
    expect(operations.size).toBeGreaterThan(70);
    for (const [name, { callers }] of operations) expect.soft(callers.size, name).toBeGreaterThan(3);
    const silent = [...operations].filter(([, { succeeded }]) => succeeded === 0);
    expect(silent.length).toBeLessThan(operations.size / 2);
  });
});
