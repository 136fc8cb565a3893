/**
 * The configuration file: YAML or JSON, with one section for each program, so that one file can be the whole fleet's.
 *
 *   api:
 *     port: 8080
 *   agent:
 *     api: https://holdfast.example
 */
import { readFile } from 'node:fs/promises';
import { dirname, extname, resolve } from 'node:path';
import type { FileSection } from './read.ts';
import { ConfigError } from './setting.ts';

export const SECTIONS = ['api', 'agent'] as const;
export type SectionName = (typeof SECTIONS)[number];

export interface ConfigFile {
  readonly path: string;
  readonly sections: Partial<Readonly<Record<SectionName, Readonly<Record<string, unknown>>>>>;
}

/** The file that `--config` or HOLDFAST_CONFIG names, absolute; null when neither does. */
export function configPath(flag: string | undefined, env: NodeJS.ProcessEnv): string | null {
  const named = flag ?? env.HOLDFAST_CONFIG ?? '';
  return named === '' ? null : resolve(named);
}

/** @throws ConfigError */
export async function readConfigFile(path: string): Promise<ConfigFile> {
  const content = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new ConfigError(`cannot read ${path}: ${messageOf(error)}`);
  });
  return { path, sections: sectionsOf(path, await parse(path, content)) };
}

/** The section of one program; null without a file, or where it has none. */
export function sectionOf(file: ConfigFile | null, name: SectionName): FileSection | null {
  const values = file?.sections[name];
  if (file === null || values === undefined) return null;
  return { name, path: file.path, directory: dirname(file.path), values };
}

async function parse(path: string, content: string): Promise<unknown> {
  try {
    if (extname(path) === '.json') return JSON.parse(content);
    // Hosts without it can have their settings as JSON.
    const { parse: parseYaml } = await import('yaml');
    return parseYaml(content);
  } catch (error) {
    throw new ConfigError(`cannot understand ${path}: ${messageOf(error)}`);
  }
}

function sectionsOf(path: string, content: unknown): ConfigFile['sections'] {
  if (!isObject(content)) throw new ConfigError(`${path} must hold an object with ${SECTIONS.join(', ')}`);
  for (const [name, section] of Object.entries(content)) {
    if (!SECTIONS.some((known) => known === name)) {
      throw new ConfigError(`${path} has "${name}", which is no section; there are ${SECTIONS.join(', ')}`);
    }
    if (!isObject(section)) throw new ConfigError(`"${name}" in ${path} must be an object of settings`);
  }
  return content;
}

function isObject(value: unknown): value is Record<string, Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
