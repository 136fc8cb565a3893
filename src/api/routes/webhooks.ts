/** Webhooks: where events are sent to. An admin names where, since the API goes there from within its own network. */
import { Type } from 'typebox';
import { pageById } from '../../control/database/page.ts';
import { countDeliveries } from '../../control/webhooks/webhook-deliveries.ts';
import {
  changeWebhook,
  createWebhook,
  DEFAULT_OVERLAP_SECONDS,
  deleteWebhook,
  getWebhook,
  listWebhooks,
  rotateSecret,
  type WebhookRecord,
} from '../../control/webhooks/webhooks.ts';
import { ifMatch, sendResource } from '../plugins/conditional.ts';
import { presentWebhook } from '../present/webhook.ts';
import { closed, Page, PageQuery, ref, Uuid } from '../schemas/common.ts';
import { NewWebhook, SecretRotation, Webhook, WebhookPatch, WebhookWithSecret } from '../schemas/webhook.ts';
import type { Routes } from '../types.ts';

const WebhookParams = Type.Object({ webhookId: Uuid }, closed);

export const webhookRoutes: Routes = async (app) => {
  const present = async (webhook: WebhookRecord): Promise<Webhook> => {
    const counts = await countDeliveries(app.control, [webhook.id]);
    return presentWebhook(webhook, counts.get(webhook.id));
  };

  app.post(
    '/v1/webhooks',
    {
      config: { role: 'admin', refusals: ['WEBHOOK_LIMIT', 'WEBHOOK_URL_REFUSED'] },
      schema: {
        operationId: 'createWebhook',
        tags: ['webhooks'],
        summary: 'Have events sent to a URL',
        description:
          'From now on each event is POSTed as Standard Webhooks has it: `{ type, timestamp, data }` with the event as ' +
          '`data`, signed with the secret in this answer, in the order of each VM, at least once, and again after 5 s, ' +
          '1 min, 5 min, 30 min, 2 h, 8 h and 24 h where the receiver does not answer 2xx within 15 s.',
        body: NewWebhook,
        response: { 201: ref(WebhookWithSecret) },
      },
    },
    async (request, reply) => {
      const { url, kinds = [], labels = {}, enabled = true } = request.body;
      const { webhook, secret } = await createWebhook(app.control, { url, kinds, labels, enabled });
      reply.code(201).header('location', `/v1/webhooks/${webhook.id}`);
      return sendResource(reply, webhook.revision, { ...presentWebhook(webhook), secret });
    },
  );

  app.get(
    '/v1/webhooks',
    {
      config: { role: 'operator', refusals: ['INVALID_PAGE_TOKEN'] },
      schema: {
        operationId: 'listWebhooks',
        tags: ['webhooks'],
        summary: 'List webhooks, oldest first',
        querystring: Type.Object(PageQuery, closed),
        response: { 200: Page(ref(Webhook)) },
      },
    },
    async (request) => {
      const page = await pageById(request.query, (part) => listWebhooks(app.control, part));
      const counts = await countDeliveries(
        app.control,
        page.items.map(({ id }) => id),
      );
      return { ...page, items: page.items.map((webhook) => presentWebhook(webhook, counts.get(webhook.id))) };
    },
  );

  app.get(
    '/v1/webhooks/:webhookId',
    {
      config: { role: 'operator', refusals: ['WEBHOOK_NOT_FOUND'] },
      schema: {
        operationId: 'getWebhook',
        tags: ['webhooks'],
        summary: 'Get a webhook',
        params: WebhookParams,
        response: { 200: ref(Webhook) },
      },
    },
    async (request, reply) => {
      const webhook = await getWebhook(app.control, request.params.webhookId);
      return sendResource(reply, webhook.revision, await present(webhook));
    },
  );

  app.patch(
    '/v1/webhooks/:webhookId',
    {
      config: {
        role: 'admin',
        refusals: ['PRECONDITION_FAILED', 'WEBHOOK_NOT_FOUND', 'WEBHOOK_URL_REFUSED'],
      },
      schema: {
        operationId: 'updateWebhook',
        tags: ['webhooks'],
        summary: 'Change a webhook',
        description:
          'A merge patch (RFC 7396). `kinds` and `labels` decide for events that have no delivery yet; another `url`, or ' +
          '`enabled` where it was not, has what waits sent at once.',
        consumes: ['application/merge-patch+json'],
        params: WebhookParams,
        body: WebhookPatch,
        response: { 200: ref(Webhook) },
      },
    },
    async (request, reply) => {
      const webhook = await changeWebhook(
        app.control,
        request.params.webhookId,
        request.body,
        ifMatch(request),
      );
      return sendResource(reply, webhook.revision, await present(webhook));
    },
  );

  app.delete(
    '/v1/webhooks/:webhookId',
    {
      config: { role: 'admin', refusals: ['PRECONDITION_FAILED', 'WEBHOOK_NOT_FOUND'] },
      schema: {
        operationId: 'deleteWebhook',
        tags: ['webhooks'],
        summary: 'Delete a webhook',
        description: 'What it has not been sent is not sent any more.',
        params: WebhookParams,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      await deleteWebhook(app.control, request.params.webhookId, ifMatch(request));
      return reply.code(204).send(null);
    },
  );

  app.post(
    '/v1/webhooks/:webhookId/rotate-secret',
    {
      config: { role: 'admin', refusals: ['PRECONDITION_FAILED', 'WEBHOOK_NOT_FOUND'] },
      schema: {
        operationId: 'rotateWebhookSecret',
        tags: ['webhooks'],
        summary: 'Give a webhook another secret',
        description:
          'Both sign for `overlapSeconds`, so that the receiver can change over. One from before ends now.',
        params: WebhookParams,
        body: SecretRotation,
        response: { 200: ref(WebhookWithSecret) },
      },
    },
    async (request, reply) => {
      const { overlapSeconds = DEFAULT_OVERLAP_SECONDS } = request.body;
      const { webhookId } = request.params;
      const rotated = await rotateSecret(app.control, webhookId, overlapSeconds, ifMatch(request));
      return sendResource(reply, rotated.webhook.revision, {
        ...(await present(rotated.webhook)),
        secret: rotated.secret,
      });
    },
  );
};
