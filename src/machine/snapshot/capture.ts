/**
 * A guest as it was at one instant, taken within a short pause and written to a file while the guest goes on.
 *
 *     takeCapture ──write──▶ written, or failed ──close──▶ gone
 *
 * Memory is frozen copy-on-write (kvm/frozen-memory.ts), disks by copying what is about to be overwritten
 * (devices/block-freeze.ts), the rest is small and copied. Where the host does not allow the frozen copy of the memory,
 * `memory` is null and the guest must stay at rest until it has been written: longer, and as right.
 */
import { release } from 'node:os';
import { FrozenMemory } from '../../kvm/frozen-memory.ts';
import type { Gic } from '../../kvm/gic.ts';
import { TIMER_CNT } from '../../kvm/registers.ts';
import { SavedVcpu } from '../../kvm/saved-vcpu.ts';
import type { Vcpu } from '../../kvm/vcpu.ts';
import type { FirmwareAbi } from '../../psci/firmware.ts';
import { DEVICES, diskSection, GIC, MANIFEST, MEMORY, VCPUS } from '../../snapshot/format.ts';
import type { Hardware, Manifest } from '../../snapshot/manifest.ts';
import type { SparseSource } from '../../snapshot/sparse.ts';
import { SnapshotWriter, type WrittenFile } from '../../snapshot/writer.ts';
import type { DeviceSet } from '../device-set.ts';
import { FrozenDisk } from '../devices/block-freeze.ts';
import type { HeldKey } from '../devices/power-keys.ts';
import type { Ram } from '../ram.ts';
import type { ConsoleState } from './console-state.ts';
import { type DevicesState, takeDevices } from './device-state.ts';
import { freshVcpu } from './fresh-vcpu.ts';
import { type GicState, takeGic } from './gic-state.ts';
import { describeVcpu, type TakenVcpu, takeVcpu } from './vcpu-state.ts';

/** What a capture is taken of, all of it at rest. */
export interface CaptureParts {
  readonly ram: Ram;
  readonly vcpus: readonly Vcpu[];
  readonly gic: Gic;
  readonly devices: DeviceSet;
  readonly hardware: Hardware;
  readonly firmware: FirmwareAbi;
  /** The guest's virtual count when it was paused. */
  readonly pausedAt: bigint;
  readonly held: readonly HeldKey[];
  readonly typed: Uint8Array;
}

export class Capture implements AsyncDisposable {
  /** Whether the guest may go on before it is written. */
  readonly live: boolean;
  readonly #parts: CaptureParts;
  readonly #vcpus: readonly TakenVcpu[];
  readonly #gic: GicState;
  readonly #devices: DevicesState;
  readonly #console: ConsoleState;
  readonly #memory: FrozenMemory | null;
  readonly #disks: readonly (readonly [name: string, disk: FrozenDisk])[];
  readonly #savedAt = new Date().toISOString();
  readonly #stop = new AbortController();
  #writing: Promise<unknown> = Promise.resolve();

  /**
   * Nothing of the machine runs, and all of it is taken in this one call, so that nothing on the event loop comes
   * between. `path` is where it will be written; its directory is used meanwhile.
   * @throws KvmError; the system's error
   */
  constructor(parts: CaptureParts, path: string) {
    this.#parts = parts;
    const { vcpus, gic, devices, hardware, pausedAt } = parts;
    const counts = new Map([[TIMER_CNT, pausedAt]]);
    this.#vcpus = vcpus.map((vcpu) => takeVcpu(new SavedVcpu(vcpu.handle.fd), counts));
    this.#gic = takeGic(gic, vcpus.length);
    this.#devices = takeDevices(devices.all);
    this.#console = { typed: Buffer.from(parts.typed).toString('base64'), held: [...parts.held] };
    const disks: (readonly [string, FrozenDisk])[] = [];
    try {
      for (const [i, spec] of devices.disks.entries()) {
        disks.push([hardware.disks[i]?.name ?? '', new FrozenDisk(spec, `${path}.aside-${i}`)]);
      }
      this.#memory = freeze();
    } catch (error) {
      for (const [, disk] of disks) void disk.close();
      throw error;
    }
    this.#disks = disks;
    this.live = this.#memory !== null;
  }

  /**
   * Writes the file, whole or not at all.
   * @throws the system's error (ENOSPC when the disk is full), DiskNotKeptError, CaptureClosedError
   */
  write(path: string): Promise<WrittenFile> {
    const written = this.#write(path);
    this.#writing = written.catch(() => undefined);
    return written;
  }

  async #write(path: string): Promise<WrittenFile> {
    const { ram, hardware, firmware } = this.#parts;
    const manifest: Manifest = { hardware, firmware, kernel: release(), savedAt: this.#savedAt };
    const writer = await SnapshotWriter.create(path);
    try {
      await writer.json(MANIFEST, manifest);
      await writer.json(VCPUS, this.#describeVcpus());
      await writer.json(GIC, this.#gic);
      await writer.json(DEVICES, { devices: this.#devices, console: this.#console });
      await writer.sparse(
        MEMORY,
        this.#guarded(this.#memory === null ? restingRam(ram) : frozenRam(this.#memory, ram)),
      );
      for (const [name, disk] of this.#disks) await writer.sparse(diskSection(name), this.#guarded(disk));
      this.#stop.signal.throwIfAborted();
      return await writer.finish();
    } catch (error) {
      await writer.discard();
      throw error;
    }
  }

  /** Ends a write under way and gives everything back. Idempotent. */
  async close(): Promise<void> {
    this.#stop.abort(new CaptureClosedError());
    await this.#writing;
    this.#memory?.close();
    for (const [, disk] of this.#disks) await disk.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** After the pause: a fresh vCPU tells which registers still were what they are at reset. */
  #describeVcpus(): unknown {
    using fresh = freshVcpu(this.#parts.firmware.psci02);
    return this.#vcpus.map((vcpu) => describeVcpu(vcpu, fresh.registers));
  }

  #guarded(source: SparseSource): SparseSource {
    const { signal } = this.#stop;
    return {
      size: source.size,
      ranges: () => source.ranges(),
      read: async (offset, into) => {
        signal.throwIfAborted();
        await source.read(offset, into);
      },
    };
  }
}

/** The machine was closed before its capture was written. */
export class CaptureClosedError extends Error {
  override readonly name = 'CaptureClosedError';
  readonly code = 'SAVE_INTERRUPTED';

  constructor() {
    super('The guest ended or was reset before its snapshot was written: save it again.');
  }
}

function freeze(): FrozenMemory | null {
  try {
    return FrozenMemory.take();
  } catch {
    return null;
  }
}

function frozenRam(memory: FrozenMemory, ram: Ram): SparseSource {
  return {
    size: ram.size,
    *ranges() {
      for (const [address, bytes] of memory.used(ram.address, ram.size)) yield [address - ram.address, bytes];
    },
    read: async (offset, into) => await memory.read(ram.address + offset, into),
  };
}

function restingRam(ram: Ram): SparseSource {
  return {
    size: ram.size,
    ranges: () => [[0, ram.size]],
    read: (offset, into) => {
      into.set(ram.memory.bytes.subarray(offset, offset + into.length));
      return Promise.resolve();
    },
  };
}
