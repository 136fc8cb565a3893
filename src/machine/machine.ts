/**
 * A machine: one guest on one VM of KVM, with its devices and threads.
 *
 *     createMachine ──▶ made ──run──▶ running ◀──pause/resume──▶ paused
 *                         │              │ ▲ its own SUSPEND, until wake: asleep, which a pause may lie over
 *                         │              │ system event or failure
 *                         │              ▼
 *                         │            ended
 *                         └──── close ───┴──▶ closed
 *
 * The guest's requests are reported, not acted on. Everything belongs to the thread that made the machine, but for
 * what vCPU and I/O threads are lent until `close` has seen them end.
 */
import { randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import { KVM_CAP_ARM_SYSTEM_SUSPEND, KVM_CAP_SYSTEM_EVENT_DATA } from '../kvm/abi.ts';
import type { Gic } from '../kvm/gic.ts';
import { Kvm } from '../kvm/kvm.ts';
import { PC, x } from '../kvm/registers.ts';
import type { Vcpu } from '../kvm/vcpu.ts';
import type { Vm } from '../kvm/vm.ts';
import type { FirmwareAbi } from '../psci/firmware.ts';
import type { Hardware } from '../snapshot/manifest.ts';
import { ConsoleInput } from './console-input.ts';
import { deviceContext } from './device-context.ts';
import { createDevices, type DeviceSet } from './device-set.ts';
import type { Backend } from './devices/backend.ts';
import { KEYS } from './devices/key-codes.ts';
import { PowerKeys } from './devices/power-keys.ts';
import { Uart } from './devices/uart.ts';
import { FirmwareError, MachineConfigError } from './errors.ts';
import { buildFdt } from './fdt.ts';
import {
  GIC_DISTRIBUTOR,
  GIC_INTERRUPTS,
  GIC_REDISTRIBUTOR,
  MAX_DISKS,
  MAX_RAM,
  MAX_VCPUS,
  MIB,
  RAM_BASE,
  type RamLayout,
  ramLayout,
} from './layout.ts';
import { LiveMachine } from './live-machine.ts';
import { openImage } from './loader.ts';
import { Lock } from './lock.ts';
import { assertNics } from './nics.ts';
import { type FixedFirmware, fixFirmware } from './pin.ts';
import { Ram } from './ram.ts';
import { Restore } from './snapshot/restore.ts';
import { endUntaken } from './threads.ts';
import type { Machine, MachineConfig, MachineListener } from './types.ts';
import type { VcpuAttachment } from './vcpu-protocol.ts';
import { VcpuThreads } from './vcpu-threads.ts';
import { assertVsockCid } from './vsock.ts';

export type { Machine, MachineConfig, MachineListener } from './types.ts';

/**
 * Makes a machine whose guest has not run yet. Its firmware interface, the PSCI version first of all, is set, read back
 * and compared before anything that tells the guest about it is built. On an error nothing is left behind.
 * @throws PsciVersionError, FirmwareError, ImageError, MachineConfigError, KvmError
 */
export async function createMachine(config: MachineConfig, listener: MachineListener): Promise<Machine> {
  assertPossible(config);
  let machine: LiveMachine | undefined;
  // First of all, since threads load their code meanwhile.
  const threads = new VcpuThreads(config.vcpus, (report) => void machine?.halted(report));
  await using parts = new AsyncDisposableStack();
  // Disposed of in the opposite order: what the threads use goes after they have ended.
  const resources = parts.use(new AsyncDisposableStack());
  parts.defer(() => threads.stop());

  const ram = resources.use(new Ram(config.memoryMiB * MIB));
  await using restore =
    config.restore == null ? null : await Restore.open(config.restore, hardwareOf(config));
  // A guest that goes on finds the firmware it knew, whatever else is recorded of the VM.
  const boot = restore === null ? config : { ...config, ...restore.boot };
  const { vm, vcpus, bootVcpu, gic, fixed, countedEventData } = createVm(boot, ram, resources);
  const { firmware } = fixed;
  const lock = Lock.allocate();
  const failed = (error: Error): void => threads.fail(error);
  const context = deviceContext(ram.memory, lock, vm.fd);
  const devices = createDevices(vm, config, { context, memory: ram.spec, lock, failed }, resources);
  endWithProcess(threads, devices.backends, resources);

  // What they find in the devices' state is the guest's only once all of it is there; `run` lets them go on.
  if (restore !== null) await Promise.all(devices.backends.map((backend) => backend.quiesce()));
  const restored = (await restore?.apply({ ram, vcpus, gic, devices })) ?? null;
  if (restored === null) {
    const placement = await loadImage(config, ram);
    writeFdt(config, firmware, devices, placement, ram);
    bootVcpu.setRegister(PC, BigInt(placement.kernel.address));
    bootVcpu.setRegister(x(0), BigInt(placement.fdt.address));
  }

  endUntaken();
  const attachment = { vmFd: vm.fd, memory: ram.spec, lock, devices: devices.all, countedEventData };
  await threads.attach(vcpus.map((vcpu): VcpuAttachment => ({ ...attachment, vcpu: vcpu.handle })));

  const uart = new Uart(devices.uart, context);
  const input = new ConsoleInput((bytes) => uart.receive(bytes));
  const keys = new PowerKeys(devices, context);
  parts.defer(() => {
    input.close();
    keys.close();
  });
  const hardware = hardwareOf(config);
  const whole = { vcpus, ram, gic, devices, hardware, ...fixed, restored };
  machine = new LiveMachine({ ...whole, threads, bootVcpu, keys, input, listener, resources: parts.move() });
  return machine;
}

/** What a snapshot of the machine says of it. The disks can be opened, or `createDevices` says why not. */
function hardwareOf({ vcpus, memoryMiB, psci, disks, nics, vsockCid }: MachineConfig): Hardware {
  const sized = disks.map(({ name, path, readOnly }) => {
    const bytes = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    return { name, bytes, readOnly };
  });
  const named = nics.map(({ name, mac }) => ({ name, mac }));
  return { vcpus, memoryMiB, psci, disks: sized, nics: named, vsockCid };
}

function assertPossible({ vcpus, memoryMiB, disks, nics, vsockCid }: MachineConfig): void {
  if (!Number.isInteger(vcpus) || vcpus < 1 || vcpus > MAX_VCPUS) {
    throw new MachineConfigError(
      'MACHINE_NOT_SUPPORTED',
      `A machine has 1 to ${MAX_VCPUS} vCPUs, not ${vcpus}.`,
    );
  }
  if (disks.length > MAX_DISKS) {
    throw new MachineConfigError(
      'MACHINE_NOT_SUPPORTED',
      `A machine has up to ${MAX_DISKS} disks, not ${disks.length}.`,
    );
  }
  assertNics(nics);
  if (vsockCid !== null) assertVsockCid(vsockCid);
  if (!Number.isInteger(memoryMiB) || memoryMiB < 1) {
    throw new MachineConfigError('GUEST_MEMORY_TOO_SMALL', 'Memory is given in whole MiB, at least 1.');
  }
  if (memoryMiB * MIB > MAX_RAM) {
    throw new MachineConfigError(
      'GUEST_MEMORY_TOO_LARGE',
      `A guest has up to ${MAX_RAM / MIB} MiB of memory.`,
    );
  }
}

interface CreatedVm {
  readonly vm: Vm;
  readonly vcpus: readonly Vcpu[];
  readonly bootVcpu: Vcpu;
  readonly fixed: FixedFirmware;
  readonly gic: Gic;
  readonly countedEventData: boolean;
}

/** The VM with its memory, vCPUs, firmware and GIC, in the order that KVM wants. */
function createVm(config: MachineConfig, ram: Ram, resources: AsyncDisposableStack): CreatedVm {
  using kvm = Kvm.open();
  const vm = resources.use(kvm.createVm());
  vm.setMemoryRegion({ slot: 0, guestAddress: RAM_BASE, size: ram.size, address: ram.address });
  if (config.systemSuspend) enableSystemSuspend(kvm, vm);
  const bootVcpu = resources.use(vm.createVcpu(0));
  const others = Array.from({ length: config.vcpus - 1 }, (_, i) => resources.use(vm.createVcpu(i + 1)));
  const target = vm.preferredTarget();
  // 0.1 is what a vCPU without the feature has; KVM wants all vCPUs alike.
  const psci02 = config.psci !== '0.1';
  bootVcpu.init({ target, psci02, startsOff: false });
  for (const vcpu of others) vcpu.init({ target, psci02, startsOff: true });
  const fixed = fixFirmware(vm, [bootVcpu, ...others], config);
  const gic = resources.use(vm.createGic());
  gic.init({
    distributor: GIC_DISTRIBUTOR.base,
    redistributors: GIC_REDISTRIBUTOR.base,
    interrupts: GIC_INTERRUPTS,
  });
  const countedEventData = kvm.extension(KVM_CAP_SYSTEM_EVENT_DATA) > 0;
  return { vm, vcpus: [bootVcpu, ...others], bootVcpu, gic, fixed, countedEventData };
}

function enableSystemSuspend(kvm: Kvm, vm: Vm): void {
  if (kvm.extension(KVM_CAP_ARM_SYSTEM_SUSPEND) === 0) {
    throw new FirmwareError(
      'FIRMWARE_FEATURE_MISSING',
      "This host's KVM cannot suspend a guest (Linux 5.19 or later can): start it on another, or switch " +
        'psci.systemSuspend off.',
    );
  }
  vm.enable(KVM_CAP_ARM_SYSTEM_SUSPEND);
}

/** Node waits for all threads when the process exits, and those in a system call would not notice. */
function endWithProcess(
  threads: VcpuThreads,
  backends: readonly Backend[],
  resources: AsyncDisposableStack,
): void {
  const abandon = (): void => {
    threads.abandon();
    for (const backend of backends) void backend.stop();
  };
  process.once('exit', abandon);
  resources.defer(() => void process.off('exit', abandon));
}

async function loadImage(config: MachineConfig, ram: Ram): Promise<RamLayout> {
  await using image = await openImage(config, ram.size);
  const placement = ramLayout(ram.size, image.kernel, image.initramfsSize);
  await image.load(ram.memory, placement);
  return placement;
}

function writeFdt(
  config: MachineConfig,
  firmware: FirmwareAbi,
  devices: DeviceSet,
  placement: RamLayout,
  ram: Ram,
): void {
  const { initramfs } = placement;
  const fdt = buildFdt({
    firmware,
    memory: ram.memory,
    gic: {
      distributor: GIC_DISTRIBUTOR,
      redistributors: {
        base: GIC_REDISTRIBUTOR.base,
        size: GIC_REDISTRIBUTOR.sizePerVcpu * config.vcpus,
      },
    },
    uart: devices.uart,
    clock: devices.clock,
    gpio: devices.gpio,
    keys: KEYS,
    virtio: devices.virtio,
    cmdline: config.cmdline,
    initramfs:
      initramfs === null ? null : { start: initramfs.address, end: initramfs.address + initramfs.size },
    rngSeed: randomBytes(32),
    kaslrSeed: randomBytes(8).readBigUInt64LE(),
  });
  const room = ram.memory.range(placement.fdt.address, placement.fdt.size);
  if (room === null || fdt.length > room.length) throw new RangeError('The device tree does not fit.');
  room.set(fdt);
}
