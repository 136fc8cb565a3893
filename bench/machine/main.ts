/**
 * `node bench/machine/main.ts`: Holdfast's worker against Debian's QEMU, with the same guests on the same arm64 KVM host
 * of the lab. Prints medians, spreads and ratios, and with `--json FILE` writes every sample.
 *
 *   --only PART,…   exits, pause, memory, start, disk, net, save, many (all)
 *   --rounds N      how often each takes its turn (3)
 *   --kernel K      the host's kernel (the newest)
 */
import { statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { LabHost } from '../../src/lab/host.ts';
import { kernelLabel, newestKernel } from '../../src/lab/kernels.ts';
import { qemu } from '../../src/lab/qemu.ts';
import { HOLDFAST_VERSION } from '../../src/wire/version.ts';
import { buildGuestImage } from './guest-image.ts';
import type { Order, Sample } from './inside/measure.ts';
import { qemuDisk } from './qemu-disk.ts';
import { summarise, table } from './table.ts';

const MEMORY_MIB = 3072;
const PARTS = ['exits', 'pause', 'memory', 'start', 'disk', 'net', 'save', 'many'] as const;

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: PARTS.join() },
    rounds: { type: 'string', default: '3' },
    kernel: { type: 'string', default: newestKernel },
    json: { type: 'string' },
  },
});
const parts = PARTS.filter((part) => values.only.split(',').includes(part));
const rounds = Number(values.rounds);
if (parts.length === 0 || !Number.isInteger(rounds) || rounds < 1) {
  process.stderr.write(`--only takes ${PARTS.join()}, and --rounds a number from 1 on\n`);
  process.exit(2);
}

const begun = performance.now();
const progress = (line: string): void => {
  process.stderr.write(`[bench ${((performance.now() - begun) / 1000).toFixed(1).padStart(6)} s] ${line}\n`);
};

const image = await buildGuestImage(progress);
const disk = await qemuDisk(progress);
const emulator = await qemu(progress);
await using host = await LabHost.start({
  kernel: kernelLabel(values.kernel),
  name: 'bench',
  memoryMiB: MEMORY_MIB,
  readOnlyDisks: { qemu: disk.path, kernel: image.kernelPath, initramfs: image.initramfsPath },
  progress,
});
const sizes = [image.kernelPath, image.initramfsPath].map((path) => String(statSync(path).size));
await inside(['sh', 'bench/machine/inside/prepare.sh', ...sizes]);

const samples: Sample[] = [];
// A run that is cut short tells what it has.
process.once('SIGTERM', () => {
  process.stdout.write(`${table(summarise(samples))}\n`);
  process.exit(1);
});
for (const part of parts) {
  progress(`measuring: ${part}`);
  const order: Order = { part, rounds };
  await inside(['node', 'bench/machine/inside/measure.ts', JSON.stringify(order)], (line) => {
    const sample = JSON.parse(line) as Sample;
    progress(`${sample.metric}, ${sample.vmm}: ${sample.value.toFixed(2)}`);
    samples.push(sample);
  });
}

const facts = {
  holdfast: HOLDFAST_VERSION,
  qemu: disk.version,
  guestKernel: image.kernelVersion,
  host: {
    kernel: host.control.release,
    emulatedBy: `QEMU ${emulator.version}`,
    cpus: 2,
    memoryMiB: MEMORY_MIB,
  },
  machine: { cpu: cpus()[0]?.model ?? '', cpus: cpus().length, arch: process.arch },
  node: process.version,
  at: new Date().toISOString(),
};
const summary = summarise(samples);
process.stdout.write(`${table(summary)}\n`);
if (values.json !== undefined) {
  await writeFile(values.json, `${JSON.stringify({ facts, summary, samples }, null, 2)}\n`);
}

/** Runs a command in the host; `onLine` gets what it prints. */
async function inside(argv: string[], onLine: (line: string) => void = progress): Promise<void> {
  const child = await host.spawn(argv);
  let rest = '';
  child.stdout.on('data', (chunk: Buffer) => {
    const lines = (rest + chunk.toString()).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line);
  });
  child.stderr.on('data', (chunk: Buffer) => process.stderr.write(chunk));
  const { code } = await child.exited;
  if (code !== 0) throw new Error(`${argv.join(' ')} ended with ${code}`);
}
