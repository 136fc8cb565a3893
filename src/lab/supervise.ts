/**
 * Starts QEMU so that it cannot outlive its owner, or, when asked, so that it does. A QEMU that is tied to this
 * process has a watcher beside it, which reads a pipe whose other end only this process holds: however this process
 * ends, by SIGKILL too, the pipe closes, and the watcher kills QEMU and removes its directory.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { appendFileSync, closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';

export interface QemuCommand {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Everything the host prints goes here. */
  readonly consolePath: string;
  /** Goes with a tied QEMU. */
  readonly directory: string;
}

export interface RunningQemu {
  readonly process: ChildProcess;
  ended(): boolean;
  /** What the host printed so far, QEMU's own complaints among it. */
  console(): Promise<string>;
}

/** `$1` is the directory, the rest is QEMU. Descriptor 3 is the pipe; the shell becomes QEMU, so its pid is QEMU's. */
const watcher = `
directory=$1; shift
( trap '' HUP INT TERM
  read -r word <&3
  [ "$word" = done ] && exit
  kill -9 $$ 2>/dev/null
  rm -rf "$directory"
) >/dev/null 2>&1 &
exec "$@" </dev/null 3<&-
`;

export function startTied(
  command: QemuCommand & { onConsole?: ((text: string) => void) | undefined },
): RunningQemu {
  const args = ['-c', watcher, 'watcher', command.directory, command.program, ...command.args];
  const child = spawn('/bin/sh', args, {
    env: command.env,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    // Ctrl-C on the terminal is for this process, which then shuts the host down.
    detached: true,
  });
  const output = (chunk: Buffer): void => {
    appendFileSync(command.consolePath, chunk);
    command.onConsole?.(chunk.toString('utf8'));
  };
  child.stdout?.on('data', output);
  child.stderr?.on('data', output);
  const pipe = child.stdio[3];
  if (pipe !== null && pipe !== undefined && 'write' in pipe) {
    pipe.on('error', () => undefined);
    // QEMU's pid may belong to somebody else from now on.
    child.once('exit', () => pipe.end('done\n'));
  }
  return running(child, command.consolePath);
}

export function startDetached(command: QemuCommand): RunningQemu {
  const log = openSync(command.consolePath, 'a');
  const child = spawn(command.program, command.args, {
    env: command.env,
    stdio: ['ignore', log, log],
    detached: true,
  });
  closeSync(log);
  child.unref();
  return running(child, command.consolePath);
}

function running(child: ChildProcess, consolePath: string): RunningQemu {
  return {
    process: child,
    ended: () => child.exitCode !== null || child.signalCode !== null,
    console: async () => await readFile(consolePath, 'utf8').catch(() => ''),
  };
}
