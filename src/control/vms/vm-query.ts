/** Reading VMs: the one place that says what a VM's phase is when its host is silent, for bodies, filters and counts. */

import type pg from 'pg';
import type { KnownFingerprint } from '../../psci/fingerprint.ts';
import type { FirmwareAbi } from '../../psci/firmware.ts';
import type { FleetPolicy } from '../../psci/fleet-policy.ts';
import type { PinSource, VmPolicy } from '../../psci/policy.ts';
import type { Hibernation } from '../../psci/system-event.ts';
import type { PsciVersion } from '../../psci/versions.ts';
import type { OnGuest } from '../../wire/agent.ts';
import { type Executor, readRows } from '../database/database.ts';
import { DEFAULT_LIMIT } from '../database/page.ts';
import { type LabelPair, labelJson } from '../labels.ts';
import { FLEET_POLICIES_SQL, INHERITED_SQL } from '../policies/policy-query.ts';
import { Prisma } from '../prisma/client.ts';
import { NICS_SQL, type Nic } from './nics.ts';
import type { VmPhase } from './vm-phase.ts';

export interface Disk {
  name: string;
  sizeMiB: number;
  readOnly: boolean;
}

/** A VM as it is read: a row of `vms` with what its host's lease and its policy add. */
export interface VmRecord {
  id: string;
  name: string;
  labels: Record<string, string>;
  vcpus: number;
  memoryMiB: number;
  imageId: string;
  cmdline: string;
  disks: Disk[];
  nics: Nic[];
  vsock: boolean;
  vsockCid: number | null;
  onGuest: OnGuest;
  hostSelector: Record<string, string>;
  /** What a drain of its host does with it. */
  onDrain: 'stop' | 'hibernate' | 'restart' | 'migrate';
  psciPolicy: VmPolicy;
  psciVersion: PsciVersion | null;
  psciAllowInsecure: boolean;
  /** The pin of the current or last boot. Null before the first one and after the policy was changed. */
  psciEffective: PsciVersion | null;
  psciSource: PinSource | null;
  psciPinnedAt: Date | null;
  /** Of the fleet policy that the pin came from; null for another source. */
  psciPolicyRevision: number | null;
  /** Why the current or last run has its pin. */
  psciWhy: string | null;
  /** Those in force that select the VM, audited ones among them. */
  fleetPolicies: readonly FleetPolicy[];
  psciAllowMissing: boolean;
  psciSystemSuspend: boolean;
  /** Recorded at the first boot; what a cold boot must have. */
  firmware: FirmwareAbi | null;
  /** What the current or last run had; what a resume must have. */
  firmwareRun: FirmwareAbi | null;
  /** The boot of a host's kernel in which its guest last started (fingerprints.ts). */
  hostBootId: string | null;
  /** What was measured there at the pin of that boot: what its guest knows. */
  fingerprint: KnownFingerprint | null;
  /** What it was made from. */
  snapshotId: string | null;
  /** Its next start goes on from there. */
  restoring: boolean;
  skipAbsentRegisters: boolean;
  /** While a migration brings its guest: what its next start goes on from. */
  movingSnapshotId: string | null;
  /** Hosts that it may not go to now (VmRemains in prisma/schema.prisma). */
  remainsOn: readonly string[];
  powerState: 'running' | 'stopped';
  phase: VmPhase;
  reason: string | null;
  hibernation: Hibernation | null;
  hostId: string | null;
  hostName: string | null;
  /** An operator has declared its host lost, and with it its disks. */
  hostLost: boolean;
  runId: string | null;
  bootId: string | null;
  observedSequence: number;
  generation: number;
  observedGeneration: number;
  deleting: boolean;
  revision: number;
  createdAt: Date;
  updatedAt: Date;
}

/** That the VM has a run, and its host says nothing of it. */
export const SILENT = Prisma.sql`(v.run_id IS NOT NULL AND h.lease_expires_at < now())`;

/** The phase as clients see it, over `vms v LEFT JOIN hosts h ON h.id = v.host_id`. */
export const PHASE_SQL = Prisma.sql`CASE WHEN ${SILENT} THEN 'unknown' ELSE v.phase END`;

/** The pin the VM has, or, where that depends on no host, the one it will have at its next start. */
export const EFFECTIVE_SQL = Prisma.sql`COALESCE(v.psci_effective,
  CASE v.psci_policy WHEN 'pinned' THEN v.psci_version WHEN 'inherit' THEN ${INHERITED_SQL} END)`;

export const VMS_SQL = Prisma.sql`vms v LEFT JOIN hosts h ON h.id = v.host_id`;

