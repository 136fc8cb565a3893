import { describe, expect, it } from 'vitest';
import { coalesced } from '../../../../src/control/events/coalesce.ts';

describe('coalesced', () => {
  /** Work that ends when it is told to, with the number of its run. */
  function counted() {
    const runs: PromiseWithResolvers<number>[] = [];
    const ask = coalesced(() => {
      const run = Promise.withResolvers<number>();
      runs.push(run);
      return run.promise;
    });
    return { ask, runs, end: (index: number) => runs[index]?.resolve(index) };
  }

  it('answers all that ask while a run is under way with the next one', async () => {
    const { ask, runs, end } = counted();
    const first = ask();
    const others = [ask(), ask(), ask()];
    expect(runs).toHaveLength(1);
    end(0);
    expect(await first).toBe(0);
    await Promise.resolve();
    expect(runs).toHaveLength(2);
    const late = ask();
    end(1);
    expect(await Promise.all(others)).toEqual([1, 1, 1]);
    end(2);
    expect(await late).toBe(2);
    expect(runs).toHaveLength(3);
  });

  it('goes on after a run that failed', async () => {
    const { ask, runs, end } = counted();
    const first = ask();
    const second = ask();
    runs[0]?.reject(new Error('away'));
    await expect(first).rejects.toThrow('away');
    end(1);
    expect(await second).toBe(1);
    const third = ask();
    end(2);
    expect(await third).toBe(2);
  });
});
