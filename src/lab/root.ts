/**
 * Builds what a lab host boots from, in three parts so that a change repacks only a small one:
 *
 *     base disk   ext4, read only: the C and C++ libraries of Debian and Node for arm64; one for all kernels
 *     initramfs 1 busybox, the kernel's modules, init: one for each kernel
 *     initramfs 2 the product: src/, and the packages the agent and the worker import
 *
 * The parts are kept under a digest of what went into them.
 */
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildBundles } from '../bundle/build.ts';
import { CpioWriter } from './cpio.ts';
import type { Kernel } from './kernels.ts';
import { moduleIndex, modulesInOrder } from './modules.ts';
import { AptSuite, unpackPackages, versionOfDeb } from './packages.ts';
import { buildOnce, exists, labCache, type Progress, repositoryRoot, shortDigest, silent } from './paths.ts';
import { run } from './run.ts';
import { arm64Koffi, arm64Node } from './toolchain.ts';

/** The suite of the host's userland; the kernel comes from any suite. */
const userlandSuite = 'trixie';
const userlandPackages = [
  ...['busybox-static', 'libc6', 'libgcc-s1', 'libstdc++6', 'libatomic1'],
  ...[
    'iproute2',
    'libbpf1',
    'libcap2',
    'libelf1t64',
    'libmnl0',
    'libpcre2-8-0',
    'libselinux1',
    'libzstd1',
    'zlib1g',
  ],
  ...['nftables', 'libbsd0', 'libedit2', 'libgmp10', 'libjansson4', 'libmd0', 'libnftables1', 'libnftnl11'],
  ...['libtinfo6', 'libxtables12'],
];

/** Programs of the userland beside Node; busybox stands for all others. */
const programs = ['usr/bin/ip', 'usr/sbin/nft'];

/** Loaded at boot; a kernel that has one built in simply has no file for it. */
const bootModules = [
  ...['virtio_mmio', 'virtio_blk', 'virtio_net', 'virtio_rng', 'ext4'],
  ...['tun', 'vhost_net', 'vhost_vsock'],
];

/** Loaded by the kernel when they are first used, as on any host. */
const modulesOnDemand = [
  ...[
    'bridge',
    'veth',
    'dummy',
    'nf_tables',
    'nft_counter',
    'nft_ct',
    'nft_limit',
    'nft_chain_nat',
    'nft_nat',
    'nft_masq',
  ],
  ...['nft_reject_inet', 'nft_reject_bridge', 'nft_meta_bridge'],
];

/** Packages of `node_modules` that the agent and the worker import; their own dependencies follow. */
const hostPackages = ['koffi', 'pino', 'typebox', 'uuid'];

/** Where the product lies inside the lab host. */
export const productPath = '/opt/holdfast';

/** Debian's arm64 userland, unpacked. */
export async function userland(progress: Progress = silent): Promise<string> {
  const record = join(labCache, 'userland', `packages-${shortDigest(...userlandPackages)}`);
  await buildOnce(record, async (path) => {
    const debs = await new AptSuite(userlandSuite, 'arm64', progress).download(userlandPackages);
    const directory = shortDigest(...debs.map((deb) => `${basename(deb)} ${versionOfDeb(deb)}`));
    await unpackPackages(join(labCache, 'userland', directory), debs);
    await writeFile(path, directory);
  });
  return join(labCache, 'userland', await readFile(record, 'utf8'));
}

/** The read-only disk with the libraries and Node. */
export async function baseDisk(progress: Progress = silent): Promise<string> {
  const root = await userland(progress);
  const node = await arm64Node(progress);
  const nodeVersion = (await readFile(join(node, 'package.json'), 'utf8')).trim();
  const disk = join(labCache, 'base', `${shortDigest(basename(root), programs.join(), nodeVersion)}.ext4`);
  return await buildOnce(disk, async (path) => {
    progress('building the base disk');
    const tree = `${path}.tree`;
    for (const path of ['usr/bin', 'usr/sbin']) await mkdir(join(tree, path), { recursive: true });
    await cp(join(root, 'usr/lib'), join(tree, 'usr/lib'), {
      recursive: true,
      verbatimSymlinks: true,
      // Character set conversions, which nothing here asks for, are the larger part of libc6.
      filter: (source) => !source.endsWith('/gconv'),
    });
    // The modules of the kernel that boots are put there.
    await mkdir(join(tree, 'usr/lib/modules'));
    for (const path of programs) await cp(join(root, path), join(tree, path));
    await cp(join(node, 'bin/node'), join(tree, 'usr/bin/node'));
    const missing = 'install the package e2fsprogs';
    await run('mke2fs', ['-q', '-t', 'ext4', '-O', '^has_journal', '-d', tree, path, '192M'], {
      missing,
      env: withSbin(),
    });
    await rm(tree, { recursive: true });
  });
}

