/** Every error leaves as RFC 9457 `application/problem+json` with a stable code. What went wrong inside stays inside. */
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type {
  FastifyError,
  FastifyReply,
  FastifyRequest,
  FastifySchemaValidationError,
  RouteOptions,
} from 'fastify';
import fp from 'fastify-plugin';
import { isDatabaseUnavailable } from '../../control/database/database.ts';
import { REFUSALS, Refusal, type RefusalCode } from '../../control/refusals.ts';
import type { Problem } from '../schemas/problem.ts';

/** Fastify's own errors that a client can cause. */
const FRAMEWORK_CODES: Record<string, RefusalCode> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'UNSUPPORTED_MEDIA_TYPE',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'INVALID_JSON',
  FST_ERR_CTP_INVALID_JSON_BODY: 'INVALID_JSON',
  FST_ERR_CTP_BODY_TOO_LARGE: 'BODY_TOO_LARGE',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'INVALID_REQUEST',
  FST_ERR_VALIDATION: 'VALIDATION_FAILED',
  FST_ERR_BAD_URL: 'INVALID_REQUEST',
};
/** Where Fastify's own message says less. */
const FRAMEWORK_DETAILS: Partial<Record<RefusalCode, string>> = {
  INVALID_JSON: 'The body cannot be parsed as JSON.',
  UNSUPPORTED_MEDIA_TYPE:
    'Send the body as application/json, a merge patch as application/merge-patch+json, and say so in Content-Type.',
};
const PARTS: Record<string, string> = {
  querystring: 'query',
  params: 'path',
  headers: 'header',
  body: 'body',
};
const MOST_ERRORS = 20;
const refusals = new WeakMap<FastifyRequest, Refusal>();

export const problems = fp(
  async (app) => {
    app.setErrorHandler(async (error: FastifyError, request, reply) => {
      const refusal = toRefusal(error);
      if (refusal.code === 'INTERNAL') request.log.error({ err: error }, 'request failed');
      return sendProblem(request, reply, refusal, validationErrors(error));
    });
    app.setNotFoundHandler({}, async (request, reply) => {
      const path = request.url.split('?')[0] ?? '';
      const allowed = methodsOf(app.declaredRoutes, path);
      if (allowed.length > 0) reply.header('allow', allowed.join(', '));
      const code = allowed.length > 0 ? 'METHOD_NOT_ALLOWED' : 'ROUTE_NOT_FOUND';
      return sendProblem(request, reply, new Refusal(code, `There is no ${request.method} ${path}.`));
    });
  },
  { name: 'problems' },
);

/** What can be done at `path`: RFC 9110, section 15.5.6, wants it told to whoever asked for something else. */
function methodsOf(routes: readonly RouteOptions[], path: string): string[] {
  const given = path.split('/');
  const fits = (url: string): boolean => {
    const wanted = url.split('/');
    return (
      wanted.length === given.length &&
      wanted.every((part, index) => part === given[index] || (part.startsWith(':') && given[index] !== ''))
    );
  };
  return routes
    .filter(({ url }) => fits(url))
    .flatMap(({ method }) => method)
    .sort();
}

/** Why the request was refused; null while it was not. */
export function refusalOf(request: FastifyRequest): Refusal | null {
  return refusals.get(request) ?? null;
}

/** The problem document of a refusal; also what an operation keeps as its `error`. */
export function toProblem(refusal: Refusal, requestId: string | null): Problem {
  const { status, title } = refusal.kind;
  const { placement } = refusal;
  return {
    type: 'about:blank',
    title,
    status,
    detail: refusal.message,
    code: refusal.code,
    ...(requestId === null ? {} : { requestId }),
    ...(placement === null
      ? {}
      : { placement: { ...placement, reasons: { ...placement.reasons }, help: [...placement.help] } }),
  };
}

/** Answers what no route can be looked up for, such as a path with a broken escape. */
export function answerFrameworkError(
  error: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  // No hook is run for what has no route.
  reply.header('x-request-id', request.id);
  void sendProblem(request, reply, toRefusal(error));
}

/**
 * Answers what is no whole HTTP request, which no route ever sees: its answer is written by hand.
 * https://nodejs.org/api/http.html#event-clienterror
 */
