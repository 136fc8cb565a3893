import type { DeliveryRecord, DeliveryStatus } from '../../control/webhooks/webhook-deliveries.ts';
import type { WebhookRecord } from '../../control/webhooks/webhooks.ts';
import type { Webhook, WebhookDelivery } from '../schemas/webhook.ts';

export function presentWebhook(
  record: WebhookRecord,
  deliveries: Webhook['deliveries'] = { waiting: 0, dead: 0 },
): Webhook {
  return {
    id: record.id,
    url: record.url,
    kinds: record.kinds,
    labels: record.labels,
    enabled: record.enabled,
    disabledReason: record.disabledReason,
    previousSecretExpiresAt: record.previousSecretExpires?.toISOString() ?? null,
    failingSince: record.failingSince?.toISOString() ?? null,
    deliveries,
    createdAt: record.createdAt.toISOString(),
  };
}

export function presentDelivery(record: DeliveryRecord): WebhookDelivery {
  const { event, lastAttemptAt } = record;
  return {
    id: record.id,
    webhookId: record.webhookId,
    type: event === null ? 'webhook.test' : `vm.${event.kind}`,
    eventId: record.eventId,
    vmId: event?.vmId ?? null,
    status: record.status as DeliveryStatus,
    attempts: record.attempts,
    nextAttemptAt: record.status === 'pending' ? record.nextAttemptAt.toISOString() : null,
    lastAttempt:
      lastAttemptAt === null
        ? null
        : {
            at: lastAttemptAt.toISOString(),
            milliseconds: record.lastMilliseconds,
            status: record.lastStatus,
            body: record.lastBody,
            error: record.lastError,
          },
    createdAt: record.createdAt.toISOString(),
    finishedAt: record.finishedAt?.toISOString() ?? null,
  };
}
