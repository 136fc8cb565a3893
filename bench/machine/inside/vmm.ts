/** What is measured of a machine monitor, whichever it is. */
import type { PsciVersion } from '../../../src/psci/versions.ts';

export interface GuestConfig {
  readonly vcpus: number;
  readonly memoryMiB: number;
  readonly kernelPath: string;
  readonly initramfsPath: string | null;
  readonly cmdline: string;
  /** A raw image with a file system's worth of blocks behind it, or none. */
  readonly diskPath: string | null;
  /** Under Holdfast; QEMU's guests have the kernel's newest. 1.1 if not given. */
  readonly psci?: PsciVersion;
  /** A network interface on this tap, with the host's vhost-net behind it, or none. */
  readonly tap?: string;
  /** Goes on from what `save` wrote, with the guest's first output to come. */
  readonly savedPath?: string;
}

/** A guest that was saved and goes on. Times in milliseconds. */
export interface Saved {
  /** In a directory of the caller's. */
  readonly path: string;
  readonly bytes: number;
  /** From the command until the whole file is there. */
  readonly milliseconds: number;
}

export interface Vmm {
  readonly name: 'holdfast' | 'qemu';
  /** Resolves once the process has been told to start. */
  start(config: GuestConfig): Promise<RunningVm>;
}

export interface RunningVm {
  readonly pid: number;
  /** performance.now() just before the start command. */
  readonly startedAt: number;
  /** What the guest's console has shown so far. */
  console(): Buffer;
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** Saves the guest to a file. Whether it runs meanwhile is up to the monitor; it does afterwards. */
  save(path: string): Promise<Saved>;
  /** Ends it, whatever it does, and takes what it left on the disk. */
  end(): Promise<void>;
}
