/** API tokens: who may ask the API for what. The secret is shown once; Postgres holds its SHA-256. */
import { createHash, randomBytes } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import type { Control } from './control.ts';
import type { Token } from './prisma/client.ts';

/** Each role may do what the ones before it may. */
export const ROLES = ['viewer', 'operator', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** The token behind a request. */
export interface TokenPrincipal {
  id: string;
  name: string;
  role: Role;
}

/** `lastUsedAt` is exact to this; writing it at every request would make every read a write. */
const LAST_USED_RESOLUTION_MS = 60_000;

export function hashSecret(secret: string): Buffer<ArrayBuffer> {
  return createHash('sha256').update(secret).digest();
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
  expiresAt: Date | null;
}

/** The row and, this once, the secret. */
export async function createToken(
  control: Control,
  input: NewToken,
): Promise<{ token: Token; secret: string }> {
  const secret = newSecret('hft');
  const token = await control.db.token.create({ data: { id: uuidv7(), ...input, hash: hashSecret(secret) } });
  return { token, secret };
}

interface FoundToken extends TokenPrincipal {
  lastUsedAt: Date | null;
}

/**
 * The principal of a secret, or null when it is unknown, expired or revoked. Asked at every request, hence one
 * prepared statement and no Prisma; a revocation is effective at once.
 */
export async function authenticate(control: Control, secret: string): Promise<TokenPrincipal | null> {
  const { rows } = await control.pool.query<FoundToken>({
    name: 'authenticate-token',
    text: `SELECT id, name, role, last_used_at AS "lastUsedAt" FROM tokens
           WHERE hash = $1 AND (expires_at IS NULL OR expires_at > now())`,
    values: [hashSecret(secret)],
  });
  const found = rows[0];
  if (found === undefined) return null;
  if (Date.now() - (found.lastUsedAt?.getTime() ?? 0) > LAST_USED_RESOLUTION_MS) {
    await control.pool.query('UPDATE tokens SET last_used_at = now() WHERE id = $1', [found.id]);
  }
  return { id: found.id, name: found.name, role: found.role };
}
