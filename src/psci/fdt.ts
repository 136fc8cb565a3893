/**
 * The device tree's /psci node for each version, by Documentation/devicetree/bindings/arm/psci.yaml of Linux.
 *
 * A guest looks for the newest `compatible` it knows and then asks PSCI_VERSION; only 0.1 has function identifiers in
 * the tree, since it has no way to ask.
 */
import { comparePsciVersions, type PsciVersion } from './versions.ts';

export interface PsciNode {
  /** Newest first. */
  readonly compatible: readonly string[];
  /** The conduit: KVM guests call by HVC. */
  readonly method: 'hvc';
  /** Property name to function identifier; empty from 0.2 on. */
  readonly functions: Readonly<Record<string, number>>;
}

/** KVM_PSCI_FN_BASE, arch/arm64/include/uapi/asm/kvm.h: KVM answers 0.1 calls at these identifiers. */
const KVM_PSCI_FN_BASE = 0x95c1ba5e;

export function psciNode(version: PsciVersion): PsciNode {
  if (version === '0.1')
    return {
      compatible: ['arm,psci'],
      method: 'hvc',
      functions: {
        cpu_suspend: KVM_PSCI_FN_BASE,
        cpu_off: KVM_PSCI_FN_BASE + 1,
        cpu_on: KVM_PSCI_FN_BASE + 2,
        migrate: KVM_PSCI_FN_BASE + 3,
      },
    };
  const compatible = ['arm,psci-0.2', 'arm,psci'];
  if (comparePsciVersions(version, '1.0') >= 0) compatible.unshift('arm,psci-1.0');
  return { compatible, method: 'hvc', functions: {} };
}
