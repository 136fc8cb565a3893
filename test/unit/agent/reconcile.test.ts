import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Action, type LocalRun, reconcile, type Wanted } from '../../../src/agent/reconcile.ts';
import { MAX_SPAWNS } from '../../../src/agent/spawn.ts';
import type { Assignment, RunRequest } from '../../../src/wire/agent.ts';
import { runSpec } from '../../peer/runs.ts';

const SPEC = runSpec();
const { vmId, runId, operationId } = SPEC;
const DELETE = '01890000-0000-7000-8000-00000000dddd';

function local(fields: Partial<LocalRun> = {}): LocalRun {
  return {
    runId,
    worker: 'none',
    coming: false,
    spawns: 0,
    files: 'ready',
    started: false,
    ended: false,
    lingers: false,
    failure: null,
    requests: [],
    unmet: [],
    connected: false,
    unresponsive: false,
    foreign: null,
    end: 'the worker ended',
    unread: false,
    hostRebooted: false,
    delivered: false,
    ...fields,
  };
}

const running = (fields: Partial<LocalRun> = {}) =>
  local({ worker: 'alive', started: true, connected: true, spawns: 1, ...fields });
const over = (fields: Partial<LocalRun> = {}) =>
  local({ worker: 'dead', started: true, ended: true, delivered: true, ...fields });

function wanted(fields: Partial<Assignment> = {}): Assignment {
  return { vmId, generation: 1, run: SPEC, requests: [], deleteOperationId: null, ...fields };
}

function request(kind: RunRequest['kind'], fields: Partial<RunRequest> = {}): RunRequest {
  const intentId = `01890000-0000-7000-8000-${kind.padStart(12, '0').replace(/[^0-9a-f]/g, '0')}`;
  const timeoutSeconds = kind === 'stop' || kind === 'hibernate' ? 60 : null;
  return {
    operationId: intentId.replace('0189', '0199'),
    intentId,
    kind,
    timeoutSeconds,
    force: false,
    ...fields,
  };
}

function known({ intentId, kind }: RunRequest, overdue = false) {
  return { intentId, kind, overdue };
}

function decide(want: Wanted, runs: readonly LocalRun[], reported: readonly string[] = []): string[] {
  return reconcile(want, runs, new Set(reported)).map((action) => {
    if (action.do === 'report') {
      return `report ${action.report.status} ${action.report.status === 'failed' ? action.report.error.code : ''}`.trim();
    }
    if (action.do === 'finish')
      return `finish ${action.kind} ${action.killIntent === null ? 'host' : 'intent'}`;
    if (action.do === 'fail') return `fail ${action.code}`;
    if (action.do === 'request') return `request ${action.request.kind}`;
    if (action.do === 'kill') return `kill ${action.intentId === null ? 'host' : 'intent'}`;
    return action.do;
  });
}

