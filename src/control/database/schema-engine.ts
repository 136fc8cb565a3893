/**
 * Prisma's schema engine as WebAssembly: it applies and compares migrations over the ordinary `pg` driver, so no
 * native engine has to be downloaded.
 */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import type { MigrationList, SchemaEngine } from '@prisma/schema-engine-wasm';
import type pg from 'pg';

/** TypeScript declares WebAssembly only together with the browser's DOM. */
declare const WebAssembly: {
  compile(bytes: Uint8Array): Promise<object>;
  instantiate(module: object, imports: object): Promise<{ exports: Record<string, unknown> }>;
};

export const PRISMA_DIRECTORY = fileURLToPath(new URL('../../../prisma/', import.meta.url));
export const NO_FILTER = { externalTables: [], externalEnums: [] };

/** The package's glue holds one instance for the whole process. */
let loaded: Promise<typeof SchemaEngine> | null = null;

/** An engine on the pool's database. Call `free()` when done. */
export async function openSchemaEngine(pool: pg.Pool): Promise<SchemaEngine> {
  loaded ??= loadEngine();
  const engine = await loaded;
  const schema = await readFile(`${PRISMA_DIRECTORY}schema.prisma`, 'utf8');
  const adapter = bindMigrationAwareSqlAdapterFactory(new PrismaPg(pool));
  return engine.new({ datamodels: [['schema.prisma', schema]] }, () => undefined, adapter);
}

/** The SQL between two schemas, the first one possibly none; empty when they are equal. The pool's database is not read. */
export async function diffSchemas(pool: pg.Pool, before: string | null, after: string): Promise<string> {
  const schema = (content: string) => ({
    tag: 'schemaDatamodel' as const,
    files: [{ path: 'schema.prisma', content }],
  });
  const engine = await openSchemaEngine(pool);
  try {
    const { stdout } = await engine.diff({
      from: before === null ? { tag: 'empty' } : schema(before),
      to: schema(after),
      script: true,
      exitCode: null,
      filters: NO_FILTER,
    });
    return stdout === null || stdout.startsWith('-- This is an empty migration') ? '' : stdout;
  } finally {
    engine.free();
  }
}

export async function readMigrations(names: string[]): Promise<MigrationList> {
  const baseDir = `${PRISMA_DIRECTORY}migrations`;
  const migrationDirectories = await Promise.all(
    names.toSorted().map(async (name) => ({
      path: name,
      migrationFile: {
        path: 'migration.sql',
        content: { tag: 'ok' as const, value: await readFile(`${baseDir}/${name}/migration.sql`, 'utf8') },
      },
    })),
  );
  const content = await readFile(`${baseDir}/migration_lock.toml`, 'utf8');
  return {
    baseDir,
    lockfile: { path: 'migration_lock.toml', content },
    shadowDbInitScript: '',
    migrationDirectories,
  };
}

/**
 * The package's own entry imports its .wasm file as a module, which Node still calls experimental and warns about at
 * every start, so the module is instantiated by hand.
 */
async function loadEngine(): Promise<typeof SchemaEngine> {
  const glue = await import('@prisma/schema-engine-wasm/schema_engine_bg');
  const file = new URL('./schema_engine_bg.wasm', import.meta.resolve('@prisma/schema-engine-wasm'));
  const module = await WebAssembly.compile(await readFile(file));
  const instance = await WebAssembly.instantiate(module, { './schema_engine_bg.js': glue });
  glue.__wbg_set_wasm(instance.exports);
  (instance.exports.__wbindgen_start as () => void)();
  return glue.SchemaEngine as unknown as typeof SchemaEngine;
}
