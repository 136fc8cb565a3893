/** What became of each message to a webhook. */
import { Type } from 'typebox';
import { pageByPosition } from '../../control/database/page.ts';
import {
  getDelivery,
  listDeliveries,
  resendDelivery,
  testWebhook,
} from '../../control/webhooks/webhook-deliveries.ts';
import { etag } from '../plugins/conditional.ts';
import { presentDelivery } from '../present/webhook.ts';
import { closed, Nothing, Page, PageQuery, ref, Uuid } from '../schemas/common.ts';
import { DeliveryStatus, WebhookDelivery } from '../schemas/webhook.ts';
import type { Routes } from '../types.ts';

const WebhookParams = Type.Object({ webhookId: Uuid }, closed);
const DeliveryParams = Type.Object({ webhookId: Uuid, deliveryId: Uuid }, closed);

export const webhookDeliveryRoutes: Routes = async (app) => {
  app.post(
    '/v1/webhooks/:webhookId/test',
    {
      config: { role: 'operator', refusals: ['WEBHOOK_DISABLED', 'WEBHOOK_NOT_FOUND'] },
      schema: {
        operationId: 'testWebhook',
        tags: ['webhooks'],
        summary: 'Send a webhook a message of the type webhook.test',
        description: 'Read the delivery to see what became of it. It is tried again as those of events are.',
        params: WebhookParams,
        body: Nothing,
        response: { 202: ref(WebhookDelivery) },
      },
    },
    async (request, reply) => {
      const delivery = await testWebhook(app.control, request.params.webhookId);
      reply.code(202).header('location', `/v1/webhooks/${delivery.webhookId}/deliveries/${delivery.id}`);
      return presentDelivery(delivery);
    },
  );

  app.get(
    '/v1/webhooks/:webhookId/deliveries',
    {
      config: { role: 'operator', refusals: ['INVALID_PAGE_TOKEN', 'WEBHOOK_NOT_FOUND'] },
      schema: {
        operationId: 'listWebhookDeliveries',
        tags: ['webhooks'],
        summary: "List a webhook's deliveries, newest first",
        description: 'Delivered ones are kept for 7 days, given up ones for 30.',
        params: WebhookParams,
        querystring: Type.Object({ ...PageQuery, status: Type.Optional(DeliveryStatus) }, closed),
        response: { 200: Page(ref(WebhookDelivery)) },
      },
    },
    async (request) => {
      const { status = null } = request.query;
      const page = await pageByPosition(request.query, (part) =>
        listDeliveries(app.control, request.params.webhookId, status, part),
      );
      return { ...page, items: page.items.map(presentDelivery) };
    },
  );

  app.get(
    '/v1/webhooks/:webhookId/deliveries/:deliveryId',
    {
      config: { role: 'operator', refusals: ['WEBHOOK_DELIVERY_NOT_FOUND', 'WEBHOOK_NOT_FOUND'] },
      schema: {
        operationId: 'getWebhookDelivery',
        tags: ['webhooks'],
        summary: 'Get a delivery',
        params: DeliveryParams,
        response: { 200: ref(WebhookDelivery) },
      },
    },
    async (request, reply) => {
      const { webhookId, deliveryId } = request.params;
      const delivery = await getDelivery(app.control, webhookId, deliveryId);
      reply.header('etag', etag(`${delivery.attempts}-${delivery.status}`));
      return presentDelivery(delivery);
    },
  );

  app.post(
    '/v1/webhooks/:webhookId/deliveries/:deliveryId/resend',
    {
      config: {
        role: 'operator',
        refusals: [
          'WEBHOOK_DELIVERY_NOT_FOUND',
          'WEBHOOK_DELIVERY_QUEUED',
          'WEBHOOK_DISABLED',
          'WEBHOOK_NOT_FOUND',
        ],
      },
      schema: {
        operationId: 'resendWebhookDelivery',
        tags: ['webhooks'],
        summary: 'Send a delivery again, or now',
        description:
          'With the same `webhook-id`, and with all its tries before it. One that was delivered or given up is sent out ' +
          "of its VM's order.",
        params: DeliveryParams,
        body: Nothing,
        response: { 202: ref(WebhookDelivery) },
      },
    },
    async (request, reply) => {
      const { webhookId, deliveryId } = request.params;
      const delivery = await resendDelivery(app.control, webhookId, deliveryId);
      reply.code(202).header('location', `/v1/webhooks/${webhookId}/deliveries/${deliveryId}`);
      return presentDelivery(delivery);
    },
  );
};