const COLUMNS = Prisma.sql`
  v.id, v.name, v.labels, v.vcpus, v.memory_mib AS "memoryMiB", v.image_id AS "imageId", v.cmdline, v.disks,
  ${NICS_SQL} AS nics, v.vsock_cid IS NOT NULL AS vsock, v.vsock_cid AS "vsockCid",
  v.on_guest AS "onGuest", v.host_selector AS "hostSelector", v.on_drain AS "onDrain",
  v.psci_policy AS "psciPolicy", v.psci_version AS "psciVersion", v.psci_allow_insecure AS "psciAllowInsecure",
  v.psci_effective AS "psciEffective", v.psci_source AS "psciSource", v.psci_pinned_at AS "psciPinnedAt",
  v.psci_policy_revision AS "psciPolicyRevision", v.psci_why AS "psciWhy", ${FLEET_POLICIES_SQL} AS "fleetPolicies",
  v.psci_allow_missing_registers AS "psciAllowMissing", v.psci_system_suspend AS "psciSystemSuspend", v.firmware, v.firmware_run AS "firmwareRun",
  v.host_boot_id AS "hostBootId",
  (SELECT jsonb_build_object('suite', f.suite, 'digest', f.versions->>v.psci_effective)
   FROM host_fingerprints p JOIN fingerprints f ON f.digest = p.digest
   WHERE p.boot_id = v.host_boot_id AND f.versions->>v.psci_effective IS NOT NULL) AS fingerprint,
  v.snapshot_id AS "snapshotId", v.restoring, v.skip_absent_registers AS "skipAbsentRegisters",
  v.moving_snapshot_id AS "movingSnapshotId",
  ARRAY(SELECT r.host_id::text FROM vm_remains r WHERE r.vm_id = v.id) AS "remainsOn",
  v.power_state AS "powerState", ${PHASE_SQL} AS phase,
  CASE WHEN ${SILENT}
    THEN 'Host ' || h.name || ' has been silent since '
      || to_char(h.last_seen_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') || '.'
    ELSE v.reason END AS reason,
  v.hibernation, v.host_id AS "hostId", h.name AS "hostName", h.lost_at IS NOT NULL AS "hostLost", v.run_id AS "runId", v.boot_id AS "bootId",
  v.observed_sequence AS "observedSequence",
  v.generation, v.observed_generation AS "observedGeneration", v.deleting, v.revision,
  v.created_at AS "createdAt", v.updated_at AS "updatedAt"`;

/** With the version at which it was read. */
export interface VersionedVm extends VmRecord {
  /** As `VmVersion` has it. */
  version: string | null;
}

/** Of any VM that is read as a whole, and for the version alone. */
const VERSION_SQL = Prisma.sql`
  CASE WHEN v.psci_effective IS NOT NULL AND v.psci_source IS NOT NULL THEN concat_ws(' ', v.xmin, v.revision,
    (SELECT p.digest FROM host_fingerprints p WHERE p.boot_id = v.host_boot_id),
    CASE WHEN ${SILENT} THEN 'silent ' || h.xmin::text END) END`;

/** Those of `ids` that there are, by their id: `Control.reads` asks for all that requests ask for at the same time. */
export async function findVms(pool: pg.Pool, ids: readonly string[]): Promise<Map<string, VersionedVm>> {
  // As `anyOf` has it.
  const sql = Prisma.sql`
    SELECT ${COLUMNS}, ${VERSION_SQL} AS version FROM ${VMS_SQL} WHERE v.id = ANY(ARRAY(SELECT unnest(${ids}::uuid[])))`;
  const vms = await readRows<VersionedVm>(pool, sql);
  return new Map(vms.map((vm) => [vm.id, vm]));
}

/**
 * What tells whether a VM still is as it was read: two reads that find the same version find the same VM, in every field
 * that clients are shown.
 */
export interface VmVersion {
  id: string;
  /**
   * Of every row that such a read comes from: the transaction that wrote it, and the revision besides, since a database that
   * is restored numbers its transactions once more. Null where policies have a say, for they are many: before the first
   * start, when the pin of the next one is shown.
   */
  version: string | null;
}

/** The same for the version alone. */
export async function findVmVersions(pool: pg.Pool, ids: readonly string[]): Promise<Map<string, VmVersion>> {
  const sql = Prisma.sql`
    SELECT v.id, ${VERSION_SQL} AS version FROM ${VMS_SQL} WHERE v.id = ANY(ARRAY(SELECT unnest(${ids}::uuid[])))`;
  const versions = await readRows<VmVersion>(pool, sql);
  return new Map(versions.map((version) => [version.id, version]));
}

export function findVmSql(vmId: string): Prisma.Sql {
  return Prisma.sql`SELECT ${COLUMNS} FROM ${VMS_SQL} WHERE v.id = ${vmId}::uuid`;
}

export async function findVm(db: Executor, vmId: string): Promise<VmRecord | null> {
  const rows = await db.$queryRaw<VmRecord[]>(findVmSql(vmId));
  return rows[0] ?? null;
}

