/**
 * A guest's CPUs as it knows them, on another kernel.
 *
 * A newer kernel shows a guest more of the same CPU. A kernel that boots takes what there is; one that goes on, out of a
 * snapshot or out of a hibernation image, decided at its own boot what its CPUs have. Linux then stops a CPU that has
 * come to differ (arch/arm64/kernel/cpufeature.c, verify_local_cpu_capabilities), and hangs. So for a guest that goes on,
 * the ID registers are written as they were recorded.
 */

import { meaningfulIds } from '../kvm/id-registers.ts';
import type { Vcpu } from '../kvm/vcpu.ts';
import { type IdRegisters, toHex } from '../psci/firmware.ts';

/**
 * Fields that KVM once showed by mistake. It takes them as it showed them, and shows what a guest really has
 * (arch/arm64/kvm/sys_regs.c: set_id_aa64pfr0_el1, set_id_aa64pfr1_el1, set_id_aa64mmfr2_el1).
 */
const TAKEN_BACK: Readonly<Record<string, bigint>> = {
  // MPAM, bits 43–40.
  ID_AA64PFR0_EL1: 0xfn << 40n,
  // MPAM_frac, bits 19–16, and MTE_frac, bits 43–40.
  ID_AA64PFR1_EL1: (0xfn << 16n) | (0xfn << 40n),
  // NV, bits 27–24.
  ID_AA64MMFR2_EL1: 0xfn << 24n,
};

type IdVcpu = Pick<Vcpu, 'findRegister' | 'trySetRegister'>;

export interface HeldIdRegisters {
  /** As recorded where this host takes that, and its own value elsewhere. */
  readonly idRegisters: IdRegisters;
  /** What it did not take, as `NAME 0x… (the host has 0x…)`. */
  readonly refused: readonly string[];
}

/** No vCPU has run. @throws KvmError */
export function holdIdRegisters(vcpus: readonly IdVcpu[], recorded: IdRegisters): HeldIdRegisters {
  const held: Record<string, string> = { ...recorded };
  const refused: string[] = [];
  for (const [id, name] of meaningfulIds(recorded)) {
    const wanted = BigInt(recorded[name] ?? 0);
    const found = vcpus.map((vcpu) => hold(vcpu, id, wanted, TAKEN_BACK[name] ?? 0n));
    const other = found.find((value) => value !== null);
    if (other === undefined) continue;
    refused.push(`${name} ${toHex(wanted)} (the host has ${toHex(other)})`);
    held[name] = toHex(other);
  }
  return { idRegisters: held, refused };
}

/** Null once the vCPU has the value; what it has instead where the kernel does not take it. */
function hold(vcpu: IdVcpu, id: bigint, wanted: bigint, takenBack: bigint): bigint | null {
  const own = vcpu.findRegister(id) ?? 0n;
  if (own === wanted) return null;
  if (vcpu.trySetRegister(id, wanted) !== 0) return own;
  const found = vcpu.findRegister(id) ?? 0n;
  return ((found ^ wanted) & ~takenBack) === 0n ? null : found;
}
