/**
 * `node bench/machine/foreign.ts FILE [COMMAND LINE]`: somebody else's program for bare metal, or kernel, under
 * Holdfast's worker and then under Debian's QEMU on the same arm64 KVM host of the lab. Prints what each console showed
 * and how each ended, so that what the emulated KVM does is told from what Holdfast does.
 *
 *   --kernel K         the host's kernel (the newest)
 *   --vcpus N          1
 *   --memory MIB       256
 *   --initramfs FILE   none
 *   --psci VERSION     the guest's under Holdfast (1.0, which every kernel accepts)
 *   --seconds N        how long each may take (60)
 */
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { LabHost } from '../../src/lab/host.ts';
import { kernelLabel, newestKernel } from '../../src/lab/kernels.ts';
import { isPsciVersion } from '../../src/psci/versions.ts';
import type { ForeignOrder } from './inside/foreign.ts';
import { qemuDisk } from './qemu-disk.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    kernel: { type: 'string', default: newestKernel },
    vcpus: { type: 'string', default: '1' },
    memory: { type: 'string', default: '256' },
    initramfs: { type: 'string' },
    psci: { type: 'string', default: '1.0' },
    seconds: { type: 'string', default: '60' },
  },
});
const [file, ...words] = positionals;
if (file === undefined || !isPsciVersion(values.psci)) {
  process.stderr.write('usage: node bench/machine/foreign.ts [options] FILE [COMMAND LINE]\n');
  process.exit(2);
}

const progress = (line: string): void => void process.stderr.write(`${line}\n`);
const disk = await qemuDisk(progress);
await using host = await LabHost.start({
  ...{ kernel: kernelLabel(values.kernel), name: 'foreign', memoryMiB: 3072, progress },
  readOnlyDisks: { qemu: disk.path },
});
const kernelPath = '/tmp/foreign-kernel';
await host.putFile(kernelPath, await readFile(file));
const initramfsPath = values.initramfs === undefined ? null : '/tmp/foreign-initramfs';
if (values.initramfs !== undefined) {
  await host.putFile('/tmp/foreign-initramfs', await readFile(values.initramfs));
}
const prepared = await host.exec(['sh', 'bench/machine/inside/prepare.sh', '0', '0']);
if (prepared.code !== 0) throw new Error(prepared.stderr);

const order: ForeignOrder = {
  guest: {
    ...{ vcpus: Number(values.vcpus), memoryMiB: Number(values.memory), psci: values.psci },
    ...{ kernelPath, initramfsPath, cmdline: words.join(' '), diskPath: null },
  },
  seconds: Number(values.seconds),
};
const child = await host.spawn(['node', 'bench/machine/inside/foreign.ts', JSON.stringify(order)]);
child.stdout.pipe(process.stdout);
child.stderr.pipe(process.stderr);
process.exitCode = (await child.exited).code ?? 1;
