/** Counts over the whole fleet, for dashboards. */
import { FLEET_DEFAULT } from '../psci/versions.ts';
import type { Control } from './control.ts';
import { Prisma } from './prisma/client.ts';
import { EFFECTIVE_SQL, PHASE_SQL, VMS_SQL } from './vm-query.ts';

export interface FleetSummary {
  vms: {
    total: number;
    byPhase: Record<string, number>;
    /** By the pin of the current or next boot; `unresolved` where only a host can tell. */
    byPsciVersion: Record<string, number>;
    /** Whose pin is another than their policy would give at a cold boot on their present host. */
    drifted: number;
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
}

interface Count {
  key: string;
  count: number;
}

/** One snapshot, so that the numbers agree with each other. */
export async function summariseFleet(control: Control): Promise<FleetSummary> {
  return control.db.$transaction(
    async (tx) => {
      const counts = async (query: Prisma.Sql): Promise<Record<string, number>> =>
        Object.fromEntries((await tx.$queryRaw<Count[]>(query)).map(({ key, count }) => [key, count]));
      const byPhase = await counts(
        Prisma.sql`SELECT ${PHASE_SQL} AS key, count(*)::int AS count FROM ${VMS_SQL} GROUP BY 1 ORDER BY 1`,
      );
      const byPsciVersion = await counts(Prisma.sql`
        SELECT COALESCE(${EFFECTIVE_SQL}, 'unresolved') AS key, count(*)::int AS count
        FROM ${VMS_SQL} GROUP BY 1 ORDER BY 1`);
      const drifted = await tx.$queryRaw<{ count: number }[]>`
        SELECT count(*)::int AS count FROM ${VMS_SQL}
        WHERE v.psci_effective <> CASE v.psci_policy
          WHEN 'pinned' THEN v.psci_version
          WHEN 'inherit' THEN ${FLEET_DEFAULT}
          WHEN 'latest' THEN (SELECT max(version) FROM unnest(h.psci_accepted) AS version)
          ELSE v.psci_effective END`;
      const byKernel = await counts(
        Prisma.sql`SELECT kernel AS key, count(*)::int AS count FROM hosts GROUP BY 1 ORDER BY 1`,
      );
      const byPsciAccepted = await counts(Prisma.sql`
        SELECT version AS key, count(*)::int AS count FROM hosts, unnest(psci_accepted) AS version
        GROUP BY 1 ORDER BY 1`);
      const hosts = await tx.$queryRaw<
        { total: number; active: number; cordoned: number; simulated: number }[]
      >`
        SELECT count(*)::int AS total, count(*) FILTER (WHERE lease_expires_at > now())::int AS active,
          count(*) FILTER (WHERE cordoned)::int AS cordoned, count(*) FILTER (WHERE simulated)::int AS simulated
        FROM hosts`;
      const { total = 0, active = 0, cordoned = 0, simulated = 0 } = hosts[0] ?? {};
      return {
        vms: {
          total: Object.values(byPhase).reduce((sum, count) => sum + count, 0),
          byPhase,
          byPsciVersion,
          drifted: drifted[0]?.count ?? 0,
        },
        hosts: {
          total,
          byKernel,
          byLease: { active, expired: total - active },
          cordoned,
          simulated,
          byPsciAccepted,
        },
      };
    },
    { isolationLevel: 'RepeatableRead' },
  );
}
