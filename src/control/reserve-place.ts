/**
 * Reserving room for a run. What a host has left is decided under that host's lock, which is held to the commit, so no
 * host is ever given more than it has; starts that go to different hosts do not wait for each other.
 *
 *   some hosts, drawn at random ─▶ the best of them ─▶ its lock, if free ─▶ read anew ─▶ still fits: reserved
 *        │ none fits                  ▲      another start has it, or no longer fits │
 *        ▼                            └──────────────── the next best ◀──────────────┘
 *   all hosts: none fits ─▶ refused, with every host counted
 *        │ some fit, and none can be had: many starts want the same few hosts
 *        ▼
 *   one start after the other, over all hosts
 *
 * The best of several hosts drawn at random is nearly the best of all, and in a fleet of no more than SAMPLE hosts it is
 * that one. Nothing is kept between starts, so replicas are equal.
 */
import type { Executor } from './database.ts';
import { bestPlace, choosePlace, type Place } from './placement.ts';
import type { PinOn, PlacementHost, PlacementVm } from './placement-objections.ts';
import { Prisma } from './prisma/client.ts';
import type { Refusal } from './refusals.ts';

/**
 * pg_advisory_xact_lock keys. "hold" + 1: shared by those who take the lock of a host, exclusive for one who needs
 * none. Together with a number made of its id it is the lock of a host.
 */
const PLACEMENT_LOCK = 0x686f6c65;
/** Hosts drawn for a first look. */
const SAMPLE = 64;
/** Hosts tried of one look, each of which another start may just have. */
const TRIES = 8;

/** A place for the VM, reserved until the transaction ends, or why there is none. Begin with the VM's row locked. */
export async function reservePlace(tx: Executor, vm: PlacementVm, pinOn: PinOn): Promise<Place | Refusal> {
  await tx.$executeRaw`SAVEPOINT placement`;
  await tx.$executeRaw`SELECT pg_advisory_xact_lock_shared(${PLACEMENT_LOCK})`;
  const found =
    (await reserveOne(tx, vm, await sampleHosts(tx, vm), pinOn)) ??
    (await reserveOrRefuse(tx, vm, await readHosts(tx), pinOn));
  if (found !== null) return found;
  // Lets go of the shared lock and of every host's: two that waited for each other's would wait for ever.
  await tx.$executeRaw`ROLLBACK TO SAVEPOINT placement`;
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(${PLACEMENT_LOCK})`;
  const { place, refusal } = choosePlace(vm, await readHosts(tx), pinOn);
  return place ?? refusal;
}

/** Every host with the room it has left. */
export async function readHosts(tx: Executor): Promise<PlacementHost[]> {
  // Grouped once: a look at each host's VMs would be slower for all of them.
  return tx.$queryRaw<PlacementHost[]>`
    SELECT ${COLUMNS} FROM hosts h LEFT JOIN (
      SELECT host_id, sum(vcpus) AS vcpus, sum(memory_mib) AS memory FROM vms WHERE run_id IS NOT NULL GROUP BY host_id
    ) used ON used.host_id = h.id`;
}

const COLUMNS = Prisma.sql`
  h.id, h.name, h.labels, h.psci_accepted AS "psciAccepted", h.psci_default AS "psciDefault",
  h.psci_registers AS "psciRegisters", h.psci_suspends AS "psciSuspends",
  (SELECT jsonb_build_object('suite', f.suite, 'versions', f.versions)
   FROM host_fingerprints p JOIN fingerprints f ON f.digest = p.digest
   WHERE p.boot_id = h.boot_id AND p.host_id = h.id) AS fingerprint,
  h.capacity_vcpus AS "capacityVcpus", h.capacity_memory_mib AS "capacityMemoryMiB",
  COALESCE(used.vcpus, 0)::int AS "usedVcpus", COALESCE(used.memory, 0)::int AS "usedMemoryMiB",
  h.cordoned, h.lease_expires_at > now() AS "leaseActive"`;

/** Some of the hosts that could take the VM if they were empty. */
async function sampleHosts(tx: Executor, vm: PlacementVm): Promise<PlacementHost[]> {
  const there = vm.boundTo === null ? Prisma.empty : Prisma.sql`AND id = ${vm.boundTo}::uuid`;
  return readSome(
    tx,
    Prisma.sql`
      SELECT * FROM hosts WHERE lease_expires_at > now() AND NOT cordoned
        AND labels @> ${JSON.stringify(vm.hostSelector)}::jsonb
        AND capacity_vcpus >= ${vm.vcpus} AND capacity_memory_mib >= ${vm.memoryMiB} ${there}
      ORDER BY random() LIMIT ${SAMPLE}`,
  );
}

async function readSome(tx: Executor, hosts: Prisma.Sql): Promise<PlacementHost[]> {
  return tx.$queryRaw<PlacementHost[]>`
    SELECT ${COLUMNS} FROM (${hosts}) h LEFT JOIN LATERAL (
      SELECT sum(v.vcpus) AS vcpus, sum(v.memory_mib) AS memory FROM vms v
      WHERE v.host_id = h.id AND v.run_id IS NOT NULL
    ) used ON true`;
}

/** Reserves the best of `hosts` that can be had; null when none can. */
async function reserveOne(
  tx: Executor,
  vm: PlacementVm,
  hosts: readonly PlacementHost[],
  pinOn: PinOn,
): Promise<Place | null> {
  let left = hosts;
  for (let tries = 0; tries < TRIES && left.length > 0; tries += 1) {
    const place = bestPlace(vm, left, pinOn);
    if (place === null) return null;
    const { id } = place.host;
    // A statement of its own: what the one after it reads was committed before the lock was had.
    const [lock] = await tx.$queryRaw<{ had: boolean }[]>`
      SELECT pg_try_advisory_xact_lock(${PLACEMENT_LOCK}::int, hashtext(${id})) AS had`;
    if (lock?.had === true) {
      const now = await readSome(tx, Prisma.sql`SELECT * FROM hosts WHERE id = ${id}::uuid`);
      const still = bestPlace(vm, now, pinOn);
      if (still !== null) return still;
    }
    left = left.filter((host) => host.id !== id);
  }
  return null;
}

/** Null when some fit and none can be had. Without a lock: starts under way only take room. */
async function reserveOrRefuse(
  tx: Executor,
  vm: PlacementVm,
  hosts: readonly PlacementHost[],
  pinOn: PinOn,
): Promise<Place | Refusal | null> {
  const { refusal } = choosePlace(vm, hosts, pinOn);
  return refusal ?? (await reserveOne(tx, vm, hosts, pinOn));
}
