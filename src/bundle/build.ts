/**
 * Builds the bundles of find.ts, unless they are there: `node src/bundle/build.ts`, or `buildBundles` for the lab.
 *
 * The agent and the worker are a file each, and so is every thread (`*-thread.ts`), which a program starts by the
 * file's name beside its own. Nothing is minified: a stack trace shows names, and where a function came from is noted
 * before it.
 */
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { type InputOptions, type Plugin, rolldown } from 'rolldown';
import { bundleDirectory, ROOT, SOURCES } from './find.ts';

const PROGRAMS = { agent: 'src/agent/main.ts', worker: 'src/worker/command.ts' } as const;

/** How many builds are kept. */
const KEPT = 8;

/** A thread's file is named in the source by its source. */
const threadFiles: Plugin = {
  name: 'thread-files',
  transform: (code) =>
    code.replaceAll(
      /new URL\('[^']*?([\w-]+-thread)\.ts', import\.meta\.url\)/g,
      "new URL('./$1.js', import.meta.url)",
    ),
};

/** How anything is bundled for a host. Packages stay where they are: koffi is native, and pino finds its own files. */
export const bundleOptions = {
  external: /^(node:|[^./])/,
  platform: 'node',
  plugins: [threadFiles],
  logLevel: 'warn',
} as const satisfies InputOptions;

/** @returns the directory of the bundles. */
export async function buildBundles(): Promise<string> {
  const target = bundleDirectory();
  const parent = dirname(target);
  mkdirSync(parent, { recursive: true });
  if (readdirSync(parent).includes(basename(target))) return target;
  const scratch = mkdtempSync(join(parent, '.part-'));
  try {
    for (const [name, source] of [...Object.entries(PROGRAMS), ...threads()]) {
      await bundle(name, join(ROOT, source), scratch);
    }
    // Whoever runs the programs may be another user than who built them.
    chmodSync(scratch, 0o755);
    publish(scratch, target);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  prune(parent);
  return target;
}

/** Takes away the oldest bundles; an agent that was started a while ago may still use one. */
function prune(parent: string): void {
  const names = readdirSync(parent).filter((name) => !name.startsWith('.'));
  const byAge = names.map((name) => ({ name, made: statSync(join(parent, name)).mtimeMs }));
  for (const { name } of byAge.sort((a, b) => b.made - a.made).slice(KEPT)) {
    rmSync(join(parent, name), { recursive: true, force: true });
  }
}

/** Name and source of every thread's entry. */
export function threads(): [string, string][] {
  return readdirSync(join(ROOT, 'src/machine'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('-thread.ts'))
    .map((path) => [basename(path, '.ts'), join('src/machine', path)]);
}

async function bundle(name: string, source: string, directory: string): Promise<void> {
  const build = await rolldown({ ...bundleOptions, input: { [name]: source } });
  const { output } = await build.write({
    dir: directory,
    format: 'esm',
    entryFileNames: '[name].js',
    codeSplitting: false,
  });
  await build.close();
  assertKnown(output.flatMap((file) => (file.type === 'chunk' ? file.moduleIds : [])));
}

/** @throws Error when a bundle has a source that its digest does not cover, and could be found when out of date. */
function assertKnown(modules: readonly string[]): void {
  const paths = modules.filter((id) => !id.startsWith('\0')).map((id) => relative(ROOT, id));
  const isKnown = (path: string): boolean =>
    path === 'package.json' || SOURCES.some((folder) => path.startsWith(`${folder}/`));
  const unknown = paths.filter((path) => !isKnown(path));
  if (unknown.length > 0) throw new Error(`Add the folders of ${unknown.join(', ')} to SOURCES in find.ts.`);
}

/** Whoever built the same meanwhile did as well. */
function publish(scratch: string, target: string): void {
  try {
    renameSync(scratch, target);
  } catch (error) {
    if (
      !(error instanceof Error && 'code' in error && (error.code === 'ENOTEMPTY' || error.code === 'EEXIST'))
    )
      throw error;
  }
}

if (import.meta.main) await buildBundles();
