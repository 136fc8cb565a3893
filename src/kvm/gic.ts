/**
 * The in-kernel GICv3 (Documentation/virt/kvm/devices/arm-vgic-v3.rst).
 *
 *     created ──▶ placed and sized ──init──▶ ready ──▶ closed
 *
 * Made after every vCPU (KVM_CREATE_VCPU answers EBUSY once it is ready) and before any of them runs.
 */
import {
  KVM_DEV_ARM_VGIC_CTRL_INIT,
  KVM_DEV_ARM_VGIC_GRP_ADDR,
  KVM_DEV_ARM_VGIC_GRP_CTRL,
  KVM_DEV_ARM_VGIC_GRP_NR_IRQS,
  KVM_VGIC_V3_ADDR_TYPE_DIST,
  KVM_VGIC_V3_ADDR_TYPE_REDIST,
  kvmDeviceAttr,
} from './abi.ts';
import { Descriptor } from './descriptor.ts';
import { check, EINVAL, ENODEV, ENXIO } from './errno.ts';
import { KVM_GET_DEVICE_ATTR, KVM_SET_DEVICE_ATTR } from './ioctls.ts';
import { addressOf, ioctlStruct } from './libc.ts';
import { Struct } from './struct.ts';

/**
 * ENXIO for an attribute that the kernel does not know, EINVAL for a register that this GIC has not (ICC_AP0R1_EL1 with
 * five bits of priority), ENODEV from 6.x on.
 */
const ABSENT: readonly number[] = [ENXIO, EINVAL, ENODEV];

export interface GicPlacement {
  /** Guest physical address of the distributor's 64 KiB. */
  readonly distributor: number;
  /** Guest physical address of the redistributors, 128 KiB for each vCPU. */
  readonly redistributors: number;
  /** Interrupts, private ones included: a multiple of 32 from 64 to 1024. */
  readonly interrupts: number;
}

export class Gic implements Disposable {
  readonly #descriptor: Descriptor;

  /** Takes over `fd`. */
  constructor(fd: number) {
    this.#descriptor = new Descriptor(fd, 'GIC');
  }

  /** @throws KvmError */
  init({ distributor, redistributors, interrupts }: GicPlacement): void {
    this.#set(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, BigInt(distributor));
    this.#set(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_REDIST, BigInt(redistributors));
    this.#set(KVM_DEV_ARM_VGIC_GRP_NR_IRQS, 0, BigInt(interrupts));
    this.#set(KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT, 0n);
  }

  /**
   * A register or a level of the saved groups, `bits` wide; null where this kernel or this GIC has none. No vCPU may be
   * running, or the answer is EBUSY.
   * @throws KvmError
   */
  read(group: number, attr: bigint, bits: 32 | 64): bigint | null {
    const attribute = attributeFor(group, attr);
    const result = ioctlStruct(this.#descriptor.fd, KVM_GET_DEVICE_ATTR, attribute.buffer);
    if (ABSENT.includes(-result)) return null;
    check(result, `KVM_GET_DEVICE_ATTR ${group}/0x${attr.toString(16)} of the GIC`);
    return bits === 32
      ? BigInt(attribute.view.getUint32(kvmDeviceAttr.size, true))
      : attribute.view.getBigUint64(kvmDeviceAttr.size, true);
  }

  /** The counterpart of `read`: 0 or a negated errno. */
  write(group: number, attr: bigint, value: bigint): number {
    const attribute = attributeFor(group, attr);
    attribute.view.setBigUint64(kvmDeviceAttr.size, value, true);
    return ioctlStruct(this.#descriptor.fd, KVM_SET_DEVICE_ATTR, attribute.buffer);
  }

  close(): void {
    this.#descriptor.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** An address is 8 bytes, an interrupt count the first 4 of them; the kernel takes nothing for INIT. */
  #set(group: number, attr: number, value: bigint): void {
    check(this.write(group, BigInt(attr), value), `KVM_SET_DEVICE_ATTR ${group}/${attr} of the GIC`);
  }
}

/** The value lies behind the structure in the same buffer, so that what holds one holds the other. */
function attributeFor(group: number, attr: bigint): Struct<typeof kvmDeviceAttr.fields> {
  const attribute = new Struct(kvmDeviceAttr, 8);
  return attribute.set({ group, attr, addr: BigInt(addressOf(attribute.buffer) + kvmDeviceAttr.size) });
}
