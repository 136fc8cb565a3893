import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import {
  claim,
  closeToWorkers,
  hostBootId,
  isAlive,
  processStartTime,
  readIdentity,
  releaseDead,
  type WorkerIdentity,
} from '../../../src/worker/identity.ts';
import { until } from '../../peer/runs.ts';
import { temporaryDirectory } from '../../temporary.ts';

function identity(fields: Partial<WorkerIdentity> = {}): WorkerIdentity {
  const startTime = processStartTime(process.pid);
  return { pid: process.pid, startTime, hostBootId: hostBootId(), protocol: 1, version: 'x', ...fields };
}

describe('a claim', () => {
  it('is made once, by one process or by the agent', () => {
    using directory = temporaryDirectory();
    expect(readIdentity(directory.path)).toBeNull();
    expect(claim(directory.path, 1, '0.1.0')).toBe(true);
    expect(claim(directory.path, 1, '0.1.0')).toBe(false);
    expect(closeToWorkers(directory.path, 1, '0.1.0')).toBe(false);
    const found = readIdentity(directory.path);
    expect(found).toEqual(identity({ version: '0.1.0' }));
    expect(found !== null && isAlive(found)).toBe(true);
    releaseDead(directory.path);
    expect(closeToWorkers(directory.path, 1, '0.1.0')).toBe(true);
    expect(claim(directory.path, 1, '0.1.0')).toBe(false);
    expect(readIdentity(directory.path)).toMatchObject({ pid: null });
  });

  it('is not one when it cannot be understood', () => {
    using directory = temporaryDirectory();
    writeFileSync(join(directory.path, 'worker.json'), '{"pid":1}');
    expect(() => readIdentity(directory.path)).toThrow('/startTime');
  });
});

describe('a process', () => {
  it('is itself', () => {
    expect(isAlive(identity())).toBe(true);
    expect(processStartTime(process.pid)).toMatch(/^\d+$/);
  });

  it('is not another one with its id, nor one of another boot of the host, nor the agent’s mark', () => {
    expect(isAlive(identity({ startTime: '1' }))).toBe(false);
    expect(isAlive(identity({ hostBootId: 'another' }))).toBe(false);
    expect(isAlive(identity({ pid: null, startTime: null }))).toBe(false);
  });

  it('may have any name', async () => {
    // The name stands in parentheses in /proc/<pid>/stat and is not escaped.
    const child = spawn(process.execPath, ['-e', "process.title = 'a) R 1 (b'; setInterval(() => {}, 1000)"]);
    const { pid } = child;
    if (pid === undefined) throw new Error('no process');
    await until('it has its name', () => readFileSync(`/proc/${pid}/stat`, 'utf8').includes('a) R 1 (b'));
    const startTime = processStartTime(pid);
    expect(Number(startTime)).toBeGreaterThan(Number(processStartTime(1)));
    expect(isAlive(identity({ pid, startTime }))).toBe(true);
    child.kill();
    await once(child, 'close');
    expect(isAlive(identity({ pid, startTime }))).toBe(false);
  });

  it('that nobody has waited for yet is dead', async () => {
    // What has taken the shell's place does not wait for its child, which ends then and so stays a zombie.
    const shell = spawn('sh', ['-c', 'cat <&3 & echo $!; exec sleep 60'], {
      stdio: ['ignore', 'pipe', 'inherit', 'pipe'],
    });
    const pid = Number(await new Promise((resolve) => shell.stdout?.once('data', resolve)));
    await until('the shell has gone', () => readFileSync(`/proc/${shell.pid}/comm`, 'utf8') === 'sleep\n');
    (shell.stdio[3] as Writable).end();
    await until('it is a zombie', () => readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z '));
    expect(processStartTime(pid)).toBeNull();
    shell.kill('SIGKILL');
    await once(shell, 'close');
  });

  it('whose first thread has left lives until the last one has', async () => {
    // exit(2) ends one thread: number 60 on x86-64, 93 on arm64.
    const leave = `
      const { load } = require('koffi');
      new (require('node:worker_threads').Worker)('setInterval(() => {}, 1000)', { eval: true }).once('online', () =>
        load('libc.so.6').func('long syscall(long number, int status)')(process.arch === 'arm64' ? 93 : 60, 0));`;
    const child = spawn(process.execPath, ['-e', leave], { cwd: import.meta.dirname });
    const { pid } = child;
    if (pid === undefined) throw new Error('no process');
    const startTime = processStartTime(pid);
    await until('its first thread is a zombie', () =>
      readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z '),
    );
    expect(isAlive(identity({ pid, startTime }))).toBe(true);
    child.kill('SIGKILL');
    await once(child, 'close');
    expect(isAlive(identity({ pid, startTime }))).toBe(false);
  });
});