/** Holds the VM's row until the transaction ends: whatever changes a VM begins here, so changes come one by one. */
export async function lockVm(tx: Executor, vmId: string): Promise<VmRecord | null> {
  const rows = await tx.$queryRaw<VmRecord[]>`
    SELECT ${COLUMNS} FROM ${VMS_SQL} WHERE v.id = ${vmId}::uuid FOR UPDATE OF v`;
  return rows[0] ?? null;
}

/** Some of those that wait for a host, in random order. */
export async function pendingVms(db: Executor, limit: number): Promise<VmRecord[]> {
  return db.$queryRaw<VmRecord[]>`
    SELECT ${COLUMNS} FROM ${VMS_SQL} WHERE v.phase = 'pending' ORDER BY random() LIMIT ${limit}`;
}

export interface VmFilter {
  /** Null: any. */
  ids: readonly string[] | null;
  labels: readonly LabelPair[];
  phase: VmPhase | null;
  hostId: string | null;
  psciVersion: PsciVersion | null;
  /** `uname -r` of its host, or how that begins, up to a dot or hyphen; `none`: it is on no host. */
  kernel: string | null;
  /** A part of its name or of a label `key:value`, or the beginning of its id; case does not matter. */
  search: string | null;
}

/** What LIKE takes for the text itself. */
function likeLiteral(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&');
}

function searchSql(search: string): Prisma.Sql {
  const part = `%${likeLiteral(search)}%`;
  return Prisma.sql`(v.name ILIKE ${part} OR v.id::text LIKE ${`${likeLiteral(search.toLowerCase())}%`}
    OR EXISTS (SELECT FROM jsonb_each_text(v.labels) l WHERE l.key || ':' || l.value ILIKE ${part}))`;
}

function kernelSql(release: string): Prisma.Sql {
  if (release === 'none') return Prisma.sql`v.host_id IS NULL`;
  return Prisma.sql`(h.kernel = ${release} OR starts_with(h.kernel, ${`${release}.`})
    OR starts_with(h.kernel, ${`${release}-`}))`;
}

/** Of a page as most ask for it, and one more, which tells whether there is a next page. */
const USUAL_ROWS = DEFAULT_LIMIT + 1;

export interface VmPage {
  afterId: string | null;
  limit: number;
}

/** In the order of creation, which is that of the ids (UUIDv7); at most `limit` after `afterId`. */
export async function listVms(pool: pg.Pool, filter: VmFilter, page: VmPage): Promise<VersionedVm[]> {
  return readRows(pool, listSql(Prisma.sql`${COLUMNS}, ${VERSION_SQL} AS version`, filter, page));
}

/** The same for the versions alone. */
export async function listVmVersions(pool: pg.Pool, filter: VmFilter, page: VmPage): Promise<VmVersion[]> {
  return readRows(pool, listSql(Prisma.sql`v.id, ${VERSION_SQL} AS version`, filter, page));
}

function listSql(columns: Prisma.Sql, filter: VmFilter, page: VmPage): Prisma.Sql {
  const conditions = [Prisma.sql`true`];
  if (page.afterId !== null) conditions.push(Prisma.sql`v.id > ${page.afterId}::uuid`);
  // As `anyOf` has it.
  if (filter.ids !== null)
    conditions.push(Prisma.sql`v.id = ANY(ARRAY(SELECT unnest(${filter.ids}::uuid[])))`);
  for (const pair of filter.labels) conditions.push(Prisma.sql`v.labels @> ${labelJson(pair)}::jsonb`);
  if (filter.phase !== null) conditions.push(Prisma.sql`${PHASE_SQL} = ${filter.phase}`);
  // Follows from the line above, and has an index.
  if (filter.phase !== null && filter.phase !== 'unknown')
    conditions.push(Prisma.sql`v.phase = ${filter.phase}`);
  if (filter.hostId !== null) conditions.push(Prisma.sql`v.host_id = ${filter.hostId}::uuid`);
  if (filter.kernel !== null) conditions.push(kernelSql(filter.kernel));
  if (filter.search !== null) conditions.push(searchSql(filter.search));
  if (filter.psciVersion !== null) conditions.push(Prisma.sql`${EFFECTIVE_SQL} = ${filter.psciVersion}`);
  // Postgres plans a statement anew each time when its limit is a parameter, which takes as long as the rest.
  const limit = page.limit === USUAL_ROWS ? Prisma.raw(String(USUAL_ROWS)) : Prisma.sql`${page.limit}`;
  return Prisma.sql`
    SELECT ${columns} FROM ${VMS_SQL} WHERE ${Prisma.join(conditions, ' AND ')} ORDER BY v.id LIMIT ${limit}`;
}
