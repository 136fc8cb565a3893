/**
 * Runs one vCPU in its own thread until told to quit.
 *
 *              ┌────────────── mode ≠ 0: park ◀───────────────┐
 *              ▼                                              │
 *   mode? ── 0 ──▶ KVM_RUN ── kicked ──▶ drain ──▶ mode?      │
 *     │                 ├──── MMIO ──▶ bus ──▶ mode?          │
 *     │                 └──── event, failure ──▶ HALT, report ┘
 *     └─ QUIT ──▶ left
 */
import {
  KVM_EXIT_FAIL_ENTRY,
  KVM_EXIT_INTERNAL_ERROR,
  KVM_EXIT_INTR,
  KVM_EXIT_MMIO,
  KVM_EXIT_SYSTEM_EVENT,
} from '../kvm/abi.ts';
import { EAGAIN, EINTR, ENOSYS, errnoName } from '../kvm/errno.ts';
import { PC, x } from '../kvm/registers.ts';
import type { VcpuRunner } from '../kvm/vcpu-runner.ts';
import { RETURN_CODES } from '../psci/return-codes.ts';
import type { Bus } from './bus.ts';
import { SYSTEM_EVENT_SUSPEND } from './system-suspend.ts';
import type { SystemEvent } from './types.ts';
import { HALT, PARKED, QUIT, RUNNING, SLEEP, type VcpuControl } from './vcpu-control.ts';
import type { VcpuReport } from './vcpu-protocol.ts';

export interface VcpuLoopParts {
  readonly index: number;
  readonly runner: VcpuRunner;
  readonly bus: Bus;
  readonly control: VcpuControl;
  /** Whether the kernel has KVM_CAP_SYSTEM_EVENT_DATA. */
  readonly countedEventData: boolean;
  readonly report: (report: VcpuReport) => void;
}

export class VcpuLoop {
  readonly #index: number;
  readonly #runner: VcpuRunner;
  readonly #bus: Bus;
  readonly #control: VcpuControl;
  readonly #countedEventData: boolean;
  readonly #report: (report: VcpuReport) => void;
  /** KVM has not taken in the answer to the last access yet. */
  #unsettled = false;

  constructor({ index, runner, bus, control, countedEventData, report }: VcpuLoopParts) {
    this.#index = index;
    this.#runner = runner;
    this.#bus = bus;
    this.#control = control;
    this.#countedEventData = countedEventData;
    this.#report = report;
  }

  /** Returns when told to quit. Never throws: what goes wrong halts the machine and is reported. */
  run(): void {
    for (;;) {
      const mode = this.#control.mode;
      if ((mode & QUIT) !== 0) return;
      if (mode !== 0) {
        this.#park(mode);
        continue;
      }
      try {
        this.#step();
      } catch (error) {
        this.#fail(error instanceof Error ? error : new Error(String(error)));
      }
    }
  }

  /** The order of the state and the look at the mode that follows is explained in vcpu-control.ts. */
  #park(mode: number): void {
    this.#settle();
    this.#control.setState(this.#index, PARKED);
    this.#control.waitWhile(mode);
    this.#control.setState(this.#index, RUNNING);
  }

  /** A vCPU at rest can be saved, so it is not left in the midst of an instruction. */
  #settle(): void {
    if (!this.#unsettled) return;
    this.#unsettled = false;
    const result = this.#runner.settle();
    if (result !== -EINTR) this.#fail(new Error(`${this.#place()} stopped: ${runFailure(-result)}.`));
  }

  #step(): void {
    this.#unsettled = false;
    const result = this.#runner.run();
    if (result === 0) {
      this.#handleExit();
    } else if (result === -EINTR || result === -EAGAIN) {
      this.#runner.drainKicks();
    } else {
      throw new Error(`${this.#place()} stopped: ${runFailure(-result)}.`);
    }
  }

  #handleExit(): void {
    switch (this.#runner.exitReason) {
      case KVM_EXIT_MMIO:
        this.#access();
        this.#unsettled = true;
        return;
      case KVM_EXIT_INTR:
        this.#runner.drainKicks();
        return;
      case KVM_EXIT_SYSTEM_EVENT:
        this.#reportEvent();
        return;
      case KVM_EXIT_FAIL_ENTRY: {
        const reason = this.#runner.entryFailure.toString(16);
        throw new Error(`${this.#place()} could not be entered: the hardware's reason is 0x${reason}.`);
      }
      case KVM_EXIT_INTERNAL_ERROR:
        throw new Error(`${this.#place()} met an internal error of KVM, number ${this.#runner.suberror}.`);
      default:
        throw new Error(
          `${this.#place()} left the guest for reason ${this.#runner.exitReason}, which is not known.`,
        );
    }
  }

  #access(): void {
    const runner = this.#runner;
    const address = runner.mmioAddress;
    const length = runner.mmioLength;
    const part = Math.min(length, 4);
    if (runner.mmioIsWrite) {
      for (let at = 0; at < length; at += part) {
        this.#bus.write(address + at, part, runner.mmioData(part, at));
      }
    } else {
      for (let at = 0; at < length; at += part) {
        runner.answerMmio(part, at, this.#bus.read(address + at, part));
      }
    }
  }

  /** The arguments are read by this thread, right after the exit: x0 holds KVM's answer already, x1 and x2 are intact. */
  #reportEvent(): void {
    const event: SystemEvent = {
      type: this.#runner.eventType,
      data: this.#runner.eventData(this.#countedEventData),
      vcpu: this.#index,
      x1: this.#runner.getRegister(x(1)),
      x2: this.#runner.getRegister(x(2)),
    };
    if (event.type === SYSTEM_EVENT_SUSPEND) this.#suspend(event);
    else if (this.#control.add(HALT)) this.#report({ kind: 'event', event });
  }

  /** Two vCPUs that ask at once are both refused: the first as this one is not off, this one here. */
  #suspend(event: SystemEvent): void {
    if (this.#control.add(SLEEP)) this.#report({ kind: 'event', event });
    else this.#runner.setRegister(x(0), BigInt.asUintN(64, BigInt(RETURN_CODES.DENIED)));
  }

  #fail(error: Error): void {
    if (this.#control.add(HALT)) this.#report({ kind: 'failed', error });
  }

  #place(): string {
    return `vCPU ${this.#index} at 0x${this.#runner.getRegister(PC).toString(16)}`;
  }
}

function runFailure(errno: number): string {
  if (errno === ENOSYS) return 'the guest used an instruction on device memory that KVM cannot take apart';
  return `KVM_RUN failed with ${errnoName(errno)}`;
}
