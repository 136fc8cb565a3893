/**
 * The state of the in-kernel GICv3 (Documentation/virt/kvm/devices/arm-vgic-v3.rst, and GICv3's own registers in Arm
 * IHI 0069). There is no ITS, so no LPI tables; the registers that only they use are not saved.
 *
 * An interrupt on its way through an irqfd may not have arrived when this is read: KVM delivers it from a work queue.
 * Whoever restores raises the interrupts of all virtio devices once more, which a driver takes for what it is.
 */
import {
  KVM_DEV_ARM_VGIC_GRP_CPU_SYSREGS,
  KVM_DEV_ARM_VGIC_GRP_DIST_REGS,
  KVM_DEV_ARM_VGIC_GRP_LEVEL_INFO,
  KVM_DEV_ARM_VGIC_GRP_REDIST_REGS,
  KVM_DEV_ARM_VGIC_V3_MPIDR_SHIFT,
} from '../../kvm/abi.ts';
import { errnoName } from '../../kvm/errno.ts';
import type { Gic } from '../../kvm/gic.ts';
import { closed, integer, list, type Shaped, text } from '../../wire/shape.ts';
import { RestoreError } from '../errors.ts';
import { GIC_INTERRUPTS } from '../layout.ts';

export const gicState = closed({
  interrupts: integer(),
  /** In the order in which they are written. */
  attributes: list(
    closed({
      group: integer(),
      /** Hexadecimal digits, and so is the value. */
      attr: text,
      value: text,
    }),
  ),
});
export type GicState = Shaped<typeof gicState>;

interface Attribute {
  readonly group: number;
  readonly attr: bigint;
  readonly bits: 32 | 64;
}

const PRIVATE = 32;

/** GICD_IIDR first: it says whose behaviour the others are saved from (arm-vgic-v3.rst). Then GICD_CTLR, STATUSR. */
const DISTRIBUTOR = [
  0x0008,
  0x0000,
  0x0010,
  ...bitmaps(0x0080, 1), // IGROUPR
  ...bitmaps(0x0c00, 2), // ICFGR
  ...bitmaps(0x0400, 8), // IPRIORITYR
  ...range(0x6000 + 8 * PRIVATE, 2 * (GIC_INTERRUPTS - PRIVATE)), // IROUTER, in halves
  ...bitmaps(0x0100, 1), // ISENABLER
  ...bitmaps(0x0200, 1), // ISPENDR
  ...bitmaps(0x0300, 1), // ISACTIVER
];

/** The redistributor's own frame, then its frame of private interrupts, 64 KiB on. */
const REDISTRIBUTOR = [
  0x0000, // CTLR
  0x0010, // STATUSR
  0x0014, // WAKER
  0x1_0080, // IGROUPR0
  0x1_0c00, // ICFGR0
  0x1_0c04, // ICFGR1
  ...range(0x1_0400, 8), // IPRIORITYR
  0x1_0100, // ISENABLER0
  0x1_0200, // ISPENDR0
  0x1_0300, // ISACTIVER0
];

/** ICC_SRE_EL1 and ICC_CTLR_EL1 first, which say how many of the others there are. */
const CPU_INTERFACE = [
  icc(12, 5), // SRE
  icc(12, 4), // CTLR
  icc(12, 6), // IGRPEN0
  icc(12, 7), // IGRPEN1
  (3 << 14) | (4 << 7) | (6 << 3), // PMR
  icc(8, 3), // BPR0
  icc(12, 3), // BPR1
  ...[0, 1, 2, 3].map((n) => icc(8, 4 + n)), // AP0R0 to 3
  ...[0, 1, 2, 3].map((n) => icc(9, n)), // AP1R0 to 3
];

/** `perWord`: words for each 32 interrupts; the private ones are the redistributors'. */
function bitmaps(base: number, perWord: number): number[] {
  return range(base + 4 * perWord, ((GIC_INTERRUPTS - PRIVATE) / 32) * perWord);
}

function range(base: number, words: number): number[] {
  return Array.from({ length: words }, (_, i) => base + 4 * i);
}

/** An ICC_*_EL1 of CRn 12. */
function icc(crm: number, op2: number): number {
  return (3 << 14) | (12 << 7) | (crm << 3) | op2;
}

/** Every attribute, in the order in which they are written; line levels last. */
function attributes(vcpus: number): Attribute[] {
  const affinity = (vcpu: number): bigint => BigInt(vcpu) << BigInt(KVM_DEV_ARM_VGIC_V3_MPIDR_SHIFT);
  const each = Array.from({ length: vcpus }, (_, vcpu) => affinity(vcpu));
  const of = (group: number, bits: 32 | 64, attrs: readonly bigint[]): Attribute[] =>
    attrs.map((attr) => ({ group, attr, bits }));
  const perVcpu = (offsets: readonly number[]): bigint[] =>
    each.flatMap((base) => offsets.map((offset) => base | BigInt(offset)));
  const shared = Array.from({ length: GIC_INTERRUPTS / 32 - 1 }, (_, i) => BigInt(32 * (i + 1)));
  return [
    ...of(KVM_DEV_ARM_VGIC_GRP_DIST_REGS, 32, DISTRIBUTOR.map(BigInt)),
    ...of(KVM_DEV_ARM_VGIC_GRP_REDIST_REGS, 32, perVcpu(REDISTRIBUTOR)),
    ...of(KVM_DEV_ARM_VGIC_GRP_CPU_SYSREGS, 64, perVcpu(CPU_INTERFACE)),
    ...of(KVM_DEV_ARM_VGIC_GRP_LEVEL_INFO, 32, [...each, ...shared]),
  ];
}

/** No vCPU runs. What this GIC has not is left out. @throws KvmError */
export function takeGic(gic: Gic, vcpus: number): GicState {
  const taken: GicState['attributes'] = [];
  for (const { group, attr, bits } of attributes(vcpus)) {
    const value = gic.read(group, attr, bits);
    if (value !== null) taken.push({ group, attr: attr.toString(16), value: value.toString(16) });
  }
  return { interrupts: GIC_INTERRUPTS, attributes: taken };
}

/** Onto a GIC that is ready and has delivered nothing. @throws RestoreError SNAPSHOT_REGISTER_REFUSED */
export function restoreGic(gic: Gic, saved: GicState): void {
  if (saved.interrupts !== GIC_INTERRUPTS) {
    throw new RestoreError(
      'SNAPSHOT_MISMATCH',
      `The snapshot's interrupt controller has ${saved.interrupts} interrupts, and this release makes ${GIC_INTERRUPTS}.`,
    );
  }
  for (const { group, attr, value } of saved.attributes) {
    const result = gic.write(group, BigInt(`0x${attr}`), BigInt(`0x${value}`));
    if (result === 0) continue;
    throw new RestoreError(
      'SNAPSHOT_REGISTER_REFUSED',
      `This host's interrupt controller does not take 0x${value} for its attribute ${group}/0x${attr} ` +
        `(${errnoName(-result)}): restore the snapshot on a host like the one it was saved on.`,
    );
  }
}
