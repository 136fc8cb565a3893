/** Reading what a preflight is about: the target's kernel, the VMs on its hosts, and the fingerprints of both. */
import type pg from 'pg';
import type { FirmwareAbi } from '../../psci/firmware.ts';
import { comparePsciVersions, PSCI_VERSIONS, type PsciVersion } from '../../psci/versions.ts';
import { FLEET_VM_COLUMNS, type FleetHost, type FleetVm } from '../fleet/fleet-pins.ts';
import type { FingerprintRecord } from '../hosts/fingerprints.ts';
import { Refusal } from '../refusals.ts';
import type { PreflightVm, Room, TargetKernel } from './preflight.ts';

/** What hosts are to become: exactly one member. */
export interface PreflightTarget {
  /** A kernel whose newest version is this one. */
  readonly version?: PsciVersion;
  /** As this host is now. */
  readonly hostId?: string;
  /** One that answers so. */
  readonly fingerprint?: string;
}

/** Throws HOST_UNKNOWN. */
export function findHost(all: readonly FleetHost[], hostId: string, pointer = '/hostId'): FleetHost {
  const host = all.find(({ id }) => id === hostId);
  if (host !== undefined) return host;
  throw new Refusal('HOST_UNKNOWN', `There is no host ${hostId}.`, { pointer });
}

export async function readTarget(
  client: pg.PoolClient,
  all: readonly FleetHost[],
  target: PreflightTarget,
  fingerprints: Fingerprints,
): Promise<TargetKernel> {
  if (target.hostId !== undefined) {
    const { id, name, kernel, ...host } = findHost(all, target.hostId, '/target/hostId');
    return {
      words: `a kernel like that of host ${name} (${kernel})`,
      accepted: host.psciAccepted,
      default: host.psciDefault,
      registers: host.psciRegisters,
      suspends: host.psciSuspends,
      fingerprint: (await fingerprints.ofHosts([id])).get(id) ?? null,
    };
  }
  if (target.fingerprint !== undefined) return fingerprintTarget(client, target.fingerprint, fingerprints);
  if (target.version === undefined) throw new Error('a preflight without a target');
  return versionTarget(target.version);
}

/** Every kernel measured so far accepts what is older than its newest version. */
function versionTarget(version: PsciVersion): TargetKernel {
  return {
    words: `a kernel whose newest version is ${version}`,
    accepted: PSCI_VERSIONS.filter((older) => comparePsciVersions(older, version) <= 0),
    default: version,
    ...{ registers: null, suspends: null, fingerprint: null },
  };
}

async function fingerprintTarget(
  client: pg.PoolClient,
  digest: string,
  fingerprints: Fingerprints,
): Promise<TargetKernel> {
  const fingerprint = await fingerprints.byDigest(digest);
  const accepted = PSCI_VERSIONS.filter((version) => fingerprint?.body.versions[version] !== undefined);
  const newest = accepted.at(-1);
  if (fingerprint === null || newest === undefined) {
    throw new Refusal('FINGERPRINT_UNKNOWN', `No host of this fleet has had the fingerprint ${digest}.`, {
      pointer: '/target/fingerprint',
    });
  }
  const { rows } = await client.query<{ kernel: string }>(
    'SELECT DISTINCT kernel FROM host_fingerprints WHERE digest = $1 ORDER BY 1 LIMIT 3',
    [digest],
  );
  const kernels = rows.map(({ kernel }) => kernel).join(', ');
  return {
    words: `a kernel with this fingerprint${kernels === '' ? '' : ` (as ${kernels})`}`,
    accepted,
    default: newest,
    registers: null,
    suspends: accepted.some((version) => fingerprint.body.versions[version]?.systemSuspend != null),
    fingerprint,
  };
}

interface VmRow extends FleetVm {
  hostId: string;
  firmware: FirmwareAbi | null;
  psciAllowMissing: boolean;
  psciSystemSuspend: boolean;
  hostBootId: string | null;
  vcpus: number;
  memoryMiB: number;
  runs: boolean;
}

/** What is left of each host, by its id. */
async function readRoom(client: pg.PoolClient, hostIds: readonly string[]): Promise<Map<string, Room>> {
  const { rows } = await client.query<Room & { id: string }>(
    `SELECT h.id, h.capacity_vcpus - COALESCE(sum(v.vcpus), 0)::int AS vcpus,
       h.capacity_memory_mib - COALESCE(sum(v.memory_mib), 0)::int AS "memoryMiB"
     FROM hosts h LEFT JOIN vms v ON v.host_id = h.id AND v.run_id IS NOT NULL
     WHERE h.id = ANY($1::uuid[]) GROUP BY h.id`,
    [hostIds],
  );
  return new Map(rows.map(({ id, vcpus, memoryMiB }) => [id, { vcpus, memoryMiB }]));
}

