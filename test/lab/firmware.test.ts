/** A VM's firmware interface across hosts whose kernels have other registers: recorded, kept, or refused with the reason. */
import { expect, it } from 'vitest';
import { firmwareFor } from '../../src/psci/firmware.ts';
import type { PsciVersion } from '../../src/psci/versions.ts';
import type { Operator } from '../../src/standalone/operator.ts';
import { fleet, guestReady, testVm } from '../support/fleet.ts';
import { runInside } from '../support/inside.ts';

/** Of the emulated CPU. */
const LEVELS = {
  SMCCC_ARCH_WORKAROUND_1: '0x2',
  SMCCC_ARCH_WORKAROUND_2: '0x0',
  SMCCC_ARCH_WORKAROUND_3: '0x2',
};
const ON_7_3 = {
  ...LEVELS,
  ...{ STD_BMAP: '0x1', STD_HYP_BMAP: '0x1', VENDOR_HYP_BMAP: '0x3', VENDOR_HYP_BMAP_2: '0x0' },
};
const ON_5_10 = {
  ...LEVELS,
  ...{ STD_BMAP: null, STD_HYP_BMAP: null, VENDOR_HYP_BMAP: null, VENDOR_HYP_BMAP_2: null },
};
const pinned = (version: PsciVersion) => ({ psci: { policy: 'pinned' as const, version } });

/** Starts the VM, lets it run, ends it, and gives what is recorded of its firmware, its CPUs aside: each host's own. */
async function boot(operator: Operator, vmId: string): Promise<unknown> {
  await operator.act(vmId, 'start');
  const { firmware } = await operator.vm(vmId);
  await operator.act(vmId, 'kill');
  const { idRegisters, ...recorded } = firmware ?? {};
  expect(idRegisters).toMatchObject({ ID_AA64PFR0_EL1: expect.any(String) });
  return recorded;
}

it('from 7.3 down: no register is missed that offered nothing, any other is until the VM allows that', async () => {
  const service = await fleet();
  const { operator } = service;
  await using vm = await testVm(service, '7.3', pinned('1.0'));
  expect((await operator.vm(vm.id)).firmware).toBeNull();
  const recorded = firmwareFor({ psci: '1.0', systemSuspend: false, vcpus: 1 }, ON_7_3);
  expect(await boot(operator, vm.id)).toEqual(recorded);

  // Without VENDOR_HYP_BMAP_2. What is recorded stays: a host with the register will get it back.
  await operator.patch(vm.id, { hostSelector: { kernel: '6.1' } });
  expect(await boot(operator, vm.id)).toEqual(recorded);

  await operator.patch(vm.id, { hostSelector: { kernel: '5.10' } });
  await expect(operator.act(vm.id, 'start')).rejects.toMatchObject({
    code: 'FIRMWARE_REGISTER_MISSING',
    problem: { status: 409, detail: expect.stringContaining('VENDOR_HYP_BMAP = 0x3. What is missing') },
  });
  await operator.patch(vm.id, { psci: { allowMissingRegisters: true } });
  expect(await boot(operator, vm.id)).toEqual(recorded);
});

it('from 5.10 to 7.3: what the older kernel could not give does not appear', async () => {
  const service = await fleet();
  const { operator } = service;
  await using vm = await testVm(service, '5.10', pinned('1.0'));
  const recorded = firmwareFor({ psci: '1.0', systemSuspend: false, vcpus: 1 }, ON_5_10);
  expect(await boot(operator, vm.id)).toEqual(recorded);
  await operator.patch(vm.id, { hostSelector: { kernel: '7.3' } });
  expect(await boot(operator, vm.id)).toEqual(recorded);
});

it('Linux of PSCI 0.1 starts its CPUs, and can only halt: a stop says so, and ends it by force', async () => {
  const service = await fleet();
  const { operator } = service;
  const psci = { ...pinned('0.1').psci, allowInsecure: true };
  await using vm = await testVm(service, '7.3', { vcpus: 2, psci });
  await operator.act(vm.id, 'start');
  await operator.consoleShows(vm.id, /Using PSCI v0\.1 Function IDs from DT/);
  await guestReady(operator, vm.id);
  await operator.shell(vm.id, 'nproc', /\n2\r/);
  expect((await operator.vm(vm.id)).firmware).toMatchObject({
    ...{ psci: '0.1', psci02: false, psciCompatible: ['arm,psci'], mpidrs: [0, 1] },
  });
  const asked = await operator.ask(vm.id, 'stop', { timeoutSeconds: 5 });
  expect(asked.note).toMatch(/no call to power off at PSCI 0\.1/);
  expect(await operator.ended(asked)).toMatchObject({
    status: 'failed',
    error: { code: 'GUEST_DID_NOT_RESPOND', detail: expect.stringContaining('can only halt') },
  });
  await operator.act(vm.id, 'stop', { timeoutSeconds: 1, force: true });
  expect((await operator.vm(vm.id)).phase).toBe('stopped');
});

it.each([
  {
    kernel: '5.10' as const,
    onlyOn7_3: 'FIRMWARE_REGISTER_MISSING',
    allowed: ON_5_10,
    unsupported: 'FIRMWARE_REGISTER_MISSING',
    hidden: ON_5_10,
    suspend: 'FIRMWARE_FEATURE_MISSING',
  },
  {
    kernel: '7.3' as const,
    onlyOn7_3: ON_7_3,
    allowed: ON_7_3,
    unsupported: 'FIRMWARE_VALUE_REFUSED',
    hidden: {
      ...LEVELS,
      STD_BMAP: '0x0',
      STD_HYP_BMAP: '0x0',
      VENDOR_HYP_BMAP: '0x0',
      VENDOR_HYP_BMAP_2: '0x0',
    },
    suspend: true,
  },
])(
  'a machine on $kernel has what was recorded, or says what is in the way',
  async ({ kernel, ...expected }) => {
    const { lab } = (await fleet()).emulated(kernel);
    expect(await runInside(lab, 'firmware', JSON.stringify({ ON_7_3, ON_5_10 }))).toEqual({
      same: true,
      ...expected,
      moreProtected: 'FIRMWARE_VALUE_REFUSED',
      ...{ goesOnElsewhere: 'FIRMWARE_VALUE_REFUSED', bootsElsewhere: true },
      renumbered: 'FIRMWARE_MISMATCH',
    });
  },
);
