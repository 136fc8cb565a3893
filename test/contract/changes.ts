/**
 * What requests have changed in the database, told by triggers on every table. Only what is committed counts, and what
 * is put in and taken out again does not.
 */
import type pg from 'pg';

/** Written for refused requests too, on purpose. */
const OWN_BOOKS = ['_prisma_migrations', 'audit_entries', 'idempotency_keys', 'fuzz_changes'];
/** Written at every request of whoever they tell of. */
const TRACES = ['last_used_at', 'last_seen_at', 'lease_expires_at'];

export class Changes {
  readonly #pool: pg.Pool;
  #seen = 0n;

  static async watch(pool: pg.Pool): Promise<Changes> {
    const traces = TRACES.map((name) => `'${name}'`).join(', ');
    await pool.query(`
      CREATE TABLE fuzz_changes (position bigserial, name text, sign int, digest text);
      CREATE FUNCTION fuzz_note() RETURNS trigger LANGUAGE plpgsql AS $$
      DECLARE
        before text := md5((to_jsonb(OLD) - ARRAY[${traces}])::text);
        after text := md5((to_jsonb(NEW) - ARRAY[${traces}])::text);
      BEGIN
        IF before IS NOT DISTINCT FROM after THEN RETURN NULL; END IF;
        IF before IS NOT NULL THEN
          INSERT INTO fuzz_changes (name, sign, digest) VALUES (TG_TABLE_NAME, -1, before);
        END IF;
        IF after IS NOT NULL THEN
          INSERT INTO fuzz_changes (name, sign, digest) VALUES (TG_TABLE_NAME, 1, after);
        END IF;
        RETURN NULL;
      END $$;`);
    const { rows } = await pool.query<{ name: string }>(
      `SELECT c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition`,
    );
    for (const { name } of rows.filter((table) => !OWN_BOOKS.includes(table.name)))
      await pool.query(
        `CREATE TRIGGER fuzz AFTER INSERT OR UPDATE OR DELETE ON "${name}" FOR EACH ROW EXECUTE FUNCTION fuzz_note()`,
      );
    return new Changes(pool);
  }

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  /** The tables that have changed since this was last asked. */
  async since(): Promise<string[]> {
    const { rows } = await this.#pool.query<{ name: string; last: string; net: boolean }>({
      name: 'fuzz-changes',
      text: `SELECT name, max(position)::text AS last, sum(sign) <> 0 AS net FROM fuzz_changes
             WHERE position > $1 GROUP BY name, digest`,
      values: [this.#seen],
    });
    for (const { last } of rows) if (BigInt(last) > this.#seen) this.#seen = BigInt(last);
    return [...new Set(rows.filter(({ net }) => net).map(({ name }) => name))].sort();
  }
}
