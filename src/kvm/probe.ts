/** What this host's KVM makes of each PSCI version, found out on scratch VMs: a release number would not tell. */
import type { FirmwareRegisters } from '../psci/firmware.ts';
import { fromRegisterValue, PSCI_VERSIONS, type PsciVersion, toRegisterValue } from '../psci/versions.ts';
import { KVM_CAP_ARM_SYSTEM_SUSPEND } from './abi.ts';
import { readFirmware } from './firmware.ts';
import { Kvm } from './kvm.ts';
import { PSCI_VERSION } from './registers.ts';
import type { Vcpu } from './vcpu.ts';

export interface PsciProbe {
  /** Versions that a VM took and read back, oldest first. */
  readonly accepted: PsciVersion[];
  /** What a VM has when nobody writes the register. */
  readonly default: PsciVersion;
  /** What the other firmware registers hold when nobody writes them. */
  readonly registers: FirmwareRegisters;
  /** Whether a VM's guest can be given SYSTEM_SUSPEND. */
  readonly systemSuspend: boolean;
}

/**
 * Takes a few milliseconds; runs nothing.
 * @throws KvmError
 */
export function probePsci(): PsciProbe {
  using kvm = Kvm.open();
  return {
    systemSuspend: kvm.extension(KVM_CAP_ARM_SYSTEM_SUSPEND) > 0,
    accepted: PSCI_VERSIONS.filter((version) =>
      withScratchVcpu(kvm, version !== '0.1', (vcpu) => takes(vcpu, version)),
    ),
    ...withScratchVcpu(kvm, true, (vcpu) => ({ default: readDefault(vcpu), registers: readFirmware(vcpu) })),
  };
}

function takes(vcpu: Vcpu, version: PsciVersion): boolean {
  const value = toRegisterValue(version);
  return vcpu.setFirmwareRegister(PSCI_VERSION, value) === 0 && vcpu.getRegister(PSCI_VERSION) === value;
}

function readDefault(vcpu: Vcpu): PsciVersion {
  const value = vcpu.getRegister(PSCI_VERSION);
  const version = fromRegisterValue(value);
  if (version === null)
    throw new Error(`KVM's default PSCI version 0x${value.toString(16)} is not known here.`);
  return version;
}

/** 0.1 is the version of vCPUs without the feature, and of no others. */
function withScratchVcpu<T>(kvm: Kvm, psci02: boolean, use: (vcpu: Vcpu) => T): T {
  using vm = kvm.createVm();
  using vcpu = vm.createVcpu(0);
  vcpu.init({ target: vm.preferredTarget(), psci02, startsOff: false });
  return use(vcpu);
}
