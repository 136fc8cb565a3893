import { describe, expect, it } from 'vitest';
import { Farewell } from '../../../src/agent/farewell.ts';
import type { Assignment } from '../../../src/wire/agent.ts';
import { runSpec } from '../../peer/runs.ts';

const run = runSpec();
const wanted: Assignment = { vmId: run.vmId, generation: 1, run, requests: [], deleteOperationId: null };

describe('a VM that is not wanted here', () => {
  it('may be forgotten after two answers without it that came when all was told', () => {
    const farewell = new Farewell();
    for (let answer = 0; answer < 5; answer += 1) {
      farewell.heard(null);
      expect(farewell.isDue(null, false)).toBe(false);
    }
    expect(farewell.isDue(null, true)).toBe(false);
    farewell.heard(null);
    expect(farewell.isDue(null, true)).toBe(false);
    farewell.heard(null);
    expect(farewell.isDue(null, true)).toBe(true);
  });

  it('is not, as long as the API has not been heard', () => {
    const farewell = new Farewell();
    for (let look = 0; look < 5; look += 1) expect(farewell.isDue('unknown', true)).toBe(false);
  });

  it('begins again when it is wanted meanwhile, or when there is more to tell', () => {
    const farewell = new Farewell();
    const hear = (times: number) => {
      for (let answer = 0; answer < times; answer += 1) farewell.heard(null);
    };
    farewell.isDue(null, true);
    hear(1);
    farewell.heard(wanted);
    hear(1);
    expect(farewell.isDue(null, true)).toBe(false);
    hear(1);
    expect(farewell.isDue(null, true)).toBe(false);
    hear(1);
    expect(farewell.isDue(null, false)).toBe(false);
    expect(farewell.isDue(null, true)).toBe(false);
    hear(2);
    expect(farewell.isDue(null, true)).toBe(true);
  });
});
