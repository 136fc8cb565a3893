/**
 * What the functions of control/ work on. Each takes a `Control` first:
 *
 *   export async function createImage(control: Control, input: NewImage): Promise<Image>
 */
import type pg from 'pg';
import { isTracing } from '../trace/spans.ts';
import { batched } from './database/batched.ts';
import { connect, type Database, MOST_CONNECTIONS } from './database/database.ts';
import { Gate } from './database/gate.ts';
import { migrate } from './database/migrate.ts';
import { Wake } from './events/wake.ts';
import { type FoundHost, findHostsBySecret } from './identity/host-credentials.ts';
import { type FoundToken, findTokens } from './identity/tokens.ts';
import { startJanitor } from './jobs/janitor.ts';
import { migrateJobs, startJobs } from './jobs/jobs.ts';
import { newReplicaNumber } from './jobs/replica.ts';
import { TASKS } from './jobs/tasks.ts';
import { operationSpans } from './operations/operation-trace.ts';
import { startPendingStarts } from './placement/pending-starts.ts';
import { findVms, findVmVersions, type VersionedVm, type VmVersion } from './vms/vm-query.ts';
import { WebhookDispatch } from './webhooks/webhook-dispatch.ts';

/** Connections that transactions leave to what is done in one query, such as finding out who asks. */
const KEPT_FOR_QUERIES = 3;

export interface Settings {
  /** How long a host may be silent before its VMs' phase is unknown. */
  leaseSeconds: number;
  heartbeatSeconds: number;
  /** In CIDR notation: what webhooks may reach besides public addresses (webhook-target.ts). */
  webhookNetworks: readonly string[];
  /** What webhooks' secrets are sealed with (sealed-secret.ts); none: they are stored as they are. */
  secretKeys: readonly string[];
}

/** The part of a pino logger that is used here. */
export interface Log {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** What requests ask for one at a time, and very many of them: read for all at once (batched.ts). */
export interface Reads {
  /** By the hash of its secret, in base64. */
  readonly token: (hash: string) => Promise<FoundToken | undefined>;
  readonly host: (hash: string) => Promise<FoundHost | undefined>;
  /** By its id. */
  readonly vm: (id: string) => Promise<VersionedVm | undefined>;
  readonly vmVersion: (id: string) => Promise<VmVersion | undefined>;
}

export interface Control {
  readonly db: Database;
  /** For the hot paths; everything else goes through `db`. */
  readonly pool: pg.Pool;
  readonly reads: Reads;
  readonly wake: Wake;
  /** This process's number (replica.ts). */
  readonly replica: number;
  /** What transactions go through (transact.ts). */
  readonly gate: Gate;
  readonly settings: Settings;
  readonly log: Log;
  close(): Promise<void>;
}

/** Connects and applies the migrations. Throws when the database cannot be reached or is newer than this version. */
export async function openControl(url: string, settings: Settings, log: Log): Promise<Control> {
  const applied = await migrate(url);
  await migrateJobs(url, log);
  if (applied.length > 0) log.info({ applied }, 'migrated the database');
  const control = createControl(url, settings, log);
  if (isTracing()) control.wake.onNotify(operationSpans(control));
  control.wake.open();
  const webhooks = new WebhookDispatch(control);
  const jobs = [
    startJanitor(control),
    startPendingStarts(control),
    webhooks,
    startJobs(control, url, [...TASKS, webhooks.task]),
  ];
  return {
    ...control,
    close: async () => {
      await Promise.all(jobs.map((job) => job.stop()));
      await control.close();
    },
  };
}

export function readsBy(pool: pg.Pool): Reads {
  return {
    token: batched((hashes) => findTokens(pool, hashes)),
    host: batched((hashes) => findHostsBySecret(pool, hashes)),
    vm: batched((ids) => findVms(pool, ids)),
    vmVersion: batched((ids) => findVmVersions(pool, ids)),
  };
}

/** Without a look at the database: it is connected to when the first query comes. */
export function createControl(url: string, settings: Settings, log: Log): Control {
  const onError = (error: Error): void => log.warn({ err: error }, 'lost a database connection');
  const connection = connect({ url, onError });
  const replica = newReplicaNumber();
  const wake = new Wake(url, replica, onError);
  return {
    db: connection.db,
    pool: connection.pool,
    reads: readsBy(connection.pool),
    wake,
    replica,
    gate: new Gate(MOST_CONNECTIONS - KEPT_FOR_QUERIES),
    settings,
    log,
    close: async () => {
      await wake.close();
      await connection.close();
    },
  };
}