/** `mke2fs` lies in /sbin, which an ordinary user's PATH lacks. */
export function withSbin(): NodeJS.ProcessEnv {
  return { ...process.env, PATH: `${process.env.PATH ?? ''}:/usr/sbin:/sbin` };
}

/** The kernel's part of the initramfs. */
export async function kernelInitramfs(kernel: Kernel, progress: Progress = silent): Promise<string> {
  const root = await userland(progress);
  const init = await readFile(fileURLToPath(new URL('host-init.sh', import.meta.url)));
  const wanted = [bootModules.join(), modulesOnDemand.join()];
  const digest = shortDigest(kernel.version, basename(root), init, ...wanted);
  return await buildOnce(join(labCache, 'initramfs', `${kernel.label}-${digest}.cpio`), async (path) => {
    progress(`packing the initramfs of the ${kernel.label} host`);
    const booting = await modulesInOrder(kernel.modulesPath, bootModules);
    const modules = await modulesInOrder(kernel.modulesPath, [...bootModules, ...modulesOnDemand]);
    const index = moduleIndex(modules);
    const directory = `/modules/${kernel.release}`;
    const archive = new CpioWriter()
      .characterDevice('/dev/console', 5, 1)
      .file('/init', init, 0o755)
      .file('/bin/busybox', await readFile(join(root, 'usr/bin/busybox')), 0o755)
      .symlink('/usr', 'base/usr')
      .symlink('/lib', 'base/usr/lib')
      .symlink('/sbin', 'bin')
      .file('/etc/passwd', 'root:x:0:0:root:/root:/bin/sh\n')
      .file('/etc/group', 'root:x:0:\n')
      .file('/etc/inittab', '::respawn:/usr/bin/node /opt/holdfast/src/lab/labd.ts\n')
      .file('/modules/boot', `${booting.map(({ name }) => `${directory}/${name}.ko`).join('\n')}\n`)
      .file(`${directory}/modules.dep`, index.dep)
      .file(`${directory}/modules.alias`, index.alias);
    for (const { name, object } of modules) archive.file(`${directory}/${name}.ko`, object);
    await writeFile(path, archive.finish());
  });
}

/** Files of a package that nothing loads. */
const unneeded = /\.(d\.[cm]?ts|map|md|markdown)$|(^|\/)(docs?|tests?|benchmarks?|examples?|vendor)(\/|$)/;

/** The product's packages for arm64, which change only with package-lock.json. */
async function packagesInitramfs(progress: Progress): Promise<string> {
  const lock = await readFile(join(repositoryRoot, 'package-lock.json'));
  const digest = shortDigest(lock, hostPackages.join());
  return await buildOnce(join(labCache, 'initramfs', `packages-${digest}.cpio`), async (path) => {
    const archive = new CpioWriter();
    const modules = `${productPath}/node_modules`;
    for (const name of await packageClosure(hostPackages)) {
      const directory = join(repositoryRoot, 'node_modules', name);
      await archive.tree(`${modules}/${name}`, directory, (file) => !unneeded.test(file));
    }
    await archive.tree(`${modules}/@koromix/koffi-linux-arm64`, await arm64Koffi(progress));
    await writeFile(path, archive.finish());
  });
}

/** The names with all they depend on. @throws Error when one is not installed. */
async function packageClosure(names: readonly string[]): Promise<string[]> {
  const found = new Set<string>();
  const visit = async (name: string): Promise<void> => {
    if (found.has(name)) return;
    found.add(name);
    const manifest = join(repositoryRoot, 'node_modules', name, 'package.json');
    if (!(await exists(manifest)))
      throw new Error(`The package ${name} is not installed: run script/bootstrap.`);
    const { dependencies } = JSON.parse(await readFile(manifest, 'utf8')) as { dependencies?: object };
    for (const dependency of Object.keys(dependencies ?? {})) await visit(dependency);
  };
  for (const name of names) await visit(name);
  return [...found].sort();
}

/** The product's source as it is now: small, so it is packed for every boot and every push. */
export async function sourceArchive(): Promise<Buffer> {
  const archive = new CpioWriter();
  // The fuzzer and its drivers go where the kernel's own devices are.
  for (const directory of ['src', 'test/lab', 'test/fuzz', 'test/unit/machine/devices', 'bench']) {
    const path = join(repositoryRoot, directory);
    if (!(await exists(path))) continue;
    await archive.tree(
      `${productPath}/${directory}`,
      path,
      (file) => !/^(dashboard|control\/prisma)$/.test(file),
    );
  }
  const bundles = await buildBundles();
  await archive.tree(join(productPath, relative(repositoryRoot, bundles)), bundles);
  archive.file(`${productPath}/package.json`, await readFile(join(repositoryRoot, 'package.json')));
  return archive.finish();
}

/** The product as an initramfs archive: packages and source. */
export async function productArchives(progress: Progress = silent): Promise<Buffer[]> {
  return [await readFile(await packagesInitramfs(progress)), await sourceArchive()];
}
