/**
 * A guest of a few instructions that counts in memory: saved while it runs, gone on with in the same process, and refused
 * when a byte of its file is another. `node snapshot.ts PATH` prints what was seen.
 */
import { readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { RAM_BASE } from '../../../src/machine/layout.ts';
import { SnapshotReader } from '../../../src/snapshot/reader.ts';
import { Guest, type GuestConfig, usage } from './guest.ts';
import { add, branch, image, ldr64, mov, str64 } from './payload.ts';
import { report } from './report.ts';

const MEMORY_MIB = 8;
/** Where it counts. */
const COUNTER = 0x4010_0000;
const countForever = [...mov(1, COUNTER), ...ldr64(2, 1), ...add(2, 1), ...str64(2, 1), ...branch(-3)];

/** What the guest had counted to when it was saved. */
async function countIn(path: string): Promise<number> {
  await using reader = await SnapshotReader.open(path);
  // A page that was never written is left out.
  let count = 0;
  await reader.sparse('memory', MEMORY_MIB * 2 ** 20, (offset, bytes) => {
    const at = COUNTER - RAM_BASE - offset;
    if (at >= 0 && at < bytes.length) count = Number(bytes.readBigUInt64LE(at));
  });
  return count;
}

const path = process.argv[2] ?? '/var/lib/holdfast/counting.snapshot';
const kernelPath = '/tmp/counting-payload';
writeFileSync(kernelPath, image(countForever));
const config: GuestConfig = { memoryMiB: MEMORY_MIB, vcpus: 2, initramfsPath: null, cmdline: '', kernelPath };
const restoreOf = (from: string): GuestConfig => ({
  ...config,
  restore: { path: from, skipAbsentDefaults: false },
});

async function save(guest: Guest, to: string): Promise<{ pauseMilliseconds: number; milliseconds: number }> {
  const started = performance.now();
  await using saving = await guest.machine.save(to);
  await saving.written;
  return { pauseMilliseconds: saving.pauseMilliseconds, milliseconds: performance.now() - started };
}

async function codeOf(from: string): Promise<unknown> {
  return await Guest.make(restoreOf(from)).then(
    async (guest) => {
      await guest[Symbol.asyncDispose]();
      return 'none';
    },
    (error: Error & { code?: string }) => error.code ?? error.message,
  );
}

const times = { pause: 0, save: 0, restore: 0 };
{
  await using guest = await Guest.make(config);
  guest.machine.run();
  let first = await save(guest, path);
  // A busy host may save it before its first instruction.
  while ((await countIn(path)) === 0) first = await save(guest, path);
  times.pause = first.pauseMilliseconds;
  times.save = first.milliseconds;
  // The original goes on, and a paused guest stays paused.
  await guest.machine.pause();
  await save(guest, `${path}.later`);
  await save(guest, `${path}.still`);
}
const before = usage();
const started = performance.now();
{
  await using guest = await Guest.make(restoreOf(path));
  times.restore = performance.now() - started;
  guest.machine.run();
  const from = await countIn(path);
  await save(guest, `${path}.restored`);
  while ((await countIn(`${path}.restored`)) <= from) await save(guest, `${path}.restored`);
}
const after = usage();
const [saved, later, still] = await Promise.all([path, `${path}.later`, `${path}.still`].map(countIn));

const whole = readFileSync(path);
const damagedPath = `${path}.damaged`;
const codes = { flipped: [] as unknown[], cut: null as unknown, newer: null as unknown };
for (const at of [20, 100, whole.length >> 1, whole.length - 30]) {
  const damaged = Buffer.from(whole);
  damaged[at] = (damaged[at] ?? 0) ^ 4;
  writeFileSync(damagedPath, damaged);
  codes.flipped.push(await codeOf(damagedPath));
}
writeFileSync(damagedPath, whole);
truncateSync(damagedPath, whole.length - 1);
codes.cut = await codeOf(damagedPath);
const newer = Buffer.from(whole);
newer.writeUInt32LE(2, 8);
writeFileSync(damagedPath, newer);
codes.newer = await codeOf(damagedPath);
for (const end of ['', '.later', '.still', '.restored', '.damaged']) rmSync(`${path}${end}`);
report({ saved, later, still, times, before, after, codes });
