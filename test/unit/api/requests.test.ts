/** What every request's schema must keep out, looked up in the committed document of all of them. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

interface Schema {
  $ref?: string;
  type?: string;
  format?: string;
  pattern?: string;
  enum?: unknown[];
  const?: unknown;
  items?: Schema;
  anyOf?: Schema[];
  properties?: Record<string, Schema>;
  /** A schema for records, whose keys' pattern OpenAPI leaves out. */
  additionalProperties?: boolean | Schema;
}

interface Operation {
  parameters?: { name: string; in: string; schema: Schema }[];
  requestBody?: { content: Record<string, { schema: Schema }> };
}

const document = JSON.parse(
  readFileSync(resolve(import.meta.dirname, '../../../openapi/openapi.json'), 'utf8'),
) as { paths: Record<string, Record<string, Operation>>; components: { schemas: Record<string, Schema> } };

/** Every schema below `schema`, each with its place. */
function* below(place: string, schema: Schema): Generator<[string, Schema]> {
  const { $ref } = schema;
  if ($ref !== undefined) {
    yield* below(place, document.components.schemas[$ref.split('/').at(-1) ?? ''] ?? {});
    return;
  }
  yield [place, schema];
  const { properties = {}, additionalProperties } = schema;
  for (const [name, member] of Object.entries(properties)) yield* below(`${place}/${name}`, member);
  if (typeof additionalProperties === 'object') yield* below(`${place}/*`, additionalProperties);
  for (const branch of schema.anyOf ?? []) yield* below(place, branch);
  if (schema.items !== undefined) yield* below(`${place}/0`, schema.items);
}

const schemas = Object.entries(document.paths).flatMap(([path, operations]) =>
  Object.entries(operations).flatMap(([method, { parameters = [], requestBody }]) => {
    const name = `${method.toUpperCase()} ${path}`;
    return [
      ...parameters.flatMap((each) => [...below(`${name} ${each.in}:${each.name}`, each.schema)]),
      ...Object.values(requestBody?.content ?? {}).flatMap(({ schema }) => [...below(name, schema)]),
    ];
  }),
);

/** Only hashed, compared or parsed, never stored or searched for. */
const NOT_KEPT = /enrolmentToken$|query:known$|query:pageToken$|header:(last-event-id|if-match)$/;
/** Made storable when it comes in: better kept than refused. */
const MENDED = /\/(events\/0\/(psci\/function|reason)|reports\/0\/error\/detail)$/;

describe('every request', () => {
  it('is looked at', () => {
    expect(schemas.length).toBeGreaterThan(150);
  });

  it('refuses unknown fields at every level', () => {
    const open = schemas.filter(
      ([, { type, properties, additionalProperties = true }]) =>
        (type === 'object' || properties !== undefined) && additionalProperties === true,
    );
    expect(open.map(([place]) => place)).toEqual([]);
  });

  it('refuses text that Postgres cannot store', () => {
    const loose = schemas.filter(
      ([, { type, format, pattern, enum: values, const: value }]) =>
        type === 'string' &&
        format === undefined &&
        values === undefined &&
        value === undefined &&
        ['a\u0000b', 'a\ud800b'].some((text) => pattern === undefined || new RegExp(pattern, 'u').test(text)),
    );
    const places = loose.map(([place]) => place);
    expect(places.filter((place) => !NOT_KEPT.test(place) && !MENDED.test(place))).toEqual([]);
  });
});
