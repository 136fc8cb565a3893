import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Asking, decideKey } from '../../../src/worker/keys.ts';

/** Presses at which milliseconds, when the driver is ready at `readyAt` and time goes by in steps of 100 ms. */
function presses(
  kind: 'stop' | 'hibernate',
  readyAt: number | null,
  askedAt: number,
  timeoutMs: number,
): number[] {
  const pressed: number[] = [];
  let asking: Asking = {
    ask: { kind, timeoutSeconds: timeoutMs / 1000 },
    until: askedAt + timeoutMs,
    readySince: null,
    lastPress: null,
  };
  for (let now = askedAt; ; now += 100) {
    if (readyAt !== null && now >= readyAt) asking = { ...asking, readySince: readyAt };
    const decision = decideKey(asking, now);
    if (decision === 'give up') return pressed;
    if (decision === 'press') {
      pressed.push(now);
      asking = { ...asking, lastPress: now };
    }
  }
}

describe('a question to the guest', () => {
  it('waits for the driver and for what listens behind it', () => {
    expect(presses('hibernate', 4_000, 1_000, 60_000)).toEqual([7_000]);
  });

  it('is pressed at once when the driver has long been ready', () => {
    expect(presses('hibernate', 1_000, 20_000, 60_000)).toEqual([20_000]);
  });

  it('to stop is pressed again every ten seconds', () => {
    expect(presses('stop', 0, 5_000, 30_000)).toEqual([5_000, 15_000, 25_000]);
  });

  it('is given up in time when the guest never listens', () => {
    expect(presses('stop', null, 0, 5_000)).toEqual([]);
  });

  it('is never pressed before the settling time, nor twice within ten seconds, nor after its time', () => {
    const ms = fc.integer({ min: 0, max: 600 }).map((tenths) => tenths * 100);
    fc.assert(
      fc.property(fc.constantFrom('stop', 'hibernate'), ms, ms, ms, (kind, readyAt, askedAt, timeout) => {
        const times = presses(kind, readyAt, askedAt, timeout);
        if (kind === 'hibernate') expect(times.length).toBeLessThanOrEqual(1);
        times.forEach((time, index) => {
          expect(time).toBeGreaterThanOrEqual(readyAt + 3_000);
          expect(time).toBeLessThan(askedAt + timeout);
          expect(time - (times[index - 1] ?? Number.NEGATIVE_INFINITY)).toBeGreaterThanOrEqual(10_000);
        });
      }),
    );
  });
});
