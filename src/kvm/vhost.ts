/**
 * A vhost device of the kernel: the data path of a virtio device, without a thread of ours.
 *
 *     opened, owned, given memory ──startRing──▶ rings set ──net backend or vsock running──▶ serving
 *                                        ▲                                                      │
 *                                        └──────────── backend taken away, vsock stopped ───────┘
 *
 * The kernel ties a device to the memory of the process that owns it, not to a thread, so any thread may call; calls on
 * one device exclude each other by the machine lock. The kernel keeps no address of an argument. It keeps those of guest
 * memory and of the rings until the descriptor is closed or serving has ended, and checks a ring against the memory that
 * it was given when serving begins.
 */
import { constants, openSync } from 'node:fs';
import { check, KvmError } from './errno.ts';
import type { Ioctl } from './ioctls.ts';
import { type Address, ioctl, ioctlStruct } from './libc.ts';
import { Struct } from './struct.ts';
import {
  VHOST_GET_FEATURES,
  VHOST_GET_VRING_BASE,
  VHOST_NET_SET_BACKEND,
  VHOST_SET_FEATURES,
  VHOST_SET_MEM_TABLE,
  VHOST_SET_OWNER,
  VHOST_SET_VRING_ADDR,
  VHOST_SET_VRING_BASE,
  VHOST_SET_VRING_CALL,
  VHOST_SET_VRING_ERR,
  VHOST_SET_VRING_KICK,
  VHOST_SET_VRING_NUM,
  VHOST_VSOCK_SET_GUEST_CID,
  VHOST_VSOCK_SET_RUNNING,
  vhostMemory,
  vhostMemoryRegion,
  vhostVringAddr,
  vhostVringFile,
  vhostVringState,
} from './vhost-abi.ts';

export const VHOST_NET = '/dev/vhost-net';
export const VHOST_VSOCK = '/dev/vhost-vsock';

/** Takes the backend of a queue away. */
export const NO_BACKEND = -1;

export interface VhostRing {
  readonly size: number;
  /** Addresses in this process. */
  readonly descriptors: Address;
  readonly available: Address;
  readonly used: Address;
  /** Where in the available ring to begin, free-running, 16 bits. */
  readonly position: number;
  /** Eventfds: the driver notifies; the driver is to be interrupted; the ring breaks the rules. */
  readonly kickFd: number;
  readonly callFd: number;
  readonly errorFd: number;
}

/** A thread's handle on an open vhost device. Owns nothing: whoever opened the descriptor closes it. */
export class Vhost {
  readonly #fd: number;

  constructor(fd: number) {
    this.#fd = fd;
  }

  /** Feature bits that the device can do. @throws KvmError */
  features(): bigint {
    const bits = new ArrayBuffer(8);
    check(ioctlStruct(this.#fd, VHOST_GET_FEATURES, bits), VHOST_GET_FEATURES.name);
    return new DataView(bits).getBigUint64(0, true);
  }

  /** Feature bits that the driver has accepted; EOPNOTSUPP for one that the device cannot do. @throws KvmError */
  setFeatures(bits: bigint): void {
    this.#number(VHOST_SET_FEATURES, bits);
  }

  /** Ties the device to this process. Once. @throws KvmError */
  setOwner(): void {
    check(ioctl(this.#fd, VHOST_SET_OWNER), VHOST_SET_OWNER.name);
  }

  /** Tells where guest memory is: one range. @throws KvmError */
  setMemory(guestAddress: number, size: number, address: Address): void {
    const table = new Struct(vhostMemory, vhostMemoryRegion.size).set({ nregions: 1 });
    const region = new Struct(vhostMemoryRegion).set({
      guest_phys_addr: BigInt(guestAddress),
      memory_size: BigInt(size),
      userspace_addr: BigInt(address),
    });
    new Uint8Array(table.buffer).set(new Uint8Array(region.buffer), vhostMemory.size);
    this.#call(VHOST_SET_MEM_TABLE, table);
  }

  /** Describes a ring while the device does not serve it. @throws KvmError */
  startRing(index: number, ring: VhostRing): void {
    this.#call(VHOST_SET_VRING_NUM, new Struct(vhostVringState).set({ index, num: ring.size }));
    this.#call(VHOST_SET_VRING_BASE, new Struct(vhostVringState).set({ index, num: ring.position }));
    const addresses = new Struct(vhostVringAddr).set({
      index,
      desc_user_addr: BigInt(ring.descriptors),
      used_user_addr: BigInt(ring.used),
      avail_user_addr: BigInt(ring.available),
    });
    this.#call(VHOST_SET_VRING_ADDR, addresses);
    this.#file(VHOST_SET_VRING_CALL, index, ring.callFd);
    this.#file(VHOST_SET_VRING_ERR, index, ring.errorFd);
    this.#file(VHOST_SET_VRING_KICK, index, ring.kickFd);
  }

  /** The position in the available ring up to which buffers were taken. @throws KvmError */
  ringPosition(index: number): number {
    const state = new Struct(vhostVringState).set({ index });
    this.#call(VHOST_GET_VRING_BASE, state);
    return state.get('num') & 0xffff;
  }

  /**
   * Begins to serve a ring of vhost-net between the guest and a tap, or ends it with `NO_BACKEND` once what was begun
   * is done: afterwards the kernel touches neither ring nor buffers. EFAULT when the ring is not in guest memory.
   * @throws KvmError
   */
  setNetBackend(index: number, tapFd: number): void {
    this.#file(VHOST_NET_SET_BACKEND, index, tapFd);
  }

  /** EADDRINUSE when the host has a guest of that number already. @throws KvmError */
  setVsockCid(cid: number): void {
    this.#number(VHOST_VSOCK_SET_GUEST_CID, BigInt(cid));
  }

  /** Begins to serve the rings of vhost-vsock, or ends it; as `setNetBackend`. @throws KvmError */
  setVsockRunning(running: boolean): void {
    const value = new ArrayBuffer(4);
    new DataView(value).setInt32(0, running ? 1 : 0, true);
    check(ioctlStruct(this.#fd, VHOST_VSOCK_SET_RUNNING, value), VHOST_VSOCK_SET_RUNNING.name);
  }

  #number(request: Ioctl, value: bigint): void {
    const argument = new ArrayBuffer(8);
    new DataView(argument).setBigUint64(0, value, true);
    check(ioctlStruct(this.#fd, request, argument), request.name);
  }

  #file(request: Ioctl, index: number, fd: number): void {
    this.#call(request, new Struct(vhostVringFile).set({ index, fd }));
  }

  #call(request: Ioctl, argument: { readonly buffer: ArrayBuffer }): void {
    check(ioctlStruct(this.#fd, request, argument.buffer), request.name);
  }
}

/** A vhost device of the host, or null when the host has none. @throws KvmError when it has one that cannot be used */
export function openVhost(path: typeof VHOST_NET | typeof VHOST_VSOCK): number | null {
  try {
    // libuv adds O_CLOEXEC.
    return openSync(path, constants.O_RDWR);
  } catch (error) {
    const { code = '', errno = 0 } = error as NodeJS.ErrnoException;
    // ENODEV: the node is there and the module that it would load is not.
    if (code === 'ENOENT' || code === 'ENODEV' || code === 'ENXIO') return null;
    throw new KvmError(`open ${path}`, Math.abs(errno), 'This user must be allowed to open it.');
  }
}
