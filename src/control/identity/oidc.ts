/**
 * Bearer tokens of an OpenID Connect issuer: JWTs that it signed for this API's audience, with the role in a claim.
 *
 * Its keys are fetched when the first token comes and when a token names one that is not known, at most once in
 * `cooldownMs`; an issuer that is away hinders nobody whose key is known.
 * OpenID Connect Core 1.0, section 3.1.3.7; RFC 9068.
 */
import { createRemoteJWKSet, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { v5 as uuidv5 } from 'uuid';
import { LABEL_KEY_PATTERN, TEXT_PATTERN } from '../../wire/text.ts';
import type { Labels } from '../labels.ts';
import { Refusal } from '../refusals.ts';
import { discover, FETCH_WITHIN_MS } from './oidc-discovery.ts';
import { type Principal, ROLES, type Role } from './tokens.ts';

export interface OidcSettings {
  /** As tokens and its discovery document say it. */
  issuer: string;
  audience: string;
  /** Null: as the issuer's discovery document says. */
  jwksUrl: string | null;
  /** The claim with the role or roles; dots lead into objects. */
  roleClaim: string;
  /** What stands before the name of a role there. */
  rolePrefix: string;
  /** The claim with the labels of the scope; null: every token reaches everything. */
  scopeClaim: string | null;
  cooldownMs?: number;
}

/** Signatures that need the issuer's private key: none that a public key or nothing at all would make. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];
/** Clocks may differ by so much. */
const TOLERANCE_SECONDS = 10;
const COOLDOWN_MS = 30_000;
const RETRY_AFTER_SECONDS = 5;

/** The same subject of the same issuer is the same principal whenever it comes. */
const PRINCIPALS = 'f2d5b1c4-3f0e-4d83-9a51-6f0b7f3f6a27';

const JWT = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/;
const LABEL_KEY = new RegExp(LABEL_KEY_PATTERN);
const LABEL_VALUE = new RegExp(TEXT_PATTERN);

export class OidcIssuer {
  readonly #settings: OidcSettings;
  #keys: Promise<JWTVerifyGetKey> | null = null;

  constructor(settings: OidcSettings) {
    this.#settings = settings;
  }

  /** Whether a bearer's secret has the form of the issuer's, which none of this API's has. */
  issues(secret: string): boolean {
    return JWT.test(secret);
  }

  /** Throws UNAUTHENTICATED; FORBIDDEN for a token without a role or scope; ISSUER_UNAVAILABLE. */
  async authenticate(token: string): Promise<Principal> {
    const { issuer } = this.#settings;
    const claims = await this.#verify(token);
    const subject = claims.sub ?? '';
    return {
      kind: 'oidc',
      id: uuidv5(`${issuer}\n${subject}`, PRINCIPALS),
      name: `${subject} of ${issuer}`,
      role: this.#roleOf(claims),
      scope: this.#scopeOf(claims),
      expiresAt: new Date((claims.exp ?? 0) * 1_000),
    };
  }

  async #verify(token: string): Promise<JWTPayload> {
    const { issuer, audience } = this.#settings;
    try {
      const { payload } = await jwtVerify(token, await this.#issuerKeys(), {
        ...{ issuer, audience, algorithms: ALGORITHMS },
        clockTolerance: TOLERANCE_SECONDS,
        requiredClaims: ['sub', 'exp'],
      });
      return payload;
    } catch (error) {
      if (error instanceof Refusal) throw error;
      const why = reasonOf(error);
      if (why === null) throw this.#unavailable(error);
      throw new Refusal('UNAUTHENTICATED', `The token of ${issuer} ${why}.`, { cause: error });
    }
  }

  /** Remembered once they are found; until then every token asks. */
  #issuerKeys(): Promise<JWTVerifyGetKey> {
    this.#keys ??= this.#findKeys().catch((error: unknown) => {
      this.#keys = null;
      throw this.#unavailable(error);
    });
    return this.#keys;
  }

  async #findKeys(): Promise<JWTVerifyGetKey> {
    const url = this.#settings.jwksUrl ?? (await this.#discoverKeys());
    return createRemoteJWKSet(new URL(url), {
      timeoutDuration: FETCH_WITHIN_MS,
      cooldownDuration: this.#settings.cooldownMs ?? COOLDOWN_MS,
    });
  }

  async #discoverKeys(): Promise<string> {
    const { jwks_uri: url } = await discover(this.#settings.issuer);
    if (typeof url !== 'string') throw new Error('the discovery document has no jwks_uri');
    return url;
  }

  #roleOf(claims: JWTPayload): Role {
    const { issuer, roleClaim, rolePrefix } = this.#settings;
    const claimed = [claimAt(claims, roleClaim)].flat();
    const role = ROLES.findLast((known) => claimed.includes(`${rolePrefix}${known}`));
    if (role !== undefined) return role;
    const wanted = ROLES.map((known) => `"${rolePrefix}${known}"`).join(', ');
    throw new Refusal(
      'FORBIDDEN',
      `The token of ${issuer} has no role here: its claim "${roleClaim}" holds none of ${wanted}.`,
    );
  }

  #scopeOf(claims: JWTPayload): Labels {
    const { issuer, scopeClaim } = this.#settings;
    if (scopeClaim === null) return {};
    const scope = claimAt(claims, scopeClaim);
    if (isLabels(scope)) return scope;
    throw new Refusal(
      'FORBIDDEN',
      `The token of ${issuer} has no scope: its claim "${scopeClaim}" must be an object of labels; {} reaches everything.`,
    );
  }

  #unavailable(cause: unknown): Refusal {
    return new Refusal(
      'ISSUER_UNAVAILABLE',
      `The keys of ${this.#settings.issuer} cannot be fetched; try again in a moment, or use a token of this API.`,
      { cause, retryAfter: RETRY_AFTER_SECONDS },
    );
  }
}

/** What is wrong with the token; null when nothing is known about it. */
function reasonOf(error: unknown): string | null {
  if (error instanceof errors.JWTExpired) return 'has expired';
  if (error instanceof errors.JWTClaimValidationFailed) return `is not for this API (${error.claim})`;
  if (error instanceof errors.JWKSTimeout) return null;
  const { JWSInvalid, JWTInvalid, JOSEAlgNotAllowed, JOSENotSupported } = errors;
  const { JWKSNoMatchingKey, JWKSMultipleMatchingKeys, JWSSignatureVerificationFailed } = errors;
  const wrong = [JWSInvalid, JWTInvalid, JOSEAlgNotAllowed, JOSENotSupported, JWKSNoMatchingKey];
  const isWrong = [...wrong, JWKSMultipleMatchingKeys, JWSSignatureVerificationFailed].some(
    (kind) => error instanceof kind,
  );
  return isWrong ? 'is not signed by one of its keys' : null;
}

/** The claim of that name, or the one that the name's dots lead to (`realm_access.roles`). */
function claimAt(claims: JWTPayload, name: string): unknown {
  if (Object.hasOwn(claims, name)) return claims[name];
  let at: unknown = claims;
  for (const part of name.split('.')) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, part)) return undefined;
    at = (at as Record<string, unknown>)[part];
  }
  return at;
}

function isLabels(value: unknown): value is Labels {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.entries(value).every(
    ([key, text]) => LABEL_KEY.test(key) && typeof text === 'string' && LABEL_VALUE.test(text),
  );
}
