/** `holdfast api` as a process: its start, its end, its replicas. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, readlink, rm, stat } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FACTS } from '../../peer/facts.ts';
import { send, startApi } from '../../support/api.ts';
import { digestOf } from '../../support/kernels.ts';

const CLI = resolve(import.meta.dirname, '../../../src/cli.ts');

describe('holdfast api', () => {
  let scratch: string;
  const children: ChildProcess[] = [];
  beforeAll(async () => {
    scratch = await mkdtemp(join(tmpdir(), 'holdfast-process-'));
  });
  afterAll(async () => {
    for (const child of children.filter(
      ({ exitCode, signalCode }) => exitCode === null && signalCode === null,
    )) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    await rm(scratch, { recursive: true, force: true });
  });

  function launch(environment: Record<string, string>): ChildProcess {
    const child = spawn(process.execPath, [CLI, 'api'], {
      // A busy machine would have it turn requests away.
      env: { PATH: process.env.PATH, HOLDFAST_PORT: '0', HOLDFAST_MOST_DELAY_MS: '0', ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    children.push(child);
    return child;
  }

  /** Resolves to its URL. */
  async function ready(child: ChildProcess): Promise<string> {
    if (child.stdout === null) throw new Error('no output');
    for await (const line of createInterface(child.stdout)) {
      const entry = JSON.parse(line) as { msg: string; url?: string };
      if (entry.msg === 'holdfast api is ready' && entry.url !== undefined) {
        child.stdout.resume();
        return entry.url;
      }
    }
    throw new Error(`it ended: ${child.stderr?.read()}`);
  }

  async function failure(child: ChildProcess): Promise<{ code: number | null; text: string }> {
    let text = '';
    child.stderr?.setEncoding('utf8').on('data', (piece: string) => {
      text += piece;
    });
    child.stdout?.resume();
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, text };
  }

  async function postgresIn(directory: string): Promise<number> {
    const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
    const folders = await Promise.all(pids.map((pid) => readlink(`/proc/${pid}/cwd`).catch(() => '')));
    return folders.filter((folder) => folder === join(directory, 'postgres')).length;
  }

  it('brings its Postgres and an admin token, and takes both up again', async () => {
    const data = join(scratch, 'one');
    const first = launch({ HOLDFAST_DATA: data });
    const url = await ready(first);
    const file = join(data, 'admin.token');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const token = (await readFile(file, 'utf8')).trim();
    const authorized = { headers: { authorization: `Bearer ${token}` } };
    expect((await fetch(`${url}/v1/hosts`, authorized)).status).toBe(200);
    first.kill('SIGTERM');
    expect(await once(first, 'exit')).toEqual([0, null]);
    expect(await postgresIn(data)).toBe(0);

    const second = launch({ HOLDFAST_DATA: data });
    const again = await ready(second);
    expect((await readFile(file, 'utf8')).trim()).toBe(token);
    expect((await fetch(`${again}/v1/hosts`, authorized)).status).toBe(200);
    second.kill('SIGKILL');
    await once(second, 'exit');
    await expect.poll(() => postgresIn(data)).toBe(0);

    const third = launch({ HOLDFAST_DATA: data });
    expect((await fetch(`${await ready(third)}/v1/hosts`, authorized)).status).toBe(200);
    third.kill('SIGINT');
    expect(await once(third, 'exit')).toEqual([0, null]);
  });

  it('answers what is under way before it ends, and keeps nobody waiting', async () => {
    const data = join(scratch, 'graceful');
    const child = launch({ HOLDFAST_DATA: data });
    const url = await ready(child);
    const token = (await readFile(join(data, 'admin.token'), 'utf8')).trim();
    const bytes = randomBytes(1_500_000);
    let release = (): void => undefined;
    const held = new Promise<void>((done) => {
      release = done;
    });
    const slow = fetch(`${url}/v1/blobs/${digestOf(bytes)}`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${token}` },
      body: (async function* () {
        yield bytes.subarray(0, 1_000_000);
        await held;
        yield bytes.subarray(1_000_000);
      })() as unknown as ReadableStream,
      duplex: 'half',
    } as RequestInit);
    // A connection that never says anything must not hold the process up.
    const silent = connect(Number(new URL(url).port), '127.0.0.1');
    await once(silent, 'connect');
    const stream = await fetch(`${url}/v1/events/stream`, { headers: { authorization: `Bearer ${token}` } });
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    // The stream ends by itself, long before the process does.
    await stream.text();
    release();
    expect((await slow).status).toBe(201);
    expect(await exited).toEqual([0, null]);
    silent.destroy();
  });

  it('logs no secret, whatever is asked of it', async () => {
    const data = join(scratch, 'secrets');
    const child = launch({ HOLDFAST_DATA: data, HOLDFAST_LOG_LEVEL: 'trace' });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (piece: Buffer) => {
        output += piece.toString();
      });
    }
    const url = await ready(child);
    const admin = (await readFile(join(data, 'admin.token'), 'utf8')).trim();
    const ask = (method: string, path: string, token: string, body: unknown = {}, headers = {}) =>
      send(url, admin, method, path, { token, headers, ...(method === 'GET' ? {} : { body }) });
    const token = { name: 'logged', role: 'viewer' };
    const keyed = { 'idempotency-key': 'once' };
    const created = (await ask('POST', '/v1/tokens', admin, token, keyed)).body;
    expect((await ask('POST', '/v1/tokens', admin, token, keyed)).body).toEqual(created);
    const permission = (await ask('POST', '/v1/enrolment-tokens', admin)).body;
    const credential = randomBytes(32).toString('base64url');
    const enrolment = {
      ...{ enrolmentToken: permission.token, name: 'host', labels: {}, facts: FACTS },
      credentialHash: createHash('sha256').update(credential).digest('hex'),
    };
    expect((await ask('POST', '/agent/v1/enrol', admin, enrolment)).status).toBe(200);
    expect((await ask('POST', '/agent/v1/enrol', admin, { ...enrolment, name: 5 })).status).toBe(400);
    expect((await ask('GET', '/agent/v1/assignments', credential)).status).toBe(200);
    const wrong = `hft_${'w'.repeat(43)}`;
    for (const path of [
      '/v1/hosts',
      `/v1/hosts?token=${created.token}`,
      `/v1/none?access_token=${created.token}`,
    ]) {
      for (const secret of [created.token, wrong]) await ask('GET', path, secret);
    }
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    await exited;
    expect(output).toContain('"url":"/v1/hosts');
    const secrets = { admin, created: created.token, permission: permission.token, credential, wrong };
    for (const [name, secret] of Object.entries(secrets)) {
      expect(output.includes(secret), `the log holds the secret "${name}"`).toBe(false);
    }
  });

  it('tells nobody the password of a database that it cannot reach', async () => {
    const { code, text } = await failure(
      launch({
        HOLDFAST_DATA: join(scratch, 'password'),
        DATABASE_URL: 'postgres://holdfast:hunter2@127.0.0.1:1/none',
      }),
    );
    expect(code).toBe(1);
    expect(text).not.toBe('');
    expect(text).not.toContain('hunter2');
  });

  it('says what is wrong with its environment', async () => {
    const { code, text } = await failure(
      launch({ HOLDFAST_PORT: 'http', HOLDFAST_DATA: join(scratch, 'none') }),
    );
    expect(code).toBe(2);
    expect(text).toContain('HOLDFAST_PORT="http"');
  });

  it('says that its port is taken, and leaves no Postgres behind', async () => {
    await using other = await startApi();
    const data = join(scratch, 'taken');
    const { code, text } = await failure(
      launch({ HOLDFAST_DATA: data, HOLDFAST_PORT: new URL(other.url).port }),
    );
    expect(code).toBe(1);
    expect(text).toContain('EADDRINUSE');
    expect(await postgresIn(data)).toBe(0);
  });

  it('starts in several replicas at once on one empty database', async () => {
    await using host = await startApi();
    await host.control.pool.query('CREATE DATABASE fleet');
    const url = host.postgres.url.replace('/holdfast?', '/fleet?');
    const replicas = [1, 2, 3].map((index) =>
      launch({ DATABASE_URL: url, HOLDFAST_DATA: join(scratch, `replica-${index}`) }),
    );
    const urls = await Promise.all(replicas.map(ready));
    const tokens = await Promise.all(
      [1, 2, 3].map((index) =>
        readFile(join(scratch, `replica-${index}`, 'admin.token'), 'utf8').catch(() => null),
      ),
    );
    // One of them made the first token; it opens every replica.
    const made = tokens.filter((token) => token !== null);
    expect(made).toHaveLength(1);
    for (const replica of urls) {
      const answer = await fetch(`${replica}/v1/tokens`, {
        headers: { authorization: `Bearer ${made[0]?.trim()}` },
      });
      expect(((await answer.json()) as { items: unknown[] }).items).toHaveLength(1);
    }
    for (const replica of replicas) {
      replica.kill('SIGTERM');
      expect(await once(replica, 'exit')).toEqual([0, null]);
    }
  });
});
