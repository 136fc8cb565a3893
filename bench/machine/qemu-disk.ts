/** Debian's arm64 QEMU with every library it needs, as a read-only disk for the lab host. */
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AptSuite, unpackPackages, versionOfDeb } from '../../src/lab/packages.ts';
import { buildOnce, labCache, type Progress } from '../../src/lab/paths.ts';
import { withSbin } from '../../src/lab/root.ts';
import { run } from '../../src/lab/run.ts';

/** The suite of the lab host's userland. */
const SUITE = 'trixie';
const PACKAGE = 'qemu-system-arm';

/** Firmware, option ROMs, key maps and texts: the benchmark boots a kernel and shows no screen. */
const UNNEEDED =
  /\/usr\/(share|libexec|sbin)\/|\/usr\/lib\/(ipxe|seabios|systemd|udev)\/|\/(etc|var|lib\/systemd)\//;

export interface QemuDisk {
  readonly path: string;
  /** Debian's version of the package. */
  readonly version: string;
}

export async function qemuDisk(progress: Progress): Promise<QemuDisk> {
  const record = join(labCache, 'bench', 'qemu-arm64');
  await buildOnce(record, async (path) => {
    const debs = await new AptSuite(SUITE, 'arm64', progress).downloadClosure(PACKAGE);
    const version = versionOfDeb(debs.find((deb) => deb.includes(`/${PACKAGE}_`)) ?? '');
    await unpackPackages(treeOf(version), debs);
    await writeFile(path, version);
  });
  const version = await readFile(record, 'utf8');
  const tree = treeOf(version);
  const path = await buildOnce(`${tree}.ext4`, async (target) => {
    progress(`building the disk with QEMU ${version}`);
    const slim = `${target}.tree`;
    await mkdir(slim);
    await cp(join(tree, 'usr'), join(slim, 'usr'), {
      recursive: true,
      verbatimSymlinks: true,
      filter: (source) => !UNNEEDED.test(`${source.slice(tree.length)}/`),
    });
    const missing = 'install the package e2fsprogs';
    await run('mke2fs', ['-q', '-t', 'ext4', '-O', '^has_journal', '-d', slim, target, '512M'], {
      missing,
      env: withSbin(),
    });
    await rm(slim, { recursive: true });
  });
  return { path, version };
}

function treeOf(version: string): string {
  return join(labCache, 'bench', `qemu-arm64-${version.replace(/[^\w.+~-]/g, '_')}`);
}
