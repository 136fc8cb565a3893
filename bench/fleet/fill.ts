/**
 * A fleet's VMs, written as placement leaves them: with a run on their host and its start, which the hosts then begin
 * through their own protocol. One in twenty is stopped, one in forty hibernated. Pins are of every kind, each on a host
 * that accepts it; `latest` and `sticky` VMs have what their host gives.
 */
import type pg from 'pg';

export const TEAMS = 10;

/** Returns how many VMs there are, and how many of them are to run. */
export async function fill(
  client: pg.Client,
  imageId: string,
  vmsPerHost: number,
): Promise<{ vms: number; running: number }> {
  await client.query('BEGIN');
  await client.query(
    `CREATE TEMPORARY TABLE fleet ON COMMIT DROP AS
     SELECT uuidv7() AS id, uuidv7() AS run_id, uuidv7() AS operation_id, h.id AS host_id, h.psci_default AS newest, n,
       row_number() OVER () AS number
     FROM hosts h, generate_series(1, $1::int) AS n`,
    [vmsPerHost],
  );
  // A column each: what the VM asks for, and what it has.
  const { rows } = await client.query<{ vms: number; running: number }>(
    `WITH kinds AS (
       SELECT f.*,
         CASE WHEN n % 20 = 0 THEN 'stopped' WHEN n % 40 = 7 THEN 'hibernated' ELSE 'starting' END AS phase,
         CASE WHEN n % 10 = 1 THEN 'latest' WHEN n % 10 = 2 THEN 'sticky'
           WHEN n % 10 = 3 OR newest = '1.0' THEN 'pinned' ELSE 'inherit' END AS policy
       FROM fleet f),
     made AS (
       INSERT INTO vms (id, name, labels, vcpus, memory_mib, image_id, on_guest, psci_policy, psci_version,
         psci_effective, psci_source, psci_pinned_at, power_state, phase, hibernation, host_id, run_id, disks)
       SELECT id, 'vm-' || number, jsonb_build_object('team', 't' || number % $2::int, 'app', 'a' || number % 97),
         1, 256, $1::uuid, '{"poweroff":"stop","reset":"restart","crash":"stop"}', policy,
         CASE WHEN policy = 'pinned' THEN '1.0' END,
         CASE policy WHEN 'pinned' THEN '1.0' WHEN 'inherit' THEN '1.1' ELSE newest END,
         CASE policy WHEN 'pinned' THEN 'vm' WHEN 'inherit' THEN 'default' ELSE policy END,
         now(), CASE WHEN phase = 'starting' THEN 'running' ELSE 'stopped' END, phase,
         CASE phase WHEN 'hibernated' THEN 'yes' WHEN 'stopped' THEN 'no' END,
         host_id, CASE WHEN phase = 'starting' THEN run_id END,
         CASE WHEN phase = 'hibernated' THEN '[{"name":"swap","sizeMiB":256,"readOnly":false}]'::jsonb ELSE '[]'::jsonb END
       FROM kinds RETURNING id, run_id, host_id),
     begun AS (
       INSERT INTO operations (id, kind, vm_id, host_id, run_id, status, requested_by)
       SELECT f.operation_id, 'start', m.id, m.host_id, m.run_id, 'pending', 'bench'
       FROM made m JOIN fleet f ON f.id = m.id WHERE m.run_id IS NOT NULL RETURNING 1)
     SELECT (SELECT count(*)::int FROM made) AS vms, (SELECT count(*)::int FROM begun) AS running`,
    [imageId, TEAMS],
  );
  await client.query('COMMIT');
  // As autovacuum would within a minute.
  await client.query('VACUUM ANALYZE vms, hosts, operations');
  return rows[0] ?? { vms: 0, running: 0 };
}
