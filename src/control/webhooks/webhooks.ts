/** Webhooks: where events are sent to. What is sent, and when, is webhook-dispatch.ts's. */
import { v7 as uuidv7 } from 'uuid';
import type { EventKind } from '../../wire/event.ts';
import type { Control } from '../control.ts';
import { ADVISORY_LOCKS } from '../database/advisory-locks.ts';
import type { Executor } from '../database/database.ts';
import { transact } from '../database/transact.ts';
import { lookSoon } from '../jobs/jobs.ts';
import { type Labels, type LabelsPatch, mergeLabels } from '../labels.ts';
import type { Prisma } from '../prisma/client.ts';
import { Refusal } from '../refusals.ts';
import { seal } from './sealed-secret.ts';
import { newWebhookSecret } from './webhook-message.ts';
import { checkUrl } from './webhook-target.ts';

/** Each event is looked at for each of them. */
export const MOST_WEBHOOKS = 100;
export const DEFAULT_OVERLAP_SECONDS = 24 * 60 * 60;
export const LONGEST_OVERLAP_SECONDS = 7 * DEFAULT_OVERLAP_SECONDS;

export interface WebhookRecord {
  id: string;
  url: string;
  /** Empty: every kind. */
  kinds: EventKind[];
  /** Labels that an event's VM must have, all of them. */
  labels: Labels;
  enabled: boolean;
  /** Why it was disabled by itself. */
  disabledReason: string | null;
  /** Until when the secret before this one signs too. */
  previousSecretExpires: Date | null;
  failingSince: Date | null;
  revision: number;
  createdAt: Date;
}

export interface NewWebhook {
  url: string;
  kinds: EventKind[];
  labels: Labels;
  enabled: boolean;
}

export interface WebhookPatch {
  url?: string;
  kinds?: EventKind[];
  labels?: LabelsPatch;
  enabled?: boolean;
}

/** Called with the revision that is locked; throws PRECONDITION_FAILED. */
type Check = (revision: number) => void;

const FIELDS = {
  id: true,
  url: true,
  kinds: true,
  labels: true,
  enabled: true,
  disabledReason: true,
  previousSecretExpires: true,
  failingSince: true,
  revision: true,
  createdAt: true,
} satisfies Prisma.WebhookSelect;

/** It is sent what happens from now on. Throws WEBHOOK_URL_REFUSED, WEBHOOK_LIMIT. */
export async function createWebhook(
  control: Control,
  input: NewWebhook,
): Promise<{ webhook: WebhookRecord; secret: string }> {
  checkUrl(input.url, control.settings.webhookNetworks);
  const secret = newWebhookSecret();
  const id = uuidv7();
  const sealed = seal(secret, id, control.settings.secretKeys);
  const webhook = await transact(control, async (tx) => {
    await tx.$queryRaw`SELECT pg_advisory_xact_lock(${ADVISORY_LOCKS.webhooks}::bigint) IS NULL`;
    if ((await tx.webhook.count()) >= MOST_WEBHOOKS) {
      throw new Refusal('WEBHOOK_LIMIT', `There may be ${MOST_WEBHOOKS} webhooks; delete one first.`);
    }
    return tx.webhook.create({ data: { id, ...input, secret: sealed }, select: FIELDS });
  });
  return { webhook: toRecord(webhook), secret };
}

export async function getWebhook(control: Control, webhookId: string): Promise<WebhookRecord> {
  const row = await control.db.webhook.findUnique({ where: { id: webhookId }, select: FIELDS });
  if (row === null) throw notFound(webhookId);
  return toRecord(row);
}

export async function listWebhooks(
  control: Control,
  page: { afterId: string | null; limit: number },
): Promise<WebhookRecord[]> {
  const rows = await control.db.webhook.findMany({
    ...(page.afterId === null ? {} : { where: { id: { gt: page.afterId } } }),
    orderBy: { id: 'asc' },
    take: page.limit,
    select: FIELDS,
  });
  return rows.map(toRecord);
}