/** Of one that is off and can start on its host alone; others have their room, or look for it elsewhere. */
function shortOf(
  { hasDisks, runs, vcpus, memoryMiB }: Pick<VmRow, 'hasDisks' | 'runs' | 'vcpus' | 'memoryMiB'>,
  left: Room | undefined,
): PreflightVm['shortOf'] {
  if (!hasDisks || runs || left === undefined) return null;
  const fits = vcpus <= left.vcpus && memoryMiB <= left.memoryMiB;
  return fits ? null : { needed: { vcpus, memoryMiB }, left };
}

/** Those on the hosts; in the order of ids. */
export async function readVms(
  client: pg.PoolClient,
  hosts: readonly FleetHost[],
  fingerprints: Fingerprints,
): Promise<PreflightVm[]> {
  const ids = hosts.map(({ id }) => id);
  const { rows } = await client.query<VmRow>(
    `SELECT ${FLEET_VM_COLUMNS}, v.psci_allow_missing_registers AS "psciAllowMissing",
       v.psci_system_suspend AS "psciSystemSuspend", v.host_boot_id AS "hostBootId", v.vcpus,
       v.memory_mib AS "memoryMiB", v.run_id IS NOT NULL AS runs,
       CASE WHEN v.hibernation IN ('yes', 'unknown') OR v.restoring THEN COALESCE(v.firmware_run, v.firmware)
         ELSE v.firmware END AS firmware
     FROM vms v WHERE v.host_id = ANY($1::uuid[]) ORDER BY v.id`,
    [ids],
  );
  const boots = rows.flatMap(({ hostBootId }) => (hostBootId === null ? [] : [hostBootId]));
  const [known, present] = [await fingerprints.ofBoots(boots), await fingerprints.ofHosts(ids)];
  const room = await readRoom(client, ids);
  return rows.map(({ firmware, hostBootId, ...vm }) => {
    const knows = hostBootId === null ? undefined : known.get(hostBootId);
    return {
      ...vm,
      registers: firmware?.registers ?? null,
      // Of a guest whose boot was not measured it is likely that it was answered as its host answers now.
      fingerprint: knows ?? present.get(vm.hostId) ?? null,
      fingerprintKnown: knows !== undefined,
      shortOf: shortOf(vm, room.get(vm.hostId)),
    };
  });
}

interface FingerprintRow {
  digest: string;
  suite: number;
  body: FingerprintRecord['body']['versions'];
  versions: FingerprintRecord['digests']['versions'];
  createdAt: Date;
}

/** Those of one snapshot of the database; each is read once. */
export class Fingerprints {
  readonly #client: pg.PoolClient;
  readonly #known = new Map<string, FingerprintRecord>();

  constructor(client: pg.PoolClient) {
    this.#client = client;
  }

  async byDigest(digest: string): Promise<FingerprintRecord | null> {
    await this.#load([digest]);
    return this.#known.get(digest) ?? null;
  }

  /** By boot of a host's kernel. */
  ofBoots(bootIds: readonly string[]): Promise<Map<string, FingerprintRecord>> {
    return this.#find(
      'SELECT boot_id AS key, digest FROM host_fingerprints WHERE boot_id = ANY($1::uuid[])',
      bootIds,
    );
  }

  /** By host, as it is now. */
  ofHosts(hostIds: readonly string[]): Promise<Map<string, FingerprintRecord>> {
    return this.#find(
      `SELECT h.id AS key, f.digest FROM hosts h
       JOIN host_fingerprints f ON f.boot_id = h.boot_id AND f.host_id = h.id WHERE h.id = ANY($1::uuid[])`,
      hostIds,
    );
  }

  async #find(text: string, keys: readonly string[]): Promise<Map<string, FingerprintRecord>> {
    const { rows } = await this.#client.query<{ key: string; digest: string }>(text, [[...new Set(keys)]]);
    await this.#load(rows.map(({ digest }) => digest));
    return new Map(
      rows.flatMap(({ key, digest }) => {
        const found = this.#known.get(digest);
        return found === undefined ? [] : [[key, found] as const];
      }),
    );
  }

  async #load(digests: readonly string[]): Promise<void> {
    const missing = [...new Set(digests)].filter((digest) => !this.#known.has(digest));
    if (missing.length === 0) return;
    const { rows } = await this.#client.query<FingerprintRow>(
      'SELECT digest, suite, body, versions, created_at AS "createdAt" FROM fingerprints WHERE digest = ANY($1)',
      [missing],
    );
    for (const { digest, suite, body, versions, createdAt } of rows) {
      const record = { digest, body: { suite, versions: body }, digests: { suite, versions }, createdAt };
      this.#known.set(digest, record);
    }
  }
}
