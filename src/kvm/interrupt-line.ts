/** A level-triggered interrupt of the guest. */
import { KVM_ARM_IRQ_TYPE_SHIFT, KVM_ARM_IRQ_TYPE_SPI, kvmIrqLevel } from './abi.ts';
import { check } from './errno.ts';
import { KVM_IRQ_LINE } from './ioctls.ts';
import { ioctlStruct } from './libc.ts';
import { Struct } from './struct.ts';

/** The level of one shared interrupt, for whichever thread makes this object. */
export class InterruptLine {
  readonly #vmFd: number;
  readonly #level: Struct<typeof kvmIrqLevel.fields>;

  /** `spi` counts from 0, which is INTID 32. */
  constructor(vmFd: number, spi: number) {
    this.#vmFd = vmFd;
    const irq = ((KVM_ARM_IRQ_TYPE_SPI << KVM_ARM_IRQ_TYPE_SHIFT) | (32 + spi)) >>> 0;
    this.#level = new Struct(kvmIrqLevel).set({ irq });
  }

  /** @throws KvmError */
  raise(): void {
    this.#set(1);
  }

  /** @throws KvmError */
  lower(): void {
    this.#set(0);
  }

  /** KVM_IRQ_LINE is a call on the VM, so any thread may make it. */
  #set(level: number): void {
    this.#level.set({ level });
    check(ioctlStruct(this.#vmFd, KVM_IRQ_LINE, this.#level.buffer), 'KVM_IRQ_LINE');
  }
}
