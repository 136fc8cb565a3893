/** A made machine: what can be done with it until it is closed. */
import type { Gic } from '../kvm/gic.ts';
import { giveBackProgram } from '../kvm/own-code.ts';
import { TIMER_CNT } from '../kvm/registers.ts';
import type { Vcpu } from '../kvm/vcpu.ts';
import type { FirmwareAbi } from '../psci/firmware.ts';
import type { PsciVersion } from '../psci/versions.ts';
import type { Hardware } from '../snapshot/manifest.ts';
import type { ConsoleInput } from './console-input.ts';
import type { DeviceSet } from './device-set.ts';
import type { PowerKeys } from './devices/power-keys.ts';
import { GuestEndedError } from './errors.ts';
import type { Ram } from './ram.ts';
import { Capture } from './snapshot/capture.ts';
import type { Restored } from './snapshot/restore.ts';
import { answerSuspend, SYSTEM_EVENT_SUSPEND } from './system-suspend.ts';
import type { Machine, MachineListener, PowerKey, Save, SystemEvent } from './types.ts';
import type { VcpuReport } from './vcpu-protocol.ts';
import type { VcpuThreads } from './vcpu-threads.ts';

/** By then a guest's drivers have used what they use of a machine, and hardly any of Node's program is needed again. */
const SETTLED_MS = 15_000;

export interface LiveMachineParts {
  readonly firmware: FirmwareAbi;
  readonly otherIdRegisters: readonly string[];
  readonly threads: VcpuThreads;
  readonly bootVcpu: Vcpu;
  /** All of them, by index. */
  readonly vcpus: readonly Vcpu[];
  readonly ram: Ram;
  readonly gic: Gic;
  readonly devices: DeviceSet;
  readonly hardware: Hardware;
  /** Null for a guest that boots. */
  readonly restored: Restored | null;
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
  readonly #saves = new Set<Capture>();

  constructor(parts: LiveMachineParts) {
    this.#parts = parts;
  }

  get otherIdRegisters(): readonly string[] {
    return this.#parts.otherIdRegisters;
  }

  get leftOut(): readonly string[] {
    return this.#parts.restored?.leftOut ?? [];
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
    const { restored, bootVcpu, keys, input, threads, devices, resources } = this.#parts;
    if (restored !== null) {
      for (const backend of devices.backends) {
        backend.proceed().catch((error: Error) => threads.fail(error));
      }
      keys.hold(restored.console.held);
      input.write(Buffer.from(restored.console.typed, 'base64'));
      // Last, and for all vCPUs at once: the counts run from here on.
      for (const [id, count] of restored.counts) bootVcpu.setRegister(id, count);
    }
    threads.release();
    const settled = setTimeout(giveBackProgram, SETTLED_MS).unref();
    resources.defer(() => clearTimeout(settled));
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

  async save(path: string): Promise<Save> {
    this.#assertOpen();
    const began = performance.now();
    const wasPaused = this.#pausedAt !== undefined;
    await this.pause();
    // A guest that is about to sleep has its call answered first.
    const { threads } = this.#parts;
    while (threads.sleeping && !threads.halted && !this.#asleep && this.#closed === undefined) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    const { backends } = this.#parts.devices;
    await Promise.all(backends.map((backend) => backend.quiesce()));
    let capture: Capture;
    try {
      capture = this.#capture(path);
    } catch (error) {
      await this.#goOn(wasPaused);
      throw error;
    }
    this.#saves.add(capture);
    const writing = capture.write(path);
    // It is the caller's to hear of; until it asks, a failure is nobody's unhandled rejection.
    writing.catch(() => undefined);
    if (!capture.live) await writing.catch(() => undefined);
    await this.#goOn(wasPaused);
    const close = async (): Promise<void> => {
      await capture.close();
      this.#saves.delete(capture);
    };
    const pauseMilliseconds = performance.now() - began;
    const { hardware } = this.#parts;
    return { pauseMilliseconds, hardware, written: writing, close, [Symbol.asyncDispose]: close };
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
    this.#closed ??= this.#close();
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
    const { threads, vcpus, ram, listener } = this.#parts;
    await threads.sleep();
    if (this.#closed !== undefined || threads.halted) return;
    this.#asleep = answerSuspend(vcpus, ram.memory, event);
    if (this.#asleep) listener.systemEvent(event);
    else threads.wake();
  }

  #capture(path: string): Capture {
    const { threads, ram, vcpus, gic, devices, hardware, firmware, keys, input } = this.#parts;
    const pausedAt = this.#pausedAt;
    if (this.#closed !== undefined || threads.halted || pausedAt === undefined) throw new GuestEndedError();
    const console = { held: keys.held, typed: input.waiting };
    return new Capture({ ram, vcpus, gic, devices, hardware, firmware, pausedAt, ...console }, path);
  }

  async #goOn(wasPaused: boolean): Promise<void> {
    if (this.#closed !== undefined) return;
    await Promise.all(this.#parts.devices.backends.map((backend) => backend.proceed()));
    if (!wasPaused && this.#closed === undefined) await this.resume();
  }

  async #close(): Promise<void> {
    // A capture reads the disks, and what is resting in memory.
    await Promise.all(Array.from(this.#saves, (capture) => capture.close()));
    await this.#parts.resources.disposeAsync();
  }

  #assertOpen(): void {
    if (this.#closed !== undefined) throw new Error('The machine is closed.');
  }
}
