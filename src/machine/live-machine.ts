/** A made machine: what can be done with it until it is closed. */
import { TIMER_CNT } from '../kvm/registers.ts';
import type { Vcpu } from '../kvm/vcpu.ts';
import type { FirmwareAbi } from '../psci/firmware.ts';
import type { PsciVersion } from '../psci/versions.ts';
import type { ConsoleInput } from './console-input.ts';
import type { GuestMemory } from './devices/guest-memory.ts';
import type { PowerKeys } from './devices/power-keys.ts';
import { answerSuspend, SYSTEM_EVENT_SUSPEND } from './system-suspend.ts';
import type { Machine, MachineListener, PowerKey, SystemEvent } from './types.ts';
import type { VcpuReport } from './vcpu-protocol.ts';
import type { VcpuThreads } from './vcpu-threads.ts';

export interface LiveMachineParts {
  readonly firmware: FirmwareAbi;
  readonly threads: VcpuThreads;
  readonly bootVcpu: Vcpu;
  /** All of them, by index. */
  readonly vcpus: readonly Vcpu[];
  readonly memory: GuestMemory;
  readonly keys: PowerKeys;
  readonly input: ConsoleInput;
  readonly listener: MachineListener;
  /** Everything to give back, in the order in which it wants to be. */
  readonly resources: AsyncDisposableStack;
}

export class LiveMachine implements Machine {
  readonly #parts: LiveMachineParts;
  #started = false;
  /** The guest's virtual count when it was paused. */
  #pausedAt: bigint | undefined;
  #asleep = false;
  #closed: Promise<void> | undefined;

  constructor(parts: LiveMachineParts) {
    this.#parts = parts;
  }

  get psci(): PsciVersion {
    return this.#parts.firmware.psci;
  }

  get firmware(): FirmwareAbi {
    return this.#parts.firmware;
  }

  run(): void {
    this.#assertOpen();
    if (this.#started) throw new Error('The machine runs already: pause and resume it instead.');
    this.#started = true;
    this.#parts.threads.release();
  }

  async pause(): Promise<void> {
    this.#assertOpen();
    await this.#parts.threads.hold();
    if (this.#closed === undefined) this.#pausedAt ??= this.#parts.bootVcpu.getRegister(TIMER_CNT);
  }

  async resume(): Promise<void> {
    this.#assertOpen();
    if (this.#pausedAt === undefined) return;
    // All vCPUs share the count, and none runs yet.
    this.#parts.bootVcpu.setRegister(TIMER_CNT, this.#pausedAt);
    this.#pausedAt = undefined;
    this.#parts.threads.release();
  }

  wake(): void {
    this.#assertOpen();
    if (!this.#asleep) return;
    this.#asleep = false;
    this.#parts.threads.wake();
  }

  pressKey(key: PowerKey): void {
    this.#assertOpen();
    this.#parts.keys.press(key);
  }

  get inputReady(): boolean {
    return this.#closed === undefined && this.#parts.keys.ready;
  }

  writeConsole(bytes: Uint8Array): void {
    this.#assertOpen();
    this.#parts.input.write(bytes);
  }

  close(): Promise<void> {
    this.#closed ??= this.#parts.resources.disposeAsync();
    return this.#closed;
  }

  /** Tells the listener why the machine has halted, or that the guest sleeps, once all of it is at rest. */
  async halted(report: VcpuReport): Promise<void> {
    if (report.kind === 'event' && report.event.type === SYSTEM_EVENT_SUSPEND) {
      await this.#suspend(report.event).catch((error: Error) => this.#parts.threads.fail(error));
      return;
    }
    await this.#parts.threads.halt();
    if (this.#closed !== undefined) return;
    if (report.kind === 'event') this.#parts.listener.systemEvent(report.event);
    else this.#parts.listener.failed(report.error);
  }

  async #suspend(event: SystemEvent): Promise<void> {
    const { threads, vcpus, memory, listener } = this.#parts;
    await threads.sleep();
    if (this.#closed !== undefined || threads.halted) return;
    this.#asleep = answerSuspend(vcpus, memory, event);
    if (this.#asleep) listener.systemEvent(event);
    else threads.wake();
  }

  #assertOpen(): void {
    if (this.#closed !== undefined) throw new Error('The machine is closed.');
  }
}
