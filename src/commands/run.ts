/** Runs one command of the document: flags to a request, the answer to the terminal. */
import { openAsBlob, readFileSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { uploadBlob } from '../client/blobs.ts';
import { type Call, Caller, commandErrorOf, unreachable } from './call.ts';
import type { Command, Commands } from './contract.ts';
import { CommandError, EXIT, usageError } from './errors.ts';
import { type Flag, flagsOf, type Given, parseFlags, setMember } from './flags.ts';
import { commandHelp } from './help.ts';
import { flagId, pathOf } from './names.ts';
import { format, type Output, parseOutput } from './output.ts';
import { readSettings } from './settings.ts';
import { checkSuccess, type OperationBody, waitFor } from './wait.ts';

export interface Streams {
  out: NodeJS.WritableStream;
  err: NodeJS.WritableStream;
}

export async function runCommand(
  command: Command,
  args: string[],
  commands: Commands,
  streams: Streams,
): Promise<void> {
  const flags = flagsOf(command, commands.schemas);
  const given = parseFlags(args, flags, commands.schemas);
  const { common } = given;
  if (common.help === true) {
    streams.out.write(commandHelp(command, commands));
    return;
  }
  const output = parseOutput(textOf(common.output) ?? 'table');
  const caller = new Caller(settingsOf(given));
  const body = await bodyOf(command, flags, given, { caller, commands });
  checkRequired(flags, given, body);
  const call: Call = {
    method: command.method,
    target: await pathOf(caller, command, given.positionals, commands.all),
    headers: given.headers,
    ...(body === null || command.body === null ? {} : { body: { type: command.body.type, value: body } }),
  };
  const query = new URLSearchParams(await queryOf(caller, given, commands));
  if (command.isList)
    return printList(command, call, query, { caller, output, streams, all: common.all === true });
  const target = query.size === 0 ? call.target : `${call.target}?${query}`;
  const response = await caller.open({ ...call, target });
  if (!/\bjson\b/.test(response.headers.get('content-type') ?? '')) {
    if (response.body !== null) await pipeline(response.body, streams.out, { end: false });
    return;
  }
  const answer: unknown = await response.json();
  const operation = operationOf(response, answer);
  if (common.wait !== true || operation === null) {
    streams.out.write(format(answer, output, response.status === 202 ? 'operation' : command.resource));
    return;
  }
  const ended = await waitFor(caller, operation, textOf(common['wait-timeout']));
  const shown = response.status === 202 ? ended : await readAgain(caller, response, answer);
  streams.out.write(format(shown, output, command.resource));
  checkSuccess(ended);
}

export function settingsOf({ common }: Pick<Given, 'common'>) {
  const { api, token, 'token-file': tokenFile } = common;
  return readSettings({ api: textOf(api), token: textOf(token), tokenFile: textOf(tokenFile) }, process.env);
}

function textOf(value: string | boolean | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** The file's body with what the flags say laid over it; null where there is none to send. */
async function bodyOf(
  command: Command,
  flags: readonly Flag[],
  given: Given,
  { caller, commands }: { caller: Caller; commands: Commands },
): Promise<Record<string, unknown> | null> {
  const file = textOf(given.common.file);
  if (command.body === null) {
    if (file !== undefined) throw usageError(`${command.resource} ${command.verb} takes no body`);
    return null;
  }
  const body = file === undefined ? {} : readBody(file);
  for (const flag of flags.filter(({ place }) => place === 'body')) {
    const said = memberOf(given.body, flag.path);
    if (said === undefined) continue;
    setMember(
      body,
      flag.path,
      typeof said === 'string' ? await meant(flag, said, { command, caller, commands }) : said,
    );
  }
  return body;
}

function readBody(file: string): Record<string, unknown> {
  try {
    const body: unknown = JSON.parse(readFileSync(file === '-' ? 0 : file, 'utf8'));
    if (typeof body !== 'object' || body === null || Array.isArray(body))
      throw new Error('it is no JSON object');
    return body as Record<string, unknown>;
  } catch (error) {
    throw usageError(
      `the body cannot be read from ${file}: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

/** A name where an id is wanted, a file where an image wants a digest. */
async function meant(
  { path, name }: Flag,
  said: string,
  { command, caller, commands }: { command: Command; caller: Caller; commands: Commands },
): Promise<string> {
  const last = path.at(-1) ?? '';
  if (last.endsWith('Id')) return flagId(caller, last, said, commands.all);
  const isBlob = command.resource === 'image' && (last === 'kernel' || last === 'initramfs');
  if (!isBlob || said.startsWith('sha256:')) return said;
  const bytes = await openAsBlob(said).catch((cause: unknown) => {
    throw usageError(`--${name} takes a digest or a file, and ${said} cannot be read: ${String(cause)}`);
  });
  const { api, token } = caller.settings;
  try {
    return await uploadBlob({ baseUrl: api, token }, bytes);
  } catch (error) {
    if (error instanceof TypeError) throw unreachable(api, error);
    throw commandErrorOf(error instanceof Error ? error : new Error(String(error)), 400);
  }
}

function memberOf(body: unknown, path: readonly string[]): unknown {
  const [first, ...rest] = path;
  if (first === undefined || typeof body !== 'object' || body === null) return body;
  return memberOf((body as Record<string, unknown>)[first], rest);
}

function checkRequired(flags: readonly Flag[], given: Given, body: Record<string, unknown> | null): void {
  for (const { name, place, path, required } of flags.filter((flag) => flag.required)) {
    const there =
      place === 'body' ? memberOf(body, path) !== undefined : given.query.some(([key]) => key === path[0]);
    if (required && !there && place !== 'header') throw usageError(`--${name} is needed`);
  }
}

async function queryOf(caller: Caller, given: Given, { all }: Commands): Promise<[string, string][]> {
  const pairs: [string, string][] = [];
  for (const [name, value] of given.query)
    pairs.push([name, name.endsWith('Id') ? await flagId(caller, name, value, all) : value]);
  return pairs;
}

async function printList(
  command: Command,
  call: Call,
  query: URLSearchParams,
  { caller, output, streams, all }: { caller: Caller; output: Output; streams: Streams; all: boolean },
): Promise<void> {
  const items: unknown[] = [];
  let more: string | null = null;
  do {
    if (more !== null) query.set('pageToken', more);
    const { body } = await caller.call({ ...call, target: `${call.target}?${query}` });
    const page = body as { items: unknown[]; nextPageToken: string | null };
    items.push(...page.items);
    more = page.nextPageToken;
  } while (all && more !== null);
  streams.out.write(format({ items, nextPageToken: more }, output, listed(command)));
  if (more !== null && output !== 'json')
    streams.err.write(`There are more: --all shows every page, --page-token ${more} the next.\n`);
}

/** What a list holds: `vm list-events` lists events. */
function listed({ resource, verb }: Command): string {
  return /^list-(\w+?)s$/.exec(verb)?.[1] ?? resource;
}

/** Where the operation is that a request began, or null. */
function operationOf(response: Response, answer: unknown): string | null {
  const begun = response.headers.get('operation-location');
  if (begun !== null) return begun;
  return response.status === 202 ? `/v1/operations/${(answer as OperationBody).id}` : null;
}

/** The resource as it is after what was begun with it. */
async function readAgain(caller: Caller, response: Response, answer: unknown): Promise<unknown> {
  const location = response.headers.get('location') ?? new URL(response.url).pathname;
  try {
    return (await caller.call({ method: 'GET', target: location })).body;
  } catch (error) {
    if (error instanceof CommandError && error.exitCode === EXIT.notFound) return answer;
    throw error;
  }
}
