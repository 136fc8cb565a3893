/** `holdfast config check`: whether a configuration can be used, and what it comes to. */
import { parseArgs } from 'node:util';
import { type AgentSettings, agentProblems } from './agent.ts';
import { API_SETTINGS, type ApiSettings, apiProblems } from './api.ts';
import { TABLES } from './document.ts';
import {
  type ConfigFile,
  configPath,
  readConfigFile,
  SECTIONS,
  type SectionName,
  sectionOf,
} from './file.ts';
import { type Reading, readSettings, throwIf } from './read.ts';
import { type AnySettings, ConfigError } from './setting.ts';
import { CONFIG_FLAG, environmentUsage } from './usage.ts';

export const CONFIG_USAGE = `usage: holdfast config check [api] [agent] [--config FILE]

Says what each setting of the named programs would be and where it is from: the environment, the file, or its default.
Without a program it checks those that the file has a section for, or the API. Nothing is started or connected to.

  --config FILE    settings from a YAML or JSON file (HOLDFAST_CONFIG)

Exit codes: 0 it can be used, 2 it cannot, or wrong usage. docs/configuration.md has every setting.
`;

export const API_USAGE = `holdfast api: serves the control plane until SIGINT or SIGTERM

${CONFIG_FLAG}

Set by the environment, or by that file (docs/configuration.md):
${environmentUsage(API_SETTINGS)}
`;

/** Read by other parts of Holdfast, tests and development tools, not by the programs that are configured. */
const OTHER_VARIABLES = /^HOLDFAST_(CONFIG|CACHE|CHROMIUM|QEMU|SEED|RUNS|FUZZ_.*|DEBIAN_.*|CRASH_.*|LAB_.*)$/;

export interface Output {
  write(text: string): unknown;
}

/** @returns the process's exit code. */
export async function main(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  output: { stdout: Output; stderr: Output },
): Promise<number> {
  try {
    const { values, positionals } = parse(args);
    if (values.help === true) {
      output.stdout.write(CONFIG_USAGE);
      return 0;
    }
    const [verb, ...named] = positionals;
    if (verb !== 'check') throw new ConfigError(`say "holdfast config check"\n\n${CONFIG_USAGE}`);
    const path = configPath(values.config, env);
    const file = path === null ? null : await readConfigFile(path);
    const sections = chosen(named, file);
    const parts = sections.map((name) => check(name, file, env));
    output.stdout.write(`${parts.join('\n')}\nThe configuration can be used.\n`);
    for (const name of strangers(env)) {
      output.stderr.write(`holdfast config: ${name} is set and is no setting of Holdfast\n`);
    }
    return 0;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    output.stderr.write(`holdfast config: ${error.message}\n`);
    return 2;
  }
}

function parse(args: readonly string[]) {
  try {
    const options = { config: { type: 'string' }, help: { type: 'boolean', short: 'h' } } as const;
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw new ConfigError(`${error instanceof Error ? error.message : String(error)}\n\n${CONFIG_USAGE}`);
  }
}

function chosen(named: readonly string[], file: ConfigFile | null): SectionName[] {
  for (const name of named) {
    if (!SECTIONS.some((known) => known === name)) {
      throw new ConfigError(`there is no program "${name}" to configure; there are ${SECTIONS.join(', ')}`);
    }
  }
  const wanted = SECTIONS.filter((name) => named.includes(name));
  if (wanted.length > 0) return wanted;
  const had = SECTIONS.filter((name) => file?.sections[name] !== undefined);
  return had.length > 0 ? had : ['api'];
}

function check(name: SectionName, file: ConfigFile | null, env: NodeJS.ProcessEnv): string {
  const reading = readSettings(TABLES[name], { env, file: sectionOf(file, name) });
  if (name === 'api') throwIf(apiProblems(reading.values as ApiSettings));
  if (name === 'agent') throwIf(agentProblems(reading.values as AgentSettings));
  return table(name, TABLES[name], reading);
}

function table(name: SectionName, settings: AnySettings, { values, origins }: Reading<object>): string {
  const rows = Object.entries(values).map(([key, value]) => {
    const none = value === null || (Array.isArray(value) && value.length === 0);
    const secret = settings[key]?.secret === true && !none;
    const shown =
      value === null ? '-' : secret ? '(secret)' : typeof value === 'string' ? value : JSON.stringify(value);
    return [`${name}.${key}`, shown, origins[key] ?? ''];
  });
  const width = (column: number): number => Math.max(...rows.map((row) => row[column]?.length ?? 0));
  const [first, second] = [width(0), width(1)];
  return rows
    .map(([key = '', shown = '', origin]) => `${key.padEnd(first)}  ${shown.padEnd(second)}  ${origin}\n`)
    .join('');
}

/** A misspelt variable is passed over by every program; this is where it shows. */
function strangers(env: NodeJS.ProcessEnv): string[] {
  const known = Object.values(TABLES).flatMap((settings) => Object.values(settings).map(({ env }) => env));
  return Object.keys(env)
    .filter((name) => name.startsWith('HOLDFAST_') && !known.includes(name) && !OTHER_VARIABLES.test(name))
    .sort();
}
