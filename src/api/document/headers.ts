/** The headers that requests may carry and answers do, as far as they follow from what a route is. */
import type { Declared } from './complete.ts';
import type { Header, Parameter, Response } from './json-schema.ts';

/** Each means the same wherever it is; the names are those of `components.headers`. */
export const ANSWER_HEADERS = {
  'x-request-id': {
    description: 'Names the request in the log.',
    required: true,
    schema: { type: 'string', format: 'uuid' },
  },
  etag: {
    description: 'For `If-Match`: changes when the resource does.',
    schema: { type: 'string', pattern: '^"[!-~]+"$' },
  },
  location: {
    description: 'Where it is: the resource, or the operation.',
    required: true,
    schema: { type: 'string', pattern: '^/v1/' },
  },
  'operation-location': {
    description: 'The operation that the request began, where it began one.',
    schema: { type: 'string', pattern: '^/v1/operations/' },
  },
  'retry-after': {
    description: 'After so many seconds it may be worth another try.',
    schema: { type: 'string', pattern: '^[0-9]+$' },
  },
  'www-authenticate': {
    description: 'How to authenticate (RFC 6750).',
    required: true,
    schema: { type: 'string', pattern: '^Bearer ' },
  },
  'idempotency-replayed': {
    description: 'On the answer of an earlier request with the same `Idempotency-Key`.',
    schema: { type: 'string', enum: ['true'] },
  },
} satisfies Record<string, Header>;

type AnswerHeader = keyof typeof ANSWER_HEADERS;

const IDEMPOTENCY_KEY: Parameter = {
  name: 'idempotency-key',
  in: 'header',
  required: false,
  description:
    'Makes it safe to send the request again: with the same key and body it is carried out once, and every answer is ' +
    'that of the first. Kept for a day.',
  schema: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[!-~]+$' },
  example: 'b7c1e2f0-create-web-1',
};
const IF_MATCH: Parameter = {
  name: 'if-match',
  in: 'header',
  required: false,
  description: 'The ETag of what was read: refused with `PRECONDITION_FAILED` when it has changed since.',
  schema: { type: 'string', maxLength: 500 },
  example: '"3"',
};

export function requestHeaders(method: string, { role, codes }: Declared): Parameter[] {
  return [
    ...(method === 'post' && role !== 'agent' && role !== 'public' ? [{ ...IDEMPOTENCY_KEY }] : []),
    ...(codes.includes('PRECONDITION_FAILED') ? [{ ...IF_MATCH }] : []),
  ];
}

export function answerHeaders(answer: {
  path: string;
  method: string;
  status: string;
  response: Response;
}): AnswerHeader[] {
  const { path, method, status, response } = answer;
  const forClients = path.startsWith('/v1/');
  const success = status.startsWith('2');
  const names: AnswerHeader[] = ['x-request-id'];
  if (forClients && (status === '200' || status === '201') && isTagged(response)) names.push('etag');
  if ((status === '201' && path !== '/v1/enrolment-tokens') || status === '202') names.push('location');
  if (success && mayBeginOperation(path, method)) names.push('operation-location');
  if (success && forClients && method === 'post') names.push('idempotency-replayed');
  if (status === '401') names.push('www-authenticate');
  if (['409', '429', '503'].includes(status)) names.push('retry-after');
  return names;
}

/** Those of resources that have a revision. Lists, and what is worked out for one answer, have no ETag. */
const RESOURCES = [
  ...[
    'Blob',
    'Event',
    'Fingerprint',
    'Host',
    'HostFingerprint',
    'Image',
    'Maintenance',
    'Network',
    'Operation',
  ],
  ...[
    'Preflight',
    'PsciPolicy',
    'Rollout',
    'Snapshot',
    'Token',
    'Vm',
    'Webhook',
    'WebhookDelivery',
    'WebhookWithSecret',
  ],
].map((name) => `#/components/schemas/${name}`);

function isTagged({ content }: Response): boolean {
  const schema = content?.['application/json']?.schema ?? {};
  return [schema, ...(schema.anyOf ?? [])].some(({ $ref = '' }) => RESOURCES.includes($ref));
}

function mayBeginOperation(path: string, method: string): boolean {
  return (path === '/v1/vms' && method === 'post') || (path === '/v1/vms/{vmId}' && method === 'patch');
}
