import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { unwrap } from '../../src/client/client.ts';
import { until } from '../../src/standalone/operator.ts';
import {
  armed,
  expectWhole,
  fleet,
  guestReady,
  SIGNAL_DISK,
  story,
  tellGuest,
  testVm,
} from '../support/fleet.ts';

const pin = { psci: { policy: 'pinned' as const, version: '1.1' as const } };
const RUNS = (vmId: string) => `/var/lib/holdfast/agent/vms/${vmId}/runs`;

/** One host is without its agent while another has its own troubles; on either, one thing happens after the other. */
const afterTheOther = { concurrent: false };

describe('on a host whose agent is away, nothing is lost and nothing happens twice', {
  concurrent: true,
}, () => {
  it('the agent is killed, and the guest powers off meanwhile', afterTheOther, async () => {
    const service = await fleet();
    const { operator } = service;
    const host = service.emulated('6.1');
    await using vm = await testVm(service, '6.1', { ...pin, disks: [SIGNAL_DISK] });
    await operator.act(vm.id, 'start');
    await guestReady(operator, vm.id);
    await armed(operator, vm.id, 'poweroff -f');
    await host.killAgent();
    await tellGuest(host.lab, vm.id);
    const journal = `cat ${RUNS(vm.id)}/*/journal`;
    await until('the worker to journal the power-off', async () => {
      const { stdout } = await host.lab.exec(['sh', '-c', journal]);
      return stdout.includes('"poweroff"') ? true : undefined;
    });
    expect(story(await operator.events(vm.id))).toEqual(['started by operator']);
    await host.startAgent();
    await operator.inPhase(vm.id, 'stopped');
    expect(story(await operator.events(vm.id))).toEqual(['started by operator', 'poweroff by guest']);
    expectWhole(await operator.events(vm.id));
  });

  it('the agent is killed, and adopts the worker that goes on', afterTheOther, async () => {
    const service = await fleet();
    const { operator } = service;
    const host = service.emulated('6.1');
    await using vm = await testVm(service, '6.1', pin);
    await operator.act(vm.id, 'start');
    await guestReady(operator, vm.id);
    await host.killAgent();
    await operator.inPhase(vm.id, 'unknown');
    await host.startAgent();
    await operator.inPhase(vm.id, 'running');
    await operator.shell(vm.id, 'echo still-$((6*7))', /still-42/);
    await operator.act(vm.id, 'stop');
    expect(story(await operator.events(vm.id))).toEqual(['started by operator', 'poweroff by operator']);
  });

  it(
    'the agent is told to end, and others, of another version and of another protocol, come in its place',
    afterTheOther,
    async () => {
      const service = await fleet();
      const { operator } = service;
      const host = service.emulated('6.1');
      await using vm = await testVm(service, '6.1', pin);
      await operator.act(vm.id, 'start');
      await guestReady(operator, vm.id);
      const { bootId, hostId } = await operator.vm(vm.id);
      const next = '/var/lib/holdfast/next';
      const copy = [
        `rm -rf ${next}; mkdir ${next}`,
        `cp -r /opt/holdfast/src /opt/holdfast/package.json ${next}`,
        `ln -s /opt/holdfast/node_modules ${next}/node_modules`,
        `sed -i 's/"version": "[^"]*"/"version": "9.9.9"/' ${next}/package.json`,
      ];
      expect(await host.lab.exec(['sh', '-ec', copy.join('\n')])).toMatchObject({ code: 0, stderr: '' });

      await host.stopAgent();
      await host.startAgent(next);
      await until('the new agent to report', async () => {
        const { items } = unwrap(await operator.client.GET('/v1/hosts'));
        return items.find(({ id, agentVersion }) => id === hostId && agentVersion === '9.9.9');
      });
      await operator.shell(vm.id, 'echo adopted-$((6*7))', /adopted-42/);
      await operator.act(vm.id, 'pause');
      await operator.act(vm.id, 'resume');

      await host.stopAgent();
      const speak = `sed -i 's/^export const PROTOCOL = 1;/export const PROTOCOL = 2;/' ${next}/src/worker/protocol.ts`;
      expect(
        (await host.lab.exec(['sh', '-c', `${speak}; grep -c 'PROTOCOL = 2' ${next}/src/worker/protocol.ts`]))
          .stdout,
      ).toBe('1\n');
      await host.startAgent(next);
      const refused = await operator.ended(await operator.ask(vm.id, 'pause'));
      expect(refused).toMatchObject({ status: 'failed', error: { code: 'WORKER_VERSION_DIFFERS' } });
      expect(await operator.vm(vm.id)).toMatchObject({ phase: 'running', bootId });

      await operator.act(vm.id, 'kill');
      const events = await operator.events(vm.id);
      expect(story(events)).toEqual([
        'started by operator',
        'paused by operator',
        'resumed by operator',
        'killed by operator',
      ]);
      expectWhole(events);
      await host.stopAgent();
      await host.startAgent();
    },
  );
});

