/** The first token: without it nobody could make any other. */
import { open, readFile, rename, rm } from 'node:fs/promises';
import type { Control } from '../control.ts';
import { ADVISORY_LOCKS } from '../database/advisory-locks.ts';
import { authenticate, createToken } from './tokens.ts';

/**
 * Writes an admin token to `file`, mode 0600, when the database has no admin token that is valid. A file whose token
 * the database does not know (it was restored, or is another one) is replaced only then, too.
 */
export async function ensureAdminToken(control: Control, file: string): Promise<void> {
  const holder = await control.pool.connect();
  try {
    await holder.query('SELECT pg_advisory_lock($1)', [ADVISORY_LOCKS.adminToken]);
    try {
      if (await isUsable(control, file)) return;
      const admins = await control.db.token.count({
        where: {
          role: 'admin',
          scope: { equals: {} },
          OR: [{ expiresAt: null }, { expiresAt: { gt: new Date() } }],
        },
      });
      if (admins > 0) {
        control.log.info({ file }, 'no admin token was written: the database has one already');
        return;
      }
      await writeToken(control, file);
      control.log.info({ file }, 'wrote the first admin token');
    } finally {
      await holder.query('SELECT pg_advisory_unlock($1)', [ADVISORY_LOCKS.adminToken]);
    }
  } finally {
    holder.release();
  }
}

async function isUsable(control: Control, file: string): Promise<boolean> {
  const secret = await readFile(file, 'utf8').catch(() => null);
  return secret !== null && (await authenticate(control, secret.trim())) !== null;
}

/** The file is complete before the token is valid, and never readable by anybody else. */
async function writeToken(control: Control, file: string): Promise<void> {
  const temporary = `${file}.new`;
  await rm(temporary, { force: true });
  const handle = await open(temporary, 'wx', 0o600);
  try {
    const { secret } = await createToken(control, { name: 'admin', role: 'admin', expiresAt: null });
    await handle.writeFile(`${secret}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(temporary, file);
}
