/**
 * What hosts' KVM answers to PSCI calls, as their agents measured it (psci/fingerprint.ts).
 *
 *   fingerprints        one row for each that was seen, by digest; never changed
 *   host_fingerprints   one row for each boot of a host's kernel
 *
 * A guest knows its firmware from the boot of the host's kernel in which it last started (`vms.host_boot_id`), so what
 * it knows is that boot's fingerprint, also when it was measured after the guest started. What nobody refers to goes
 * in time (fingerprint-purge.ts).
 */
import { createHash } from 'node:crypto';
import {
  canonicalAnswers,
  canonicalFingerprint,
  type Fingerprint,
  type FingerprintDigests,
} from '../../psci/fingerprint.ts';
import { PSCI_VERSIONS, type PsciVersion } from '../../psci/versions.ts';
import type { FingerprintRequest } from '../../wire/agent.ts';
import type { Control } from '../control.ts';
import type { Executor } from '../database/database.ts';
import { transact } from '../database/transact.ts';
import { Prisma } from '../prisma/client.ts';
import { Refusal } from '../refusals.ts';

/** A fingerprint as it is stored: its body, and the digest of each version's answers. */
export interface FingerprintRecord {
  readonly digest: string;
  readonly body: Fingerprint;
  readonly digests: FingerprintDigests;
  readonly createdAt: Date;
}

/** A fingerprint with the number of hosts whose kernel answers so now. */
export interface ListedFingerprint extends FingerprintRecord {
  readonly hosts: number;
  /** `uname -r` of every kernel that it was measured on. */
  readonly kernels: readonly string[];
}

/** What was measured in one boot of a host. */
export interface HostFingerprint {
  readonly hostId: string;
  readonly bootId: string;
  readonly kernel: string;
  readonly takenAt: Date;
  readonly fingerprint: FingerprintRecord;
}

/** What a host's kernel answers now, null while that is not measured, and what its kernel before answered. */
export interface HostFingerprints {
  readonly current: HostFingerprint | null;
  readonly previous: HostFingerprint | null;
}

function sha256(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}

/** The digests of a fingerprint: of all of it, and of what every guest at each version is answered. */
export function digestsOf(body: Fingerprint): { digest: string; versions: FingerprintDigests['versions'] } {
  const versions: Partial<Record<PsciVersion, string>> = {};
  for (const version of PSCI_VERSIONS) {
    const measured = body.versions[version];
    if (measured !== undefined) versions[version] = sha256(canonicalAnswers(body.suite, version, measured));
  }
  return { digest: sha256(canonicalFingerprint(body)), versions };
}

/**
 * Stores what an agent measured in a boot of its host. Told again it changes nothing; another suite's takes the place.
 * Throws FINGERPRINT_OF_ANOTHER_HOST.
 */
export async function storeFingerprint(
  control: Control,
  hostId: string,
  { kernel, bootId, suite, versions }: FingerprintRequest,
): Promise<{ digest: string }> {
  const body: Fingerprint = { suite, versions };
  const { digest, versions: digests } = digestsOf(body);
  await transact(control, async (tx) => {
    // One that is there is locked: it is not to go (fingerprint-purge.ts) while it gets a boot.
    await tx.$executeRaw`
      INSERT INTO fingerprints (digest, suite, body, versions)
      VALUES (${digest}, ${suite}, ${JSON.stringify(body.versions)}::jsonb, ${JSON.stringify(digests)}::jsonb)
      ON CONFLICT (digest) DO UPDATE SET suite = excluded.suite`;
    const [before] = await tx.$queryRaw<{ digest: string }[]>`
      SELECT digest FROM host_fingerprints WHERE boot_id = ${bootId}::uuid AND host_id = ${hostId}::uuid FOR UPDATE`;
    const stored = await tx.$executeRaw`
      INSERT INTO host_fingerprints AS f (boot_id, host_id, digest, kernel)
      VALUES (${bootId}::uuid, ${hostId}::uuid, ${digest}, ${kernel})
      ON CONFLICT (boot_id) DO UPDATE SET digest = excluded.digest, kernel = excluded.kernel,
        taken_at = CASE WHEN f.digest = excluded.digest THEN f.taken_at ELSE now() END
      WHERE f.host_id = excluded.host_id`;
    if (stored === 0) {
      throw new Refusal(
        'FINGERPRINT_OF_ANOTHER_HOST',
        `Boot ${bootId} is that of another host of this fleet.`,
      );
    }
    if (before?.digest === digest) return;
    await tx.$executeRaw`UPDATE hosts SET revision = revision + 1 WHERE id = ${hostId}::uuid`;
  });
  return { digest };
}

interface Row {
  digest: string;
  suite: number;
  body: Fingerprint['versions'];
  versions: FingerprintDigests['versions'];
  createdAt: Date;
}

const COLUMNS = Prisma.sql`f.digest, f.suite, f.body, f.versions, f.created_at AS "createdAt"`;

