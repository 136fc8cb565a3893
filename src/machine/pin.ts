/**
 * The PSCI version of a machine: set, read back, compared, and from then on out of everybody's reach.
 *
 * KVM would take another version at any time, so the last step closes the VM's firmware registers for good. This is
 * the only place outside the probe's scratch VMs that writes one.
 */
import { check, EINVAL, ENOENT } from '../kvm/errno.ts';
import { PSCI_VERSION } from '../kvm/registers.ts';
import type { Vcpu } from '../kvm/vcpu.ts';
import type { Vm } from '../kvm/vm.ts';
import { fromRegisterValue, type PsciVersion, toRegisterValue } from '../psci/versions.ts';
import { PsciVersionError } from './errors.ts';

/** PSCI 0.1 has no version register: the guest would learn its functions from the device tree. */
export function assertPinnable(version: PsciVersion): void {
  if (version !== '0.1') return;
  throw new PsciVersionError(
    'PSCI_VERSION_NOT_SUPPORTED',
    'Machines have PSCI 0.2 or later: choose another version.',
  );
}

/**
 * Every vCPU of `vm` is initialised with the PSCI_0_2 feature, and none has run.
 * @returns the version as KVM gives it back
 * @throws PsciVersionError
 */
export function pinPsci(
  vm: Pick<Vm, 'lockFirmware'>,
  bootVcpu: Pick<Vcpu, 'setFirmwareRegister' | 'getRegister'>,
  version: PsciVersion,
): PsciVersion {
  const wanted = toRegisterValue(version);
  const result = bootVcpu.setFirmwareRegister(PSCI_VERSION, wanted);
  if (result === -EINVAL) {
    throw new PsciVersionError(
      'PSCI_VERSION_NOT_SUPPORTED',
      `This host's KVM does not offer PSCI ${version}: start the guest on a host that does, or change its version.`,
    );
  }
  if (result === -ENOENT) {
    throw new PsciVersionError(
      'PSCI_VERSION_NOT_SUPPORTED',
      "This host's KVM cannot fix a PSCI version: it needs Linux 4.17 or later.",
    );
  }
  check(result, 'writing the PSCI version');
  const value = bootVcpu.getRegister(PSCI_VERSION);
  if (value !== wanted) {
    const actual = fromRegisterValue(value) ?? `0x${value.toString(16)}`;
    throw new PsciVersionError(
      'PSCI_MISMATCH',
      `KVM accepted PSCI ${version} and then answered ${actual}: this host cannot be trusted with the guest.`,
    );
  }
  vm.lockFirmware();
  return version;
}