export function answerClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  // The answer under way on this connection, as Node's own handler looks for it.
  const answer = (socket as { _httpMessage?: { headersSent: boolean } | null })._httpMessage;
  if (error.code === 'ECONNRESET' || !socket.writable || answer?.headersSent === true) {
    socket.destroy();
    return;
  }
  const refusal = clientErrorRefusal(error.code);
  const body = JSON.stringify(toProblem(refusal, null));
  const { status, title } = refusal.kind;
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? title}`,
    'Content-Type: application/problem+json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}

function clientErrorRefusal(code: string | undefined): Refusal {
  switch (code) {
    case 'HPE_INVALID_EOF_STATE':
      return new Refusal('BODY_TRUNCATED', 'The connection was closed before the request was complete.');
    case 'HPE_HEADER_OVERFLOW':
      return new Refusal('HEADERS_TOO_LARGE', 'The headers have more than 16 KiB.');
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new Refusal('REQUEST_TIMEOUT', 'The request took too long to arrive.');
    default:
      return new Refusal('INVALID_REQUEST', 'This is not an HTTP/1.1 request.');
  }
}

async function sendProblem(
  request: FastifyRequest,
  reply: FastifyReply,
  refusal: Refusal,
  errors = faultsOf(refusal),
): Promise<FastifyReply> {
  const problem = toProblem(refusal, request.id);
  refusals.set(request, refusal);
  if (refusal.kind.status === 401) reply.header('www-authenticate', 'Bearer realm="holdfast"');
  if (refusal.retryAfter !== null) reply.header('retry-after', String(refusal.retryAfter));
  return reply
    .code(problem.status)
    .type('application/problem+json')
    .serializer(JSON.stringify)
    .send(errors === undefined ? problem : { ...problem, errors });
}

function faultsOf({ faults, pointer, message }: Refusal): Problem['errors'] {
  if (faults.length > 0) return faults.map((fault) => ({ ...fault }));
  return pointer === null ? undefined : [{ pointer, detail: message }];
}

function toRefusal(error: FastifyError): Refusal {
  if (error instanceof Refusal) return error;
  if (isDatabaseUnavailable(error)) {
    return new Refusal('DATABASE_UNAVAILABLE', 'The database cannot be reached; try again in a moment.', {
      cause: error,
      retryAfter: 2,
    });
  }
  const code = FRAMEWORK_CODES[error.code] ?? codeOfStatus(error.statusCode);
  if (code === null)
    return new Refusal('INTERNAL', 'The request failed; the log has the reason.', { cause: error });
  if (code === 'VALIDATION_FAILED') {
    const where = PARTS[error.validationContext ?? ''] ?? 'request';
    return new Refusal(code, `The ${where} does not match its schema; "errors" says where.`);
  }
  return new Refusal(code, FRAMEWORK_DETAILS[code] ?? error.message);
}

/** For errors of the HTTP layer that have no code of their own here. */
function codeOfStatus(status: number | undefined): RefusalCode | null {
  if (status === undefined || status < 400 || status >= 500) return null;
  const codes = Object.keys(REFUSALS) as RefusalCode[];
  const generic: RefusalCode[] = [
    'BODY_TOO_LARGE',
    'UNSUPPORTED_MEDIA_TYPE',
    'RANGE_NOT_SATISFIABLE',
    'ROUTE_NOT_FOUND',
  ];
  return (
    codes.find((code) => generic.includes(code) && REFUSALS[code].status === status) ?? 'INVALID_REQUEST'
  );
}

/** AJV's errors, which have their schema with them (plugins/validation.ts). */
interface SchemaError extends FastifySchemaValidationError {
  parentSchema?: { description?: string; patternProperties?: object };
}

function validationErrors(error: FastifyError): Problem['errors'] {
  return error.validation
    ?.filter((found) => !isNullBranch(found))
    .slice(0, MOST_ERRORS)
    .map((found) => ({ pointer: pointer(found), detail: sentence(found) }));
}

/** What is said of a value that may also be null is said by its other schema. */
function isNullBranch({ keyword, schemaPath, params }: SchemaError): boolean {
  return keyword === 'anyOf' || (/\/anyOf\/\d+\/type$/.test(schemaPath) && params.type === 'null');
}

/** The pointer of the offending member itself, also when AJV names its parent. */
function pointer({ instancePath, params }: SchemaError): string {
  const member = params.additionalProperty ?? params.missingProperty ?? params.propertyName;
  if (typeof member !== 'string') return instancePath;
  return `${instancePath}/${member.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

function sentence({ keyword, message, params, parentSchema = {} }: SchemaError): string {
  if (keyword === 'additionalProperties') {
    return parentSchema.patternProperties === undefined ? 'is not a known field' : 'is not a valid key';
  }
  if (keyword === 'required') return 'is required';
  if (keyword === 'enum' && Array.isArray(params.allowedValues)) {
    return `must be one of ${params.allowedValues.map((value) => JSON.stringify(value)).join(', ')}`;
  }
  const said = message ?? 'is not valid';
  const { description } = parentSchema;
  return keyword === 'pattern' && description !== undefined ? `${said}: ${description}` : said;
}
