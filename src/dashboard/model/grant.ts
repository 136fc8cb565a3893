/** What an OpenID Connect issuer gave to whoever signed in, and where to ask for more. Pure. */
import type { OidcClient } from '../data/types.ts';

export interface Grant {
  readonly client: OidcClient;
  /** What the API takes as bearer token. */
  readonly token: string;
  /** For the next token; null when the issuer gives none. */
  readonly refreshToken: string | null;
  /** By this machine's clock, in milliseconds; `expiresAt` null: the issuer did not say. */
  readonly renewedAt: number;
  readonly expiresAt: number | null;
}

/** Milliseconds before its end at which a token is renewed, unless it lives for less than four times that. */
const LEAD_MS = 60_000;

export function hasRefresh(grant: Grant | null): grant is Grant & { refreshToken: string } {
  return grant !== null && grant.refreshToken !== null;
}

/** Milliseconds from `now` until the grant is to be renewed; null when that is not known, or not possible. */
export function renewIn(grant: Grant | null, now: number): number | null {
  if (!hasRefresh(grant) || grant.expiresAt === null) return null;
  const lead = Math.min(LEAD_MS, (grant.expiresAt - grant.renewedAt) / 4);
  return Math.max(0, grant.expiresAt - lead - now);
}
