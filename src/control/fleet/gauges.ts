/**
 * What monitoring reads of the fleet: a handful of grouped queries on one snapshot, none of which reads more than the
 * VMs' and hosts' own rows once. Everything is of the database, so all replicas give the same.
 */
import type { HostCounters } from '../../wire/agent.ts';
import type { Control } from '../control.ts';
import { readSnapshot } from '../database/transact.ts';
import { PHASE_SQL, VMS_SQL } from '../vms/vm-query.ts';

export interface HostGauges {
  name: string;
  kernel: string;
  agentVersion: string;
  simulated: boolean;
  cordoned: boolean;
  lease: 'active' | 'expired' | 'lost';
  /** Since its last heartbeat, in seconds. */
  silentSeconds: number;
  capacityVcpus: number;
  capacityMemoryMiB: number;
  /** Of the VMs that have a run on it. */
  allocatedVcpus: number;
  allocatedMemoryMiB: number;
  /** As of its last heartbeat; null while its agent does not say. */
  counters: HostCounters | null;
}

export interface FleetGauges {
  /** `psciVersion` is that of the pin of the current or last boot; "none" before the first. */
  vms: { phase: string; psciVersion: string; count: number }[];
  hosts: HostGauges[];
  openOperations: { kind: string; status: string; count: number; oldestSeconds: number }[];
  /** Of those that were created within the last hour, by what became of them. */
  recentOperations: { kind: string; status: string; count: number }[];
  /** Of graphile-worker. `due` ones wait for a free worker, `failed` ones are not tried again. */
  jobs: {
    task: string;
    state: 'running' | 'due' | 'later' | 'failed';
    count: number;
    overdueSeconds: number;
  }[];
  /** What has not been delivered, by webhook, noughts among them; `dead` ones are not tried again. */
  webhooks: {
    webhook: string;
    status: 'queued' | 'pending' | 'dead';
    count: number;
    oldestSeconds: number;
  }[];
  rollouts: { status: string; count: number }[];
  /** The age of the oldest transaction that writes; events since then are not shown to readers yet (event-tail.ts). */
  oldestWriteSeconds: number;
}

export async function readFleetGauges(control: Control): Promise<FleetGauges> {
  return readSnapshot(control, async (client) => {
    const all = async <T extends object>(text: string): Promise<T[]> => (await client.query<T>(text)).rows;
    const [oldest] = await all<{ seconds: number }>(OLDEST_WRITE);
    return {
      vms: await all(VMS),
      hosts: await all(HOSTS),
      openOperations: await all(OPEN_OPERATIONS),
      recentOperations: await all(RECENT_OPERATIONS),
      jobs: await all(JOBS),
      webhooks: await all(WEBHOOKS),
      rollouts: await all('SELECT status, count(*)::int AS count FROM rollouts GROUP BY 1 ORDER BY 1'),
      oldestWriteSeconds: oldest?.seconds ?? 0,
    };
  });
}

const VMS = `
  SELECT ${PHASE_SQL.text} AS phase, COALESCE(v.psci_effective, 'none') AS "psciVersion", count(*)::int AS count
  FROM ${VMS_SQL.text} GROUP BY 1, 2 ORDER BY 1, 2`;

const HOSTS = `
  SELECT h.name, h.kernel, h.agent_version AS "agentVersion", h.simulated, h.cordoned,
    CASE WHEN h.lost_at IS NOT NULL THEN 'lost' WHEN h.lease_expires_at > now() THEN 'active' ELSE 'expired' END AS lease,
    GREATEST(0, extract(epoch FROM now() - h.last_seen_at))::float8 AS "silentSeconds",
    h.capacity_vcpus AS "capacityVcpus", h.capacity_memory_mib AS "capacityMemoryMiB",
    COALESCE(used.vcpus, 0)::int AS "allocatedVcpus", COALESCE(used.memory, 0)::int AS "allocatedMemoryMiB",
    h.counters
  FROM hosts h LEFT JOIN (
    SELECT host_id, sum(vcpus) AS vcpus, sum(memory_mib) AS memory FROM vms WHERE run_id IS NOT NULL GROUP BY 1
  ) used ON used.host_id = h.id ORDER BY h.name`;

const OPEN_OPERATIONS = `
  SELECT kind, status, count(*)::int AS count,
    GREATEST(0, extract(epoch FROM now() - min(created_at)))::float8 AS "oldestSeconds"
  FROM operations WHERE status IN ('pending', 'running') GROUP BY 1, 2 ORDER BY 1, 2`;

/** Ids are UUIDv7, whose first 48 bits are the milliseconds of their making (RFC 9562, section 5.7): no index is needed. */
const RECENT_OPERATIONS = `
  SELECT kind, status, count(*)::int AS count FROM operations
  WHERE id >= (lpad(to_hex((extract(epoch FROM now() - interval '1 hour') * 1000)::bigint), 12, '0')
    || '00000000000000000000')::uuid
  GROUP BY 1, 2 ORDER BY 1, 2`;

const JOBS = `
  SELECT task_identifier AS task, CASE WHEN locked_at IS NOT NULL THEN 'running' WHEN attempts >= max_attempts THEN 'failed'
      WHEN run_at <= now() THEN 'due' ELSE 'later' END AS state,
    count(*)::int AS count, GREATEST(0, extract(epoch FROM now() - min(run_at)))::float8 AS "overdueSeconds"
  FROM holdfast_jobs.jobs GROUP BY 1, 2 ORDER BY 1, 2`;

/** By the index of each webhook's deliveries by status. */
const WEBHOOKS = `
  SELECT w.id AS webhook, s.status, d.count, COALESCE(d.seconds, 0)::float8 AS "oldestSeconds"
  FROM webhooks w CROSS JOIN unnest(ARRAY['queued', 'pending', 'dead']) AS s (status) CROSS JOIN LATERAL (
    SELECT count(*)::int AS count, GREATEST(0, extract(epoch FROM now() - min(created_at))) AS seconds
    FROM webhook_deliveries WHERE webhook_id = w.id AND status = s.status
  ) d ORDER BY 1, 2`;

/** Only transactions of this database that have written have an id. */
const OLDEST_WRITE = `
  SELECT COALESCE(max(extract(epoch FROM now() - xact_start)), 0)::float8 AS seconds FROM pg_stat_activity
  WHERE datname = current_database() AND backend_xid IS NOT NULL AND state IS NOT NULL`;
