/**
 * PSCI versions as KVM/arm64 knows them, and their encodings.
 *
 * A version is written `major.minor` everywhere in Holdfast; KVM's pseudo register and the guest-visible
 * PSCI_VERSION return `major << 16 | minor` (PSCI specification, DEN0022, section 5.1.1). 0.1 has no PSCI_VERSION
 * function; KVM uses 0x1 for it (arch/arm64/include/uapi/asm/kvm.h and include/kvm/arm_psci.h, KVM_ARM_PSCI_0_1).
 */

export const PSCI_VERSIONS = ['0.1', '0.2', '1.0', '1.1', '1.2', '1.3'] as const;

export type PsciVersion = (typeof PSCI_VERSIONS)[number];

/** The oldest version a guest may have without `allowInsecure`: below it Linux finds no SMCCC 1.1 mitigations. */
export const SECURITY_FLOOR: PsciVersion = '1.0';

/** What a VM gets when no pin and no policy says otherwise: every kernel from 5.18 on accepts it. */
export const FLEET_DEFAULT: PsciVersion = '1.1';

/** The oldest version whose SYSTEM_OFF2 lets the host tell hibernation from power-off. */
export const HIBERNATE_DETECTION_FROM: PsciVersion = '1.3';

export function isPsciVersion(value: unknown): value is PsciVersion {
  return PSCI_VERSIONS.some((version) => version === value);
}

/** Negative when `a` is older than `b`, 0 when equal, positive when newer. */
export function comparePsciVersions(a: PsciVersion, b: PsciVersion): number {
  return PSCI_VERSIONS.indexOf(a) - PSCI_VERSIONS.indexOf(b);
}

/** The value of KVM_REG_ARM_PSCI_VERSION for a version. */
export function toRegisterValue(version: PsciVersion): bigint {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return version === '0.1' ? 1n : BigInt((major << 16) | minor);
}

/** The version a register value stands for, or null for one that Holdfast does not know. */
export function fromRegisterValue(value: bigint): PsciVersion | null {
  return PSCI_VERSIONS.find((version) => toRegisterValue(version) === value) ?? null;
}

export function isInsecure(version: PsciVersion): boolean {
  return comparePsciVersions(version, SECURITY_FLOOR) < 0;
}

/** Whether a guest has a call to power off or reset: 0.1 has neither (DEN0022, section 5.1). */
export function canPowerOff(version: PsciVersion): boolean {
  return version !== '0.1';
}

export function detectsHibernation(version: PsciVersion): boolean {
  return comparePsciVersions(version, HIBERNATE_DETECTION_FROM) >= 0;
}
