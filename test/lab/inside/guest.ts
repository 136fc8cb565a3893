/** A machine with its console in a file, for scenarios. */
import { closeSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createMachine } from '../../../src/machine/machine.ts';
import type { Machine, MachineConfig, SystemEvent } from '../../../src/machine/types.ts';

/** Where the test outside put the demo image. */
export const demo = {
  kernelPath: '/tmp/demo/kernel',
  initramfsPath: '/tmp/demo/initramfs',
  cmdline: 'console=ttyS0 quiet cma=0',
  memoryMiB: 384,
} as const;

/** 1.0 is what every kernel accepts. */
const defaults = {
  vcpus: 1,
  psci: '1.0',
  systemSuspend: false,
  firmware: null,
  allowMissingRegisters: false,
  requireIdRegisters: false,
  disks: [],
  nics: [],
  vsockCid: null,
} as const;

export type GuestConfig = Partial<Omit<MachineConfig, 'consoleFd'>>;

export class Guest implements AsyncDisposable {
  readonly machine: Machine;
  /** The system event; rejects when the machine fails. */
  readonly ended: Promise<SystemEvent>;
  /** Milliseconds from before the machine was made. */
  readonly madeAfter: number;
  readonly #started: number;
  readonly #directory: string;
  readonly #consoleFd: number;

  private constructor(parts: {
    readonly machine: Machine;
    readonly ended: Promise<SystemEvent>;
    readonly started: number;
    readonly directory: string;
    readonly consoleFd: number;
  }) {
    this.machine = parts.machine;
    this.ended = parts.ended;
    this.#started = parts.started;
    this.#directory = parts.directory;
    this.#consoleFd = parts.consoleFd;
    this.madeAfter = performance.now() - parts.started;
  }

  /** One vCPU at 1.0, which every kernel accepts, with the demo image, unless told otherwise. Does not run yet. */
  static async make(config: GuestConfig = {}): Promise<Guest> {
    const directory = mkdtempSync(join(tmpdir(), 'guest-'));
    const consoleFd = openSync(join(directory, 'console'), 'a');
    const started = performance.now();
    const ended = Promise.withResolvers<SystemEvent>();
    ended.promise.catch(() => undefined);
    try {
      const machine = await createMachine(
        { ...defaults, ...demo, ...config, consoleFd },
        { systemEvent: ended.resolve, failed: ended.reject },
      );
      return new Guest({ machine, ended: ended.promise, started, directory, consoleFd });
    } catch (error) {
      closeSync(consoleFd);
      rmSync(directory, { recursive: true });
      throw error;
    }
  }

  get console(): string {
    return readFileSync(join(this.#directory, 'console'), 'latin1');
  }

  /** Waits until the console, from `from` on, shows something. @returns milliseconds since before it was made */
  async shows(pattern: RegExp, from = 0): Promise<number> {
    let failure: unknown;
    this.ended.catch((error: unknown) => {
      failure = error;
    });
    const deadline = performance.now() + 240_000;
    while (!pattern.test(this.console.slice(from))) {
      if (failure !== undefined) throw failure;
      if (performance.now() > deadline) throw new Error(`${pattern} is not on the console:\n${this.console}`);
      await sleep(5);
    }
    return performance.now() - this.#started;
  }

  /** Types a command and gives what the console shows from there on once it matches. */
  async shell(command: string, pattern: RegExp): Promise<string> {
    const from = this.console.length;
    this.machine.writeConsole(Buffer.from(`${command}\n`));
    await this.shows(pattern, from);
    return this.console.slice(from);
  }

  /** Runs a command and gives what it printed, trimmed, and its exit code. */
  async command(command: string): Promise<{ readonly code: number; readonly text: string }> {
    // What is typed is echoed, so the marks are typed in pieces.
    const marks = /<<\r\n([\s\S]*?)>(\d+)>\r/;
    const shown = await this.shell(`echo '<''<'; ${command}; echo ">$?>"`, marks);
    const [, text = '', code] = marks.exec(shown) ?? [];
    return { code: Number(code), text: text.replaceAll('\r', '').trim() };
  }

  async ready(): Promise<number> {
    return await this.shows(/guest# /);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.machine.close();
    closeSync(this.#consoleFd);
    rmSync(this.#directory, { recursive: true });
  }
}

/** Open descriptors and threads of this process. */
export function usage(): { readonly descriptors: number; readonly threads: number } {
  return {
    descriptors: readdirSync('/proc/self/fd').length,
    threads: readdirSync('/proc/self/task').length,
  };
}
