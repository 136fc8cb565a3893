/** Heartbeats: a host's lease, what its agent found out about it, and how far it has followed what is wanted. */
import type { HeartbeatRequest, HeartbeatResponse, HostFacts } from '../../wire/agent.ts';
import type { Control } from '../control.ts';

/** The columns of `hosts` that an agent's facts fill. */
export function factColumns(facts: HostFacts) {
  return {
    agentVersion: facts.agentVersion,
    kernel: facts.kernel,
    bootId: facts.bootId,
    psciAccepted: facts.psci.accepted,
    psciDefault: facts.psci.default,
    ...(facts.psci.registers === undefined ? {} : { psciRegisters: facts.psci.registers }),
    psciSuspends: facts.psci.systemSuspend ?? null,
    movesDisks: facts.movesDisks ?? null,
    capacityVcpus: facts.capacity.vcpus,
    capacityMemory: facts.capacity.memoryMiB,
    simulated: facts.simulated,
  };
}

/**
 * Renews the lease by the database's clock. The revision is raised only when a fact has changed, so that a heartbeat
 * spoils nobody's If-Match.
 */
export async function renewLease(
  control: Control,
  hostId: string,
  beat: HeartbeatRequest,
): Promise<HeartbeatResponse> {
  const { leaseSeconds, heartbeatSeconds } = control.settings;
  const facts = factColumns(beat.facts);
  await control.pool.query({
    name: 'renew-lease',
    text: `UPDATE hosts SET lease_expires_at = now() + make_interval(secs => $2), last_seen_at = now(),
             lost_at = NULL,
             agent_version = $3, kernel = $4, boot_id = $5, psci_accepted = $6, psci_default = $7,
             capacity_vcpus = $8, capacity_memory_mib = $9, simulated = $10, psci_registers = $11,
             psci_suspends = $12, counters = $13, moves_disks = $14,
             revision = revision + CASE WHEN (agent_version, kernel, boot_id, psci_accepted, psci_default,
               capacity_vcpus, capacity_memory_mib, simulated, psci_registers, psci_suspends, moves_disks)
               IS DISTINCT FROM ($3::text, $4::text, $5::uuid, $6::text[], $7::text, $8::int, $9::int, $10::bool,
               $11::jsonb, $12::bool, $14::bool) OR lost_at IS NOT NULL
               THEN 1 ELSE 0 END
           WHERE id = $1`,
    values: [
      hostId,
      leaseSeconds,
      facts.agentVersion,
      facts.kernel,
      facts.bootId,
      facts.psciAccepted,
      facts.psciDefault,
      facts.capacityVcpus,
      facts.capacityMemory,
      facts.simulated,
      facts.psciRegisters === undefined ? null : JSON.stringify(facts.psciRegisters),
      facts.psciSuspends,
      beat.counters === undefined ? null : JSON.stringify(beat.counters),
      facts.movesDisks,
    ],
  });
  if (beat.vms.length > 0) {
    // Locked in the order of ids, as everybody who locks several VMs does.
    await control.pool.query({
      name: 'observe-generations',
      text: `WITH said AS (SELECT * FROM unnest($2::uuid[], $3::int[]) AS s (id, generation)),
               behind AS (
                 SELECT v.id, LEAST(said.generation, v.generation) AS seen FROM vms v JOIN said USING (id)
                 WHERE v.host_id = $1 AND v.observed_generation < LEAST(said.generation, v.generation)
                 ORDER BY v.id FOR UPDATE OF v)
             UPDATE vms SET observed_generation = behind.seen, revision = revision + 1
             FROM behind WHERE vms.id = behind.id`,
      values: [
        hostId,
        beat.vms.map(({ vmId }) => vmId),
        beat.vms.map(({ observedGeneration }) => Math.min(observedGeneration, LARGEST_GENERATION)),
      ],
    });
  }
  return { leaseSeconds, heartbeatSeconds };
}

/** `generation` is an `int` in Postgres. */
const LARGEST_GENERATION = 2_147_483_647;
