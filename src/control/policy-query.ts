/** Reading fleet policies: those in force, and the SQL by which a VM's row says which of them select it. */
import type { FleetPolicy } from '../psci/fleet-policy.ts';
import { FLEET_DEFAULT } from '../psci/versions.ts';
import type { Executor } from './database.ts';
import { Prisma } from './prisma/client.ts';

/** The newest revision of each policy that is not deleted; conditions are added with AND. */
const IN_FORCE = `psci_policies p JOIN psci_policy_revisions r ON r.policy_id = p.id AND r.revision = p.revision
  WHERE p.deleted_at IS NULL`;

/** Every policy in force, as rows of FleetPolicy. */
export const POLICIES_IN_FORCE = `SELECT p.id, r.revision, r.name, r.selector, r.version, r.priority, r.enforcement
  FROM ${IN_FORCE} ORDER BY p.id`;

const ACTIVE = Prisma.raw(IN_FORCE);

/** Every policy in force. */
export async function readActivePolicies(db: Executor): Promise<FleetPolicy[]> {
  return db.$queryRaw<FleetPolicy[]>(Prisma.raw(POLICIES_IN_FORCE));
}

/** The policies that select the VM `v`, as JSON of FleetPolicy[]. */
export const FLEET_POLICIES_SQL = Prisma.sql`COALESCE((
  SELECT jsonb_agg(jsonb_build_object('id', p.id, 'revision', r.revision, 'name', r.name, 'selector', r.selector,
    'version', r.version, 'priority', r.priority, 'enforcement', r.enforcement) ORDER BY p.id)
  FROM ${ACTIVE} AND v.labels @> r.selector), '[]')`;

/** What the VM `v` inherits; null where a host decides. As `resolvePin` has it for a VM that has not run. */
export const INHERITED_SQL = Prisma.sql`(
  SELECT CASE WHEN c.version IN ('sticky', 'latest') THEN NULL ELSE c.version END FROM (
    (SELECT r.version, 0 AS rank FROM ${ACTIVE} AND r.enforcement = 'enforce' AND v.labels @> r.selector
     ORDER BY r.priority DESC, p.id LIMIT 1)
    UNION ALL SELECT ${FLEET_DEFAULT}, 1
  ) c ORDER BY c.rank LIMIT 1)`;
