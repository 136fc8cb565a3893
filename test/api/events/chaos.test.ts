/**
 * Two replicas behind one port, killed and restarted in turn while clients work and streams are read: every accepted
 * request takes effect exactly once, and no reader misses or repeats an event. Real processes, simulated hosts.
 *
 * HOLDFAST_CHAOS_SECONDS says for how long (20); HOLDFAST_CHAOS_CLIENTS and HOLDFAST_CHAOS_READERS how many (50 and 20).
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedPostgres, startPostgres } from '../../../src/control/database/postgres.ts';
import { ApiProcess } from '../../support/api-process.ts';
import { ChaosClient } from '../../support/chaos-client.ts';
import { makeImage } from '../../support/protocol-host.ts';
import { ResumingReader } from '../../support/resuming-reader.ts';
import { SimProcess } from '../../support/sim-process.ts';
import { TcpProxy } from '../../support/tcp-proxy.ts';

const numberOf = (name: string, standard: number): number => Number(process.env[name] ?? standard);
const SECONDS = numberOf('HOLDFAST_CHAOS_SECONDS', 20);
const CLIENTS = numberOf('HOLDFAST_CHAOS_CLIENTS', 50);
const READERS = numberOf('HOLDFAST_CHAOS_READERS', 20);
const HOSTS = 5;

describe('two replicas that are killed in turn', () => {
  let directory: string;
  let postgres: EmbeddedPostgres;
  let pool: pg.Pool;
  let proxy: TcpProxy;
  let sim: SimProcess;
  let imageId: string;
  let token: string;
  const replicas: ApiProcess[] = [];
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'holdfast-chaos-'));
    postgres = await startPostgres({ directory: join(directory, 'postgres'), durable: false });
    pool = new pg.Pool({ connectionString: postgres.url });
    // The server may go before its last connections have said goodbye.
    pool.on('error', () => undefined);
    const first = await ApiProcess.start(postgres.url);
    replicas.push(first, await ApiProcess.start(postgres.url));
    token = first.adminToken;
    proxy = await TcpProxy.start(() => replicas.map(({ url }) => url));
    imageId = await makeImage(first);
    const tokens = await Promise.all(
      Array.from({ length: HOSTS }, () => first.request('POST', '/v1/enrolment-tokens', { body: {} })),
    );
    const file = join(directory, 'tokens');
    await writeFile(file, `${tokens.map(({ body }) => body.token).join('\n')}\n`);
    sim = await SimProcess.start([
      ...['--api', proxy.url, '--state', join(directory, 'hosts'), '--count', String(HOSTS)],
      ...['--kernel', '7.x', '--enrolment-token-file', file, '--log-level', 'silent'],
    ]);
  });
  afterAll(async () => {
    await sim[Symbol.asyncDispose]();
    for (const replica of replicas) await replica[Symbol.asyncDispose]();
    await proxy[Symbol.asyncDispose]();
    await pool.end();
    await postgres.stop();
    await rm(directory, { recursive: true, force: true });
  });

  /** Kills and restarts one after the other until the time is up, so that one of them is always there. */
  async function killInTurn(stop: AbortController): Promise<number> {
    const end = performance.now() + SECONDS * 1_000;
    let kills = 0;
    for (; performance.now() < end || kills < 2; kills += 1) {
      await sleep(500 + Math.random() * 1_500);
      const victim = replicas[kills % replicas.length];
      await victim?.kill();
      await victim?.start();
    }
    stop.abort();
    return kills;
  }

  it(
    'does everything that it accepts exactly once, and tells every reader everything once',
    async () => {
      const readers = Array.from(
        { length: READERS },
        () => new ResumingReader({ url: proxy.url, token, lastEventId: '0-0' }),
      );
      const clients = Array.from(
        { length: CLIENTS },
        (_, n) => new ChaosClient({ url: proxy.url, token, imageId, label: `client-${n}` }),
      );
      const stop = new AbortController();
      const [kills] = await Promise.all([
        killInTurn(stop),
        ...clients.map((client) => client.run(stop.signal)),
      ]);
      const sum = (of: (client: ChaosClient) => number) =>
        clients.reduce((all, client) => all + of(client), 0);
      const accepted = clients.flatMap((client) => client.accepted);
      const operations = accepted.flatMap(({ vmId, operations }) =>
        operations.map((one) => ({ ...one, vmId })),
      );

      const vms = await pool.query<{ id: string; name: string }>('SELECT id, name FROM vms ORDER BY id');
      expect(vms.rows).toEqual(
        accepted.map(({ vmId, name }) => ({ id: vmId, name })).sort((a, b) => (a.id < b.id ? -1 : 1)),
      );
      const stored = await pool.query('SELECT id, kind, vm_id AS "vmId", status FROM operations ORDER BY id');
      expect(stored.rows).toEqual(
        operations.map((one) => ({ ...one, status: 'succeeded' })).sort((a, b) => (a.id < b.id ? -1 : 1)),
      );
      // And each start and stop was one event: a VM's events are its operations, in their order.
      const events = await pool.query<{ id: string; vm_id: string; kind: string; initiator: string }>(
        'SELECT id, vm_id, kind, initiator FROM events ORDER BY txid, position',
      );
      expect(events.rows).toHaveLength(operations.length);
      const eventsOf = Map.groupBy(events.rows, ({ vm_id }) => vm_id);
      for (const vm of accepted) {
        const told = (eventsOf.get(vm.vmId) ?? []).map(({ kind, initiator }) => `${kind} by ${initiator}`);
        const done = vm.operations.map(({ kind }) => (kind === 'start' ? 'started' : 'poweroff'));
        expect(told).toEqual(done.map((kind) => `${kind} by operator`));
      }

      const ids = events.rows.map(({ id }) => id);
      await Promise.all(readers.map((reader) => reader.endAt(ids.length)));
      for (const reader of readers) expect(reader.ids).toEqual(ids);

      const interruptions = readers.reduce((all, reader) => all + reader.interruptions, 0);
      console.log(
        `${kills} kills in ${SECONDS} s: ${accepted.length} VMs, ${operations.length} operations, ${ids.length} events; ` +
          `${sum(({ repeats }) => repeats)} requests sent again, ${sum(({ lost }) => lost)} answers lost, ` +
          `${interruptions} streams cut off`,
      );
      expect(kills).toBeGreaterThan(1);
      expect(sum(({ repeats }) => repeats)).toBeGreaterThan(0);
      expect(interruptions).toBeGreaterThan(0);
    },
    SECONDS * 1_000 + 300_000,
  );
});