function toRecord({ digest, suite, body, versions, createdAt }: Row): FingerprintRecord {
  return { digest, body: { suite, versions: body }, digests: { suite, versions }, createdAt };
}

/** Those of these digests that are stored. */
export async function readFingerprints(
  db: Executor,
  digests: readonly string[],
): Promise<Map<string, FingerprintRecord>> {
  if (digests.length === 0) return new Map();
  const rows = await db.$queryRaw<Row[]>`
    SELECT ${COLUMNS} FROM fingerprints f WHERE f.digest = ANY(${[...new Set(digests)]})`;
  return new Map(rows.map((row) => [row.digest, toRecord(row)]));
}

/** In the order of their digests. */
export async function listFingerprints(
  control: Control,
  page: { after: string | null; limit: number },
): Promise<ListedFingerprint[]> {
  return readListed(
    control,
    Prisma.sql`${page.after}::text IS NULL OR f.digest > ${page.after} ORDER BY f.digest LIMIT ${page.limit}`,
  );
}

/** Throws FINGERPRINT_NOT_FOUND. */
export async function getFingerprint(control: Control, digest: string): Promise<ListedFingerprint> {
  const [found] = await readListed(control, Prisma.sql`f.digest = ${digest}`);
  if (found !== undefined) return found;
  throw new Refusal('FINGERPRINT_NOT_FOUND', `No host of this fleet has had the fingerprint ${digest}.`);
}

async function readListed(control: Control, which: Prisma.Sql): Promise<ListedFingerprint[]> {
  const rows = await control.db.$queryRaw<(Row & { hosts: number; kernels: string[] })[]>`
    SELECT ${COLUMNS}, u.hosts, u.kernels
    FROM fingerprints f CROSS JOIN LATERAL (
      SELECT count(DISTINCT h.id)::int AS hosts,
        COALESCE(array_agg(DISTINCT p.kernel ORDER BY p.kernel), '{}') AS kernels
      FROM host_fingerprints p LEFT JOIN hosts h ON h.boot_id = p.boot_id AND h.id = p.host_id
      WHERE p.digest = f.digest
    ) u
    WHERE ${which}`;
  return rows.map(({ hosts, kernels, ...row }) => ({ ...toRecord(row), hosts, kernels }));
}

interface BootRow {
  hostId: string;
  bootId: string;
  kernel: string;
  takenAt: Date;
  digest: string;
  current: boolean;
}

/** By host id, of hosts that there are. */
export async function readHostFingerprints(
  db: Executor,
  hostIds: readonly string[],
): Promise<Map<string, HostFingerprints>> {
  if (hostIds.length === 0) return new Map();
  const boots = await db.$queryRaw<BootRow[]>`
    SELECT h.id AS "hostId", f.boot_id AS "bootId", f.kernel, f.taken_at AS "takenAt", f.digest,
      f.boot_id = h.boot_id AS current
    FROM hosts h CROSS JOIN LATERAL (
      (SELECT * FROM host_fingerprints WHERE boot_id = h.boot_id AND host_id = h.id)
      UNION ALL
      (SELECT * FROM host_fingerprints WHERE host_id = h.id AND boot_id <> h.boot_id
       ORDER BY taken_at DESC LIMIT 1)
    ) f
    WHERE h.id = ANY(${[...hostIds]}::uuid[])`;
  const stored = await readFingerprints(
    db,
    boots.map(({ digest }) => digest),
  );
  const byHost = Map.groupBy(boots, (boot) => boot.hostId);
  const found = (hostId: string, current: boolean): HostFingerprint | null => {
    const boot = byHost.get(hostId)?.find((row) => row.current === current);
    const fingerprint = boot === undefined ? undefined : stored.get(boot.digest);
    if (boot === undefined || fingerprint === undefined) return null;
    return { hostId, bootId: boot.bootId, kernel: boot.kernel, takenAt: boot.takenAt, fingerprint };
  };
  return new Map(
    hostIds.map((hostId) => [hostId, { current: found(hostId, true), previous: found(hostId, false) }]),
  );
}

/** Throws HOST_NOT_FOUND. */
export async function hostFingerprint(control: Control, hostId: string): Promise<HostFingerprints> {
  const host = await control.db.host.findUnique({ where: { id: hostId }, select: { id: true } });
  if (host === null) throw new Refusal('HOST_NOT_FOUND', `There is no host ${hostId}.`);
  const found = (await readHostFingerprints(control.db, [hostId])).get(hostId);
  return found ?? { current: null, previous: null };
}

/** Whether a host answers otherwise than it did in the boot before; null where that cannot be told. */
export function hasChanged({ current, previous }: HostFingerprints): boolean | null {
  if (current === null || previous === null) return null;
  const [is, was] = [current.fingerprint, previous.fingerprint];
  return is.body.suite === was.body.suite ? is.digest !== was.digest : null;
}
