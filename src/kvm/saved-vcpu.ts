/**
 * A vCPU's state as user space can take and give it: every register that KVM_GET_REG_LIST names, in its order, the
 * multiprocessing state and the exceptions that wait. No vCPU of the VM may be running.
 *
 * Registers are `[id, value]`, the value in the register's own width (up to 2048 bits) as little-endian bytes. What an
 * id means is not looked at here.
 */
import { kvmMpState, kvmOneReg, kvmVcpuEvents, REGISTER_LIST_ROOM } from './abi.ts';
import { check } from './errno.ts';
import {
  KVM_GET_MP_STATE,
  KVM_GET_ONE_REG,
  KVM_GET_REG_LIST,
  KVM_GET_VCPU_EVENTS,
  KVM_SET_MP_STATE,
  KVM_SET_ONE_REG,
  KVM_SET_VCPU_EVENTS,
} from './ioctls.ts';
import { addressOf, ioctl, ioctlStruct } from './libc.ts';
import { isFirmwareRegister } from './registers.ts';
import { Struct } from './struct.ts';

/** KVM_REG_SIZE_MASK and its shift (include/uapi/linux/kvm.h): the logarithm of the width in bytes. */
const SIZE_SHIFT = 52n;
const SIZE_MASK = 0xfn;
/** KVM_REG_SIZE_U2048. */
const WIDEST = 256;

/** Bytes of a register. */
export function registerBytes(id: bigint): number {
  return 1 << Number((id >> SIZE_SHIFT) & SIZE_MASK);
}

/** Belongs to the thread that may use the vCPU; owns nothing. */
export class SavedVcpu {
  readonly #fd: number;
  /** The structure and, behind it, the value that its `addr` points at: one buffer, alive as long as this object. */
  readonly #request = new Struct(kvmOneReg, WIDEST);
  readonly #address = addressOf(this.#request.buffer);

  /** `fd` is the vCPU's, which stays open meanwhile. */
  constructor(fd: number) {
    this.#fd = fd;
    this.#request.set({ addr: BigInt(this.#address + kvmOneReg.size) });
  }

  /** Ids in the kernel's order, in which they can also be written. @throws KvmError */
  list(): bigint[] {
    const list = new BigUint64Array(1 + REGISTER_LIST_ROOM);
    list[0] = BigInt(REGISTER_LIST_ROOM);
    check(ioctlStruct(this.#fd, KVM_GET_REG_LIST, list.buffer), 'KVM_GET_REG_LIST');
    return Array.from(list.subarray(1, 1 + Number(list[0])));
  }

  /** @throws KvmError */
  get(id: bigint): Uint8Array {
    this.#request.set({ id });
    const result = ioctl(this.#fd, KVM_GET_ONE_REG, this.#address);
    check(result, `reading register 0x${id.toString(16)}`);
    return new Uint8Array(this.#request.buffer.slice(kvmOneReg.size, kvmOneReg.size + registerBytes(id)));
  }

  /**
   * 0 or a negated errno; `value` has the register's width. Not for firmware registers, which are fixed when the
   * machine is made (firmware-lock.ts).
   */
  set(id: bigint, value: Uint8Array): number {
    if (isFirmwareRegister(id)) throw new TypeError('A firmware register is no part of a saved vCPU.');
    if (value.length !== registerBytes(id)) throw new RangeError('A register is written in its own width.');
    this.#request.set({ id });
    new Uint8Array(this.#request.buffer).set(value, kvmOneReg.size);
    return ioctl(this.#fd, KVM_SET_ONE_REG, this.#address);
  }

  /** KVM_MP_STATE_*. @throws KvmError */
  get mpState(): number {
    const state = new Struct(kvmMpState);
    check(ioctlStruct(this.#fd, KVM_GET_MP_STATE, state.buffer), 'KVM_GET_MP_STATE');
    return state.get('mp_state');
  }

  /** 0 or a negated errno. */
  setMpState(mp_state: number): number {
    return ioctlStruct(this.#fd, KVM_SET_MP_STATE, new Struct(kvmMpState).set({ mp_state }).buffer);
  }

  /** `struct kvm_vcpu_events` as it is. @throws KvmError */
  get events(): Uint8Array {
    const events = new Struct(kvmVcpuEvents);
    check(ioctlStruct(this.#fd, KVM_GET_VCPU_EVENTS, events.buffer), 'KVM_GET_VCPU_EVENTS');
    return new Uint8Array(events.buffer);
  }

  /** 0 or a negated errno. */
  setEvents(bytes: Uint8Array): number {
    const events = new Struct(kvmVcpuEvents);
    new Uint8Array(events.buffer).set(bytes.subarray(0, kvmVcpuEvents.size));
    return ioctlStruct(this.#fd, KVM_SET_VCPU_EVENTS, events.buffer);
  }
}
