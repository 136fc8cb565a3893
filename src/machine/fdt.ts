/**
 * The machine's device tree: what Linux finds at boot, and all it knows of the machine.
 *
 * Bindings are those of Documentation/devicetree/bindings of Linux. The tree is a function of its description alone,
 * so that every boot of a VM under one pin is told the same.
 */
import { psciNode } from '../psci/fdt.ts';
import type { FirmwareAbi } from '../psci/firmware.ts';
import { cells, cells64, EMPTY, type FdtNode, strings, writeFdt } from './fdt/writer.ts';

/** Guest physical addresses and sizes in bytes. */
export interface Region {
  readonly base: number;
  readonly size: number;
}

/** A device's registers and its shared peripheral interrupt, counted from 0 (INTID = spi + 32). */
export interface MappedDevice extends Region {
  readonly spi: number;
}

export interface MachineDescription {
  /** As read back from KVM. */
  readonly firmware: Pick<FirmwareAbi, 'psci' | 'psciCompatible' | 'mpidrs'>;
  readonly memory: Region;
  readonly gic: { readonly distributor: Region; readonly redistributors: Region };
  readonly uart: MappedDevice;
  /** A PL031. */
  readonly clock: MappedDevice;
  /** A PL061, and the keys on its pins. */
  readonly gpio: MappedDevice;
  readonly keys: readonly { readonly name: string; readonly code: number; readonly pin: number }[];
  readonly virtio: readonly MappedDevice[];
  readonly cmdline: string;
  /** From the first byte up to, not with, `end`. */
  readonly initramfs: { readonly start: number; readonly end: number } | null;
  /** Entropy for the guest's random number generator and, with 8 bytes of it, for KASLR. */
  readonly rngSeed?: Uint8Array;
  readonly kaslrSeed?: bigint;
}

/** Cells of an interrupt specifier, interrupt-controller/arm,gic-v3.yaml. */
const SPI = 0;
const PPI = 1;
const EDGE_RISING = 1;
const LEVEL_HIGH = 4;

const GIC_PHANDLE = 1;
const PRIMECELL_CLOCK_PHANDLE = 2;
const GPIO_PHANDLE = 3;

/** Input clock of the classic UART: 115200 Hz after its divider by 16. */
const UART_CLOCK_HZ = 1_843_200;
/** Linux wants PrimeCells to have a bus clock; nothing depends on its rate. */
const PRIMECELL_CLOCK_HZ = 24_000_000;
/** Flags of a GPIO specifier, include/dt-bindings/gpio/gpio.h. */
const GPIO_ACTIVE_HIGH = 0;

export function buildFdt(machine: MachineDescription): Uint8Array {
  return writeFdt({
    name: '',
    properties: [
      ['compatible', strings('linux,dummy-virt')],
      ['model', strings('linux,dummy-virt')],
      ['#address-cells', cells(2)],
      ['#size-cells', cells(2)],
      ['interrupt-parent', cells(GIC_PHANDLE)],
    ],
    children: [
      chosen(machine),
      aliases(machine),
      memory(machine.memory),
      cpus(machine.firmware.mpidrs),
      psci(machine.firmware),
      timer(),
      gic(machine.gic),
      uart(machine.uart),
      primecellClock(),
      clock(machine.clock),
      gpio(machine.gpio),
      keys(machine.keys),
      ...machine.virtio.map(virtio),
    ],
  });
}

function chosen(machine: MachineDescription): FdtNode {
  const properties: [string, Uint8Array][] = [
    ['bootargs', strings(machine.cmdline)],
    ['stdout-path', strings(`/${uartName(machine.uart)}`)],
  ];
  if (machine.initramfs !== null) {
    properties.push(['linux,initrd-start', cells64(machine.initramfs.start)]);
    properties.push(['linux,initrd-end', cells64(machine.initramfs.end)]);
  }
  if (machine.rngSeed !== undefined) properties.push(['rng-seed', machine.rngSeed]);
  if (machine.kaslrSeed !== undefined) properties.push(['kaslr-seed', cells64(machine.kaslrSeed)]);
  return { name: 'chosen', properties };
}

/** Programs that look for a console by its number find it so (U-Boot, Zephyr, older Linux). */
function aliases(machine: MachineDescription): FdtNode {
  return { name: 'aliases', properties: [['serial0', strings(`/${uartName(machine.uart)}`)]] };
}

function memory(region: Region): FdtNode {
  return {
    name: unit('memory', region),
    properties: [
      ['device_type', strings('memory')],
      ['reg', reg(region)],
    ],
  };
}

function cpus(mpidrs: readonly number[]): FdtNode {
  return {
    name: 'cpus',
    properties: [
      ['#address-cells', cells(1)],
      ['#size-cells', cells(0)],
    ],
    children: mpidrs.map((mpidr) => ({
      name: `cpu@${mpidr.toString(16)}`,
      properties: [
        ['device_type', strings('cpu')],
        ['compatible', strings('arm,armv8')],
        ['enable-method', strings('psci')],
        ['reg', cells(mpidr)],
      ],
    })),
  };
}

