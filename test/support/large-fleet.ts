/** A fleet of any size as rows: hosts that are heard for a day, VMs of every kind on them, and their events. */
import type pg from 'pg';
import { EVENTS_TOPIC } from '../../src/control/events/topics.ts';
import type { TestApi } from './api.ts';

const HOSTS = `
  INSERT INTO hosts (id, name, labels, credential_hash, agent_version, kernel, boot_id, psci_accepted, psci_default,
    capacity_vcpus, capacity_memory_mib, simulated, lease_expires_at, last_seen_at)
  SELECT uuidv7(), 'rack' || lpad((n / 20)::text, 2, '0') || '-' || lpad((n % 20)::text, 2, '0'),
    jsonb_build_object('zone', chr(97 + n % 3)), sha256(('host ' || n)::bytea), '0.1.0',
    (ARRAY['5.10.0-33-arm64', '6.1.0-28-arm64', '6.12.9-arm64', '7.3.4-arm64'])[1 + n % 4], gen_random_uuid(),
    CASE n % 4 WHEN 0 THEN '{0.2,1.0}' WHEN 3 THEN '{0.2,1.0,1.1,1.2,1.3}' ELSE '{0.2,1.0,1.1}' END::text[],
    CASE n % 4 WHEN 0 THEN '1.0' WHEN 3 THEN '1.3' ELSE '1.1' END,
    128, 262144, true, now() + interval '1 day', now()
  FROM generate_series(0, $1::int - 1) AS n`;

/** The pin is one that the host accepts; one VM in ten is off, one in forty hibernated, one in a hundred failed. */
const VMS = `
  INSERT INTO vms (id, name, labels, vcpus, memory_mib, image_id, on_guest, psci_policy, psci_version, psci_effective,
    psci_source, psci_pinned_at, power_state, phase, reason, hibernation, host_id, run_id, boot_id, disks)
  SELECT uuidv7(), 'vm-' || lpad(n::text, 5, '0'),
    jsonb_build_object('team', 't' || n % 10, 'app', (ARRAY['web', 'db', 'batch', 'edge', 'ci'])[1 + n % 5]),
    1 + n % 4, 512 * (1 + n % 4), $2::uuid, '{"poweroff":"stop","reset":"restart","crash":"stop"}', policy,
    CASE policy WHEN 'pinned' THEN pin END, pin, CASE policy WHEN 'pinned' THEN 'vm' WHEN 'inherit' THEN 'default' ELSE policy END,
    now() - n * interval '1 minute', CASE phase WHEN 'running' THEN 'running' ELSE 'stopped' END, phase,
    CASE phase WHEN 'failed' THEN 'The guest crashed.' END,
    CASE phase WHEN 'hibernated' THEN 'yes' WHEN 'stopped' THEN 'no' END, host_id,
    CASE phase WHEN 'running' THEN gen_random_uuid() END, gen_random_uuid(), '[]'
  FROM (
    SELECT n, h.id AS host_id,
      CASE WHEN n % 100 = 3 THEN 'failed' WHEN n % 40 = 7 THEN 'hibernated' WHEN n % 10 = 0 THEN 'stopped' ELSE 'running' END AS phase,
      CASE WHEN n % 25 = 1 THEN 'latest' WHEN n % 10 = 2 THEN 'sticky' WHEN h.psci_default <> '1.1' THEN 'pinned' ELSE 'inherit' END AS policy,
      h.psci_default AS pin
    FROM generate_series(1, $1::int) AS n
    JOIN (SELECT id, psci_default, row_number() OVER (ORDER BY id) - 1 AS place, count(*) OVER () AS hosts FROM hosts) h
      ON h.place = n % h.hosts
  ) AS made`;

const EVENTS = `
  INSERT INTO events (id, vm_id, host_id, run_id, boot_id, sequence, kind, initiator, psci, hibernation, observed_at)
  SELECT uuidv7(), v.id, v.host_id, coalesce(v.run_id, v.id), v.boot_id, k.sequence, k.kind, k.initiator,
    jsonb_build_object('version', v.psci_effective, 'function', k.function, 'type', null, 'cookie', null),
    CASE k.kind WHEN 'hibernate' THEN 'yes' WHEN 'poweroff' THEN 'no' END, now() - (random() * interval '6 hours')
  FROM vms v CROSS JOIN LATERAL (
    VALUES (1, 'started', 'operator', NULL, true),
      (2, 'poweroff', CASE WHEN random() < 0.5 THEN 'guest' ELSE 'operator' END, 'SYSTEM_OFF', v.phase = 'stopped'),
      (2, 'hibernate', 'guest', 'SYSTEM_OFF2', v.phase = 'hibernated'),
      (2, 'crash', 'guest', NULL, v.phase = 'failed')
  ) AS k (sequence, kind, initiator, function, happened)
  WHERE k.happened`;

export async function fillFleet(
  api: TestApi,
  imageId: string,
  { hosts, vms }: { hosts: number; vms: number },
): Promise<void> {
  const { pool } = api.control;
  await pool.query(HOSTS, [hosts]);
  await pool.query(VMS, [vms, imageId]);
  await pool.query(EVENTS);
  // As autovacuum would within a minute.
  await pool.query('VACUUM ANALYZE hosts, vms, events');
  api.control.wake.notify(EVENTS_TOPIC);
}

/** Resets of guests that run, one each, as many as asked for. */
export async function addResets(api: TestApi, count: number, sequence: number): Promise<void> {
  const { pool }: { pool: pg.Pool } = api.control;
  await pool.query(
    `INSERT INTO events (id, vm_id, host_id, run_id, boot_id, sequence, kind, initiator, observed_at)
     SELECT uuidv7(), id, host_id, run_id, gen_random_uuid(), $2, 'reset', 'guest', now()
     FROM vms WHERE run_id IS NOT NULL ORDER BY random() LIMIT $1`,
    [count, sequence],
  );
  api.control.wake.notify(EVENTS_TOPIC);
}
