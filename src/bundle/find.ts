/**
 * A host's programs as one JavaScript file each, beside the sources they are made of.
 *
 * Node takes a second on the lab's hosts to remove the types of one file, and a hundred modules have to be found and
 * read one by one; a file that is made of them beforehand (build.ts) is there at once. Nothing needs it: without it
 * everything runs from source.
 *
 * A bundle lies under a digest of all that went into it, and is looked for under the digest of what is there now, so
 * one that is out of date is never found.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const ROOT = join(import.meta.dirname, '../..');

/** What the programs of a host are made of beside package.json, from the root. build.ts refuses to pass one over. */
export const SOURCES: readonly string[] = [
  ...['src/agent', 'src/bundle', 'src/config', 'src/image', 'src/kvm', 'src/machine'],
  ...['src/psci', 'src/snapshot', 'src/trace', 'src/wire', 'src/worker'],
];

export type BundledProgram = 'agent' | 'worker';

let known: string | undefined;

/** Where the bundles of the sources, as they are now, lie or would lie. */
export function bundleDirectory(): string {
  known ??= join(ROOT, 'dist/host', sourceDigest(ROOT));
  return known;
}

/** The file of a program, or null when it has to run from source. */
export function findBundle(program: BundledProgram): string | null {
  const path = join(bundleDirectory(), `${program}.js`);
  return existsSync(path) ? path : null;
}

/**
 * What keeps a worker small, of which a host runs many: without Node's own heap snapshot a thread takes 6.8 instead of
 * 9.0 MB, and young generations that do not grow save 1 MB more. It costs 50 ms of a start, but not with a spare.
 */
const FRUGAL = ['--no-node-snapshot', '--max-semi-space-size=1'];

function isKnown(flag: string): boolean {
  return process.allowedNodeEnvironmentFlags.has(flag.replace(/=.*/, ''));
}

/** How an agent starts workers of its own version: by the bundle, or else from source. */
export function workerCommand(): readonly [string, ...string[]] {
  const bundle = findBundle('worker');
  const program = bundle === null ? [join(ROOT, 'src/cli.ts'), 'worker'] : [bundle];
  return [process.execPath, ...process.execArgv, ...FRUGAL.filter(isKnown), ...program];
}

/** Of everything that the bundles are made of, below `root`. */
export function sourceDigest(root: string): string {
  // It has the version, and those of the packages.
  const hash = createHash('sha256').update(readFileSync(join(root, 'package.json')));
  for (const folder of SOURCES) {
    const names = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' });
    for (const name of names.filter((file) => file.endsWith('.ts')).sort()) {
      hash.update(`\0${folder}/${name}\0`).update(readFileSync(join(root, folder, name)));
    }
  }
  return hash.digest('hex').slice(0, 16);
}
