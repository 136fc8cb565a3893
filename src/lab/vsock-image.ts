/**
 * The demo guest with what it takes to talk through vsock: the kernel's modules, which `load-vsock` loads, and
 * `vsock`, a small program in Perl, since busybox has none. The same program runs on a lab host, from the files that
 * come with the image.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { CpioWriter } from './cpio.ts';
import { buildDemoImage, type DemoImage } from './demo-image.ts';
import { kernel, newestKernel } from './kernels.ts';
import { modulesInOrder } from './modules.ts';
import { AptSuite, unpackPackages, versionOfDeb } from './packages.ts';
import { buildOnce, labCache, type Progress, shortDigest, silent } from './paths.ts';

export interface VsockImage extends DemoImage {
  /** For a lab host, which has the C library: names and contents of `perl`, its library and `vsock.pl`. */
  readonly hostFiles: ReadonlyMap<string, Buffer>;
}

const packages = ['perl-base', 'libc6', 'libcrypt1'];
const libraries = '/usr/lib/aarch64-linux-gnu';
const loader = 'ld-linux-aarch64.so.1';

/** Builds the image, or returns the one already there. */
export async function buildVsockImage(progress: Progress = silent): Promise<VsockImage> {
  const demo = await buildDemoImage(undefined, progress);
  const { modulesPath } = await kernel(newestKernel, { progress });
  const root = await perl(progress);
  const program = await readFile(new URL('guest/vsock.pl', import.meta.url));
  const file = async (path: string): Promise<Buffer> => await readFile(join(root, path));
  const digest = shortDigest(basename(demo.initramfsPath), basename(root), program);
  const path = join(labCache, 'demo-image', `vsock-${digest}.cpio.gz`);
  const initramfsPath = await buildOnce(path, async (made) => {
    progress('packing the guest with vsock');
    const modules = await modulesInOrder(modulesPath, ['vmw_vsock_virtio_transport']);
    const load = modules.map(({ name }) => `insmod /modules/${name}.ko 2>/dev/null`).join('\n');
    const archive = new CpioWriter()
      .file('/bin/load-vsock', `#!/bin/sh\n${load}\n`, 0o755)
      .file('/bin/vsock', program, 0o755)
      .file('/bin/perl', await file('usr/bin/perl'), 0o755)
      .file(`/lib/${loader}`, await file(`${libraries}/${loader}`), 0o755);
    for (const library of ['libc.so.6', 'libm.so.6', 'libcrypt.so.1'])
      archive.file(`${libraries}/${library}`, await file(join(libraries, library)), 0o755);
    for (const { name, object } of modules) archive.file(`/modules/${name}.ko`, object);
    // The kernel unpacks one archive after the other.
    const parts = [await readFile(demo.initramfsPath), gzipSync(archive.finish(), { level: 9 })];
    await writeFile(made, Buffer.concat(parts));
  });
  const hostFiles = new Map([
    ['perl', await file('usr/bin/perl')],
    ['libcrypt.so.1', await file(`${libraries}/libcrypt.so.1`)],
    ['vsock.pl', program],
  ]);
  return { ...demo, initramfsPath, hostFiles };
}

/** Debian's perl for arm64 and its libraries, unpacked. */
async function perl(progress: Progress): Promise<string> {
  const record = join(labCache, 'perl', shortDigest(packages.join()));
  await buildOnce(record, async (path) => {
    const debs = await new AptSuite('trixie', 'arm64', progress).download(packages);
    const directory = shortDigest(...debs.map((deb) => `${basename(deb)} ${versionOfDeb(deb)}`));
    await unpackPackages(join(labCache, 'perl', `${directory}.files`), debs);
    await writeFile(path, `${directory}.files`);
  });
  return join(labCache, 'perl', await readFile(record, 'utf8'));
}
