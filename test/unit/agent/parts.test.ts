// The small parts of the agent that decide something.
import { getEventListeners } from 'node:events';
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { pino } from 'pino';
import { describe, expect, it, vi } from 'vitest';
import { pause } from '../../../src/agent/backoff.ts';
import { ApiError } from '../../../src/agent/client.ts';
import { readArguments, readConfig } from '../../../src/agent/config.ts';
import { Consoles } from '../../../src/agent/console.ts';
import { trimConsoles } from '../../../src/agent/console-trim.ts';
import { nextBatch } from '../../../src/agent/delivery.ts';
import { ensureDisk } from '../../../src/agent/disks.ts';
import { capacity } from '../../../src/agent/facts.ts';
import { ConsoleInputs } from '../../../src/agent/input.ts';
import { describeEnd, OomWatch, oomKills } from '../../../src/agent/oom.ts';
import { deadlineOf, Run } from '../../../src/agent/run.ts';
import { type SavingRun, Snapshots } from '../../../src/agent/snapshots.ts';
import { findWorker } from '../../../src/agent/spawn.ts';
import { Store } from '../../../src/agent/store.ts';
import { Wake } from '../../../src/agent/wake.ts';
import { ConfigError } from '../../../src/config/setting.ts';
import { consoleFile, JOURNAL_FILE } from '../../../src/worker/files.ts';
import { claim } from '../../../src/worker/identity.ts';
import { JournalWriter } from '../../../src/worker/journal.ts';
import { CLOSE_MS, PROTOCOL } from '../../../src/worker/protocol.ts';
import { makeRunDir, PeerWorker } from '../../peer/runs.ts';
import { temporaryDirectory } from '../../temporary.ts';
import { eventEntry } from '../worker/records.ts';

describe('configuration', () => {
  const read = (args: string[], env: NodeJS.ProcessEnv = {}) => readConfig(readArguments(args), env);

  it('takes flags before the environment before defaults', () => {
    const env = { HOLDFAST_API: 'https://env.example/', HOLDFAST_NAME: 'env' };
    expect(read(['--name', 'flag', '--label', 'zone=b', '--label', 'rack=7=x'], env)).toEqual({
      api: 'https://env.example',
      state: '/var/lib/holdfast',
      enrolmentTokenFile: null,
      name: 'flag',
      labels: { zone: 'b', rack: '7=x' },
      vcpuOvercommit: 4,
      memoryReserveMiB: 512,
      spareWorkers: 1,
      rotateCredentialDays: 30,
      tlsCertFile: null,
      tlsKeyFile: null,
      tlsCaFile: null,
      logLevel: 'info',
    });
    expect(readArguments(['--help']).help).toBe(true);
  });

  it.each([
    [[], '--api'],
    [['--api', 'example.com'], '--api'],
    [['--api', 'ftp://x'], '--api'],
    [['--api', 'http://user:secret@x'], 'credential'],
    [['--api', 'http://x', '--name', 'Big Host'], '--name'],
    [['--api', 'http://x', '--label', 'zone'], '--label'],
    [['--api', 'http://x', '--vcpu-overcommit', '0'], '--vcpu-overcommit'],
    [['--api', 'http://x', '--memory-reserve-mib', '1.5'], '--memory-reserve-mib'],
    [['--api', 'http://x', '--spare-workers', '-1'], '--spare-workers'],
    [['--api', 'http://x', '--log-level', 'loud'], '--log-level'],
    [['--api', 'http://x', '--colour', 'red'], '--colour'],
    [['--api', 'http://x', 'stray'], 'stray'],
  ])('refuses %j', (args, complaint) => {
    expect(() => read([...args, ...(args.includes('--name') ? [] : ['--name', 'h'])])).toThrow(ConfigError);
    expect(() => read([...args, ...(args.includes('--name') ? [] : ['--name', 'h'])])).toThrow(complaint);
  });
});

describe('an API URL with a password', () => {
  it('is refused without being shown', () => {
    const read = () => readConfig(readArguments(['--api', 'http://user:hidden@x']), {});
    expect(read).toThrow('--api=… must not hold a user or a password');
  });
});

