/** The firmware interface of a VM as the fleet keeps it: recorded at the first boot, given to every later one. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FirmwareAbi, firmwareFor, type IdRegisters } from '../../../src/psci/firmware.ts';
import { REGISTERS } from '../../peer/facts.ts';
import { startApi, type TestApi } from '../../support/api.ts';
import { makeImage, ProtocolHost, type Run } from '../../support/protocol-host.ts';

const BETTER = { ...REGISTERS, SMCCC_ARCH_WORKAROUND_2: '0x3' };
const OLDER = { ...REGISTERS, VENDOR_HYP_BMAP: null, VENDOR_HYP_BMAP_2: null };

let api: TestApi;
let imageId: string;
let newer: ProtocolHost;
let older: ProtocolHost;
let better: ProtocolHost;

beforeAll(async () => {
  api = await startApi();
  imageId = await makeImage(api);
  const psci = { accepted: ['0.1' as const, '1.0' as const, '1.1' as const], default: '1.1' as const };
  newer = await ProtocolHost.enrol(api, {
    labels: { kind: 'newer' },
    psci: { ...psci, registers: REGISTERS },
  });
  older = await ProtocolHost.enrol(api, { labels: { kind: 'older' }, psci: { ...psci, registers: OLDER } });
  better = await ProtocolHost.enrol(api, {
    labels: { kind: 'better' },
    psci: { ...psci, registers: BETTER },
  });
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
});

let made = 0;
async function makeVm(fields: object = {}): Promise<string> {
  made += 1;
  const body = {
    name: `firmware-${made}`,
    vcpus: 2,
    memoryMiB: 64,
    imageId,
    hostSelector: { kind: 'newer' },
  };
  const { status, body: vm } = await api.request('POST', '/v1/vms', { body: { ...body, ...fields } });
  expect(status).toBe(201);
  return vm.id as string;
}

const act = (vmId: string, action: string) => api.request('POST', `/v1/vms/${vmId}/${action}`, { body: {} });
const patch = (vmId: string, body: object) => api.request('PATCH', `/v1/vms/${vmId}`, { body });
const firmwareOf = async (vmId: string) => (await api.request('GET', `/v1/vms/${vmId}`)).body.firmware;

/** Starts the VM on a host, which finds `registers`. */
async function boot(
  vmId: string,
  host: ProtocolHost,
  registers = REGISTERS,
  idRegisters?: IdRegisters,
): Promise<Run> {
  const { status, body } = await act(vmId, 'start');
  expect(status, JSON.stringify(body)).toBe(202);
  const run = await host.run(vmId);
  const { psci, systemSuspend, vcpus } = run.spec;
  const firmware = firmwareFor({ psci, systemSuspend, vcpus }, registers, idRegisters);
  await run.tell({ ...run.started(), firmware });
  return run;
}

