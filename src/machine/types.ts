/**
 * What a machine is given and what it tells, in terms that the worker uses and the vCPU threads share.
 */
import type { FirmwareAbi } from '../psci/firmware.ts';
import type { PsciVersion } from '../psci/versions.ts';
import type { Hardware } from '../snapshot/manifest.ts';
import type { WrittenFile } from '../snapshot/writer.ts';

/** A virtio block device backed by one file. */
export interface DiskConfig {
  readonly name: string;
  /** Path of a raw image; its size in bytes, a multiple of 512, is the disk's capacity. */
  readonly path: string;
  readonly readOnly: boolean;
}

/** A virtio network interface on a tap interface of the host. */
export interface NicConfig {
  readonly name: string;
  /** `02:00:00:00:00:01`. */
  readonly mac: string;
  /** Name of a tap interface that exists and that nobody has opened. */
  readonly tap: string;
  /** The largest packet of its network in bytes, for the guest to know. */
  readonly mtu?: number;
  /** Whether the kernel's vhost-net moves the packets: where the host has it, or not at all. */
  readonly vhost: 'auto' | 'off';
}

export interface MachineConfig {
  /** 1 to 8. */
  readonly vcpus: number;
  readonly memoryMiB: number;
  /** Path of an arm64 Image, plain or compressed with gzip, or of flat arm64 code. */
  readonly kernelPath: string;
  readonly initramfsPath: string | null;
  readonly cmdline: string;
  readonly psci: PsciVersion;
  /** The guest gets SYSTEM_SUSPEND; it ends in a system event. */
  readonly systemSuspend: boolean;
  /** The interface recorded at an earlier boot, to be had again; null at the first: the host's is taken. */
  readonly firmware: FirmwareAbi | null;
  /** Whether a recorded register that this kernel lacks may be left out where it was as a kernel starts it. */
  readonly allowMissingRegisters: boolean;
  /**
   * Whether the recorded ID registers must be had, for a guest that goes on with what it knows of its CPUs: one that
   * hibernated. Otherwise what this host does not take is as this host has it. A restored guest always needs them.
   */
  readonly requireIdRegisters: boolean;
  readonly disks: readonly DiskConfig[];
  readonly nics: readonly NicConfig[];
  /** The guest's vsock address, 3 or above and its own on the host; null for no vsock. */
  readonly vsockCid: number | null;
  /** A descriptor opened for append; the serial console's output goes there, byte for byte. */
  readonly consoleFd: number;
  /** Null or absent: the guest boots. */
  readonly restore?: RestoreConfig | null;
}

/** How to continue a guest that was saved. */
export interface RestoreConfig {
  /** The snapshot's file. The disks already hold what it has of them. */
  readonly path: string;
  /** Goes on without registers that this host lacks, where they still held what a fresh vCPU has. */
  readonly skipAbsentDefaults: boolean;
}

/** A guest as it was at one instant. See snapshot/capture.ts. */
export interface Save extends AsyncDisposable {
  /** How long the guest stood still, in milliseconds. */
  readonly pauseMilliseconds: number;
  readonly hardware: Hardware;
  /** Resolves once the file is whole and on the disk; the guest goes on in any case. */
  readonly written: Promise<WrittenFile>;
  /** Ends the writing if it has not ended, and gives everything back. Idempotent. */
  close(): Promise<void>;
}

/** KVM_EXIT_SYSTEM_EVENT as one vCPU saw it, before anybody acted on it. */
export interface SystemEvent {
  /** KVM_SYSTEM_EVENT_*: 1 SHUTDOWN, 2 RESET, 3 CRASH, 4 WAKEUP, 5 SUSPEND (include/uapi/linux/kvm.h). */
  readonly type: number;
  /** The valid words of `data` (`ndata` of them; one flags word on kernels without KVM_CAP_SYSTEM_EVENT_DATA). */
  readonly data: readonly bigint[];
  readonly vcpu: number;
  /** The calling vCPU's x1 and x2: type and cookie of SYSTEM_OFF2 and SYSTEM_RESET2. */
  readonly x1: bigint;
  readonly x2: bigint;
}

export type PowerKey = 'power' | 'restart' | 'sleep' | 'hibernate';

/** Called on the thread that made the machine. */
export interface MachineListener {
  /**
   * Every vCPU is stopped and stays so; the machine does nothing more until it is closed, or woken when the event is
   * the guest's own SUSPEND.
   */
  systemEvent(event: SystemEvent): void;
  /** The machine cannot go on (KVM_EXIT_INTERNAL_ERROR, FAIL_ENTRY, a device's fault): every vCPU is stopped. */
  failed(error: Error): void;
}

/** One guest on one VM; see machine.ts for its states. */
export interface Machine {
  /** As read back from KVM. */
  readonly psci: PsciVersion;
  /** What the guest sees of its firmware, as read back from KVM. */
  readonly firmware: FirmwareAbi;
  /** ID registers that are this host's and not as recorded, as `NAME 0x… (the host has 0x…)`. */
  readonly otherIdRegisters: readonly string[];
  /** Registers that a restored guest goes on without, each with its vCPU. */
  readonly leftOut: readonly string[];
  /** Lets every vCPU run for the first time. Once. */
  run(): void;
  /**
   * Takes every vCPU out of the guest. The guest's virtual counter stands still until `resume`, so that it sees no gap:
   * no watchdog barks, and its wall clock lags behind by as much. An event or a failure may still be reported.
   */
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** Wakes a guest that has suspended itself (SYSTEM_SUSPEND), as soon as it is not paused either. */
  wake(): void;
  /**
   * Takes the guest as it is now and writes it to `path` while it goes on; a paused guest stays paused. Resolves once
   * it goes on. Not while it is being paused or resumed.
   * @throws GuestEndedError, KvmError, the system's error: nothing has changed then
   */
  save(path: string): Promise<Save>;
  /** Presses a key that the guest's power management answers to, and releases it about 100 ms later. */
  pressKey(key: PowerKey): void;
  /** Whether a driver of the guest listens to the keys, of the keyboard or of the GPIO pins. */
  readonly inputReady: boolean;
  /** Serial input. */
  writeConsole(bytes: Uint8Array): void;
  /**
   * Ends every thread and gives back every descriptor and all memory but `consoleFd`. May be called at any time and
   * more than once; afterwards another machine may be made in the same process.
   */
  close(): Promise<void>;
}