describe('capacity', () => {
  it('promises CPUs several times and memory once', () => {
    const meminfo = 'MemFree: 1 kB\nMemTotal:        2013260 kB\n';
    expect(capacity(2, meminfo, { vcpuOvercommit: 4, memoryReserveMiB: 512 })).toEqual({
      vcpus: 8,
      memoryMiB: 1454,
    });
    expect(capacity(1, meminfo, { vcpuOvercommit: 0.5, memoryReserveMiB: 5_000 })).toEqual({
      vcpus: 1,
      memoryMiB: 1,
    });
  });
});

describe('a batch of events', () => {
  const run = (...sequences: number[]) => ({
    undelivered: sequences.map((sequence) => eventEntry(sequence)),
  });

  it('holds runs in their order, as far as it goes', () => {
    const [first, second] = [run(4, 5), run(1)];
    expect(nextBatch([first, run(), second])).toMatchObject({
      events: [{ sequence: 4 }, { sequence: 5 }, { sequence: 1 }],
    });
    const { events, upTo } = nextBatch([first, second], { records: 1, bytes: 1e6 });
    expect(events).toMatchObject([{ sequence: 4 }]);
    expect([...upTo]).toEqual([[first, 4]]);
  });

  it('holds at least one record and else keeps within its limits, and never passes one over', () => {
    const runs = fc.array(fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 5 }), { maxLength: 4 });
    fc.assert(
      fc.property(
        runs,
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 2_000 }),
        (lengths, records, bytes) => {
          const given = lengths.map((all) => run(...all.map((_, index) => index + 1)));
          const all = given.flatMap(({ undelivered }) => undelivered);
          const { events, upTo } = nextBatch(given, { records, bytes });
          expect(events).toEqual(all.slice(0, events.length));
          expect(events.length > 0).toBe(all.length > 0);
          expect(events.length).toBeLessThanOrEqual(records);
          if (events.length > 1)
            expect(JSON.stringify(events).length).toBeLessThanOrEqual(bytes + events.length + 1);
          for (const [of, sequence] of upTo) expect(events).toContain(of.undelivered[sequence - 1]);
        },
      ),
    );
  });
});

describe('a console', () => {
  it('that has grown too large gives its oldest bytes back, and keeps its offsets', async () => {
    using directory = temporaryDirectory();
    const path = join(directory.path, 'console.01890000-0000-7000-8000-000000000003.log');
    const other = join(directory.path, 'worker.log');
    const text = Buffer.from('0123456789abcdef'.repeat(64 * 1024));
    for (const file of [path, other]) writeFileSync(file, text);
    await trimConsoles(directory.path, 2 * text.length, 4096);
    expect(readFileSync(path)).toEqual(text);
    await trimConsoles(directory.path, text.length / 2, 4096);
    expect(statSync(path).size).toBe(text.length);
    expect(statSync(path).blocks * 512).toBeLessThan(text.length / 2);
    expect(readFileSync(path).subarray(-4096)).toEqual(text.subarray(-4096));
    expect(readFileSync(path).subarray(0, 4096)).toEqual(Buffer.alloc(4096));
    expect(readFileSync(other)).toEqual(text);
  });

  it('is kept for the newest 16 boots', async () => {
    using directory = temporaryDirectory();
    const names = Array.from(
      { length: 20 },
      (_, n) => `console.01890000-0000-7000-8000-0000000000${n + 10}.log`,
    );
    for (const name of [...names, 'worker.log']) writeFileSync(join(directory.path, name), 'x');
    await trimConsoles(directory.path);
    expect(readdirSync(directory.path).sort()).toEqual([...names.slice(4), 'worker.log']);
  });
});

describe('the end of a worker', () => {
  it('is told with what is known of it', () => {
    expect(describeEnd('SIGKILL', 1)).toMatch(/want of memory/);
    // An agent that did not start it knows no signal.
    expect(describeEnd(null, 2)).toMatch(/want of memory/);
    expect(describeEnd('SIGSEGV', 1)).toMatch(/by SIGSEGV/);
    expect(describeEnd('SIGKILL', 0)).toMatch(/by SIGKILL/);
    expect(describeEnd(null, 0)).toMatch(/unexpectedly/);
    expect(oomKills()).toBeGreaterThanOrEqual(0);
  });

  it('is one for want of memory also where it took long, and was counted while it still looked alive', () => {
    const watch = new OomWatch();
    expect(watch.killsMeanwhile(5)).toBe(0);
    watch.alive(0, 5);
    expect(watch.killsMeanwhile(5)).toBe(0);
    for (let now = 100; now < 25_000; now += 100) watch.alive(now, 6);
    expect(watch.killsMeanwhile(6)).toBe(1);
    for (let now = 30_000; now < 50_000; now += 100) watch.alive(now, 6);
    expect(watch.killsMeanwhile(6)).toBe(1);
    // What was counted long before its end was that of others.
    for (let now = 60_000; now < 70_000; now += 100) watch.alive(now, 6);
    expect(watch.killsMeanwhile(6)).toBe(0);
  });
});

