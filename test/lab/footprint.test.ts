import { describe, expect, it } from 'vitest';
import { Cycles } from '../support/cycles.ts';
import { fleet } from '../support/fleet.ts';

/** What an agent's heap may grow by; one guest's memory that stays would show, eight of them much more. */
const TOLERATED_MIB = 48;

describe('guests that have gone', () => {
  it('leave no process, descriptor, interface, file or memory on their host', async () => {
    const cycles = await Cycles.on(await fleet(), '7.3');
    // What is made once, as images and compiled code, is made by the first.
    await cycles.startAndStop(1);
    const before = await cycles.still();
    console.log('before:', JSON.stringify(before));
    await cycles.goElsewhere('6.1');
    await cycles.startAndStop(4, 2);
    await cycles.atOnce(8);
    expect(await cycles.leftSince(before, TOLERATED_MIB)).toEqual([]);
  });
});
