/**
 * The programs of test/lab/inside on lab hosts, as one bundle: from source, Node removes the types of every file they
 * need first, and again in each thread, which takes longer there than most of what they find out.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type OutputChunk, rolldown } from 'rolldown';
import { expect } from 'vitest';
import { bundleOptions, threads } from '../../src/bundle/build.ts';
import { ROOT } from '../../src/bundle/find.ts';
import type { LabHost } from '../../src/lab/host.ts';
import { productPath } from '../../src/lab/root.ts';

const SOURCES = 'test/lab/inside';
/** Below the product, whose packages they use. */
const TARGET = `${productPath}/dist/inside`;
const TIMEOUT_MS = 600_000;

let built: Promise<OutputChunk[]> | undefined;
const brought = new WeakMap<LabHost, Promise<void>>();

/** The command of a program on a host, which has it then. */
export async function insideCommand(host: LabHost, program: string, ...argv: string[]): Promise<string[]> {
  const there = brought.get(host) ?? bring(host);
  brought.set(host, there);
  await there;
  return ['node', `${TARGET}/${program}.js`, ...argv];
}

/** Runs a program on a host; gives what it reports. A program that fails or complains is a failed test. */
export async function runInside<T>(host: LabHost, program: string, ...argv: string[]): Promise<T> {
  const command = await insideCommand(host, program, ...argv);
  const { code, signal, stdout, stderr } = await host.exec(command, { timeoutMs: TIMEOUT_MS });
  expect({ code, signal, stderr }).toEqual({ code: 0, signal: null, stderr: '' });
  return JSON.parse(stdout) as T;
}

async function bring(host: LabHost): Promise<void> {
  built ??= build();
  for (const { fileName, code } of await built) await host.putFile(`${TARGET}/${fileName}`, code);
}

async function build(): Promise<OutputChunk[]> {
  const programs = readdirSync(join(ROOT, SOURCES)).map((file) => file.replace(/\.ts$/, ''));
  const sources = programs.map((name): [string, string] => [name, `${SOURCES}/${name}.ts`]);
  const build = await rolldown({
    ...bundleOptions,
    input: Object.fromEntries([...sources, ...threads()].map(([name, path]) => [name, join(ROOT, path)])),
  });
  const { output } = await build.generate({ format: 'esm', entryFileNames: '[name].js' });
  await build.close();
  return output.filter((file) => file.type === 'chunk');
}
