/** Hosts as clients see and change them. What their agents say comes in elsewhere. */
import { isDeepStrictEqual } from 'node:util';
import type { PsciVersion } from '../../psci/versions.ts';
import type { Control } from '../control.ts';
import { transact } from '../database/transact.ts';
import { hostTopic } from '../events/topics.ts';
import { type LabelPair, type Labels, type LabelsPatch, labelJson, mergeLabels } from '../labels.ts';
import { Prisma } from '../prisma/client.ts';
import { Refusal } from '../refusals.ts';
import { returnSoon } from './drain-look.ts';
import { refuseWhileDraining } from './drains.ts';
import { type HostFingerprints, readHostFingerprints } from './fingerprints.ts';
import { type MaintenanceRecord, sendMaintenanceSpan, uncordonDespite } from './maintenance.ts';

export interface HostRecord {
  id: string;
  name: string;
  labels: Labels;
  agentVersion: string;
  kernel: string;
  bootId: string;
  psciAccepted: PsciVersion[];
  psciDefault: PsciVersion;
  capacityVcpus: number;
  capacityMemoryMiB: number;
  /** Summed over the VMs that have a run there. */
  allocatedVcpus: number;
  allocatedMemoryMiB: number;
  vms: number;
  cordoned: boolean;
  simulated: boolean;
  /** By the database's clock, the only one that all replicas share. */
  leaseActive: boolean;
  leaseExpiresAt: Date;
  lastSeenAt: Date;
  lostAt: Date | null;
  credentialRevokedAt: Date | null;
  createdAt: Date;
  revision: number;
  /** What its KVM answers to PSCI calls, now and before its last reboot. */
  fingerprints: HostFingerprints;
}

export interface HostFilter {
  labels: readonly LabelPair[];
  /** Hosts that accept this version. */
  psciVersion: PsciVersion | null;
}

type Row = Omit<HostRecord, 'fingerprints'>;

const SELECT = Prisma.sql`
  SELECT h.id, h.name, h.labels, h.agent_version AS "agentVersion", h.kernel, h.boot_id AS "bootId",
    h.psci_accepted AS "psciAccepted", h.psci_default AS "psciDefault",
    h.capacity_vcpus AS "capacityVcpus", h.capacity_memory_mib AS "capacityMemoryMiB",
    COALESCE(u.vcpus, 0)::int AS "allocatedVcpus", COALESCE(u.memory, 0)::int AS "allocatedMemoryMiB",
    COALESCE(u.vms, 0)::int AS vms,
    h.cordoned, h.simulated, h.lease_expires_at > now() AS "leaseActive", h.lease_expires_at AS "leaseExpiresAt",
    h.last_seen_at AS "lastSeenAt", h.lost_at AS "lostAt",
    h.credential_revoked_at AS "credentialRevokedAt", h.created_at AS "createdAt", h.revision
  FROM hosts h LEFT JOIN LATERAL (
    SELECT sum(v.vcpus) FILTER (WHERE v.run_id IS NOT NULL) AS vcpus,
      sum(v.memory_mib) FILTER (WHERE v.run_id IS NOT NULL) AS memory, count(*) AS vms
    FROM vms v WHERE v.host_id = h.id
  ) u ON true`;

/** In the order of enrolment, which is that of the ids (UUIDv7). */
export async function listHosts(
  control: Control,
  filter: HostFilter,
  page: { afterId: string | null; limit: number },
): Promise<HostRecord[]> {
  const conditions = [Prisma.sql`true`];
  if (page.afterId !== null) conditions.push(Prisma.sql`h.id > ${page.afterId}::uuid`);
  for (const pair of filter.labels) conditions.push(Prisma.sql`h.labels @> ${labelJson(pair)}::jsonb`);
  if (filter.psciVersion !== null) conditions.push(Prisma.sql`${filter.psciVersion} = ANY(h.psci_accepted)`);
  const rows = await control.db.$queryRaw<Row[]>`
    ${SELECT} WHERE ${Prisma.join(conditions, ' AND ')} ORDER BY h.id LIMIT ${page.limit}`;
  return withFingerprints(control, rows);
}

async function withFingerprints(control: Control, rows: readonly Row[]): Promise<HostRecord[]> {
  const found = await readHostFingerprints(
    control.db,
    rows.map(({ id }) => id),
  );
  return rows.map((row) => ({
    ...row,
    fingerprints: found.get(row.id) ?? { current: null, previous: null },
  }));
}

export async function getHost(control: Control, hostId: string): Promise<HostRecord> {
  const rows = await control.db.$queryRaw<Row[]>`${SELECT} WHERE h.id = ${hostId}::uuid`;
  const [host] = await withFingerprints(control, rows);
  if (host === undefined) throw new Refusal('HOST_NOT_FOUND', `There is no host ${hostId}.`);
  return host;
}

/** How many hosts are enrolled, and how many of them accept each version. */
export async function countHostsByPsci(
  control: Control,
): Promise<{ total: number; byVersion: Record<string, number> }> {
  const rows = await control.db.$queryRaw<{ version: string | null; hosts: number }[]>`
    SELECT NULL AS version, count(*)::int AS hosts FROM hosts
    UNION ALL SELECT version, count(*)::int FROM hosts, unnest(psci_accepted) AS version GROUP BY 1`;
  const total = rows.find(({ version }) => version === null)?.hosts ?? 0;
  const counted = rows.flatMap(({ version, hosts }) => (version === null ? [] : [[version, hosts] as const]));
  return { total, byVersion: Object.fromEntries(counted) };
}

export interface HostChange {
  labels?: LabelsPatch;
  cordoned?: boolean;
  /** Uncordons it although it is under maintenance, which that cancels. */
  force?: boolean;
}

/**
 * Applies a change under the host's row lock. `check` sees the revision before it and may throw; a change that changes
 * nothing raises no revision.
 */
export async function changeHost(
  control: Control,
  hostId: string,
  change: HostChange,
  check: (revision: number) => void,
): Promise<HostRecord> {
  const cancelled = await transact(control, async (tx) => {
    const rows = await tx.$queryRaw<{ labels: Labels; cordoned: boolean; revision: number }[]>`
      SELECT labels, cordoned, revision FROM hosts WHERE id = ${hostId}::uuid FOR UPDATE`;
    const host = rows[0];
    if (host === undefined) throw new Refusal('HOST_NOT_FOUND', `There is no host ${hostId}.`);
    check(host.revision);
    const labels = mergeLabels(host.labels, change.labels);
    const cordoned = change.cordoned ?? host.cordoned;
    if (cordoned === host.cordoned && isDeepStrictEqual(labels, host.labels)) return null;
    let ended: MaintenanceRecord | null = null;
    if (host.cordoned && !cordoned) {
      ended = await uncordonDespite(tx, hostId, change.force ?? false);
      await refuseWhileDraining(tx, hostId);
      await returnSoon(tx, hostId);
    }
    await tx.host.update({ where: { id: hostId }, data: { labels, cordoned, revision: { increment: 1 } } });
    return ended;
  });
  if (cancelled !== null) sendMaintenanceSpan(cancelled);
  control.wake.notify(hostTopic(hostId));
  return getHost(control, hostId);
}
