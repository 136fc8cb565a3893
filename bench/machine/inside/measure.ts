/**
 * One part of the benchmark, run inside the lab host: `node measure.ts '{"part":"start",…}'` prints each sample as a
 * line of JSON as soon as it is there. The machine monitors take turns, so that whatever else the machine does meets both.
 */
import { closeSync, ftruncateSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { HoldfastVmm } from './holdfast.ts';
import { GUEST_ADDRESS, HostLink } from './host-link.ts';
import { exits, idle } from './payloads.ts';
import { QemuVmm } from './qemu.ts';
import { Ticks } from './ticks.ts';
import type { GuestConfig, RunningVm, Vmm } from './vmm.ts';

export interface Order {
  readonly part: 'start' | 'memory' | 'many' | 'disk' | 'net' | 'save' | 'exits' | 'pause';
  readonly rounds: number;
}

export interface Sample {
  readonly metric: string;
  /** `cold`: Holdfast without a spare worker. */
  readonly vmm: 'holdfast' | 'cold' | 'qemu';
  readonly value: number;
}

const KERNEL = '/tmp/bench/kernel';
const INITRAMFS = '/tmp/bench/initramfs';
const DISK = '/var/lib/holdfast/bench-disk';
const MIB = 1024 * 1024;
const DISK_MIB = 256;
/** Memory is that of a guest which has run for a while, not of one that has just come up. */
const SETTLE_MS = 20_000;
/** For anything a guest does, on a busy machine. */
const LONGEST_MS = 180_000;

const LINUX: GuestConfig = {
  ...{ vcpus: 1, memoryMiB: 256, kernelPath: KERNEL, initramfsPath: INITRAMFS },
  // Both have one serial port, each of its kind; the kernel finds it by the device tree.
  ...{ cmdline: 'earlycon loglevel=6', diskPath: null },
};

const note = (metric: string, vmm: Sample['vmm'], value: number): void => {
  process.stdout.write(`${JSON.stringify({ metric, vmm, value } satisfies Sample)}\n`);
};

const qemu = new QemuVmm();

/** What fails is told and left out: the other figures are worth having. */
async function attempt(measurement: () => Promise<void>): Promise<void> {
  try {
    await measurement();
  } catch (error) {
    process.stderr.write(`not measured: ${error instanceof Error ? error.message : error}\n`);
  }
}

/** Gives each a turn, in an order that changes from round to round. */
async function alternate(rounds: number, turns: readonly (() => Promise<void>)[]): Promise<void> {
  for (let round = 0; round < rounds; round += 1) {
    for (const turn of round % 2 === 0 ? turns : turns.toReversed()) await attempt(turn);
  }
}

async function until(vm: RunningVm, pattern: RegExp | number): Promise<void> {
  const there = (text: Buffer): boolean =>
    typeof pattern === 'number' ? text.length >= pattern : pattern.test(text.toString('latin1'));
  const deadline = performance.now() + LONGEST_MS;
  while (!there(vm.console())) {
    if (performance.now() > deadline) throw new Error(`not on the console: ${pattern}\n${vm.console()}`);
    await sleep(10);
  }
}

function freshDisk(): string {
  const fd = openSync(DISK, 'w');
  ftruncateSync(fd, DISK_MIB * MIB);
  closeSync(fd);
  return DISK;
}

/** Runs something with Holdfast and a spare worker that is ready. */
async function withSpare<T>(use: (vmm: Vmm) => Promise<T>): Promise<T> {
  const vmm = HoldfastVmm.open(1);
  await vmm.ready();
  try {
    return await use(vmm);
  } finally {
    vmm.close();
  }
}

/** From the start command to the first byte on the console, and to the guest's own first process. */
async function start(rounds: number): Promise<void> {
  const once = async (as: Sample['vmm'], vmm: Vmm): Promise<void> => {
    const vm = await vmm.start({ ...LINUX, diskPath: freshDisk() });
    try {
      await until(vm, 1);
      note('start to first kernel line, ms', as, performance.now() - vm.startedAt);
      await until(vm, /bench init/);
      note('start to init, ms', as, performance.now() - vm.startedAt);
      await until(vm, /bench done/);
      await sleep(SETTLE_MS);
      noteMemory('memory after boot, 1 vCPU, MiB', as, [memory(vm.pid, LINUX.memoryMiB)]);
    } finally {
      await vm.end();
    }
  };
  await alternate(rounds, [
    async () => await withSpare(async (vmm) => await once('holdfast', vmm)),
    async () => await once('cold', HoldfastVmm.open(0)),
    async () => await once('qemu', qemu),
  ]);
}

interface Memory {
  /** Proportional set size: what is shared with other processes counts by its share. MiB. */
  readonly pss: number;
  /** Of it what no other process has, in MiB. */
  readonly own: number;
}

function noteMemory(metric: string, as: Sample['vmm'], each: readonly Memory[]): void {
  const mean = (of: (memory: Memory) => number): number =>
    each.reduce((sum, memory) => sum + of(memory), 0) / each.length;
  note(
    metric,
    as,
    mean(({ pss }) => pss),
  );
  note(
    `${metric}, not shared`,
    as,
    mean(({ own }) => own),
  );
}

/** The memory of a process without its guest's. */
function memory(pid: number, guestMiB: number): Memory {
  let pss = 0;
  let own = 0;
  const guest: number[] = [];
  for (const mapping of readFileSync(`/proc/${pid}/smaps`, 'latin1').split(/\n(?=[0-9a-f]+-[0-9a-f]+ )/)) {
    const field = (name: string): number => Number(new RegExp(`\n${name}: +(\\d+)`).exec(mapping)?.[1] ?? 0);
    // Guest memory is one mapping, to which the kernel may have joined a neighbour of less than 4 MiB.
    const size = field('Size') / 1024;
    const anonymous = /^\S+ rw-p 0+ 00:00 0\s*\n/.test(mapping);
    if (anonymous && size >= guestMiB && size < guestMiB + 4) guest.push(size);
    else {
      pss += field('Pss') / 1024;
      own += (field('Private_Dirty') + field('Private_Clean')) / 1024;
    }
  }
  if (guest.length !== 1) throw new Error(`${guest.length} mappings look like the memory of the guest`);
  return { pss, own };
}

const BARE: GuestConfig = {
  ...{ vcpus: 1, memoryMiB: 48, kernelPath: '/tmp/bench/idle', initramfsPath: null, cmdline: '' },
  ...{ diskPath: null },
};

/** Memory of several VMs at once, whose guests say one byte and wait. */
async function together(count: number, vcpus: number, metric: string): Promise<void> {
  writeFileSync(BARE.kernelPath, idle);
  const measure = async (vmm: Vmm): Promise<void> => {
    const vms: RunningVm[] = [];
    try {
      const diskPath = freshDisk();
      for (let i = 0; i < count; i += 1) {
        const vm = await vmm.start({ ...BARE, vcpus, diskPath: count === 1 ? diskPath : null });
        vms.push(vm);
        await until(vm, 1);
      }
      await sleep(SETTLE_MS);
      noteMemory(
        metric,
        vmm.name,
        vms.map(({ pid }) => memory(pid, BARE.memoryMiB)),
      );
    } finally {
      for (const vm of vms) await vm.end();
    }
  };
  await alternate(1, [() => measure(HoldfastVmm.open(0)), () => measure(qemu)]);
}

/** What the guest printed as results. */
function results(
  as: Sample['vmm'],
  unit: string,
  vm: RunningVm,
  names: Readonly<Record<string, string>> = {},
): void {
  for (const [, name = '', value = ''] of vm
    .console()
    .toString('latin1')
    .matchAll(/result (\w+) (\d+)/g)) {
    note(`${names[name] ?? name}, ${unit}`, as, Number(value) / MIB);
  }
}

async function task(
  rounds: number,
  name: string,
  unit: string,
  config: () => Partial<GuestConfig>,
): Promise<void> {
  const measure = async (vmm: Vmm): Promise<void> => {
    const vm = await vmm.start({ ...LINUX, ...config(), cmdline: `${LINUX.cmdline} task=${name}` });
    try {
      await until(vm, /bench done/);
    } finally {
      results(vmm.name, unit, vm);
      await vm.end();
    }
  };
  await alternate(rounds, [() => measure(HoldfastVmm.open(0)), () => measure(qemu)]);
}

const EXITS = 3_000;

async function roundTrips(rounds: number): Promise<void> {
  const measure = async (vmm: Vmm): Promise<void> => {
    const kernelPath = `/tmp/bench/exits-${vmm.name}`;
    writeFileSync(kernelPath, exits(vmm.name, EXITS));
    const vm = await vmm.start({ ...BARE, kernelPath });
    try {
      await until(vm, 32);
      const seen = vm.console();
      const frequency = Number(seen.readBigUInt64LE(0));
      for (const at of [8, 16, 24]) {
        const seconds = Number(seen.readBigUInt64LE(at)) / frequency;
        note('register read with exit to user space, us', vmm.name, (seconds / EXITS) * 1e6);
      }
    } finally {
      await vm.end();
    }
  };
  await alternate(rounds, [() => measure(HoldfastVmm.open(0)), () => measure(qemu)]);
}

/** Both ways over a tap of the host's, with vhost-net behind the device: TCP, busybox at both ends. */
async function network(rounds: number): Promise<void> {
  const measure = async (vmm: Vmm): Promise<void> => {
    using link = new HostLink();
    const vm = await vmm.start({ ...LINUX, tap: link.tap, cmdline: `${LINUX.cmdline} task=net` });
    try {
      await until(vm, /bench serves/);
      for (let i = 0; i < 3; i += 1) {
        note('network, guest to host, MiB/s', vmm.name, (await link.fetchFrom(GUEST_ADDRESS)) / MIB);
      }
    } finally {
      results(vmm.name, 'MiB/s', vm, { receive: 'network, host to guest' });
      await vm.end();
    }
  };
  await alternate(rounds, [() => measure(HoldfastVmm.open(0)), () => measure(qemu)]);
}

/** A Linux guest that talks all the time, saved and started again from the file. */
async function saves(rounds: number): Promise<void> {
  const measure = async (as: Sample['vmm'], vmm: Vmm): Promise<void> => {
    const path = `/var/lib/holdfast/bench-saved-${as}`;
    const config = { ...LINUX, cmdline: `${LINUX.cmdline} task=tick` };
    const first = await vmm.start(config);
    try {
      await until(first, /tick\s+tick/);
      // The first makes the connection.
      await first.pause();
      await first.resume();
      const ticks = new Ticks(first);
      const saved = await first.save(path);
      note('save, until the file is whole, ms', as, saved.milliseconds);
      note('save, longest time without output, ms', as, await ticks.longestGap());
      note('saved file, MiB', as, saved.bytes / MIB);
    } finally {
      await first.end();
    }
    const second = await vmm.start({ ...config, savedPath: path });
    try {
      await until(second, 1);
      note('restore, start command to first output, ms', as, performance.now() - second.startedAt);
    } finally {
      await second.end();
      rmSync(path);
    }
  };
  await alternate(rounds, [
    async () => await withSpare(async (vmm) => await measure('holdfast', vmm)),
    () => measure('qemu', qemu),
  ]);
}

async function pauses(rounds: number): Promise<void> {
  writeFileSync(BARE.kernelPath, idle);
  const measure = async (vmm: Vmm): Promise<void> => {
    const vm = await vmm.start(BARE);
    try {
      await until(vm, 1);
      for (let i = 0; i < 6; i += 1) {
        const asked = performance.now();
        await vm.pause();
        // The first makes the connection.
        if (i > 0) note('pause, ms', vmm.name, performance.now() - asked);
        await vm.resume();
      }
    } finally {
      await vm.end();
    }
  };
  await alternate(rounds, [() => measure(HoldfastVmm.open(0)), () => measure(qemu)]);
}

const order = JSON.parse(process.argv[2] ?? '{}') as Order;
switch (order.part) {
  case 'start':
    await start(order.rounds);
    break;
  case 'memory':
    await together(1, 1, 'memory, idle guest, 1 vCPU, MiB');
    await together(1, 4, 'memory, idle guest, 4 vCPUs, MiB');
    break;
  case 'many':
    await together(8, 1, 'memory of each of 8 VMs, idle guest, MiB');
    break;
  case 'disk':
    await task(order.rounds, 'disk', 'MiB/s', () => ({ diskPath: freshDisk() }));
    break;
  case 'net':
    await network(order.rounds);
    break;
  case 'save':
    await saves(order.rounds);
    break;
  case 'exits':
    await roundTrips(order.rounds);
    break;
  case 'pause':
    await pauses(order.rounds);
    break;
}
rmSync(DISK, { force: true });
process.exit(0);
