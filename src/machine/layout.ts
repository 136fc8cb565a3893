/**
 * Where everything lies in the guest's physical address space, and which interrupts it has. Addresses are fixed for
 * ever: a guest that hibernated finds its devices where they were.
 *
 *     0x0800_0000   GIC distributor        64 KiB
 *     0x080a_0000   GIC redistributors     128 KiB for each vCPU
 *     0x0900_0000   serial port            SPI 0
 *     0x0901_0000   clock (PL031)          SPI 1
 *     0x0903_0000   GPIO (PL061)           SPI 2
 *     0x0a00_0000   virtio-mmio slots      512 bytes each, SPI 16 + slot: 0 the keyboard, 1–16 the disks, 17–24 the
 *                                          network interfaces, 30 vsock, 31 random numbers
 *     0x4000_0000   RAM                    kernel · … · initramfs · device tree
 */
import { MachineConfigError } from './errors.ts';

export const KIB = 1024;
export const MIB = 1024 * KIB;
export const GIB = 1024 * MIB;

/** As many redistributors as lie between the distributor and the serial port, and as the product promises. */
export const MAX_VCPUS = 8;

export const GIC_DISTRIBUTOR = { base: 0x0800_0000, size: 64 * KIB } as const;
export const GIC_REDISTRIBUTOR = { base: 0x080a_0000, sizePerVcpu: 128 * KIB } as const;
/** 32 private interrupts and 96 shared ones. */
export const GIC_INTERRUPTS = 128;

export const UART = { base: 0x0900_0000, spi: 0 } as const;
export const CLOCK = { base: 0x0901_0000, spi: 1 } as const;
export const GPIO = { base: 0x0903_0000, spi: 2 } as const;

const VIRTIO_BASE = 0x0a00_0000;
const VIRTIO_STRIDE = 0x200;
const VIRTIO_FIRST_SPI = 16;
export const VIRTIO_SLOTS = 32;
/** Disks and network interfaces follow their order in the VM's description, so that the first is /dev/vda or eth0. */
export const KEYBOARD_SLOT = 0;
export const FIRST_DISK_SLOT = 1;
export const MAX_DISKS = 16;
export const FIRST_NIC_SLOT = 17;
export const MAX_NICS = 8;
export const VSOCK_SLOT = 30;
export const RNG_SLOT = 31;

export const RAM_BASE = 0x4000_0000;
/** What 40 bits of guest physical address leave above `RAM_BASE` (KVM's default; see `Kvm.createVm`). */
export const MAX_RAM = 2 ** 40 - RAM_BASE;

/** Linux maps the device tree by one 2 MiB block, so it may be no longer and must not cross a boundary. */
const FDT_ROOM = 2 * MIB;
/**
 * The kernel and the initramfs must lie in one window of 32 GiB that is aligned to 1 GiB (Linux,
 * Documentation/arch/arm64/booting.rst, section 4).
 */
const INITRAMFS_WINDOW = 32 * GIB;
const PAGE = 4 * KIB;

export function virtioSlot(slot: number): { readonly base: number; readonly spi: number } {
  if (slot < 0 || slot >= VIRTIO_SLOTS) throw new RangeError(`There is no virtio slot ${slot}.`);
  return { base: VIRTIO_BASE + slot * VIRTIO_STRIDE, spi: VIRTIO_FIRST_SPI + slot };
}

/** A range of guest physical addresses. */
export interface Span {
  readonly address: number;
  /** Bytes. */
  readonly size: number;
}

export interface RamLayout {
  readonly kernel: Span;
  readonly initramfs: Span | null;
  /** Room for the device tree. */
  readonly fdt: Span;
}

/**
 * Places the image in RAM of `ramSize` bytes, a multiple of 1 MiB: the kernel lowest, as it wants; the device tree in
 * the highest whole 2 MiB; the initramfs right below that, where the kernel does not grow into it.
 * @throws MachineConfigError GUEST_MEMORY_TOO_SMALL
 */
export function ramLayout(
  ramSize: number,
  kernel: { readonly textOffset: number; readonly imageSize: number },
  initramfsSize: number | null,
): RamLayout {
  const ramEnd = RAM_BASE + ramSize;
  const fdt = { address: alignDown(ramEnd - FDT_ROOM, FDT_ROOM), size: FDT_ROOM };
  const kernelSpan = { address: RAM_BASE + kernel.textOffset, size: kernel.imageSize };
  const top = Math.min(fdt.address, RAM_BASE + INITRAMFS_WINDOW);
  const size = initramfsSize ?? 0;
  const address = alignDown(top - size, PAGE);
  if (kernelSpan.address + kernelSpan.size > address) {
    // The unaligned end of RAM may be out of the device tree's reach, hence one block more.
    const needed = kernel.textOffset + kernel.imageSize + size + PAGE + 2 * FDT_ROOM;
    throw new MachineConfigError(
      'GUEST_MEMORY_TOO_SMALL',
      `The kernel takes ${mebibytes(kernel.imageSize)} MiB and the initramfs ${mebibytes(size)} MiB of the guest's ` +
        `${mebibytes(ramSize)} MiB: give it at least ${mebibytes(needed)} MiB, and more to work with.`,
    );
  }
  return { kernel: kernelSpan, initramfs: initramfsSize === null ? null : { address, size }, fdt };
}

function alignDown(address: number, alignment: number): number {
  return Math.floor(address / alignment) * alignment;
}

function mebibytes(bytes: number): number {
  return Math.ceil(bytes / MIB);
}
