/**
 * Flags of a command, made of its parameters and of its body's schema, and back from the command line to a query and a
 * body. A member within a member is a flag with a dot, as `--psci.version 1.3`; of maps and lists a flag can be repeated:
 *
 *   --label team=a --label zone=b        --disk name=root,sizeMiB=512 --disk name=data,sizeMiB=64
 */
import { parseArgs } from 'node:util';
import { type Command, kebab, resolve, type Schema } from './contract.ts';
import { usageError } from './errors.ts';

export interface Flag {
  /** Without its dashes. */
  name: string;
  place: 'query' | 'header' | 'body';
  /** Of the parameter, or the members from the body down. */
  path: readonly string[];
  schema: Schema;
  kind: 'text' | 'number' | 'boolean' | 'map' | 'list' | 'objects' | 'json';
  required: boolean;
  nullable: boolean;
}

/** Flags of every command; the same with `short`. */
export const COMMON = {
  api: { type: 'string' },
  token: { type: 'string' },
  'token-file': { type: 'string' },
  output: { type: 'string', short: 'o' },
  help: { type: 'boolean', short: 'h' },
  file: { type: 'string', short: 'f' },
  all: { type: 'boolean' },
  wait: { type: 'boolean' },
  'wait-timeout': { type: 'string' },
} as const;

/** Members deeper than this are given as JSON. */
const DEEPEST = 2;

export function flagsOf(command: Command, schemas: Record<string, Schema>): Flag[] {
  const flags: Flag[] = [];
  const add = (flag: Flag): void => {
    const taken = flag.name in COMMON || flags.some(({ name }) => name === flag.name);
    flags.push(taken ? { ...flag, name: `${flag.place}-${flag.name}` } : flag);
  };
  for (const { name, in: place, schema, required, description } of command.parameters) {
    if (place === 'path') continue;
    const resolved = { ...resolve(schema, schemas), ...(description === undefined ? {} : { description }) };
    const made = { ...{ name: kebab(name), place, path: [name] }, required: required === true };
    add({ ...made, ...kindOf(resolved, schemas), schema: resolved, nullable: false });
  }
  if (command.body !== null) {
    for (const flag of bodyFlags(resolve(command.body.schema, schemas), schemas, [])) add(flag);
  }
  return flags;
}

function bodyFlags(schema: Schema, schemas: Record<string, Schema>, above: readonly string[]): Flag[] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, property]): Flag[] => {
    const path = [...above, key];
    const resolved = resolve(property, schemas);
    if (resolved.properties !== undefined && path.length < DEEPEST)
      return bodyFlags(resolved, schemas, path).map((flag) => ({ ...flag, required: false }));
    const { kind } = kindOf(resolved, schemas);
    const many = kind === 'map' || kind === 'list' || kind === 'objects';
    const words = path.map(kebab);
    return [
      {
        name: (many ? [...words.slice(0, -1), (words.at(-1) ?? '').replace(/s$/, '')] : words).join('.'),
        ...{ place: 'body', path, schema: resolved, kind },
        required: schema.required?.includes(key) === true,
        nullable: property.anyOf?.some(({ type }) => type === 'null') === true,
      },
    ];
  });
}

function kindOf(schema: Schema, schemas: Record<string, Schema>): Pick<Flag, 'kind'> {
  if (schema.enum !== undefined) return { kind: 'text' };
  const type = [schema.type].flat()[0];
  if (type === 'boolean') return { kind: 'boolean' };
  if (type === 'integer' || type === 'number') return { kind: 'number' };
  if (type === 'string') return { kind: 'text' };
  if (type === 'array') {
    const item = resolve(schema.items ?? {}, schemas);
    if (item.properties !== undefined) return { kind: 'objects' };
    return { kind: item.type === 'string' || item.enum !== undefined ? 'list' : 'json' };
  }
  if (type === 'object' && schema.properties === undefined) return { kind: 'map' };
  return { kind: 'json' };
}

export interface Given {
  positionals: string[];
  common: Partial<Record<keyof typeof COMMON, string | boolean>>;
  query: [string, string][];
  headers: Record<string, string>;
  /** What the flags say of the body; laid over the file's. */
  body: Record<string, unknown>;
}