describe('a run that should exist', () => {
  it.each([
    ['is absent', [], ['create']],
    ['has no files yet', [local({ files: 'unknown' })], ['fetch']],
    ['is waiting for files', [local({ files: 'fetching' })], []],
    ['is ready', [local()], ['spawn']],
    ['has a worker on its way', [local({ coming: true, spawns: 1 })], []],
    ['has a worker nobody listens to', [running({ connected: false })], ['connect']],
    ['runs', [running()], []],
    ['has a worker that died before the guest ran', [local({ worker: 'dead', spawns: 1 })], ['release']],
    [
      'has lost too many workers',
      [local({ worker: 'dead', spawns: MAX_SPAWNS })],
      ['fail WORKER_DID_NOT_START'],
    ],
    ['never got a worker', [local({ spawns: MAX_SPAWNS })], ['fail WORKER_DID_NOT_START']],
    ['cannot have its files', [local({ files: { code: 'DISK_FULL', detail: '' } })], ['fail DISK_FULL']],
    ['has a dead worker', [local({ worker: 'dead', started: true })], ['finish killed host']],
    [
      'has a worker from before the host rebooted',
      [local({ worker: 'dead', started: true, hostRebooted: true })],
      ['finish lost host'],
    ],
    [
      'was not started before the host rebooted',
      [local({ worker: 'dead', spawns: 1, hostRebooted: true })],
      ['release'],
    ],
    ['is over', [over()], []],
    [
      'failed',
      [local({ ended: true, failure: { code: 'IMAGE_CORRUPT', detail: '' } })],
      ['report failed IMAGE_CORRUPT'],
    ],
  ])('and %s', (_, runs, actions) => {
    expect(decide(wanted(), runs)).toEqual(actions);
  });

  it('and failed is reported once', () => {
    const failed = local({ ended: true, failure: { code: 'IMAGE_CORRUPT', detail: '' } });
    expect(decide(wanted(), [failed], [operationId])).toEqual([]);
  });

  it('waits for an earlier run of its VM, whatever that takes', () => {
    const earlier = { runId: runSpec().runId };
    for (const [run, action] of [
      [running(earlier), 'kill host'],
      [local({ ...earlier, worker: 'dead', started: true }), 'finish killed host'],
      [local(earlier), 'fail START_WITHDRAWN'],
      [running({ ...earlier, unresponsive: true }), 'terminate'],
      [over({ ...earlier, worker: 'alive', lingers: true }), 'terminate'],
    ] as const) {
      expect(decide(wanted(), [run])).toEqual([action]);
      expect(decide(wanted(), [run, local()])).toEqual([action]);
    }
  });
});

it('a run waits for the process of an earlier one, whose threads may hold the disks', () => {
  const ending = over({ runId: runSpec().runId, worker: 'alive' });
  expect(decide(wanted(), [ending])).toEqual([]);
  expect(decide(wanted({ run: null, deleteOperationId: DELETE }), [ending])).toEqual([]);
});

describe('requests', () => {
  const [stop, kill] = [request('stop'), request('kill')];

  it('go to the worker until its journal has them', () => {
    expect(decide(wanted({ requests: [stop] }), [running()])).toEqual(['request stop']);
    expect(decide(wanted({ requests: [stop] }), [running({ requests: [known(stop)] })])).toEqual([]);
    expect(decide(wanted({ requests: [stop] }), [running({ connected: false })])).toEqual(['connect']);
  });

  it('that were refused and reported are not sent again', () => {
    expect(decide(wanted({ requests: [stop] }), [running()], [stop.operationId])).toEqual([]);
  });

  it('for a run that has ended are dropped: its last event settles them', () => {
    expect(decide(wanted({ requests: [stop, kill] }), [over()])).toEqual([]);
  });

  it('that came to nothing are reported with the reason', () => {
    const save = request('snapshot');
    const { intentId } = save;
    const failed = running({
      requests: [known(save)],
      unmet: [{ intentId, code: 'DISK_FULL', detail: 'no room' }],
    });
    expect(decide(wanted({ requests: [save] }), [failed])).toEqual(['report failed DISK_FULL']);
    expect(decide(wanted({ requests: [save] }), [failed], [save.operationId])).toEqual([]);
  });

  it('that the guest does not answer fail in time', () => {
    const late = running({ requests: [known(stop, true)] });
    expect(decide(wanted({ requests: [stop] }), [late])).toEqual(['report failed GUEST_DID_NOT_RESPOND']);
    expect(decide(wanted({ requests: [stop] }), [late], [stop.operationId])).toEqual([]);
  });

  it.each([
    ['1.0', 'the guest did not power off within 60 s'],
    [
      '0.1',
      'the guest did not power off within 60 s: at PSCI 0.1 a guest has no call to power off and can only halt; ' +
        'stop it by force, or kill it',
    ],
  ] as const)('that a guest of PSCI %s does not answer say why', (psci, detail) => {
    const late = running({ requests: [known(stop, true)] });
    const actions = reconcile(wanted({ run: { ...SPEC, psci }, requests: [stop] }), [late], new Set());
    expect(actions).toMatchObject([{ do: 'report', report: { error: { detail } } }]);
  });

  it('to stop by force become a kill of the same intent in time', () => {
    const forced = { ...stop, force: true };
    const late = running({ requests: [known(forced, true)] });
    expect(decide(wanted({ requests: [forced] }), [late])).toEqual(['kill intent']);
    const told = running({ requests: [known(forced, true), { ...known(forced), kind: 'kill' }] });
    expect(decide(wanted({ requests: [forced] }), [told])).toEqual([]);
  });

  it('to kill end a worker that does not answer', () => {
    const deaf = running({ unresponsive: true });
    expect(decide(wanted({ requests: [kill] }), [deaf])).toEqual(['terminate']);
    expect(decide(wanted({ requests: [stop] }), [deaf])).toEqual(['request stop']);
    const gone = local({ worker: 'dead', started: true, unresponsive: true });
    expect(decide(wanted({ requests: [kill] }), [gone])).toEqual(['finish killed intent']);
  });

  it('to kill take back a start whose guest has not run', () => {
    expect(decide(wanted({ requests: [kill] }), [local()])).toEqual(['fail START_WITHDRAWN']);
    expect(decide(wanted({ requests: [kill] }), [local({ coming: true })])).toEqual([]);
  });

  it('to kill are the only ones that explain a dead worker', () => {
    const dead = { worker: 'dead', started: true } as const;
    expect(decide(wanted({ requests: [stop] }), [local({ ...dead, requests: [known(stop)] })])).toEqual([
      'finish killed host',
    ]);
    expect(decide(wanted({ requests: [kill] }), [local({ ...dead, requests: [known(kill)] })])).toEqual([
      'finish killed intent',
    ]);
    const beforeTheGuestRan = local({ worker: 'dead', requests: [known(kill)] });
    expect(decide(wanted({ requests: [kill] }), [beforeTheGuestRan])).toEqual(['finish killed intent']);
  });
});

