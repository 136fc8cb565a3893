/** Values that a schema allows, drawn from a seed, with ids and names that earlier answers have told of where one fits. */
import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { v7 as uuidv7 } from 'uuid';
import { componentName, type JsonSchema } from '../../src/api/document/json-schema.ts';
import type { Random } from '../unit/machine/devices/random.ts';

/** What answers have told of, by the names of properties and parameters. */
export class Pool {
  readonly #values = new Map<string, unknown[]>();

  /** Keeps the newest. */
  add(name: string, value: unknown): void {
    const values = this.#values.get(name) ?? [];
    if (values.includes(value)) return;
    values.push(value);
    if (values.length > 40) values.shift();
    this.#values.set(name, values);
  }

  of(name: string): readonly unknown[] {
    return this.#values.get(name) ?? [];
  }

  /**
   * Everything an answer says: its scalars by their names, and the `id` of a resource under the name that paths have for
   * it, as `vmId` of what /v1/vms answers.
   */
  learn(path: string, body: unknown): void {
    const resource = /^\/v1\/(?:[^/]+\/\{[^}]+\}\/)?([a-z-]+)/.exec(path)?.[1] ?? '';
    const own = `${resource.replace(/ies$/, 'y').replace(/s$/, '').split('-').at(-1)}Id`;
    this.#walk(body, '', own);
  }

  #walk(value: unknown, name: string, own: string): void {
    if (Array.isArray(value)) {
      for (const item of value.slice(0, 5))
        this.#walk(item, name === 'items' ? '' : name.replace(/s$/, ''), own);
    } else if (typeof value === 'object' && value !== null) {
      for (const [key, item] of Object.entries(value)) this.#walk(item, key, name === '' ? own : `${name}Id`);
    } else if (typeof value === 'string' && name !== '') {
      this.add(name === 'id' ? own : name, value);
      if (name === 'token') this.add('enrolmentToken', value);
      if (name === 'nextPageToken') this.add('pageToken', value);
      if (name === 'cursor') this.add('after', value);
      if (name === 'digest') for (const blob of ['kernel', 'initramfs']) this.add(blob, value);
    }
  }
}

export interface Source {
  random: Random;
  pool: Pool;
  schemas: Record<string, JsonSchema>;
}

const strings = new Map<string, fc.Arbitrary<string>>();

export function draw(schema: JsonSchema, source: Source, name = ''): unknown {
  const { random, pool, schemas } = source;
  if (schema.$ref !== undefined) return draw(schemas[componentName(schema.$ref)] ?? {}, source, name);
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return pick(random, schema.enum);
  if (schema.anyOf !== undefined) return draw(pick(random, schema.anyOf), source, name);
  switch ([schema.type].flat()[0]) {
    case 'object':
      return objectOf(schema, source);
    case 'array': {
      const count = Math.max(schema.minItems ?? 0, Math.min(schema.maxItems ?? 3, random.below(4)));
      const item = schema.items ?? {};
      return Array.from({ length: count }, () => draw(item, source, name.replace(/s$/, '')));
    }
    case 'string':
      return stringOf(schema, source, name);
    case 'integer':
    case 'number':
      return numberOf(schema, random, name);
    case 'boolean':
      return random.once(2);
    case 'null':
      return null;
    default:
      return pick(random, [1, 'a', null, pool.of('vmId')[0] ?? null]);
  }
}

function objectOf(schema: JsonSchema, source: Source): object {
  const { random } = source;
  const { properties, required = [], maxProperties = Number.POSITIVE_INFINITY } = schema;
  if (properties === undefined) {
    const values = schema.additionalProperties;
    if (typeof values !== 'object') return {};
    const keys = ['team', 'zone', 'example.com/x'].slice(0, random.below(3));
    return Object.fromEntries(keys.map((key) => [key, random.once(2) ? 'a' : draw(values, source)]));
  }
  const names = Object.keys(properties).filter((key) => required.includes(key) || random.once(3));
  return Object.fromEntries(
    names.slice(0, maxProperties).map((key) => [key, draw(properties[key] ?? {}, source, key)]),
  );
}

function stringOf(schema: JsonSchema, { random, pool }: Source, name: string): string {
  const known = pool
    .of(name)
    .filter((value) => typeof value === 'string' && allows(schema, value)) as string[];
  // A new name is more often wanted than one that is taken.
  if (known.length > 0 && !random.once(name === 'name' ? 2 : 8)) return pick(random, known);
  if (schema.format === 'uuid') return uuidv7();
  if (schema.format === 'date-time')
    return new Date(Date.now() + (random.below(2_000) - 1_000) * 60_000).toISOString();
  if (schema.format === 'uri') return `https://example.com/${random.next()}`;
  if (schema.pattern === undefined) {
    const length = (schema.minLength ?? 0) + random.below(Math.min(20, (schema.maxLength ?? 20) + 1));
    return 'x'.repeat(Math.max(schema.minLength ?? 0, Math.min(length, schema.maxLength ?? length)));
  }
  const arbitrary = strings.get(schema.pattern) ?? fc.stringMatching(new RegExp(schema.pattern, 'u'));
  strings.set(schema.pattern, arbitrary);
  const drawn = fc.sample(arbitrary, { numRuns: 4, seed: random.next() | 0 });
  return drawn.find((value) => allows(schema, value)) ?? drawn[0] ?? '';
}

function allows({ minLength = 0, maxLength, pattern, format }: JsonSchema, value: string): boolean {
  if (value.length < minLength || value.length > (maxLength ?? value.length)) return false;
  if (format === 'uuid') return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value);
  return pattern === undefined || new RegExp(pattern, 'u').test(value);
}

function numberOf({ minimum = 0, maximum = 1_000 }: JsonSchema, random: Random, name: string): number {
  // Answers that wait would be waited for.
  if (name === 'wait') return minimum;
  const edges = [minimum, maximum, minimum + random.below(Math.min(1_000, maximum - minimum + 1))];
  return edges[random.below(6)] ?? minimum + random.below(Math.min(8, maximum - minimum + 1));
}

/** Values that no schema here means. */
export function hostileValue(random: Random): unknown {
  const values: unknown[] = [
    ...[null, true, -1, 0, 1.5, 1e308, -(2 ** 63), 2 ** 53, 2 ** 31],
    ...[
      '',
      ' ',
      '\u0000',
      'a\u0000b',
      '\ud800',
      '\u202e',
      '../../etc/passwd',
      "'; DROP TABLE vms; --",
      '%00',
      '{}',
    ],
    ...['9'.repeat(400), 'x'.repeat(70_000), 'sha256:', '0x', 'NaN', '1e999', '-0', '2026-02-30T25:61:61Z'],
    ...[[], {}, [[]], { a: { b: [] } }, { length: 1e9 }, { toString: 1 }, { constructor: { prototype: {} } }],
    ...[Array.from({ length: 1_000 }, (_, index) => index), Buffer.from([0xff, 0xfe]).toString('latin1')],
    uuidv7(),
  ];
  return random.once(4)
    ? fc.sample(fc.jsonValue({ maxDepth: 3 }), { numRuns: 1, seed: random.next() | 0 })[0]
    : pick(random, values);
}

export function pick<T>(random: Random, values: readonly T[]): T {
  const value = values[random.below(values.length)];
  if (value === undefined) throw new Error('There is nothing to choose from');
  return value;
}