describe('the time a guest has to answer', () => {
  const at = '2026-01-02T03:04:05.000Z';
  const asked = Date.parse(at);

  it('runs from the request, on a clock that nobody sets', () => {
    expect(deadlineOf({ timeoutSeconds: 60, at }, asked + 10_000, 500)).toBe(50_500);
    expect(deadlineOf({ timeoutSeconds: null, at }, asked, 500)).toBe(Number.POSITIVE_INFINITY);
  });

  it('is never longer than it was, and over at once at the earliest, whatever the wall clock did', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e9, max: 1e9 }), (passed) => {
        const left = deadlineOf({ timeoutSeconds: 60, at }, asked + passed, 1_000) - 1_000;
        expect(left).toBeGreaterThanOrEqual(0);
        expect(left).toBeLessThanOrEqual(60_000);
      }),
    );
  });
});

describe('a disk', () => {
  it('is blank and sparse, of exactly its size, and never changed when it is there', () => {
    using directory = temporaryDirectory();
    const path = join(directory.path, 'disks/root.raw');
    ensureDisk(path, 5);
    expect(statSync(path)).toMatchObject({ size: 5 * 1024 * 1024, blocks: 0 });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    writeFileSync(path, 'data', { flag: 'r+' });
    ensureDisk(path, 5);
    for (const size of [4, 6]) expect(() => ensureDisk(path, size)).toThrow('5 MiB');
    expect(readFileSync(path).toString('latin1', 0, 4)).toBe('data');
    expect(statSync(path).size).toBe(5 * 1024 * 1024);
  });
});

describe('the store', () => {
  it('takes no name that leads elsewhere', () => {
    const store = new Store('/state');
    expect(store.diskPath('vm', 'root-1.x_Y')).toBe('/state/vms/vm/disks/root-1.x_Y.raw');
    for (const name of ['', '.', '..', '../x', 'a/b', '.hidden', 'a\0b', 'x'.repeat(64)]) {
      expect(store.diskPath('vm', name)).toBeNull();
    }
  });
});

describe('console input', () => {
  it('is passed on at most once: the position is stored before the bytes are', async () => {
    using directory = temporaryDirectory();
    const store = new Store(directory.path);
    const asked: (string | null)[] = [];
    const passed: string[] = [];
    const inputs = () =>
      new ConsoleInputs(
        {
          async consoleInput(after) {
            asked.push(after);
            return { position: '7', inputs: [{ vmId: 'vm', runId: 'run', data: 'eA==' }] };
          },
        },
        store,
        {
          run() {
            passed.push(readFileSync(store.inputFile, 'utf8').trim());
            return null;
          },
        },
        pino({ enabled: false }),
      );
    await inputs().once(new AbortController().signal);
    await inputs().once(new AbortController().signal);
    expect(asked).toEqual([null, '7']);
    expect(passed).toEqual(['{"position":"7"}', '{"position":"7"}']);
  });
});

describe('a worker that was forgotten', () => {
  it('is found by its command line until it ends', async () => {
    using directory = temporaryDirectory();
    makeRunDir(directory.path, { cmdline: 'slow=600000' });
    const worker = new PeerWorker(directory.path);
    expect(findWorker(directory.path)).toBe(worker.process.pid);
    expect(findWorker(`${directory.path}-2`)).toBeNull();
    worker.process.kill('SIGKILL');
    await worker.ended;
    expect(findWorker(directory.path)).toBeNull();
  });
});

