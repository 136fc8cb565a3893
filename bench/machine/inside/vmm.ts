/** What is measured of a machine monitor, whichever it is. */
export interface GuestConfig {
  readonly vcpus: number;
  readonly memoryMiB: number;
  readonly kernelPath: string;
  readonly initramfsPath: string | null;
  readonly cmdline: string;
  /** A raw image with a file system's worth of blocks behind it, or none. */
  readonly diskPath: string | null;
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
  /** Ends it, whatever it does, and takes what it left on the disk. */
  end(): Promise<void>;
}
