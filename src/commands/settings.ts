/** Which API, and with which token: from flags, the environment, or the file that `holdfast login` writes. */
import { chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { usageError } from './errors.ts';

export interface Settings {
  /** Without a slash at its end. */
  api: string;
  token: string;
}

export interface GivenSettings {
  api?: string | undefined;
  token?: string | undefined;
  tokenFile?: string | undefined;
}

interface Saved {
  api?: string;
  token?: string;
}

const DEFAULT_API = 'http://127.0.0.1:8080';

/** Flags go before the environment, the environment before the file. Throws when there is no token. */
export function readSettings(flags: GivenSettings, environment: NodeJS.ProcessEnv): Settings {
  const saved = readSaved(settingsPath(environment));
  const api = readApi(flags, environment);
  const token =
    tokenOf(flags.token, flags.tokenFile) ??
    tokenOf(environment.HOLDFAST_TOKEN, environment.HOLDFAST_TOKEN_FILE) ??
    // A saved token is for the API it was saved with.
    (saved.api === api ? saved.token : undefined);
  if (token === undefined)
    throw usageError(
      `there is no token for ${api}: give --token-file FILE, set HOLDFAST_TOKEN_FILE or HOLDFAST_TOKEN, or run "holdfast login"`,
    );
  return { api, token };
}

export function readApi(flags: GivenSettings, environment: NodeJS.ProcessEnv): string {
  const saved = readSaved(settingsPath(environment));
  const api = flags.api ?? given(environment.HOLDFAST_API) ?? saved.api ?? DEFAULT_API;
  if (!/^https?:\/\/[^/]/.test(api))
    throw usageError(`the API's address must be a URL such as ${DEFAULT_API}, not ${api}`);
  return api.replace(/\/+$/, '');
}

/** Readable by the user alone. Returns the path. */
export function saveSettings(settings: Settings, environment: NodeJS.ProcessEnv): string {
  const path = settingsPath(environment);
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const unfinished = `${path}.${process.pid}`;
  writeFileSync(unfinished, `${JSON.stringify(settings, null, 2)}\n`, { mode: 0o600 });
  chmodSync(unfinished, 0o600);
  renameSync(unfinished, path);
  return path;
}

function settingsPath(environment: NodeJS.ProcessEnv): string {
  const folder = given(environment.XDG_CONFIG_HOME) ?? join(homedir(), '.config');
  return join(folder, 'holdfast', 'client.json');
}

function readSaved(path: string): Saved {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Saved;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw usageError(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function tokenOf(token: string | undefined, file: string | undefined): string | undefined {
  if (given(token) !== undefined) return token;
  if (given(file) === undefined || file === undefined) return undefined;
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw usageError(`the token cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function given(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}
