/** /dev/kvm: what the host can do, and the way to VMs. */
import { constants, openSync } from 'node:fs';
import { constants as osConstants } from 'node:os';
import { DEFAULT_IPA_BITS, KVM_API_VERSION, KVM_CAP_ARM_VM_IPA_SIZE } from './abi.ts';
import { Descriptor } from './descriptor.ts';
import { check, EINTR, KvmError } from './errno.ts';
import { KVM_CHECK_EXTENSION, KVM_CREATE_VM, KVM_GET_API_VERSION, KVM_GET_VCPU_MMAP_SIZE } from './ioctls.ts';
import { ioctl } from './libc.ts';
import { Vm } from './vm.ts';

const DEVICE = '/dev/kvm';

export class Kvm implements Disposable {
  readonly #descriptor: Descriptor;

  private constructor(fd: number) {
    this.#descriptor = new Descriptor(fd, DEVICE);
  }

  /** @throws KvmError when this machine has no KVM for arm64 guests, or does not let this user have it */
  static open(): Kvm {
    if (process.arch !== 'arm64') {
      throw new KvmError(
        `open ${DEVICE}`,
        osConstants.errno.ENODEV,
        'Run this on an arm64 host or in the lab.',
      );
    }
    const kvm = new Kvm(openDevice());
    const version = ioctl(kvm.#descriptor.fd, KVM_GET_API_VERSION);
    if (version === KVM_API_VERSION) return kvm;
    kvm.close();
    throw new KvmError('KVM_GET_API_VERSION', Math.abs(version), `KVM's API must be ${KVM_API_VERSION}.`);
  }

  /** The value of a KVM_CAP_*; 0 for one that this kernel does not have. @throws KvmError */
  extension(capability: number): number {
    return check(ioctl(this.#descriptor.fd, KVM_CHECK_EXTENSION, capability), 'KVM_CHECK_EXTENSION');
  }

  /**
   * A new, ordinary VM (not a protected one) with 40 bits of guest physical address, or as many as the host has.
   * @throws KvmError
   */
  createVm(): Vm {
    const limit = this.extension(KVM_CAP_ARM_VM_IPA_SIZE);
    // Type 0 means 40 bits; a host with fewer wants its number said, and one without the capability wants 0.
    const type = limit > 0 && limit < DEFAULT_IPA_BITS ? limit : 0;
    const runSize = check(ioctl(this.#descriptor.fd, KVM_GET_VCPU_MMAP_SIZE), 'KVM_GET_VCPU_MMAP_SIZE');
    return new Vm(check(this.#newVm(type), 'KVM_CREATE_VM'), runSize);
  }

  /** A signal that comes meanwhile ends the call, and nothing makes it again (mm_take_all_locks of mm/mmap.c). */
  #newVm(type: number): number {
    for (;;) {
      const result = ioctl(this.#descriptor.fd, KVM_CREATE_VM, type);
      if (result !== -EINTR) return result;
    }
  }

  /** VMs made from it live on. */
  close(): void {
    this.#descriptor.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

function openDevice(): number {
  try {
    // libuv adds O_CLOEXEC.
    return openSync(DEVICE, constants.O_RDWR);
  } catch (error) {
    const number = error instanceof Error && 'errno' in error ? Math.abs(Number(error.errno)) : 0;
    const advice =
      number === osConstants.errno.EACCES
        ? 'Add this user to the group that owns it.'
        : 'The kernel must be booted at EL2 with KVM built in.';
    throw new KvmError(`open ${DEVICE}`, number, advice);
  }
}
