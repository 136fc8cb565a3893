/**
 * Prints the SQL of a new migration: what leads from the schema of a git revision to prisma/schema.prisma as it is.
 *
 *   node script/migration.ts HEAD > prisma/migrations/<time>_<name>/migration.sql
 *   node script/migration.ts --all      from an empty database
 *
 * `prisma migrate diff` would do the same with a native engine that it downloads; this one is WebAssembly. (It cannot
 * start from the migrations themselves, because with driver adapters the engine cannot read a database's catalogue.)
 */
import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startPostgres } from '../src/control/database/postgres.ts';
import { diffSchemas, PRISMA_DIRECTORY } from '../src/control/database/schema-engine.ts';

const revision = process.argv[2];
if (revision === undefined) {
  console.error('usage: node script/migration.ts <git revision> | --all');
  process.exit(2);
}
const before =
  revision === '--all'
    ? null
    : execFileSync('git', ['show', `${revision}:prisma/schema.prisma`], { encoding: 'utf8' });
const after = await readFile(`${PRISMA_DIRECTORY}schema.prisma`, 'utf8');

// The engine wants a server to talk to, if only to learn its version.
const scratch = await mkdtemp(join(tmpdir(), 'holdfast-migration-'));
const postgres = await startPostgres({ directory: join(scratch, 'postgres'), durable: false });
const pool = new pg.Pool({ connectionString: postgres.url });
// The server goes before its last connections have said goodbye.
pool.on('error', () => undefined);
try {
  process.stdout.write(await diffSchemas(pool, before, after));
} finally {
  await pool.end();
  await postgres.stop();
  await rm(scratch, { recursive: true, force: true });
}
