/**
 * Pauses, saves and restores of a Linux guest that works on its disk and its console, on one emulated host:
 *
 *     node test/soak/save-under-load.ts [--seconds 60] [--kernel 7.3]
 *
 * Ends with 0 when no byte that was typed and no request to the disk was lost or made twice, and with 1 when one was.
 */
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { buildDemoImage } from '../../src/lab/demo-image.ts';
import { LabHost } from '../../src/lab/host.ts';
import { kernelLabel } from '../../src/lab/kernels.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    kernel: { type: 'string', default: '7.3' },
  },
});
const { kernelPath, initramfsPath } = await buildDemoImage();
await using host = await LabHost.start({
  kernel: kernelLabel(values.kernel),
  name: 'save-under-load',
  progress: console.log,
});
await host.putFile('/tmp/demo/kernel', await readFile(kernelPath));
await host.putFile('/tmp/demo/initramfs', await readFile(initramfsPath));
const child = await host.spawn(['node', 'test/lab/inside/under-load.ts', values.seconds]);
child.stdout.pipe(process.stdout);
child.stderr.pipe(process.stderr);
const { code } = await child.exited;
process.exitCode = code === 0 ? 0 : 1;
