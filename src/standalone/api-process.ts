/**
 * The API as a child process of the standalone service.
 *
 *     start ──▶ starting ──▶ ready ──▶ stop, kill ──▶ gone ──▶ restart
 *                   └─▶ failed: the end of its log is in the error
 *
 * There is a channel between this process and the child. The child says on it when it serves: asking its port instead
 * could be answered by a stranger. When the channel closes, whatever closed it, the child stops itself (api-entry.ts), so
 * that nothing is left behind even when this process is killed.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export interface ApiProcessOptions {
  readonly dataDir: string;
  readonly port: number;
  /** Further environment, such as HOLDFAST_LEASE_SECONDS. */
  readonly env?: Readonly<Record<string, string>>;
}

const ENTRY = fileURLToPath(new URL('./api-entry.ts', import.meta.url));

/** How long a first start may take: making a database cluster and applying the migrations. */
const READY_TIMEOUT_MS = 120_000;

export class ApiProcess {
  readonly url: string;
  readonly port: number;
  readonly dataDir: string;
  readonly logPath: string;
  readonly #env: Readonly<Record<string, string>>;
  #child: ChildProcess | undefined;

  constructor(options: ApiProcessOptions) {
    this.port = options.port;
    this.url = `http://127.0.0.1:${options.port}`;
    this.dataDir = options.dataDir;
    this.logPath = join(options.dataDir, 'api.log');
    this.#env = options.env ?? {};
  }

  /** Starts the API and waits until it says that it is ready. @throws Error with the end of its log. */
  async start(): Promise<void> {
    await mkdir(this.dataDir, { recursive: true, mode: 0o700 });
    await this.#spawn();
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  /** The admin token the API wrote at its first start. */
  async adminToken(): Promise<string> {
    return (await readFile(this.adminTokenPath, 'utf8')).trim();
  }

  get adminTokenPath(): string {
    return join(this.dataDir, 'admin.token');
  }

  async stop(): Promise<void> {
    const child = this.#child;
    if (child === undefined || ended(child)) return;
    const gone = once(child, 'exit');
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), 20_000);
    await gone;
    clearTimeout(timer);
  }

  /** Ends the API as a power cut would: nothing is finished. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (child === undefined || ended(child)) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }

  /** Starts it again after `stop` or `kill`, on the same port and data. */
  async restart(): Promise<void> {
    await this.stop();
    await this.#spawn();
  }

  async #spawn(): Promise<void> {
    const log = openSync(this.logPath, 'a', 0o600);
    const child = spawn(process.execPath, [ENTRY], {
      env: {
        ...process.env,
        HOLDFAST_PORT: String(this.port),
        HOLDFAST_DATA: this.dataDir,
        ...this.#env,
      },
      stdio: ['ignore', log, log, 'ipc'],
      // Ctrl-C on the terminal is for this process, which then stops the API after the hosts.
      detached: true,
    });
    closeSync(log);
    this.#child = child;
    const ready = await Promise.race([
      once(child, 'message').then(() => true),
      once(child, 'exit').then(() => false),
      sleep(READY_TIMEOUT_MS, false, { ref: false }),
    ]);
    if (ready) return;
    child.kill('SIGKILL');
    const tail = (await readFile(this.logPath, 'utf8')).split('\n').slice(-20).join('\n');
    throw new Error(`The API did not become ready. The end of ${this.logPath}:\n${tail}`);
  }
}

const ended = (child: ChildProcess) => child.exitCode !== null || child.signalCode !== null;
