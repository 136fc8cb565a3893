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

function watch<K extends string>(module: Record<K, (...args: never[]) => unknown>, ...names: K[]): void {
  for (const name of names) {
    const original = module[name];
    const watched = (...args: never[]): unknown => {
      countCall();
      return original(...args);
    };
    Object.defineProperty(module, name, { value: watched, configurable: true, writable: true });
  }
}

if (at > 0) {
  watch(
    fs as unknown as Record<string, (...args: never[]) => unknown>,
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
  watch(childProcess as unknown as Record<string, (...args: never[]) => unknown>, 'spawn');
  syncBuiltinESMExports();
}
