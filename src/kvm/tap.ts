/**
 * A tap interface of the host: Ethernet frames of a guest, each behind a `struct virtio_net_hdr_v1`
 * (include/uapi/linux/virtio_net.h; Virtio 1.2 section 5.1.6).
 *
 * Constants are from include/uapi/linux/if_tun.h and include/uapi/linux/if.h (test/unit/kvm/abi.test.ts asks a C
 * compiler).
 */
import { closeSync, constants, existsSync, openSync } from 'node:fs';
import { check } from './errno.ts';
import { type Ioctl, ioctlNumber } from './ioctls.ts';
import { ioctl, ioctlStruct } from './libc.ts';

const TYPE = 'T'.charCodeAt(0);

export const TUNSETIFF: Ioctl = { name: 'TUNSETIFF', number: ioctlNumber('write', 202, 4, TYPE) };
export const TUNSETOFFLOAD: Ioctl = { name: 'TUNSETOFFLOAD', number: ioctlNumber('write', 208, 4, TYPE) };
export const TUNSETVNETHDRSZ: Ioctl = { name: 'TUNSETVNETHDRSZ', number: ioctlNumber('write', 216, 4, TYPE) };

export const IFF_TAP = 0x0002;
/** No protocol word before each frame. */
export const IFF_NO_PI = 0x1000;
export const IFF_VNET_HDR = 0x4000;

/** What a reader of the tap takes: frames without a checksum, and TCP segments longer than a frame. */
export const TUN_F_CSUM = 0x01;
export const TUN_F_TSO4 = 0x02;
export const TUN_F_TSO6 = 0x04;

/** Bytes of a name with its NUL. */
export const IFNAMSIZ = 16;
/** `struct ifreq` on 64-bit machines: the name, then a union whose first member here is the 16-bit `ifr_flags`. */
export const IFREQ_SIZE = 40;

/** Bytes of the header before each frame. */
export const VNET_HEADER_BYTES = 12;

const TUN_DEVICE = '/dev/net/tun';

/** A name that an interface can have (dev_valid_name in net/core/dev.c). */
export function isInterfaceName(name: string): boolean {
  return /^[^\s/:]+$/.test(name) && name !== '.' && name !== '..' && Buffer.byteLength(name) < IFNAMSIZ;
}

/**
 * Opens an interface that exists; reads and writes do not wait. TUNSETIFF would make one that does not, and leave no
 * trace of who wanted it.
 * @throws KvmError EBUSY when another process has it; Error
 */
export function openTap(name: string): number {
  if (!isInterfaceName(name) || !existsSync(`/sys/class/net/${name}/tun_flags`)) {
    throw new Error(`there is no tap interface ${name} on this host`);
  }
  const fd = openSync(TUN_DEVICE, constants.O_RDWR | constants.O_NONBLOCK);
  try {
    const request = new ArrayBuffer(IFREQ_SIZE);
    new TextEncoder().encodeInto(name, new Uint8Array(request));
    new DataView(request).setUint16(IFNAMSIZ, IFF_TAP | IFF_NO_PI | IFF_VNET_HDR, true);
    // The kernel writes the name back into the structure, which ioctlStruct holds during the call.
    check(ioctlStruct(fd, TUNSETIFF, request), TUNSETIFF.name);
    const size = new ArrayBuffer(4);
    new DataView(size).setInt32(0, VNET_HEADER_BYTES, true);
    check(ioctlStruct(fd, TUNSETVNETHDRSZ, size), TUNSETVNETHDRSZ.name);
    return fd;
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

/** Says what the guest takes, as TUN_F_* bits; the bits themselves are the argument. Any thread. @throws KvmError */
export function setTapOffload(fd: number, bits: number): void {
  check(ioctl(fd, TUNSETOFFLOAD, bits), TUNSETOFFLOAD.name);
}
