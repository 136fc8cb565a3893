/**
 * A vCPU, as the thread that makes the machine holds it: set up, then handed to its own thread.
 *
 *     created ──init──▶ initialised ──handle──▶ runs in its thread ──▶ closed
 *
 * While the vCPU runs, every ioctl on it from another thread waits until it leaves KVM_RUN.
 */
import {
  KVM_ARM_VCPU_POWER_OFF,
  KVM_ARM_VCPU_PSCI_0_2,
  KVM_MP_STATE_RUNNABLE,
  kvmMpState,
  kvmVcpuInit,
} from './abi.ts';
import { Descriptor } from './descriptor.ts';
import { check, ENOENT } from './errno.ts';
import type { FirmwareLock } from './firmware-lock.ts';
import { type Ioctl, KVM_ARM_VCPU_INIT, KVM_GET_MP_STATE, KVM_SET_MP_STATE } from './ioctls.ts';
import { type Address, ioctlStruct, mmapShared, munmap } from './libc.ts';
import { OneReg } from './one-reg.ts';
import { isFirmwareRegister } from './registers.ts';
import { Struct } from './struct.ts';

/** What a vCPU's own thread needs; can be posted to it. Owns nothing. */
export interface VcpuHandle {
  readonly fd: number;
  /** Where `struct kvm_run` is mapped. */
  readonly run: Address;
  /** Bytes mapped there. */
  readonly runSize: number;
}

/** What KVM_ARM_VCPU_INIT is told. Every vCPU of a VM must agree but for `startsOff`. */
export interface VcpuFeatures {
  /** From `Vm.preferredTarget`. */
  readonly target: number;
  /** The guest has PSCI 0.2 or later rather than 0.1. */
  readonly psci02: boolean;
  /** Off until the guest turns it on with CPU_ON. */
  readonly startsOff: boolean;
}

export class Vcpu implements Disposable {
  readonly #descriptor: Descriptor;
  readonly #runSize: number;
  readonly #firmware: FirmwareLock;
  readonly #register = new OneReg();
  #run: Address;
  #features: VcpuFeatures | undefined;

  /** Takes over `fd`. `runSize` is what KVM_GET_VCPU_MMAP_SIZE says. */
  constructor(fd: number, runSize: number, firmware: FirmwareLock) {
    this.#descriptor = new Descriptor(fd, 'vCPU');
    this.#runSize = runSize;
    this.#firmware = firmware;
    const run = mmapShared(fd, runSize);
    if (run < 0) this.close();
    this.#run = check(run, 'mmap of kvm_run');
  }

  get handle(): VcpuHandle {
    return { fd: this.#descriptor.fd, run: this.#run, runSize: this.#runSize };
  }

  /** @throws KvmError */
  init({ target, psci02, startsOff }: VcpuFeatures): void {
    const features = (psci02 ? KVM_ARM_VCPU_PSCI_0_2 : 0) | (startsOff ? KVM_ARM_VCPU_POWER_OFF : 0);
    const argument = new Struct(kvmVcpuInit).set({ target, features });
    check(this.#ioctl(KVM_ARM_VCPU_INIT, argument), 'KVM_ARM_VCPU_INIT');
    this.#features = { target, psci02, startsOff };
  }

  /**
   * Makes the registers those of a vCPU that was just turned on; the firmware registers of the VM stay as they are. It
   * was initialised before. Kernels before Linux 6.4 take no other features than the first time, `startsOff` among
   * them (kvm_vcpu_set_target of arch/arm64/kvm/arm.c), so it is turned on in a step of its own.
   * @throws KvmError
   */
  reset(): void {
    if (this.#features === undefined) throw new TypeError('A vCPU is initialised before it is reset.');
    this.init(this.#features);
    const state = new Struct(kvmMpState).set({ mp_state: KVM_MP_STATE_RUNNABLE });
    check(this.#ioctl(KVM_SET_MP_STATE, state), 'KVM_SET_MP_STATE');
  }

  /** @throws KvmError */
  getRegister(id: bigint): bigint {
    check(this.#register.get(this.#descriptor.fd, id), `reading register 0x${id.toString(16)}`);
    return this.#register.value;
  }

  /** As `getRegister`; null for a register that this kernel does not know. @throws KvmError */
  findRegister(id: bigint): bigint | null {
    const result = this.#register.get(this.#descriptor.fd, id);
    if (result === -ENOENT) return null;
    check(result, `reading register 0x${id.toString(16)}`);
    return this.#register.value;
  }

  /**
   * Writes a register that is not a firmware register: those go through `setFirmwareRegister` alone.
   * @throws KvmError
   */
  setRegister(id: bigint, value: bigint): void {
    check(this.trySetRegister(id, value), `writing register 0x${id.toString(16)}`);
  }

  /** As `setRegister`, for a value that the kernel may not take: 0 or a negated errno. */
  trySetRegister(id: bigint, value: bigint): number {
    if (isFirmwareRegister(id)) throw new TypeError('A firmware register is written by setFirmwareRegister.');
    return this.#register.set(this.#descriptor.fd, id, value);
  }

  /**
   * Writes a firmware register of the whole VM. Gives 0, or −EINVAL for a value and −ENOENT for a register that this
   * kernel does not know. The kernel would take another value even after the guest has run; `Vm.lockFirmware` is what
   * rules that out.
   * @throws FirmwareLockedError after `Vm.lockFirmware`
   */
  setFirmwareRegister(id: bigint, value: bigint): number {
    if (!isFirmwareRegister(id)) throw new TypeError('Only firmware registers are written by this.');
    this.#firmware.assertOpen();
    return this.#register.set(this.#descriptor.fd, id, value);
  }

  /** KVM_MP_STATE_*. @throws KvmError */
  get mpState(): number {
    const state = new Struct(kvmMpState);
    check(this.#ioctl(KVM_GET_MP_STATE, state), 'KVM_GET_MP_STATE');
    return state.get('mp_state');
  }

  /** The vCPU's own thread must have left it for good: its view of `kvm_run` ends here. */
  close(): void {
    if (this.#run > 0) munmap(this.#run, this.#runSize);
    this.#run = 0;
    this.#descriptor.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** The vCPU must not be running, or this waits for it. */
  #ioctl(request: Ioctl, argument: { readonly buffer: ArrayBuffer }): number {
    return ioctlStruct(this.#descriptor.fd, request, argument.buffer);
  }
}
