import { describe, expect, it } from 'vitest';
import { Gate, GateClosed } from '../../../../src/control/database/gate.ts';

const LONG_MS = 60_000;

describe('a gate', () => {
  it('lets so many in at a time, and the others in the order in which they came', async () => {
    const gate = new Gate(2);
    const order: number[] = [];
    let [inside, most] = [0, 0];
    const work = (n: number) => async () => {
      inside += 1;
      most = Math.max(most, inside);
      await new Promise((resolve) => setImmediate(resolve));
      order.push(n);
      inside -= 1;
      return n;
    };
    const numbers = Array.from({ length: 20 }, (_, n) => n);
    expect(await Promise.all(numbers.map((n) => gate.pass(work(n), LONG_MS)))).toEqual(numbers);
    expect(order).toEqual(numbers);
    expect(most).toBe(2);
    expect(gate.waiting).toBe(0);
  });

  it('gives the place of one that failed to the next', async () => {
    const gate = new Gate(1);
    const failing = gate.pass(() => Promise.reject(new Error('it failed')), LONG_MS);
    const next = gate.pass(() => Promise.resolve('next'), LONG_MS);
    await expect(failing).rejects.toThrow('it failed');
    expect(await next).toBe('next');
  });

  it('sends away one whose turn does not come, and forgets it', async () => {
    const gate = new Gate(1);
    const held = Promise.withResolvers<void>();
    const holder = gate.pass(() => held.promise, LONG_MS);
    let ran = false;
    const late = gate.pass(async () => {
      ran = true;
    }, 1);
    await expect(late).rejects.toThrow(GateClosed);
    expect(gate.waiting).toBe(0);
    held.resolve();
    await holder;
    expect(await gate.pass(() => Promise.resolve('later'), LONG_MS)).toBe('later');
    expect(ran).toBe(false);
  });
});
