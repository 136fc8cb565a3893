/**
 * Attempts to deliver, each in three steps: it is claimed, sent, and settled. Whoever claims one has it until the claim
 * runs out; a process that dies meanwhile leaves a delivery that is due again then. So a message is sent at least once,
 * more than once only around a death or a lost answer, and never two of one VM at a time.
 */
import type pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import type { Control } from '../control.ts';
import { transactRaw } from '../database/transact.ts';
import { getEvent } from '../events/events.ts';
import { SealedSecretError, unseal } from './sealed-secret.ts';
import { bodyOf, headersOf } from './webhook-message.ts';
import { type Answer, LONGEST_ATTEMPT_MS, send, unanswered } from './webhook-send.ts';
import { endDeliverySpan, startDeliverySpan } from './webhook-trace.ts';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
/** Seconds before the second attempt, the third, and so on. */
export const BACK_OFF_SECONDS = [5, MINUTE, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 8 * HOUR, 24 * HOUR] as const;
export const MOST_TRIES = BACK_OFF_SECONDS.length + 1;
/** So that what failed together does not come again together. */
const JITTER = 0.1;
const LONGEST_RETRY_AFTER_SECONDS = 24 * HOUR;
/** Well beyond the longest attempt, and what it takes to settle it. */
const CLAIM_SECONDS = LONGEST_ATTEMPT_MS / 1_000 + 25;

/** The receiver is not there at all, which says nothing about the message. */
const AWAY = [502, 503, 504];

interface Claimed {
  claim: string;
  id: string;
  eventId: string | null;
  tries: number;
  createdAt: Date;
  url: string;
  secret: string;
  previousSecret: string | null;
}

/** Makes one attempt that is due. False: there was none. */
export async function attemptOne(control: Control, webhookId: string): Promise<boolean> {
  const claimed = await claim(control, webhookId);
  if (claimed === null) return false;
  const began = performance.now();
  const span = await startDeliverySpan(control, webhookId, claimed);
  const answer = await attempt(control, webhookId, claimed);
  endDeliverySpan(span, answer, isDelivered(answer) ? null : errorOf(answer));
  await settle(control, webhookId, claimed, answer, Math.round(performance.now() - began));
  return true;
}

async function attempt(control: Control, webhookId: string, claimed: Claimed): Promise<Answer> {
  const { id, url, secret, previousSecret } = claimed;
  const { webhookNetworks, secretKeys } = control.settings;
  const event = claimed.eventId === null ? null : await getEvent(control, claimed.eventId, {});
  const body = bodyOf(webhookId, event, claimed.createdAt);
  const stored = [secret, ...(previousSecret === null ? [] : [previousSecret])];
  try {
    const secrets = stored.map((sealed) => unseal(sealed, webhookId, secretKeys));
    const headers = headersOf(id, body, secrets, new Date());
    return await send({ url, headers, body }, webhookNetworks);
  } catch (error) {
    if (!(error instanceof SealedSecretError)) throw error;
    return unanswered(error.message);
  }
}

async function claim(control: Control, webhookId: string): Promise<Claimed | null> {
  const { rows } = await control.pool.query<Claimed>({
    name: 'claim-webhook-delivery',
    text: `WITH claimed AS (
             UPDATE webhook_deliveries SET claim = $2, attempts = attempts + 1, tries = tries + 1,
               last_attempt_at = now(), last_status = NULL, last_body = NULL, last_error = NULL,
               last_milliseconds = NULL, next_attempt_at = now() + make_interval(secs => $3)
             WHERE position = (
               SELECT position FROM webhook_deliveries
               WHERE webhook_id = $1 AND status = 'pending' AND next_attempt_at <= now()
                 AND EXISTS (SELECT FROM webhooks WHERE id = $1 AND enabled)
               ORDER BY next_attempt_at, position LIMIT 1 FOR UPDATE SKIP LOCKED)
             RETURNING claim, id, event_id, tries, created_at
           )
           SELECT c.claim, c.id, c.event_id AS "eventId", c.tries, c.created_at AS "createdAt", w.url, w.secret,
             CASE WHEN w.previous_secret_expires > now() THEN w.previous_secret END AS "previousSecret"
           FROM claimed c JOIN webhooks w ON w.id = $1`,
    values: [webhookId, uuidv7(), CLAIM_SECONDS],
  });
  return rows[0] ?? null;
}

