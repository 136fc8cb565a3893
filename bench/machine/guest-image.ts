/**
 * The benchmark's guest: Debian's newest cloud kernel and an initramfs with busybox, GNU dd and the drivers for the
 * devices of both machine monitors.
 */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { CpioWriter } from '../../src/lab/cpio.ts';
import { kernel, newestKernel } from '../../src/lab/kernels.ts';
import { modulesInOrder } from '../../src/lab/modules.ts';
import { AptSuite, unpackPackages } from '../../src/lab/packages.ts';
import { buildOnce, labCache, type Progress, shortDigest } from '../../src/lab/paths.ts';
import { userland } from '../../src/lab/root.ts';

const MODULES = ['virtio_mmio', 'virtio_pci', 'virtio_blk', 'virtio_net'];

/** What GNU dd needs to run. */
const LIBRARIES = ['ld-linux-aarch64.so.1', 'libc.so.6'];

export interface GuestImage {
  readonly kernelPath: string;
  readonly kernelVersion: string;
  readonly initramfsPath: string;
}

export async function buildGuestImage(progress: Progress): Promise<GuestImage> {
  const guestKernel = await kernel(newestKernel, { progress });
  const root = await userland(progress);
  const init = await readFile(new URL('guest/init.sh', import.meta.url));
  const [deb = ''] = await coreutils(progress);
  const digest = shortDigest(guestKernel.version, basename(root), basename(deb), init, MODULES.join());
  const initramfsPath = await buildOnce(join(labCache, 'bench', `guest-${digest}.cpio.gz`), async (path) => {
    progress("packing the benchmark's guest");
    const tools = await unpackPackages(`${path}.coreutils`, [deb]);
    const modules = await modulesInOrder(guestKernel.modulesPath, MODULES);
    const archive = new CpioWriter()
      .characterDevice('/dev/console', 5, 1)
      .file('/init', init, 0o755)
      .file('/bin/busybox', await readFile(join(root, 'usr/bin/busybox')), 0o755)
      .file('/usr/bin/dd', await readFile(join(tools, 'usr/bin/dd')), 0o755)
      .file('/modules/order', `${modules.map((module) => `${module.name}.ko`).join('\n')}\n`);
    for (const library of LIBRARIES) {
      archive.file(`/lib/${library}`, await readFile(await locate(join(root, 'usr/lib'), library)), 0o755);
    }
    for (const module of modules) archive.file(`/modules/${module.name}.ko`, module.object);
    await writeFile(path, wholeSectors(gzipSync(archive.finish(), { level: 9 })));
  });
  return { kernelPath: guestKernel.imagePath, kernelVersion: guestKernel.version, initramfsPath };
}

/** It goes into the lab host as a disk; the kernel passes over zeros behind an archive. */
function wholeSectors(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)]);
}

async function coreutils(progress: Progress): Promise<string[]> {
  const record = join(labCache, 'bench', 'coreutils');
  await buildOnce(record, async (path) => {
    const debs = await new AptSuite('trixie', 'arm64', progress).download(['coreutils']);
    await writeFile(path, debs.map((deb) => basename(deb)).join('\n'));
  });
  return (await readFile(record, 'utf8')).split('\n').map((name) => join(labCache, 'debs', name));
}

/** Debian puts most libraries into a directory of the architecture, and the loader beside it. */
async function locate(directory: string, name: string): Promise<string> {
  const found = (await readdir(directory, { recursive: true })).find((path) => basename(path) === name);
  if (found === undefined) throw new Error(`${directory} has no ${name}`);
  return join(directory, found);
}
