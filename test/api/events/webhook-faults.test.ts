/** Webhooks of real processes that are killed while they send: at least once, in each VM's order, with the same id. */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedPostgres, startPostgres } from '../../../src/control/database/postgres.ts';
import { until } from '../../peer/runs.ts';
import { ApiProcess } from '../../support/api-process.ts';
import { verified, WebhookReceiver } from '../../support/webhook-receiver.ts';

const VMS = 6;
const EVENTS = 12;
const KILLS = 3;

describe('webhooks while the API dies', () => {
  let directory: string;
  let postgres: EmbeddedPostgres;
  let pool: pg.Pool;
  let receiver: WebhookReceiver;
  const replicas: ApiProcess[] = [];
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'holdfast-webhook-faults-'));
    postgres = await startPostgres({ directory: join(directory, 'postgres') });
    pool = new pg.Pool({ connectionString: postgres.url });
    pool.on('error', () => undefined);
    receiver = await WebhookReceiver.start();
    const env = { HOLDFAST_WEBHOOK_NETWORKS: '127.0.0.0/8' };
    replicas.push(await ApiProcess.start(postgres.url, env), await ApiProcess.start(postgres.url, env));
  });
  afterAll(async () => {
    for (const replica of replicas) await replica[Symbol.asyncDispose]();
    await receiver[Symbol.asyncDispose]();
    await pool.end();
    await postgres.stop();
    await rm(directory, { recursive: true, force: true });
  });

  it('delivers every event at least once, in the order of its VM', async () => {
    const [first] = replicas;
    if (first === undefined) throw new Error('no replica');
    // Never quite there, so that there is always something on its way when a replica dies.
    let answered = 0;
    receiver.reaction = async (_, response) => {
      await sleep(Math.random() * 40);
      answered += 1;
      response.writeHead(answered % 10 === 0 ? 500 : 204).end();
    };
    const { status, body } = await first.request('POST', '/v1/webhooks', { body: { url: receiver.url() } });
    expect(status).toBe(201);
    const vmIds = Array.from({ length: VMS }, () => randomUUID());
    const written = new Map<string, string[]>(vmIds.map((vmId) => [vmId, []]));
    let writing = true;
    const write = async (): Promise<void> => {
      for (let sequence = 1; sequence <= EVENTS; sequence += 1) {
        for (const vmId of vmIds) {
          const id = uuidv7();
          await pool.query(
            `INSERT INTO events (id, vm_id, host_id, run_id, boot_id, sequence, kind, initiator, observed_at)
             VALUES ($1, $2, $2, $2, $2, $3, 'paused', 'guest', now())`,
            [id, vmId, sequence],
          );
          written.get(vmId)?.push(id);
        }
        await pool.query(`SELECT pg_notify('holdfast_wake', 'events')`);
        await sleep(50);
      }
      writing = false;
    };
    const kill = async (): Promise<void> => {
      for (let round = 0; round < KILLS || writing; round += 1) {
        const before = receiver.received.length;
        const victim = replicas[round % replicas.length];
        await until('something is on its way', () => receiver.received.length > before || !writing);
        await victim?.kill();
        // What it was sending counts as lost when its time is up, and back-offs end: it need not be waited for here.
        await hurry(true);
        await victim?.start();
      }
    };
    /** As if all the time had gone by that anything waits for; `lost`: also what was being sent. */
    const hurry = (lost: boolean) =>
      pool.query(
        `UPDATE webhook_deliveries SET next_attempt_at = now() WHERE status = 'pending' AND ($1 OR claim IS NULL)`,
        [lost],
      );
    await Promise.all([write(), kill()]);
    const open = async (): Promise<number> => {
      await hurry(false);
      await sleep(200);
      const { rows } = await pool.query<{ open: number }>(
        `SELECT count(*)::int AS open FROM events e LEFT JOIN webhook_deliveries d ON d.event_id = e.id
         WHERE d.status IS DISTINCT FROM 'delivered'`,
      );
      return rows[0]?.open ?? 0;
    };
    await until('everything is delivered', async () => (await open()) === 0, 150_000);

    const { rows } = await pool.query<{ id: string; event_id: string }>(
      'SELECT id, event_id FROM webhook_deliveries',
    );
    const messageOf = new Map(rows.map((row) => [row.event_id, row.id]));
    expect(rows).toHaveLength(VMS * EVENTS);
    for (const [vmId, ids] of written) {
      const came = receiver.received.filter((message) => message.body.data.vmId === vmId);
      // Once each by the webhook-id, as a receiver tells, and then in order.
      const seen = [...new Set(came.map(({ headers }) => headers['webhook-id']))];
      expect(seen).toEqual(ids.map((id) => messageOf.get(id)));
    }
    for (const message of receiver.received) expect(verified(body.secret, message)).toBeDefined();
  }, 300_000);
});
