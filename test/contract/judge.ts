/** Whether an answer is one that the document promises. */
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import type { Header, JsonSchema, OpenApiDocument, Response } from '../../src/api/document/json-schema.ts';
import type { FuzzRequest } from './requests.ts';

export interface FuzzAnswer {
  status: number;
  headers: Record<string, string>;
  /** Of a stream, what had come by the time it was left. */
  text: string;
}

/** What the HTTP layer says before a route is found, or where none is. */
const BEFORE_ROUTES: Readonly<Record<number, readonly string[]>> = {
  400: ['INVALID_REQUEST'],
  404: ['ROUTE_NOT_FOUND'],
  405: ['METHOD_NOT_ALLOWED'],
  408: ['REQUEST_TIMEOUT'],
  431: ['HEADERS_TOO_LARGE'],
};

/** Headers that mean something to a client: one that the document does not name should not be there. */
const TELLING = [
  'etag',
  'location',
  'operation-location',
  'retry-after',
  'www-authenticate',
  'idempotency-replayed',
];
const PROBLEM = 'application/problem+json';

export class Judge {
  readonly #document: OpenApiDocument;
  readonly #ajv = formats.default(new Ajv2020({ strict: false }));
  readonly #compiled = new Map<string, ValidateFunction>();

  constructor(document: OpenApiDocument) {
    this.#document = document;
    this.#ajv.addSchema(document, 'openapi.json');
  }

  /** What is wrong with the answer; nothing, most of the time. */
  faults(request: FuzzRequest, answer: FuzzAnswer): string[] {
    const { status, text } = answer;
    if (status >= 500) return [`answered ${status}: ${text.slice(0, 500)}`];
    const bodiless = request.method === 'HEAD' || status === 204 || status === 304;
    const code = bodiless ? null : codeOf(answer);
    if (code !== null && BEFORE_ROUTES[status]?.includes(code) === true) return this.#problem(answer, null);
    if (bodiless && BEFORE_ROUTES[status] !== undefined) return [];
    if (request.method !== request.route.method) return this.#ofAnotherRoute(request, answer, bodiless);
    return this.#ofRoute(request.route.operation.responses[status], answer, bodiless);
  }

  #ofRoute(response: Response | undefined, answer: FuzzAnswer, bodiless: boolean): string[] {
    const { status } = answer;
    if (response === undefined) return [`the document has no ${status}: ${answer.text.slice(0, 300)}`];
    const faults = this.#headers(response, answer);
    const types = Object.keys(response.content ?? {});
    if (bodiless) return answer.text === '' ? faults : [...faults, `${status} has a body`];
    const type = (answer.headers['content-type'] ?? '').split(';')[0] ?? '';
    if (types.length === 0) return faults;
    if (!types.includes(type)) return [...faults, `${status} is ${type}, not ${types.join(' or ')}`];
    if (type === PROBLEM) {
      const codes = Object.keys(response.content?.[PROBLEM]?.examples ?? {});
      return [...faults, ...this.#problem(answer, codes)];
    }
    if (!/\bjson\b/.test(type)) return faults;
    const wrong = this.#mismatch(response.content?.[type]?.schema ?? {}, parse(answer.text));
    return wrong === null ? faults : [...faults, `${status} does not match its schema: ${wrong}`];
  }

  /** Another method at the path: a route of its own, or none. */
  #ofAnotherRoute(request: FuzzRequest, answer: FuzzAnswer, bodiless: boolean): string[] {
    const other = this.#document.paths[request.route.path]?.[request.method.toLowerCase()];
    if (other !== undefined) return this.#ofRoute(other.responses[answer.status], answer, bodiless);
    return request.method === 'HEAD' || answer.status < 500
      ? []
      : [`${request.method} of no route answered ${answer.status}`];
  }

  #headers(response: Response, { status, headers }: FuzzAnswer): string[] {
    const faults: string[] = [];
    for (const [name, given] of Object.entries(response.headers ?? {})) {
      const header: Header | undefined = '$ref' in given ? this.#document.components.headers?.[name] : given;
      const value = headers[name];
      if (value === undefined) {
        if (header?.required === true) faults.push(`${status} has no header ${name}`);
      } else {
        const wrong = this.#mismatch(header?.schema ?? {}, value);
        if (wrong !== null) faults.push(`${status} has ${name}: ${value}, which ${wrong}`);
      }
    }
    for (const name of TELLING)
      if (headers[name] !== undefined && response.headers?.[name] === undefined)
        faults.push(`${status} has the header ${name}, which the document does not name`);
    return faults;
  }

  #problem(answer: FuzzAnswer, codes: readonly string[] | null): string[] {
    const problem = parse(answer.text) as { status?: number; code?: string; requestId?: string };
    const wrong = this.#mismatch({ $ref: '#/components/schemas/Problem' }, problem);
    if (wrong !== null) return [`the problem does not match its schema: ${wrong}`];
    const faults: string[] = [];
    if (problem.status !== answer.status)
      faults.push(`the problem of a ${answer.status} says ${problem.status}`);
    if (problem.requestId !== undefined && problem.requestId !== answer.headers['x-request-id'])
      faults.push(`the problem names another request than the header`);
    if (codes !== null && !codes.includes(problem.code ?? ''))
      faults.push(`the document has no ${answer.status} ${problem.code}: ${answer.text.slice(0, 300)}`);
    return faults;
  }

  #mismatch(schema: JsonSchema, value: unknown): string | null {
    const key = JSON.stringify(schema);
    let validate = this.#compiled.get(key);
    if (validate === undefined) {
      validate = this.#ajv.compile(JSON.parse(key.replaceAll('"#/', '"openapi.json#/')));
      this.#compiled.set(key, validate);
    }
    return validate(value) ? null : this.#ajv.errorsText(validate.errors);
  }
}

export function codeOf({ headers, text }: FuzzAnswer): string | null {
  if (headers['content-type']?.startsWith(PROBLEM) !== true) return null;
  const { code } = (parse(text) ?? {}) as { code?: unknown };
  return typeof code === 'string' ? code : null;
}

export function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
