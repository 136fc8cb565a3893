/** The server processes that work in a cluster's folder: those of an owner that died, or of one that lives. */
import { readdir, readFile, readlink, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * A server whose API was killed ends within moments by its parent-death signal; one that stays has a living
 * owner, and this one throws.
 */
export async function waitForPredecessor(directory: string, seconds: number): Promise<void> {
  for (const deadline = performance.now() + seconds * 1_000; ; ) {
    const pids = await processesIn(directory);
    if (pids.length === 0) break;
    if (performance.now() > deadline) {
      throw new Error(
        `Postgres (pid ${pids.join(', ')}) already runs on ${directory}: another \`holdfast api\` uses this folder. ` +
          'Stop it, or choose another HOLDFAST_DATA, or share one database with DATABASE_URL.',
      );
    }
    await sleep(100);
  }
  await removeStalePidFile(directory);
}

/**
 * Postgres believes a pid file whose number some other process has meanwhile; in a container, where numbers are small
 * and come again, it would refuse to start for ever. It may go only when no server process is left in the folder.
 */
export async function removeStalePidFile(directory: string): Promise<void> {
  for (let tries = 0; tries < 100 && (await processesIn(directory)).length > 0; tries++) await sleep(50);
  if ((await processesIn(directory)).length === 0)
    await rm(join(directory, 'postmaster.pid'), { force: true });
}

/** Every server process works in the cluster's folder; a shell may, too. */
async function processesIn(directory: string): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      const folder = await readlink(`/proc/${pid}/cwd`).catch(() => '');
      if (folder !== directory) return null;
      const name = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '');
      return name.trim() === 'postgres' ? Number(pid) : null;
    }),
  );
  return found.filter((pid) => pid !== null);
}
