/** An audit row in words, and the columns of its export. Pure. */
import type { AuditEntry } from '../data/types.ts';
import type { CsvColumn } from './csv.ts';

/** `start · VM` of `POST /v1/vms/…/start`. */
export function requestWords({ method, path }: Pick<AuditEntry, 'method' | 'path'>): string {
  const { pathname, searchParams } = new URL(path, 'http://api');
  const [resource = '', ...rest] = pathname.split('/').slice(2);
  const what = NAMES[resource] ?? resource;
  const action = rest.length > 1 ? rest.at(-1) : undefined;
  if (method === 'POST' && action !== undefined) return `${ACTIONS[action] ?? action} · ${what}`;
  // Asked, and not done.
  const dry = searchParams.get('dryRun') === 'true' ? 'try to ' : '';
  return `${dry}${VERBS[method] ?? method} · ${what}`;
}

const VERBS: Record<string, string> = { POST: 'create', PUT: 'upload', PATCH: 'change', DELETE: 'delete' };
const ACTIONS: Record<string, string> = {
  snapshots: 'take a snapshot',
  'declare-lost': 'declare lost',
  'rotate-secret': 'rotate the secret',
  'revoke-credential': 'revoke the credential',
};
const NAMES: Record<string, string> = {
  vms: 'VM',
  hosts: 'host',
  images: 'image',
  blobs: 'blob',
  tokens: 'token',
  networks: 'network',
  operations: 'operation',
  rollouts: 'rollout',
  preflights: 'preflight',
  webhooks: 'webhook',
  'psci-policies': 'policy',
  'enrolment-tokens': 'enrolment token',
};

export type AuditOutcome = 'done' | 'refused' | 'unknown';

export function outcomeOf({ status }: Pick<AuditEntry, 'status'>): AuditOutcome {
  if (status === null) return 'unknown';
  return status < 400 ? 'done' : 'refused';
}

export const AUDIT_COLUMNS: readonly CsvColumn<AuditEntry>[] = [
  ['at', ({ at }) => at],
  ['actor', ({ actor }) => actor],
  ['address', ({ address }) => address],
  ['method', ({ method }) => method],
  ['path', ({ path }) => path],
  ['status', ({ status }) => status],
  ['code', ({ code }) => code],
  ['override', ({ override }) => override],
  ['changes', ({ changes }) => (changes.length === 0 ? null : JSON.stringify(changes))],
  ['requestId', ({ requestId }) => requestId],
  ['id', ({ id }) => id],
];
