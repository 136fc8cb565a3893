/**
 * A guest that sums over its memory and its disk for ever is saved here and restored elsewhere: run inside lab hosts by
 * test/lab/snapshot.test.ts as `node snapshot.ts save|restore …`.
 *
 * Each step of the guest hashes the sum so far, all of its data in memory and all of its data on the disk (read from
 * the device, caches dropped), and writes the sum back to both. What it prints follows from the beginning alone
 * (checksum.ts), so one wrong byte anywhere makes every later sum another.
 */
import { closeSync, ftruncateSync, openSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { RAM_BASE } from '../../../src/machine/layout.ts';
import type { PsciVersion } from '../../../src/psci/versions.ts';
import { extractDisk } from '../../../src/snapshot/disks.ts';
import { SnapshotReader } from '../../../src/snapshot/reader.ts';
import { DATA_BYTES, DISK_BYTES, LINE } from './checksum.ts';
import { Guest, type GuestConfig, usage } from './guest.ts';
import { add, branch, image, ldr64, mov, str64 } from './payload.ts';
import { report } from './report.ts';

const DISK = '/var/lib/holdfast/sum.raw';
const PSCI: PsciVersion = '1.1';
const base: GuestConfig = { psci: PSCI, vcpus: 2, disks: [{ name: 'sum', path: DISK, readOnly: false }] };

function blankDisk(): void {
  rmSync(DISK, { force: true });
  const fd = openSync(DISK, 'w');
  ftruncateSync(fd, DISK_BYTES);
  closeSync(fd);
}

/** Typed at the guest's shell, each after the last is done. */
const BEGIN = [
  `yes ${LINE} | head -c ${DATA_BYTES} > /data; cp /data /dev/vda; echo copied $((6 * 7))`,
  [
    'loop() { n=0; s=none; while :; do n=$((n+1)); sync; echo 3 > /proc/sys/vm/drop_caches;',
    `s=$({ echo $s; cat /data; head -c ${DATA_BYTES} /dev/vda; } | sha256sum | cut -c1-64);`,
    'echo $s | dd of=/data bs=65 seek=$((n%500)) conv=notrunc 2>/dev/null;',
    'echo $s | dd of=/dev/vda bs=65 seek=$((n%500)) conv=notrunc 2>/dev/null;',
    'echo step $n $s; done; }; echo defined $((6 * 7))',
  ].join(' '),
];

const STEP = /step (\d+) ([0-9a-f]{64})/g;

function steps(console: string): { n: number; sum: string }[] {
  return Array.from(console.matchAll(STEP), ([, n, sum]) => ({ n: Number(n), sum: sum ?? '' }));
}

async function stepsFrom(guest: Guest, from: number, count: number): Promise<{ n: number; sum: string }[]> {
  const pattern = new RegExp(`(step \\d+ [0-9a-f]{64}[^]*){${count}}`);
  await guest.shows(pattern, from);
  return steps(guest.console.slice(from));
}

/** What the guest can see of its firmware, CPUs and clocks. */
async function readings(guest: Guest): Promise<{ cpuinfo: string; uptime: number; date: number }> {
  const command =
    'echo cpuinfo $(sha256sum < /proc/cpuinfo); echo clock $(cut -d" " -f1 /proc/uptime) $(date +%s) e';
  const shown = await guest.shell(command, /clock [\d.]+ \d+ e/);
  const [, uptime, date] = /clock ([\d.]+) (\d+) e/.exec(shown) ?? [];
  return {
    cpuinfo: /cpuinfo ([0-9a-f]{64})/.exec(shown)?.[1] ?? '',
    uptime: Number(uptime),
    date: Number(date),
  };
}

/** Where the counting guest counts, in its memory. */
const COUNTER = 0x4010_0000;

/** What a counting guest had counted to when it was saved. */
async function countIn(path: string): Promise<number> {
  await using reader = await SnapshotReader.open(path);
  let count = -1;
  await reader.sparse('memory', 8 * 1024 * 1024, (offset, bytes) => {
    const at = COUNTER - RAM_BASE - offset;
    if (at >= 0 && at < bytes.length) count = Number(bytes.readBigUInt64LE(at));
  });
  return count;
}

const scenarios: Readonly<Record<string, (...values: string[]) => Promise<unknown>>> = {
  async save(path = '') {
    blankDisk();
    await using guest = await Guest.make(base);
    guest.machine.run();
    await guest.ready();
    const psci = /PSCIv(\S+) detected/.exec(guest.console)?.[1];
    const begun = guest.console.length;
    for (const command of BEGIN) await guest.shell(command, /(copied|defined) 42/);
    guest.machine.writeConsole(Buffer.from('loop &\n'));
    await stepsFrom(guest, begun, 3);
    const before = await readings(guest);
    const started = performance.now();
    await using save = await guest.machine.save(path);
    const wentOn = guest.console.length;
    const written = await save.written;
    const milliseconds = performance.now() - started;
    const during = steps(guest.console.slice(wentOn)).length;
    await stepsFrom(guest, wentOn, during + 2);
    const after = await readings(guest);
    const original = steps(guest.console.slice(begun));
    const { pauseMilliseconds } = save;
    return { psci, before, after, original, during, pauseMilliseconds, milliseconds, ...written };
  },

  async restore(path = '', psci: string = PSCI, skip = '') {
    rmSync(DISK, { force: true });
    const started = performance.now();
    await extractDisk(path, 'sum', DISK);
    const restore = { path, skipAbsentDefaults: skip === 'skip' };
    await using guest = await Guest.make({ ...base, psci: psci as PsciVersion, restore });
    const made = performance.now() - started;
    guest.machine.run();
    const milliseconds = performance.now() - started;
    const restored = await stepsFrom(guest, 0, 3);
    const now = await readings(guest);
    const read = Date.now() / 1000;
    guest.machine.writeConsole(Buffer.from('poweroff -f\n'));
    const event = await guest.ended;
    const { leftOut } = guest.machine;
    return { made, milliseconds, restored, now, read, event, leftOut, psci: guest.machine.psci };
  },

  /** A guest of a few instructions that counts in memory: saved while it runs, and gone on with in the same process. */
  async count(path = '') {
    const kernelPath = '/tmp/counting-payload';
    writeFileSync(
      kernelPath,
      image([...mov(1, COUNTER), ...ldr64(2, 1), ...add(2, 1), ...str64(2, 1), ...branch(-3)]),
    );
    const config: GuestConfig = { memoryMiB: 8, initramfsPath: null, cmdline: '', kernelPath };
    const times: Record<string, number> = {};
    const timed = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
      const started = performance.now();
      const result = await work();
      times[what] = Math.round(performance.now() - started);
      return result;
    };
    const guest = await Guest.make(config);
    guest.machine.run();
    const save = await timed('save', async () => await guest.machine.save(path));
    await timed('written', async () => await save.written);
    await save.close();
    await guest[Symbol.asyncDispose]();
    const before = usage();
    const restore = { path, skipAbsentDefaults: false };
    const restored = await timed('restore', async () => await Guest.make({ ...config, restore }));
    restored.machine.run();
    const again = await timed('save again', async () => await restored.machine.save(`${path}.2`));
    await again.written;
    await again.close();
    await restored[Symbol.asyncDispose]();
    const counts = await Promise.all([path, `${path}.2`].map(countIn));
    return { counts, times, pause: save.pauseMilliseconds, before, after: usage() };
  },

  /** The code with which each of some files is refused. */
  async refusals(...paths: string[]) {
    const codes: Record<string, unknown> = {};
    for (const path of paths) {
      if (statSync(DISK, { throwIfNoEntry: false }) === undefined) blankDisk();
      const restore = { path, skipAbsentDefaults: false };
      codes[path] = await Guest.make({ ...base, restore }).then(
        (guest) => guest[Symbol.asyncDispose]().then(() => 'none'),
        (error: Error & { code?: string }) => error.code ?? error.message,
      );
    }
    return codes;
  },
};

const [name = '', ...values] = process.argv.slice(2);
const scenario = scenarios[name];
if (scenario === undefined) throw new Error(`There is no scenario ${name}.`);
report(await scenario(...values));
