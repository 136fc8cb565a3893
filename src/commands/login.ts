/** `holdfast login`: keeps an API's address and a token for it. */
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { Caller } from './call.ts';
import { CommandError, EXIT, usageError } from './errors.ts';
import type { Streams } from './run.ts';
import { readApi, saveSettings } from './settings.ts';

const USAGE = `usage: holdfast login [--api URL] < FILE-WITH-TOKEN

Reads a token from the standard input, tries it, and keeps both in ~/.config/holdfast/client.json, readable by you alone.
`;

export async function login(args: string[], { out, err }: Streams): Promise<void> {
  const { values } = parse(args);
  if (values.help === true) {
    out.write(USAGE);
    return;
  }
  const api = readApi({ api: values.api }, process.env);
  if (process.stdin.isTTY) err.write(`Token for ${api} (ends with Ctrl-D): `);
  const token = (await text(process.stdin)).trim();
  if (token === '') throw usageError('there is no token on the standard input');
  const caller = new Caller({ api, token });
  try {
    await caller.call({ method: 'GET', target: '/v1/fleet/summary' });
  } catch (error) {
    if (error instanceof CommandError && error.exitCode === EXIT.notAllowed)
      throw new CommandError(EXIT.notAllowed, `nothing was kept: ${error.message}`);
    throw error;
  }
  out.write(`Kept in ${saveSettings({ api, token }, process.env)}.\n`);
}

function parse(args: string[]) {
  try {
    return parseArgs({ args, options: { api: { type: 'string' }, help: { type: 'boolean', short: 'h' } } });
  } catch (error) {
    throw usageError(error instanceof Error ? error.message : String(error));
  }
}
