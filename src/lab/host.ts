/**
 * One emulated arm64 host with a real /dev/kvm.
 *
 *     start ──▶ booting ──▶ up ──▶ powerOff ──▶ gone
 *                  │         └───▶ crash ─────▶ gone
 *                  └─▶ failed: the console's last lines are in the error
 */
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LabConnection } from './connection.ts';
import { CpioWriter } from './cpio.ts';
import { type Kernel, type KernelLabel, kernel } from './kernels.ts';
import { exists, labCache, type Progress, silent } from './paths.ts';
import { qemu } from './qemu.ts';
import { baseDisk, kernelInitramfs, productArchives, productPath, sourceArchive, withSbin } from './root.ts';
import { run } from './run.ts';
import { startDetached, startTied } from './supervise.ts';

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
  readonly onConsole?: (text: string) => void;
  readonly progress?: Progress;
  /** How long the host may take to answer; 120 000 if not given. */
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

/** Port of `labd` inside the host. */
const labdPort = 7077;

/** Enough for many disks of guests; the file is sparse. */
const dataDiskSize = '16G';

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
    const [hostKernel, emulator] = [await kernel(options.kernel, { progress }), await qemu(progress)];
    const base = await baseDisk(progress);
    const directory = await newRunDirectory(name);
    const token = randomBytes(24).toString('hex');
    const ports = await freePorts(1 + (options.hostForwards?.length ?? 0));
    const [port = 0, ...rest] = ports;
    const forwarded = Object.fromEntries(
      (options.hostForwards ?? []).map((inside, i) => [inside, rest[i] ?? 0]),
    );
    const initrd = join(directory, 'initrd');
    await writeInitrd(initrd, hostKernel, { name, token }, progress);
    const dataDisk = options.dataDisk ?? join(directory, 'data.ext4');
    await makeDataDisk(dataDisk);

    const args = [
      ...emulator.args,
      ...['-M', 'virt,virtualization=on,gic-version=3', '-cpu', 'max,pauth-impdef=on'],
      ...[
        '-accel',
        'tcg,thread=multi',
        '-smp',
        String(options.cpus ?? 2),
        '-m',
        String(options.memoryMiB ?? 2048),
      ],
      ...['-nodefaults', '-no-user-config', '-display', 'none', '-no-reboot'],
      ...['-chardev', 'stdio,id=console,signal=off', '-serial', 'chardev:console'],
      ...['-global', 'virtio-mmio.force-legacy=false', '-device', 'virtio-rng-device'],
      ...['-drive', `if=none,id=base,format=raw,readonly=on,file=${base}`],
      ...['-device', 'virtio-blk-device,drive=base,serial=base'],
      ...['-drive', `if=none,id=data,format=raw,file=${dataDisk}`],
      ...['-device', 'virtio-blk-device,drive=data,serial=data'],
      ...[
        '-netdev',
        userNetwork({ ...forwarded, [labdPort]: port }),
        '-device',
        'virtio-net-device,netdev=net',
      ],
      ...['-kernel', hostKernel.imagePath, '-initrd', initrd],
      ...['-append', 'console=ttyAMA0 quiet panic=1'],
    ];
    progress(`booting ${name} (Linux ${hostKernel.release}, QEMU ${emulator.version})`);
    const started = performance.now();
    const consolePath = join(directory, 'console.log');
    const env = { ...process.env, ...emulator.env };
    const command = { program: emulator.program, args, env, consolePath, directory };
    const child =
      options.detached === true
        ? startDetached(command)
        : startTied({ ...command, onConsole: options.onConsole });
    const control: LabControl = {
      ...{ name, kernel: options.kernel, release: hostKernel.release, port, token },
      ...{ qemuPid: child.process.pid ?? 0, directory, forwarded },
    };
    await writeFile(join(directory, 'control.json'), JSON.stringify(control), { mode: 0o600 });

    const connection = new LabConnection({ port, token });
    const deadline = started + (options.bootTimeoutMs ?? 120_000);
    while (!(await connection.answers())) {
      if (child.ended() || performance.now() > deadline) {
        const what = child.ended() ? 'QEMU ended' : 'it did not answer';
        const tail = await child.consoleTail();
        child.process.kill('SIGKILL');
        await rm(directory, { recursive: true, force: true });
        throw new Error(`The lab host ${name} did not boot: ${what}. The end of its console:\n${tail}`);
      }
      await sleep(50);
    }
    await rm(initrd, { force: true });
    const bootMs = Math.round(performance.now() - started);
    progress(`${name} is up after ${(bootMs / 1000).toFixed(1)} s`);
    return new LabHost(control, bootMs, options.detached === true ? undefined : child.process);
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
    await this.unpack(await sourceArchive(), [`${productPath}/src`, `${productPath}/test`]);
  }

  /** Shuts down in order, with the data disk synchronised. */
  async powerOff(): Promise<void> {
    await this.exec(['sh', '-c', 'sync; umount /var/lib/holdfast; sync; poweroff -f'], {
      timeoutMs: 10_000,
    }).catch(() => undefined);
    if (!(await this.#gone(10_000))) await this.crash();
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

async function newRunDirectory(name: string): Promise<string> {
  const parent = join(labCache, 'run');
  await mkdir(parent, { recursive: true, mode: 0o700 });
  return await mkdtemp(join(parent, `${name}-`));
}

/** One file for QEMU: the kernel's archive, the product's, and what only this boot knows. */
async function writeInitrd(
  path: string,
  hostKernel: Kernel,
  host: { name: string; token: string },
  progress: Progress,
): Promise<void> {
  const env = { PATH: '/usr/bin:/bin', HOME: '/root', LANG: 'C.UTF-8', HOLDFAST_LAB_HOST: host.name };
  const own = new CpioWriter()
    .file('/etc/lab.json', JSON.stringify({ token: host.token, port: labdPort, env }), 0o600)
    .file('/etc/hostname', `${host.name}\n`)
    .file('/etc/hosts', `127.0.0.1 localhost ${host.name}\n`)
    .finish();
  const kernelPart = await readFile(await kernelInitramfs(hostKernel, progress));
  await writeFile(path, Buffer.concat([kernelPart, ...(await productArchives(progress)), own]), {
    mode: 0o600,
  });
}

async function makeDataDisk(path: string): Promise<void> {
  if (await exists(path)) return;
  const options = ['-E', 'lazy_itable_init=1,lazy_journal_init=1', '-m', '0'];
  const missing = 'install the package e2fsprogs';
  await run('mke2fs', ['-q', '-t', 'ext4', ...options, path, dataDiskSize], { missing, env: withSbin() });
}

function userNetwork(forwards: Readonly<Record<string, number>>): string {
  const rules = Object.entries(forwards).map(([inside, port]) => `,hostfwd=tcp:127.0.0.1:${port}-:${inside}`);
  return `user,id=net${rules.join('')}`;
}

/** Ports of the machine's loopback that nobody listens on now. */
async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise<ReturnType<typeof createServer>>((resolve, reject) => {
          const server = createServer();
          server.once('error', reject);
          server.listen(0, '127.0.0.1', () => resolve(server));
        }),
    ),
  );
  const ports = servers.map((server) => {
    const address = server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  });
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
