/** What an OpenID Connect issuer gave to whoever signed in, and where to ask for more. Pure. */
import type { OidcClient } from '../data/types.ts';

export interface Ending {
  /** The issuer's `end_session_endpoint`. */
  readonly endpoint: string;
  /** Says whose session it is. */
  readonly idToken: string | null;
}

export interface Grant {
  readonly client: OidcClient;
  /** What the API takes as bearer token. */
  readonly token: string;
  /** For the next token; null when the issuer gives none. */
  readonly refreshToken: string | null;
  /** With it the issuer is asked to end its own session; null where the issuer has no page for that. */
  readonly ending: Ending | null;
  /** By this machine's clock, in milliseconds; `expiresAt` null: the issuer did not say. */
  readonly renewedAt: number;
  readonly expiresAt: number | null;
}

/**
 * The issuer's page that ends its session and leads back to `returnTo`; null when there is none.
 * OpenID Connect RP-Initiated Logout 1.0, section 2.
 */
export function endingAddress({ client, ending }: Grant, returnTo: string): URL | null {
  // What an earlier version of the page has kept has none at all.
  if (ending == null || !URL.canParse(ending.endpoint)) return null;
  const address = new URL(ending.endpoint);
  // Nothing that runs, and nothing less safe than the issuer.
  if (address.protocol !== 'https:' && address.protocol !== new URL(client.issuer).protocol) return null;
  address.searchParams.set('client_id', client.clientId);
  address.searchParams.set('post_logout_redirect_uri', returnTo);
  if (ending.idToken !== null) address.searchParams.set('id_token_hint', ending.idToken);
  return address;
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
