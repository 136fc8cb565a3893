#!/usr/bin/env node
/** The one command. Each subcommand loads its own part of the program and nothing else. */
import { parseArgs } from 'node:util';
import type { BundledProgram } from './bundle/find.ts';

const USAGE = `usage: holdfast <command> [options]

  api          the control plane: HTTP API, dashboard and background jobs
  agent        makes this machine a host: supervises a worker for each of its VMs
  worker       runs one VM; started by the agent
  admin-token  makes an admin's token by the database itself, for a fleet's first or when all are lost
  config       checks a configuration and says what it comes to
  lab          emulated arm64 KVM hosts, for development
  version      prints the version

  login        keeps an API's address and a token for the commands below
  commands     lists them: vm, host, event, policy, rollout, token and whatever else the API has
  vm list, vm start NAME, event tail, policy create … call it

holdfast <command> --help says more. Exit codes: 0 success, 1 failure, 2 wrong usage; the rest says each command.
`;

class UsageError extends Error {}

/** @returns the exit code, or null when the command goes on by itself. */
async function command(name: string | undefined, args: string[]): Promise<number | null> {
  switch (name) {
    case 'api':
      return await api(args);
    case 'agent':
      if (isSimulated(args)) return await (await import('./sim/main.ts')).main(args);
      return await (await agentModule()).main(args, (await import('./bundle/find.ts')).workerCommand());
    case 'worker':
      return await (await workerModule()).command(args);
    case 'admin-token':
      return await (await import('./api/admin-token.ts')).main(args, process.env, process);
    case 'config':
      return await (await import('./config/check.ts')).main(args, process.env, process);
    case 'lab':
      // It reads the process's own arguments.
      process.argv.splice(2, 1);
      await import('./lab/main.ts');
      return null;
    case 'version':
    case '--version':
      process.stdout.write(`${(await import('./wire/version.ts')).HOLDFAST_VERSION}\n`);
      return 0;
    case 'help':
    case '--help':
    case '-h':
      process.stdout.write(USAGE);
      return 0;
    case undefined:
      throw new UsageError('say which command');
    default:
      return await (await import('./commands/main.ts')).main(name, args);
  }
}

async function api(args: string[]): Promise<number | null> {
  const { help, config } = options(args, {
    help: { type: 'boolean', short: 'h' },
    config: { type: 'string' },
  });
  if (help === true) {
    process.stdout.write((await import('./config/check.ts')).API_USAGE);
    return 0;
  }
  try {
    await (await import('./api/main.ts')).main(config);
  } catch (error) {
    if (!(error instanceof Error && error.name === 'ConfigError')) throw error;
    process.stderr.write(`holdfast api: ${error.message}\n`);
    return 2;
  }
  return null;
}

/** From its bundle if there is one, as is the next. */
async function agentModule(): Promise<typeof import('./agent/main.ts')> {
  const bundle = await findBundle('agent');
  return bundle === null ? await import('./agent/main.ts') : await import(bundle);
}

async function workerModule(): Promise<typeof import('./worker/command.ts')> {
  const bundle = await findBundle('worker');
  return bundle === null ? await import('./worker/command.ts') : await import(bundle);
}

/** Whether simulated hosts are asked for; they are no part of what a host runs. */
function isSimulated(args: string[]): boolean {
  const { values } = parseArgs({ args, options: { driver: { type: 'string' } }, strict: false });
  return values.driver === 'sim';
}

async function findBundle(program: BundledProgram): Promise<string | null> {
  return (await import('./bundle/find.ts')).findBundle(program);
}

function options<const T extends NonNullable<NonNullable<Parameters<typeof parseArgs>[0]>['options']>>(
  args: string[],
  known: T,
) {
  try {
    return parseArgs({ args, options: known }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

const [name, ...args] = process.argv.slice(2);
try {
  const code = await command(name, args);
  if (code !== null) process.exit(code);
} catch (error) {
  if (error instanceof UsageError) {
    process.stderr.write(`holdfast: ${error.message}\n\n${USAGE}`);
    process.exit(2);
  }
  process.stderr.write(
    `holdfast: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  process.exit(1);
}
