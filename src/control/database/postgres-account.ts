/** As whom the embedded Postgres runs, and where its socket lies. Postgres refuses to run as root. */
import { createHash } from 'node:crypto';
import { chmod, chown, mkdir, readFile, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** `sun_path` holds 108 bytes (unix(7)); the socket's own name takes `/.s.PGSQL.5432` and a `.lock`. */
const LONGEST_SOCKET_FOLDER = 88;

export interface Account {
  uid: number;
  gid: number;
  /** True when this process is root and Postgres, which refuses root, has to run as somebody else. */
  switched: boolean;
}

/** Who runs the server: this process's user; for root the cluster's owner, or `postgres`, or `nobody`. */
export async function serverAccount(directory: string): Promise<Account> {
  const uid = process.getuid?.() ?? 0;
  const gid = process.getgid?.() ?? 0;
  if (uid !== 0) return { uid, gid, switched: false };
  const owner = await stat(directory).catch(() => null);
  if (owner !== null && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid, switched: true };
  const accounts = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'));
  const found =
    accounts.find(([name]) => name === 'postgres') ?? accounts.find(([name]) => name === 'nobody') ?? null;
  if (found === null) throw new Error('Postgres refuses to run as root, and there is no user `nobody`.');
  return { uid: Number(found[2]), gid: Number(found[3]), switched: true };
}

/**
 * setpriv (util-linux) changes the user and sets the parent-death signal. A server under another account keeps
 * CAP_DAC_OVERRIDE, because a checkout below /root is closed to every other user; and SECBIT_NO_SETUID_FIXUP, because
 * Postgres asks access(2) about its own programs, which otherwise looks away from capabilities (capabilities(7)).
 */
export function launch(account: Account): { command: string; args: string[] } {
  const identity = account.switched
    ? [
        ...['--reuid', String(account.uid), '--regid', String(account.gid), '--clear-groups'],
        ...['--inh-caps', '+dac_override', '--ambient-caps', '+dac_override'],
        ...['--securebits', '+no_setuid_fixup'],
      ]
    : [];
  return { command: 'setpriv', args: ['--pdeathsig', 'INT', ...identity, '--'] };
}

/** The socket lies in the cluster's folder, or, when that path is too long for a socket, in one named after it. */
export async function socketFolder(directory: string, account: Account): Promise<string> {
  const beside = `${directory}.sock`;
  const name = createHash('sha256').update(directory).digest('hex').slice(0, 16);
  const folder =
    Buffer.byteLength(beside) <= LONGEST_SOCKET_FOLDER ? beside : join(tmpdir(), `holdfast-${name}`);
  await mkdir(dirname(folder), { recursive: true });
  await mkdir(folder, { mode: 0o700 }).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
    const owner = (await stat(folder)).uid;
    if (owner !== account.uid && owner !== process.getuid?.()) {
      throw new Error(
        `${folder} belongs to another user (uid ${owner}); remove it or choose another HOLDFAST_DATA.`,
      );
    }
  });
  await chmod(folder, 0o700);
  await chown(folder, account.uid, account.gid);
  return folder;
}
