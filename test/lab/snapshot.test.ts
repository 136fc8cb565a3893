/**
 * A guest saved on one kernel and gone on with on another, through the API, as another VM or as the same one. It sums for ever over its memory and its
 * disk (inside/checksum.ts), so that one wrong byte anywhere would make every later sum another.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import type { LabHost } from '../../src/lab/host.ts';
import { type Operator, until, type Vm } from '../../src/standalone/operator.ts';
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

  const AGENT = '/var/lib/holdfast/agent';
  const diskOf = (vmId: string): string => `${AGENT}/vms/${vmId}/disks/sum.raw`;

  async function told(lab: LabHost, ...command: string[]): Promise<string> {
    const { code, stdout, stderr } = await lab.exec(command);
    if (code !== 0) throw new Error(`${command.join(' ')}: ${stderr}`);
    return stdout;
  }

  /** Everything that the agent there keeps of the VM, once that is nothing. */
  async function nothingLeft(lab: LabHost, vmId: string, blobs: string): Promise<void> {
    await until(`${vmId} to be gone from the host`, async () => {
      const vms = await told(lab, 'ls', `${AGENT}/vms`);
      return vms.includes(vmId) ? undefined : vms;
    });
    expect(await told(lab, 'ls', `${AGENT}/blobs/sha256`)).toBe(blobs);
  }

  it('takes a VM to another kernel while it runs, and back when it is off', async () => {
    const [old, recent] = [service.emulated('6.1'), service.emulated('7.3')];
    const [source, target] = [await operator.activeHost(old.name), await operator.activeHost(recent.name)];
    await using vm = await testVm(service, '6.1', { psci: { version: PIN }, disks: DISKS });
    await operator.act(vm.id, 'start');
    await guestReady(operator, vm.id);
    for (const command of BEGIN) await operator.shell(vm.id, command, /(copied|defined) 42/);
    await operator.type(vm.id, 'loop &\n');
    await steps(vm.id, 2);
    const before = await readings(vm);
    const { bootId } = await operator.vm(vm.id);
    const blobs = await told(old.lab, 'ls', `${AGENT}/blobs/sha256`);
    // It was made for the old one.
    await operator.patch(vm.id, { hostSelector: { kernel: '7.3' } });
    const began = performance.now();
    const moving = await operator.ended(await operator.migrate(vm.id, target.id));
    expect(moving).toMatchObject({ kind: 'migrate', status: 'succeeded', error: null });
    console.log(`moved in ${((performance.now() - began) / 1000).toFixed(1)} s`);

    const moved = await operator.vm(vm.id);
    expect(moved).toMatchObject({ phase: 'running', hostId: target.id, psci: { effective: PIN } });
    expect(moved.bootId).not.toBe(bootId);
    const continued = await steps(vm.id, 3);
    const sums = expectedSums(Math.max(...continued.map(({ n }) => n)));
    expect(continued).toEqual(continued.map(({ n }) => ({ n, sum: sums[n - 1] })));
    expect(continued[0]?.n).toBeGreaterThan(2);
    expect((await readings(vm)).cpuinfo).toBe(before.cpuinfo);
    const [, version] = await operator.shell(vm.id, 'psci', /PSCIv(\S+) detected/);
    expect(version).toBe(PIN);
    const events = await operator.events(vm.id);
    expect(story(events)).toEqual([
      ...['started by operator', 'paused by operator', 'saved by operator'],
      ...['restored by operator', 'migrated by operator'],
    ]);
    expect(events.at(-1)?.migration).toEqual({ fromHostId: source.id, toHostId: target.id });
    await nothingLeft(old.lab, vm.id, blobs);

    await operator.act(vm.id, 'stop');
    const [sum = ''] = (await told(recent.lab, 'sha256sum', diskOf(vm.id))).split(' ');
    await operator.patch(vm.id, { hostSelector: { kernel: '6.1' } });
    const back = await operator.ended(await operator.migrate(vm.id, source.id));
    expect(back).toMatchObject({ status: 'succeeded', error: null });
    expect(await operator.vm(vm.id)).toMatchObject({ phase: 'stopped', hostId: source.id });
    expect(await told(old.lab, 'sha256sum', diskOf(vm.id))).toContain(sum);
    await until('it to be gone from there', async () =>
      (await told(recent.lab, 'ls', `${AGENT}/vms`)).includes(vm.id) ? undefined : true,
    );
    await operator.act(vm.id, 'start');
    await guestReady(operator, vm.id);
    expect(await told(old.lab, 'ls', `${AGENT}/blobs/sha256`)).toBe(blobs);
  });
});
