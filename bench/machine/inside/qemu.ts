/**
 * Debian's QEMU with settings that suit it: no device it is not asked for, no option ROMs, no ACPI for a guest that
 * boots by device tree, virtio on PCI with an I/O thread. Its disk is cached by the host and flushed when the
 * guest asks, as Holdfast's is; its network is the kernel's vhost-net. A guest is saved while it is paused: what saves
 * it while it runs is not there on arm64.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createConnection, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { GuestConfig, RunningVm, Saved, Vmm } from './vmm.ts';

/** Where the disk with QEMU is mounted. */
export const QEMU_ROOT = '/run/qemu';
const LIBRARIES = `${QEMU_ROOT}/usr/lib/aarch64-linux-gnu`;

/** The program by its own dynamic loader, with its own libraries. */
const PROGRAM = [
  `${QEMU_ROOT}/usr/lib/ld-linux-aarch64.so.1`,
  ...['--library-path', LIBRARIES],
  `${QEMU_ROOT}/usr/bin/qemu-system-aarch64`,
] as const;

export class QemuVmm implements Vmm {
  readonly name = 'qemu';

  async start(config: GuestConfig): Promise<RunningVm> {
    const directory = mkdtempSync('/var/lib/holdfast/qemu-');
    const [program, ...args] = [...PROGRAM, ...machineArguments(config, directory)];
    const startedAt = performance.now();
    const child = spawn(program, args, {
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, QEMU_MODULE_DIR: join(LIBRARIES, 'qemu') },
    });
    await once(child, 'spawn');
    return new RunningQemu(child, directory, startedAt);
  }
}

function machineArguments(config: GuestConfig, directory: string): string[] {
  const { vcpus, memoryMiB, kernelPath, initramfsPath, cmdline, diskPath, tap, savedPath } = config;
  return [
    ...['-M', 'virt,accel=kvm,gic-version=3,acpi=off', '-cpu', 'host'],
    ...['-smp', String(vcpus), '-m', String(memoryMiB)],
    ...['-nodefaults', '-no-user-config', '-no-reboot', '-display', 'none'],
    ...['-serial', `file:${directory}/console`],
    ...['-qmp', `unix:${directory}/qmp,server=on,wait=off`],
    ...['-kernel', kernelPath, '-append', cmdline],
    ...(initramfsPath === null ? [] : ['-initrd', initramfsPath]),
    ...(diskPath === null
      ? []
      : [
          ...['-object', 'iothread,id=io'],
          ...['-drive', `if=none,id=disk,format=raw,cache=writeback,aio=threads,file=${diskPath}`],
          ...['-device', 'virtio-blk-pci,drive=disk,iothread=io'],
        ]),
    ...(tap === undefined
      ? []
      : [
          ...['-netdev', `tap,id=net,ifname=${tap},script=no,downscript=no,vhost=on`],
          ...['-device', 'virtio-net-pci,netdev=net,romfile='],
        ]),
    ...(savedPath === undefined ? [] : ['-incoming', `file:${savedPath}`]),
  ];
}

class RunningQemu implements RunningVm {
  readonly pid: number;
  readonly startedAt: number;
  readonly #child: ChildProcess;
  readonly #directory: string;
  #qmp: Socket | undefined;

  constructor(child: ChildProcess, directory: string, startedAt: number) {
    this.#child = child;
    this.#directory = directory;
    this.startedAt = startedAt;
    this.pid = child.pid ?? 0;
  }

  console(): Buffer {
    try {
      return readFileSync(join(this.#directory, 'console'));
    } catch {
      return Buffer.alloc(0);
    }
  }

  async pause(): Promise<void> {
    await this.#execute('stop');
  }

  async resume(): Promise<void> {
    await this.#execute('cont');
  }

  async save(path: string): Promise<Saved> {
    const asked = performance.now();
    await this.#execute('stop');
    await this.#execute('migrate', { uri: `file:${path}` });
    while (!/"status": "completed"/.test(await this.#execute('query-migrate'))) await sleep(5);
    const milliseconds = performance.now() - asked;
    await this.#execute('cont');
    return { path, bytes: statSync(path).size, milliseconds };
  }

  async end(): Promise<void> {
    this.#qmp?.destroy();
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      this.#child.kill('SIGKILL');
      await once(this.#child, 'exit');
    }
    rmSync(this.#directory, { recursive: true, force: true });
  }

  /** Commands one after the other, on a connection that stays open. */
  async #execute(command: string, args: object = {}): Promise<string> {
    const qmp = this.#qmp ?? (await this.#connect());
    qmp.write(`${JSON.stringify({ execute: command, arguments: args })}\n`);
    return await answer(qmp);
  }

  async #connect(): Promise<Socket> {
    const qmp = createConnection(join(this.#directory, 'qmp'));
    this.#qmp = qmp;
    await once(qmp, 'data');
    qmp.write('{"execute":"qmp_capabilities"}\n');
    await answer(qmp);
    await sleep(0);
    return qmp;
  }
}

/** The answer's text, events between it and the command passed over. */
async function answer(qmp: Socket): Promise<string> {
  let text = '';
  while (!/"return"|"error"/.test(text)) text += String((await once(qmp, 'data'))[0]);
  if (text.includes('"error"')) throw new Error(`QEMU refuses: ${text}`);
  return text;
}
