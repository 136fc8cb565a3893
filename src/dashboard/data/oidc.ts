/**
 * Signing in through an OpenID Connect issuer, as a public client: the authorization code flow with PKCE. Loaded only
 * when somebody does so.
 *
 *   beginSignIn ──▶ the issuer's pages ──▶ /sign-in?code=… ──▶ finishSignIn ──▶ a grant ──▶ renewGrant, before it ends
 *                                                                 │
 *                        /sign-in ◀── the issuer's page that ends its session (endingAddress) ◀── signing out
 *
 * What has to be remembered meanwhile (state, nonce, code_verifier) is in sessionStorage and good once.
 * OpenID Connect Core 1.0, section 3.1; RFC 7636; RFC 9207; RFC 9700.
 */
import * as oauth from 'oauth4webapi';
import type { Grant } from '../model/grant.ts';
import { SignInError } from './problems.ts';
import type { OidcClient } from './types.ts';

const PENDING = 'holdfast.sign-in';
/** A person may have to find a second factor meanwhile. */
const WITHIN_MS = 15 * 60_000;
const FETCH_WITHIN_MS = 15_000;
/** What a proxy in front of an issuer that is down leads to. */
const NO_ISSUER = [oauth.RESPONSE_IS_NOT_CONFORM, oauth.RESPONSE_IS_NOT_JSON, oauth.PARSE_ERROR];

/** Of its page, where it gives no words of its own: RFC 6749, section 4.1.2.1; OpenID Connect Core 1.0, section 3.1.2.6. */
const REFUSALS: Readonly<Record<string, string>> = {
  access_denied: 'it was declined there, or you have no access',
  temporarily_unavailable: 'it is busy; try again in a moment',
  server_error: 'it had a fault of its own; try again in a moment',
  invalid_scope: 'it does not know what HOLDFAST_OIDC_SCOPES asks for',
  unauthorized_client: 'its client is not set up for the authorization code flow',
};

interface Pending {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  readonly returnTo: string;
  readonly begunAt: number;
}

const redirectUri = () => `${location.origin}/sign-in`;

/** The address of the issuer's own page to go to. `returnTo` is where to go on afterwards. */
export async function beginSignIn(client: OidcClient, returnTo: string): Promise<URL> {
  const server = await discover(client);
  if (server.authorization_endpoint === undefined) {
    throw new SignInError(`${client.issuer} does not say where one signs in (authorization_endpoint).`);
  }
  const pending: Pending = {
    state: oauth.generateRandomState(),
    nonce: oauth.generateRandomNonce(),
    verifier: oauth.generateRandomCodeVerifier(),
    returnTo,
    begunAt: Date.now(),
  };
  sessionStorage.setItem(PENDING, JSON.stringify(pending));
  const address = new URL(server.authorization_endpoint);
  const parameters = {
    ...{
      client_id: client.clientId,
      redirect_uri: redirectUri(),
      response_type: 'code',
      scope: client.scopes,
    },
    code_challenge: await oauth.calculatePKCECodeChallenge(pending.verifier),
    code_challenge_method: 'S256',
    ...{ state: pending.state, nonce: pending.nonce },
  };
  for (const [name, value] of Object.entries(parameters)) address.searchParams.set(name, value);
  return address;
}

/** What the issuer's answer, the query of the address it led back to, comes to. Well or not, goes on where one was. */
export async function finishSignIn(client: OidcClient, query: URLSearchParams): Promise<Grant> {
  const pending = takePending();
  history.replaceState(null, '', pending.returnTo);
  const server = await discover(client);
  const as = { client_id: client.clientId };
  return explained(
    client,
    async () => {
      const parameters = oauth.validateAuthResponse(server, as, query, pending.state);
      const response = await oauth.authorizationCodeGrantRequest(
        ...([server, as, oauth.None(), parameters, redirectUri(), pending.verifier] as const),
        options(client),
      );
      const tokens = await oauth.processAuthorizationCodeResponse(server, as, response, {
        ...{ expectedNonce: pending.nonce, requireIdToken: true },
      });
      return grantOf(server, client, tokens, null);
    },
    server.token_endpoint,
  );
}

