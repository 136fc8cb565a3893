/**
 * Nothing is lost and nothing is there twice, whatever dies while a host delivers: the API, the database, the answer.
 * Real processes, a real Postgres that syncs its commits, and kill -9.
 */

import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedPostgres, startPostgres } from '../../../src/control/database/postgres.ts';
import type { EventRecord } from '../../../src/wire/event.ts';
import { send } from '../../support/api.ts';
import { ApiProcess } from '../../support/api-process.ts';
import { makeImage, makeVm, ProtocolHost, type Run, startVm } from '../../support/protocol-host.ts';

const VMS = 8;
const ROUNDS = 6;
const DELIVERERS = 3;
const LARGEST_BATCH = 12;

describe('exactly once', () => {
  let directory: string;
  let postgres: EmbeddedPostgres;
  let pool: pg.Pool;
  const replicas: ApiProcess[] = [];
  let api: ApiProcess;
  let host: ProtocolHost;
  let imageId: string;
  let failedDeliveries = 0;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'holdfast-once-'));
    postgres = await startPostgres({ directory: join(directory, 'postgres') });
    pool = new pg.Pool({ connectionString: postgres.url });
    pool.on('error', () => undefined);
    api = await ApiProcess.start(postgres.url);
    replicas.push(api, await ApiProcess.start(postgres.url));
    host = await ProtocolHost.enrol(api);
    imageId = await makeImage(api);
  }, 120_000);
  afterAll(async () => {
    for (const replica of replicas) await replica[Symbol.asyncDispose]();
    await pool.end();
    await postgres.stop();
    await rm(directory, { recursive: true, force: true });
  });

  const stored = async (vmId: string) =>
    (
      await pool.query<{
        id: string;
        sequence: number;
        kind: string;
        initiator: string;
        intent_id: string | null;
      }>('SELECT id, sequence, kind, initiator, intent_id FROM events WHERE vm_id = $1 ORDER BY sequence', [
        vmId,
      ])
    ).rows;

  /** A VM that runs and was asked to stop; its journal ends with the answer. */
  async function stoppingVm(
    length: number,
  ): Promise<{ run: Run; operationId: string; journal: EventRecord[] }> {
    // A busy machine takes longer than a lease lasts.
    await host.heartbeat();
    const vm = await makeVm(api, imageId);
    const run = await startVm(api, host, vm.id);
    const { status, body } = await api.request('POST', `/v1/vms/${vm.id}/stop`, { body: {} });
    if (status !== 202) throw new Error(`the stop was refused: ${status} ${JSON.stringify(body)}`);
    const { intentId } = await run.openRequest();
    const journal = Array.from({ length }, (_, n) => run.record(n % 2 === 0 ? 'paused' : 'resumed'));
    return { run, operationId: body.id, journal: [...journal, run.poweroff([intentId])] };
  }

  /** Delivers until it is settled, as an agent does; throws what an agent would take for a reason to stop. */
  async function deliver(records: readonly EventRecord[]): Promise<void> {
    for (;;) {
      const replica = replicas[Math.floor(Math.random() * replicas.length)];
      try {
        const answer = await replica?.request('POST', '/agent/v1/events', {
          token: host.credential,
          body: { events: records },
        });
        if (answer?.status === 200) {
          expect(answer.body.refused).toEqual([]);
          expect(answer.body.inserted + answer.body.duplicates).toBe(records.length);
          return;
        }
        if (answer !== undefined && answer.status < 500)
          throw new Error(`refused: ${JSON.stringify(answer.body)}`);
      } catch (error) {
        if (error instanceof Error && error.message.startsWith('refused')) throw error;
      }
      failedDeliveries += 1;
      await sleep(20 + Math.random() * 80);
    }
  }

  it('when the answer to a delivery is lost because the API dies', async () => {
    const { run, operationId, journal } = await stoppingVm(3);
    // Stands between the agent and the API: at the first byte of the answer it kills the API and hangs up.
    const proxy = createServer(async (request, response) => {
      const body = await new Response(request as never).text();
      await send(api.url ?? '', '', 'POST', request.url ?? '', {
        token: host.credential,
        body: JSON.parse(body),
      });
      await api.kill();
      response.destroy();
    });
    await new Promise<void>((done) => proxy.listen(0, '127.0.0.1', done));
    const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    const lost = send(url, '', 'POST', '/agent/v1/events', {
      token: host.credential,
      body: { events: journal },
    });
    await expect(lost).rejects.toThrow();
    proxy.close();

    await api.start();
    const again = await host.deliver(...journal);
    expect(again.body).toEqual({ inserted: 0, duplicates: journal.length, refused: [] });
    expect((await stored(run.spec.vmId)).map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5]);
    expect((await api.request('GET', `/v1/operations/${operationId}`)).body.status).toBe('succeeded');
  });

  it('when Postgres dies in the middle of a delivery', async () => {
    const { run, operationId, journal } = await stoppingVm(3);
    // Holds the VM's row, so that the delivery waits in its transaction until Postgres is killed under it.
    const holder = new pg.Client({ connectionString: postgres.url });
    holder.on('error', () => undefined);
    await holder.connect();
    await holder.query('BEGIN');
    await holder.query('SELECT 1 FROM vms WHERE id = $1 FOR UPDATE', [run.spec.vmId]);
    const delivery = host.deliver(...journal);
    const waiting =
      "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%FOR UPDATE OF v%'";
    while ((await pool.query(waiting)).rowCount === 0) await sleep(10);
    process.kill(postgres.pid ?? 0, 'SIGKILL');
    expect((await delivery).status).toBeGreaterThanOrEqual(500);

    await deliver(journal);
    expect((await stored(run.spec.vmId)).map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5]);
    expect((await api.request('GET', `/v1/operations/${operationId}`)).body.status).toBe('succeeded');
  });

  it('when both die again and again under repeated, reordered deliveries to two replicas', async () => {
    const vms = await Promise.all(Array.from({ length: VMS }, () => stoppingVm(40)));
    let delivering = true;
    const chaos = async (): Promise<void> => {
      for (let round = 0; round < ROUNDS || delivering; round += 1) {
        await sleep(300 + Math.random() * 500);
        if (round >= ROUNDS) continue;
        const victim = replicas[round % replicas.length];
        if (round % 3 === 2) {
          const { pid } = postgres;
          if (pid !== null) process.kill(pid, 'SIGKILL');
          // Until another one runs, /readyz may still be answered over a connection to the dying one.
          while (postgres.pid === null || postgres.pid === pid) await sleep(10);
        } else {
          await victim?.kill();
          await victim?.start();
        }
      }
    };
    const delivery = async (): Promise<void> => {
      const records = shuffle(vms.flatMap(({ journal }) => journal));
      while (records.length > 0) {
        const batch = records.splice(0, 1 + Math.floor(Math.random() * LARGEST_BATCH));
        // One of a batch comes along once more, sometimes in the same request.
        const [repeated] = batch;
        await deliver(repeated !== undefined && Math.random() < 0.3 ? [...batch, repeated] : batch);
        // Not all before the first kill.
        await sleep(Math.random() * 250);
      }
    };
    failedDeliveries = 0;
    const ending = chaos();
    await Promise.all(Array.from({ length: DELIVERERS }, delivery));
    delivering = false;
    await ending;
    // The last to be killed may still be on its way back.
    while ((await api.request('GET', '/readyz')).status !== 200) await sleep(50);

    expect(failedDeliveries).toBeGreaterThan(0);
    for (const { run, operationId, journal } of vms) {
      const { vmId } = run.spec;
      const events = await stored(vmId);
      expect(events.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 42 }, (_, n) => n + 1));
      expect(events.slice(1).map(({ kind }) => kind)).toEqual(journal.map(({ kind }) => kind));
      const last = events.at(-1);
      expect(last).toMatchObject({ kind: 'poweroff', initiator: 'operator' });
      const { rows } = await pool.query('SELECT id, event_id FROM intents WHERE vm_id = $1', [vmId]);
      expect(rows).toEqual([{ id: last?.intent_id, event_id: last?.id }]);
      expect((await api.request('GET', `/v1/operations/${operationId}`)).body.status).toBe('succeeded');
      expect((await api.request('GET', `/v1/vms/${vmId}`)).body).toMatchObject({ phase: 'stopped' });
    }
    const vmIds = vms.map(({ run }) => run.spec.vmId);
    const read: string[] = [];
    for (let query = '?limit=37'; query !== ''; ) {
      const { body } = await api.request('GET', `/v1/events${query}`);
      read.push(
        ...body.items
          .filter((event: { vmId: string }) => vmIds.includes(event.vmId))
          .map(({ id }: { id: string }) => id),
      );
      query = body.nextPageToken === null ? '' : `?limit=37&pageToken=${body.nextPageToken}`;
    }
    expect(read).toHaveLength(VMS * 42);
    expect(new Set(read).size).toBe(read.length);
  }, 240_000);
});

function shuffle<T>(items: T[]): T[] {
  const keyed = items.map((item) => ({ item, key: Math.random() }));
  return keyed.sort((a, b) => a.key - b.key).map(({ item }) => item);
}
