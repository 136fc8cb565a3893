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
  /** Every module that must be loaded before, in that order. */
  readonly dependencies: readonly string[];
}

/** What `.modinfo` says a module needs: hard dependencies and those to be tried first (`softdep=pre:`). */
export interface ModuleNeeds {
  readonly depends: readonly string[];
  readonly before: readonly string[];
}

export function moduleNeeds(object: Buffer): ModuleNeeds {
  const depends = moduleInfo(object, 'depends')
    .flatMap((list) => list.split(','))
    .filter((name) => name !== '')
    .map(canonical);
  const before = moduleInfo(object, 'softdep')
    .flatMap((text) => /pre:\s*([^:]*?)(?:\s+post:|$)/.exec(text)?.[1]?.split(/\s+/) ?? [])
    .filter((name) => name !== '')
    .map(canonical);
  return { depends, before };
}

/** Reads the `key=value` strings, each ended by NUL, that MODULE_INFO puts into a module (include/linux/moduleparam.h). */
function moduleInfo(object: Buffer, key: string): string[] {
  const found: string[] = [];
  const marker = Buffer.from(`\0${key}=`);
  for (let at = object.indexOf(marker); at >= 0; at = object.indexOf(marker, at + 1)) {
    const start = at + marker.length;
    found.push(object.toString('latin1', start, object.indexOf(0, start)));
  }
  return found;
}

/**
 * What depmod would write for modules that lie side by side, so that `modprobe`, and with it the kernel, loads them
 * when they are first asked for: `modules.dep` names each file and those it needs, the last to be loaded first;
 * `modules.alias` says which module answers to a name such as `rtnl-link-bridge`.
 */
export function moduleIndex(modules: readonly KernelModule[]): { dep: string; alias: string } {
  const file = (name: string): string => `${name}.ko`;
  const dep = modules.map(({ name, dependencies }) =>
    [`${file(name)}:`, ...dependencies.toReversed().map(file)].join(' '),
  );
  const alias = modules.flatMap(({ name, object }) =>
    moduleInfo(object, 'alias').map((pattern) => `alias ${pattern} ${name}`),
  );
  return { dep: `${dep.join('\n')}\n`, alias: `${alias.join('\n')}\n` };
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
  /** Puts a module and what it needs in order. @returns their names, itself last. */
  const visit = async (name: string): Promise<readonly string[]> => {
    const path = files.get(name) ?? files.get(providers[name] ?? '');
    if (path === undefined) return [];
    const known = ordered.get(path);
    if (known !== undefined) return [...known.dependencies, known.name];
    if (visiting.has(path)) return [];
    visiting.add(path);
    const object = await readModule(path);
    const { depends, before } = moduleNeeds(object);
    const dependencies = new Set<string>();
    for (const dependency of [...before, ...depends]) {
      for (const needed of await visit(dependency)) dependencies.add(needed);
    }
    const own = canonical(basename(path).replace(/\.ko.*$/, ''));
    ordered.set(path, { name: own, object, dependencies: [...dependencies] });
    return [...dependencies, own];
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
