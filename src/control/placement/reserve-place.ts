/**
 * Reserving room for a run. What a host has left is decided under that host's lock, which is held to the commit, so no
 * host is ever given more than it has; starts that go to different hosts do not wait for each other.
 *
 *   some hosts, drawn at random ─▶ the best of them ─▶ its lock, if free ─▶ read anew ─▶ still fits: reserved
 *        │ none fits                  ▲      another start has it, or no longer fits │
 *        ▼                            └──────────────── the next best ◀──────────────┘
 *   all hosts: none fits ─▶ refused, with every host counted
 *        │    ▲ some fit, and none can be had: many starts want the same few hosts
 *        ▼    │ it has filled up
 *   waits for the best one's lock ─▶ read anew ─▶ still fits: reserved
 *
 * A start that waits may itself hold the locks of hosts that it has found full. Nobody waits for those but one that read
 * them just before they filled up; should two starts so wait for each other, Postgres ends one, which is done again
 * (transact.ts).
 *
 * The best of several hosts drawn at random is nearly the best of all, and in a fleet of no more than SAMPLE hosts it is
 * that one. Nothing is kept between starts, so replicas are equal.
 */
import { ADVISORY_LOCKS } from '../database/advisory-locks.ts';
import type { Executor } from '../database/database.ts';
import { Prisma } from '../prisma/client.ts';
import type { Refusal } from '../refusals.ts';
import { bestPlace, choosePlace, type Place } from './placement.ts';
import type { PinOn, PlacementHost, PlacementVm } from './placement-objections.ts';

/** Hosts drawn for a first look. */
const SAMPLE = 32;
/** Hosts tried of one look, each of which another start may just have. */
const TRIES = 8;

/** A place for the VM, reserved until the transaction ends, or why there is none. Begin with the VM's row locked. */
export async function reservePlace(tx: Executor, vm: PlacementVm, pinOn: PinOn): Promise<Place | Refusal> {
  const sampled = await reserveOne(tx, vm, await sampleHosts(tx, vm), pinOn);
  if (sampled !== null) return sampled;
  for (;;) {
    const hosts = await readHosts(tx);
    // Without a lock: starts under way only take room.
    const { place, refusal } = choosePlace(vm, hosts, pinOn);
    if (place === null) return refusal;
    const found = (await reserveOne(tx, vm, hosts, pinOn)) ?? (await waitFor(tx, vm, place.host.id, pinOn));
    if (found !== null) return found;
  }
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
  h.cordoned, h.moves_disks AS "movesDisks", h.lease_expires_at > now() AS "leaseActive"`;

/** Some of the hosts that could take the VM if they were empty. */
async function sampleHosts(tx: Executor, vm: PlacementVm): Promise<PlacementHost[]> {
  const only = vm.boundTo ?? vm.move?.to ?? null;
  const there = only === null ? Prisma.empty : Prisma.sql`AND id = ${only}::uuid`;
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
      SELECT pg_try_advisory_xact_lock(${ADVISORY_LOCKS.placement}::int, hashtext(${id})) AS had`;
    if (lock?.had === true) {
      const still = bestPlace(vm, await readOne(tx, id), pinOn);
      if (still !== null) return still;
    }
    left = left.filter((host) => host.id !== id);
  }
  return null;
}

/** Null when the host has filled up meanwhile. */
async function waitFor(tx: Executor, vm: PlacementVm, hostId: string, pinOn: PinOn): Promise<Place | null> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(${ADVISORY_LOCKS.placement}::int, hashtext(${hostId}))`;
  return bestPlace(vm, await readOne(tx, hostId), pinOn);
}

/** Under its lock, so that this is what it has left. */
function readOne(tx: Executor, hostId: string): Promise<PlacementHost[]> {
  return readSome(tx, Prisma.sql`SELECT * FROM hosts WHERE id = ${hostId}::uuid`);
}
