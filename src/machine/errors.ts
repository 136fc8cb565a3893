/** Why a machine could not be made. `code` is stable and becomes the failed operation's code. */

/** @see createMachine */
export abstract class MachineError<Code extends string = string> extends Error {
  readonly code: Code;

  constructor(code: Code, message: string) {
    super(message);
    this.code = code;
  }
}

/**
 * PSCI_VERSION_NOT_SUPPORTED: this host's KVM does not take the version.
 * PSCI_MISMATCH: it took it and then said another one.
 */
export class PsciVersionError extends MachineError<'PSCI_VERSION_NOT_SUPPORTED' | 'PSCI_MISMATCH'> {
  override readonly name = 'PsciVersionError';
}

/**
 * The guest's recorded firmware cannot be had here.
 * FIRMWARE_REGISTER_MISSING: this host's kernel lacks a register that it has.
 * FIRMWARE_VALUE_REFUSED: the kernel does not take the value of one.
 * FIRMWARE_MISMATCH: something reads back as another than it was written or recorded.
 * FIRMWARE_FEATURE_MISSING: this host's kernel cannot give the guest SYSTEM_SUSPEND.
 */
export class FirmwareError extends MachineError<
  'FIRMWARE_REGISTER_MISSING' | 'FIRMWARE_VALUE_REFUSED' | 'FIRMWARE_MISMATCH' | 'FIRMWARE_FEATURE_MISSING'
> {
  override readonly name = 'FirmwareError';
}

/** A file of the image cannot be started; each code names the file. */
export class ImageError extends MachineError<
  'KERNEL_NOT_ARM64_IMAGE' | 'KERNEL_NOT_READABLE' | 'INITRAMFS_NOT_READABLE' | 'DISK_NOT_USABLE'
> {
  override readonly name = 'ImageError';
}

/**
 * GUEST_MEMORY_TOO_SMALL: the image does not fit into the guest's memory.
 * GUEST_MEMORY_TOO_LARGE: the guest's memory does not fit into its address space.
 * OUT_OF_MEMORY: the host has no room for it.
 * MACHINE_NOT_SUPPORTED: a number of vCPUs, disks or network interfaces that no machine has, or an address that none has.
 * NIC_NOT_USABLE: a tap interface that does not exist, or that another process has.
 * VSOCK_NOT_SUPPORTED: the host has no vhost-vsock.
 * VSOCK_CID_IN_USE: another guest of the host has this vsock address.
 */
export class MachineConfigError extends MachineError<
  | 'GUEST_MEMORY_TOO_SMALL'
  | 'GUEST_MEMORY_TOO_LARGE'
  | 'OUT_OF_MEMORY'
  | 'MACHINE_NOT_SUPPORTED'
  | 'NIC_NOT_USABLE'
  | 'VSOCK_NOT_SUPPORTED'
  | 'VSOCK_CID_IN_USE'
> {
  override readonly name = 'MachineConfigError';
}

/**
 * SNAPSHOT_MISMATCH: the snapshot is of a machine with other hardware than the one that is to be made.
 * SNAPSHOT_REGISTER_MISSING: a register that the guest needs does not exist on this host.
 * SNAPSHOT_REGISTER_REFUSED: this host does not take the value of one.
 */
export class RestoreError extends MachineError<
  'SNAPSHOT_MISMATCH' | 'SNAPSHOT_REGISTER_MISSING' | 'SNAPSHOT_REGISTER_REFUSED'
> {
  override readonly name = 'RestoreError';
}

/** There is no guest to save any more: it ended, or its machine was closed. */
export class GuestEndedError extends MachineError<'GUEST_ENDED'> {
  override readonly name = 'GuestEndedError';

  constructor() {
    super('GUEST_ENDED', 'The guest has ended: there is nothing left to save.');
  }
}
