/**
 * The KVM ioctls that Holdfast uses, as the kernel encodes them.
 *
 * A request number is `direction << 30 | size << 16 | type << 8 | nr` (include/uapi/asm-generic/ioctl.h); KVM's type is
 * 0xAE (KVMIO in include/uapi/linux/kvm.h, which also gives each nr and structure). `size` is the structure's size in
 * bytes, so a wrong layout shows as a wrong number.
 */

/** A request: its number for the kernel, its name for errors. */
export interface Ioctl {
  readonly name: string;
  readonly number: number;
}

const KVMIO = 0xae;
/** Direction as user space sees it: the kernel reads (`write`), fills in (`read`), or both. */
const DIRECTIONS = { none: 0, write: 1, read: 2, both: 3 } as const;

/** The number of a request, of KVM unless `type` says otherwise; `size` in bytes. */
export function ioctlNumber(
  direction: keyof typeof DIRECTIONS,
  nr: number,
  size: number,
  type: number = KVMIO,
): number {
  return ((DIRECTIONS[direction] << 30) | (size << 16) | (type << 8) | nr) >>> 0;
}

function none(name: string, nr: number): Ioctl {
  return { name, number: ioctlNumber('none', nr, 0) };
}

function write(name: string, nr: number, size: number): Ioctl {
  return { name, number: ioctlNumber('write', nr, size) };
}

function read(name: string, nr: number, size: number): Ioctl {
  return { name, number: ioctlNumber('read', nr, size) };
}

function both(name: string, nr: number, size: number): Ioctl {
  return { name, number: ioctlNumber('both', nr, size) };
}

// On /dev/kvm.
export const KVM_GET_API_VERSION = none('KVM_GET_API_VERSION', 0x00);
export const KVM_CREATE_VM = none('KVM_CREATE_VM', 0x01);
export const KVM_CHECK_EXTENSION = none('KVM_CHECK_EXTENSION', 0x03);
export const KVM_GET_VCPU_MMAP_SIZE = none('KVM_GET_VCPU_MMAP_SIZE', 0x04);

// On a VM.
export const KVM_ENABLE_CAP = write('KVM_ENABLE_CAP', 0xa3, 104);
export const KVM_CREATE_VCPU = none('KVM_CREATE_VCPU', 0x41);
export const KVM_SET_USER_MEMORY_REGION = write('KVM_SET_USER_MEMORY_REGION', 0x46, 32);
export const KVM_IRQ_LINE = write('KVM_IRQ_LINE', 0x61, 8);
export const KVM_IRQFD = write('KVM_IRQFD', 0x76, 32);
export const KVM_IOEVENTFD = write('KVM_IOEVENTFD', 0x79, 64);
export const KVM_ARM_PREFERRED_TARGET = read('KVM_ARM_PREFERRED_TARGET', 0xaf, 32);
export const KVM_CREATE_DEVICE = both('KVM_CREATE_DEVICE', 0xe0, 12);

// On a device.
export const KVM_SET_DEVICE_ATTR = write('KVM_SET_DEVICE_ATTR', 0xe1, 24);
export const KVM_GET_DEVICE_ATTR = write('KVM_GET_DEVICE_ATTR', 0xe2, 24);

// On a vCPU.
export const KVM_RUN = none('KVM_RUN', 0x80);
/** `struct kvm_signal_mask` ends in a flexible array; only its `len` counts in the number. */
export const KVM_SET_SIGNAL_MASK = write('KVM_SET_SIGNAL_MASK', 0x8b, 4);
export const KVM_GET_MP_STATE = read('KVM_GET_MP_STATE', 0x98, 4);
export const KVM_SET_MP_STATE = write('KVM_SET_MP_STATE', 0x99, 4);
/** `struct kvm_vcpu_events` of arm64. */
export const KVM_GET_VCPU_EVENTS = read('KVM_GET_VCPU_EVENTS', 0x9f, 64);
export const KVM_SET_VCPU_EVENTS = write('KVM_SET_VCPU_EVENTS', 0xa0, 64);
export const KVM_GET_ONE_REG = write('KVM_GET_ONE_REG', 0xab, 16);
export const KVM_SET_ONE_REG = write('KVM_SET_ONE_REG', 0xac, 16);
export const KVM_ARM_VCPU_INIT = write('KVM_ARM_VCPU_INIT', 0xae, 32);
/** `struct kvm_reg_list` ends in a flexible array; only its `n` counts in the number. */
export const KVM_GET_REG_LIST = both('KVM_GET_REG_LIST', 0xb0, 8);
