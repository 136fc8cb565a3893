/**
 * What a host shows to be let in: a secret that its agent made; Postgres holds its SHA-256.
 *
 *   enrolled ──the agent announces another──▶ two are good ──the other is shown──▶ only that one is
 *      ▲  └──────────────────────────revoked───────┴─────────────▶ none is
 *      └────────enrolment with a token made for this host───────────┘
 *
 * Until it has shown the new one the agent may have lost it in a crash, so the old one stays good until then.
 */
import type pg from 'pg';
import type { Control } from '../control.ts';
import { isUniqueViolation } from '../database/database.ts';
import { transact } from '../database/transact.ts';
import { hostCredentialTopic } from '../events/topics.ts';
import { getHost, type HostRecord } from '../hosts/hosts.ts';
import { Refusal } from '../refusals.ts';
import { type AuditedRequest, auditWithin } from './audit.ts';
import { actorOf, hashSecret } from './tokens.ts';

/** The host behind an agent's request. */
export interface HostPrincipal {
  hostId: string;
  hostName: string;
}

/** As a credential finds it. */
export interface FoundHost extends HostPrincipal {
  revoked: boolean;
  /** Whether it was announced and is shown for the first time. */
  next: boolean;
}

/** The hosts that have these credentials, by their hash in base64. */
export async function findHostsBySecret(
  pool: pg.Pool,
  hashes: readonly string[],
): Promise<Map<string, FoundHost>> {
  const { rows } = await pool.query<FoundHost & { hash: string }>({
    name: 'find-hosts-by-secret',
    text: `SELECT encode(r.hash, 'base64') AS hash, id AS "hostId", name AS "hostName",
             credential_revoked_at IS NOT NULL AS revoked, COALESCE(next_credential_hash = r.hash, false) AS next
           FROM unnest($1::bytea[]) AS r (hash)
           JOIN hosts ON hosts.credential_hash = r.hash OR hosts.next_credential_hash = r.hash`,
    values: [hashes.map((hash) => Buffer.from(hash, 'base64'))],
  });
  return new Map(rows.map(({ hash, ...host }) => [hash, host]));
}

/** Asked at every request of an agent, hence one query for all that come at the same time. Throws UNAUTHENTICATED. */
export async function authenticateHost(control: Control, secret: string): Promise<HostPrincipal> {
  const hash = hashSecret(secret);
  const host = await control.reads.host(hash.toString('base64'));
  if (host === undefined) throw new Refusal('UNAUTHENTICATED', 'No enrolled host has this credential.');
  const { hostId, hostName, revoked, next } = host;
  if (revoked) {
    throw new Refusal(
      'UNAUTHENTICATED',
      `The credential of host ${hostName} was revoked. Enrol it again with a token from POST /v1/enrolment-tokens ` +
        'that names the host.',
    );
  }
  if (next) {
    await control.pool.query(
      `UPDATE hosts SET credential_hash = next_credential_hash, next_credential_hash = NULL
       WHERE id = $1 AND next_credential_hash = $2`,
      [hostId, hash],
    );
  }
  return { hostId, hostName };
}

/**
 * Lets the agent change to another credential. Said again, it changes nothing; another one takes its place. Throws
 * CREDENTIAL_TAKEN when another host has it: whoever shows it must be one host.
 */
export async function announceCredential(
  control: Control,
  { hostId, hostName }: HostPrincipal,
  credentialHash: string,
  from: Omit<AuditedRequest, 'actor'>,
): Promise<void> {
  const hash = Buffer.from(credentialHash, 'hex');
  const taken = new Refusal(
    'CREDENTIAL_TAKEN',
    'Another host has this credential. Make one of random bytes.',
  );
  await transact(control, async (tx) => {
    const fresh = await tx.$queryRaw<unknown[]>`
      SELECT 1 FROM hosts WHERE id = ${hostId}::uuid AND credential_hash <> ${hash}
        AND next_credential_hash IS DISTINCT FROM ${hash} FOR NO KEY UPDATE`;
    if (fresh.length === 0) return;
    const others = await tx.$queryRaw<unknown[]>`
      SELECT 1 FROM hosts WHERE id <> ${hostId}::uuid AND (credential_hash = ${hash} OR next_credential_hash = ${hash})`;
    if (others.length > 0) throw taken;
    await auditWithin(tx, { ...from, actor: actorOf({ name: `host ${hostName}`, id: hostId }) });
    await tx.host.updateMany({ where: { id: hostId }, data: { nextCredentialHash: hash } });
  }).catch((error: unknown) => {
    throw isUniqueViolation(error) ? taken : error;
  });
}

/** Lets the host in no more, from now on. What it runs goes on, unseen. Throws HOST_NOT_FOUND. */
export async function revokeCredential(
  control: Control,
  hostId: string,
  { check }: { check: (revision: number) => void },
): Promise<HostRecord> {
  await transact(control, async (tx) => {
    const [host] = await tx.$queryRaw<{ revision: number }[]>`
      SELECT revision FROM hosts WHERE id = ${hostId}::uuid FOR NO KEY UPDATE`;
    if (host === undefined) throw new Refusal('HOST_NOT_FOUND', `There is no host ${hostId}.`);
    check(host.revision);
    await tx.$executeRaw`
      UPDATE hosts SET credential_revoked_at = now(), next_credential_hash = NULL, revision = revision + 1
      WHERE id = ${hostId}::uuid AND credential_revoked_at IS NULL`;
  });
  control.wake.notify(hostCredentialTopic(hostId));
  return getHost(control, hostId);
}
