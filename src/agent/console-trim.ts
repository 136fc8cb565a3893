/**
 * Bounds what consoles take of the host's disk. A guest may print for years, and its log's offsets are what the API
 * counts by; so the oldest bytes are given back to the file system where they lie, as a hole, and nothing moves.
 * Whatever of the hole was not uploaded by then reads as NUL bytes: that takes an API that was away for longer than
 * TRIM_ABOVE bytes.
 *
 * Node has no fallocate(2), so util-linux's command does it; every distribution for servers has it.
 */
import { execFile } from 'node:child_process';
import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { bootOfConsoleFile } from '../worker/files.ts';

const MIB = 1024 * 1024;
/** Bytes on the disk at which a console is trimmed. */
const TRIM_ABOVE = 64 * MIB;
/** Bytes that are left of it. */
const KEEP = 16 * MIB;

/** Boots of a run whose consoles are kept; the API keeps no more of a VM. */
const KEEP_BOOTS = 16;

/**
 * Trims every console of a run directory that has grown too large, and removes those of its oldest boots: a guest may
 * reset for ever. @throws when `fallocate` fails.
 */
export async function trimConsoles(runDir: string, above = TRIM_ABOVE, keep = KEEP): Promise<void> {
  // Boots are named by UUIDv7, so their order is that of their names.
  const consoles = readdirSync(runDir)
    .filter((name) => bootOfConsoleFile(name) !== null)
    .sort();
  for (const name of consoles.slice(0, -KEEP_BOOTS)) rmSync(join(runDir, name));
  for (const name of consoles.slice(-KEEP_BOOTS)) {
    const path = join(runDir, name);
    const { size, blocks } = statSync(path);
    // `blocks` counts units of 512 bytes (stat(2)); a hole has none.
    if (blocks * 512 <= above || size <= keep) continue;
    const length = String(size - keep);
    await promisify(execFile)('fallocate', ['--punch-hole', '--offset', '0', '--length', length, path]);
  }
}
