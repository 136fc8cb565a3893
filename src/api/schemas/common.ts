/** Schemas that several resources share. */

import { type Static, type TSchema, Type } from 'typebox';
import { DEFAULT_LIMIT, LARGEST_LIMIT } from '../../control/page.ts';

export const closed = { additionalProperties: false } as const;

export const Uuid = Type.String({ format: 'uuid' });
export const Timestamp = Type.String({ format: 'date-time' });
export const Name = Type.String({
  pattern: '^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$',
  description: 'Lower-case letters, digits, dots and hyphens; 63 characters at most.',
});

export function Nullable<T extends TSchema>(schema: T) {
  return Type.Union([schema, Type.Null()]);
}

export type Named<T extends TSchema = TSchema> = T & { $id: string };

/** Gives a schema the name it has in the OpenAPI document; list it in schemas/index.ts. */
export function named<T extends TSchema>(id: string, schema: T): Named<T> {
  return Object.assign(schema, { $id: id });
}

/** A reference to a named schema that keeps its type. */
export function ref<T extends TSchema>(schema: Named<T>) {
  return Type.Unsafe<Static<T>>({ $ref: `${schema.$id}#` });
}

export const PageQuery = {
  limit: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: LARGEST_LIMIT,
      default: DEFAULT_LIMIT,
      description: 'At most so many items.',
    }),
  ),
  pageToken: Type.Optional(
    Type.String({ minLength: 1, maxLength: 500, description: '`nextPageToken` of the page before.' }),
  ),
};

/** A list answer: one page of `items`. */
export function Page<T extends TSchema>(item: T) {
  return Type.Object(
    {
      items: Type.Array(item),
      nextPageToken: Nullable(Type.String({ description: 'Null on the last page.' })),
    },
    closed,
  );
}

/** `?label=team:a&label=zone:b`: all of them must match. */
export const LabelQuery = {
  label: Type.Optional(
    Type.Array(Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._/-]{0,62}:.{0,63}$' }), {
      maxItems: 32,
      description: '`key:value`; given several times, all must match.',
    }),
  ),
};

export function parseLabels(label: readonly string[] = []): Record<string, string> {
  return Object.fromEntries(
    label.map((pair) => [pair.slice(0, pair.indexOf(':')), pair.slice(pair.indexOf(':') + 1)]),
  );
}

/** The body of a POST that needs to say nothing. */
export const Nothing = Type.Object({}, closed);
