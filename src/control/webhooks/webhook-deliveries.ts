/**
 * Deliveries as clients see them, and what they may ask of them: a test, and to be sent again.
 *
 *   an event ──no earlier one of its VM waits──▶ pending ──2xx──▶ delivered ──resend──┐
 *        └──else──▶ queued ──its turn──▶ pending  │  ▲ back-off                       ▼
 *                                                 │  └────── pending, outside of its VM's order
 *                                                 └──the last try failed──▶ dead ──resend──▲
 */
import { v7 as uuidv7 } from 'uuid';
import type { Control } from '../control.ts';
import type { Executor } from '../database/database.ts';
import { transact } from '../database/transact.ts';
import { lookSoon } from '../jobs/jobs.ts';
import type { Prisma } from '../prisma/client.ts';
import { Refusal } from '../refusals.ts';
import { getWebhook, lockWebhook, type WebhookRecord } from './webhooks.ts';

export const DELIVERY_STATUSES = ['queued', 'pending', 'delivered', 'dead'] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

/** Days; one that was given up stays longer, so that it can be sent again. */
const KEPT_DAYS = { delivered: 7, dead: 30 } as const;

const FIELDS = {
  position: true,
  id: true,
  webhookId: true,
  eventId: true,
  event: { select: { kind: true, vmId: true } },
  status: true,
  attempts: true,
  nextAttemptAt: true,
  lastAttemptAt: true,
  lastMilliseconds: true,
  lastStatus: true,
  lastBody: true,
  lastError: true,
  createdAt: true,
  finishedAt: true,
} satisfies Prisma.WebhookDeliverySelect;

export type DeliveryRecord = Prisma.WebhookDeliveryGetPayload<{ select: typeof FIELDS }>;

/** Newest first. Throws WEBHOOK_NOT_FOUND. */
export async function listDeliveries(
  control: Control,
  webhookId: string,
  status: DeliveryStatus | null,
  page: { before: bigint | null; limit: number },
): Promise<DeliveryRecord[]> {
  await getWebhook(control, webhookId);
  return control.db.webhookDelivery.findMany({
    where: {
      webhookId,
      ...(status === null ? {} : { status }),
      ...(page.before === null ? {} : { position: { lt: page.before } }),
    },
    orderBy: { position: 'desc' },
    take: page.limit,
    select: FIELDS,
  });
}

/** Throws WEBHOOK_NOT_FOUND, WEBHOOK_DELIVERY_NOT_FOUND. */
export async function getDelivery(
  control: Control,
  webhookId: string,
  deliveryId: string,
): Promise<DeliveryRecord> {
  const row = await control.db.webhookDelivery.findUnique({
    where: { id: deliveryId, webhookId },
    select: FIELDS,
  });
  if (row !== null) return row;
  await getWebhook(control, webhookId);
  throw notFound(webhookId, deliveryId);
}

/** Throws WEBHOOK_NOT_FOUND, WEBHOOK_DISABLED. */
export async function testWebhook(control: Control, webhookId: string): Promise<DeliveryRecord> {
  return transact(control, async (tx) => {
    checkEnabled(await lockWebhook(tx, webhookId));
    const { id } = await tx.webhookDelivery.create({
      data: { id: uuidv7(), webhookId, status: 'pending' },
      select: { id: true },
    });
    return dueNow(tx, { id, webhookId });
  });
}

/**
 * Sends a delivery now, with all its tries before it. One that was settled goes outside of its VM's order, since later
 * ones have gone. Throws WEBHOOK_NOT_FOUND, WEBHOOK_DISABLED, WEBHOOK_DELIVERY_NOT_FOUND, WEBHOOK_DELIVERY_QUEUED.
 */
export async function resendDelivery(
  control: Control,
  webhookId: string,
  deliveryId: string,
): Promise<DeliveryRecord> {
  return transact(control, async (tx) => {
    checkEnabled(await lockWebhook(tx, webhookId));
    const where = { id: deliveryId, webhookId };
    const found = await tx.webhookDelivery.findUnique({ where, select: { status: true } });
    if (found === null) throw notFound(webhookId, deliveryId);
    if (found.status === 'queued') {
      const detail =
        'Deliveries of one VM go in the order of its events. Send the earliest pending one again.';
      throw new Refusal('WEBHOOK_DELIVERY_QUEUED', detail);
    }
    const settled = found.status !== 'pending';
    await tx.webhookDelivery.update({
      where,
      data: { tries: 0, ...(settled ? { status: 'pending', lane: null, finishedAt: null } : {}) },
      select: { id: true },
    });
    return dueNow(tx, where);
  });
}

/** Has it sent at once. One that is being sent just now is not sent beside it. */
async function dueNow(tx: Executor, where: { id: string; webhookId: string }): Promise<DeliveryRecord> {
  await tx.$executeRaw`
    UPDATE webhook_deliveries SET next_attempt_at = now() WHERE id = ${where.id}::uuid AND claim IS NULL`;
  await lookSoon(tx, 'webhook', where.webhookId);
  return tx.webhookDelivery.findUniqueOrThrow({ where, select: FIELDS });
}

/** For each webhook: how many deliveries are not settled, and how many were given up. */
export async function countDeliveries(
  control: Control,
  webhookIds: readonly string[],
): Promise<Map<string, { waiting: number; dead: number }>> {
  const groups = await control.db.webhookDelivery.groupBy({
    by: ['webhookId', 'status'],
    where: { webhookId: { in: [...webhookIds] }, status: { in: ['queued', 'pending', 'dead'] } },
    _count: true,
  });
  return new Map(
    webhookIds.map((id) => {
      const own = groups.filter(({ webhookId }) => webhookId === id);
      const count = (dead: boolean): number =>
        own.filter(({ status }) => (status === 'dead') === dead).reduce((sum, { _count }) => sum + _count, 0);
      return [id, { waiting: count(false), dead: count(true) }];
    }),
  );
}

/** Forgets what was settled long ago. Returns how many. */
export async function purgeDeliveries(control: Control): Promise<number> {
  const { rowCount } = await control.pool.query(
    `DELETE FROM webhook_deliveries
     WHERE finished_at < now() - make_interval(days => CASE WHEN status = 'dead' THEN $2::int ELSE $1::int END)`,
    [KEPT_DAYS.delivered, KEPT_DAYS.dead],
  );
  return rowCount ?? 0;
}

function checkEnabled({ enabled, disabledReason }: WebhookRecord): void {
  if (enabled) return;
  const why = disabledReason === null ? '' : ` ${disabledReason}`;
  throw new Refusal(
    'WEBHOOK_DISABLED',
    `Nothing is sent to a webhook that is disabled; enable it first.${why}`,
  );
}

function notFound(webhookId: string, deliveryId: string): Refusal {
  return new Refusal(
    'WEBHOOK_DELIVERY_NOT_FOUND',
    `The webhook ${webhookId} has no delivery ${deliveryId}. Settled ones are kept for ${KEPT_DAYS.delivered} days, ` +
      `given up ones for ${KEPT_DAYS.dead}.`,
  );
}
