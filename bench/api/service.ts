/** The API, the bare server and a Postgres that both share, each a process of its own. */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import pg from 'pg';
import { type EmbeddedPostgres, startPostgres } from '../../src/control/database/postgres.ts';
import { send } from '../../test/support/api.ts';
import { type Endpoint, makeImage, ProtocolHost } from '../../test/support/protocol-host.ts';
import { fill } from '../fleet/fill.ts';
import { cpuOf, memoryOf, Process } from '../fleet/processes.ts';

const BARE = resolve(import.meta.dirname, 'bare.ts');

export interface Server {
  url: string;
  /** In megabytes. */
  memory(): number;
  /** Seconds of the processor that it has had so far, and Postgres. */
  cpu(): { own: number; postgres: number };
}

export class Service implements AsyncDisposable {
  readonly ids: readonly string[];
  readonly api: Server;
  readonly bare: Server;
  readonly token: string;
  readonly endpoint: Endpoint;
  readonly databaseUrl: string;
  readonly #end: () => Promise<void>;

  static async start(vms: number): Promise<Service> {
    const directory = await mkdtemp(join(tmpdir(), 'holdfast-bench-'));
    const enders: (() => Promise<void>)[] = [() => rm(directory, { recursive: true, force: true })];
    const end = async (): Promise<void> => {
      for (const ender of enders.splice(0).reverse()) await ender();
    };
    try {
      const postgres: EmbeddedPostgres = await startPostgres({ directory: join(directory, 'postgres') });
      enders.push(() => postgres.stop());
      const environment = {
        DATABASE_URL: postgres.url,
        ...{
          HOLDFAST_DATA: directory,
          HOLDFAST_PORT: '0',
          HOLDFAST_LEASE_SECONDS: '3600',
          HOLDFAST_REQUESTS_PER_MINUTE: '0',
          // Other work of the machine is no reason to turn anybody away.
          HOLDFAST_MOST_DELAY_MS: '60000',
          HOLDFAST_LOG_LEVEL: 'info',
        },
      };
      const api = await Process.start(['api'], environment, urlIn);
      enders.push(() => api.process.end());
      const token = (await readFile(join(directory, 'admin.token'), 'utf8')).trim();
      const endpoint: Endpoint = {
        request: (method, path, options = {}) => send(api.found, token, method, path, options),
      };
      await ProtocolHost.enrol(endpoint, { capacity: { vcpus: 10_000, memoryMiB: 10_000_000 } });
      const client = new pg.Client(postgres.url);
      await client.connect();
      await fill(client, await makeImage(endpoint), vms);
      const { rows } = await client.query<{ id: string }>('SELECT id FROM vms ORDER BY random()');
      await client.end();
      const child = spawn(process.execPath, [BARE], {
        env: { PATH: process.env.PATH, DATABASE_URL: postgres.url },
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const bare = new Process(child);
      enders.push(() => bare.end());
      const port = await firstMatch(child.stdout, /^port (\d+)$/);
      const serverOf = (url: string, pid: number): Server => ({
        url,
        memory: () => memoryOf(pid),
        cpu: () => ({ own: cpuOf(pid), postgres: cpuOf(postgres.pid ?? 0) }),
      });
      return new Service({
        ids: rows.map(({ id }) => id),
        ...{ token, endpoint, end, databaseUrl: postgres.url },
        api: serverOf(api.found, api.process.pid),
        bare: serverOf(`http://127.0.0.1:${port}`, bare.pid),
      });
    } catch (error) {
      await end();
      throw error;
    }
  }

  constructor(parts: Omit<Service, typeof Symbol.asyncDispose> & { end: () => Promise<void> }) {
    this.ids = parts.ids;
    this.api = parts.api;
    this.bare = parts.bare;
    this.token = parts.token;
    this.endpoint = parts.endpoint;
    this.databaseUrl = parts.databaseUrl;
    this.#end = parts.end;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#end();
  }
}

function urlIn(line: string): string | null {
  const { msg, url } = JSON.parse(line) as { msg?: string; url?: string };
  return msg === 'holdfast api is ready' ? (url ?? null) : null;
}

async function firstMatch(stream: NodeJS.ReadableStream, pattern: RegExp): Promise<string> {
  for await (const line of createInterface(stream)) {
    const found = pattern.exec(line)?.[1];
    if (found === undefined) continue;
    stream.resume();
    return found;
  }
  throw new Error('the bare server did not come up');
}
