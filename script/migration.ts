/**
 * Prints the SQL that leads from the committed migrations to prisma/schema.prisma, without Prisma's native engine:
 *
 *   node script/migration.ts > prisma/migrations/<time>_<name>/migration.sql
 *
 * `--all` starts from an empty database instead. Nothing printed: the migrations are complete.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { migrationNames } from '../src/control/migrate.ts';
import { startPostgres } from '../src/control/postgres.ts';
import {
  NO_FILTER,
  openSchemaEngine,
  PRISMA_DIRECTORY,
  readMigrations,
} from '../src/control/schema-engine.ts';

const scratch = await mkdtemp(join(tmpdir(), 'holdfast-migration-'));
const postgres = await startPostgres({ directory: join(scratch, 'postgres'), durable: false });
const pool = new pg.Pool({ connectionString: postgres.url });
try {
  const content = await readFile(`${PRISMA_DIRECTORY}schema.prisma`, 'utf8');
  const engine = await openSchemaEngine(pool);
  const names = process.argv.includes('--all') ? [] : await migrationNames();
  const { stdout } = await engine.diff({
    from: names.length === 0 ? { tag: 'empty' } : { tag: 'migrations', ...(await readMigrations(names)) },
    to: { tag: 'schemaDatamodel', files: [{ path: 'schema.prisma', content }] },
    script: true,
    exitCode: null,
    filters: NO_FILTER,
  });
  engine.free();
  process.stdout.write(stdout === null || stdout.startsWith('-- This is an empty migration') ? '' : stdout);
} finally {
  await pool.end();
  await postgres.stop();
  await rm(scratch, { recursive: true, force: true });
}
