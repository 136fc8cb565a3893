import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, cpSync, existsSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildBundles } from '../../../src/bundle/build.ts';
import { findBundle, ROOT, sourceDigest, workerCommand } from '../../../src/bundle/find.ts';
import { temporaryDirectory } from '../../temporary.ts';

describe("the bundles of a host's programs", () => {
  it('are there once they are built, with every thread they start', async () => {
    const directory = await buildBundles();
    expect(findBundle('worker')).toBe(join(directory, 'worker.js'));
    expect(findBundle('agent')).toBe(join(directory, 'agent.js'));
    const code = readdirSync(directory).map((name) => readFileSync(join(directory, name), 'utf8'));
    const threads = code.flatMap((text) =>
      [...text.matchAll(/new URL\("\.\/([\w-]+\.js)"/g)].map(([, name]) => name),
    );
    expect(new Set(threads).size).toBeGreaterThan(1);
    for (const name of threads) expect(existsSync(join(directory, name ?? '')), name).toBe(true);
    // Nothing of theirs is looked for where the sources are.
    for (const text of code) expect(text).not.toMatch(/new URL\("[^"]*\.ts"/);
  });

  it('begin with no package but the few that every host has', async () => {
    const directory = await buildBundles();
    for (const name of readdirSync(directory)) {
      const text = readFileSync(join(directory, name), 'utf8');
      const imported = [...text.matchAll(/^import\b[^"]*"([^"]+)";$/gm)].map(([, from = '']) => from);
      const packages = imported.filter((from) => !from.startsWith('node:'));
      expect(['koffi', 'pino', 'uuid'], name).toEqual(expect.arrayContaining(packages));
    }
  });

  it('run, threads and all: a spare worker loads everything, and ends with its input', async () => {
    await buildBundles();
    const [program, ...args] = workerCommand();
    const spare = spawn(program, [...args.slice(process.execArgv.length), '--spare'], {
      stdio: ['pipe', 'ignore', 'inherit'],
    });
    spare.stdin?.end();
    expect(await once(spare, 'exit')).toEqual([0, null]);
  });

  it('are looked for under another name when any source has changed, come or gone', () => {
    using directory = temporaryDirectory();
    const root = directory.path;
    cpSync(join(ROOT, 'package.json'), join(root, 'package.json'));
    cpSync(join(ROOT, 'src'), join(root, 'src'), {
      recursive: true,
      filter: (path) => !/\/(control|api|dashboard|client|node_modules)(\/|$)/.test(path.slice(ROOT.length)),
    });
    const seen = [sourceDigest(root)];
    expect(seen[0]).toBe(sourceDigest(ROOT));
    appendFileSync(join(root, 'src/machine/devices/uart.ts'), ' ');
    seen.push(sourceDigest(root));
    renameSync(join(root, 'src/worker/keys.ts'), join(root, 'src/worker/key.ts'));
    seen.push(sourceDigest(root));
    appendFileSync(join(root, 'package.json'), ' ');
    seen.push(sourceDigest(root));
    expect(new Set(seen).size).toBe(seen.length);
  });
});
