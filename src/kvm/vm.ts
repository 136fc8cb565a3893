/**
 * A VM of KVM: its memory, vCPUs, interrupt controller and event descriptors.
 *
 * The VM's memory and file descriptors last until every handle made from it is closed as well, so close those too.
 * Its ioctls may come from any thread; this handle belongs to the one that made it.
 */
import {
  KVM_ARM_IRQ_TYPE_CPU,
  KVM_ARM_IRQ_TYPE_SHIFT,
  KVM_ARM_IRQ_VCPU_SHIFT,
  KVM_DEV_TYPE_ARM_VGIC_V3,
  KVM_IOEVENTFD_FLAG_DATAMATCH,
  kvmCreateDevice,
  kvmEnableCap,
  kvmIoeventfd,
  kvmIrqfd,
  kvmIrqLevel,
  kvmUserspaceMemoryRegion,
  kvmVcpuInit,
} from './abi.ts';
import { Descriptor } from './descriptor.ts';
import { check } from './errno.ts';
import { FirmwareLock } from './firmware-lock.ts';
import { Gic } from './gic.ts';
import {
  type Ioctl,
  KVM_ARM_PREFERRED_TARGET,
  KVM_CREATE_DEVICE,
  KVM_CREATE_VCPU,
  KVM_ENABLE_CAP,
  KVM_IOEVENTFD,
  KVM_IRQ_LINE,
  KVM_IRQFD,
  KVM_SET_USER_MEMORY_REGION,
} from './ioctls.ts';
import { type Address, ioctl, ioctlStruct } from './libc.ts';
import { Struct } from './struct.ts';
import { Vcpu } from './vcpu.ts';

export interface MemoryRegion {
  readonly slot: number;
  /** Guest physical address, a multiple of the host's page size. */
  readonly guestAddress: number;
  /** Bytes, likewise. */
  readonly size: number;
  /** The memory in this process; it must stay mapped until the VM is gone. */
  readonly address: Address;
}

export interface Doorbell {
  readonly eventFd: number;
  /** Guest physical address of the register. */
  readonly address: number;
  /** Bytes that the guest must write at once. */
  readonly length: 1 | 2 | 4 | 8;
  /** The value that rings; others come as ordinary MMIO exits. */
  readonly value: bigint;
}

export class Vm implements Disposable {
  readonly #descriptor: Descriptor;
  readonly #runSize: number;
  readonly #firmware = new FirmwareLock();

  /** Takes over `fd`. `runSize` is what KVM_GET_VCPU_MMAP_SIZE says. */
  constructor(fd: number, runSize: number) {
    this.#descriptor = new Descriptor(fd, 'VM');
    this.#runSize = runSize;
  }

  /** For `InterruptLine`s in other threads; they leave closing to this handle. */
  get fd(): number {
    return this.#descriptor.fd;
  }

  /** @throws KvmError */
  setMemoryRegion({ slot, guestAddress, size, address }: MemoryRegion): void {
    const region = new Struct(kvmUserspaceMemoryRegion).set({
      slot,
      guest_phys_addr: BigInt(guestAddress),
      memory_size: BigInt(size),
      userspace_addr: BigInt(address),
    });
    this.#call(KVM_SET_USER_MEMORY_REGION, region);
  }

  /** Enables a capability of this VM that takes no arguments; before its first vCPU. @throws KvmError */
  enable(capability: number): void {
    this.#call(KVM_ENABLE_CAP, new Struct(kvmEnableCap).set({ cap: capability }));
  }

  /** The kind of vCPU that this host runs best, for `Vcpu.init`. @throws KvmError */
  preferredTarget(): number {
    const init = new Struct(kvmVcpuInit);
    this.#call(KVM_ARM_PREFERRED_TARGET, init);
    return init.get('target');
  }

  /** @throws KvmError */
  createVcpu(index: number): Vcpu {
    const fd = check(ioctl(this.#descriptor.fd, KVM_CREATE_VCPU, index), 'KVM_CREATE_VCPU');
    return new Vcpu(fd, this.#runSize, this.#firmware);
  }

  /** From here on no firmware register of this VM can be written, through whichever vCPU. There is no way back. */
  lockFirmware(): void {
    this.#firmware.lock();
  }

  /** @throws KvmError */
  createGic(): Gic {
    const device = new Struct(kvmCreateDevice).set({ type: KVM_DEV_TYPE_ARM_VGIC_V3 });
    this.#call(
      KVM_CREATE_DEVICE,
      device,
      'Guests need a GICv3: use a host whose interrupt controller is one.',
    );
    return new Gic(device.get('fd'));
  }

  /** Raises the interrupt pin of a vCPU of a VM without a GIC, so that no WFI of it waits. @throws KvmError */
  raisePin(vcpu: number): void {
    const irq = (KVM_ARM_IRQ_TYPE_CPU << KVM_ARM_IRQ_TYPE_SHIFT) | (vcpu << KVM_ARM_IRQ_VCPU_SHIFT);
    this.#call(KVM_IRQ_LINE, new Struct(kvmIrqLevel).set({ irq, level: 1 }));
  }

  /** Lets a write to `eventFd` pulse a shared interrupt; `spi` counts from 0, which is INTID 32. @throws KvmError */
  bindInterrupt(eventFd: number, spi: number): void {
    this.#call(KVM_IRQFD, new Struct(kvmIrqfd).set({ fd: eventFd, gsi: spi }));
  }

  /** Turns a write of the guest to a device's register into a write to an eventfd, without an exit. @throws KvmError */
  bindDoorbell({ eventFd, address, length, value }: Doorbell): void {
    const doorbell = new Struct(kvmIoeventfd).set({
      datamatch: value,
      addr: BigInt(address),
      len: length,
      fd: eventFd,
      flags: KVM_IOEVENTFD_FLAG_DATAMATCH,
    });
    this.#call(KVM_IOEVENTFD, doorbell);
  }

  close(): void {
    this.#descriptor.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** `argument` has the size that the request's number says, and holds no address but that of guest memory. */
  #call(request: Ioctl, argument: { readonly buffer: ArrayBuffer }, advice?: string): void {
    check(ioctlStruct(this.#descriptor.fd, request, argument.buffer), request.name, advice);
  }
}