/** Writes down what became of an attempt, unless its claim ran out and another one was made. */
async function settle(
  control: Control,
  webhookId: string,
  { id, claim, tries }: Claimed,
  answer: Answer,
  milliseconds: number,
): Promise<void> {
  const delivered = isDelivered(answer);
  const status = delivered ? 'delivered' : tries >= MOST_TRIES ? 'dead' : 'pending';
  await transactRaw(control, async (client) => {
    const { rows: webhooks } = await client.query<{ failingSince: Date | null }>(
      'SELECT failing_since AS "failingSince" FROM webhooks WHERE id = $1 FOR UPDATE',
      [webhookId],
    );
    const webhook = webhooks[0];
    if (webhook === undefined) return;
    const { rows } = await client.query<{ lane: string | null }>(
      `UPDATE webhook_deliveries SET claim = NULL, status = $3, last_status = $4, last_body = $5, last_error = $6,
         last_milliseconds = $7, next_attempt_at = now() + make_interval(secs => $8),
         finished_at = CASE WHEN $3 = 'pending' THEN NULL ELSE now() END
       WHERE id = $1 AND claim = $2 RETURNING lane`,
      [
        ...[id, claim, status, answer.status, answer.body, delivered ? null : errorOf(answer), milliseconds],
        status === 'pending' ? pauseBefore(tries, answer) : 0,
      ],
    );
    const settled = rows[0];
    if (settled === undefined) return;
    if (status !== 'pending' && settled.lane !== null) await nextOf(client, webhookId, settled.lane);
    if (delivered && webhook.failingSince !== null) await recovered(client, webhookId);
    if (!delivered && webhook.failingSince === null) {
      await client.query('UPDATE webhooks SET failing_since = now() WHERE id = $1', [webhookId]);
    }
    if (answer.status === 410) await disable(client, webhookId);
  });
  if (status === 'dead') {
    control.log.warn({ webhookId, deliveryId: id, tries }, 'a webhook delivery was given up');
  }
}

function isDelivered({ status }: Answer): boolean {
  return status !== null && status >= 200 && status < 300;
}

function errorOf({ status, error }: Answer): string {
  if (error !== null) return error;
  if (status !== null && status >= 300 && status < 400) {
    return `The receiver answered ${status}; redirects are not followed.`;
  }
  return `The receiver answered ${status}; only 200 to 299 takes a message.`;
}

function pauseBefore(tries: number, { retryAfter }: Answer): number {
  const pause = BACK_OFF_SECONDS[tries - 1] ?? 24 * HOUR;
  const spread = pause * (1 + JITTER * (2 * Math.random() - 1));
  return Math.max(spread, Math.min(retryAfter ?? 0, LONGEST_RETRY_AFTER_SECONDS));
}

/** The VM's next delivery has its turn. Under the webhook's lock, as those who add one behind it are. */
async function nextOf(client: pg.PoolClient, webhookId: string, lane: string): Promise<void> {
  await client.query(
    `UPDATE webhook_deliveries SET status = 'pending', next_attempt_at = now() WHERE position = (
       SELECT position FROM webhook_deliveries
       WHERE webhook_id = $1 AND lane = $2 AND status = 'queued' ORDER BY position LIMIT 1)`,
    [webhookId, lane],
  );
}

/** The receiver is there again: what failed because it was not is due now, and not only at its next time. */
async function recovered(client: pg.PoolClient, webhookId: string): Promise<void> {
  await client.query('UPDATE webhooks SET failing_since = NULL WHERE id = $1', [webhookId]);
  await client.query(
    `UPDATE webhook_deliveries SET next_attempt_at = now()
     WHERE webhook_id = $1 AND status = 'pending' AND claim IS NULL AND next_attempt_at > now() AND attempts > 0
       AND (last_status IS NULL OR last_status = ANY($2::int[]))`,
    [webhookId, AWAY],
  );
}

/** Standard Webhooks: a receiver that answers 410 wants no more. */
async function disable(client: pg.PoolClient, webhookId: string): Promise<void> {
  await client.query(
    `UPDATE webhooks SET enabled = false, revision = revision + 1,
       disabled_reason = 'The receiver answered 410 Gone.' WHERE id = $1 AND enabled`,
    [webhookId],
  );
}
