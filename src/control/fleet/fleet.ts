/** Counts over the whole fleet, for dashboards. */
import type pg from 'pg';
import type { Control } from '../control.ts';
import { readSnapshot } from '../database/transact.ts';
import { PHASE_SQL, VMS_SQL } from '../vms/vm-query.ts';
import { countPins, type DriftedVm, type DriftKind, driftedVms, type PinCell } from './fleet-drift.ts';
import { readFleetHosts, readFleetPolicies, readFleetVms } from './fleet-pins.ts';

export interface FleetSummary {
  vms: {
    total: number;
    byPhase: Record<string, number>;
    /** By the pin of the current or next boot; `unresolved` where only a host can tell. */
    byPsciVersion: Record<string, number>;
    /** Whose pin is another than their policy would give at a cold boot on their present host. */
    drifted: number;
    /** By pin and kernel of the host. */
    matrix: readonly PinCell[];
  };
  hosts: {
    total: number;
    byKernel: Record<string, number>;
    byLease: { active: number; expired: number };
    cordoned: number;
    simulated: number;
    /** How many accept each version. */
    byPsciAccepted: Record<string, number>;
  };
  drift: {
    /** VMs that take the newest version of their host at each cold boot. */
    latest: number;
    /** VMs whose pin fewer than two hosts accept. */
    thinlyAccepted: number;
    /** Hosts that answer PSCI calls otherwise than in their boot before. */
    fingerprintChanged: number;
  };
}

/** One snapshot, so that the numbers agree with each other. */
export async function summariseFleet(control: Control): Promise<FleetSummary> {
  return readSnapshot(control, async (client) => {
    const byPhase = await counts(
      client,
      `SELECT ${PHASE_SQL.text} AS key, count(*)::int AS count FROM ${VMS_SQL.text} GROUP BY 1 ORDER BY 1`,
    );
    const byKernel = await counts(
      client,
      'SELECT kernel AS key, count(*)::int AS count FROM hosts GROUP BY 1 ORDER BY 1',
    );
    const byPsciAccepted = await counts(
      client,
      `SELECT version AS key, count(*)::int AS count FROM hosts, unnest(psci_accepted) AS version
       GROUP BY 1 ORDER BY 1`,
    );
    const { total, active, cordoned, simulated, fingerprintChanged } = await countHosts(client);
    const { byVersion, matrix, drifted, latest, thinlyAccepted } = countPins(
      await readFleetVms(client),
      await readFleetHosts(client),
      await readFleetPolicies(client),
    );
    return {
      vms: {
        total: Object.values(byPhase).reduce((sum, count) => sum + count, 0),
        byPhase,
        byPsciVersion: byVersion,
        drifted,
        matrix,
      },
      hosts: {
        total,
        byKernel,
        byLease: { active, expired: total - active },
        cordoned,
        simulated,
        byPsciAccepted,
      },
      drift: { latest, thinlyAccepted, fingerprintChanged },
    };
  });
}

/** The VMs that one of the counts of `drift`, or `vms.drifted`, is about: at most `limit` after `afterId`, by id. */
export async function listDriftedVms(
  control: Control,
  kind: DriftKind,
  { afterId, limit }: { afterId: string | null; limit: number },
): Promise<DriftedVm[]> {
  const drifted = await readSnapshot(control, async (client) =>
    driftedVms(
      kind,
      await readFleetVms(client),
      await readFleetHosts(client),
      await readFleetPolicies(client),
    ),
  );
  const from = afterId === null ? 0 : drifted.findIndex(({ id }) => id > afterId);
  return from === -1 ? [] : drifted.slice(from, from + limit);
}

async function counts(client: pg.PoolClient, text: string): Promise<Record<string, number>> {
  const { rows } = await client.query<{ key: string; count: number }>(text);
  return Object.fromEntries(rows.map(({ key, count }) => [key, count]));
}

interface HostCounts {
  total: number;
  active: number;
  cordoned: number;
  simulated: number;
  fingerprintChanged: number;
}

async function countHosts(client: pg.PoolClient): Promise<HostCounts> {
  // As `hasChanged` of fingerprints.ts has it for one host.
  const { rows } = await client.query<HostCounts>(`
    SELECT count(*)::int AS total, count(*) FILTER (WHERE lease_expires_at > now())::int AS active,
      count(*) FILTER (WHERE cordoned)::int AS cordoned, count(*) FILTER (WHERE simulated)::int AS simulated,
      (SELECT count(*)::int FROM hosts h
       JOIN host_fingerprints f ON f.boot_id = h.boot_id AND f.host_id = h.id
       JOIN fingerprints now ON now.digest = f.digest
       CROSS JOIN LATERAL (
         SELECT p.digest FROM host_fingerprints p WHERE p.host_id = h.id AND p.boot_id <> h.boot_id
         ORDER BY p.taken_at DESC LIMIT 1
       ) p JOIN fingerprints before ON before.digest = p.digest
       WHERE before.suite = now.suite AND before.digest <> now.digest) AS "fingerprintChanged"
    FROM hosts`);
  const [found] = rows;
  if (found === undefined) throw new Error('counting hosts gave nothing');
  return found;
}
