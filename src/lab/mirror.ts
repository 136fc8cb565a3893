/**
 * Finds the Debian mirror this machine already uses, from its apt configuration (`sources.list`, `*.list` and
 * deb822 `*.sources`). The lab names no mirror of its own; `HOLDFAST_DEBIAN_MIRROR` overrides what is found, and
 * `HOLDFAST_DEBIAN_ARCHIVE` adds one for releases that mirrors no longer carry.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** One `deb` source: a base URI with the suites and components it is used for. */
export interface AptSource {
  readonly uri: string;
  readonly suites: readonly string[];
  readonly components: readonly string[];
}

/** Reads the one-line format of sources.list(5): `deb [options] uri suite component…`. */
export function parseSourcesList(text: string): AptSource[] {
  const sources: AptSource[] = [];
  for (const line of text.split('\n')) {
    const words = line
      .replace(/#.*/, '')
      .replace(/\[[^\]]*\]/, ' ')
      .trim()
      .split(/\s+/);
    const [type, uri, suite, ...components] = words;
    if (type === 'deb' && uri !== undefined && suite !== undefined) {
      sources.push({ uri, suites: [suite], components });
    }
  }
  return sources;
}

/** Reads the deb822 format of sources.list(5): stanzas of `Types`, `URIs`, `Suites`, `Components`. */
export function parseDeb822Sources(text: string): AptSource[] {
  const sources: AptSource[] = [];
  const withoutComments = text
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .join('\n');
  for (const stanza of withoutComments.split(/\n\s*\n/)) {
    const fields = new Map<string, string>();
    for (const [, name, value] of stanza.matchAll(/^([A-Za-z-]+):((?:.*)(?:\n[ \t].*)*)/gm)) {
      if (name !== undefined && value !== undefined) fields.set(name.toLowerCase(), value.trim());
    }
    const words = (name: string): string[] =>
      (fields.get(name) ?? '').split(/\s+/).filter((word) => word !== '');
    if (!words('types').includes('deb') || fields.get('enabled')?.toLowerCase() === 'no') continue;
    for (const uri of words('uris')) {
      sources.push({ uri, suites: words('suites'), components: words('components') });
    }
  }
  return sources;
}

const codenames = [
  'bullseye',
  'bookworm',
  'trixie',
  'forky',
  'duke',
  'sid',
  'stable',
  'oldstable',
  'testing',
];

/**
 * The base URI that serves a Debian release itself: its suites are a release, not a security archive. `undefined`
 * when no source looks like one (the machine is not Debian).
 */
export function chooseMirror(sources: readonly AptSource[]): string | undefined {
  return sources.find(
    (source) =>
      source.components.includes('main') &&
      source.suites.some((suite) => codenames.includes(suite.split('/')[0] ?? '')),
  )?.uri;
}

/**
 * The mirrors to try for a suite, in order: the machine's, then the archive of old releases if
 * `HOLDFAST_DEBIAN_ARCHIVE` names one.
 */
export async function debianMirrors(): Promise<string[]> {
  const archive = process.env.HOLDFAST_DEBIAN_ARCHIVE ?? '';
  return [await debianMirror(), ...(archive === '' ? [] : [archive])];
}

/** @throws Error when the machine's apt configuration names no Debian mirror and none was given. */
export async function debianMirror(etc = '/etc/apt', env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const given = env.HOLDFAST_DEBIAN_MIRROR;
  if (given !== undefined && given !== '') return given;
  const sources: AptSource[] = [];
  const read = async (path: string): Promise<string> => await readFile(path, 'utf8').catch(() => '');
  sources.push(...parseSourcesList(await read(join(etc, 'sources.list'))));
  const parts = join(etc, 'sources.list.d');
  for (const name of (await readdir(parts).catch(() => [])).sort()) {
    if (name.endsWith('.list')) sources.push(...parseSourcesList(await read(join(parts, name))));
    if (name.endsWith('.sources')) sources.push(...parseDeb822Sources(await read(join(parts, name))));
  }
  const mirror = chooseMirror(sources);
  if (mirror === undefined) {
    throw new Error(
      "No Debian mirror found in this machine's apt configuration: set HOLDFAST_DEBIAN_MIRROR to the base address of one.",
    );
  }
  return mirror;
}
