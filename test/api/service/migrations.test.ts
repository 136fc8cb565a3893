import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrate, migrationNames } from '../../../src/control/database/migrate.ts';
import { type EmbeddedPostgres, startPostgres } from '../../../src/control/database/postgres.ts';
import { diffSchemas, PRISMA_DIRECTORY } from '../../../src/control/database/schema-engine.ts';

/** Everything a schema is made of, as Postgres tells it. */
const CATALOGUE = [
  `SELECT table_name, column_name, data_type, udt_name, is_nullable, column_default, datetime_precision
   FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> '_prisma_migrations'`,
  "SELECT indexdef AS text FROM pg_indexes WHERE schemaname = 'public' AND tablename <> '_prisma_migrations'",
  `SELECT conrelid::regclass::text AS name, pg_get_constraintdef(oid) AS text FROM pg_constraint
   WHERE connamespace = 'public'::regnamespace AND conrelid::regclass::text <> '_prisma_migrations'`,
];

describe('migrations', () => {
  let directory: string;
  let postgres: EmbeddedPostgres;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'holdfast-migrations-'));
    postgres = await startPostgres({ directory: join(directory, 'postgres'), durable: false });
  });
  afterAll(async () => {
    await postgres.stop();
    await rm(directory, { recursive: true, force: true });
  });

  /** Runs `work` on a new database. */
  async function onDatabase<T>(name: string, work: (pool: pg.Pool, url: string) => Promise<T>): Promise<T> {
    const admin = new pg.Client({ connectionString: postgres.url });
    await admin.connect();
    await admin.query(`CREATE DATABASE ${name}`);
    await admin.end();
    const url = postgres.url.replace('/holdfast?', `/${name}?`);
    const pool = new pg.Pool({ connectionString: url });
    pool.on('error', () => undefined);
    return work(pool, url).finally(() => pool.end());
  }

  async function catalogue(pool: pg.Pool): Promise<string[]> {
    const answers = await Promise.all(CATALOGUE.map((query) => pool.query(query)));
    return answers.flatMap(({ rows }) => rows.map((row) => JSON.stringify(row)).sort());
  }

  it('lead to the schema that the code was generated from', async () => {
    const schema = await readFile(`${PRISMA_DIRECTORY}schema.prisma`, 'utf8');
    const migrated = await onDatabase('migrated', async (pool, url) => {
      expect(await migrate(url)).toEqual(await migrationNames());
      return catalogue(pool);
    });
    const intended = await onDatabase('intended', async (pool) => {
      await pool.query(await diffSchemas(pool, null, schema));
      return catalogue(pool);
    });
    expect(intended.length).toBeGreaterThan(100);
    expect(migrated).toEqual(intended);
  });

  it('are applied once by replicas that start together', async () => {
    await onDatabase('together', async (pool, url) => {
      const applied = await Promise.all(Array.from({ length: 4 }, () => migrate(url)));
      expect(applied.flat()).toEqual(await migrationNames());
      const { rows } = await pool.query('SELECT FROM _prisma_migrations');
      expect(rows).toHaveLength((await migrationNames()).length);
    });
  });

  it('stop before a database that is newer than the code', async () => {
    await onDatabase('newer', async (pool, url) => {
      await migrate(url);
      await pool.query(
        `INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count)
         VALUES ('x', '', '29991231000000_later', now(), 1)`,
      );
      await expect(migrate(url)).rejects.toThrow('29991231000000_later');
    });
  });

  it('stop before a database on which one failed half-way', async () => {
    await onDatabase('failed', async (pool, url) => {
      await migrate(url);
      await pool.query('UPDATE _prisma_migrations SET finished_at = NULL, applied_steps_count = 0');
      await expect(migrate(url)).rejects.toThrow(/failed/);
    });
  });
});
