/**
 * The ABI of the kernel's vhost devices. Structures and constants are from include/uapi/linux/vhost_types.h, request
 * numbers from include/uapi/linux/vhost.h, with the kernel's names (test/unit/kvm/abi.test.ts asks a C compiler).
 */
import { type Ioctl, ioctlNumber } from './ioctls.ts';
import { layout } from './struct.ts';

/** VHOST_VIRTIO. */
const TYPE = 0xaf;

export const vhostVringState = layout('vhost_vring_state', 8, { index: [0, 'u32'], num: [4, 'u32'] });

/** `fd` is signed: −1 (VHOST_FILE_UNBIND) takes the descriptor away. */
export const vhostVringFile = layout('vhost_vring_file', 8, { index: [0, 'u32'], fd: [4, 'u32'] });

/** Addresses are of this process. */
export const vhostVringAddr = layout('vhost_vring_addr', 40, {
  index: [0, 'u32'],
  flags: [4, 'u32'],
  desc_user_addr: [8, 'u64'],
  used_user_addr: [16, 'u64'],
  avail_user_addr: [24, 'u64'],
  log_guest_addr: [32, 'u64'],
});

/** Followed by `nregions` of the next. */
export const vhostMemory = layout('vhost_memory', 8, { nregions: [0, 'u32'], padding: [4, 'u32'] });

export const vhostMemoryRegion = layout('vhost_memory_region', 32, {
  guest_phys_addr: [0, 'u64'],
  memory_size: [8, 'u64'],
  userspace_addr: [16, 'u64'],
  flags_padding: [24, 'u64'],
});

function request(
  name: string,
  direction: Parameters<typeof ioctlNumber>[0],
  nr: number,
  size: number,
): Ioctl {
  return { name, number: ioctlNumber(direction, nr, size, TYPE) };
}

// On every vhost device.
export const VHOST_GET_FEATURES = request('VHOST_GET_FEATURES', 'read', 0x00, 8);
export const VHOST_SET_FEATURES = request('VHOST_SET_FEATURES', 'write', 0x00, 8);
export const VHOST_SET_OWNER = request('VHOST_SET_OWNER', 'none', 0x01, 0);
/** `struct vhost_memory` ends in a flexible array; only its head counts in the number. */
export const VHOST_SET_MEM_TABLE = request('VHOST_SET_MEM_TABLE', 'write', 0x03, vhostMemory.size);
export const VHOST_SET_VRING_NUM = request('VHOST_SET_VRING_NUM', 'write', 0x10, vhostVringState.size);
export const VHOST_SET_VRING_ADDR = request('VHOST_SET_VRING_ADDR', 'write', 0x11, vhostVringAddr.size);
export const VHOST_SET_VRING_BASE = request('VHOST_SET_VRING_BASE', 'write', 0x12, vhostVringState.size);
export const VHOST_GET_VRING_BASE = request('VHOST_GET_VRING_BASE', 'both', 0x12, vhostVringState.size);
export const VHOST_SET_VRING_KICK = request('VHOST_SET_VRING_KICK', 'write', 0x20, vhostVringFile.size);
export const VHOST_SET_VRING_CALL = request('VHOST_SET_VRING_CALL', 'write', 0x21, vhostVringFile.size);
export const VHOST_SET_VRING_ERR = request('VHOST_SET_VRING_ERR', 'write', 0x22, vhostVringFile.size);

// On /dev/vhost-net.
export const VHOST_NET_SET_BACKEND = request('VHOST_NET_SET_BACKEND', 'write', 0x30, vhostVringFile.size);

// On /dev/vhost-vsock.
export const VHOST_VSOCK_SET_GUEST_CID = request('VHOST_VSOCK_SET_GUEST_CID', 'write', 0x60, 8);
export const VHOST_VSOCK_SET_RUNNING = request('VHOST_VSOCK_SET_RUNNING', 'write', 0x61, 4);
