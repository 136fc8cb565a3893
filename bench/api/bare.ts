/** The limit: Fastify and `pg`, and nothing that the API adds to them. Prints its port. DATABASE_URL says which database. */
import type { AddressInfo } from 'node:net';
import Fastify from 'fastify';
import pg from 'pg';

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10 });
const COLUMNS = `id, name, labels, vcpus, memory_mib AS "memoryMiB", image_id AS "imageId", cmdline, disks,
  on_guest AS "onGuest", host_selector AS "hostSelector", on_drain AS "onDrain", psci_policy AS "psciPolicy",
  psci_version AS "psciVersion", psci_effective AS "psciEffective", psci_source AS "psciSource",
  psci_pinned_at AS "psciPinnedAt", firmware, power_state AS "powerState", phase, reason, hibernation,
  host_id AS "hostId", run_id AS "runId", boot_id AS "bootId", generation, observed_generation AS "observedGeneration",
  deleting, revision, created_at AS "createdAt", updated_at AS "updatedAt"`;

const app = Fastify();
app.get('/v1/vms/:id', async (request) => {
  const { id } = request.params as { id: string };
  const text = `SELECT ${COLUMNS} FROM vms WHERE id = $1`;
  return (await pool.query({ name: 'one', text, values: [id] })).rows[0];
});
app.get('/v1/vms', async () => {
  const text = `SELECT ${COLUMNS} FROM vms ORDER BY id LIMIT 51`;
  const { rows } = await pool.query({ name: 'list', text });
  return { items: rows.slice(0, 50), nextPageToken: rows[50]?.id ?? null };
});
app.post('/events', { bodyLimit: 4 * 1024 * 1024 }, async (request) => {
  const { events } = request.body as { events: object[] };
  const { rowCount } = await pool.query({
    name: 'events',
    text: `INSERT INTO bare_events SELECT gen_random_uuid(), r.* FROM jsonb_to_recordset($1::jsonb) AS r ("vmId" uuid,
             "runId" uuid, "bootId" uuid, sequence int, kind text, psci jsonb, kvm jsonb, reason text,
             "observedAt" timestamptz)`,
    values: [JSON.stringify(events)],
  });
  return { inserted: rowCount };
});
await pool.query(`CREATE TABLE bare_events (id uuid PRIMARY KEY, vm_id uuid, run_id uuid, boot_id uuid, sequence int,
  kind text, psci jsonb, kvm jsonb, reason text, observed_at timestamptz)`);
await app.listen({ port: 0, host: '127.0.0.1' });
console.log(`port ${(app.server.address() as AddressInfo).port}`);
