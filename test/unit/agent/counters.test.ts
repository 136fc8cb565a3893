import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import { type CountedRun, Counters, usageOf } from '../../../src/agent/counters.ts';

/** A process that has used CPU time when it has written a line, and then waits. */
async function busyProcess() {
  const program =
    'const end = Date.now() + 300; while (Date.now() < end); console.log("done"); setInterval(() => {}, 1e6)';
  const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(createInterface(child.stdout), 'line');
  return {
    pid: child.pid ?? 0,
    kill: async () => {
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    },
  };
}

const run = (runId: string, workerPid: number | null, undelivered = 0): CountedRun => ({
  ...{ runId, workerPid, ended: workerPid === null },
  undelivered: Array.from({ length: undelivered }) as CountedRun['undelivered'],
});

describe('what an agent counts', () => {
  it('is the CPU time and memory of workers, kept when they end', async () => {
    const worker = await busyProcess();
    let runs: CountedRun[] = [];
    const counters = new Counters('/', () => runs);
    expect(counters.read()).toMatchObject({ workers: { alive: 0, residentBytes: 0 }, undeliveredEvents: 0 });

    runs = [run('a', worker.pid, 2)];
    const first = counters.read();
    expect(first).toMatchObject({ workers: { alive: 1 }, undeliveredEvents: 2 });
    expect(first?.workers.cpuSeconds.user).toBeGreaterThan(0);
    expect(first?.workers.residentBytes).toBeGreaterThan(1_000_000);
    expect(first?.stateFreeBytes).toBeGreaterThan(0);

    await worker.kill();
    runs = [run('a', null)];
    const after = counters.read();
    expect(after).toMatchObject({ workers: { alive: 0, residentBytes: 0 } });
    expect(after?.workers.cpuSeconds).toEqual(first?.workers.cpuSeconds);
    expect(usageOf(worker.pid)).toBeNull();
  });

  it('leaves out what an adopted worker used before', async () => {
    const worker = await busyProcess();
    const counters = new Counters('/', () => [run('a', worker.pid)]);
    expect(counters.read()?.workers).toMatchObject({ alive: 1, cpuSeconds: { user: 0, system: 0 } });
    await worker.kill();
  });

  it('is told of starts and deaths, and never keeps a heartbeat from being sent', () => {
    const counters = new Counters('/', () => []);
    for (const what of ['started', 'started', 'died'] as const) counters.count(what);
    expect(counters.read()?.workers).toMatchObject({ started: 2, died: 1 });
    expect(new Counters('/there/is/no/such/directory', () => []).read()).toBeNull();
  });
});
