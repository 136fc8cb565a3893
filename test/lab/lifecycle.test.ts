import { describe, expect, it } from 'vitest';
import { UART } from '../../src/machine/layout.ts';
import type { NewVm, VmEvent } from '../../src/standalone/operator.ts';
import { detected, expectWhole, fleet, guestReady, story, testVm } from '../support/fleet.ts';
import { payloadImage } from '../support/payloads.ts';
import { call, mov, PSCI, undecodableLoad } from './inside/payload.ts';

const at = (version: '1.0' | '1.1' | '1.3') => ({ psci: { policy: 'pinned' as const, version } });
const swap = { memoryMiB: 384, disks: [{ name: 'swap', sizeMiB: 256 }] };
const MARKER = /\bmarker ([0-9a-f]{16})\b/;

// Two at a time: a guest alone leaves a core free.
describe('the life of a guest on real KVM', { concurrent: true }, () => {
  it('records who asked for a power-off', async () => {
    const service = await fleet();
    const { operator } = service;
    await using vm = await testVm(service, '7.3', at('1.1'));
    await operator.act(vm.id, 'start');
    await guestReady(operator, vm.id);
    await operator.act(vm.id, 'stop');
    expect((await operator.vm(vm.id)).phase).toBe('stopped');
    await operator.act(vm.id, 'start');
    await guestReady(operator, vm.id);
    // Without psci.systemSuspend the guest is told that there is no SYSTEM_SUSPEND, and offers no deep sleep.
    await operator.shell(vm.id, 'cat /sys/power/mem_sleep', /^\[s2idle\]\r?$/m);
    await operator.type(vm.id, 'poweroff -f\n');
    await operator.inPhase(vm.id, 'stopped');
    const events = await operator.events(vm.id);
    expect(story(events)).toEqual([
      'started by operator',
      'poweroff by operator',
      'started by operator',
      'poweroff by guest',
    ]);
    expect(events[1]?.intentId).not.toBeNull();
    expect(events[3]).toMatchObject({
      intentId: null,
      hibernation: 'no',
      psci: { version: '1.1', function: 'SYSTEM_OFF' },
      kvm: { type: 1 },
    });
    expectWhole(events);
  });

  it('resets, warm and cold, in the same worker under the same pin', async () => {
    const service = await fleet();
    const { operator } = service;
    await using vm = await testVm(service, '7.3', at('1.1'));
    await operator.act(vm.id, 'start');
    await guestReady(operator, vm.id);
    const first = await operator.vm(vm.id);
    const { lab } = service.emulated('7.3');
    const claim = `cat /var/lib/holdfast/agent/vms/${vm.id}/runs/*/worker.json`;
    const worker = async () => (await lab.exec(['sh', '-c', claim])).stdout;
    const before = await worker();
    expect(before).toContain('"pid"');

    await operator.type(vm.id, 'reboot -f\n');
    await operator.event(vm.id, 'the reset', ({ kind }) => kind === 'reset');
    const second = await operator.event(
      vm.id,
      'a second boot',
      (e) => e.kind === 'started' && e.bootId !== first.bootId,
    );
    await guestReady(operator, vm.id);
    await operator.type(vm.id, 'warm-reboot\n');
    await operator.event(
      vm.id,
      'the warm reset',
      ({ kind, bootId }) => kind === 'reset' && bootId === second.bootId,
    );
    await operator.event(
      vm.id,
      'a third boot',
      (e) => e.kind === 'started' && ![first.bootId, second.bootId].includes(e.bootId),
    );
    await operator.consoleShows(vm.id, detected('1.1'));
    await guestReady(operator, vm.id);

    const events = await operator.events(vm.id);
    expect(story(events)).toEqual([
      'started by operator',
      'reset by guest',
      'started by guest',
      'reset by guest',
      'started by guest',
    ]);
    expect(events[1]).toMatchObject({ psci: { function: 'SYSTEM_RESET' }, kvm: { type: 2 } });
    expect(events[3]).toMatchObject({
      psci: { function: 'SYSTEM_RESET2', type: 0, cookie: 0 },
      kvm: { type: 2 },
    });
    expect(await worker()).toBe(before);

    const boots = new Set(events.map(({ bootId }) => bootId));
    await operator.act(vm.id, 'reset');
    await operator.event(vm.id, 'a fourth boot', ({ bootId }) => !boots.has(bootId));
    await guestReady(operator, vm.id);
    expect(story(await operator.events(vm.id)).slice(5)).toEqual([
      'reset by operator',
      'started by operator',
    ]);
    expect((await operator.vm(vm.id)).psci.effective).toBe('1.1');
    expectWhole(await operator.events(vm.id));
  });

  it('tells hibernation at 1.3, and resumes with its memory and its pin', async () => {
    const service = await fleet();
    const { operator } = service;
    await using vm = await testVm(service, '7.3', { ...at('1.3'), ...swap, vcpus: 2 });
    await operator.act(vm.id, 'start');
    const marker = (await operator.consoleShows(vm.id, MARKER))[1];
    await guestReady(operator, vm.id);
    await operator.act(vm.id, 'hibernate');
    expect(await operator.vm(vm.id)).toMatchObject({ phase: 'hibernated', psci: { effective: '1.3' } });
    await operator.act(vm.id, 'start');
    expect((await operator.consoleShows(vm.id, new RegExp(`resumed, ${MARKER.source}`)))[1]).toBe(marker);
    await operator.shell(vm.id, 'psci', detected('1.3'));
    await operator.type(vm.id, 'hibernate\n');
    await operator.inPhase(vm.id, 'hibernated');
    const events = await operator.events(vm.id);
    expect(story(events)).toEqual([
      'started by operator',
      'hibernate by operator',
      'started by operator',
      'hibernate by guest',
    ]);
    for (const event of [events[1], events[3]]) {
      expect(event).toMatchObject({
        hibernation: 'yes',
        psci: { version: '1.3', function: 'SYSTEM_OFF2', type: 0, cookie: 0 },
        kvm: { type: 1, data: ['0x1'] },
      });
    }
    expectWhole(events);
  });

  it('says at 1.1 that it does not know whether the guest hibernated', async () => {
    const service = await fleet();
    const { operator } = service;
    await using vm = await testVm(service, '6.1', { ...at('1.1'), ...swap });
    await operator.act(vm.id, 'start');
    const marker = (await operator.consoleShows(vm.id, MARKER))[1];
    await guestReady(operator, vm.id);
    await operator.act(vm.id, 'hibernate');
    const [, off] = await operator.events(vm.id);
    expect(off).toMatchObject({ kind: 'poweroff', initiator: 'operator', hibernation: 'unknown' });
    expect(await operator.vm(vm.id)).toMatchObject({ phase: 'stopped', psci: { hibernateDetection: false } });
    await operator.act(vm.id, 'start');
    expect((await operator.consoleShows(vm.id, new RegExp(`resumed, ${MARKER.source}`)))[1]).toBe(marker);
    await operator.shell(vm.id, 'psci', detected('1.1'));
  });

  it('lets a guest suspend itself where its VM allows it, and wakes it', async () => {
    const service = await fleet();
    const { operator } = service;
    const psci = { policy: 'pinned', version: '1.1', systemSuspend: true } as const;
    await using vm = await testVm(service, '7.3', { psci, vcpus: 2 });
    await operator.act(vm.id, 'start');
    await guestReady(operator, vm.id);
    await operator.shell(vm.id, 'cat /sys/power/mem_sleep', /s2idle \[deep\]/);
    const from = (await operator.console(vm.id)).length;
    await operator.type(vm.id, 'echo mem >/sys/power/state; echo woke-$((6*7)) on $(nproc)\n');
    expect((await operator.inPhase(vm.id, 'paused')).reason).toMatch(/suspended itself/);
    for (const action of ['stop', 'hibernate', 'reset', 'pause'] as const) {
      await expect(operator.ask(vm.id, action)).rejects.toThrow(/PAUSED/);
    }
    await operator.act(vm.id, 'resume');
    await operator.consoleShows(vm.id, /woke-42 on 2/, { from });
    expect(await operator.vm(vm.id)).toMatchObject({ phase: 'running', reason: null });
    await operator.shell(vm.id, 'psci', detected('1.1'));
    await operator.type(vm.id, 'echo mem >/sys/power/state\n');
    await operator.inPhase(vm.id, 'paused');
    await operator.act(vm.id, 'kill');
    const events = await operator.events(vm.id);
    expect(story(events)).toEqual([
      'started by operator',
      'suspend by guest',
      'resumed by operator',
      'suspend by guest',
      'killed by operator',
    ]);
    expect(events[1]).toMatchObject({
      psci: { version: '1.1', function: 'SYSTEM_SUSPEND' },
      kvm: { type: 5 },
    });
    expectWhole(events);
  });

  // As many as its host offers to all.
  it('has up to eight vCPUs', { concurrent: false }, async () => {
    const service = await fleet();
    const { operator } = service;
    await using vm = await testVm(service, '7.3', { ...at('1.3'), vcpus: 8 });
    await operator.act(vm.id, 'start');
    await guestReady(operator, vm.id);
    await operator.shell(vm.id, 'grep -c ^processor /proc/cpuinfo', /^8\r?$/m);
    await operator.act(vm.id, 'stop');
  });

  it('pauses and resumes', async () => {
    const service = await fleet();
    const { operator } = service;
    await using vm = await testVm(service, '5.10', at('1.0'));
    await operator.act(vm.id, 'start');
    await guestReady(operator, vm.id);
    await operator.type(vm.id, 'while :; do echo tick; sleep 0.2; done\n');
    await operator.consoleShows(vm.id, /tick\r?\ntick\r?\ntick/);
    await operator.act(vm.id, 'pause');
    expect((await operator.vm(vm.id)).phase).toBe('paused');
    const [events, text] = [await operator.events(vm.id), await operator.console(vm.id)];
    expect(story(events)).toEqual(['started by operator', 'paused by operator']);
    await operator.act(vm.id, 'resume');
    await operator.consoleShows(vm.id, /tick\r?\ntick\r?\ntick/, { from: text.length });
    expect((await operator.vm(vm.id)).phase).toBe('running');
  });

  it('does on a guest’s power-off, reset and crash what onGuest says', async () => {
    const service = await fleet();
    const { operator } = service;
    const off = await payloadImage(operator, 'powers-off', call(PSCI.systemOff));
    const resets = await payloadImage(operator, 'resets', call(PSCI.systemReset));
    const faults = await payloadImage(operator, 'faults', [...mov(9, UART.base), ...undecodableLoad]);
    const run = async (imageId: string, onGuest: NonNullable<NewVm['onGuest']>) => {
      const vm = await testVm(service, '7.3', { ...at('1.1'), memoryMiB: 16, imageId, onGuest });
      await operator.act(vm.id, 'start');
      return vm;
    };
    const again = async (vmId: string, kind: VmEvent['kind']) => {
      const [first] = await operator.events(vmId);
      const isSecond = (event: VmEvent) => event.kind === 'started' && event.bootId !== first?.bootId;
      await operator.event(vmId, 'a second boot', isSecond);
      await operator.act(vmId, 'kill');
      const events = await operator.events(vmId);
      expect(story(events).slice(0, 3)).toEqual([
        'started by operator',
        `${kind} by guest`,
        'started by guest',
      ]);
      expect(events.at(-1)).toMatchObject({ kind: 'killed', initiator: 'operator' });
      expectWhole(events);
    };

    await using restarted = await run(off.id, { poweroff: 'restart' });
    await again(restarted.id, 'poweroff');
    await using stopped = await run(resets.id, { reset: 'stop' });
    await operator.inPhase(stopped.id, 'stopped');
    expect(story(await operator.events(stopped.id))).toEqual(['started by operator', 'reset by guest']);
    await using crashed = await run(faults.id, { crash: 'stop' });
    const { reason } = await operator.inPhase(crashed.id, 'failed');
    expect(reason).toMatch(/^vCPU 0 at 0x400000[0-9a-f]{2} stopped: .* cannot take apart/);
    await using recovered = await run(faults.id, { crash: 'restart' });
    await again(recovered.id, 'crash');
  });

  it('fails a stop that the guest does not answer, and ends the guest when forced', async () => {
    const service = await fleet();
    const { operator } = service;
    await using vm = await testVm(service, '7.3', at('1.1'));
    await operator.act(vm.id, 'start');
    await guestReady(operator, vm.id);
    await operator.shell(vm.id, 'killall acpid; echo deaf-$((6*7))', /deaf-42/);
    const failed = await operator.ended(await operator.ask(vm.id, 'stop', { timeoutSeconds: 3 }));
    expect(failed).toMatchObject({ status: 'failed', error: { code: 'GUEST_DID_NOT_RESPOND' } });
    expect((await operator.vm(vm.id)).phase).toBe('running');
    await operator.act(vm.id, 'stop', { timeoutSeconds: 3, force: true });
    expect((await operator.vm(vm.id)).phase).toBe('stopped');
    expect(story(await operator.events(vm.id))).toEqual(['started by operator', 'killed by operator']);
  });
});
