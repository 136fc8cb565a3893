/**
 * A guest of two CPUs that makes calls of the firmware, of which the first runs, in the calling thread.
 *
 *     made ──next──▶ answered ──next──▶ … ──▶ ended: the call did not come back, and the guest is of no more use
 *
 * The machine is as small as it can be: no devices and no interrupt controller. An interrupt waits at the pin of the
 * first CPU from the beginning, masked, so that CPU_SUSPEND comes back at once.
 */
import {
  KVM_CAP_ARM_SYSTEM_SUSPEND,
  KVM_CAP_SYSTEM_EVENT_DATA,
  KVM_EXIT_MMIO,
  KVM_EXIT_SYSTEM_EVENT,
  KVM_MP_STATE_STOPPED,
} from '../../kvm/abi.ts';
import { check, EINTR } from '../../kvm/errno.ts';
import type { Kvm } from '../../kvm/kvm.ts';
import { detach, mmapAnonymous, munmap, viewOf } from '../../kvm/libc.ts';
import { PC, PSCI_VERSION, x } from '../../kvm/registers.ts';
import type { Vcpu } from '../../kvm/vcpu.ts';
import { VcpuRunner } from '../../kvm/vcpu-runner.ts';
import type { GuestCall } from '../../psci/calls.ts';
import { exited, left, returned, SILENT, STOPPED } from '../../psci/fingerprint.ts';
import { type PsciVersion, toRegisterValue } from '../../psci/versions.ts';
import { ANSWER_ADDRESS, callProgram, MEMORY_BASE, MEMORY_SIZE } from './program.ts';

/** The signal that takes the thread out of the guest: a real-time one, which nothing else here uses. */
export const KICK = 40;
/** How often a call is interrupted before it counts as one that never comes back: half a minute's worth, at least. */
const MOST_KICKS = 1_500;

export interface Answered {
  /** As in psci/fingerprint.ts. */
  readonly answer: string;
  /** Whether the guest can make its next call. */
  readonly goesOn: boolean;
}

export interface GuestOptions {
  readonly version: PsciVersion;
  /** The guest has SYSTEM_SUSPEND; the host must be able to give it. */
  readonly systemSuspend: boolean;
}

export class CallingGuest implements Disposable {
  readonly #calls: readonly GuestCall[];
  readonly #vcpu: Vcpu;
  readonly #runner: VcpuRunner;
  readonly #countedEventData: boolean;
  readonly #resources: DisposableStack;
  #next = 0;

  /** Something must send KICK to this thread again and again (libc.startTimer). @throws KvmError */
  constructor(kvm: Kvm, calls: readonly GuestCall[], { version, systemSuspend }: GuestOptions) {
    using stack = new DisposableStack();
    const memory = check(mmapAnonymous(MEMORY_SIZE), 'mmap of guest memory');
    stack.defer(() => void munmap(memory, MEMORY_SIZE));
    const view = viewOf(memory, MEMORY_SIZE);
    stack.defer(() => detach(view));
    new Uint8Array(view).set(callProgram(calls));
    const vm = stack.use(kvm.createVm());
    vm.setMemoryRegion({ slot: 0, guestAddress: MEMORY_BASE, size: MEMORY_SIZE, address: memory });
    if (systemSuspend) vm.enable(KVM_CAP_ARM_SYSTEM_SUSPEND);
    const features = { target: vm.preferredTarget(), psci02: version !== '0.1' };
    this.#vcpu = stack.use(vm.createVcpu(0));
    const other = stack.use(vm.createVcpu(1));
    this.#vcpu.init({ ...features, startsOff: false });
    other.init({ ...features, startsOff: true });
    check(this.#vcpu.setFirmwareRegister(PSCI_VERSION, toRegisterValue(version)), `the pin ${version}`);
    vm.lockFirmware();
    this.#vcpu.setRegister(PC, BigInt(MEMORY_BASE));
    vm.raisePin(0);
    this.#calls = calls;
    this.#runner = new VcpuRunner(this.#vcpu.handle, KICK);
    this.#countedEventData = kvm.extension(KVM_CAP_SYSTEM_EVENT_DATA) > 0;
    this.#resources = stack.move();
  }

  /** Makes the next call. @throws RangeError after the last @throws KvmError */
  next(): Answered {
    const call = this.#calls[this.#next];
    if (call === undefined) throw new RangeError('the guest has made all its calls');
    this.#next += 1;
    for (let kicks = 0; kicks < MOST_KICKS; kicks += 1) {
      const result = this.#runner.run();
      if (result !== -EINTR) {
        check(result, 'KVM_RUN');
        return this.#answer(call);
      }
      this.#runner.drainKicks();
      if (this.#vcpu.mpState === KVM_MP_STATE_STOPPED) return { answer: STOPPED, goesOn: false };
    }
    return { answer: SILENT, goesOn: false };
  }

  #answer({ words }: GuestCall): Answered {
    const runner = this.#runner;
    switch (runner.exitReason) {
      case KVM_EXIT_MMIO:
        if (!runner.mmioIsWrite || runner.mmioAddress !== ANSWER_ADDRESS) break;
        return { answer: returned(this.#registers(words)), goesOn: true };
      case KVM_EXIT_SYSTEM_EVENT: {
        const [data = 0n] = runner.eventData(this.#countedEventData);
        return { answer: exited(runner.eventType, data), goesOn: false };
      }
    }
    return { answer: left(runner.exitReason), goesOn: false };
  }

  #registers(count: number): bigint[] {
    return Array.from({ length: count }, (_, n) => this.#runner.getRegister(x(n)));
  }

  [Symbol.dispose](): void {
    this.#resources.dispose();
  }
}
