/**
 * What the routes' schemas do not say of the OpenAPI document and can be told from their declarations: request headers,
 * the headers of answers, the problems by their codes, and an example for every body and every parameter.
 */
import { REFUSALS, type RefusalCode } from '../../control/refusals.ts';
import { OPERATION_KINDS } from '../../control/vms/vm-phase.ts';
import type { Access } from '../types.ts';
import { COMPONENTS, REQUESTS, TEXTS } from './examples.ts';
import { ANSWER_HEADERS, answerHeaders, requestHeaders } from './headers.ts';
import {
  componentName,
  type JsonSchema,
  type OpenApiDocument,
  type OpenApiOperation,
  type Response,
} from './json-schema.ts';
import { PARAMETERS } from './parameters.ts';
import { type Samples, sample, sampleComponent } from './sample.ts';

/** What a route declares besides its schemas. */
export interface Declared {
  role: Access;
  /** Everything that it may refuse with. */
  codes: readonly RefusalCode[];
  /** The media type of a body that is bytes, which has no schema. */
  bytes?: string;
}

const PROBLEM = 'application/problem+json';

/** What @fastify/swagger says where a route says nothing. */
const NO_DESCRIPTION = 'Default Response';
const DESCRIPTIONS: Readonly<Record<string, string>> = {
  200: 'Success.',
  201: 'Created.',
  202: 'Accepted: the operation tells how it goes.',
  204: 'Done.',
  206: 'The range that was asked for.',
};

/** Returns `document` with all that, changed in place. `declared` has the operations by their ids. */
export function completeDocument(
  document: OpenApiDocument,
  declared: ReadonlyMap<string, Declared>,
): OpenApiDocument {
  const { schemas } = document.components;
  const samples: Samples = { schemas, known: COMPONENTS };
  const used = new Set<string>();
  for (const [path, item] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(item)) {
      const said: Declared = declared.get(operation.operationId) ?? { role: 'public', codes: [] };
      const { role, codes } = said;
      operation['x-role'] = role;
      completeRequest(operation, method, said, samples);
      // Not in the routes' own schemas: for each of these Fastify would compile a serializer, and start twice as slowly.
      for (const [status, group = []] of Object.entries(
        Object.groupBy(codes, (code) => REFUSALS[code].status),
      ))
        operation.responses[status] = problemResponse(group);
      for (const [status, response] of Object.entries(operation.responses)) {
        completeResponse(response, { status, operationId: operation.operationId }, samples);
        const headers = answerHeaders({ path, method, status, response });
        response.headers = Object.fromEntries(headers.map((name) => [name, headerRef(name)]));
        for (const media of Object.values(response.content ?? {}))
          for (const name of Object.keys(media.examples ?? {})) used.add(name);
      }
    }
  }
  document.components.examples = Object.fromEntries(
    [...used].sort().map((name) => [name, componentExample(name, samples)]),
  );
  document.components.headers = ANSWER_HEADERS;
  return document;
}

function componentExample(name: string, samples: Samples): { summary?: string; value: unknown } {
  if (!isCode(name)) return { value: sampleComponent(name, samples) };
  return { summary: REFUSALS[name].title, value: problemExample(name) };
}

function isCode(name: string): name is RefusalCode {
  return name in REFUSALS;
}

function problemResponse(codes: RefusalCode[]): Response {
  return {
    description: codes.map((code) => `\`${code}\`: ${REFUSALS[code].title}`).join('. \n'),
    content: {
      [PROBLEM]: {
        schema: { $ref: '#/components/schemas/Problem' },
        examples: Object.fromEntries(codes.toSorted().map((code) => [code, exampleRef(code)])),
      },
    },
  };
}

function exampleRef(name: string) {
  return { $ref: `#/components/examples/${name}` };
}

function headerRef(name: string) {
  return { $ref: `#/components/headers/${name}` };
}

function completeRequest(
  operation: OpenApiOperation,
  method: string,
  declared: Declared,
  samples: Samples,
): void {
  if (declared.bytes !== undefined)
    operation.requestBody = {
      content: { [declared.bytes]: { schema: { type: 'string', format: 'binary' } } },
    };
  operation.parameters = [...(operation.parameters ?? []), ...requestHeaders(method, declared)];
  for (const parameter of operation.parameters) {
    parameter.description ??= PARAMETERS[parameter.name] ?? `The \`${parameter.name}\`.`;
    parameter.example ??= sample(parameter.schema, samples, parameter.name);
  }
  if (operation.parameters.length === 0) delete operation.parameters;
  for (const media of Object.values(operation.requestBody?.content ?? {})) {
    if (media.schema === undefined || isBytes(media.schema)) continue;
    media.example = REQUESTS[operation.operationId] ?? sample(media.schema, samples);
  }
}

function completeResponse(
  response: Response,
  { status, operationId }: { status: string; operationId: string },
  samples: Samples,
): void {
  if (response.description === NO_DESCRIPTION) response.description = DESCRIPTIONS[status] ?? 'Success.';
  for (const [type, media] of Object.entries(response.content ?? {})) {
    const name = media.schema?.$ref === undefined ? null : componentName(media.schema.$ref);
    if (type === PROBLEM || media.schema === undefined) continue;
    const text = TEXTS[operationId] ?? TEXTS[type];
    if (text !== undefined && !/\bjson\b/.test(type)) media.example = text;
    else if (name === 'Operation' && status === '202') media.example = begun(operationId, samples);
    else if (name !== null) media.examples = { [name]: exampleRef(name) };
    else if (/\bjson\b/.test(type)) media.example = sample(media.schema, samples);
  }
}

/** An operation as it is when it begins. */
function begun(operationId: string, samples: Samples): object {
  const operation = sampleComponent('Operation', samples) as { kind: string };
  const kind = OPERATION_KINDS.find((one) => operationId.toLowerCase().startsWith(one)) ?? operation.kind;
  return { ...operation, kind, status: 'pending', finishedAt: null };
}

/** Bodies that are bytes have no example that could be shown. */
function isBytes({ type, format }: JsonSchema): boolean {
  return type === 'string' && format === 'binary';
}

function problemExample(code: RefusalCode) {
  const { status, title } = REFUSALS[code];
  return {
    type: 'about:blank',
    title,
    status,
    detail: `${title}; the detail says what to do next.`,
    code,
    requestId: '01987c3e-6a7b-7f02-a1d4-5c8e9b0f2d33',
  };
}
