/** Brings the database to the schema this version was written for. Safe when several replicas start at once. */
import { readdir } from 'node:fs/promises';
import pg from 'pg';
import { ADVISORY_LOCKS } from './advisory-locks.ts';
import { NO_FILTER, openSchemaEngine, PRISMA_DIRECTORY, readMigrations } from './schema-engine.ts';

/** Applies what is missing, in order, and returns the names. Throws when a migration failed or was edited. */
export async function migrate(url: string): Promise<string[]> {
  // Not the service's pool: a migration may take longer than any query of the service is allowed to.
  const pool = new pg.Pool({ connectionString: url, application_name: 'holdfast migrate' });
  pool.on('error', () => undefined);
  try {
    const names = await migrationNames();
    if (await isUpToDate(pool, names)) return [];
    const holder = await pool.connect();
    try {
      await holder.query('SELECT pg_advisory_lock($1)', [ADVISORY_LOCKS.migration]);
      return (await isUpToDate(pool, names)) ? [] : await apply(pool, names);
    } finally {
      // Ends the session and with it the lock.
      holder.release(true);
    }
  } finally {
    await pool.end();
  }
}

async function apply(pool: pg.Pool, names: string[]): Promise<string[]> {
  const engine = await openSchemaEngine(pool);
  try {
    const migrationsList = await readMigrations(names);
    return (await engine.applyMigrations({ migrationsList, filters: NO_FILTER })).appliedMigrationNames;
  } finally {
    engine.free();
  }
}

export async function migrationNames(): Promise<string[]> {
  const entries = await readdir(`${PRISMA_DIRECTORY}migrations`, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

/** A cheap look that saves loading the engine at most starts. */
async function isUpToDate(pool: pg.Pool, names: string[]): Promise<boolean> {
  const table = await pool.query<{ name: string | null }>("SELECT to_regclass('_prisma_migrations') AS name");
  if (table.rows[0]?.name === null) return false;
  const done = await pool.query<{ migration_name: string }>(
    'SELECT migration_name FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL',
  );
  const applied = new Set(done.rows.map((row) => row.migration_name));
  const unknown = [...applied].filter((name) => !names.includes(name));
  if (unknown.length > 0) {
    throw new Error(
      `The database is newer than this version of Holdfast (it has ${unknown.join(', ')}): upgrade.`,
    );
  }
  return names.every((name) => applied.has(name));
}