function psci({ psci: version, psciCompatible }: MachineDescription['firmware']): FdtNode {
  const node = psciNode(version);
  return {
    name: 'psci',
    properties: [
      ['compatible', strings(...psciCompatible)],
      ['method', strings(node.method)],
      ...Object.entries(node.functions).map(([name, id]) => [name, cells(id)] as const),
    ],
  };
}

/** timer/arm,arch_timer.yaml: secure physical, physical, virtual and hypervisor timer. */
function timer(): FdtNode {
  return {
    name: 'timer',
    properties: [
      ['compatible', strings('arm,armv8-timer')],
      ['interrupts', cells(...[13, 14, 11, 10].flatMap((ppi) => [PPI, ppi, LEVEL_HIGH]))],
      // It runs while the CPU is suspended: no broadcast timer is needed.
      ['always-on', EMPTY],
    ],
  };
}

function gic({ distributor, redistributors }: MachineDescription['gic']): FdtNode {
  return {
    name: unit('interrupt-controller', distributor),
    properties: [
      ['compatible', strings('arm,gic-v3')],
      ['#interrupt-cells', cells(3)],
      ['#address-cells', cells(0)],
      ['interrupt-controller', EMPTY],
      ['reg', reg(distributor, redistributors)],
      ['phandle', cells(GIC_PHANDLE)],
    ],
  };
}

function uartName(device: MappedDevice): string {
  return unit('serial', device);
}

function uart(device: MappedDevice): FdtNode {
  return {
    name: uartName(device),
    properties: [
      ['compatible', strings('ns16550a')],
      ['reg', reg(device)],
      ['reg-shift', cells(0)],
      ['reg-io-width', cells(1)],
      ['clock-frequency', cells(UART_CLOCK_HZ)],
      ['interrupts', cells(SPI, device.spi, LEVEL_HIGH)],
    ],
  };
}

/** clock/fixed-clock.yaml */
function primecellClock(): FdtNode {
  return {
    name: 'apb-pclk',
    properties: [
      ['compatible', strings('fixed-clock')],
      ['#clock-cells', cells(0)],
      ['clock-frequency', cells(PRIMECELL_CLOCK_HZ)],
      ['phandle', cells(PRIMECELL_CLOCK_PHANDLE)],
    ],
  };
}

/** arm/primecell.yaml */
function primecell(model: string, device: MappedDevice): FdtNode['properties'] {
  return [
    ['compatible', strings(model, 'arm,primecell')],
    ['reg', reg(device)],
    ['interrupts', cells(SPI, device.spi, LEVEL_HIGH)],
    ['clocks', cells(PRIMECELL_CLOCK_PHANDLE)],
    ['clock-names', strings('apb_pclk')],
  ];
}

/** rtc/arm,pl031.yaml */
function clock(device: MappedDevice): FdtNode {
  return { name: unit('rtc', device), properties: primecell('arm,pl031', device) };
}

/** gpio/pl061-gpio.yaml */
function gpio(device: MappedDevice): FdtNode {
  return {
    name: unit('gpio', device),
    properties: [
      ...primecell('arm,pl061', device),
      ['gpio-controller', EMPTY],
      ['#gpio-cells', cells(2)],
      ['interrupt-controller', EMPTY],
      ['#interrupt-cells', cells(2)],
      ['#address-cells', cells(0)],
      ['phandle', cells(GPIO_PHANDLE)],
    ],
  };
}

/** input/gpio-keys.yaml. A press ends a sleep of the guest's. */
function keys(list: MachineDescription['keys']): FdtNode {
  return {
    name: 'gpio-keys',
    properties: [['compatible', strings('gpio-keys')]],
    children: list.map(({ name, code, pin }) => ({
      name: `key-${name}`,
      properties: [
        ['label', strings(name)],
        ['linux,code', cells(code)],
        ['gpios', cells(GPIO_PHANDLE, pin, GPIO_ACTIVE_HIGH)],
        ['wakeup-source', EMPTY],
      ],
    })),
  };
}

function virtio(device: MappedDevice): FdtNode {
  return {
    name: unit('virtio_mmio', device),
    properties: [
      ['compatible', strings('virtio,mmio')],
      ['reg', reg(device)],
      // An irqfd pulses the line.
      ['interrupts', cells(SPI, device.spi, EDGE_RISING)],
      // The device's threads reach guest memory through the caches.
      ['dma-coherent', EMPTY],
    ],
  };
}

function unit(name: string, region: Region): string {
  return `${name}@${region.base.toString(16)}`;
}

function reg(...regions: readonly Region[]): Uint8Array {
  return cells64(...regions.flatMap(({ base, size }) => [base, size]));
}
