/**
 * One emulated arm64 host with a real /dev/kvm.
 *
 *     start ──▶ booting ──▶ up ──▶ powerOff ──▶ gone
 *                  │         └───▶ crash ─────▶ gone
 *                  └─▶ failed: the console's last lines are in the error
 */
import type { ChildProcess } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type LabAddress, LabConnection } from './connection.ts';
import { type KernelLabel, kernel } from './kernels.ts';
import { newRunDirectory, prepareLaunch } from './launch.ts';
import { type Progress, silent } from './paths.ts';
import { qemu } from './qemu.ts';
import { productPath, sourceArchive } from './root.ts';
import { type RunningQemu, startDetached, startTied } from './supervise.ts';
import { labdReady } from './wire.ts';

export interface LabHostOptions {
  readonly kernel: KernelLabel;
  /** Host name inside; `lab-` and the kernel's label if not given. */
  readonly name?: string;
  /** 2048 if not given. */
  readonly memoryMiB?: number;
  /** 2 if not given. */
  readonly cpus?: number;
  /**
   * An ext4 image to mount at /var/lib/holdfast, made if missing and kept. Without it the host gets a disk that goes
   * with it.
   */
  readonly dataDisk?: string;
  /** TCP ports inside to be reached from the machine; `forwarded` tells where. */
  readonly hostForwards?: readonly number[];
  /** Further disks, raw images by the serial number they have inside; nothing mounts them. */
  readonly readOnlyDisks?: Readonly<Record<string, string>>;
  readonly onConsole?: (text: string) => void;
  readonly progress?: Progress;
  /** How long the host may take to answer; 300 000 if not given. */
  readonly bootTimeoutMs?: number;
  /** Let the host outlive this process; whoever starts it must end it. */
  readonly detached?: boolean;
}

/** What another process needs to use a running host. */
export interface LabControl {
  readonly name: string;
  readonly kernel: KernelLabel;
  /** What `uname -r` prints inside. */
  readonly release: string;
  readonly port: number;
  readonly token: string;
  readonly qemuPid: number;
  readonly directory: string;
  readonly forwarded: Readonly<Record<string, number>>;
}

export class LabHost extends LabConnection {
  readonly control: LabControl;
  /** How a process inside reaches a port of the machine's loopback. */
  readonly apiAddress = '10.0.2.2';
  /** Milliseconds from the start of QEMU until `labd` answered. */
  readonly bootMs: number;
  readonly #qemu: ChildProcess | undefined;

  private constructor(control: LabControl, bootMs: number, child: ChildProcess | undefined) {
    super({ port: control.port, token: control.token });
    this.control = control;
    this.bootMs = bootMs;
    this.#qemu = child;
  }

  /** Boots a host and waits until it answers. @throws Error with the end of its console when it does not. */
  static async start(options: LabHostOptions): Promise<LabHost> {
    const progress = options.progress ?? silent;
    const name = options.name ?? `lab-${options.kernel.replace('.', '-')}`;
    const hostKernel = await kernel(options.kernel, { progress });
    const emulator = await qemu(progress);
    const directory = await newRunDirectory(name);
    try {
      const launch = await prepareLaunch(directory, {
        ...{ name, kernel: hostKernel, progress },
        ...{ memoryMiB: options.memoryMiB ?? 2048, cpus: options.cpus ?? 2 },
        ...{ dataDisk: options.dataDisk, hostForwards: options.hostForwards ?? [] },
        readOnlyDisks: options.readOnlyDisks ?? {},
      });
      progress(`booting ${name} (Linux ${hostKernel.release}, QEMU ${emulator.version})`);
      const started = performance.now();
      const command = {
        program: emulator.program,
        args: [...emulator.args, ...launch.args],
        env: { ...process.env, ...emulator.env },
        consolePath: join(directory, 'console.log'),
        directory,
      };
      const running =
        options.detached === true
          ? startDetached(command)
          : startTied({ ...command, onConsole: options.onConsole });
      const { port, token, forwarded } = launch;
      const control: LabControl = {
        ...{ name, kernel: options.kernel, release: hostKernel.release, port, token },
        ...{ qemuPid: running.process.pid ?? 0, directory, forwarded },
      };
      await writeFile(join(directory, 'control.json'), JSON.stringify(control), { mode: 0o600 });
      await untilAnswers(name, running, { port, token }, options.bootTimeoutMs ?? 300_000);
      await rm(launch.initrd, { force: true });
      const bootMs = Math.round(performance.now() - started);
      progress(`${name} is up after ${(bootMs / 1000).toFixed(1)} s`);
      return new LabHost(control, bootMs, options.detached === true ? undefined : running.process);
    } catch (error) {
      await rm(directory, { recursive: true, force: true });
      throw error;
    }
  }

  /** Takes up a host that another process left running. @throws Error when it does not answer. */
  static async attach(control: LabControl): Promise<LabHost> {
    const host = new LabHost(control, 0, undefined);
    if (!(await host.answers())) {
      throw new Error(`The lab host ${control.name} does not answer: start it again with "up --keep".`);
    }
    return host;
  }

  /** Where on the machine's loopback a port of `hostForwards` is reached. @throws Error when it is not forwarded. */
  forwarded(inside: number): number {
    const port = this.control.forwarded[String(inside)];
    if (port === undefined) throw new Error(`Port ${inside} of ${this.control.name} is not forwarded.`);
    return port;
  }

  /** Puts the source as it is now into the running host; processes that run keep what they loaded. */
  async push(): Promise<void> {
    await this.unpack(await sourceArchive(), [
      `${productPath}/src`,
      `${productPath}/test`,
      `${productPath}/dist`,
    ]);
  }

  /** Shuts down in order, with the data disk synchronised. */
  async powerOff(): Promise<void> {
    await this.exec(['sh', '-c', 'sync; umount /var/lib/holdfast; sync; poweroff -f'], {
      timeoutMs: 60_000,
    }).catch(() => undefined);
    if (!(await this.#gone(60_000))) await this.crash();
    await this.#clean();
  }

  /** Pulls the plug: what the host had not synchronised is lost. */
  async crash(): Promise<void> {
    try {
      process.kill(this.control.qemuPid, 'SIGKILL');
    } catch {
      // It is gone already.
    }
    await this.#gone(5_000);
    await this.#clean();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.crash();
  }

  async #clean(): Promise<void> {
    await rm(this.control.directory, { recursive: true, force: true });
  }

  async #gone(timeoutMs: number): Promise<boolean> {
    const deadline = performance.now() + timeoutMs;
    while (performance.now() < deadline) {
      if (this.#qemu === undefined ? !alive(this.control.qemuPid) : this.#qemu.exitCode !== null) return true;
      if (this.#qemu !== undefined && this.#qemu.signalCode !== null) return true;
      await sleep(20);
    }
    return false;
  }
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Waits for `labd`, whose own line on the console says when it is worth connecting. */
async function untilAnswers(
  name: string,
  running: RunningQemu,
  address: LabAddress,
  timeoutMs: number,
): Promise<void> {
  const connection = new LabConnection(address);
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const text = await running.console();
    if (text.includes(labdReady) && (await connection.answers())) return;
    const reason = running.ended()
      ? 'QEMU ended'
      : performance.now() > deadline
        ? `it did not answer within ${timeoutMs / 1000} s`
        : undefined;
    if (reason !== undefined) {
      running.process.kill('SIGKILL');
      const tail = (await running.console()).split('\n').slice(-25).join('\n');
      throw new Error(`The lab host ${name} did not boot: ${reason}. The end of its console:\n${tail}`);
    }
    await sleep(50);
  }
}
