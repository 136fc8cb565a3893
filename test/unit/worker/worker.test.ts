// The real worker process with a scripted guest (test/peer/scripted-machine.ts).
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import { describe, expect, it, vi } from 'vitest';
import { WorkerClient } from '../../../src/agent/worker-client.ts';
import type { RunSpec } from '../../../src/wire/agent.ts';
import { JournalReader } from '../../../src/worker/journal.ts';
import type { WorkerRequest } from '../../../src/worker/protocol.ts';
import { eventsOf, guestRuns, kindsOf, makeRunDir, PeerWorker, until, WORKER } from '../../peer/runs.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../../temporary.ts';

// Several processes each; on a busy machine they take their time.
vi.setConfig({ testTimeout: 60_000 });

const ended = { code: 0, signal: null };

/** A run directory, its worker, and a connection to it. */
async function start(directory: TemporaryDirectory, fields: Partial<RunSpec> = {}) {
  // Longer than a socket's path may be.
  const dir = join(directory.path, 'a-directory-with-a-long-name-'.repeat(4));
  makeRunDir(dir, fields);
  const worker = new PeerWorker(dir);
  await until('the guest runs', () => kindsOf(dir).includes('started'));
  const client = await WorkerClient.connect(dir, () => {});
  const type = async (text: string) => await client.input(Buffer.from(text).toString('base64'));
  return { dir, worker, client, type };
}

function ask(kind: WorkerRequest['kind'], intentId: string | null = uuidv7()): WorkerRequest {
  return {
    kind,
    intentId,
    timeoutSeconds: kind === 'stop' || kind === 'hibernate' ? 60 : null,
    reason: null,
  };
}

