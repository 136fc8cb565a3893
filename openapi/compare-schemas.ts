/** Compares two schemas: whether what fitted one still fits the other, for requests, or the other way, for answers. */
import { componentName, type JsonSchema } from '../src/api/document/json-schema.ts';

/** The named schemas of both documents. */
export interface Side {
  before: Record<string, JsonSchema>;
  after: Record<string, JsonSchema>;
}

export type Direction = 'request' | 'answer';

/**
 * One line for each way in which a value that `before` allowed in a request is refused by `after`, or in which an answer
 * of `after` is nothing that `before` promised.
 */
export function compareSchemas(
  at: string,
  before: JsonSchema,
  after: JsonSchema,
  direction: Direction,
  side: Side,
): string[] {
  const [was, is] = [resolve(before, side.before), resolve(after, side.after)];
  const again = (name: string, one: JsonSchema, other: JsonSchema) =>
    compareSchemas(name, one, other, direction, side);
  if (was.anyOf !== undefined || is.anyOf !== undefined) return compareUnions(at, was, is, direction, again);
  return [
    ...compareTypes(at, was, is, direction),
    ...compareEnums(at, was, is, direction),
    ...(direction === 'request' ? compareLimits(at, was, is) : []),
    ...compareProperties(at, was, is, direction, again),
    ...(was.items !== undefined && is.items !== undefined ? again(`${at}[]`, was.items, is.items) : []),
    ...(typeof was.additionalProperties === 'object' && typeof is.additionalProperties === 'object'
      ? again(`${at}.*`, was.additionalProperties, is.additionalProperties)
      : []),
  ];
}

type Again = (at: string, before: JsonSchema, after: JsonSchema) => string[];

function resolve(schema: JsonSchema, schemas: Record<string, JsonSchema>): JsonSchema {
  return schema.$ref === undefined ? schema : (schemas[componentName(schema.$ref)] ?? {});
}

/** In a request every former branch must still be taken; in an answer every branch must be one of the former. */
function compareUnions(
  at: string,
  was: JsonSchema,
  is: JsonSchema,
  direction: Direction,
  again: Again,
): string[] {
  const [former, present] = [was.anyOf ?? [was], is.anyOf ?? [is]];
  const fits = (one: JsonSchema, other: JsonSchema) => again(at, one, other).length === 0;
  const lost =
    direction === 'request'
      ? former.filter((one) => !present.some((other) => fits(one, other)))
      : present.filter((other) => !former.some((one) => fits(one, other)));
  // Of two that are meant to be the same, what differs says more.
  const likely = lost.length === 1 && former.length === present.length ? lost[0] : undefined;
  const index = likely === undefined ? -1 : (direction === 'request' ? former : present).indexOf(likely);
  const [one, other] = [former[index], present[index]];
  if (one !== undefined && other !== undefined) return again(at, one, other);
  return lost.map((schema) =>
    direction === 'request' ? `${at} no longer takes ${brief(schema)}` : `${at} may be ${brief(schema)} now`,
  );
}

function brief({ $ref, type, enum: values }: JsonSchema): string {
  return $ref ?? (values === undefined ? String(type) : values.join(', '));
}

function compareTypes(at: string, was: JsonSchema, is: JsonSchema, direction: Direction): string[] {
  const [narrow, wide] = direction === 'request' ? [was, is] : [is, was];
  const allowed = typesOf(wide);
  if (allowed.length === 0) return [];
  const types = typesOf(narrow);
  const fits = (type: string) => allowed.includes(type) || (type === 'integer' && allowed.includes('number'));
  const format = direction === 'answer' && was.format !== undefined && is.format !== was.format;
  return [
    ...(types.length > 0 && types.every(fits)
      ? []
      : [
          `${at} was ${typesOf(was).join(' or ') || 'anything'}, is ${typesOf(is).join(' or ') || 'anything'}`,
        ]),
    ...(format ? [`${at} is no ${was.format} any more`] : []),
  ];
}

function typesOf({ type, enum: values }: JsonSchema): string[] {
  if (type !== undefined) return [type].flat();
  return [...new Set((values ?? []).map((value) => (value === null ? 'null' : typeof value)))];
}

/** New values in answers are what callers have to put up with. */
function compareEnums(at: string, was: JsonSchema, is: JsonSchema, direction: Direction): string[] {
  if (direction === 'answer')
    return was.enum !== undefined && is.enum === undefined ? [`${at} may be any ${String(is.type)} now`] : [];
  if (is.enum === undefined) return [];
  if (was.enum === undefined) return [`${at} takes only ${is.enum.join(', ')} now`];
  return was.enum
    .filter((value) => is.enum?.includes(value) !== true)
    .map((value) => `${at} no longer takes ${String(value)}`);
}

const LOWER = ['minimum', 'minLength', 'minItems'] as const;
const UPPER = ['maximum', 'maxLength', 'maxItems', 'maxProperties'] as const;

function compareLimits(at: string, was: JsonSchema, is: JsonSchema): string[] {
  const found: string[] = [];
  for (const limit of LOWER)
    if ((is[limit] ?? Number.NEGATIVE_INFINITY) > (was[limit] ?? Number.NEGATIVE_INFINITY))
      found.push(`${at} has a higher ${limit}: ${is[limit]}`);
  for (const limit of UPPER)
    if ((is[limit] ?? Number.POSITIVE_INFINITY) < (was[limit] ?? Number.POSITIVE_INFINITY))
      found.push(`${at} has a lower ${limit}: ${is[limit]}`);
  for (const rule of ['pattern', 'format'] as const)
    if (is[rule] !== undefined && is[rule] !== was[rule])
      found.push(`${at} has another ${rule}: ${is[rule]}`);
  if (JSON.stringify(was.default) !== JSON.stringify(is.default))
    found.push(`${at} has another default: ${JSON.stringify(is.default)}`);
  return found;
}

function compareProperties(
  at: string,
  was: JsonSchema,
  is: JsonSchema,
  direction: Direction,
  again: Again,
): string[] {
  const found: string[] = [];
  for (const [key, schema] of Object.entries(was.properties ?? {})) {
    const now = is.properties?.[key];
    if (now === undefined) found.push(`${at}.${key} is gone`);
    else found.push(...again(`${at}.${key}`, schema, now));
  }
  const [needed, given] = [is.required ?? [], was.required ?? []];
  if (direction === 'request')
    for (const key of needed.filter((name) => !given.includes(name)))
      found.push(`${at}.${key} is required now`);
  else
    for (const key of given.filter((name) => is.properties?.[name] !== undefined && !needed.includes(name)))
      found.push(`${at}.${key} may be missing now`);
  return found;
}
