/**
 * What an issuer says of itself, and whom the page may therefore talk to when somebody signs in through it.
 * OpenID Connect Discovery 1.0, section 4.
 */

import { setTimeout as sleep } from 'node:timers/promises';

/** Of an issuer that does not answer, callers wait no longer. */
export const FETCH_WITHIN_MS = 5_000;
/** What it said is good for so long; after that the next who asks has it asked again. */
const GOOD_FOR_MS = 10 * 60_000;
const AGAIN_AFTER_MS = 10_000;
/** How long a page waits for an issuer that has never answered. */
const PATIENCE_MS = 2_000;

/** An origin that can stand in a header: letters, digits and what ports and IPv6 addresses need. */
const PLAIN_ORIGIN = /^https?:\/\/[A-Za-z0-9.:[\]_-]+$/;

/** The discovery document of `issuer`. Throws when there is none, or it is of another. */
export async function discover(issuer: string): Promise<Readonly<Record<string, unknown>>> {
  const response = await fetch(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, {
    redirect: 'error',
    signal: AbortSignal.timeout(FETCH_WITHIN_MS),
  });
  if (!response.ok) throw new Error(`the discovery document answers ${response.status}`);
  const found = (await response.json()) as Record<string, unknown>;
  if (found.issuer !== issuer) throw new Error(`the discovery document is of ${String(found.issuer)}`);
  return found;
}

export interface IssuerOriginsOptions {
  readonly goodForMs?: number;
  readonly againAfterMs?: number;
}

/**
 * The origins that a page which signs in through an issuer has to reach: its own and the one where it gives tokens, which
 * may be another.
 */
export class IssuerOrigins {
  readonly #issuer: string;
  readonly #goodForMs: number;
  readonly #againAfterMs: number;
  #known: readonly string[];
  #askAt = 0;
  #asking: Promise<void> | null = null;
  #isSaid = false;

  constructor(
    issuer: string,
    { goodForMs = GOOD_FOR_MS, againAfterMs = AGAIN_AFTER_MS }: IssuerOriginsOptions = {},
  ) {
    this.#issuer = issuer;
    this.#goodForMs = goodForMs;
    this.#againAfterMs = againAfterMs;
    this.#known = [new URL(issuer).origin];
  }

  /** Waits for the issuer only until it has answered once; of one that is away, its own origin is known. */
  async read(): Promise<readonly string[]> {
    if (Date.now() >= this.#askAt) {
      this.#asking ??= this.#ask().finally(() => {
        this.#asking = null;
      });
    }
    if (!this.#isSaid && this.#asking !== null) {
      await Promise.race([this.#asking, sleep(PATIENCE_MS, undefined, { ref: false })]);
    }
    return this.#known;
  }

  async #ask(): Promise<void> {
    try {
      const { token_endpoint: endpoint } = await discover(this.#issuer);
      const own = new URL(this.#issuer);
      this.#known = [...new Set([own.origin, ...originOf(endpoint, own.protocol)])];
      this.#isSaid = true;
      this.#askAt = Date.now() + this.#goodForMs;
    } catch {
      // Whoever signs in is told by the page, which asks it too.
      this.#askAt = Date.now() + this.#againAfterMs;
    }
  }
}

/** None for what is no address, or less safe than its issuer's. */
function originOf(endpoint: unknown, issuerProtocol: string): string[] {
  if (typeof endpoint !== 'string' || !URL.canParse(endpoint)) return [];
  const { origin, protocol } = new URL(endpoint);
  const isSafe = protocol === 'https:' || protocol === issuerProtocol;
  return isSafe && PLAIN_ORIGIN.test(origin) ? [origin] : [];
}
