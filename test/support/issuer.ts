/**
 * An OpenID Connect issuer: its discovery document and its keys over HTTP, tokens signed with them, and pages that sign
 * somebody in (issuer-pages.ts).
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, generateKeyPair, type JWTPayload, jwtVerify, SignJWT } from 'jose';
import { IssuerPages } from './issuer-pages.ts';

const ALGORITHM = 'ES256';

interface Key {
  kid: string;
  privateKey: CryptoKey;
  publicKey: CryptoKey;
}

export interface TokenOptions {
  audience?: string;
  issuer?: string;
  /** In seconds from now. */
  lifetime?: number;
  subject?: string | null;
}

export class TestIssuer implements AsyncDisposable {
  readonly audience = 'holdfast';
  /** What it was asked for, in order. */
  readonly heard: string[] = [];
  #key: Key;
  #made = 1;
  #away = false;
  /** Signing in through it. */
  readonly pages = new IssuerPages(this);
  readonly #elsewhere = createServer((request, response) => this.#hear(request, response));
  readonly #server = createServer((request, response) => this.#hear(request, response));
  readonly #isSplit: boolean;

  #hear(request: IncomingMessage, response: ServerResponse): void {
    this.heard.push(request.url ?? '');
    if (!this.#away && this.pages.answer(request, response)) return;
    // Both documents are for every page.
    response.setHeader('access-control-allow-origin', '*');
    void this.#answer(request.url ?? '').then((body) => {
      if (body === null || this.#away) response.writeHead(this.#away ? 503 : 404).end();
      else response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
  }

  /** `split`: its tokens are given at another origin, and it has a page that ends its sessions. */
  static async start({ split = false } = {}): Promise<TestIssuer> {
    const issuer = new TestIssuer(await newKey('1'), split);
    for (const server of [issuer.#server, issuer.#elsewhere]) {
      await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    }
    return issuer;
  }

  private constructor(key: Key, split: boolean) {
    this.#key = key;
    this.#isSplit = split;
  }

  get url(): string {
    return urlOf(this.#server);
  }

  /** Where its tokens are given. */
  get tokensUrl(): string {
    return this.#isSplit ? urlOf(this.#elsewhere) : this.url;
  }

  /** Answers nothing useful until it is told to again. */
  setAway(away: boolean): void {
    this.#away = away;
  }

  /** From now on it signs with another key, and has only that one. */
  async changeKey(): Promise<void> {
    this.#made += 1;
    this.#key = await newKey(String(this.#made));
  }

  async token(claims: JWTPayload, options: TokenOptions = {}): Promise<string> {
    const { audience = this.audience, issuer = this.url, lifetime = 60, subject = 'ada' } = options;
    const jwt = new SignJWT(claims)
      .setProtectedHeader({ alg: ALGORITHM, kid: this.#key.kid })
      .setIssuer(issuer)
      .setAudience(audience)
      .setIssuedAt()
      .setExpirationTime(Math.floor(Date.now() / 1_000) + lifetime);
    if (subject !== null) jwt.setSubject(subject);
    return jwt.sign(this.#key.privateKey);
  }

  /** The claims of a token of its own, ended or not. Throws for any other. */
  async claimsOf(token: string): Promise<JWTPayload> {
    const clockTolerance = 10 * 365 * 24 * 3_600;
    return (await jwtVerify(token, this.#key.publicKey, { issuer: this.url, clockTolerance })).payload;
  }

  async publicJwk(): Promise<Record<string, unknown>> {
    const { kid, publicKey } = this.#key;
    return { ...(await exportJWK(publicKey)), kid, alg: ALGORITHM, use: 'sig' };
  }

  async #answer(path: string): Promise<object | null> {
    if (path === '/.well-known/openid-configuration') {
      return {
        ...{ issuer: this.url, jwks_uri: `${this.url}/keys` },
        ...{ authorization_endpoint: `${this.url}/authorize`, token_endpoint: `${this.tokensUrl}/token` },
        ...(this.#isSplit ? { end_session_endpoint: `${this.url}/logout?from=page` } : {}),
        ...{ response_types_supported: ['code'], subject_types_supported: ['public'] },
        ...{ id_token_signing_alg_values_supported: [ALGORITHM] },
        ...{
          code_challenge_methods_supported: ['S256'],
          authorization_response_iss_parameter_supported: true,
        },
      };
    }
    return path === '/keys' ? { keys: [await this.publicJwk()] } : null;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const server of [this.#server, this.#elsewhere]) {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    }
  }
}

function urlOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function newKey(kid: string): Promise<Key> {
  return { kid, ...(await generateKeyPair(ALGORITHM, { extractable: true })) };
}
