/** `holdfast vm console`: a VM's serial console on this terminal, both ways. */
import { once } from 'node:events';
import WebSocket, { type RawData } from 'ws';
import { Caller, unreachable } from './call.ts';
import type { Commands } from './contract.ts';
import { CommandError, EXIT, usageError } from './errors.ts';
import { parseFlags } from './flags.ts';
import { COMMON_HELP } from './help.ts';
import { pathOf } from './names.ts';
import { type Streams, settingsOf } from './run.ts';

const USAGE = `usage: holdfast vm console VM [flags]

Shows the serial console of the VM's current boot and types what you type into it. Ctrl-] leaves. Without a terminal the
standard input is typed and the console shown until the VM is off.

${COMMON_HELP}`;

/** Ctrl-], as telnet has it. */
const LEAVE = 0x1d;
const PROTOCOL = 'holdfast.console.v1';

export async function openConsole(
  args: string[],
  { all, schemas }: Commands,
  { out, err }: Streams,
): Promise<void> {
  const given = parseFlags(args, [], schemas);
  if (given.common.help === true) {
    out.write(USAGE);
    return;
  }
  const caller = new Caller(settingsOf(given));
  const command = all.find(({ path, method }) => method === 'GET' && path === '/v1/vms/{vmId}/console');
  if (command === undefined) throw usageError('this API has no consoles');
  const path = await pathOf(caller, command, given.positionals, all);
  const { api, token } = caller.settings;
  const socket = new WebSocket(`${api.replace(/^http/, 'ws')}${path}`, PROTOCOL, {
    headers: { authorization: `Bearer ${token}` },
  });
  socket.on('message', (data: RawData) =>
    out.write(Buffer.isBuffer(data) ? data : Buffer.from(String(data))),
  );
  await Promise.race([
    once(socket, 'open'),
    once(socket, 'error').then(([error]) => {
      throw unreachable(api, error);
    }),
  ]);
  const terminal = process.stdin.isTTY;
  if (terminal) {
    err.write('Ctrl-] leaves the console.\n');
    process.stdin.setRawMode(true);
  }
  const type = (bytes: Buffer): void => {
    const leave = terminal ? bytes.indexOf(LEAVE) : -1;
    const typed = leave === -1 ? bytes : bytes.subarray(0, leave);
    if (typed.length > 0 && socket.readyState === WebSocket.OPEN) socket.send(typed);
    if (leave !== -1) socket.close();
  };
  process.stdin.on('data', type);
  const [code, reason] = (await once(socket, 'close')) as [number, Buffer];
  process.stdin.off('data', type).pause();
  if (terminal) process.stdin.setRawMode(false);
  if (code === 1000 || code === 1005) {
    if (reason.length > 0) err.write(`\n${reason.toString('utf8')}\n`);
    return;
  }
  throw new CommandError(EXIT.refused, `the console was closed: ${reason.toString('utf8') || code}`);
}
