/** The programs through which the agent asks the kernel for interfaces and rules, run without a shell. */
import { execFile } from 'node:child_process';

/** The host cannot make networks as things are. The message says what to do. */
export class NetworkError extends Error {
  override readonly name = 'NetworkError';
}

/** They lie in /sbin, which not every PATH has. */
const PATH = `${process.env.PATH ?? ''}:/usr/sbin:/sbin`;
const TIMEOUT_MS = 20_000;
const MAX_OUTPUT = 32 * 1024 * 1024;
const PACKAGES = { ip: 'iproute2', nft: 'nftables' } as const;

/** What the program prints. @throws NetworkError */
export async function tool(
  program: keyof typeof PACKAGES,
  args: readonly string[],
  input = '',
): Promise<string> {
  return await new Promise((resolve, reject) => {
    const options = { env: { PATH, LC_ALL: 'C' }, timeout: TIMEOUT_MS, maxBuffer: MAX_OUTPUT };
    const child = execFile(program, args, options, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(explain(program, args, error, stderr));
    });
    // A program that ends early leaves the rest unread; its status says what went wrong.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input);
  });
}

function explain(
  program: keyof typeof PACKAGES,
  args: readonly string[],
  error: { code?: string | number | null | undefined; message: string },
  stderr: string,
): NetworkError {
  if (error.code === 'ENOENT') {
    return new NetworkError(`the host has no program "${program}": install the package ${PACKAGES[program]}`);
  }
  const said = stderr.trim().split('\n').slice(0, 5).join('; ');
  const hint = /not permitted|Permission denied/.test(said)
    ? ' (the agent must run as root or have CAP_NET_ADMIN)'
    : '';
  return new NetworkError(
    `"${program} ${args.join(' ')}" failed${hint}: ${said === '' ? error.message : said}`,
  );
}
