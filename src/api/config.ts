/** What the environment tells `holdfast api`, checked once at the start. */
import { resolve } from 'node:path';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';

const Environment = Type.Object({
  HOLDFAST_PORT: Type.Integer({ minimum: 0, maximum: 65_535, default: 8080 }),
  HOLDFAST_BIND: Type.String({ minLength: 1, default: '127.0.0.1' }),
  HOLDFAST_DATA: Type.String({ minLength: 1, default: './.holdfast' }),
  DATABASE_URL: Type.Optional(Type.String({ pattern: '^postgres(ql)?://' })),
  HOLDFAST_LEASE_SECONDS: Type.Integer({ minimum: 2, maximum: 3_600, default: 30 }),
  HOLDFAST_HEARTBEAT_SECONDS: Type.Integer({ minimum: 1, maximum: 600, default: 5 }),
  HOLDFAST_LOG_LEVEL: Type.Enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
    default: 'info',
  }),
});

export interface ApiConfig {
  /** 0 lets the kernel choose. */
  port: number;
  bind: string;
  /** Absolute. Holds the admin token and, without a `databaseUrl`, Postgres. */
  dataDirectory: string;
  /** Null: an embedded Postgres in `dataDirectory`. */
  databaseUrl: string | null;
  leaseSeconds: number;
  heartbeatSeconds: number;
  logLevel: Static<typeof Environment>['HOLDFAST_LOG_LEVEL'];
}

/** Throws an error that names every variable that is wrong and what it may be. */
export function readConfig(environment: NodeJS.ProcessEnv): ApiConfig {
  const given = Object.entries(Environment.properties).flatMap(([name, schema]) => {
    const text = environment[name] ?? '';
    if (text === '') return [];
    // Value.Convert would make 80 of "80.5".
    return [[name, Type.IsInteger(schema) && /^\d+$/.test(text) ? Number(text) : text]];
  });
  const values = Value.Default(Environment, Object.fromEntries(given));
  if (!Value.Check(Environment, values)) {
    const problems = Value.Errors(Environment, values).map(({ instancePath, message }) => {
      const name = instancePath.slice(1);
      return `  ${name}=${JSON.stringify(environment[name])}: ${message}`;
    });
    throw new Error(`The environment is not usable:\n${problems.join('\n')}`);
  }
  if (values.HOLDFAST_LEASE_SECONDS < 2 * values.HOLDFAST_HEARTBEAT_SECONDS) {
    throw new Error(
      `HOLDFAST_LEASE_SECONDS (${values.HOLDFAST_LEASE_SECONDS}) must be at least twice ` +
        `HOLDFAST_HEARTBEAT_SECONDS (${values.HOLDFAST_HEARTBEAT_SECONDS}), or one late heartbeat loses a host.`,
    );
  }
  return {
    port: values.HOLDFAST_PORT,
    bind: values.HOLDFAST_BIND,
    dataDirectory: resolve(values.HOLDFAST_DATA),
    databaseUrl: values.DATABASE_URL ?? null,
    leaseSeconds: values.HOLDFAST_LEASE_SECONDS,
    heartbeatSeconds: values.HOLDFAST_HEARTBEAT_SECONDS,
    logLevel: values.HOLDFAST_LOG_LEVEL,
  };
}
