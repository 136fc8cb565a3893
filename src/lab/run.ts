/** Runs one of the machine's own programs and returns what it printed. */
import { spawn } from 'node:child_process';

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** What to tell the user to do when the program is not installed. */
  readonly missing?: string;
}

/** As `runBinary`, with the output as text. */
export async function run(
  program: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<string> {
  return (await runBinary(program, args, options)).toString('utf8');
}

/** @throws Error with the program's last lines of stderr when it cannot be started or exits with another code than 0. */
export async function runBinary(
  program: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<Buffer> {
  return await new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
    child.on('error', (error: NodeJS.ErrnoException) => {
      const advice = options.missing ?? 'run script/bootstrap';
      reject(error.code === 'ENOENT' ? new Error(`${program} is not installed: ${advice}`) : error);
    });
    child.on('close', (code, signal) => {
      if (code === 0) {
        resolve(Buffer.concat(stdout));
        return;
      }
      const tail = Buffer.concat(stderr).toString('utf8').trim().split('\n').slice(-8).join('\n');
      reject(new Error(`${program} ${args.join(' ')} ended with ${signal ?? `code ${code}`}:\n${tail}`));
    });
  });
}
