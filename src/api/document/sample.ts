/** Example values made of a schema: what nobody wrote an example for still gets one that fits. */
import { HINTS, RECORDS, UNSET } from './hints.ts';
import { componentName, type JsonSchema } from './json-schema.ts';

export interface Samples {
  readonly schemas: Record<string, JsonSchema>;
  /** By the names of components: what is said by hand instead of what would be made up. */
  readonly known: Readonly<Record<string, object>>;
}

/**
 * A value of `schema`. `name` is the property or parameter that holds it, by which likely values are found.
 * A schema that refers to itself has no end here; there is none.
 */
export function sample(schema: JsonSchema, samples: Samples, name = ''): unknown {
  if (schema.$ref !== undefined) return sampleComponent(componentName(schema.$ref), samples);
  if (schema.const !== undefined) return schema.const;
  if (schema.anyOf !== undefined) return sampleUnion(schema.anyOf, samples, name);
  const likely = (HINTS[name] ?? []).find((value) => fits(value, schema));
  if (likely !== undefined) return likely;
  if (schema.default !== undefined) return schema.default;
  if (schema.enum !== undefined) return schema.enum[0];
  switch ([schema.type].flat()[0]) {
    case 'object':
      return sampleObject(schema, samples, name);
    case 'array':
      return schema.items === undefined ? [] : [sample(schema.items, samples, singular(name))];
    case 'string':
      return sampleString(schema, name);
    case 'integer':
    case 'number':
      return Math.max(schema.minimum ?? 0, Math.min(schema.maximum ?? 1, 1));
    case 'boolean':
      return false;
    default:
      return null;
  }
}

export function sampleComponent(name: string, samples: Samples): unknown {
  const schema = samples.schemas[name];
  if (schema === undefined) throw new Error(`The document has no schema ${name}`);
  const made = sample(schema, samples);
  const known = samples.known[name];
  return known === undefined ? made : { ...(made as object), ...known };
}

function sampleUnion(branches: JsonSchema[], samples: Samples, name: string): unknown {
  const some = branches.find(({ type }) => type !== 'null');
  if (some === undefined || (UNSET.has(name) && some !== branches.at(-1))) return null;
  return sample(some, samples, name);
}

function sampleObject(schema: JsonSchema, samples: Samples, name: string): unknown {
  if (schema.properties === undefined) return RECORDS[name] ?? {};
  return Object.fromEntries(
    Object.entries(schema.properties)
      .slice(0, schema.maxProperties)
      .map(([key, property]) => [key, sample(property, samples, key)]),
  );
}

function sampleString(schema: JsonSchema, name: string): string {
  const candidates = [...(HINTS[schema.format ?? ''] ?? []), ...(HINTS.string ?? []), name];
  // Where nothing fits, HINTS lack something: the test of the examples says so.
  return String(candidates.find((value) => fits(value, schema)) ?? name);
}

/** Whether a scalar is what `schema` takes. */
function fits(value: unknown, schema: JsonSchema): boolean {
  if (schema.enum !== undefined) return schema.enum.includes(value);
  const type = [schema.type].flat()[0];
  if (typeof value === 'string') {
    if (type !== 'string' || value.length < (schema.minLength ?? 0)) return false;
    if (value.length > (schema.maxLength ?? Number.POSITIVE_INFINITY)) return false;
    if (schema.format !== undefined && FORMATS[schema.format]?.test(value) !== true) return false;
    return schema.pattern === undefined || new RegExp(schema.pattern, 'u').test(value);
  }
  if (typeof value === 'boolean') return type === 'boolean';
  if (typeof value !== 'number' || (type !== 'integer' && type !== 'number')) return false;
  return (
    value >= (schema.minimum ?? value) &&
    value <= (schema.maximum ?? value) &&
    (type === 'number' || Number.isInteger(value))
  );
}

const FORMATS: Record<string, RegExp> = {
  uuid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/,
  uri: /^https?:\/\/\S+$/,
};

function singular(name: string): string {
  return name.replace(/s$/, '');
}
