/** A control plane with simulated hosts, brought up for a benchmark and gone afterwards. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { type EmbeddedPostgres, startPostgres } from '../../src/control/database/postgres.ts';
import { fill } from './fill.ts';
import { cpuOf, memoryOf, Process } from './processes.ts';

/** As a large fleet would be set up: a host's silence is noticed after a minute and a half. */
const LEASE = { HOLDFAST_LEASE_SECONDS: '90', HOLDFAST_HEARTBEAT_SECONDS: '30' };
/** What is measured is what the API can, not what it lets one token have. */
const NO_LIMITS = { HOLDFAST_REQUESTS_PER_MINUTE: '0', HOLDFAST_MOST_DELAY_MS: '0' };
/** As the API's Retry-After has it. */
const RETRY_MS = 5_000;
/** Requests under way at the same time while hosts get their tokens. */
const AT_ONCE = 8;
/** Hosts with the label `batch=0`, of which a preflight is asked. */
export const PREFLIGHT_HOSTS = 100;

export interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: answers of every shape
  readonly body: any;
  readonly milliseconds: number;
}

export interface ClusterOptions {
  readonly hosts: number;
  readonly replicas: number;
  readonly progress: (line: string) => void;
}

export class Cluster implements AsyncDisposable {
  readonly #directory: string;
  readonly #postgres: EmbeddedPostgres;
  readonly #options: ClusterOptions;
  readonly #apis: Process[] = [];
  readonly #urls: string[] = [];
  readonly #sims: Process[] = [];
  #token = '';
  #turn = 0;

  static async start(options: ClusterOptions): Promise<Cluster> {
    const directory = await mkdtemp(join(tmpdir(), 'holdfast-bench-'));
    const postgres = await startPostgres({ directory: join(directory, 'postgres') });
    const cluster = new Cluster(directory, postgres, options);
    try {
      await cluster.#startApis();
      await cluster.#startHosts();
      return cluster;
    } catch (error) {
      await cluster[Symbol.asyncDispose]();
      throw error;
    }
  }

  constructor(directory: string, postgres: EmbeddedPostgres, options: ClusterOptions) {
    this.#directory = directory;
    this.#postgres = postgres;
    this.#options = options;
  }

