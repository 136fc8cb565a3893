/**
 * Finds kernel modules and what must be loaded before them. Debian packages carry no `modules.dep` (depmod writes
 * it on installation), so the dependencies are read from each module's own `.modinfo` section.
 */
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import { runBinary } from './run.ts';

export interface KernelModule {
  /** With underscores, as `lsmod` prints it. */
  readonly name: string;
  /** The uncompressed ELF object. */
  readonly object: Buffer;
}

/** What `.modinfo` says a module needs: hard dependencies and those to be tried first (`softdep=pre:`). */
export interface ModuleNeeds {
  readonly depends: readonly string[];
  readonly before: readonly string[];
}

/** Reads the `key=value` strings, each ended by NUL, that MODULE_INFO puts into a module (include/linux/moduleparam.h). */
export function moduleNeeds(object: Buffer): ModuleNeeds {
  const values = (key: string): string[] => {
    const found: string[] = [];
    const marker = Buffer.from(`\0${key}=`);
    for (let at = object.indexOf(marker); at >= 0; at = object.indexOf(marker, at + 1)) {
      const start = at + marker.length;
      found.push(object.toString('latin1', start, object.indexOf(0, start)));
    }
    return found;
  };
  const depends = values('depends')
    .flatMap((list) => list.split(','))
    .filter((name) => name !== '')
    .map(canonical);
  const before = values('softdep')
    .flatMap((text) => /pre:\s*([^:]*?)(?:\s+post:|$)/.exec(text)?.[1]?.split(/\s+/) ?? [])
    .filter((name) => name !== '')
    .map(canonical);
  return { depends, before };
}

/** Kernel algorithms that are asked for by alias, and the module that has the portable implementation. */
const providers: Readonly<Record<string, string>> = { crc32c: 'crc32c_generic' };

/**
 * The wanted modules and their dependencies in an order `insmod` accepts. A name with no file is taken to be built
 * into the kernel: which ones are differs from kernel to kernel.
 */
export async function modulesInOrder(
  modulesPath: string,
  wanted: readonly string[],
): Promise<KernelModule[]> {
  const files = new Map<string, string>();
  for (const path of await readdir(join(modulesPath, 'kernel'), { recursive: true })) {
    const name = /^(.*)\.ko(?:\.\w+)?$/.exec(basename(path))?.[1];
    if (name !== undefined) files.set(canonical(name), join(modulesPath, 'kernel', path));
  }
  const ordered = new Map<string, KernelModule>();
  const visiting = new Set<string>();
  const visit = async (name: string): Promise<void> => {
    const path = files.get(name) ?? files.get(providers[name] ?? '');
    if (path === undefined || visiting.has(path)) return;
    visiting.add(path);
    const object = await readModule(path);
    const { depends, before } = moduleNeeds(object);
    for (const dependency of [...before, ...depends]) await visit(dependency);
    ordered.set(path, { name: canonical(basename(path).replace(/\.ko.*$/, '')), object });
  };
  for (const name of wanted) await visit(canonical(name));
  return [...ordered.values()];
}

function canonical(name: string): string {
  return name.replaceAll('-', '_');
}

async function readModule(path: string): Promise<Buffer> {
  if (path.endsWith('.xz'))
    return await runBinary('xz', ['-dc', path], { missing: 'install the package xz-utils' });
  const bytes = await readFile(path);
  return path.endsWith('.zst') ? zstdDecompressSync(bytes) : bytes;
}
