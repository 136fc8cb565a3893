/** Reading fleet policies: those in force, and the SQL by which a VM's row says which of them select it. */
import type { FleetPolicy } from '../../psci/fleet-policy.ts';
import { FLEET_DEFAULT } from '../../psci/versions.ts';
import type { Executor } from '../database/database.ts';
import { Prisma } from '../prisma/client.ts';

/** Every policy in force, as rows of FleetPolicy. */
export const POLICIES_IN_FORCE = `SELECT p.id, p.revision, p.name, p.selector, p.version, p.priority, p.enforcement
  FROM psci_policies p ORDER BY p.id`;

/** Every policy in force. */
export async function readActivePolicies(db: Executor): Promise<FleetPolicy[]> {
  return db.$queryRaw<FleetPolicy[]>(Prisma.raw(POLICIES_IN_FORCE));
}

/** The policies that select the VM `v`, as JSON of FleetPolicy[]. */
export const FLEET_POLICIES_SQL = Prisma.sql`COALESCE((
  SELECT jsonb_agg(jsonb_build_object('id', p.id, 'revision', p.revision, 'name', p.name, 'selector', p.selector,
    'version', p.version, 'priority', p.priority, 'enforcement', p.enforcement) ORDER BY p.id)
  FROM psci_policies p WHERE v.labels @> p.selector), '[]')`;

/** What the VM `v` inherits; null where a host decides. As `resolvePin` has it for a VM that has not run. */
export const INHERITED_SQL = Prisma.sql`(
  SELECT CASE WHEN c.version IN ('sticky', 'latest') THEN NULL ELSE c.version END FROM (
    (SELECT p.version, 0 AS rank FROM psci_policies p WHERE p.enforcement = 'enforce' AND v.labels @> p.selector
     ORDER BY p.priority DESC, p.id LIMIT 1)
    UNION ALL SELECT ${FLEET_DEFAULT}, 1
  ) c ORDER BY c.rank LIMIT 1)`;
