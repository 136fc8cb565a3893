/**
 * The catalogue of host kernels: which Debian suite carries each, and how its packages become a plain arm64 Image
 * and a directory of modules. A kernel is resolved once and then kept, so that a host boots the same kernel until
 * somebody asks for a newer one.
 */
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { AptSuite, unpackPackages } from './packages.ts';
import { buildOnce, exists, labCache, type Progress, silent } from './paths.ts';

/** Label of a host kernel. The last stands for the newest kernel of trixie-backports, whatever its number. */
export type KernelLabel = '5.10' | '6.1' | '6.12' | '7.3';

/** The suite whose newest `linux-image-cloud-arm64` a label means. */
const suites: Readonly<Record<KernelLabel, string>> = {
  '5.10': 'bullseye',
  '6.1': 'bookworm',
  '6.12': 'trixie',
  '7.3': 'trixie-backports',
};

export const kernelLabels: readonly KernelLabel[] = ['5.10', '6.1', '6.12', '7.3'];

/** The label whose kernel is the newest, which is also the demo guest's kernel. */
export const newestKernel: KernelLabel = '7.3';

/** @throws Error naming the labels there are. */
export function kernelLabel(text: string): KernelLabel {
  const label = kernelLabels.find((known) => known === text);
  if (label === undefined)
    throw new Error(`Unknown kernel "${text}": choose one of ${kernelLabels.join(', ')}.`);
  return label;
}

export interface Kernel {
  readonly label: KernelLabel;
  /** What `uname -r` prints, such as `6.1.0-50-cloud-arm64`. */
  readonly release: string;
  /** Version of the Debian package. */
  readonly version: string;
  /** A plain arm64 Image. */
  readonly imagePath: string;
  /** The directory that holds `kernel/**` with the modules, compressed or not. */
  readonly modulesPath: string;
}

const metaPackage = 'linux-image-cloud-arm64';

/** Which part of the meta package's dependencies are the kernel itself; from 7.x on, image and modules are apart. */
const kernelPackage = /^linux-(image|binary|modules)-\d/;

/** Fetches and unpacks a kernel, or returns the one already there. `refresh` asks the mirror for a newer one. */
export async function kernel(
  label: KernelLabel,
  options: { refresh?: boolean; progress?: Progress } = {},
): Promise<Kernel> {
  const record = join(labCache, 'kernels', `${label}.json`);
  if (options.refresh === true) await rm(record, { force: true });
  await buildOnce(record, async (path) => {
    await writeFile(path, `${JSON.stringify(await resolve(label, options.progress ?? silent), null, 2)}\n`);
  });
  const { release, version, directory } = JSON.parse(await readFile(record, 'utf8')) as Resolved;
  const root = join(labCache, 'kernels', directory);
  if (!(await exists(root))) {
    await rm(record, { force: true });
    return await kernel(label, options);
  }
  return { label, release, version, imagePath: join(root, 'Image'), modulesPath: join(root, 'modules') };
}

interface Resolved {
  readonly release: string;
  readonly version: string;
  /** Below `kernels/`, so that the cache can be moved. */
  readonly directory: string;
}

async function resolve(label: KernelLabel, progress: Progress): Promise<Resolved> {
  const suite = new AptSuite(suites[label], 'arm64', progress);
  const { version, depends } = await suite.show(metaPackage);
  const names = new Set(depends.filter((name) => kernelPackage.test(name)));
  for (const name of [...names]) {
    const inner = (await suite.show(name)).depends.filter((dependency) => kernelPackage.test(dependency));
    for (const dependency of inner) names.add(dependency);
    // A package that only points to the binary and the modules has nothing in it.
    if (inner.length > 0) names.delete(name);
  }
  if (names.size === 0) throw new Error(`${metaPackage} of ${suite.suite} depends on no kernel package.`);
  const debs = await suite.download([...names]);
  const directory = `${label}-${version.replace(/[^\w.+~-]/g, '_')}`;
  progress(`unpacking the ${label} kernel (${version})`);
  const files = `${join(labCache, 'kernels', directory)}.files`;
  const root = await unpackPackages(files, debs);
  await buildOnce(join(labCache, 'kernels', directory), async (made) => {
    await mkdir(made);
    const { image, modules } = await locate(root);
    await writeFile(join(made, 'Image'), plainImage(await readFile(image)));
    await rename(modules, join(made, 'modules'));
  });
  await rm(files, { recursive: true, force: true });
  const release = [...names]
    .map((name) => /^linux-(?:image|binary)-(.*)$/.exec(name)?.[1])
    .find((found) => found);
  return { release: release ?? version, version, directory };
}

/** Older packages keep the image in `/boot` and the modules in `/lib`; newer ones have both in `/usr/lib/modules`. */
async function locate(root: string): Promise<{ image: string; modules: string }> {
  for (const base of ['usr/lib/modules', 'lib/modules']) {
    const [release] = await readdir(join(root, base)).catch(() => []);
    if (release === undefined) continue;
    const modules = join(root, base, release);
    for (const image of [join(modules, 'vmlinuz'), join(root, 'boot', `vmlinuz-${release}`)]) {
      if (await exists(image)) return { image, modules };
    }
  }
  throw new Error(`The kernel package under ${root} has no vmlinuz and modules where Debian puts them.`);
}

/** `ARM\x64` at offset 56 of an arm64 Image (Documentation/arch/arm64/booting.rst). */
const imageMagic = 0x644d5241;
const imageMagicOffset = 56;

/**
 * Undoes the compressions Debian has used for `vmlinuz`: none, gzip, and the EFI "zboot" wrapper, whose header has
 * `zimg` at 4, the payload's offset at 8 and size at 12, and the compression's name at 24
 * (drivers/firmware/efi/libstub/zboot-header.S).
 *
 * @throws Error when the result is not an arm64 Image.
 */
export function plainImage(vmlinuz: Buffer): Buffer {
  let image = vmlinuz;
  if (vmlinuz.length > 64 && vmlinuz.toString('latin1', 4, 8) === 'zimg') {
    const offset = vmlinuz.readUInt32LE(8);
    const payload = vmlinuz.subarray(offset, offset + vmlinuz.readUInt32LE(12));
    const compression = vmlinuz.toString('latin1', 24, 56).replace(/\0.*$/s, '');
    if (compression === 'gzip') image = gunzipSync(payload);
    else if (compression === 'zstd') image = zstdDecompressSync(payload);
    else throw new Error(`The kernel is compressed with ${compression}, which the lab cannot undo.`);
  } else if (vmlinuz.length > 2 && vmlinuz.readUInt16BE(0) === 0x1f8b) {
    image = gunzipSync(vmlinuz);
  }
  if (image.length < 64 || image.readUInt32LE(imageMagicOffset) !== imageMagic) {
    throw new Error('The kernel is not an arm64 Image.');
  }
  return image;
}