  /** To each replica in turn. The time is until the whole answer is there. */
  async request(method: string, path: string, body?: object): Promise<Answer> {
    this.#turn += 1;
    const begun = performance.now();
    const response = await fetch(new URL(path, this.#urls[this.#turn % this.#urls.length]), {
      method,
      headers: {
        authorization: `Bearer ${this.#token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const milliseconds = performance.now() - begun;
    return { status: response.status, body: text === '' ? null : JSON.parse(text), milliseconds };
  }

  /** The same, asked again for as long as the API says that too much is asked of it. Returns how often that was. */
  async insist(method: string, path: string, body: object): Promise<{ answer: Answer; retries: number }> {
    for (let retries = 0; ; retries += 1) {
      const answer = await this.request(method, path, body);
      if (answer.status < 400) return { answer, retries };
      if (answer.status !== 503) throw new Error(`${method} ${path}: ${JSON.stringify(answer.body)}`);
      await sleep(RETRY_MS);
    }
  }

  /** Writes the fleet's VMs, and waits until their hosts have told of every guest that is to run. */
  async fill(vmsPerHost: number): Promise<{ vms: number; running: number; seconds: number }> {
    const client = new pg.Client({ connectionString: this.#postgres.url });
    await client.connect();
    const begun = performance.now();
    try {
      const made = await fill(client, await this.image(), vmsPerHost);
      // Hosts that wait for news look now, as after the reconnection of a listener (src/control/events/wake.ts).
      await client.query("SELECT pg_notify('holdfast_wake', '*')");
      for (;;) {
        const { rows } = await client.query("SELECT 1 FROM vms WHERE phase = 'starting' LIMIT 1");
        if (rows.length === 0) break;
        await sleep(200);
      }
      const seconds = (performance.now() - begun) / 1000;
      await client.query('VACUUM ANALYZE vms, hosts, operations, events');
      return { ...made, seconds };
    } finally {
      await client.end();
    }
  }

  /** Lets what the last step has set in motion come to rest. */
  async rest(): Promise<void> {
    await sleep(5_000);
  }

  #image: string | null = null;

  /** The one image of every VM; nobody boots it. */
  async image(): Promise<string> {
    if (this.#image !== null) return this.#image;
    const { arm64Image, digestOf } = await import('../../test/support/kernels.ts');
    const kernel = arm64Image('Linux version 6.1.0 (bench@bench) #1 SMP\n');
    const digest = digestOf(kernel);
    await fetch(new URL(`/v1/blobs/${digest}`, this.#urls[0]), {
      method: 'PUT',
      headers: { authorization: `Bearer ${this.#token}`, 'content-type': 'application/octet-stream' },
      body: new Uint8Array(kernel),
    });
    const { body } = await this.request('POST', '/v1/images', { name: 'bench', kernel: digest });
    this.#image = body.id;
    return body.id;
  }

  /** Seconds of CPU so far. */
  cpu(): { api: number; postgres: number } {
    const api = this.#apis.reduce((sum, { pid }) => sum + cpuOf(pid), 0);
    return { api, postgres: cpuOf(this.#postgres.pid ?? 0) };
  }

  async memory(): Promise<[string, number][]> {
    const sum = (pids: number[]): number => pids.reduce((total, pid) => total + memoryOf(pid), 0);
    return [
      ['the API', sum(this.#apis.map(({ pid }) => pid)) / this.#apis.length],
      ['Postgres', sum([this.#postgres.pid ?? 0])],
      ['the simulated hosts', sum(this.#sims.map(({ pid }) => pid))],
    ];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#sims.map((sim) => sim.end()));
    await Promise.all(this.#apis.map((api) => api.end()));
    await this.#postgres.stop();
    await rm(this.#directory, { recursive: true, force: true });
  }

  async #startApis(): Promise<void> {
    for (let index = 0; index < this.#options.replicas; index += 1) {
      const data = join(this.#directory, `api-${index}`);
      const env = {
        ...LEASE,
        ...NO_LIMITS,
        HOLDFAST_PORT: '0',
        HOLDFAST_DATA: data,
        DATABASE_URL: this.#postgres.url,
      };
      const { process, found } = await Process.start(['api'], env, readyUrl);
      this.#apis.push(process);
      this.#urls.push(found);
      if (index === 0) this.#token = (await readFile(join(data, 'admin.token'), 'utf8')).trim();
    }
  }

  /** Those of the preflight's batch apart from the others, shared out over the replicas. */
  async #startHosts(): Promise<void> {
    const { hosts } = this.#options;
    const inBatch = Math.min(hosts, PREFLIGHT_HOSTS);
    await this.#startSim('batch', inBatch, ['--label', 'batch=0']);
    for (const index of this.#urls.keys()) {
      const share = Math.floor((hosts - inBatch + index) / this.#urls.length);
      if (share > 0) await this.#startSim(`sim-${index}`, share, []);
    }
  }

  async #startSim(name: string, count: number, more: readonly string[]): Promise<void> {
    const tokens = join(this.#directory, `${name}.tokens`);
    const made: string[] = [];
    let left = count;
    const make = async (): Promise<void> => {
      while (left > 0) {
        left -= 1;
        const { answer } = await this.insist('POST', '/v1/enrolment-tokens', {});
        made.push(answer.body.token);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, make));
    await writeFile(tokens, made.join('\n'), { mode: 0o600 });
    const state = join(this.#directory, name);
    const url = this.#urls[this.#sims.length % this.#urls.length] ?? '';
    const args = ['agent', '--driver', 'sim', '--api', url, '--state', state, '--name', name, ...more];
    const { process } = await Process.start(
      [...args, '--count', String(count), '--kernel', '5.10,6.1,7.x', '--enrolment-token-file', tokens],
      {},
      (line) => (line.endsWith('simulated hosts are up') ? true : null),
    );
    this.#sims.push(process);
  }
}

function readyUrl(line: string): string | null {
  const entry = JSON.parse(line) as { msg?: string; url?: string };
  return entry.msg === 'holdfast api is ready' ? (entry.url ?? null) : null;
}
