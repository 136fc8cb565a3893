/**
 * What the bytes of a kernel are: an arm64 Image, one that is compressed, flat code for bare metal, or something that
 * cannot be started.
 *
 * Sources: Documentation/arch/arm64/booting.rst, section 4, for the Image's header; drivers/firmware/efi/libstub/
 * zboot-header.S of Linux for the EFI program that holds a compressed one; the formats' own first bytes for the rest.
 */

/** As many bytes from the beginning as `kernelFormat` wants to see. */
export const KERNEL_HEAD_SIZE = 64;

const TEXT_OFFSET = 8;
const IMAGE_SIZE = 16;
const MAGIC = 56;
/** "ARM\x64", little-endian. */
const ARM64_MAGIC = 0x644d5241;

/** Of the EFI program with a compressed Image inside: "zimg", where that lies, how long it is, and by what it is compressed. */
const ZBOOT_MAGIC = 4;
const ZBOOT_PAYLOAD = 8;
const ZBOOT_PAYLOAD_SIZE = 12;
const ZBOOT_PACKING = 24;
const ZBOOT_PACKING_END = 56;

/**
 * Where flat code begins, in bytes from the start of RAM: where Image kernels without a size of their own (before Linux
 * 3.17) and bare-metal programs for `virt` machines are loaded elsewhere too (QEMU's hw/arm/boot.c, KERNEL64_LOAD_ADDR).
 */
const DEFAULT_TEXT_OFFSET = 0x8_0000;

export type KernelFormat =
  | {
      readonly kind: 'image' | 'flat';
      /** Bytes from the start of RAM, which is aligned to 2 MiB. */
      readonly textOffset: number;
      /** Bytes it needs from there on, zeroed memory behind the file included; 0 when it does not say. */
      readonly imageSize: number;
    }
  /** To be unpacked, and then to be an Image. */
  | Packed
  /** The reason follows "the kernel cannot be started: ". */
  | { readonly kind: 'refused'; readonly reason: string };

export interface Packed {
  readonly kind: 'packed';
  readonly packing: 'gzip' | 'zstd';
  /** Bytes from the beginning. */
  readonly offset: number;
  /** Bytes; what follows is no part of it. Null: all there is. */
  readonly size: number | null;
}

interface Signature {
  readonly bytes: readonly number[];
  /** From the beginning. */
  readonly at?: number;
  readonly what: string;
}

const ascii = (text: string): number[] => [...text].map((letter) => letter.charCodeAt(0));

const ZSTD_MAGIC = [0x28, 0xb5, 0x2f, 0xfd];

const UNPACK = 'unpack it first';
/** Files that people have and take for kernels, or give by mistake. */
const SIGNATURES: readonly Signature[] = [
  { bytes: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00], what: `it is compressed with xz: ${UNPACK}` },
  { bytes: ascii('BZh'), what: `it is compressed with bzip2: ${UNPACK}` },
  { bytes: [0x02, 0x21, 0x4c, 0x18], what: `it is compressed with lz4: ${UNPACK}` },
  { bytes: [0x04, 0x22, 0x4d, 0x18], what: `it is compressed with lz4: ${UNPACK}` },
  { bytes: [0x5d, 0x00, 0x00], what: `it is compressed with lzma: ${UNPACK}` },
  { bytes: [0x89, 0x4c, 0x5a, 0x4f], what: `it is compressed with lzo: ${UNPACK}` },
  { bytes: [0x7f, ...ascii('ELF')], what: 'it is an ELF file: make a flat one of it (objcopy -O binary)' },
  { bytes: [0x18, 0x28, 0x6f, 0x01], at: 0x24, what: 'it is a kernel for 32-bit Arm' },
  { bytes: ascii('MZ'), what: 'it is an EFI program without the header of an arm64 Image' },
  { bytes: [0x27, 0x05, 0x19, 0x56], what: 'it is an image for U-Boot: give the Image that is inside' },
  { bytes: [0xd0, 0x0d, 0xfe, 0xed], what: 'it is a device tree or an image for U-Boot' },
  { bytes: ascii('07070'), what: 'it is an initramfs (cpio)' },
  { bytes: [...ascii('QFI'), 0xfb], what: 'it is a disk image (qcow2)' },
];

/** `head`: the first KERNEL_HEAD_SIZE bytes, or all of a shorter file. */
export function kernelFormat(head: Uint8Array): KernelFormat {
  if (head.length === 0) return refused('it is empty');
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  if (head.length >= KERNEL_HEAD_SIZE && view.getUint32(MAGIC, true) === ARM64_MAGIC) return image(view);
  if (begins(head, [0x1f, 0x8b])) return { kind: 'packed', packing: 'gzip', offset: 0, size: null };
  if (begins(head, ZSTD_MAGIC)) return { kind: 'packed', packing: 'zstd', offset: 0, size: null };
  if (head.length >= KERNEL_HEAD_SIZE && begins(head, ascii('zimg'), ZBOOT_MAGIC)) return zboot(head, view);
  const known = SIGNATURES.find(({ bytes, at }) => begins(head, bytes, at));
  if (known !== undefined) return refused(known.what);
  if (head.every(isText)) return refused('it is text');
  if (head.every((byte) => byte === 0)) return refused('it begins with zeros, which are no instructions');
  return { kind: 'flat', textOffset: DEFAULT_TEXT_OFFSET, imageSize: 0 };
}

function image(view: DataView): KernelFormat {
  const imageSize = Number(view.getBigUint64(IMAGE_SIZE, true));
  // Kernels before Linux 3.17, whose text_offset has no defined endianness: "can be assumed to be 0x80000".
  if (imageSize === 0) return { kind: 'image', textOffset: DEFAULT_TEXT_OFFSET, imageSize };
  const textOffset = Number(view.getBigUint64(TEXT_OFFSET, true));
  if (!Number.isSafeInteger(textOffset + imageSize)) {
    return refused('its header asks for an impossible place');
  }
  return { kind: 'image', textOffset, imageSize };
}

function zboot(head: Uint8Array, view: DataView): KernelFormat {
  const packing = new TextDecoder('latin1')
    .decode(head.subarray(ZBOOT_PACKING, ZBOOT_PACKING_END))
    .replace(/\0.*$/s, '');
  if (packing !== 'gzip' && packing !== 'zstd') {
    return refused(
      `it is an EFI zboot image compressed with ${/^\w+$/.exec(packing)?.[0] ?? 'no known format'}`,
    );
  }
  const offset = view.getUint32(ZBOOT_PAYLOAD, true);
  return { kind: 'packed', packing, offset, size: view.getUint32(ZBOOT_PAYLOAD_SIZE, true) };
}

function begins(head: Uint8Array, bytes: readonly number[], at = 0): boolean {
  return bytes.every((byte, i) => head[at + i] === byte);
}

function refused(reason: string): KernelFormat {
  return { kind: 'refused', reason };
}

function isText(byte: number): boolean {
  return (byte >= 0x20 && byte < 0x7f) || byte === 0x09 || byte === 0x0a || byte === 0x0d;
}
