/** `holdfast api`: serves until SIGINT or SIGTERM, then answers what is under way and closes. */
import closeWithGrace from 'close-with-grace';
import { readConfig } from './config.ts';
import { startServer } from './server.ts';

/** Longer than any query may take (`statement_timeout`). */
const CLOSE_WITHIN_MS = 35_000;

export async function main(): Promise<void> {
  const server = await startServer(readConfig(process.env));
  const { log } = server.app;
  log.info({ url: server.url, adminToken: server.adminTokenFile }, 'holdfast api is ready');
  closeWithGrace({ delay: CLOSE_WITHIN_MS }, async ({ err, signal }) => {
    if (err !== undefined) log.fatal({ err }, 'unexpected error; closing');
    else log.info({ signal }, 'closing');
    await server.close();
  });
}