describe('waiting', () => {
  it('leaves nothing behind at a signal that lives as long as the agent', async () => {
    const { signal } = new AbortController();
    const wake = new Wake();
    for (let i = 0; i < 20; i += 1) {
      const waiting = wake.wait(60_000, signal);
      wake.raise();
      await waiting;
    }
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('is no shorter for being asked for longer than a timer can take', async () => {
    const ended = new AbortController();
    const over = vi.fn();
    const waiting = pause(2 ** 31, ended.signal).then(over);
    await pause(50, ended.signal);
    expect(over).not.toHaveBeenCalled();
    ended.abort();
    await waiting;
  });
});

it('a worker that has written its last record is given the time to write its disks out', () => {
  using directory = temporaryDirectory();
  makeRunDir(directory.path);
  claim(directory.path, PROTOCOL, '0');
  const journal = JournalWriter.open(join(directory.path, JOURNAL_FILE));
  journal.append(eventEntry(1, { kind: 'poweroff', final: true }));
  journal.close();
  vi.useFakeTimers({ toFake: ['performance'] });
  try {
    const run = new Run(directory.path, () => {});
    expect(run.look()).toMatchObject({ ended: true, worker: 'alive', lingers: false });
    vi.advanceTimersByTime(CLOSE_MS + 10_000);
    expect(run.look()).toMatchObject({ lingers: false });
    vi.advanceTimersByTime(CLOSE_MS);
    expect(run.look()).toMatchObject({ lingers: true });
  } finally {
    vi.useRealTimers();
  }
});

it('a run forgets how far consoles were taken that are gone', () => {
  using directory = temporaryDirectory();
  makeRunDir(directory.path);
  const boots = [1, 2, 3].map((n) => `01900000-0000-7000-8000-00000000000${n}`);
  const [first = '', second = '', third = ''] = boots;
  for (const bootId of boots) writeFileSync(join(directory.path, consoleFile(bootId)), 'text');
  const run = new Run(directory.path, () => {});
  for (const bootId of [first, second]) run.markConsole(bootId, 4);
  rmSync(join(directory.path, consoleFile(first)));
  expect(run.consoleBoots().sort()).toEqual([second, third]);
  run.markConsole(third, 2);
  expect(JSON.parse(readFileSync(join(directory.path, 'delivered.json'), 'utf8'))).toEqual({
    sequence: 0,
    console: [
      { bootId: second, bytes: 4 },
      { bootId: third, bytes: 2 },
    ],
  });
});

it('a console of which the API takes nothing is tried again later', async () => {
  using directory = temporaryDirectory();
  makeRunDir(directory.path);
  writeFileSync(join(directory.path, consoleFile('01900000-0000-7000-8000-000000000001')), 'text');
  const run = new Run(directory.path, () => {});
  const ended = new AbortController();
  let calls = 0;
  const takesNothing = {
    console: async (_vm: string, _boot: string, offset: number) => {
      calls += 1;
      await pause(1, new AbortController().signal);
      if (ended.signal.aborted) throw new Error('the test is over');
      return offset;
    },
  };
  const log = pino({ enabled: false });
  new Consoles(
    takesNothing,
    () => [run],
    () => {},
    log,
    ended.signal,
  ).start();
  while (calls === 0) await pause(10, ended.signal);
  await pause(300, ended.signal);
  ended.abort();
  expect(calls).toBeLessThan(20);
});

it('a snapshot that the API cannot take now holds up no other', async () => {
  const sent: string[] = [];
  const run = (vmId: string, ...intentIds: string[]): SavingRun => ({
    vmId,
    runId: vmId,
    dropUnfinishedSnapshots: () => {},
    snapshotsToSend: () => intentIds.map((intentId) => ({ intentId, digest: '', path: '' })),
    dropSnapshot: (intentId) => void sent.push(intentId),
  });
  const away = new ApiError(503, 'UNREACHABLE', 'away', null, 0);
  const client = {
    snapshot: async (intentId: string) => {
      if (intentId === 'large') throw away;
    },
  };
  const runs = [run('a', 'large', 'second'), run('b', 'third')];
  const snapshots = new Snapshots(
    client,
    () => runs,
    () => {},
    pino({ enabled: false }),
  );
  await expect(snapshots.once(new AbortController().signal)).rejects.toBe(away);
  expect(sent).toEqual(['second', 'third']);
});
