// Real processes: the agent and its workers, and spares on their own. The API and the guests are played (test/peer).
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { describe, expect, it, vi } from 'vitest';
import { Spares } from '../../../src/agent/spares.ts';
import { findWorker } from '../../../src/agent/spawn.ts';
import { assignment, PeerAgent, workerPid } from '../../peer/agents.ts';
import { PeerApi } from '../../peer/api.ts';
import { kindsOf, makeRunDir, until, WORKER } from '../../peer/runs.ts';
import { temporaryDirectory } from '../../temporary.ts';

vi.setConfig({ testTimeout: 60_000 });

const COMMAND = [process.execPath, WORKER] as const;
const log = pino({ level: 'silent' });

/** Processes that wait in a spares' directory. */
function waiting(directory: string): number[] {
  return readdirSync('/proc').flatMap((pid) => {
    try {
      const spare = readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('--spare');
      return spare && readlinkSync(`/proc/${pid}/cwd`) === directory ? [Number(pid)] : [];
    } catch {
      return [];
    }
  });
}

describe('a spare worker', () => {
  it('becomes the worker of a run directory, with its log there', async () => {
    using directory = temporaryDirectory();
    const spares = new Spares({ command: COMMAND, directory: join(directory.path, 's'), count: 1, log });
    await until('one waits', () => waiting(join(directory.path, 's')).length === 1);
    const run = join(directory.path, 'run');
    makeRunDir(run);
    const child = spares.take(run);
    expect(child?.pid).toBeDefined();
    await until('it runs', () => kindsOf(run).join() === 'started');
    expect(workerPid(run)).toBe(child?.pid);
    expect(findWorker(run)).toBe(child?.pid);
    expect(readFileSync(join(run, 'worker.log'), 'utf8')).toContain('running');
    // The one is taken, and no other is there yet.
    expect(spares.take(run)).toBeNull();
    spares.close();
    // Whoever started it is of no consequence any more.
    child?.stdin?.destroy();
    child?.kill('SIGTERM');
    await until('it ends as told', () => kindsOf(run).at(-1) === 'lost!');
  });

  it('is not for a directory that has had a worker', async () => {
    using directory = temporaryDirectory();
    const spares = new Spares({ command: COMMAND, directory: join(directory.path, 's'), count: 1, log });
    await until('one waits', () => waiting(join(directory.path, 's')).length === 1);
    const run = join(directory.path, 'run');
    makeRunDir(run);
    writeFileSync(join(run, 'worker.log'), '');
    expect(spares.take(run)).toBeNull();
    spares.close();
    await until('it is gone', () => waiting(join(directory.path, 's')).length === 0);
  });

  it('that ends by itself is told of with its last words, and leaves no log behind', async () => {
    using directory = temporaryDirectory();
    const said: { log?: string }[] = [];
    const listening = pino({}, { write: (line: string) => said.push(JSON.parse(line)) });
    const program = [process.execPath, '-e', 'console.error("no room"); process.exit(1)', '--'] as const;
    const spares = new Spares({ command: program, directory: directory.path, count: 1, log: listening });
    await until('it has been told of', () => said.length > 0);
    expect(said).toMatchObject([{ level: 40, log: 'no room', msg: 'a spare worker ended by itself' }]);
    expect(readdirSync(directory.path)).toEqual([]);
    spares.close();
  });

  it.each([
    ['nothing', ''],
    ['half a line', '/nowhere'],
  ])('ends with its agent, and does nothing, when it was told %s', async (_, told) => {
    using directory = temporaryDirectory();
    const spare = spawn(COMMAND[0], [...COMMAND.slice(1), '--spare'], { cwd: directory.path });
    spare.stdin.end(told);
    expect(await once(spare, 'exit')).toEqual([0, null]);
    expect(readdirSync(directory.path)).toEqual([]);
  });

  it('leaves a directory that was closed or claimed meanwhile', async () => {
    using directory = temporaryDirectory();
    const run = join(directory.path, 'run');
    makeRunDir(run);
    const [one, other] = [0, 1].map(() => spawn(COMMAND[0], [...COMMAND.slice(1), '--spare']));
    one?.stdin.end(`${run}\n`);
    other?.stdin.end(`${run}\n`);
    const codes: unknown[] = [];
    for (const spare of [one, other]) spare?.once('exit', (code) => codes.push(code));
    await until('one runs and one has left', () => codes.length === 1 && kindsOf(run).join() === 'started');
    expect(codes).toEqual([3]);
    for (const spare of [one, other]) spare?.kill('SIGKILL');
  });
});

describe('an agent with a spare', () => {
  it('starts a VM with it, and the VM outlives the agent where the next spare does not', async () => {
    using state = temporaryDirectory();
    await using api = await PeerApi.start();
    await using agent = new PeerAgent(api, state.path, null, { spares: 1 });
    const directory = join(state.path, 'spares');
    await until('one waits', () => waiting(directory).length === 1);
    const [spare] = waiting(directory);
    const vm = assignment(api);
    api.assign(vm);
    await until('it runs', () => api.kinds(vm.run.runId).join() === 'started');
    const run = join(state.path, 'vms', vm.vmId, 'runs', vm.run.runId);
    expect(workerPid(run)).toBe(spare);
    await until('another waits', () => waiting(directory).length === 1);
    await agent.kill();
    await until('it is gone', () => waiting(directory).length === 0);
    expect(workerPid(run)).toBe(spare);
  });
});
