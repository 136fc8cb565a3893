/**
 * Kills the agent, and then the worker, in front of each call that changes a file or starts a process, on the whole way
 * from an assignment to the delivery of the guest's power-off, and checks each time that an agent started afterwards
 * brings it to the same end: nothing lost, nothing twice.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Run } from '../../../src/agent/run.ts';
import { assignment, PeerAgent, workerPid } from '../../peer/agents.ts';
import { PeerApi } from '../../peer/api.ts';
import { guestRuns, kindsOf, makeRunDir, PeerWorker, until } from '../../peer/runs.ts';
import { temporaryDirectory } from '../../temporary.ts';

/** How many points are tried at the same time: each is two or three processes. */
const AT_ONCE = 3;

/** Tries 1, 2, 3, … until a point lies behind the end, where nothing crashed; gives back how many did. */
async function everyPoint(attempt: (point: number) => Promise<boolean>): Promise<number> {
  for (let first = 1; ; first += AT_ONCE) {
    const points = Array.from({ length: AT_ONCE }, (_, index) => first + index);
    const crashed = await Promise.all(points.map(attempt));
    const end = crashed.indexOf(false);
    if (end !== -1) return first + end - 1;
  }
}

describe('killed at each of its steps', () => {
  it.each([0, 1])(
    'an agent with %i spares is followed by one that finishes its work',
    {
      timeout: 300_000,
    },
    async (spares) => {
      const points = await everyPoint(async (at) => {
        using state = temporaryDirectory();
        await using api = await PeerApi.start();
        const vm = assignment(api, {
          cmdline: 'poweroff-after=20',
          disks: [{ name: 'root', sizeMiB: 1, readOnly: false }],
        });
        api.assign(vm);
        const dir = join(state.path, 'vms', vm.vmId, 'runs', vm.run.runId);
        const mark = join(state.path, 'crashed');
        const isDone = () => api.kinds(vm.run.runId).join() === 'started,poweroff' && api.consoles.size === 1;
        const first = new PeerAgent(api, state.path, { at, mark }, { spares });
        await until('it has crashed or is done', () => existsSync(mark) || isDone());
        const crashed = existsSync(mark);
        if (crashed) expect(await first.ended).toMatchObject({ signal: 'SIGKILL' });
        else await first.kill();
        await using _ = new PeerAgent(api, state.path, null, { spares });
        await until(`it is done after point ${at}: ${api.kinds(vm.run.runId)}`, isDone);
        expect(guestRuns(dir)).toBe(1);
        expect(kindsOf(dir)).toEqual(['started', 'poweroff!']);
        expect(api.reports).toEqual([]);
        return crashed;
      });
      // Directories, run file, disk, blob, count, spawn, delivered: many more than these.
      expect(points).toBeGreaterThan(30);
    },
  );

  it('a worker leaves a run that never ran and may be tried again, or one that ran and is finished', {
    timeout: 300_000,
  }, async () => {
    const outcomes = new Set<string>();
    const points = await everyPoint(async (crashAt) => {
      using directory = temporaryDirectory();
      const dir = join(directory.path, 'run');
      const crashMark = join(directory.path, 'crashed');
      const { run } = makeRunDir(dir, { cmdline: 'poweroff-after=20' });
      await using worker = new PeerWorker(dir, { crashAt, crashMark });
      const { signal } = await worker.ended;
      const seen = new Run(dir, () => {});
      const local = seen.look();
      // A guest runs only behind its record.
      if (guestRuns(dir) > 0) expect(local.started).toBe(true);
      if (local.ended) {
        outcomes.add('ended');
        expect(kindsOf(dir)).toEqual(['started', 'poweroff!']);
      } else if (local.started) {
        outcomes.add('started');
        seen.finish('killed', 'a test', null);
        seen.finish('killed', 'a test', null);
        expect(kindsOf(dir)).toEqual(['started', 'killed!']);
        expect(new Run(dir, () => {}).look()).toMatchObject({ started: true, ended: true });
      } else {
        outcomes.add(local.worker);
        if (local.worker === 'dead') seen.release();
        await using again = new PeerWorker(dir);
        expect(await again.ended).toMatchObject({ code: 0 });
        expect(kindsOf(dir)).toEqual(['started', 'poweroff!']);
        expect(guestRuns(dir)).toBe(1);
      }
      expect(workerPid(dir)).toBeNull();
      expect(seen.runId).toBe(run.runId);
      return signal === 'SIGKILL';
    });
    expect(points).toBeGreaterThan(15);
    expect(outcomes).toEqual(new Set(['none', 'dead', 'started', 'ended']));
  });
});
