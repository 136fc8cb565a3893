/**
 * Idempotency-Key: a POST that is sent again is answered again, and acted on once.
 *
 *            claim()             recordEffect() in the request's transaction            answer()
 *   absent ──────────▶ claimed ─────────────────────────────────────────▶ committed ──────────────▶ answered
 *      ▲                  │ ▲ │                                                │                       │ replayed
 *      └────release()─────┘ └─┘ taken over: the process died                   └ the process died:     └ purged after 24 h
 *         (refused for now)     before it had an effect                          IDEMPOTENCY_ANSWER_LOST
 *
 * A process is dead when its session has ended (replica.ts), or after 2 min at the latest. To be wrong about that does no
 * harm: who was taken for dead cannot commit an effect any more.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Control } from '../control.ts';
import type { Executor } from '../database/database.ts';
import { livesSql } from '../jobs/replica.ts';
import { Prisma } from '../prisma/client.ts';
import { Refusal } from '../refusals.ts';

/** Names a claim: who sent which key, and when it was claimed, so that a claim that was taken over is noticed. */
export interface Claim {
  tokenId: string;
  key: string;
  claimedAt: Date;
}

export interface StoredAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** Longer than a transaction may last; a claim this old that had no effect belongs to a process that died. */
const ABANDONED_AFTER_SECONDS = 120;
/** A process that has just begun, or lost its connection to Postgres, has a moment to show that it lives. */
const ORPHANED_AFTER_SECONDS = 2;
/** How long a second request waits for the answer to the first. */
const WAIT_MS = 10_000;
const POLL_MS = 50;

/** Of the row of `idempotency_keys`: whoever claimed it will not answer. */
const ABANDONED = Prisma.raw(`(idempotency_keys.created_at < now() - interval '${ABANDONED_AFTER_SECONDS} s'
  OR (idempotency_keys.created_at < now() - interval '${ORPHANED_AFTER_SECONDS} s'
    AND NOT ${livesSql('idempotency_keys.owner')}))`);

const current = new AsyncLocalStorage<Claim>();

/** Runs a request's handler so that `recordEffect` knows its claim. */
export function withClaim<T>(claim: Claim, handler: () => T): T {
  return current.run(claim, handler);
}

/**
 * Notes, in the transaction that makes the effect of a POST, that it was made: from the commit on, the request cannot
 * run a second time, whenever the process dies. Does nothing outside a request with a key.
 */
export async function recordEffect(tx: Executor): Promise<void> {
  const claim = current.getStore();
  if (claim === undefined) return;
  const { tokenId, key, claimedAt } = claim;
  const { count } = await tx.idempotencyKey.updateMany({
    where: { tokenId, key, createdAt: claimedAt, state: { in: ['claimed', 'committed'] } },
    data: { state: 'committed' },
  });
  if (count === 0) {
    throw new Refusal(
      'IDEMPOTENCY_KEY_IN_USE',
      'This request took too long and another one with its key took over.',
    );
  }
}

interface Row {
  request: Uint8Array;
  state: 'claimed' | 'committed' | 'answered';
  status: number | null;
  headers: Record<string, string>;
  body: Uint8Array | null;
  fresh: boolean;
}

/**
 * Claims the key for the request whose digest is `request`, or gives the answer it had. While another process works on
 * the same request, waits for its answer. `secret` is the caller's token, which opens the stored answer.
 */