/** A new token for the refresh token of `grant`. */
export async function renewGrant(grant: Grant & { refreshToken: string }): Promise<Grant> {
  const { client, refreshToken } = grant;
  const server = await discover(client);
  const as = { client_id: client.clientId };
  return explained(
    client,
    async () => {
      const response = await oauth.refreshTokenGrantRequest(
        ...([server, as, oauth.None(), refreshToken] as const),
        options(client),
      );
      const tokens = await oauth.processRefreshTokenResponse(server, as, response);
      return grantOf(server, client, tokens, grant);
    },
    server.token_endpoint,
  );
}

function takePending(): Pending {
  const text = sessionStorage.getItem(PENDING);
  sessionStorage.removeItem(PENDING);
  const pending = text === null ? null : (JSON.parse(text) as Pending);
  if (pending === null || Date.now() - pending.begunAt > WITHIN_MS) {
    throw new SignInError('This sign-in was not begun in this tab, or too long ago. Begin again.');
  }
  return pending;
}

async function discover(client: OidcClient): Promise<oauth.AuthorizationServer> {
  return explained(client, async () => {
    const issuer = new URL(client.issuer);
    return oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, options(client)));
  });
}

/** An issuer without TLS is one on this machine; the API takes no other (config/api.ts). */
function options({ issuer }: OidcClient) {
  return {
    [oauth.allowInsecureRequests]: new URL(issuer).protocol === 'http:',
    signal: () => AbortSignal.timeout(FETCH_WITHIN_MS),
  };
}

/** `former`: the grant that `tokens` renew; what they leave out goes on. */
function grantOf(
  server: oauth.AuthorizationServer,
  client: OidcClient,
  tokens: oauth.TokenEndpointResponse,
  former: Grant | null,
): Grant {
  const now = Date.now();
  const { end_session_endpoint: endpoint } = server;
  const idToken = tokens.id_token ?? former?.ending?.idToken ?? null;
  const kept = {
    client,
    refreshToken: tokens.refresh_token ?? former?.refreshToken ?? null,
    ending: endpoint === undefined ? null : { endpoint, idToken },
    renewedAt: now,
  };
  if (client.bearer === 'access_token') {
    const { expires_in: seconds } = tokens;
    return {
      ...kept,
      token: tokens.access_token,
      expiresAt: seconds === undefined ? null : now + seconds * 1_000,
    };
  }
  const claims = oauth.getValidatedIdTokenClaims(tokens);
  if (tokens.id_token === undefined || claims === undefined) {
    throw new SignInError(`${client.issuer} gave no new ID token.`);
  }
  return { ...kept, token: tokens.id_token, expiresAt: claims.exp * 1_000 };
}

/** Runs it; what goes wrong is thrown as a sentence for people. `asked`: the address that it asks. */
async function explained<T>(client: OidcClient, run: () => Promise<T>, asked = client.issuer): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw error instanceof SignInError ? error : sentenceFor(client, error, asked);
  }
}

function sentenceFor({ issuer, clientId }: OidcClient, cause: unknown, asked: string): SignInError {
  if (cause instanceof oauth.AuthorizationResponseError) {
    const why = cause.error_description ?? REFUSALS[cause.error] ?? `it says "${cause.error}"`;
    return new SignInError(`${issuer} did not sign you in: ${why}.`, { cause });
  }
  if (cause instanceof oauth.ResponseBodyError || cause instanceof oauth.WWWAuthenticateChallengeError) {
    const why =
      cause instanceof oauth.ResponseBodyError ? (cause.error_description ?? cause.error) : cause.message;
    return new SignInError(
      `${issuer} gave no token: ${why}. Its client "${clientId}" must be public and lead back to ${redirectUri()}.`,
      { cause },
    );
  }
  if (cause instanceof oauth.OperationProcessingError || cause instanceof oauth.UnsupportedOperationError) {
    if (NO_ISSUER.some((code) => code === cause.code)) {
      return new SignInError(`${issuer} does not answer as an issuer does. Try again in a moment.`, {
        ...{ cause, passing: true },
      });
    }
    return new SignInError(`The answer of ${issuer} cannot be trusted: ${cause.message}. Begin again.`, {
      cause,
    });
  }
  return new SignInError(
    `${asked} does not answer this page. Check that this machine reaches it, and that it allows requests from ` +
      `${location.origin} (CORS).`,
    { cause, passing: true },
  );
}