describe('a run that should not exist', () => {
  it.each([
    ['is told to end', running(), ['kill host']],
    ['is reached first', running({ connected: false }), ['connect']],
    ['that does not answer is ended', running({ unresponsive: true }), ['terminate']],
    ['that is dead is finished', local({ worker: 'dead', started: true }), ['finish killed host']],
    ['that never ran is closed to workers', local(), ['fail START_WITHDRAWN']],
    ['that is on its way is closed to workers', local({ coming: true }), ['fail START_WITHDRAWN']],
  ])('%s', (_, run, actions) => {
    expect(decide(wanted({ run: null }), [run])).toEqual(actions);
    expect(decide(null, [run])).toEqual(actions);
  });

  it('is not decided about before the API was heard', () => {
    expect(decide('unknown', [running()])).toEqual([]);
    expect(decide('unknown', [local()])).toEqual([]);
    expect(decide('unknown', [running({ connected: false })])).toEqual(['connect']);
    expect(decide('unknown', [local({ worker: 'dead', started: true })])).toEqual(['finish killed host']);
    expect(decide('unknown', [over()])).toEqual([]);
  });
});

describe('what is left of a VM', () => {
  const remove = wanted({ run: null, deleteOperationId: DELETE });
  const runs = Array.from({ length: 4 }, () => over({ runId: runSpec().runId }));

  it('goes when it is deleted and everything is delivered', () => {
    expect(decide(remove, [over()])).toEqual(['removeVm']);
    expect(decide(remove, [over({ delivered: false })])).toEqual([]);
    expect(decide(remove, [running()])).toEqual(['kill host']);
    expect(decide(remove, [])).toEqual(['removeVm']);
    expect(decide(remove, [], [DELETE])).toEqual([]);
  });

  it('is kept when the VM is only absent', () => {
    expect(decide(null, [over()])).toEqual([]);
  });

  it('goes when it is of no more use here, and nothing is left to end or to be told', () => {
    const forget = (...left: LocalRun[]) => reconcile(null, left, new Set(), true).map((action) => action.do);
    expect(forget(...runs)).toEqual(['forgetVm']);
    expect(forget()).toEqual(['forgetVm']);
    expect(forget(over(), over({ runId: runSpec().runId, delivered: false }))).toEqual([]);
    expect(forget(over({ worker: 'alive' }))).toEqual([]);
    expect(forget(running())).toEqual(['kill']);
    expect(reconcile(wanted(), [over()], new Set(), true)).toEqual([]);
    expect(reconcile('unknown', [over()], new Set(), true)).toEqual([]);
  });

  it('is two runs', () => {
    expect(decide(wanted({ run: null }), runs)).toEqual(['removeRun', 'removeRun']);
    expect(decide(wanted(), [...runs, running()])).toEqual(['removeRun', 'removeRun', 'removeRun']);
    const undelivered = runs.map((run) => ({ ...run, delivered: false }));
    expect(decide(wanted({ run: null }), undelivered)).toEqual([]);
  });
});

