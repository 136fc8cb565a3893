/** API tokens: who may ask the API for what. The secret is shown once; Postgres holds its SHA-256. */
import { hash, randomBytes } from 'node:crypto';
import type pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import type { Control } from '../control.ts';
import { anyOf } from '../database/database.ts';
import { transact } from '../database/transact.ts';
import { tokenTopic } from '../events/topics.ts';
import type { Labels } from '../labels.ts';
import type { Token } from '../prisma/client.ts';
import { Refusal } from '../refusals.ts';

/** Each role may do what the ones before it may. */
export const ROLES = ['viewer', 'operator', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** Who is behind a client's request, and how far it reaches. */
export interface Principal {
  /** A token of this API, or one of the issuer that it trusts (oidc.ts). */
  kind: 'token' | 'oidc';
  /** Of the token; of an issuer's subject, made of both, so that it is the same with each of its tokens. */
  id: string;
  name: string;
  role: Role;
  /** Labels that a VM must have to be reached, with what belongs to it; {} reaches everything. */
  scope: Labels;
  expiresAt: Date | null;
}

/** How a caller is written into operations and the audit: the name may be given again, the id is not. */
export function actorOf(principal: { id: string; name: string }): string {
  return `${principal.name} (${principal.id})`;
}

/** `lastUsedAt` is exact to this; writing it at every request would make every read a write. */
const LAST_USED_RESOLUTION_MS = 60_000;

export function hashSecret(secret: string): Buffer<ArrayBuffer> {
  return hash('sha256', secret, 'buffer');
}

/** 256 random bits behind a prefix that secret scanners can look for. */
export function newSecret(prefix: string): string {
  return `${prefix}_${randomBytes(32).toString('base64url')}`;
}

export function hasRole(role: Role, needed: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(needed);
}

export interface NewToken {
  name: string;
  role: Role;
  scope?: Labels;
  expiresAt: Date | null;
}

/** The row and, this once, the secret. */
export async function createToken(
  control: Control,
  input: NewToken,
): Promise<{ token: Token; secret: string }> {
  if (input.expiresAt !== null && input.expiresAt <= new Date()) {
    throw new Refusal('EXPIRY_IN_PAST', '`expiresAt` must lie in the future.', { pointer: '/expiresAt' });
  }
  const secret = newSecret('hft');
  const data = { id: uuidv7(), ...input, hash: hashSecret(secret) };
  const token = await transact(control, (tx) => tx.token.create({ data }));
  return { token, secret };
}

export async function getToken(control: Control, tokenId: string): Promise<Token> {
  const token = await control.db.token.findUnique({ where: { id: tokenId } });
  if (token === null) throw new Refusal('TOKEN_NOT_FOUND', `There is no token ${tokenId}.`);
  return token;
}

/** In the order of creation, which is that of the ids (UUIDv7). */
export async function listTokens(
  control: Control,
  page: { afterId: string | null; limit: number },
): Promise<Token[]> {
  return control.db.token.findMany({
    ...(page.afterId === null ? {} : { where: { id: { gt: page.afterId } } }),
    orderBy: { id: 'asc' },
    take: page.limit,
  });
}

/** Revokes the token at once. The last admin token without an end or a scope stays, or nobody could make another. */
export async function deleteToken(control: Control, tokenId: string): Promise<void> {
  await transact(control, async (tx) => {
    // All lasting admin tokens, in one order, so that two deletions cannot each leave the other's.
    const admins = await tx.$queryRaw<{ id: string }[]>`
      SELECT id FROM tokens WHERE role = 'admin' AND expires_at IS NULL AND scope = '{}' ORDER BY id FOR UPDATE`;
    if (admins.length === 1 && admins[0]?.id === tokenId) {
      throw new Refusal(
        'LAST_ADMIN_TOKEN',
        'Create another admin token that has no scope and does not expire, then delete this one.',
      );
    }
    const { count } = await tx.token.deleteMany({ where: { id: tokenId } });
    if (count === 0) throw new Refusal('TOKEN_NOT_FOUND', `There is no token ${tokenId}.`);
  });
  control.wake.notify(tokenTopic(tokenId));
}

/** As a request's secret finds it. */
export interface FoundToken extends Omit<Principal, 'kind'> {
  lastUsedAt: Date | null;
}

/** As `newSecret('hft')` makes them: what has another shape is nobody's, and is not worth a query. */
const TOKEN_SECRET = /^hft_[A-Za-z0-9_-]{43}$/;

/** The tokens that stand now, by the hash of their secret in base64. */
export async function findTokens(pool: pg.Pool, hashes: readonly string[]): Promise<Map<string, FoundToken>> {
  const { rows } = await pool.query<FoundToken & { hash: string }>({
    name: 'find-tokens',
    text: `SELECT encode(hash, 'base64') AS hash, id, name, role, scope, expires_at AS "expiresAt",
             last_used_at AS "lastUsedAt"
           FROM tokens WHERE hash = ${anyOf('$1::bytea[]')} AND (expires_at IS NULL OR expires_at > now())`,
    values: [hashes.map((hash) => Buffer.from(hash, 'base64'))],
  });
  return new Map(rows.map(({ hash, ...token }) => [hash, token]));
}

/**
 * The principal of a secret, or null when it is unknown, expired or revoked. Asked at every request, hence one query for
 * all that come at the same time and no Prisma; none is remembered, so a revocation is effective at once.
 */
export async function authenticate(control: Control, secret: string): Promise<Principal | null> {
  if (!TOKEN_SECRET.test(secret)) return null;
  const found = await control.reads.token(hashSecret(secret).toString('base64'));
  if (found === undefined) return null;
  const { lastUsedAt, ...principal } = found;
  if (Date.now() - (lastUsedAt?.getTime() ?? 0) > LAST_USED_RESOLUTION_MS) {
    await control.pool.query('UPDATE tokens SET last_used_at = now() WHERE id = $1', [found.id]);
  }
  return { kind: 'token', ...principal };
}
