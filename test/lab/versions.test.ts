import { beforeAll, describe, expect, it } from 'vitest';
import { ProblemError } from '../../src/client/client.ts';
import type { KernelLabel } from '../../src/lab/kernels.ts';
import { PSCI_VERSIONS, type PsciVersion } from '../../src/psci/versions.ts';
import { detected, FLEET_KERNELS, fleet, testVm } from '../support/fleet.ts';
import { payloadImage } from '../support/payloads.ts';
import { branch, tellVersion, waitForInterrupt } from './inside/payload.ts';

/** What each kernel's KVM takes, and gives a guest that nobody pinned. */
const KVM: Record<string, { accepted: PsciVersion[]; default: PsciVersion }> = {
  '5.10': { accepted: ['0.1', '0.2', '1.0'], default: '1.0' },
  '6.1': { accepted: ['0.1', '0.2', '1.0', '1.1'], default: '1.1' },
  '7.3': { accepted: ['0.1', '0.2', '1.0', '1.1', '1.2', '1.3'], default: '1.3' },
};

const pairs = (keep: (kernel: KernelLabel, version: PsciVersion) => boolean) =>
  FLEET_KERNELS.flatMap((kernel) =>
    PSCI_VERSIONS.filter((version) => keep(kernel, version)).map((version) => ({ kernel, version })),
  );

/** What a guest that tells its version tells: PSCI_VERSION's answer, as four bytes, the lowest first. */
function told(version: PsciVersion): RegExp {
  const [major, minor] = version.split('.');
  return new RegExp(`^\\x0${minor}\\x00\\x0${major}\\x00$`);
}

const pinned = (version: PsciVersion) => ({
  psci: { policy: 'pinned' as const, version, allowInsecure: version < '1.0' },
});

// Few of them have much to do, and a host leaves a core free.
describe('PSCI versions on real KVM', { concurrent: true }, () => {
  let imageId: string;
  beforeAll(async () => {
    const { operator } = await fleet();
    const tells = [...tellVersion, ...waitForInterrupt, ...branch(-1)];
    imageId = (await payloadImage(operator, 'tells', tells)).id;
  });

  it.each(FLEET_KERNELS)('the host with %s reports what its kernel accepts', async (kernel) => {
    const service = await fleet();
    const host = service.enrolled.get(service.emulated(kernel).name);
    expect(host?.psci).toEqual(KVM[kernel]);
    expect(host?.kernel).toBe(service.emulated(kernel).lab.control.release);
  });

  // 0.1, at which a guest has no version to read, is in firmware.test.ts and bare-metal.test.ts.
  const accepted = pairs(
    (kernel, version) => version !== '0.1' && (KVM[kernel]?.accepted.includes(version) ?? false),
  );
  it.each(accepted)('a guest on $kernel pinned at $version reads $version', async ({ kernel, version }) => {
    const service = await fleet();
    const { operator } = service;
    await using vm = await testVm(service, kernel, { ...pinned(version), memoryMiB: 16, imageId });
    await operator.act(vm.id, 'start');
    await operator.consoleShows(vm.id, told(version));
    const running = await operator.vm(vm.id);
    expect(running.psci).toMatchObject({
      effective: version,
      source: 'vm',
      hibernateDetection: version === '1.3',
    });
    const [started] = await operator.events(vm.id);
    expect(started).toMatchObject({ kind: 'started', initiator: 'operator', psci: { version } });
  });

  // The others are read by Linux in lifecycle.test.ts and policy-fleet.test.ts.
  it.each(['0.2', '1.2'] as const)('Linux pinned at %s finds that version', async (version) => {
    const service = await fleet();
    const { operator } = service;
    await using vm = await testVm(service, '7.3', pinned(version));
    await operator.act(vm.id, 'start');
    await operator.consoleShows(vm.id, detected(version));
  });

  const refused = pairs(
    (kernel, version) => version !== '0.1' && !(KVM[kernel]?.accepted.includes(version) ?? false),
  );
  it.each(refused)(
    '$kernel does not take $version: refused, and nothing started',
    async ({ kernel, version }) => {
      const service = await fleet();
      const { operator } = service;
      await using vm = await testVm(service, kernel, pinned(version));
      const before = await operator.vm(vm.id);
      const refusal = await operator.act(vm.id, 'start').catch((error: unknown) => error);
      expect(refusal).toBeInstanceOf(ProblemError);
      expect((refusal as ProblemError).problem).toMatchObject({
        status: 409,
        code: 'PSCI_VERSION_NOT_SUPPORTED',
      });
      expect(await operator.vm(vm.id)).toEqual(before);
      expect(await operator.events(vm.id)).toEqual([]);
      const { lab } = service.emulated(kernel);
      expect((await lab.exec(['ls', `/var/lib/holdfast/agent/vms/${vm.id}`])).code).not.toBe(0);
    },
  );

  it.each(FLEET_KERNELS)(
    'a guest that nobody pins gets the fleet default on %s, where there is one',
    async (kernel) => {
      const service = await fleet();
      const { operator } = service;
      await using vm = await testVm(service, kernel);
      if (kernel === '5.10') {
        await expect(operator.act(vm.id, 'start')).rejects.toMatchObject({
          code: 'PSCI_VERSION_NOT_SUPPORTED',
        });
        return;
      }
      await operator.act(vm.id, 'start');
      await operator.consoleShows(vm.id, detected('1.1'));
      expect((await operator.vm(vm.id)).psci).toMatchObject({ effective: '1.1', source: 'default' });
    },
  );
});
