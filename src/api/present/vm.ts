import { currentPin, pinLock, pinQuestion } from '../../control/policies/pin.ts';
import type { VmRecord } from '../../control/vms/vm-query.ts';
import { resolvePin } from '../../psci/policy.ts';
import { detectsHibernation, type PsciVersion } from '../../psci/versions.ts';
import type { Vm, VmPsci } from '../schemas/vm.ts';

export function presentVm(vm: VmRecord): Vm {
  return {
    id: vm.id,
    name: vm.name,
    labels: vm.labels,
    vcpus: vm.vcpus,
    memoryMiB: vm.memoryMiB,
    imageId: vm.imageId,
    cmdline: vm.cmdline,
    disks: vm.disks,
    nics: vm.nics,
    vsock: vm.vsock,
    vsockCid: vm.vsockCid,
    psci: {
      policy: vm.psciPolicy,
      ...(vm.psciVersion === null ? {} : { version: vm.psciVersion }),
      allowInsecure: vm.psciAllowInsecure,
      allowMissingRegisters: vm.psciAllowMissing,
      systemSuspend: vm.psciSystemSuspend,
      ...presentPin(vm),
      fingerprint: vm.fingerprint?.digest ?? null,
    },
    firmware: vm.firmware,
    snapshotId: vm.snapshotId,
    restoring: vm.restoring,
    onGuest: vm.onGuest,
    hostSelector: vm.hostSelector,
    onDrain: vm.onDrain,
    powerState: vm.powerState,
    phase: vm.phase,
    reason: vm.reason,
    hibernation: vm.hibernation,
    hostId: vm.hostId,
    bootId: vm.bootId,
    generation: vm.generation,
    observedGeneration: vm.observedGeneration,
    deleting: vm.deleting,
    createdAt: vm.createdAt.toISOString(),
    updatedAt: vm.updatedAt.toISOString(),
  };
}

/** `host`: where the VM is or was, when it is bound to a host. */
export function presentVmPsci(
  vm: VmRecord,
  host: { psciAccepted: readonly PsciVersion[]; psciDefault: PsciVersion } | null,
  hosts: { total: number; byVersion: Readonly<Record<string, number>> },
): VmPsci {
  const { pin, why, candidates } = resolvePin(pinQuestion(vm, host));
  const lock = pinLock(vm);
  return {
    policy: vm.psciPolicy,
    ...presentPin(vm),
    next:
      pin === null
        ? null
        : {
            ...pin,
            why,
            hosts: { accepting: hosts.byVersion[pin.version] ?? 0, total: hosts.total },
          },
    candidates: candidates.map((candidate) => ({ ...candidate })),
    locked:
      lock === null
        ? null
        : { code: lock.refusal.code, detail: lock.refusal.message, overridable: lock.overridable },
  };
}

function presentPin(vm: VmRecord) {
  const pin = currentPin(vm);
  const recorded = vm.psciEffective !== null && vm.psciSource !== null;
  return {
    effective: pin?.version ?? null,
    source: pin?.source ?? null,
    policyRevision: pin?.policyRevision ?? null,
    why: recorded ? vm.psciWhy : resolvePin(pinQuestion(vm, null)).why,
    pinnedAt: vm.psciPinnedAt?.toISOString() ?? null,
    hibernateDetection: pin !== null && detectsHibernation(pin.version),
  };
}
