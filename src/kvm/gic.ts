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
import { check } from './errno.ts';
import { KVM_SET_DEVICE_ATTR } from './ioctls.ts';
import { addressOf, ioctlStruct } from './libc.ts';
import { Struct } from './struct.ts';

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

  close(): void {
    this.#descriptor.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /**
   * The value lies behind the structure in the same buffer, so that what holds one holds the other. An
   * address is 8 bytes, an interrupt count the first 4 of them; the kernel takes nothing for INIT.
   */
  #set(group: number, attr: number, value: bigint): void {
    const attribute = new Struct(kvmDeviceAttr, 8);
    const addr = BigInt(addressOf(attribute.buffer) + kvmDeviceAttr.size);
    attribute.set({ group, attr: BigInt(attr), addr });
    attribute.view.setBigUint64(kvmDeviceAttr.size, value, true);
    const result = ioctlStruct(this.#descriptor.fd, KVM_SET_DEVICE_ATTR, attribute.buffer);
    check(result, `KVM_SET_DEVICE_ATTR ${group}/${attr} of the GIC`);
  }
}
