/** One vCPU on bare KVM, run in this thread: no devices, no interrupt controller, a few instructions of code. */
import { KVM_CAP_SYSTEM_EVENT_DATA, KVM_EXIT_MMIO, KVM_EXIT_SYSTEM_EVENT } from '../../../src/kvm/abi.ts';
import { Kvm } from '../../../src/kvm/kvm.ts';
import { PC, x } from '../../../src/kvm/registers.ts';
import type { Vcpu } from '../../../src/kvm/vcpu.ts';
import { VcpuRunner } from '../../../src/kvm/vcpu-runner.ts';
import type { Vm } from '../../../src/kvm/vm.ts';
import { MIB, RAM_BASE } from '../../../src/machine/layout.ts';
import { Ram } from '../../../src/machine/ram.ts';

export const KICK = 40;

export interface Exit {
  readonly kind: 'kicked' | 'write' | 'event' | 'other';
  /** What the guest wrote, or the event's type. */
  readonly value: number;
  readonly data: bigint[];
  readonly x1: bigint;
  readonly x2: bigint;
}

export class BareGuest implements Disposable {
  readonly vm: Vm;
  readonly vcpu: Vcpu;
  readonly runner: VcpuRunner;
  readonly #resources: DisposableStack;
  readonly #countedEventData: boolean;

  constructor(code: readonly number[]) {
    using stack = new DisposableStack();
    const kvm = stack.use(Kvm.open());
    const ram = stack.use(new Ram(2 * MIB));
    for (const [i, instruction] of code.entries()) ram.memory.u32[i] = instruction;
    this.vm = stack.use(kvm.createVm());
    this.vm.setMemoryRegion({ slot: 0, guestAddress: RAM_BASE, size: ram.size, address: ram.address });
    this.vcpu = stack.use(this.vm.createVcpu(0));
    this.vcpu.init({ target: this.vm.preferredTarget(), psci02: true, startsOff: false });
    this.vcpu.setRegister(PC, BigInt(RAM_BASE));
    this.runner = new VcpuRunner(this.vcpu.handle, KICK);
    this.#countedEventData = kvm.extension(KVM_CAP_SYSTEM_EVENT_DATA) > 0;
    this.#resources = stack.move();
  }

  /** Runs to the next exit. */
  next(): Exit {
    const { runner } = this;
    const nothing = { value: 0, data: [], x1: 0n, x2: 0n };
    const result = runner.run();
    if (result < 0) return { ...nothing, kind: 'kicked', value: result };
    if (runner.exitReason === KVM_EXIT_MMIO && runner.mmioIsWrite) {
      return { ...nothing, kind: 'write', value: runner.mmioData(runner.mmioLength, 0) };
    }
    if (runner.exitReason !== KVM_EXIT_SYSTEM_EVENT)
      return { ...nothing, kind: 'other', value: runner.exitReason };
    return {
      kind: 'event',
      value: runner.eventType,
      data: runner.eventData(this.#countedEventData),
      x1: runner.getRegister(x(1)),
      x2: runner.getRegister(x(2)),
    };
  }

  [Symbol.dispose](): void {
    this.#resources.dispose();
  }
}
