/** What else befalls a host, with the real API and real guests: a worker that hangs, a loss of power, a newer kernel. */
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../src/standalone/free-port.ts';
import { EmulatedHost } from '../../src/standalone/hosts.ts';
import { until } from '../../src/standalone/operator.ts';
import { type Service, startService } from '../../src/standalone/service.ts';
import { detected, expectWhole, guestReady, story, testVm } from '../support/fleet.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'holdfast-agent-test-'));
const progress = (line: string) => process.stderr.write(`  ${line}\n`);
/** The host's kernel, and the one that it comes back with. */
const OLDER = '6.1';
const NEWER = '7.3';
let service: Service;
let host: EmulatedHost;

beforeAll(async () => {
  service = await startService({ dataDir, port: await freePort(), kernels: [OLDER], progress });
  host = service.emulated(OLDER);
});
afterAll(async () => {
  await service.stop();
  await host.lab.crash();
  await rm(dataDir, { recursive: true, force: true });
});

/** The host's processes that were started as spare workers. */
async function spares(): Promise<string[]> {
  // The brackets keep the pattern from finding its own command line.
  const list =
    "for p in /proc/[0-9]*; do grep -qe '--spar[e]' $p/cmdline 2>/dev/null && basename $p; done; true";
  const { stdout } = await host.lab.exec(['sh', '-c', list]);
  return stdout.split('\n').filter((pid) => pid !== '');
}

/** What a guest knows of itself, its firmware and its CPUs. */
async function readings(vmId: string): Promise<object> {
  const command = 'psci; echo $(cat /run/marker) $(sha256sum </proc/cpuinfo) $(nproc) end';
  const shown = /PSCIv(\S+) detected[\s\S]*?\n([0-9a-f]{16}) ([0-9a-f]{64}) - (\d+) end/;
  const [, psci, marker, cpuinfo, cpus] = await service.operator.shell(vmId, command, shown);
  return { psci, marker, cpuinfo, cpus };
}

/** A spare has become the VM's worker. The agent's death ends the next one, which waits, and not that. */
async function theWorkerWasSpare(vmId: string): Promise<void> {
  const claim = `cat /var/lib/holdfast/agent/vms/${vmId}/runs/*/worker.json`;
  const { pid } = JSON.parse((await host.lab.exec(['sh', '-c', claim])).stdout) as { pid: number };
  const are = (count: number) => async () => ((await spares()).length === count ? true : undefined);
  await until('the next spare to wait', are(2));
  await host.killAgent();
  await until('it to be gone', are(1));
  expect(await spares()).toEqual([String(pid)]);
}

describe('an agent', () => {
  it('ends a worker that hangs when the operator kills the VM, and the kill is the operator’s', async () => {
    const { operator } = service;
    await using vm = await testVm(service, OLDER);
    await operator.act(vm.id, 'start');
    await guestReady(operator, vm.id);
    const runs = `/var/lib/holdfast/agent/vms/${vm.id}/runs`;
    const { stdout } = await host.lab.exec(['sh', '-c', `cat ${runs}/*/worker.json`]);
    const { pid } = JSON.parse(stdout) as { pid: number };
    await host.lab.exec(['kill', '-STOP', String(pid)]);
    await operator.act(vm.id, 'kill');
    expect((await operator.vm(vm.id)).phase).toBe('stopped');
    expect(story(await operator.events(vm.id))).toEqual(['started by operator', 'killed by operator']);
    // Every thread has ended by now. What may be left is the name of the process, until its parent has asked for it:
    // `kill -0` still finds it then.
    const threads = await host.lab.exec(['sh', '-c', `cat /proc/${pid}/task/*/stat`]);
    expect(threads.stdout).toMatch(/^(\d+ \(.*\) Z .*\n)?$/);
    await until('the agent to have asked for its end', async () =>
      (await host.lab.exec(['kill', '-0', String(pid)])).code === 0 ? undefined : true,
    );
  });

  it('comes back from a loss of power with a newer kernel: starts what was to run, resumes what had hibernated', async () => {
    const { operator } = service;
    await using sleeper = await testVm(service, OLDER, {
      psci: { policy: 'pinned', version: '1.1' },
      ...{ vcpus: 2, memoryMiB: 384, disks: [{ name: 'swap', sizeMiB: 128 }] },
    });
    await operator.act(sleeper.id, 'start');
    await guestReady(operator, sleeper.id);
    const known = await readings(sleeper.id);
    const { firmware: had } = await operator.vm(sleeper.id);
    await operator.act(sleeper.id, 'hibernate');
    // The next start takes it only if it is there.
    await until('a spare to wait', async () => ((await spares()).length === 1 ? true : undefined));

    const disks = [{ name: 'data', sizeMiB: 8 }];
    await using vm = await testVm(service, OLDER, { disks, psci: { policy: 'pinned', version: '1.0' } });
    await operator.act(vm.id, 'start');
    await guestReady(operator, vm.id);
    const before = await operator.vm(vm.id);
    // sync(1) alone would not flush a disk without a file system.
    const write = 'echo kept | dd of=/dev/vda conv=fsync; echo written-$((6*7))';
    await operator.shell(vm.id, write, /written-42/);
    await theWorkerWasSpare(vm.id);
    await host.lab.crash();
    const enrolmentToken = () => operator.enrolmentToken();
    const options = { dataDir, apiPort: service.api.port, enrolmentToken, progress };
    host = await EmulatedHost.start(NEWER, options, host.name);
    await operator.event(vm.id, 'another boot', ({ bootId }) => bootId !== before.bootId);
    const events = await operator.events(vm.id);
    expect(story(events)).toEqual(['started by operator', 'lost by host', 'started by policy']);
    expect(events[1]).toMatchObject({ bootId: before.bootId, hostId: before.hostId });
    expectWhole(events);
    await guestReady(operator, vm.id);
    await operator.shell(vm.id, 'psci', detected('1.0'));
    await operator.shell(vm.id, 'head -c 4 /dev/vda; echo -$((6*7))', /kept-42/);
    await operator.act(vm.id, 'stop');
    expect(story(await operator.events(vm.id)).at(-1)).toBe('poweroff by operator');

    // At 1.1 neither says more of a hibernation than that the guest is off.
    expect(await operator.vm(sleeper.id)).toMatchObject({ phase: 'stopped', hibernation: 'unknown' });
    await operator.act(sleeper.id, 'start');
    const [, marker] = await operator.consoleShows(sleeper.id, /resumed, marker ([0-9a-f]{16})/, {
      timeoutMs: 300_000,
    });
    expect({ ...(await readings(sleeper.id)), marker }).toEqual(known);
    const { firmware: has } = await operator.vm(sleeper.id);
    expect(has?.idRegisters).toMatchObject({ MIDR_EL1: expect.stringMatching(/^0x/) });
    expect(has).toEqual(had);
    const told = await operator.events(sleeper.id);
    expect(told.map(({ kind, reason }) => [kind, reason])).toEqual([
      ['started', null],
      ['poweroff', null],
      ['started', null],
    ]);
    // A guest that boots finds what this kernel shows, and that is something else.
    expect((await operator.vm(vm.id)).firmware?.idRegisters).not.toEqual(has?.idRegisters);
  }, 900_000);
});
