/**
 * The firmware interface of a machine: set, read back, compared, and from then on out of everybody's reach.
 *
 *     vCPUs initialised ──▶ PSCI version ──▶ registers ──▶ ID registers ──▶ topology read ──▶ locked
 *
 * KVM would take another version at any time, so the last step closes the VM's firmware registers for good. This is
 * the only place outside the probe's scratch VMs that writes one.
 */
import { release } from 'node:os';
import { check, EINVAL, ENOENT } from '../kvm/errno.ts';
import { readFirmware, registerId } from '../kvm/firmware.ts';
import { readIdRegisters } from '../kvm/id-registers.ts';
import { MPIDR_AFFINITY, MPIDR_EL1, PSCI_VERSION } from '../kvm/registers.ts';
import type { Vcpu } from '../kvm/vcpu.ts';
import type { Vm } from '../kvm/vm.ts';
import {
  carryFirmware,
  FIRMWARE_REGISTER_NAMES,
  FIRMWARE_REGISTERS,
  type FirmwareAbi,
  type FirmwareRegister,
  firmwareFor,
  type IdRegisters,
  missingRegister,
  registerToWrite,
} from '../psci/firmware.ts';
import { fromRegisterValue, type PsciVersion, toRegisterValue } from '../psci/versions.ts';
import { FirmwareError, PsciVersionError } from './errors.ts';
import { type HeldIdRegisters, holdIdRegisters } from './id-registers.ts';

/** What a machine is to have, of `MachineConfig`. */
export interface FirmwareChoice {
  readonly psci: PsciVersion;
  readonly systemSuspend: boolean;
  readonly firmware: FirmwareAbi | null;
  readonly allowMissingRegisters: boolean;
  readonly requireIdRegisters: boolean;
}

export interface FixedFirmware {
  /** As it reads back: what a guest sees. */
  readonly firmware: FirmwareAbi;
  /** ID registers that are not what was recorded, where that is not required. */
  readonly otherIdRegisters: readonly string[];
}

type FirmwareVcpu = Pick<Vcpu, 'setFirmwareRegister' | 'getRegister' | 'findRegister' | 'trySetRegister'>;

/**
 * Every vCPU of `vm` is initialised, with the PSCI_0_2 feature unless the version is 0.1, and none has run.
 * @throws PsciVersionError, FirmwareError
 */
export function fixFirmware(
  vm: Pick<Vm, 'lockFirmware'>,
  vcpus: readonly [FirmwareVcpu, ...FirmwareVcpu[]],
  choice: FirmwareChoice,
): FixedFirmware {
  const { psci, systemSuspend, allowMissingRegisters, requireIdRegisters } = choice;
  const boot = { psci, systemSuspend, vcpus: vcpus.length };
  const [bootVcpu] = vcpus;
  pinPsci(bootVcpu, psci);
  const wanted = choice.firmware === null ? null : carryFirmware(choice.firmware, boot);
  if (wanted !== null) writeRegisters(bootVcpu, wanted, allowMissingRegisters);
  const registers = readFirmware(bootVcpu);
  const { idRegisters, refused } = fixIdRegisters(vcpus, wanted?.idRegisters, requireIdRegisters);
  const found = firmwareFor(boot, registers, idRegisters);
  const firmware = wanted === null ? found : { ...wanted, registers, idRegisters };
  for (const [index, vcpu] of vcpus.entries()) {
    compareTopology(index, readAffinity(vcpu), firmware.mpidrs[index]);
  }
  vm.lockFirmware();
  return { firmware, otherIdRegisters: refused };
}

function fixIdRegisters(
  vcpus: readonly [FirmwareVcpu, ...FirmwareVcpu[]],
  recorded: IdRegisters | undefined,
  required: boolean,
): HeldIdRegisters {
  if (recorded === undefined) return { idRegisters: readIdRegisters(vcpus[0]), refused: [] };
  const held = holdIdRegisters(vcpus, recorded);
  if (required && held.refused.length > 0) {
    throw new FirmwareError(
      'FIRMWARE_VALUE_REFUSED',
      `${kernel()} cannot show the guest the CPU that it goes on with; it does not take ${held.refused.join(', ')}. ` +
        'Start the guest on a host with a CPU and a kernel like those it ran on.',
    );
  }
  return held;
}

function pinPsci(bootVcpu: FirmwareVcpu, version: PsciVersion): void {
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
}

function writeRegisters(vcpu: FirmwareVcpu, wanted: FirmwareAbi, allowMissing: boolean): void {
  for (const name of FIRMWARE_REGISTER_NAMES) {
    const recorded = wanted.registers[name];
    if (vcpu.findRegister(registerId(name)) === null) {
      refuseMissing(name, recorded, allowMissing);
      continue;
    }
    const value = registerToWrite(name, recorded);
    if (value !== null) writeRegister(vcpu, name, value);
  }
}

function refuseMissing(name: FirmwareRegister, recorded: string | null, allowMissing: boolean): void {
  const reason = missingRegister(name, recorded, allowMissing);
  if (reason === null) return;
  const advice =
    reason === 'NOT_ALLOWED'
      ? 'It was as a kernel starts it: start the guest on a host that has it, or set psci.allowMissingRegisters.'
      : 'Start the guest on a host that has it.';
  throw new FirmwareError(
    'FIRMWARE_REGISTER_MISSING',
    `The guest was recorded with firmware register ${name} = ${recorded}, which ${kernel()} does not have. ${advice}`,
  );
}

function writeRegister(vcpu: FirmwareVcpu, name: FirmwareRegister, value: bigint): void {
  const text = `${name} = 0x${value.toString(16)}`;
  const result = vcpu.setFirmwareRegister(registerId(name), value);
  if (result === -EINVAL) {
    const why =
      FIRMWARE_REGISTERS[name].kind === 'level'
        ? 'this host protects its guests less than the guest was told'
        : 'it does not offer all the services that the guest had';
    throw new FirmwareError(
      'FIRMWARE_VALUE_REFUSED',
      `${kernel()} refuses firmware register ${text}, recorded with the guest: ${why}. ` +
        'Start the guest on a host that accepts it.',
    );
  }
  check(result, `writing the firmware register ${text}`);
  // A level is not kept by KVM: this host reaches it or more, and the guest is told what the host has.
  if (FIRMWARE_REGISTERS[name].kind === 'level') return;
  const found = vcpu.getRegister(registerId(name));
  if (found !== value) {
    throw new FirmwareError(
      'FIRMWARE_MISMATCH',
      `${kernel()} accepted firmware register ${text} and then answered 0x${found.toString(16)}: this host cannot be ` +
        'trusted with the guest.',
    );
  }
}

function readAffinity(vcpu: FirmwareVcpu): number {
  return Number(vcpu.getRegister(MPIDR_EL1) & MPIDR_AFFINITY);
}

function compareTopology(index: number, found: number, wanted: number | undefined): void {
  if (found === wanted) return;
  throw new FirmwareError(
    'FIRMWARE_MISMATCH',
    `vCPU ${index} has affinity 0x${found.toString(16)} on ${kernel()}; the guest knows it as ` +
      `0x${wanted?.toString(16)}. Start the guest on a host that numbers its vCPUs as before.`,
  );
}

function kernel(): string {
  return `Linux ${release()}`;
}