describe('a worker', () => {
  it('runs a guest, records its power-off before it ends, and ends with it', async () => {
    using directory = temporaryDirectory();
    const { dir, worker, client, type } = await start(directory);
    await using _ = worker;
    expect(statSync(join(dir, 'worker.sock')).mode & 0o777).toBe(0o600);
    expect(await type('hello\n')).toBeNull();
    await type('poweroff\n');
    expect(await worker.ended).toMatchObject(ended);
    client.close();
    const [started, poweroff] = eventsOf(dir);
    expect(started).toMatchObject({ kind: 'started', sequence: 1, psci: { version: '1.3' }, final: false });
    expect(poweroff).toMatchObject({
      kind: 'poweroff',
      sequence: 2,
      bootId: started?.bootId,
      psci: { version: '1.3', function: 'SYSTEM_OFF' },
      kvm: { type: 1, data: ['0x0'] },
      intentIds: [],
      final: true,
    });
    const console = readFileSync(join(dir, `console.${started?.bootId}.log`), 'utf8');
    expect(console).toBe('PSCIv1.3 detected in firmware\nhello\n');
  });

  it('tells hibernation from power-off', async () => {
    using directory = temporaryDirectory();
    const { dir, worker, client, type } = await start(directory);
    await using _ = worker;
    await type('hibernate\n');
    expect(await worker.ended).toMatchObject(ended);
    client.close();
    expect(eventsOf(dir).at(-1)).toMatchObject({
      kind: 'hibernate',
      psci: { function: 'SYSTEM_OFF2', type: 0, cookie: 0 },
      final: true,
    });
  });

  it('gives a guest that resets a new boot in the same process, under the same pin', async () => {
    using directory = temporaryDirectory();
    const { dir, worker, client, type } = await start(directory, { psci: '1.1' });
    await using _ = worker;
    await type('reset\n');
    await until('the guest runs again', () => kindsOf(dir).length === 3);
    await type('poweroff\n');
    expect(await worker.ended).toMatchObject(ended);
    client.close();
    expect(kindsOf(dir)).toEqual(['started', 'reset', 'started', 'poweroff!']);
    const [first, , second] = eventsOf(dir);
    expect(first?.bootId).not.toBe(second?.bootId);
    expect(second).toMatchObject({ sequence: 3, psci: { version: '1.1' } });
    expect(readdirSync(dir).filter((name) => name.startsWith('console.'))).toHaveLength(2);
    expect(guestRuns(dir)).toBe(2);
  });

  it('lets a guest whose boots keep ending wait, and boots it at once when it is reset', async () => {
    using directory = temporaryDirectory();
    const onGuest = { poweroff: 'restart', reset: 'restart', crash: 'stop' } as const;
    const { dir, worker, client } = await start(directory, { cmdline: 'poweroff-after=10', onGuest });
    await using _ = worker;
    const powersOff = () => eventsOf(dir).filter(({ kind }) => kind === 'poweroff');
    await until('it has ended four times', () => powersOff().length >= 4);
    expect(powersOff()[2]).toMatchObject({ reason: null, final: false });
    expect(powersOff()[3]).toMatchObject({ reason: expect.stringContaining('begins in 10 s'), final: false });
    const reset = ask('reset');
    // Refused in the moment in which a machine is made, should this take longer than the guest waits.
    await until('the reset is taken', async () => (await client.request(reset)) === null);
    const begun = () =>
      eventsOf(dir).find(({ kind, intentIds }) => kind === 'started' && intentIds.length > 0);
    await until('it runs again', () => begun() !== undefined);
    expect(begun()?.intentIds).toEqual([reset.intentId]);
    expect(await client.request(ask('kill'))).toBeNull();
    expect(await worker.ended).toMatchObject(ended);
    client.close();
    expect(kindsOf(dir).at(-1)).toBe('killed!');
  });

  it('does what operators ask, once for each intent, and names them in its events', async () => {
    using directory = temporaryDirectory();
    const { dir, worker, client } = await start(directory);
    await using _ = worker;
    const [pause, resume, kill] = [ask('pause'), ask('resume'), ask('kill')];
    expect(await client.request(pause)).toBeNull();
    expect(await client.request(ask('stop'))).toMatchObject({ code: 'PAUSED' });
    expect(await client.request(pause)).toBeNull();
    expect(await client.request(resume)).toBeNull();
    expect(await client.request(pause)).toBeNull();
    expect(await client.request(ask('resume'))).toMatchObject({ code: 'NOT_PAUSED' });
    expect(await client.request(kill)).toBeNull();
    expect(await worker.ended).toMatchObject(ended);
    client.close();
    expect(kindsOf(dir)).toEqual(['started', 'paused', 'resumed', 'killed!']);
    expect(eventsOf(dir).at(-1)?.intentIds).toEqual([kill, resume, pause].map(({ intentId }) => intentId));
    const requests = new JournalReader(join(dir, 'journal')).read().filter(({ type }) => type === 'request');
    expect(requests).toHaveLength(3);
  });

  it('presses the power key when it is asked to stop the guest', async () => {
    using directory = temporaryDirectory();
    const { dir, worker, client } = await start(directory);
    await using _ = worker;
    const stop = ask('stop');
    expect(await client.request(stop)).toBeNull();
    expect(await worker.ended).toMatchObject(ended);
    client.close();
    expect(eventsOf(dir).at(-1)).toMatchObject({ kind: 'poweroff', intentIds: [stop.intentId], final: true });
  });

  it('records a crash of the guest and a fault of the machine', async () => {
    for (const [typed, reason] of [
      ['crash', 'the guest said that it crashed'],
      ['fault', 'KVM_EXIT_INTERNAL_ERROR'],
    ]) {
      using directory = temporaryDirectory();
      const { dir, worker, client, type } = await start(directory);
      await using _ = worker;
      await type(`${typed}\n`);
      expect(await worker.ended).toMatchObject(ended);
      client.close();
      expect(eventsOf(dir).at(-1)).toMatchObject({ kind: 'crash', reason, final: true });
    }
  });

  it('ends its guest by SIGTERM and says that it went with its host', async () => {
    using directory = temporaryDirectory();
    const { dir, worker, client } = await start(directory);
    await using _ = worker;
    worker.process.kill('SIGTERM');
    expect(await worker.ended).toMatchObject(ended);
    client.close();
    expect(eventsOf(dir).at(-1)).toMatchObject({
      kind: 'lost',
      intentIds: [],
      reason: 'the host ended the worker by SIGTERM',
      final: true,
    });
  });

  it('runs on when its log takes nothing, as on a full disk', async () => {
    using directory = temporaryDirectory();
    makeRunDir(directory.path, { cmdline: 'poweroff-after=50' });
    const full = openSync('/dev/full', 'w');
    const worker = spawn(process.execPath, [WORKER, '--run-dir', directory.path], {
      stdio: ['ignore', full, full],
    });
    closeSync(full);
    expect(await once(worker, 'close')).toEqual([0, null]);
    expect(kindsOf(directory.path)).toEqual(['started', 'poweroff!']);
  });

  it('writes down why a machine could not be made, and runs nothing', async () => {
    using directory = temporaryDirectory();
    makeRunDir(directory.path, { cmdline: 'fail=PSCI_VERSION_NOT_SUPPORTED' });
    await using worker = new PeerWorker(directory.path);
    expect(await worker.ended).toMatchObject({ code: 1 });
    expect(new JournalReader(join(directory.path, 'journal')).read()).toMatchObject([
      { type: 'failure', code: 'PSCI_VERSION_NOT_SUPPORTED' },
    ]);
    expect(guestRuns(directory.path)).toBe(0);
  });

  it('can be killed while the machine is being made', async () => {
    using directory = temporaryDirectory();
    makeRunDir(directory.path, { cmdline: 'slow=1000' });
    await using worker = new PeerWorker(directory.path);
    const kill = ask('kill');
    await until('it listens and takes the request', async () => {
      const client = await WorkerClient.connect(directory.path, () => {}).catch(() => null);
      const refused = await client?.request(kill);
      client?.close();
      return refused === null;
    });
    expect(await worker.ended).toMatchObject(ended);
    expect(eventsOf(directory.path)).toMatchObject([
      { kind: 'killed', sequence: 1, intentIds: [kill.intentId], final: true },
    ]);
    expect(guestRuns(directory.path)).toBe(0);
  });
});

