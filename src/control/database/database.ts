/** The way to Postgres: one pool, shared by Prisma and by the few raw queries of the hot paths. */
import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { Prisma, PrismaClient } from '../prisma/client.ts';

export type Database = PrismaClient;
/** A database or a transaction on it: what most functions of control/ take. */
export type Executor = Prisma.TransactionClient;

export const MOST_CONNECTIONS = 10;

export interface Connection {
  readonly db: Database;
  readonly pool: pg.Pool;
  close(): Promise<void>;
}

export interface ConnectOptions {
  url: string;
  maxConnections?: number;
  /** A connection was lost, until `close` begins. */
  onError?: (error: Error) => void;
}

/** Does not connect yet: each query does when it has to, so an outage ends by itself. */
export function connect(options: ConnectOptions): Connection {
  const pool = new pg.Pool({
    connectionString: options.url,
    application_name: 'holdfast',
    max: options.maxConnections ?? MOST_CONNECTIONS,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 60_000,
    statement_timeout: 30_000,
    // For a server that hangs and cannot even time out.
    query_timeout: 35_000,
    idle_in_transaction_session_timeout: 30_000,
    keepAlive: true,
  });
  let isClosing = false;
  const onError = (error: Error): void => {
    // A server that ends with this process may be faster than the goodbyes of its connections.
    if (isClosing) return;
    // pg-pool adds the whole connection, with its statements and buffers.
    if ('client' in error) delete error.client;
    options.onError?.(error);
  };
  // Without a listener a lost idle connection would end the process.
  pool.on('error', onError);
  const db = new PrismaClient({ adapter: new PrismaPg(pool, { onConnectionError: onError }) });
  return {
    db,
    pool,
    close: async () => {
      isClosing = true;
      await db.$disconnect();
      await pool.end();
    },
  };
}

/** Statements that a connection keeps prepared; queries of other texts are sent as they are. */
const MOST_STATEMENTS = 100;
const statements = new Map<string, string>();

/**
 * The rows of a read that is asked often, past Prisma, whose own raw queries take some milliseconds more of the process
 * (bench/api). Each text is prepared once on each connection.
 */
export async function readRows<T>(pool: pg.Pool, { text, values }: Prisma.Sql): Promise<T[]> {
  let name = statements.get(text);
  if (name === undefined && statements.size < MOST_STATEMENTS) {
    name = `read-${statements.size}`;
    statements.set(text, name);
  }
  const { rows } = await pool.query({ ...(name === undefined ? {} : { name }), text, values: [...values] });
  return rows as T[];
}

/**
 * `ANY` of an array that is a parameter, `$1::uuid[]` say, of a statement that is prepared. Where Postgres sees how long an
 * array is, it plans the statement anew for each, and that takes longer than to carry it out; here it sees nothing.
 */
export function anyOf(parameter: string): string {
  return `ANY(ARRAY(SELECT unnest(${parameter})))`;
}

/** SQLSTATE classes and node errors that say that the server is away, not that the query is wrong. */
const AWAY =
  /^(08...|57P0[1-5]|53300|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|P1001|P1002|P1008|P1017|P2024|P2037)$/;
const AWAY_KINDS = ['DatabaseNotReachable', 'ConnectionClosed', 'SocketTimeout', 'TooManyConnections'];
const AWAY_MESSAGES =
  /Connection terminated|timeout exceeded when trying to connect|Can't reach database server|Server has closed the connection|Client has encountered a connection error|Query read timeout|Unable to start a transaction/;

/** Whether a failed query would have succeeded had the database been there. */
export function isDatabaseUnavailable(error: unknown): boolean {
  for (let at = error, depth = 0; typeof at === 'object' && at !== null && depth < 5; depth++) {
    const { code, syscall, originalCode, kind, message, cause, meta } = at as Record<string, unknown>;
    // Of a Unix socket; a file that is missing is another matter.
    if (code === 'ENOENT' && syscall === 'connect') return true;
    if ([code, originalCode].some((value) => typeof value === 'string' && AWAY.test(value))) return true;
    if (typeof kind === 'string' && AWAY_KINDS.includes(kind)) return true;
    if (typeof message === 'string' && AWAY_MESSAGES.test(message)) return true;
    at = cause ?? (meta as Record<string, unknown> | undefined)?.driverAdapterError;
  }
  return false;
}

/** Whether an insert or update failed because a unique column has that value already. */
export function isUniqueViolation(error: unknown): boolean {
  return error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002';
}

/** Whether a row could not be removed, or not be written, for another row's sake. */
export function isForeignKeyViolation(error: unknown): boolean {
  return error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2003';
}
