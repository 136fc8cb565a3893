/**
 * The schema of an answer as it is written by, made of the one in the contract.
 *
 * The writer knows JSON Schema, and has a value validated wherever a schema says `anyOf`: for each null that may be
 * instead of something, which is in nearly every answer many times. OpenAPI 3.0 said `nullable: true` for that, which the
 * writer takes as one comparison. References are replaced by what they refer to, and what only people read is left out.
 */

interface Schema {
  readonly [keyword: string]: unknown;
}

/** What says nothing about how a value is written. */
const FOR_PEOPLE = new Set(['$id', 'title', 'description', 'example', 'examples', 'default', 'deprecated']);
/** Keywords whose value is a schema; a list of them; an object of them by name. */
const ONE = new Set(['additionalProperties', 'items', 'not', 'if', 'then', 'else', 'propertyNames']);
const LIST = new Set(['anyOf', 'oneOf', 'allOf', 'prefixItems']);
const NAMED = new Set(['properties', 'patternProperties']);

/** @param shared the named schemas, by their `$id`. Throws for a reference to another one. */
export function answerSchema(schema: object, shared: Readonly<Record<string, unknown>>): object {
  const convert = (value: unknown): unknown => (isSchema(value) ? answerSchema(value, shared) : value);
  const { $ref, ...own } = schema as Schema;
  if (typeof $ref === 'string') {
    const target = shared[$ref.replace(/#$/, '')];
    if (!isSchema(target)) throw new Error(`no schema is named ${$ref}`);
    return answerSchema(target, shared);
  }
  const kept = Object.entries(own).filter(([keyword]) => !FOR_PEOPLE.has(keyword));
  const written = Object.fromEntries(
    kept.map(([keyword, value]) => {
      if (ONE.has(keyword)) return [keyword, convert(value)];
      if (LIST.has(keyword)) return [keyword, (value as unknown[]).map(convert)];
      if (!NAMED.has(keyword)) return [keyword, value];
      const named = Object.entries(value as Schema);
      return [keyword, Object.fromEntries(named.map(([name, one]) => [name, convert(one)]))];
    }),
  );
  return orNull(written) ?? written;
}

/** `X` with `nullable`, of `anyOf: [X, null]`; null for everything else. */
function orNull({ anyOf, ...others }: Schema): object | null {
  if (!Array.isArray(anyOf) || anyOf.length !== 2 || Object.keys(others).length > 0) return null;
  const [something, nothing] = anyOf as Schema[];
  // Only what has one type can be told from null by the writer.
  return nothing?.type === 'null' && typeof something?.type === 'string'
    ? { ...something, nullable: true }
    : null;
}

function isSchema(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
