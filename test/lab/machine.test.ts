/** Machines on real KVM: Linux and guests of a few instructions, made, run, paused, ended and closed. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { LabHost } from '../../src/lab/host.ts';
import { demoHost } from '../support/demo-host.ts';
import { insideCommand, runInside } from '../support/inside.ts';

interface Times {
  /** Milliseconds from before the machine was made. */
  readonly made: number;
  readonly firstByte: number;
  readonly ready: number;
}

interface Saved {
  readonly saved: number;
  readonly later: number;
  readonly still: number;
  readonly before: object;
  readonly after: object;
  readonly codes: object;
  readonly times: object;
}

const POWEROFF = { type: 1, data: ['0x0'] };
const RESET = { type: 2, data: ['0x0'] };
const WARM_RESET = { type: 2, data: ['0x1'] };
const HIBERNATE = { type: 1, data: ['0x1'] };

const kernels = [
  { kernel: '5.10', newest: '1.0', warmReset: RESET, refusesNewest: true },
  { kernel: '6.1', newest: '1.1', warmReset: WARM_RESET, refusesNewest: true },
  { kernel: '7.3', newest: '1.3', warmReset: WARM_RESET, refusesNewest: false },
] as const;

/** Where that is tested for which a machine, and not its kernel, must answer. */
const NEWEST = '7.3';
/** What KVM has a part in that changes slowly is tested at both ends. */
const ENDS: readonly string[] = ['5.10', NEWEST];

describe.each(kernels)('on Linux $kernel', ({ kernel, newest, warmReset, refusesNewest }) => {
  let host: LabHost;

  beforeAll(async () => {
    host = await demoHost(kernel);
  });

  const scenario = <T>(...argv: string[]): Promise<T> => runInside<T>(host, 'machine', ...argv);

  it('Linux starts four CPUs under its pin, loses nothing in 500 pauses, and its clock stands still in one', async () => {
    const found = await scenario<{
      clock: { pausedSeconds: number; runSeconds: number; advanced: number };
      times: Times;
    }>('linux', newest, '500');
    console.log(`${kernel}, 4 vCPUs:`, found.times, found.clock);
    expect(found).toMatchObject({
      ...{ detected: newest, psci: newest, cpus: '4', cycles: 500, alive: true },
      ...{ ticks: Array.from({ length: 100 }, (_, n) => n + 1), copies: [1, 2, 3, 4] },
      event: { ...warmReset, x1: '0x0', x2: '0x0' },
    });
    // Had it gone on, it would have advanced by the pause as well.
    expect(found.clock.advanced).toBeGreaterThan(0);
    expect(found.clock.advanced).toBeLessThan(found.clock.runSeconds);
  });

  it.runIf(ENDS.includes(kernel))(
    'Linux boots again in the same process after a reset, and answers the power key',
    async () => {
      const found = await scenario<{ seen: { times: Times }[]; before: object; after: object }>(
        'reset',
        '1.0',
      );
      console.log(`${kernel}, 1 vCPU:`, ...found.seen.map(({ times }) => times));
      const boot = { detected: '1.0', earlyInput: false, inputReady: true };
      expect(found.seen).toMatchObject([
        { ...boot, answered: false, event: RESET },
        { ...boot, answered: true, event: POWEROFF },
      ]);
      expect(found.after).toEqual(found.before);
    },
  );

  it('a guest that never exits is paused and resumed 3000 times', async () => {
    expect(await scenario('cycles', '3000')).toMatchObject({ count: 3000 });
  });

  it.runIf(ENDS.includes(kernel))('refuses what cannot be started and leaves nothing behind', async () => {
    const found = await scenario<{ codes: object; before: object; after: object }>('refusals');
    expect(found.codes).toEqual({
      'PSCI 0.1': 'none',
      'PSCI 1.3': refusesNewest ? 'PSCI_VERSION_NOT_SUPPORTED' : 'none',
      'no vCPU': 'MACHINE_NOT_SUPPORTED',
      'nine vCPUs': 'MACHINE_NOT_SUPPORTED',
      'no memory': 'GUEST_MEMORY_TOO_SMALL',
      'too much memory': 'GUEST_MEMORY_TOO_LARGE',
      'too little for the kernel': 'GUEST_MEMORY_TOO_SMALL',
      'a text as kernel': 'KERNEL_NOT_ARM64_IMAGE',
      'no kernel': 'KERNEL_NOT_READABLE',
      'no initramfs': 'INITRAMFS_NOT_READABLE',
      'an odd disk': 'DISK_NOT_USABLE',
      'no disk': 'DISK_NOT_USABLE',
    });
    expect(found.after).toEqual(found.before);
  });

  it('is saved while it runs and goes on from there, but not from a damaged file', async () => {
    const found = await runInside<Saved>(host, 'snapshot');
    console.log(`${kernel}, a guest of 8 MiB, milliseconds:`, found.times);
    expect(found.saved).toBeGreaterThan(0);
    expect(found.later).toBeGreaterThan(found.saved);
    expect(found.still).toBe(found.later);
    expect(found.after).toEqual(found.before);
    const damaged = 'SNAPSHOT_DAMAGED';
    expect(found.codes).toEqual({
      ...{ flipped: [damaged, damaged, damaged, damaged], cut: damaged },
      newer: 'SNAPSHOT_FORMAT_NOT_SUPPORTED',
    });
  });

  it.runIf(ENDS.includes(kernel))(
    'reports a guest that KVM gives up on, with the reason and the place',
    async () => {
      expect(await scenario('failure')).toEqual({
        reason: expect.stringMatching(/^vCPU 0 at 0x400000[0-9a-f]{2} stopped: .* cannot take apart/),
        again: 'none',
      });
    },
  );

  if (kernel === NEWEST) {
    it('a payload reads its pin through the serial port', async () => {
      expect(await scenario('version', '0.2')).toBe(2);
    });

    it('Linux hibernates on its key and resumes in a new machine', async () => {
      const found = await scenario<{ first: { marker: string } }>('hibernate', newest);
      expect(found).toMatchObject({
        first: {
          event: HIBERNATE,
          marker: expect.stringMatching(/^[0-9a-f]{16}$/),
        },
        resumed: found.first.marker,
        cpus: '2',
        event: POWEROFF,
      });
    });

    it('every way to close leaves no thread and no descriptor', async () => {
      const found = await scenario<{ before: object; after: Record<string, object>; closed: unknown[] }>(
        'closing',
      );
      expect(Object.keys(found.after)).toHaveLength(5);
      for (const after of Object.values(found.after)) expect(after).toEqual(found.before);
      const refused = 'The machine is closed.';
      expect(found.closed).toEqual([refused, refused, refused, refused, refused, false]);
    });

    it('the process ends at once while guests run', async () => {
      const end = async (how: string) =>
        await host.exec(await insideCommand(host, 'machine', how), { timeoutMs: 240_000 });
      expect(await end('exit')).toMatchObject({ code: 3, signal: null });
      expect(await end('throw')).toMatchObject({
        code: 1,
        signal: null,
        stderr: expect.stringContaining('thrown on purpose'),
      });
    });
  }
});
