/** What else can go wrong on a host, with the real API and a real guest: a worker that hangs, and a loss of power. */
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
let service: Service;
let host: EmulatedHost;

beforeAll(async () => {
  service = await startService({ dataDir, port: await freePort(), kernels: ['7.3'], progress });
  host = service.emulated('7.3');
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
    await using vm = await testVm(service, '7.3');
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

  it('says after a loss of power that a guest was lost, and starts again what was to run', async () => {
    const { operator } = service;
    const disks = [{ name: 'data', sizeMiB: 8 }];
    await using vm = await testVm(service, '7.3', { disks, psci: { policy: 'pinned', version: '1.0' } });
    await operator.act(vm.id, 'start');
    await guestReady(operator, vm.id);
    const before = await operator.vm(vm.id);
    // sync(1) alone would not flush a disk without a file system.
    const write = 'echo kept | dd of=/dev/vda conv=fsync; echo written-$((6*7))';
    await operator.shell(vm.id, write, /written-42/);
    await theWorkerWasSpare(vm.id);
    await host.lab.crash();
    host = await EmulatedHost.start('7.3', {
      dataDir,
      apiPort: service.api.port,
      enrolmentToken: () => operator.enrolmentToken(),
      progress,
    });
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
  });
});
