/** The devices of a machine on real KVM, by Linux's own drivers. */
import { describe, expect, it } from 'vitest';
import { demoHost } from '../support/demo-host.ts';
import { runInside } from '../support/inside.ts';

const KERNEL = '7.3';
const digest = expect.stringMatching(/^[0-9a-f]{64}$/);

describe('the devices, to Linux', () => {
  it('sixteen disks are read, written, discarded, refused and kept over a restart', async () => {
    const found = await runInside<{
      discard: { full: number; freed: number };
      milliseconds: number;
    }>(await demoHost(KERNEL), 'devices', 'disks', '100');
    console.log('600 requests by two vCPUs:', found.milliseconds, 'ms');
    expect(found).toMatchObject({
      names: [
        'root',
        'scratch',
        'fixed',
        'cramped',
        ...Array.from({ length: 12 }, (_, i) => `more-${i + 4}`),
      ],
      fixed: { flag: '1', refused: true, read: digest },
      kept: true,
      discard: { code: 0, blank: true },
      // A full file system is an error of that disk, and the guest goes on.
      cramped: { refused: true, goesOn: 0 },
      ...{ many: 0, written: 0, survived: true },
    });
    expect(found.discard.full).toBeGreaterThanOrEqual(4);
    expect(found.discard.freed).toBeLessThan(1);
  });

  it('the clock is right and has an alarm, random numbers differ, and a pin tells of a key', async () => {
    const found = await runInside<{
      time: { guest: number; before: number; after: number };
      random: string[];
    }>(await demoHost(KERNEL), 'devices', 'others');
    expect(found).toMatchObject({ clockSet: '1', source: 'virtio_rng.0', alarms: 1, withKeyboard: true });
    // Pressed and released, once.
    expect(found).toMatchObject({ edges: 2 });
    // A second more on either side: the guest read whole seconds when it booted.
    expect(found.time.guest).toBeGreaterThanOrEqual(found.time.before - 2);
    expect(found.time.guest).toBeLessThanOrEqual(found.time.after + 1);
    const [one, other] = found.random;
    expect(one).toMatch(/^[0-9a-f]{32}$/);
    expect(other).toMatch(/^[0-9a-f]{32}$/);
    expect(one).not.toBe(other);
  });
});
