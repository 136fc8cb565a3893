/**
 * Reads settings: a flag before the environment before the configuration file before the default. All that is wrong is
 * said at once, each with where it stands.
 */
import { type AnySettings, ConfigError, Invalid, type Setting, type ValuesOf } from './setting.ts';

/** One section of a configuration file. */
export interface FileSection {
  readonly name: string;
  readonly path: string;
  /** The directory of the file. */
  readonly directory: string;
  readonly values: Readonly<Record<string, unknown>>;
}

export interface Sources {
  /** As `parseArgs` gives them. */
  readonly flags?: Readonly<Record<string, string | boolean | readonly (string | boolean)[] | undefined>>;
  readonly env: NodeJS.ProcessEnv;
  readonly file?: FileSection | null;
}

export interface Reading<T> {
  readonly values: T;
  /** Where each value is from, for people. */
  readonly origins: Readonly<Record<string, string>>;
}

interface Found {
  /** The value as a person would find it again: `HOLDFAST_PORT="x"`. */
  readonly at: (shown: string) => string;
  readonly value: unknown;
  readonly origin: string;
  readonly read: () => unknown;
}

/** @throws ConfigError that names every setting that is wrong, or missing, and what it may be. */
export function readSettings<S extends AnySettings>(table: S, sources: Sources): Reading<ValuesOf<S>> {
  const values: Record<string, unknown> = {};
  const origins: Record<string, string> = {};
  const problems = strangers(table, sources.file ?? null);
  for (const [name, setting] of Object.entries(table)) {
    const found = find(name, setting, sources);
    if (found === null && setting.fallback === null) {
      problems.push(`${ways(name, setting, sources).join(' or ')} is needed. ${setting.description}`);
      continue;
    }
    try {
      values[name] = found === null ? setting.fallback?.value() : found.read();
      origins[name] = found?.origin ?? 'default';
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      const shown = setting.secret || error.secret ? '…' : JSON.stringify(found?.value);
      problems.push(`${found === null ? name : found.at(shown)} ${error.message}`);
    }
  }
  throwIf(problems);
  return { values: values as ValuesOf<S>, origins };
}

/** @throws ConfigError when there are any. */
export function throwIf(problems: readonly string[]): void {
  const [first] = problems;
  if (first === undefined) return;
  throw new ConfigError(
    problems.length === 1 ? first : `the configuration is not usable:\n  ${problems.join('\n  ')}`,
  );
}

function find(name: string, setting: Setting<unknown>, { flags, env, file }: Sources): Found | null {
  const here = { base: process.cwd() };
  const flag = setting.flag === null ? undefined : flags?.[setting.flag];
  if (flag !== undefined) {
    const given = Array.isArray(flag) ? flag.map(String) : [String(flag)];
    const { fromText, fromTexts = ([text = '']) => fromText(text, here) } = setting.kind;
    const origin = `--${setting.flag}`;
    const at = (shown: string): string => `${origin}=${shown}`;
    return { at, value: given.join(','), origin, read: () => fromTexts(given) };
  }
  // Set to nothing is not set: units and compose files cannot leave a variable out.
  const origin = setting.env;
  const text = origin === null ? '' : (env[origin] ?? '');
  if (origin !== null && text !== '') {
    const at = (shown: string): string => `${origin}=${shown}`;
    return { at, value: text, origin, read: () => setting.kind.fromText(text, here) };
  }
  if (file != null && Object.hasOwn(file.values, name) && file.values[name] !== null) {
    const value = file.values[name];
    const at = (shown: string): string => `${file.name}.${name}=${shown} in ${file.path}`;
    const place = { base: file.directory };
    return { at, value, origin: file.path, read: () => setting.kind.fromFile(value, place) };
  }
  return null;
}

/** How a setting can be given. */
function ways(name: string, { flag, env }: Setting<unknown>, { flags, file }: Sources): string[] {
  return [
    ...(flag === null || flags === undefined ? [] : [`--${flag}`]),
    ...(env === null ? [] : [env]),
    ...(file == null ? [] : [`${file.name}.${name} in ${file.path}`]),
  ];
}

function strangers(table: AnySettings, file: FileSection | null): string[] {
  if (file === null) return [];
  const names = Object.keys(table);
  return Object.keys(file.values)
    .filter((name) => !names.includes(name))
    .map((name) => `${file.name}.${name} in ${file.path} is no setting; there are ${names.join(', ')}`);
}
