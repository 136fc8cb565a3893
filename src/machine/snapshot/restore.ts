/**
 * A guest out of a snapshot's file into a machine that has not run.
 *
 *     open ──▶ checked against the machine's description ──apply──▶ everything in its place but the counts
 *
 * Every byte that is used is checked against its digest before the guest can run. What goes wrong leaves a machine that
 * its maker closes; nothing of it has run.
 */

import { signalEvent } from '../../kvm/eventfd.ts';
import type { Gic } from '../../kvm/gic.ts';
import { SavedVcpu } from '../../kvm/saved-vcpu.ts';
import type { Vcpu } from '../../kvm/vcpu.ts';
import type { FirmwareAbi } from '../../psci/firmware.ts';
import { DEVICES, damaged, GIC, MEMORY, VCPUS } from '../../snapshot/format.ts';
import { type Hardware, readManifest, shaped } from '../../snapshot/manifest.ts';
import { SnapshotReader } from '../../snapshot/reader.ts';
import { closed, list } from '../../wire/shape.ts';
import type { DeviceSet } from '../device-set.ts';
import { VirtioState } from '../devices/virtio-state.ts';
import { RestoreError } from '../errors.ts';
import type { Ram } from '../ram.ts';
import type { RestoreConfig } from '../types.ts';
import { type ConsoleState, consoleState } from './console-state.ts';
import { devicesState, restoreDevices } from './device-state.ts';
import { gicState, restoreGic } from './gic-state.ts';
import { countsOf, dropUnsettable, restoreVcpu, vcpuState } from './vcpu-state.ts';

const vcpuStates = list(vcpuState);
const deviceStates = closed({ devices: devicesState, console: consoleState });

/** What a snapshot is put into. */
export interface RestoreTarget {
  readonly ram: Ram;
  readonly vcpus: readonly Vcpu[];
  readonly gic: Gic;
  readonly devices: DeviceSet;
}

export interface Restored {
  /** To be written when the guest goes on, by register. */
  readonly counts: ReadonlyMap<bigint, bigint>;
  readonly console: ConsoleState;
  /** Registers that this host does not have and that were left out, with the vCPU's number. */
  readonly leftOut: readonly string[];
}

export class Restore implements AsyncDisposable {
  readonly #reader: SnapshotReader;
  readonly #config: RestoreConfig;

  /** What of the machine's making the snapshot decides. */
  readonly boot: {
    readonly firmware: FirmwareAbi;
    readonly systemSuspend: boolean;
    readonly requireIdRegisters: true;
  };

  private constructor(reader: SnapshotReader, config: RestoreConfig, firmware: FirmwareAbi) {
    this.boot = { firmware, systemSuspend: firmware.systemSuspend, requireIdRegisters: true };
    this.#reader = reader;
    this.#config = config;
  }

  /** @throws SnapshotFormatError; RestoreError SNAPSHOT_MISMATCH when the machine is to be another one */
  static async open(config: RestoreConfig, wanted: Hardware): Promise<Restore> {
    const reader = await SnapshotReader.open(config.path);
    try {
      const { hardware, firmware } = await readManifest(reader);
      const differences = compare(hardware, wanted);
      if (differences.length === 0) return new Restore(reader, config, firmware);
      throw new RestoreError(
        'SNAPSHOT_MISMATCH',
        `The snapshot is of another machine: ${differences.join('; ')}. Give the VM what the snapshot has.`,
      );
    } catch (error) {
      await reader.close();
      throw error;
    }
  }

  /** @throws SnapshotFormatError, RestoreError */
  async apply({ ram, vcpus, gic, devices }: RestoreTarget): Promise<Restored> {
    const reader = this.#reader;
    const states = shaped(vcpuStates, await reader.json(VCPUS), VCPUS);
    if (states.length !== vcpus.length) throw damaged(`it has ${states.length} vCPUs, not ${vcpus.length}`);
    const savedGic = shaped(gicState, await reader.json(GIC), GIC);
    const saved = shaped(deviceStates, await reader.json(DEVICES), DEVICES);
    const { skipAbsentDefaults } = this.#config;
    // Before the memory, which takes longest: a host that cannot have the guest says so soon.
    const leftOut = states.flatMap((state, index) => {
      const vcpu = vcpus[index];
      if (vcpu === undefined) return [];
      const names = restoreVcpu(new SavedVcpu(vcpu.handle.fd), state, { index, skipAbsentDefaults });
      return names.map((name) => `${name} of vCPU ${index}`);
    });
    await reader.sparse(MEMORY, ram.size, (offset, bytes) => ram.memory.bytes.set(bytes, offset));
    restoreDevices(devices.all, saved.devices);
    restoreGic(gic, savedGic);
    raiseAgain(devices);
    const [first, bootVcpu] = [states[0], vcpus[0]];
    if (first === undefined || bootVcpu === undefined) throw damaged('it has no vCPU');
    const counts = countsOf(first);
    leftOut.push(...dropUnsettable(new SavedVcpu(bootVcpu.handle.fd), counts));
    return { counts, console: saved.console, leftOut };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#reader.close();
  }
}

/** Interrupts that were on their way through KVM when the guest was saved; see gic-state.ts. */
function raiseAgain(devices: DeviceSet): void {
  for (const spec of devices.all) {
    if ('irqFd' in spec && new VirtioState(spec.state, spec.irqFd).live) signalEvent(spec.irqFd);
  }
}

function compare(saved: Hardware, wanted: Hardware): string[] {
  const differences: string[] = [];
  const differ = (what: string, has: unknown, is: unknown): void => {
    if (has !== is) differences.push(`it has ${what} ${String(has)}, not ${String(is)}`);
  };
  differ('vCPUs:', saved.vcpus, wanted.vcpus);
  differ('memory in MiB:', saved.memoryMiB, wanted.memoryMiB);
  differ('PSCI', saved.psci, wanted.psci);
  const describe = ({ disks }: Hardware): string =>
    disks.map(({ name, bytes, readOnly }) => `${name} ${bytes}${readOnly ? ' read-only' : ''}`).join(', ') ||
    'none';
  differ('disks:', describe(saved), describe(wanted));
  const nics = (hardware: Hardware): string =>
    hardware.nics.map(({ name, mac }) => `${name} ${mac}`).join(', ') || 'none';
  differ('network interfaces:', nics(saved), nics(wanted));
  // Of an address of its own the driver hears when it goes on (devices/virtio-vsock.ts).
  const vsock = ({ vsockCid }: Hardware): string => (vsockCid === null ? 'none' : 'there');
  differ('vsock:', vsock(saved), vsock(wanted));
  return differences;
}
