/** `holdfast <resource> <verb>`: the command-line client. What it can do follows from the OpenAPI document. */
import { parseArgs } from 'node:util';
import { type Command, type Commands, readCommands } from './contract.ts';
import { CommandError, usageError } from './errors.ts';
import { tailEvents } from './event-tail.ts';
import { overview, resourceHelp, SPECIAL } from './help.ts';
import { login } from './login.ts';
import { runCommand, type Streams } from './run.ts';

/** Has no sense on a terminal: its bytes are uploaded by `image create`, events are printed by `event tail`. */
const HIDDEN = new Set(['PUT /v1/blobs/{digest}', 'HEAD /v1/blobs/{digest}', 'GET /v1/events/stream']);

const streams: Streams = { out: process.stdout, err: process.stderr };

/** The names of all resources, to tell them from other commands. */
export function clientCommands(): Commands {
  const { all, schemas } = readCommands();
  return { all: all.filter(({ method, path }) => !HIDDEN.has(`${method} ${path}`)), schemas };
}

/** @returns the exit code. */
export async function main(name: string, args: string[]): Promise<number> {
  try {
    await dispatch(name, args, clientCommands());
    return 0;
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    process.stderr.write(`holdfast: ${error.message}\n`);
    return error.exitCode;
  }
}

async function dispatch(resource: string, args: string[], commands: Commands): Promise<void> {
  if (resource === 'commands') {
    streams.out.write(overview(commands));
    return;
  }
  if (resource === 'login') return login(args, streams);
  const own = commands.all.filter((command) => command.resource === resource);
  if (own.length === 0) throw usageError(`there is no command "${resource}"; "holdfast help" lists them`);
  const [verb, ...rest] = args;
  const [only] = own;
  const isAlone = own.length === 1 && only !== undefined && (verb === undefined || verb.startsWith('-'));
  if (isAlone && !wantsHelp(args)) return runCommand(only, args, commands, streams);
  if (verb === undefined || verb.startsWith('-')) {
    streams.out.write(resourceHelp(resource, commands));
    if (verb === undefined) throw usageError(`say what to do with ${resource}`);
    return;
  }
  if (SPECIAL[resource]?.some(([usage]) => usage.split(' ')[0] === verb) === true) {
    if (resource === 'event') return tailEvents(rest, commands, streams);
    return (await import('./vm-console.ts')).openConsole(rest, commands, streams);
  }
  const command = find(own, verb);
  if (command === null) {
    const verbs = own.map((one) => one.verb).join(', ');
    throw usageError(`${resource} has no "${verb}", only ${verbs}`);
  }
  await runCommand(command, rest, commands, streams);
}

/** `events` finds `list-events`, `summary` finds `get-summary`. */
function find(own: readonly Command[], verb: string): Command | null {
  for (const name of [verb, `list-${verb}`, `get-${verb}`, `explain-${verb}`]) {
    const found = own.find((command) => command.verb === name);
    if (found !== undefined) return found;
  }
  return null;
}

function wantsHelp(args: string[]): boolean {
  const { values } = parseArgs({ args, options: { help: { type: 'boolean', short: 'h' } }, strict: false });
  return values.help === true;
}
