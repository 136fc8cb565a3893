/**
 * The commands, made of the OpenAPI document: one for each operation of a client.
 *
 * The first word is the resource: the first part of the path in the singular, or that of a collection within another,
 * as `snapshot` for /v1/vms/{vmId}/snapshots. The second is the operation's id without the resource: `startVm` is
 * `vm start`, `rotateWebhookSecret` is `webhook rotate-secret`. What a path names comes behind, in its order.
 */
import { readFileSync } from 'node:fs';

/** Of JSON Schema, what the document uses. */
export interface Schema {
  $ref?: string;
  type?: string | string[];
  enum?: unknown[];
  default?: unknown;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
  items?: Schema;
  anyOf?: Schema[];
  description?: string;
  minimum?: number;
  maximum?: number;
}

export interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required?: boolean;
  description?: string;
  schema: Schema;
}

interface Operation {
  operationId: string;
  'x-role'?: string;
  summary?: string;
  description?: string;
  parameters?: Parameter[];
  requestBody?: { content: Record<string, { schema?: Schema }> };
  responses: Record<string, { headers?: object; content?: Record<string, { schema?: Schema }> }>;
}

interface Contract {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}

export interface Command {
  resource: string;
  verb: string;
  method: string;
  path: string;
  summary: string;
  description: string;
  parameters: Parameter[];
  /** Null: it takes no body. */
  body: { type: string; schema: Schema } | null;
  /** Whether it begins an operation that may be waited for. */
  isAsync: boolean;
  /** Whether it is answered with a page of a list. */
  isList: boolean;
}

export interface Commands {
  all: Command[];
  schemas: Record<string, Schema>;
}

const DOCUMENT = new URL('../../openapi/openapi.json', import.meta.url);

/** Resources that are called otherwise than their paths. */
const NAMES: Readonly<Record<string, string>> = {
  'psci-policies': 'policy',
  fleet: 'fleet',
  psci: 'psci',
  audit: 'audit',
};

export function readCommands(): Commands {
  const contract = JSON.parse(readFileSync(DOCUMENT, 'utf8')) as Contract;
  const { schemas } = contract.components;
  const nested = nestedCollections(Object.keys(contract.paths));
  const all = Object.entries(contract.paths)
    .filter(([path]) => path.startsWith('/v1/'))
    .flatMap(([path, item]) =>
      Object.entries(item).map(([method, operation]) => commandOf({ path, method, operation, nested })),
    );
  return { all, schemas };
}

/** Collections within a resource that have members of their own. */
function nestedCollections(paths: string[]): Set<string> {
  return new Set(paths.flatMap((path) => /^(\/v1\/[^/]+\/\{\w+\}\/[a-z-]+)\/\{\w+\}/.exec(path)?.[1] ?? []));
}

function commandOf({
  path,
  method,
  operation,
  nested,
}: {
  path: string;
  method: string;
  operation: Operation;
  nested: Set<string>;
}): Command {
  const [, , first = '', , second = ''] = path.split('/');
  const isNested = nested.has(path.split('/').slice(0, 5).join('/'));
  const resource = isNested ? singular(second) : (NAMES[first] ?? singular(first));
  const [type, media] = Object.entries(operation.requestBody?.content ?? {})[0] ?? [null, null];
  const answer = operation.responses['200']?.content?.['application/json']?.schema;
  return {
    resource,
    verb: verbOf(operation.operationId, isNested ? [first, second] : [first]),
    method: method.toUpperCase(),
    path,
    summary: operation.summary ?? '',
    description: operation.description ?? '',
    parameters: operation.parameters ?? [],
    body: type === null ? null : { type, schema: media?.schema ?? {} },
    isAsync: Object.entries(operation.responses).some(
      ([status, { headers = {} }]) => status === '202' || 'operation-location' in headers,
    ),
    isList: answer?.properties?.items !== undefined && answer.properties.nextPageToken !== undefined,
  };
}

/** `startVm` of vms is `start`, `createPsciPolicy` of psci-policies `create`, `getFleetSummary` of fleet `get-summary`. */
function verbOf(operationId: string, collections: string[]): string {
  let words = kebab(operationId).split('-');
  for (const collection of collections) {
    const plural = collection.split('-');
    const one = singular(collection).split('-');
    for (const noun of [plural, one]) words = without(words, noun);
  }
  return words.join('-');
}

function without(words: string[], noun: string[]): string[] {
  const at = words.findIndex((_, index) => noun.every((word, offset) => words[index + offset] === word));
  // A verb is left over in any case.
  return at < 1 || words.length === noun.length ? words : words.toSpliced(at, noun.length);
}

function singular(plural: string): string {
  return plural.replace(/ies$/, 'y').replace(/s$/, '');
}

/** `timeoutSeconds` as a flag: `timeout-seconds`; `memoryMiB`: `memory-mib`. */
export function kebab(name: string): string {
  return name
    .replace(/MiB$/, 'Mib')
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1-$2')
    .toLowerCase();
}

/** The schema behind references, and of two the one that is not null. */
export function resolve(schema: Schema, schemas: Record<string, Schema>): Schema {
  if (schema.$ref !== undefined) return resolve(schemas[schema.$ref.split('/').at(-1) ?? ''] ?? {}, schemas);
  const some = schema.anyOf?.filter(({ type }) => type !== 'null') ?? [];
  const [only] = some;
  if (some.length !== 1 || only === undefined) return schema;
  const resolved = resolve(only, schemas);
  return schema.description === undefined ? resolved : { ...resolved, description: schema.description };
}