export async function claimKey(
  control: Control,
  identity: { tokenId: string; key: string; secret: string },
  request: Buffer<ArrayBuffer>,
): Promise<Claim | StoredAnswer> {
  const { tokenId, key, secret } = identity;
  for (const deadline = performance.now() + WAIT_MS; ; await sleep(POLL_MS)) {
    const claimed = await control.db.$queryRaw<{ claimedAt: Date }[]>`
      INSERT INTO idempotency_keys (token_id, key, request, owner)
      VALUES (${tokenId}::uuid, ${key}, ${request}, ${control.replica})
      ON CONFLICT (token_id, key) DO UPDATE SET created_at = now(), owner = EXCLUDED.owner
        WHERE idempotency_keys.state = 'claimed' AND idempotency_keys.request = EXCLUDED.request AND ${ABANDONED}
      RETURNING created_at AS "claimedAt"`;
    if (claimed[0] !== undefined) return { tokenId, key, claimedAt: claimed[0].claimedAt };
    const rows = await control.db.$queryRaw<Row[]>`
      SELECT request, state, status, headers, body, NOT ${ABANDONED} AS fresh
      FROM idempotency_keys WHERE token_id = ${tokenId}::uuid AND key = ${key}`;
    const row = rows[0];
    // Released in between: the next round claims it.
    if (row === undefined) continue;
    if (!request.equals(row.request)) {
      throw new Refusal(
        'IDEMPOTENCY_KEY_REUSED',
        'This key came with another request before; make a new key.',
      );
    }
    if (row.state === 'answered' && row.status !== null && row.body !== null) {
      return { status: row.status, headers: row.headers, body: open(row.body, secret, key) };
    }
    if (row.state === 'committed' && !row.fresh) {
      throw new Refusal(
        'IDEMPOTENCY_ANSWER_LOST',
        'The request took effect, but the process that made it ended before it answered. Read the resources to see.',
      );
    }
    if (performance.now() > deadline) {
      throw new Refusal('IDEMPOTENCY_KEY_IN_USE', 'A request with this key is still running; ask again.', {
        retryAfter: 2,
      });
    }
  }
}

/** Keeps the answer for as long as the key lives. */
export async function storeAnswer(
  control: Control,
  claim: Claim,
  secret: string,
  answer: StoredAnswer,
): Promise<void> {
  await control.db.idempotencyKey.updateMany({
    where: { tokenId: claim.tokenId, key: claim.key, createdAt: claim.claimedAt },
    data: {
      state: 'answered',
      status: answer.status,
      headers: answer.headers,
      body: seal(answer.body, secret, claim.key),
    },
  });
}

/** Gives the key back after a refusal that may not hold the next time. What had an effect stays. */
export async function releaseKey(control: Control, claim: Claim): Promise<void> {
  await control.db.idempotencyKey.deleteMany({
    where: { tokenId: claim.tokenId, key: claim.key, createdAt: claim.claimedAt, state: 'claimed' },
  });
}

/** Forgets keys that are a day old. Returns how many. */
export async function purgeKeys(control: Control): Promise<number> {
  return control.db.$executeRaw`DELETE FROM idempotency_keys WHERE created_at < now() - interval '24 hours'`;
}

/*
 * Answers may hold secrets that are nowhere else in the database (a new token), so they are sealed with a key that
 * only the caller's own token yields: AES-256-GCM, stored as nonce (12), tag (16), text.
 */
function sealingKey(secret: string, salt: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, salt, 'holdfast idempotent answer', 32));
}

function seal(text: string, secret: string, key: string): Buffer<ArrayBuffer> {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', sealingKey(secret, key), nonce);
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
}

/** Throws IDEMPOTENCY_ANSWER_LOST for another token of the same principal: an issuer gives a new one every hour or so. */
function open(sealed: Uint8Array, secret: string, key: string): string {
  try {
    return unseal(sealed, secret, key);
  } catch (cause) {
    throw new Refusal(
      'IDEMPOTENCY_ANSWER_LOST',
      'The request took effect, but its answer opens only to the token that it came with. Read the resources to see.',
      { cause },
    );
  }
}

function unseal(sealed: Uint8Array, secret: string, key: string): string {
  const decipher = createDecipheriv('aes-256-gcm', sealingKey(secret, key), sealed.subarray(0, 12));
  decipher.setAuthTag(sealed.subarray(12, 28));
  return Buffer.concat([decipher.update(sealed.subarray(28)), decipher.final()]).toString('utf8');
}
