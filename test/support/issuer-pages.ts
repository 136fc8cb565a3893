/**
 * How somebody signs in through the issuer: `/authorize`, which asks nobody anything and leads back at once, `/token`,
 * for one public client, and `/logout`, which ends the sessions of whom the ID token names (RP-Initiated Logout 1.0). Refuses what RFC 6749, RFC 7636 and RFC 9700 have it refuse: another client or address to lead
 * back to, a code or refresh token that was used, a verifier that does not fit.
 */
import { createHash, randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import type { JWTPayload } from 'jose';
import type { TokenOptions } from './issuer.ts';

interface Issuer {
  readonly url: string;
  readonly audience: string;
  token(claims: JWTPayload, options?: TokenOptions): Promise<string>;
  claimsOf(token: string): Promise<JWTPayload>;
}

/** What a code is good for. */
interface Asked {
  readonly challenge: string;
  readonly nonce: string;
  readonly redirectUri: string;
}

class Refused extends Error {}

export class IssuerPages {
  readonly clientId = 'dashboard';
  /** The page's own; it is led back to `/sign-in` there. */
  origin = '';
  /** Of whoever signs in. */
  claims: JWTPayload = { holdfast_role: 'operator' };
  /** In seconds. */
  lifetime = 300;
  /** An error that `/authorize` leads back with; null: a code. */
  denies: string | null = null;
  /** How many tokens were renewed. */
  renewals = 0;
  /** The subjects of the ID tokens that sessions were ended with. */
  readonly ended: string[] = [];
  readonly #issuer: Issuer;
  readonly #codes = new Map<string, Asked>();
  readonly #refreshTokens = new Set<string>();

  constructor(issuer: Issuer) {
    this.#issuer = issuer;
  }

  /** No token that it gave can be renewed any more. */
  endSessions(): void {
    this.#refreshTokens.clear();
  }

  /** False for a request that is not one of its own. */
  answer(request: IncomingMessage, response: ServerResponse): boolean {
    const { pathname, searchParams } = new URL(request.url ?? '', this.#issuer.url);
    if (pathname === '/authorize') this.#authorize(searchParams, response);
    else if (pathname === '/logout') void this.#logout(searchParams, response);
    else if (pathname === '/token' && request.method === 'POST') void this.#tokens(request, response);
    else return false;
    return true;
  }

  #authorize(query: URLSearchParams, response: ServerResponse): void {
    const redirectUri = query.get('redirect_uri') ?? '';
    const known = query.get('client_id') === this.clientId && redirectUri === `${this.origin}/sign-in`;
    const asked = {
      challenge: query.get('code_challenge') ?? '',
      nonce: query.get('nonce') ?? '',
      redirectUri,
    };
    const right =
      query.get('response_type') === 'code' &&
      query.get('code_challenge_method') === 'S256' &&
      query.get('scope')?.split(' ').includes('openid');
    if (!known || !right) {
      response.writeHead(400, { 'content-type': 'text/plain' }).end('Such a request is refused.');
      return;
    }
    const back = new URL(redirectUri);
    back.searchParams.set('state', query.get('state') ?? '');
    back.searchParams.set('iss', this.#issuer.url);
    if (this.denies === null) {
      const code = randomUUID();
      this.#codes.set(code, asked);
      back.searchParams.set('code', code);
    } else {
      back.searchParams.set('error', this.denies);
    }
    response.writeHead(303, { location: back.href }).end();
  }

  async #logout(query: URLSearchParams, response: ServerResponse): Promise<void> {
    const back = query.get('post_logout_redirect_uri');
    const claims = await this.#issuer.claimsOf(query.get('id_token_hint') ?? '').catch(() => null);
    const right = claims?.aud === this.clientId && query.get('client_id') === this.clientId;
    if (!right || query.get('from') !== 'page' || back !== `${this.origin}/sign-in`) {
      response.writeHead(400, { 'content-type': 'text/plain' }).end('Such a request is refused.');
      return;
    }
    this.endSessions();
    this.ended.push(claims.sub ?? '');
    response.writeHead(303, { location: back }).end();
  }

  async #tokens(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.setHeader('access-control-allow-origin', this.origin);
    response.setHeader('cache-control', 'no-store');
    response.setHeader('content-type', 'application/json');
    try {
      response.end(JSON.stringify(await this.#grant(new URLSearchParams(await text(request)))));
    } catch (error) {
      const refusal = { error: 'invalid_grant', error_description: (error as Error).message };
      response.writeHead(400).end(JSON.stringify(refusal));
    }
  }

  async #grant(form: URLSearchParams): Promise<object> {
    if (form.get('client_id') !== this.clientId) throw new Refused('another client');
    const nonce = form.get('grant_type') === 'authorization_code' ? this.#nonceOf(form) : this.#renew(form);
    const { lifetime } = this;
    const refreshToken = randomUUID();
    this.#refreshTokens.add(refreshToken);
    return {
      ...{ token_type: 'Bearer', expires_in: lifetime, refresh_token: refreshToken },
      access_token: await this.#issuer.token(this.claims, { lifetime }),
      id_token: await this.#issuer.token(
        { ...this.claims, ...(nonce === null ? {} : { nonce }) },
        { lifetime, audience: this.clientId },
      ),
    };
  }

  #nonceOf(form: URLSearchParams): string {
    const code = form.get('code') ?? '';
    const asked = this.#codes.get(code);
    this.#codes.delete(code);
    if (asked === undefined) throw new Refused('the code is unknown or was used');
    const verifier = form.get('code_verifier') ?? '';
    const fits = createHash('sha256').update(verifier).digest('base64url') === asked.challenge;
    if (!fits || form.get('redirect_uri') !== asked.redirectUri)
      throw new Refused('the verifier does not fit');
    return asked.nonce;
  }

  #renew(form: URLSearchParams): null {
    if (!this.#refreshTokens.delete(form.get('refresh_token') ?? ''))
      throw new Refused('the session has ended');
    this.renewals += 1;
    return null;
  }
}