describe('a worker of another protocol', () => {
  const [stop, kill] = [request('stop'), request('kill')];
  const foreign = running({ connected: false, foreign: '0.9.0' });

  it('is left to run', () => {
    expect(decide(wanted(), [foreign])).toEqual([]);
    expect(decide('unknown', [foreign])).toEqual([]);
  });

  it('is asked for nothing: the request is refused, once', () => {
    const refused = decide(wanted({ requests: [stop] }), [foreign]);
    expect(refused).toEqual(['report failed WORKER_VERSION_DIFFERS']);
    expect(decide(wanted({ requests: [stop] }), [foreign], [stop.operationId])).toEqual([]);
  });

  it('is ended by a kill, which is the operator’s, and where its run is not to exist', () => {
    expect(decide(wanted({ requests: [kill] }), [foreign])).toEqual(['terminate']);
    const gone = local({ worker: 'dead', started: true, foreign: '0.9.0' });
    expect(decide(wanted({ requests: [kill] }), [gone])).toEqual(['finish killed intent']);
    expect(decide(wanted(), [gone])).toEqual(['finish killed host']);
    expect(decide(wanted({ run: null }), [foreign])).toEqual(['terminate']);
  });

  it('that never came up makes the start fail', () => {
    expect(decide(wanted(), [local({ foreign: 'with protocol 2' })])).toEqual([
      'fail WORKER_VERSION_DIFFERS',
    ]);
  });

  it('and dead keeps a journal that only its own version can finish, and its VM waits', () => {
    const unread = { worker: 'dead', started: true, foreign: '0.9.0', unread: true } as const;
    expect(decide(wanted({ requests: [kill] }), [local(unread)])).toEqual([]);
    expect(decide('unknown', [local(unread)])).toEqual([]);
    expect(decide(wanted(), [local({ ...unread, runId: runSpec().runId })])).toEqual([]);
  });
});

