/** For "nothing was changed": what every table holds. */
import type { Control } from '../../src/control/control.ts';

const UNCOUNTED = ['_prisma_migrations', 'audit_entries', 'audit_changes'];

/** The number of rows of every table but the audit's. */
export async function countRows(control: Control): Promise<Record<string, number>> {
  const tables = await control.pool.query<{ name: string }>(
    "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY 1",
  );
  const counts: Record<string, number> = {};
  for (const { name } of tables.rows.filter((table) => !UNCOUNTED.includes(table.name))) {
    const { rows } = await control.pool.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM "${name}"`,
    );
    counts[name] = rows[0]?.count ?? 0;
  }
  return counts;
}
