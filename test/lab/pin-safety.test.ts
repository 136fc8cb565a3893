import { describe, expect, it } from 'vitest';
import type { Operator } from '../../src/standalone/operator.ts';
import { detected, fleet, guestReady, testVm } from '../support/fleet.ts';

const swap = { memoryMiB: 384, disks: [{ name: 'swap', sizeMiB: 256 }] };

/** Tries to change the pin and expects the refusal, with nothing changed. */
async function expectLocked(operator: Operator, vmId: string): Promise<void> {
  const before = await operator.vm(vmId);
  await expect(operator.patch(vmId, { psci: { policy: 'pinned', version: '1.0' } })).rejects.toMatchObject({
    code: 'PSCI_PIN_LOCKED',
    problem: { status: 409 },
  });
  expect((await operator.vm(vmId)).psci).toEqual(before.psci);
}

describe('a pin holds still', () => {
  it('while the guest runs and while it is hibernated', async () => {
    const service = await fleet();
    const { operator } = service;
    await using vm = await testVm(service, '7.3', { ...swap, psci: { policy: 'pinned', version: '1.3' } });
    await operator.act(vm.id, 'start');
    await expectLocked(operator, vm.id);
    await guestReady(operator, vm.id);
    await operator.act(vm.id, 'hibernate');
    await expectLocked(operator, vm.id);
  });

  it('while nobody knows whether the guest hibernated', async () => {
    const service = await fleet();
    const { operator } = service;
    await using vm = await testVm(service, '6.1', { ...swap, psci: { policy: 'pinned', version: '1.1' } });
    await operator.act(vm.id, 'start');
    await guestReady(operator, vm.id);
    await operator.type(vm.id, 'poweroff -f\n');
    await operator.inPhase(vm.id, 'stopped');
    await expectLocked(operator, vm.id);
  });

  it('when the guest moves to a host with a newer kernel', async () => {
    const service = await fleet();
    const { operator } = service;
    await using vm = await testVm(service, '6.1', { psci: { policy: 'sticky' } });
    await operator.act(vm.id, 'start');
    await operator.consoleShows(vm.id, detected('1.1'));
    await guestReady(operator, vm.id);
    await operator.act(vm.id, 'stop');
    const first = await operator.vm(vm.id);
    expect(first.psci).toMatchObject({ policy: 'sticky', effective: '1.1', source: 'sticky' });

    await operator.patch(vm.id, { hostSelector: { kernel: '7.3' } });
    await operator.act(vm.id, 'start');
    await operator.consoleShows(vm.id, detected('1.1'));
    const second = await operator.vm(vm.id);
    expect(second.hostId).toBe(service.enrolled.get(service.emulated('7.3').name)?.id);
    expect(second.psci).toMatchObject({ effective: '1.1', source: 'sticky' });
  });

  it('and can be changed once the guest is surely off', async () => {
    const service = await fleet();
    const { operator } = service;
    await using vm = await testVm(service, '7.3', { psci: { policy: 'pinned', version: '1.1' } });
    await operator.act(vm.id, 'start');
    await guestReady(operator, vm.id);
    await operator.act(vm.id, 'stop');
    await operator.patch(vm.id, { psci: { policy: 'pinned', version: '1.0' } });
    await operator.act(vm.id, 'start');
    await operator.consoleShows(vm.id, detected('1.0'));
  });
});
