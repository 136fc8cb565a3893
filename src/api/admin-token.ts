/**
 * `holdfast admin-token`: an admin's token, made by the database itself. For the first token of a fleet whose replicas
 * keep nothing, and for when every token is lost: who may do it is who has the database's URL.
 */
import { parseArgs } from 'node:util';
import { configPath, readConfigFile } from '../config/file.ts';
import { ConfigError } from '../config/setting.ts';
import { createControl, type Log, type Settings } from '../control/control.ts';
import { isDatabaseUnavailable } from '../control/database/database.ts';
import { createToken } from '../control/identity/tokens.ts';
import { readConfig } from './config.ts';

export const ADMIN_TOKEN_USAGE = `usage: holdfast admin-token [--name NAME] [--hours N] [--config FILE]

Makes a token with the role admin and prints it. It needs the database that the API uses (DATABASE_URL, or a
configuration file) and no running API; the API must have been started once, so that its tables are there.

  --name NAME      how the token shows (recovery)
  --hours N        when it expires, from now (24)
  --config FILE    settings from a YAML or JSON file (HOLDFAST_CONFIG)

Exit codes: 0 success, 1 failure, 2 wrong usage.
`;

const MOST_HOURS = 24 * 365;
const MS_PER_HOUR = 3_600_000;

interface Output {
  write(text: string): unknown;
}

/** @returns the process's exit code. */
export async function main(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  { stdout, stderr }: { stdout: Output; stderr: Output },
): Promise<number> {
  try {
    const { help, name, hours, config } = parse(args);
    if (help === true) {
      stdout.write(ADMIN_TOKEN_USAGE);
      return 0;
    }
    const path = configPath(config, env);
    const { databaseUrl, ...settings } = readConfig(env, path === null ? null : await readConfigFile(path));
    if (databaseUrl === null) {
      throw new ConfigError(
        'set DATABASE_URL: where the API runs a Postgres of its own, its first token is in admin.token beside it',
      );
    }
    const expiresAt = new Date(Date.now() + hoursOf(hours) * MS_PER_HOUR);
    stdout.write(`${await make(databaseUrl, settings, { name, expiresAt })}\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof ConfigError) && !isDatabaseUnavailable(error)) throw error;
    stderr.write(`holdfast admin-token: ${error instanceof Error ? error.message : String(error)}\n`);
    return error instanceof ConfigError ? 2 : 1;
  }
}

function parse(args: readonly string[]) {
  const options = {
    help: { type: 'boolean', short: 'h' },
    name: { type: 'string', default: 'recovery' },
    hours: { type: 'string', default: '24' },
    config: { type: 'string' },
  } as const;
  try {
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    throw new ConfigError(error instanceof Error ? error.message : String(error));
  }
}

function hoursOf(text: string): number {
  const hours = Number(text);
  if (/^\d+$/.test(text) && hours >= 1 && hours <= MOST_HOURS) return hours;
  throw new ConfigError(`--hours must be a whole number from 1 to ${MOST_HOURS}, not "${text}"`);
}

async function make(
  databaseUrl: string,
  settings: Settings,
  { name, expiresAt }: { name: string; expiresAt: Date },
): Promise<string> {
  const silent = (): void => undefined;
  const log: Log = { info: silent, warn: silent, error: silent };
  const control = createControl(databaseUrl, settings, log);
  try {
    return (await createToken(control, { name, role: 'admin', expiresAt })).secret;
  } finally {
    await control.close();
  }
}