/** Throws a usage error for what is no flag of the command, or no value of the flag. */
export function parseFlags(args: string[], flags: readonly Flag[], schemas: Record<string, Schema>): Given {
  const options = Object.fromEntries(
    flags.map(({ name, kind }) => [
      name,
      kind === 'boolean' ? { type: 'boolean' as const } : { type: 'string' as const, multiple: true },
    ]),
  );
  const { values, positionals } = parse(args, { ...options, ...COMMON });
  const given: Given = { positionals, common: {}, query: [], headers: {}, body: {} };
  for (const [name, value] of Object.entries(values)) {
    const flag = flags.find((one) => one.name === name);
    if (flag === undefined) {
      given.common[name as keyof typeof COMMON] = value as string | boolean;
      continue;
    }
    const said = saidBy(flag, value, schemas);
    if (flag.place === 'body') setMember(given.body, flag.path, said);
    else {
      const [parameter = ''] = flag.path;
      if (flag.place === 'header') given.headers[parameter] = String(said);
      else for (const one of [said].flat()) given.query.push([parameter, String(one)]);
    }
  }
  return given;
}

function parse(args: string[], options: NonNullable<Parameters<typeof parseArgs>[0]>['options']) {
  try {
    return parseArgs({ args, options: options ?? {}, allowPositionals: true, allowNegative: true });
  } catch (error) {
    throw usageError(error instanceof Error ? error.message : String(error));
  }
}

function saidBy(flag: Flag, value: unknown, schemas: Record<string, Schema>): unknown {
  if (typeof value === 'boolean') return value;
  const texts = value as string[];
  const last = texts.at(-1) ?? '';
  if (flag.nullable && last === 'null') return null;
  switch (flag.kind) {
    case 'list':
      return texts;
    case 'map':
      return Object.fromEntries(texts.map((text) => pairOf(flag, text)));
    case 'objects':
      return texts.map((text) => objectOf(flag, text, schemas));
    default:
      return scalarOf(flag.name, last, flag.kind === 'json' ? {} : flag.schema);
  }
}

/** `key=value`; `key=` with nothing behind removes a key in a patch. */
function pairOf(flag: Flag, text: string): [string, string | null] {
  const at = text.indexOf('=');
  if (at < 1) throw usageError(`--${flag.name} takes key=value, not "${text}"`);
  const value = text.slice(at + 1);
  return [text.slice(0, at), value === '' && flag.nullable ? null : value];
}

/** `name=root,sizeMiB=512`, or an object in JSON. */
function objectOf(flag: Flag, text: string, schemas: Record<string, Schema>): unknown {
  if (text.startsWith('{')) return jsonOf(flag.name, text);
  const { properties = {} } = resolve(flag.schema.items ?? {}, schemas);
  return Object.fromEntries(
    text.split(',').map((pair) => {
      const [key, value] = pairOf({ ...flag, nullable: false }, pair);
      const schema = properties[key];
      if (schema === undefined)
        throw usageError(`--${flag.name} knows ${Object.keys(properties).join(', ')}, not "${key}"`);
      return [key, scalarOf(`${flag.name} ${key}`, value ?? '', resolve(schema, schemas))];
    }),
  );
}

function scalarOf(name: string, text: string, schema: Schema): unknown {
  const type = [schema.type].flat()[0];
  if (schema.enum !== undefined || type === 'string') return text;
  if (type === 'integer' || type === 'number') {
    if (!/^-?\d+(\.\d+)?$/.test(text)) throw usageError(`--${name} takes a number, not "${text}"`);
    return Number(text);
  }
  if (type === 'boolean') {
    if (text !== 'true' && text !== 'false') throw usageError(`--${name} takes true or false, not "${text}"`);
    return text === 'true';
  }
  return jsonOf(name, text);
}

function jsonOf(name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw usageError(`--${name} takes JSON, and ${JSON.stringify(text)} is none`);
  }
}

export function setMember(body: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [first = '', ...rest] = path;
  if (rest.length === 0) {
    body[first] = value;
    return;
  }
  const inner = typeof body[first] === 'object' && body[first] !== null ? body[first] : {};
  body[first] = inner;
  setMember(inner as Record<string, unknown>, rest, value);
}