describe('the firmware of a VM', () => {
  it('is recorded at its first boot and given to the next', async () => {
    const vmId = await makeVm();
    expect(await firmwareOf(vmId)).toBeNull();
    const first = await boot(vmId, newer);
    expect(first.spec).toMatchObject({ firmware: null, allowMissingRegisters: false });
    const recorded: FirmwareAbi = firmwareFor({ psci: '1.1', systemSuspend: false, vcpus: 2 }, REGISTERS);
    expect(await firmwareOf(vmId)).toEqual(recorded);
    await first.tell(first.poweroff());
    const second = await boot(vmId, newer);
    expect(second.spec.firmware).toEqual(recorded);
  });

  it('stays null for a worker that does not tell', async () => {
    const vmId = await makeVm();
    await act(vmId, 'start');
    const run = await newer.run(vmId);
    await run.tell(run.started());
    expect(await firmwareOf(vmId)).toBeNull();
  });

  it('keeps the registers of the first boot, and takes a version that was chosen since', async () => {
    const vmId = await makeVm({ psci: { policy: 'pinned', version: '1.1' } });
    const first = await boot(vmId, newer);
    await first.tell(first.poweroff());
    const change = { psci: { version: '1.0' }, vcpus: 1, hostSelector: { kind: 'better' } };
    expect((await patch(vmId, change)).status).toBe(200);
    const second = await boot(vmId, better, BETTER);
    expect(second.spec.firmware).toMatchObject({ psci: '1.1', registers: REGISTERS });
    expect(await firmwareOf(vmId)).toEqual(
      firmwareFor({ psci: '1.0', systemSuspend: false, vcpus: 1 }, REGISTERS),
    );
    await second.tell(second.poweroff());
    // A cold boot finds out anew; only the first boot's is asked for.
    const third = await boot(vmId, better, BETTER);
    expect(third.spec.firmware?.registers).toEqual(REGISTERS);
    // A guest that hibernates goes on with what it saw, which is more here.
    await third.tell(third.hibernate());
    await patch(vmId, { hostSelector: { kind: 'newer' } });
    expect(await act(vmId, 'start')).toMatchObject({
      status: 409,
      body: {
        code: 'FIRMWARE_REGISTER_MISSING',
        detail: expect.stringMatching(/refused: SMCCC_ARCH_WORKAROUND_2 = 0x3\./),
      },
    });
    await patch(vmId, { hostSelector: { kind: 'better' } });
    const fourth = await boot(vmId, better, BETTER);
    expect(fourth.spec.firmware?.registers).toEqual(BETTER);
  });

  it('keeps it off a host that lacks a register, unless the VM allows that', async () => {
    const vmId = await makeVm();
    const first = await boot(vmId, newer);
    await first.tell(first.poweroff());
    await patch(vmId, { hostSelector: { kind: 'older' } });
    const refused = await act(vmId, 'start');
    expect(refused).toMatchObject({
      status: 409,
      body: {
        code: 'FIRMWARE_REGISTER_MISSING',
        detail: expect.stringMatching(/refused: VENDOR_HYP_BMAP = 0x3\. What/),
      },
    });
    const allowed = await patch(vmId, { psci: { allowMissingRegisters: true } });
    expect(allowed.body.psci).toMatchObject({ policy: 'inherit', allowMissingRegisters: true });
    const { body: audit } = await api.request('GET', '/v1/audit?limit=1');
    expect(audit.items[0].override).toMatch(/allowMissingRegisters/);
    const second = await boot(vmId, older, OLDER);
    expect(second.spec).toMatchObject({ allowMissingRegisters: true, firmware: { registers: REGISTERS } });
    expect((await firmwareOf(vmId)).registers).toEqual(REGISTERS);
  });

  it('of an older host goes anywhere', async () => {
    const vmId = await makeVm({ hostSelector: { kind: 'older' } });
    const first = await boot(vmId, older, OLDER);
    await first.tell(first.poweroff());
    await patch(vmId, { hostSelector: { kind: 'newer' } });
    expect((await boot(vmId, newer)).spec.firmware?.registers).toEqual(OLDER);
  });

  it('keeps the CPUs of a guest that may have hibernated, and lets one that boots find what there is', async () => {
    const here = { MIDR_EL1: '0x410fd0c1', ID_AA64MMFR1_EL1: '0x10200000' };
    const there = { ...here, ID_AA64MMFR1_EL1: '0x110200000' };
    const vmId = await makeVm({ disks: [{ name: 'swap', sizeMiB: 64 }] });
    const first = await boot(vmId, newer, REGISTERS, here);
    expect((await firmwareOf(vmId)).idRegisters).toEqual(here);
    await first.tell(first.hibernate());
    const second = await boot(vmId, newer, REGISTERS, here);
    expect(second.spec).toMatchObject({ requireIdRegisters: true, firmware: { idRegisters: here } });
    // Under a pin that cannot tell, it is given back where the host takes it.
    await second.tell(second.poweroff());
    const third = await boot(vmId, newer, REGISTERS, here);
    expect(third.spec).toMatchObject({ requireIdRegisters: false, firmware: { idRegisters: here } });
    await third.tell(third.record('crash', { final: true }));
    const fourth = await boot(vmId, newer, REGISTERS, there);
    expect(fourth.spec.firmware).toEqual(
      firmwareFor({ psci: '1.1', systemSuspend: false, vcpus: 2 }, REGISTERS),
    );
    expect((await firmwareOf(vmId)).idRegisters).toEqual(there);
    // A hibernation that may be lost is given up by force, whatever the pin is to be.
    await fourth.tell(fourth.hibernate());
    const forced = await api.request('PATCH', `/v1/vms/${vmId}?force=true`, { body: { psci: {} } });
    expect(forced).toMatchObject({ status: 200 });
    const fifth = await boot(vmId, newer, REGISTERS, here);
    expect(fifth.spec.firmware).not.toHaveProperty('idRegisters');
  });

  it('is an event of its shape or none', async () => {
    const vmId = await makeVm();
    await act(vmId, 'start');
    const run = await newer.run(vmId);
    const firmware = {
      ...firmwareFor({ psci: '1.1', systemSuspend: false, vcpus: 2 }, REGISTERS),
      psci: '9.9',
    };
    const { body } = await run.host.deliver({ ...run.started(), firmware });
    expect(body.refused).toMatchObject([{ code: 'EVENT_INVALID' }]);
  });
});
