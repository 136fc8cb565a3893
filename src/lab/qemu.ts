/**
 * Finds a `qemu-system-aarch64` to run. From version 10 on it offers what keeps KVM from trapping every cache-type
 * read, which makes guests boot two to three times faster. A machine without one gets Debian's, with every library
 * it needs, in a private directory of the cache, started by its own dynamic loader.
 */

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AptSuite, machineArchitecture, unpackPackages, versionOfDeb } from './packages.ts';
import { buildOnce, exists, labCache, type Progress, silent } from './paths.ts';
import { run } from './run.ts';

const wantedMajor = 10;

/** The suite whose QEMU is fetched when the machine's own is missing or older. */
const fetchedFrom = 'trixie';

export interface Qemu {
  readonly program: string;
  /** Arguments that come before all others. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly version: string;
}

/** `HOLDFAST_QEMU` names a binary to use as it is; otherwise the machine's own if new enough, else Debian's. */
export async function qemu(progress: Progress = silent): Promise<Qemu> {
  const given = process.env.HOLDFAST_QEMU;
  const own: Qemu = { program: given ?? 'qemu-system-aarch64', args: [], env: {}, version: '' };
  const version = await versionOf(own);
  if (version !== undefined && (given !== undefined || major(version) >= wantedMajor))
    return { ...own, version };
  if (given !== undefined) throw new Error(`HOLDFAST_QEMU is ${given}, which does not run.`);
  try {
    return await fetched(progress);
  } catch (error) {
    if (version === undefined) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    progress(
      `QEMU ${wantedMajor} cannot be fetched (${reason}); using ${version}, where guests boot more slowly`,
    );
    return { ...own, version };
  }
}

async function fetched(progress: Progress): Promise<Qemu> {
  const record = join(labCache, 'qemu', 'current');
  await buildOnce(record, async (path) => {
    const debs = await new AptSuite(fetchedFrom, machineArchitecture(), progress).downloadClosure(
      'qemu-system-arm',
    );
    const version = versionOfDeb(debs.find((deb) => deb.includes('/qemu-system-arm_')) ?? '');
    const directory = `${version.replace(/[^\w.+~-]/g, '_')}-${machineArchitecture()}`;
    progress(`unpacking QEMU ${version}`);
    await unpackPackages(join(labCache, 'qemu', directory), debs);
    await writeFile(path, directory);
  });
  const root = join(labCache, 'qemu', await readFile(record, 'utf8'));
  const arm = machineArchitecture() === 'arm64';
  const libraries = join(root, 'usr/lib', arm ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu');
  const loader = arm ? 'usr/lib/ld-linux-aarch64.so.1' : 'usr/lib64/ld-linux-x86-64.so.2';
  const binary = join(root, 'usr/bin/qemu-system-aarch64');
  if (!(await exists(binary)))
    throw new Error(`QEMU is missing under ${root}: remove that directory and try again.`);
  const built: Qemu = {
    program: join(root, loader),
    args: ['--library-path', libraries, binary, '-L', join(root, 'usr/share/qemu')],
    env: { QEMU_MODULE_DIR: join(libraries, 'qemu') },
    version: '',
  };
  const version = await versionOf(built);
  if (version === undefined) throw new Error(`QEMU under ${root} does not run.`);
  return { ...built, version };
}

async function versionOf(candidate: Qemu): Promise<string | undefined> {
  const env = { ...process.env, ...candidate.env };
  const text = await run(candidate.program, [...candidate.args, '--version'], { env }).catch(() => '');
  return /version (\d+\.\d+\.\d+)/.exec(text)?.[1];
}

function major(version: string): number {
  return Number.parseInt(version, 10);
}