describe('a run directory', () => {
  it('belongs to one worker', async () => {
    using directory = temporaryDirectory();
    const { dir, worker, client } = await start(directory);
    await using _ = worker;
    await using second = new PeerWorker(dir);
    expect(await second.ended).toMatchObject({ code: 3 });
    expect(kindsOf(dir)).toEqual(['started']);
    client.close();
  });

  it('never runs a guest again, even when nobody claims it any more', async () => {
    using directory = temporaryDirectory();
    const { dir, worker, client } = await start(directory);
    client.close();
    worker.process.kill('SIGKILL');
    await worker.ended;
    rmSync(join(dir, 'worker.json'));
    await using second = new PeerWorker(dir);
    expect(await second.ended).toMatchObject({ code: 3 });
    expect(kindsOf(dir)).toEqual(['started']);
    expect(guestRuns(dir)).toBe(1);
  });

  it('goes to one of many workers that start at once', async () => {
    using directory = temporaryDirectory();
    makeRunDir(directory.path, { cmdline: 'poweroff-after=300' });
    const workers = Array.from({ length: 4 }, () => new PeerWorker(directory.path));
    const codes = (await Promise.all(workers.map((worker) => worker.ended))).map(({ code }) => code);
    expect(codes.sort()).toEqual([0, 3, 3, 3]);
    expect(guestRuns(directory.path)).toBe(1);
    expect(kindsOf(directory.path)).toEqual(['started', 'poweroff!']);
  });

  it.each([
    ['not JSON', 'x'],
    ['another protocol', JSON.stringify({ protocol: 2 })],
    ['a member too many', JSON.stringify({ protocol: 1, colour: 'red' })],
  ])('with a run file that is %s is left alone', async (_, content) => {
    using directory = temporaryDirectory();
    writeFileSync(join(directory.path, 'run.json'), content);
    await using worker = new PeerWorker(directory.path);
    const { code, stderr } = await worker.ended;
    expect(code).toBe(2);
    expect(stderr).toContain('run.json');
    expect(readdirSync(directory.path)).toEqual(['run.json']);
  });
});

describe('a worker’s socket', () => {
  async function talk(dir: string, ...lines: string[]): Promise<string> {
    const cwd = process.cwd();
    process.chdir(dir);
    const socket = connect('worker.sock');
    process.chdir(cwd);
    let heard = '';
    socket.on('data', (chunk) => {
      heard += chunk.toString();
    });
    for (const line of lines) socket.write(`${line}\n`);
    await new Promise((resolve) => socket.once('close', resolve));
    return heard;
  }

  const hello = JSON.stringify({ hello: { protocol: 1, version: 'x' } });

  it.each([
    ['another protocol', [JSON.stringify({ hello: { protocol: 9, version: 'x' } })], 'protocol 1, not 9'],
    ['no hello', ['{"id":1,"method":"status"}'], '/hello'],
    ['no JSON', [hello, 'what?'], 'BAD_MESSAGE'],
    ['an unknown method', [hello, '{"id":1,"method":"explode"}'], '/method'],
    ['a request of no kind', [hello, '{"id":1,"method":"request","params":{"kind":"melt"}}'], '/params'],
    ['a line without end', [hello, 'x'.repeat(300_000)], 'longer than'],
  ])(
    'says what is wrong with %s, ends the connection, and the guest runs on',
    async (_, lines, complaint) => {
      using directory = temporaryDirectory();
      const { dir, worker, client } = await start(directory);
      await using __ = worker;
      expect(await talk(dir, ...lines)).toContain(complaint);
      expect(await client.request(ask('pause'))).toBeNull();
      client.close();
      await until('the guest is paused', () => kindsOf(dir).at(-1) === 'paused');
    },
  );
});