describe('whatever is wanted and whatever is there', () => {
  const ids = Array.from({ length: 3 }, () => runSpec().runId).sort();
  const anyRun = (id: string): fc.Arbitrary<LocalRun> =>
    fc
      .record({
        worker: fc.constantFrom<LocalRun['worker'][]>('none', 'alive', 'dead', 'closed'),
        coming: fc.boolean(),
        spawns: fc.integer({ min: 0, max: 4 }),
        files: fc.constantFrom<LocalRun['files'][]>('unknown', 'fetching', 'ready', {
          code: 'DISK_FULL',
          detail: '',
        }),
        started: fc.boolean(),
        ended: fc.boolean(),
        connected: fc.boolean(),
        unresponsive: fc.boolean(),
        foreign: fc.constantFrom(null, null, '0.9.0'),
        unread: fc.oneof({ weight: 9, arbitrary: fc.constant(false) }, fc.boolean()),
        hostRebooted: fc.boolean(),
        delivered: fc.boolean(),
        kinds: fc.subarray(['stop', 'kill', 'pause'] as const),
        overdue: fc.boolean(),
      })
      .map(({ kinds, overdue, ...run }) => ({
        ...local(run),
        runId: id,
        failure: run.ended && !run.started ? { code: 'START_FAILED', detail: '' } : null,
        requests: kinds.map((kind) => known(request(kind), overdue)),
        // What cannot be: a claim that runs guests is never taken away, and a last record ends the worker's work.
        started: run.started && (run.worker === 'alive' || run.worker === 'dead'),
      }));
  const anyRuns = fc
    .subarray([0, 1, 2])
    .chain((chosen) => fc.tuple(...chosen.map((index) => anyRun(ids[index] ?? ''))));
  const anyWanted: fc.Arbitrary<Wanted> = fc.oneof(
    fc.constantFrom<Wanted>('unknown', null),
    fc
      .tuple(
        fc.option(fc.constantFrom(...ids)),
        fc.subarray(['stop', 'kill', 'pause'] as const),
        fc.boolean(),
        fc.boolean(),
      )
      .map(([id, kinds, force, deleting]) =>
        wanted({
          run: id === null ? null : { ...SPEC, runId: id },
          requests: id === null ? [] : kinds.map((kind) => request(kind, { force })),
          deleteOperationId: id === null && deleting ? DELETE : null,
        }),
      ),
  );

  function check(holds: (want: Wanted, runs: readonly LocalRun[], actions: readonly Action[]) => void): void {
    fc.assert(
      fc.property(anyWanted, anyRuns, fc.boolean(), (want, runs, mayForget) =>
        holds(want, runs, reconcile(want, runs, new Set(), mayForget)),
      ),
      { numRuns: 2_000 },
    );
  }

  it('a worker is started only for the wanted run, unclaimed, never started, never ended, while no other goes on', () => {
    check((want, runs, actions) => {
      for (const action of actions) {
        if (action.do !== 'spawn') continue;
        const run = runs.find((candidate) => candidate.runId === action.runId);
        expect(want).toMatchObject({ run: { runId: action.runId } });
        expect(run).toMatchObject({ worker: 'none', coming: false, started: false, ended: false });
        expect(run?.spawns).toBeLessThan(MAX_SPAWNS);
        expect(runs.filter((other) => other !== run && !(other.ended && other.worker !== 'alive'))).toEqual(
          [],
        );
      }
    });
  });

  it('a last record is written only for a run without one, and never while its worker lives', () => {
    check((_, runs, actions) => {
      for (const action of actions) {
        if (action.do !== 'finish' && action.do !== 'fail' && action.do !== 'release') continue;
        const run = runs.find((candidate) => candidate.runId === action.runId);
        expect(run?.ended).toBe(false);
        expect(run?.worker).not.toBe('alive');
        expect(run?.unread).toBe(false);
        if (action.do === 'finish') expect(run?.worker).toBe('dead');
        if (action.do === 'fail') expect(run?.started).toBe(false);
        if (action.do === 'release') expect(run).toMatchObject({ worker: 'dead', started: false });
      }
    });
  });

  it('nothing is ended or removed before the API was heard, and nothing removed that is not delivered', () => {
    check((want, runs, actions) => {
      for (const action of actions) {
        if (want === 'unknown') expect(['connect', 'finish']).toContain(action.do);
        if (action.do === 'removeRun') {
          expect(runs.find((run) => run.runId === action.runId)).toMatchObject({
            ended: true,
            delivered: true,
          });
        }
        if (action.do === 'removeVm' || action.do === 'forgetVm') {
          expect(runs.every((run) => run.ended && run.delivered && run.worker !== 'alive')).toBe(true);
        }
      }
    });
  });

  it('the wanted run is never told to end without an operator’s request', () => {
    check((want, _, actions) => {
      if (want === null || want === 'unknown' || want.run === null) return;
      const asked = want.requests.some(({ kind, force }) => kind === 'kill' || (kind === 'stop' && force));
      for (const action of actions) {
        if (action.do === 'terminate' || action.do === 'kill') {
          expect(action.runId !== want.run.runId || asked).toBe(true);
        }
      }
    });
  });
});
