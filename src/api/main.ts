/** `holdfast api`: serves until SIGINT or SIGTERM, then answers what is under way and closes. */
import closeWithGrace, { type Signals } from 'close-with-grace';
import { configPath, readConfigFile } from '../config/file.ts';
import { openTracing } from '../trace/spans.ts';
import { readConfig } from './config.ts';
import { startServer } from './server.ts';

/** Longer than any query may take (`statement_timeout`). */
const CLOSE_WITHIN_MS = 35_000;

/** `configFlag` is what `--config` says. @throws ConfigError */
export async function main(configFlag?: string): Promise<void> {
  const path = configPath(configFlag, process.env);
  const file = path === null ? null : await readConfigFile(path);
  const closeTracing = await openTracing('holdfast-api', process.env);
  const config = readConfig(process.env, file);
  const server = await startServer(config);
  const { log } = server.app;
  const { url, metricsUrl, adminTokenFile: adminToken } = server;
  log.info({ url, ...(metricsUrl === null ? {} : { metricsUrl }), adminToken }, 'holdfast api is ready');
  // With TLS, SIGHUP asks for a look at its files (tls.ts).
  const skip: Signals[] = config.tlsCertFile === null ? [] : ['SIGHUP'];
  closeWithGrace({ delay: CLOSE_WITHIN_MS, skip }, async ({ err, signal }) => {
    if (err !== undefined) log.fatal({ err }, 'unexpected error; closing');
    else log.info({ signal }, 'closing');
    await server.close();
    await closeTracing();
  });
}