describe('on a host with its agent, nothing is lost and nothing happens twice', { concurrent: true }, () => {
  it('a worker is killed: its VM has failed, the others are untouched', afterTheOther, async () => {
    const service = await fleet();
    const { operator } = service;
    const { lab } = service.emulated('7.3');
    await using victim = await testVm(service, '7.3', pin);
    await using other = await testVm(service, '7.3', pin);
    await operator.act(victim.id, 'start');
    await operator.act(other.id, 'start');
    await guestReady(operator, other.id);
    await guestReady(operator, victim.id);
    const { stdout } = await lab.exec(['sh', '-c', `cat ${RUNS(victim.id)}/*/worker.json`]);
    await lab.kill9((JSON.parse(stdout) as { pid: number }).pid);
    const failed = await operator.inPhase(victim.id, 'failed');
    expect(failed.reason).toMatch(/worker/);
    expect(story(await operator.events(victim.id))).toEqual(['started by operator', 'killed by host']);
    expectWhole(await operator.events(victim.id));
    expect((await operator.vm(other.id)).phase).toBe('running');
    await operator.shell(other.id, 'echo alive-$((6*7))', /alive-42/);
    expect(story(await operator.events(other.id))).toEqual(['started by operator']);
    await operator.act(victim.id, 'start');
    expect((await operator.vm(victim.id)).phase).toBe('running');
    // The kernel's own way to end a process for want of memory, told which one to choose (proc(5), sysrq f).
    const again = await lab.exec([
      'sh',
      '-c',
      `ls -t ${RUNS(victim.id)}/*/worker.json | head -n 1 | xargs cat`,
    ]);
    const { pid } = JSON.parse(again.stdout) as { pid: number };
    await lab.exec(['sh', '-c', `echo 1000 >/proc/${pid}/oom_score_adj; echo f >/proc/sysrq-trigger`]);
    expect((await operator.inPhase(victim.id, 'failed')).reason).toMatch(/want of memory/);
    expect((await operator.vm(other.id)).phase).toBe('running');
  });

  it(
    'the disk of a host is full: guests go on, nothing of the record is lost, and starts are refused',
    afterTheOther,
    async () => {
      const service = await fleet();
      const { operator } = service;
      const host = service.emulated('7.3');
      const { lab } = host;
      const disks = [{ name: 'data', sizeMiB: 16 }];
      await using vm = await testVm(service, '7.3', { ...pin, disks });
      await using late = await testVm(service, '7.3', pin);
      await operator.act(vm.id, 'start');
      await guestReady(operator, vm.id);
      const filler = '/var/lib/holdfast/filler';
      const fill = `fallocate -l $(( $(df -k /var/lib/holdfast | awk 'NR == 2 { print $4 }') * 1024 )) ${filler}
      dd if=/dev/zero of=${filler}.rest bs=4k count=4096 2>/dev/null; df -k /var/lib/holdfast | awk 'NR == 2 { print $4 }'`;
      try {
        expect(await lab.exec(['sh', '-c', fill])).toMatchObject({ stdout: '0\n' });
        const write =
          'dd if=/dev/zero of=/dev/vda bs=64k count=64 conv=fsync; echo wrote-$?; sync; (sleep 2; poweroff -f) &\n';
        await operator.type(vm.id, write);
        const refused = await operator.ended(await operator.ask(late.id, 'start'));
        expect(refused).toMatchObject({ status: 'failed', error: { code: 'DISK_FULL' } });
        // The guest powers off meanwhile. Where the journal's last block has room for that it is told, else it waits.
        await sleep(5_000);
        expect((await operator.activeHost(host.name)).lease.state).toBe('active');
      } finally {
        await lab.exec(['sh', '-c', `rm -f ${filler} ${filler}.rest`]);
      }
      await operator.inPhase(vm.id, 'stopped');
      expect(story(await operator.events(vm.id))).toEqual(['started by operator', 'poweroff by guest']);
      await operator.act(late.id, 'start');
    },
  );
});

describe('without the service, nothing is lost and nothing happens twice', () => {
  it('the API is killed between an event and its delivery', async () => {
    const service = await fleet();
    const { operator } = service;
    const { lab } = service.emulated('7.3');
    await using vm = await testVm(service, '7.3', { ...pin, disks: [SIGNAL_DISK] });
    await operator.act(vm.id, 'start');
    await guestReady(operator, vm.id);
    await armed(operator, vm.id, 'reboot -f');
    await service.api.kill();
    await tellGuest(lab, vm.id);
    await until('the worker to journal the reset', async () => {
      const { stdout } = await lab.exec(['sh', '-c', `cat ${RUNS(vm.id)}/*/journal`]);
      return stdout.includes('"reset"') ? true : undefined;
    });
    await service.api.restart();
    await operator.event(
      vm.id,
      'the second boot',
      ({ kind, initiator }) => kind === 'started' && initiator === 'guest',
    );
    expect(story(await operator.events(vm.id))).toEqual([
      'started by operator',
      'reset by guest',
      'started by guest',
    ]);
    expectWhole(await operator.events(vm.id));
    // Until its host is heard again, it is not known.
    await operator.inPhase(vm.id, 'running');
  });

  it('Postgres is killed again and again during delivery', async () => {
    const service = await fleet();
    const { operator } = service;
    await using vm = await testVm(service, '7.3', { ...pin, disks: [SIGNAL_DISK] });
    await operator.act(vm.id, 'start');
    await guestReady(operator, vm.id);
    await armed(operator, vm.id, 'poweroff -f');
    await tellGuest(service.emulated('7.3').lab, vm.id);
    for (let kills = 0; kills < 8; kills++) {
      const { pid } = service.postgres;
      if (pid !== null) process.kill(pid, 'SIGKILL');
      await sleep(1_000);
    }
    await until('the API to be ready again', async () =>
      (await fetch(`${service.api.url}/readyz`)).ok ? true : undefined,
    );
    await operator.inPhase(vm.id, 'stopped');
    expect(story(await operator.events(vm.id))).toEqual(['started by operator', 'poweroff by guest']);
    expectWhole(await operator.events(vm.id));
  });
});
