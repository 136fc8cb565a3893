/**
 * A guest saved on one kernel and gone on with on another, through the API. It sums for ever over its memory and its
 * disk (inside/checksum.ts), so that one wrong byte anywhere would make every later sum another.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Operator, Vm } from '../../src/standalone/operator.ts';
import type { Service } from '../../src/standalone/service.ts';
import { fleet, guestReady, story, testVm } from '../support/fleet.ts';
import { BEGIN, DISK_MIB, expectedSums, STEP } from './inside/checksum.ts';

const PIN = '1.1';
const DISKS = [{ name: 'sum', sizeMiB: DISK_MIB, readOnly: false }];

interface Step {
  readonly n: number;
  readonly sum: string;
}

describe('a snapshot', () => {
  let service: Service;
  let operator: Operator;
  beforeAll(async () => {
    service = await fleet();
    ({ operator } = service);
  });

  /** Every step on the console, once there are `count` behind `from`. */
  async function steps(vmId: string, count: number, from = 0): Promise<Step[]> {
    await operator.consoleShows(vmId, new RegExp(`(?:step \\d+ [0-9a-f]{64}[^]*?){${count}}`), { from });
    const shown = (await operator.console(vmId)).slice(from);
    return Array.from(shown.matchAll(STEP), ([, n, sum]) => ({ n: Number(n), sum: sum ?? '' }));
  }

  /** What the guest sees of its CPUs and its clock. */
  async function readings(vm: Vm): Promise<{ cpuinfo: string; uptime: number }> {
    const command = 'echo cpuinfo $(sha256sum < /proc/cpuinfo) $(cut -d" " -f1 /proc/uptime) end';
    const [, cpuinfo = '', uptime] = await operator.shell(
      vm.id,
      command,
      /cpuinfo ([0-9a-f]{64}) - ([\d.]+) end/,
    );
    return { cpuinfo, uptime: Number(uptime) };
  }

  it('goes on on a newer kernel without one wrong byte, and so does its original', async () => {
    const psci = { version: PIN } as const;
    await using original = await testVm(service, '6.1', { psci, vcpus: 2, disks: DISKS });
    await operator.act(original.id, 'start');
    await guestReady(operator, original.id);
    for (const command of BEGIN) await operator.shell(original.id, command, /(copied|defined) 42/);
    await operator.type(original.id, 'loop &\n');
    await steps(original.id, 2);
    const asked = performance.now();
    const before = await readings(original);
    const saving = await operator.ended(await operator.snapshot(original.id));
    expect(saving).toMatchObject({ status: 'succeeded', error: null });
    const saved = performance.now();
    const snapshotId = saving.snapshotId ?? '';

    // The only host of the fleet that has no PSCI 1.1.
    await using stray = await testVm(service, '5.10', { snapshotId });
    await expect(operator.act(stray.id, 'start')).rejects.toMatchObject({
      code: 'PSCI_VERSION_NOT_SUPPORTED',
    });

    await using clone = await testVm(service, '7.3', { snapshotId });
    await operator.act(clone.id, 'start');
    const restored = performance.now();
    expect(story(await operator.events(clone.id))).toEqual(['restored by operator']);
    const continued = await steps(clone.id, 3);
    const after = await readings(clone);
    const whole = await steps(original.id, 4);

    const [event] = (await operator.events(original.id)).filter(({ kind }) => kind === 'saved');
    const { pauseMilliseconds = Number.NaN, sizeBytes = 0 } = event?.snapshot ?? {};
    const seconds = (from: number, to: number): string => ((to - from) / 1000).toFixed(1);
    console.log(
      `paused ${pauseMilliseconds} ms; ${(sizeBytes / 2 ** 20).toFixed(1)} MiB saved and brought in ` +
        `${seconds(asked, saved)} s, fetched and restored in ${seconds(saved, restored)} s`,
    );

    const sums = expectedSums(Math.max(...whole.map(({ n }) => n), ...continued.map(({ n }) => n)));
    for (const list of [whole, continued]) {
      expect(list).toEqual(list.map(({ n }) => ({ n, sum: sums[n - 1] })));
    }
    expect(continued[0]?.n).toBeGreaterThan(2);
    expect(after.cpuinfo).toBe(before.cpuinfo);
    // It goes on from the saved instant: the time in between is none of the guest's.
    expect(after.uptime).toBeGreaterThan(before.uptime);
    const ran = (performance.now() - restored + (saved - asked)) / 1000;
    expect(after.uptime - before.uptime).toBeLessThan(ran);
    const [, version] = await operator.shell(clone.id, 'psci', /PSCIv(\S+) detected/);
    expect(version).toBe(PIN);
    expect((await operator.vm(clone.id)).psci.effective).toBe(PIN);
    await operator.act(clone.id, 'stop');
    expect(story(await operator.events(clone.id))).toEqual(['restored by operator', 'poweroff by operator']);
  });
});
