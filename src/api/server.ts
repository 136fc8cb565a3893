/** A running API: its database, its application, its port. `holdfast api` and the tests start it here. */
import { mkdir } from 'node:fs/promises';
import type { Server } from 'node:https';
import { join } from 'node:path';
import { pino } from 'pino';
import { type Control, openControl } from '../control/control.ts';
import { startPostgres } from '../control/database/postgres.ts';
import { ensureAdminToken } from '../control/identity/admin-token.ts';
import { type App, buildApp } from './app.ts';
import type { ApiConfig } from './config.ts';
import { listenForMetrics } from './metrics/listener.ts';
import { appOptions, tlsFiles } from './options.ts';
import { readTls, watchTls } from './tls.ts';

export interface ApiServer {
  /** Where it listens, e.g. `http://127.0.0.1:8080`. */
  readonly url: string;
  /** Of the port for monitoring; null without one. */
  readonly metricsUrl: string | null;
  readonly app: App;
  readonly control: Control;
  /** For other programs that want to read the database. */
  readonly databaseUrl: string;
  readonly adminTokenFile: string;
  /** Answers what is under way, then closes everything down to Postgres. */
  close(): Promise<void>;
}

/** Members of what is logged; nothing is logged that has them, unless an error brings its own. */
const SECRETS = ['authorization', 'credential', 'enrolmentToken', 'password', 'secret', 'token'].flatMap(
  (name) => [name, `*.${name}`, `*.headers.${name}`],
);

export async function startServer(config: ApiConfig): Promise<ApiServer> {
  const log = pino({ level: config.logLevel, redact: { paths: SECRETS, censor: '[removed]' } });
  await mkdir(config.dataDirectory, { recursive: true, mode: 0o755 });
  const closers: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    const files = tlsFiles(config);
    const tls = files === null ? null : await readTls(files);
    let databaseUrl = config.databaseUrl;
    if (databaseUrl === null) {
      const directory = join(config.dataDirectory, 'postgres');
      const postgres = await startPostgres({ directory, log: (message) => log.warn(message) });
      closers.push(() => postgres.stop());
      databaseUrl = postgres.url;
    }
    const { leaseSeconds, heartbeatSeconds, webhookNetworks, secretKeys } = config;
    const settings = { leaseSeconds, heartbeatSeconds, webhookNetworks, secretKeys };
    const control = await openControl(databaseUrl, settings, log);
    closers.push(() => control.close());
    const adminTokenFile = join(config.dataDirectory, 'admin.token');
    await ensureAdminToken(control, adminTokenFile);
    const app = await buildApp(control, log, await appOptions(config, tls));
    closers.push(() => app.close());
    if (files !== null && tls !== null) {
      const watch = watchTls(files, tls, app.server as Server, log);
      closers.push(async () => watch.close());
    }
    const url = await app.listen({ port: config.port, host: config.bind });
    let metricsUrl: string | null = null;
    if (config.metricsPort !== null) {
      const listener = await listenForMetrics(app, { port: config.metricsPort, host: config.metricsBind });
      closers.push(() => listener.close());
      metricsUrl = listener.url;
    }
    return { url, metricsUrl, app, control, databaseUrl, adminTokenFile, close };
  } catch (error) {
    await close();
    throw error;
  }
}
