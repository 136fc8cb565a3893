/**
 * Finds what would break the callers of a released contract. A caller has to put up with what it does not know: new
 * paths, new members of answers, new values of enumerations in answers, new codes of problems, new optional parameters.
 * Everything else that it may rely on stays: paths, operation ids, members, types, what requests may say, who may ask.
 */
import type {
  JsonSchema,
  MediaType,
  OpenApiDocument,
  OpenApiOperation,
  Parameter,
} from '../src/api/document/json-schema.ts';
import { compareSchemas, type Side } from './compare-schemas.ts';

const ROLES = ['public', 'viewer', 'operator', 'admin'];

/** One line for each breaking change; none when callers of `released` can call `current`. */
export function breakingChanges(released: OpenApiDocument, current: OpenApiDocument): string[] {
  const side: Side = { before: released.components.schemas, after: current.components.schemas };
  return Object.entries(released.paths).flatMap(([path, item]) =>
    Object.entries(item).flatMap(([method, before]) => {
      const name = `${method.toUpperCase()} ${path}`;
      const after = current.paths[path]?.[method];
      return after === undefined ? [`${name} is gone`] : compareOperations(name, before, after, side);
    }),
  );
}

function compareOperations(
  name: string,
  before: OpenApiOperation,
  after: OpenApiOperation,
  side: Side,
): string[] {
  const found: string[] = [];
  if (after.operationId !== before.operationId)
    found.push(`${name} is called ${after.operationId}, no longer ${before.operationId}`);
  if (raised(before['x-role'], after['x-role']))
    found.push(`${name} needs the role ${after['x-role']}, no longer ${before['x-role']}`);
  found.push(...compareParameters(name, before.parameters ?? [], after.parameters ?? [], side));
  found.push(...compareBodies(name, before, after, side));
  for (const [status, answer] of Object.entries(before.responses).filter(([code]) => code < '400')) {
    const now = after.responses[status];
    if (now === undefined) {
      found.push(`${name} no longer answers ${status}`);
      continue;
    }
    for (const header of Object.keys(answer.headers ?? {}))
      if (now.headers?.[header] === undefined)
        found.push(`${name} ${status} has no header ${header} any more`);
    found.push(
      ...compareContent(`${name} ${status}`, answer.content ?? {}, now.content ?? {}, 'answer', side),
    );
  }
  return found;
}

function raised(before: string | undefined, after: string | undefined): boolean {
  if (before === after || before === undefined || after === undefined) return false;
  const [from, to] = [ROLES.indexOf(before), ROLES.indexOf(after)];
  return from === -1 || to === -1 || to > from;
}

function compareParameters(name: string, before: Parameter[], after: Parameter[], side: Side): string[] {
  const same = (one: Parameter) => (other: Parameter) => other.name === one.name && other.in === one.in;
  const found: string[] = [];
  for (const parameter of before) {
    const now = after.find(same(parameter));
    const label = `${name}, ${parameter.in} ${parameter.name}`;
    if (now === undefined) found.push(`${label} is gone`);
    else found.push(...compareSchemas(label, parameter.schema, now.schema, 'request', side));
  }
  for (const parameter of after.filter(({ required }) => required === true)) {
    if (before.find(same(parameter))?.required !== true)
      found.push(`${name}, ${parameter.in} ${parameter.name} is required now`);
  }
  return found;
}

function compareBodies(
  name: string,
  before: OpenApiOperation,
  after: OpenApiOperation,
  side: Side,
): string[] {
  const [was, is] = [before.requestBody, after.requestBody];
  const found: string[] = [];
  if (is?.required === true && was?.required !== true) found.push(`${name} needs a body now`);
  if (was !== undefined)
    found.push(...compareContent(`${name} body`, was.content, is?.content ?? {}, 'request', side));
  return found;
}

function compareContent(
  name: string,
  before: Record<string, MediaType>,
  after: Record<string, MediaType>,
  direction: 'request' | 'answer',
  side: Side,
): string[] {
  return Object.entries(before).flatMap(([type, { schema }]) => {
    const now: JsonSchema | undefined = after[type]?.schema;
    if (after[type] === undefined) return [`${name} is no longer ${type}`];
    return schema === undefined || now === undefined
      ? []
      : compareSchemas(name, schema, now, direction, side);
  });
}
