/** KVM_GET_ONE_REG and KVM_SET_ONE_REG for 64-bit registers. */
import { kvmOneReg } from './abi.ts';
import { type Ioctl, KVM_GET_ONE_REG, KVM_SET_ONE_REG } from './ioctls.ts';
import { addressOf, ioctl } from './libc.ts';
import { Struct } from './struct.ts';

/** A `struct kvm_one_reg` with its value behind it, made once and used for every access. Belongs to one thread. */
export class OneReg {
  readonly #request = new Struct(kvmOneReg, 8);
  readonly #address = addressOf(this.#request.buffer);

  constructor() {
    this.#request.set({ addr: BigInt(this.#address + kvmOneReg.size) });
  }

  /** 0, with the register's value in `value`, or a negated errno. */
  get(vcpuFd: number, id: bigint): number {
    return this.#access(vcpuFd, KVM_GET_ONE_REG, id);
  }

  /** 0 or a negated errno. */
  set(vcpuFd: number, id: bigint, value: bigint): number {
    this.#request.view.setBigUint64(kvmOneReg.size, value, true);
    return this.#access(vcpuFd, KVM_SET_ONE_REG, id);
  }

  get value(): bigint {
    return this.#request.view.getBigUint64(kvmOneReg.size, true);
  }

  /**
   * `#request` holds the structure and the 8 bytes that its `addr` points at, and lives as long as this object. Only
   * the thread that may use the vCPU calls this.
   */
  #access(vcpuFd: number, request: Ioctl, id: bigint): number {
    this.#request.set({ id });
    return ioctl(vcpuFd, request, this.#address);
  }
}
