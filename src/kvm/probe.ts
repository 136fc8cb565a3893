/** What this host's KVM makes of each PSCI version, found out on scratch VMs: a release number would not tell. */
import {
  comparePsciVersions,
  fromRegisterValue,
  PSCI_VERSIONS,
  type PsciVersion,
  toRegisterValue,
} from '../psci/versions.ts';
import { Kvm } from './kvm.ts';
import { PSCI_VERSION } from './registers.ts';
import type { Vcpu } from './vcpu.ts';

export interface PsciProbe {
  /** Versions that a VM took and read back, oldest first. 0.1 is not among them: it has no register value to take. */
  readonly accepted: PsciVersion[];
  /** What a VM has when nobody writes the register. */
  readonly default: PsciVersion;
}

/**
 * Takes a few milliseconds; runs nothing.
 * @throws KvmError
 */
export function probePsci(): PsciProbe {
  using kvm = Kvm.open();
  const candidates = PSCI_VERSIONS.filter((version) => comparePsciVersions(version, '0.2') >= 0);
  return {
    accepted: candidates.filter((version) => withScratchVcpu(kvm, (vcpu) => takes(vcpu, version))),
    default: withScratchVcpu(kvm, readDefault),
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

function withScratchVcpu<T>(kvm: Kvm, use: (vcpu: Vcpu) => T): T {
  using vm = kvm.createVm();
  using vcpu = vm.createVcpu(0);
  vcpu.init({ target: vm.preferredTarget(), psci02: true, startsOff: false });
  return use(vcpu);
}
