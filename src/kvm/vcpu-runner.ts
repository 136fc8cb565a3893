/**
 * A vCPU in its own thread: KVM_RUN and what it came back with.
 *
 * `run` and the accessors of an exit make no objects, as they are called for each access of the guest to a device.
 */
import { kvmRun, SYSTEM_EVENT_DATA_WORDS } from './abi.ts';
import { check } from './errno.ts';
import { KVM_RUN, KVM_SET_SIGNAL_MASK } from './ioctls.ts';
import { blockSignal, ioctl, ioctlStruct, signalTaker, viewOf } from './libc.ts';
import { OneReg } from './one-reg.ts';
import { isFirmwareRegister } from './registers.ts';
import { offsetOf } from './struct.ts';
import type { VcpuHandle } from './vcpu.ts';

const IMMEDIATE_EXIT = offsetOf(kvmRun, 'immediate_exit');
const EXIT_REASON = offsetOf(kvmRun, 'exit_reason');
const PHYS_ADDR = offsetOf(kvmRun, 'mmio.phys_addr');
const MMIO_DATA = offsetOf(kvmRun, 'mmio.data');
const MMIO_LENGTH = offsetOf(kvmRun, 'mmio.len');
const MMIO_IS_WRITE = offsetOf(kvmRun, 'mmio.is_write');
const ENTRY_FAILURE = offsetOf(kvmRun, 'fail_entry.hardware_entry_failure_reason');
const SUBERROR = offsetOf(kvmRun, 'internal.suberror');
const EVENT_TYPE = offsetOf(kvmRun, 'system_event.type');
const EVENT_NDATA = offsetOf(kvmRun, 'system_event.ndata');
const EVENT_DATA = offsetOf(kvmRun, 'system_event.data');

const WORD = 2 ** 32;

export class VcpuRunner {
  readonly #fd: number;
  /** Over the mapping of `kvm_run`, which the owner of the vCPU keeps until this thread has ended. */
  readonly #run: DataView;
  readonly #register = new OneReg();
  readonly #takeKick: () => number;

  /**
   * Makes the calling thread the vCPU's own, to be kicked by `signal`: blocked in this thread except inside KVM_RUN.
   * A signal that arrives before KVM_RUN stays pending and makes it return at once, so no kick is lost, and no
   * handler ever runs.
   * @throws KvmError
   */
  constructor(handle: VcpuHandle, signal: number) {
    this.#fd = handle.fd;
    this.#run = new DataView(viewOf(handle.run, handle.runSize));
    check(blockSignal(signal), 'pthread_sigmask');
    this.#takeKick = signalTaker(signal);
    // `struct kvm_signal_mask`: u32 len, then the set without padding, which is the kernel's 8 bytes.
    const mask = new ArrayBuffer(12);
    new DataView(mask).setUint32(0, 8, true);
    new DataView(mask).setBigUint64(4, ~(1n << BigInt(signal - 1)), true);
    check(ioctlStruct(this.#fd, KVM_SET_SIGNAL_MASK, mask), 'KVM_SET_SIGNAL_MASK');
  }

  /** Runs the guest until it exits. 0 with an exit to look at, −EINTR after a kick, or another negated errno. */
  run(): number {
    return ioctl(this.#fd, KVM_RUN);
  }

  /**
   * Lets KVM take in the answer to the last MMIO access, and step over the instruction, without entering the guest:
   * until then the vCPU's registers are those in the midst of it (Documentation/virt/kvm/api.rst, "KVM_RUN",
   * `immediate_exit`).
   */
  settle(): number {
    this.#run.setUint8(IMMEDIATE_EXIT, 1);
    const result = this.run();
    this.#run.setUint8(IMMEDIATE_EXIT, 0);
    return result;
  }

  /** Takes the signals of kicks off this thread; without it every later `run` would return at once. */
  drainKicks(): void {
    while (this.#takeKick() >= 0);
  }

  /** KVM_EXIT_*: decides which of the accessors below mean anything. */
  get exitReason(): number {
    return this.#run.getUint32(EXIT_REASON, true);
  }

  // KVM_EXIT_MMIO

  /** Guest physical address; exact, as a guest has at most 52 bits of it. */
  get mmioAddress(): number {
    return this.#run.getUint32(PHYS_ADDR, true) + this.#run.getUint32(PHYS_ADDR + 4, true) * WORD;
  }

  /** Bytes: 1, 2, 4 or 8. */
  get mmioLength(): number {
    return this.#run.getUint32(MMIO_LENGTH, true);
  }

  get mmioIsWrite(): boolean {
    return this.#run.getUint8(MMIO_IS_WRITE) !== 0;
  }

  /** Up to 4 of the bytes that the guest wrote, `at` bytes from the first. */
  mmioData(length: number, at: number): number {
    if (length === 1) return this.#run.getUint8(MMIO_DATA + at);
    if (length === 2) return this.#run.getUint16(MMIO_DATA + at, true);
    return this.#run.getUint32(MMIO_DATA + at, true);
  }

  /** Answers a read of the guest; it takes effect with the next `run`. */
  answerMmio(length: number, at: number, value: number): void {
    if (length === 1) this.#run.setUint8(MMIO_DATA + at, value);
    else if (length === 2) this.#run.setUint16(MMIO_DATA + at, value, true);
    else this.#run.setUint32(MMIO_DATA + at, value, true);
  }

  // KVM_EXIT_FAIL_ENTRY and KVM_EXIT_INTERNAL_ERROR

  get entryFailure(): bigint {
    return this.#run.getBigUint64(ENTRY_FAILURE, true);
  }

  get suberror(): number {
    return this.#run.getUint32(SUBERROR, true);
  }

  // KVM_EXIT_SYSTEM_EVENT

  /** KVM_SYSTEM_EVENT_*. */
  get eventType(): number {
    return this.#run.getUint32(EVENT_TYPE, true);
  }

  /**
   * The event's words. `counted` tells whether the kernel has KVM_CAP_SYSTEM_EVENT_DATA; without it there is one
   * flags word and the count before it means nothing.
   */
  eventData(counted: boolean): bigint[] {
    const words = counted ? Math.min(this.#run.getUint32(EVENT_NDATA, true), SYSTEM_EVENT_DATA_WORDS) : 1;
    return Array.from({ length: words }, (_, n) => this.#run.getBigUint64(EVENT_DATA + 8 * n, true));
  }

  /** @throws KvmError */
  getRegister(id: bigint): bigint {
    check(this.#register.get(this.#fd, id), `reading register 0x${id.toString(16)}`);
    return this.#register.value;
  }

  /** Never a firmware register: `Vcpu.setFirmwareRegister` alone writes those. @throws KvmError */
  setRegister(id: bigint, value: bigint): void {
    if (isFirmwareRegister(id)) throw new TypeError('A firmware register is not written here.');
    check(this.#register.set(this.#fd, id, value), `writing register 0x${id.toString(16)}`);
  }
}
