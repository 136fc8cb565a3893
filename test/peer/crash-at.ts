/**
 * Loaded with `node --import`: the process kills itself in front of its n-th call that changes a file, a directory or
 * the processes of the machine (HOLDFAST_CRASH_AT), as a power cut of the process would. It does so once: the file
 * HOLDFAST_CRASH_MARK, made at that moment, keeps later processes with the same environment alive.
 */
import childProcess from 'node:child_process';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const at = Number(process.env.HOLDFAST_CRASH_AT ?? 0);
const mark = process.env.HOLDFAST_CRASH_MARK ?? '';
const { openSync } = fs;
let calls = 0;

function countCall(): void {
  calls += 1;
  if (calls !== at) return;
  try {
    openSync(mark, 'wx');
  } catch {
    return;
  }
  process.kill(process.pid, 'SIGKILL');
  for (;;);
}

type Calls = Record<string, (...args: unknown[]) => unknown>;

function watch(module: Calls, ...names: string[]): void {
  for (const name of names) {
    const original = module[name];
    if (original === undefined) throw new Error(`no ${name} to watch`);
    const watched = (...args: unknown[]): unknown => {
      if (name !== 'openSync' || opensForWriting(args[1])) countCall();
      return original(...args);
    };
    Object.defineProperty(module, name, { value: watched, configurable: true, writable: true });
  }
}

function opensForWriting(flags: unknown): boolean {
  if (typeof flags === 'number') return (flags & (fs.constants.O_WRONLY | fs.constants.O_RDWR)) !== 0;
  return typeof flags === 'string' && flags !== 'r';
}

if (at > 0) {
  watch(
    fs as unknown as Calls,
    'openSync',
    'writeSync',
    'writeFileSync',
    'fsyncSync',
    'fdatasyncSync',
    'ftruncateSync',
    'renameSync',
    'linkSync',
    'rmSync',
    'mkdirSync',
    'appendFileSync',
  );
  watch(childProcess as unknown as Calls, 'spawn');
  syncBuiltinESMExports();
}
