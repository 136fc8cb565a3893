/** `holdfast api` as a process of its own, to be killed. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { TestApi } from './api.ts';
import { send } from './api.ts';

const CLI = resolve(import.meta.dirname, '../../src/cli.ts');

export class ApiProcess implements AsyncDisposable {
  readonly #databaseUrl: string;
  readonly #directory: string;
  readonly #env: NodeJS.ProcessEnv;
  #child: ChildProcess | null = null;
  #url: string | null = null;
  #adminToken = '';

  static async start(databaseUrl: string, env: NodeJS.ProcessEnv = {}): Promise<ApiProcess> {
    const process = new ApiProcess(databaseUrl, await mkdtemp(join(tmpdir(), 'holdfast-api-process-')), env);
    await process.start();
    return process;
  }

  constructor(databaseUrl: string, directory: string, env: NodeJS.ProcessEnv = {}) {
    this.#databaseUrl = databaseUrl;
    this.#env = env;
    this.#directory = directory;
  }

  /** Null while it is down. */
  get url(): string | null {
    return this.#url;
  }

  /** Only of the replica that came first. */
  get adminToken(): string {
    return this.#adminToken;
  }

  async start(): Promise<void> {
    for (;;) {
      const child = spawn(process.execPath, [CLI, 'api'], {
        env: {
          PATH: process.env.PATH,
          HOLDFAST_PORT: '0',
          HOLDFAST_DATA: this.#directory,
          DATABASE_URL: this.#databaseUrl,
          // A busy machine is not what is tested.
          HOLDFAST_MOST_DELAY_MS: '0',
          ...this.#env,
        },
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      this.#child = child;
      for await (const line of createInterface(child.stdout)) {
        const entry = JSON.parse(line) as { msg: string; url?: string };
        if (entry.msg !== 'holdfast api is ready' || entry.url === undefined) continue;
        child.stdout.resume();
        this.#url = entry.url;
        this.#adminToken = (
          await readFile(join(this.#directory, 'admin.token'), 'utf8').catch(() => '')
        ).trim();
        return;
      }
      // It gave up, for instance because the database is away: a supervisor starts it again.
    }
  }

  /** kill -9. */
  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = null;
    this.#url = null;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }

  /** One request; throws when the process is down or dies meanwhile. */
  request: TestApi['request'] = (method, path, options = {}) => {
    if (this.#url === null) throw new Error('the API is down');
    return send(this.#url, this.#adminToken, method, path, options);
  };

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    await rm(this.#directory, { recursive: true, force: true });
  }
}