/** Throws WEBHOOK_NOT_FOUND, WEBHOOK_URL_REFUSED and what `check` throws. */
export async function changeWebhook(
  control: Control,
  webhookId: string,
  patch: WebhookPatch,
  check: Check,
): Promise<WebhookRecord> {
  if (patch.url !== undefined) checkUrl(patch.url, control.settings.webhookNetworks);
  return transact(control, async (tx) => {
    const before = await lockWebhook(tx, webhookId);
    check(before.revision);
    const { url = before.url, kinds = before.kinds, enabled = before.enabled } = patch;
    const labels = mergeLabels(before.labels, patch.labels);
    const data = { url, kinds, labels, enabled, disabledReason: enabled ? null : before.disabledReason };
    const row = await tx.webhook.update({
      where: { id: webhookId },
      data: { ...data, revision: { increment: 1 } },
      select: FIELDS,
    });
    const begins = enabled && !before.enabled;
    if (begins) await skipToNow(tx, webhookId);
    // Whoever changes the address or turns it on again expects to see something come.
    if (begins || url !== before.url) await retryNow(tx, webhookId);
    return toRecord(row);
  });
}

/** Deliveries go with it. Throws WEBHOOK_NOT_FOUND and what `check` throws. */
export async function deleteWebhook(control: Control, webhookId: string, check: Check): Promise<void> {
  await transact(control, async (tx) => {
    check((await lockWebhook(tx, webhookId)).revision);
    await tx.webhook.delete({ where: { id: webhookId }, select: { id: true } });
  });
}

/** The secret of before signs beside the new one for so many seconds. Throws WEBHOOK_NOT_FOUND. */
export async function rotateSecret(
  control: Control,
  webhookId: string,
  overlapSeconds: number,
  check: Check,
): Promise<{ webhook: WebhookRecord; secret: string }> {
  const secret = newWebhookSecret();
  const sealed = seal(secret, webhookId, control.settings.secretKeys);
  const webhook = await transact(control, async (tx) => {
    check((await lockWebhook(tx, webhookId)).revision);
    await tx.$executeRaw`
      UPDATE webhooks SET previous_secret = secret, secret = ${sealed}, revision = revision + 1,
        previous_secret_expires = now() + make_interval(secs => ${overlapSeconds}::float8)
      WHERE id = ${webhookId}::uuid`;
    return tx.webhook.findUniqueOrThrow({ where: { id: webhookId }, select: FIELDS });
  });
  return { webhook: toRecord(webhook), secret };
}

/** Throws WEBHOOK_NOT_FOUND. */
export async function lockWebhook(tx: Executor, webhookId: string): Promise<WebhookRecord> {
  await tx.$queryRaw`SELECT 1 FROM webhooks WHERE id = ${webhookId}::uuid FOR UPDATE`;
  const row = await tx.webhook.findUnique({ where: { id: webhookId }, select: FIELDS });
  if (row === null) throw notFound(webhookId);
  return toRecord(row);
}

/** What happened while it was disabled is in the event log, and is not sent. */
async function skipToNow(tx: Executor, webhookId: string): Promise<void> {
  await tx.$executeRaw`
    UPDATE webhooks SET txid = pg_snapshot_xmin(pg_current_snapshot()), position = 0
    WHERE id = ${webhookId}::uuid AND txid < pg_snapshot_xmin(pg_current_snapshot())`;
}

async function retryNow(tx: Executor, webhookId: string): Promise<void> {
  await tx.$executeRaw`
    UPDATE webhook_deliveries SET next_attempt_at = now()
    WHERE webhook_id = ${webhookId}::uuid AND status = 'pending' AND claim IS NULL`;
  await lookSoon(tx, 'webhook', webhookId);
}

function notFound(webhookId: string): Refusal {
  return new Refusal('WEBHOOK_NOT_FOUND', `There is no webhook ${webhookId}.`);
}

/** The columns hold what this module writes. */
function toRecord(row: Prisma.WebhookGetPayload<{ select: typeof FIELDS }>): WebhookRecord {
  return { ...row, kinds: row.kinds as EventKind[], labels: row.labels as Labels };
}
