/** Schemas that several resources share. */

import { type Static, type TSchema, Type } from 'typebox';
import { DEFAULT_LIMIT, LARGEST_LIMIT } from '../../control/database/page.ts';
import type { LabelPair } from '../../control/labels.ts';
import { LabelKey, LabelValue, MOST_LABELS } from '../../wire/agent.ts';
import { LABEL_KEY_PATTERN, NAME_PATTERN, TEXT_PATTERN } from '../../wire/text.ts';

export const closed = { additionalProperties: false } as const;

export const Uuid = Type.String({ format: 'uuid' });
export const Timestamp = Type.String({ format: 'date-time' });
export const Name = Type.String({
  pattern: NAME_PATTERN,
  description: '1 to 63 letters, digits, dots, underscores and hyphens; a letter or digit at both ends.',
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

/** A merge patch (RFC 7396) of labels. */
export const LabelsPatch = Nullable(
  Type.Record(LabelKey, Nullable(LabelValue), {
    ...closed,
    maxProperties: MOST_LABELS,
    description: 'Null removes a key.',
  }),
);

/** A label's key, a colon, its value. */
const LABEL_FILTER = `${LABEL_KEY_PATTERN.slice(0, -1)}:${TEXT_PATTERN.slice(1)}`;

/** `?label=team:a&label=zone:b`: all of them must match. */
export const LabelQuery = {
  label: Type.Optional(
    Type.Array(Type.String({ pattern: LABEL_FILTER }), {
      maxItems: MOST_LABELS,
      description: '`key:value`; given several times, all must match.',
    }),
  ),
};

export function parseLabels(label: readonly string[] = []): LabelPair[] {
  return label.map((pair) => [pair.slice(0, pair.indexOf(':')), pair.slice(pair.indexOf(':') + 1)]);
}

/** The body of a POST that needs to say nothing. */
export const Nothing = Type.Object({}, closed);
