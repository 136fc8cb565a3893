import { type Static, Type } from 'typebox';
import { DELIVERY_STATUSES } from '../../control/webhooks/webhook-deliveries.ts';
import { DEFAULT_OVERLAP_SECONDS, LONGEST_OVERLAP_SECONDS } from '../../control/webhooks/webhooks.ts';
import { Labels } from '../../wire/agent.ts';
import { EventKind } from '../../wire/event.ts';
import { TEXT_PATTERN } from '../../wire/text.ts';
import { closed, LabelsPatch, Nullable, named, Timestamp, Uuid } from './common.ts';

const Url = Type.String({
  minLength: 1,
  maxLength: 2_000,
  pattern: TEXT_PATTERN,
  description:
    'Where to POST to, by https and at a public address. HOLDFAST_WEBHOOK_NETWORKS names networks that may be reached ' +
    'besides, and by http.',
});
const Kinds = Type.Array(EventKind, {
  uniqueItems: true,
  maxItems: EventKind.enum.length,
  description: 'Only events of these kinds; `[]` for every kind.',
});
const Selector = {
  ...Labels,
  description: 'Only events of VMs that have these labels, all of them; `{}` for every VM.',
} as typeof Labels;
const Enabled = Type.Boolean({
  description: 'Events that happen while it is false are not sent; they are in the event log.',
});
const Secret = Type.String({
  description:
    'Signs every message (`whsec_` and base64, as Standard Webhooks has it). It is shown this once.',
});
const Count = Type.Integer({ minimum: 0 });

const fields = {
  id: Uuid,
  url: Url,
  kinds: Kinds,
  labels: Selector,
  enabled: Enabled,
  disabledReason: Nullable(
    Type.String({ description: 'Why it was disabled by itself: its receiver answered 410.' }),
  ),
  previousSecretExpiresAt: Nullable(
    Type.String({ format: 'date-time', description: 'Until then the secret before this one signs too.' }),
  ),
  failingSince: Nullable(
    Type.String({
      format: 'date-time',
      description: 'When an attempt failed with none having succeeded since.',
    }),
  ),
  deliveries: Type.Object(
    { waiting: Count, dead: Count },
    { ...closed, description: 'Not yet delivered, and given up.' },
  ),
  createdAt: Timestamp,
};

export const Webhook = named(
  'Webhook',
  Type.Object(fields, { ...closed, description: 'Where events are sent to.' }),
);

export const WebhookWithSecret = named(
  'WebhookWithSecret',
  Type.Object({ ...fields, secret: Secret }, closed),
);

export const NewWebhook = Type.Object(
  {
    url: Url,
    kinds: Type.Optional({ ...Kinds, default: [] } as typeof Kinds),
    labels: Type.Optional({ ...Selector, default: {} } as typeof Labels),
    enabled: Type.Optional({ ...Enabled, default: true } as typeof Enabled),
  },
  closed,
);

export const WebhookPatch = Type.Object(
  {
    url: Type.Optional(Url),
    kinds: Type.Optional(Kinds),
    labels: Type.Optional(LabelsPatch),
    enabled: Type.Optional(Enabled),
  },
  closed,
);

export const SecretRotation = Type.Object(
  {
    overlapSeconds: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: LONGEST_OVERLAP_SECONDS,
        default: DEFAULT_OVERLAP_SECONDS,
        description: 'For how long the old secret signs too.',
      }),
    ),
  },
  closed,
);

export const DeliveryStatus = Type.Enum(DELIVERY_STATUSES, {
  description:
    '`queued` behind an earlier one of its VM; `pending`: it is sent, or will be again; `delivered`; `dead`: given up ' +
    'after its last try.',
});

export const WebhookDelivery = named(
  'WebhookDelivery',
  Type.Object(
    {
      id: Type.String({ format: 'uuid', description: 'The `webhook-id` of every attempt.' }),
      webhookId: Uuid,
      type: Type.String({ description: '`vm.` and the kind of the event, or `webhook.test`.' }),
      eventId: Nullable(Type.String({ format: 'uuid', description: 'Null for a test.' })),
      vmId: Nullable(Uuid),
      status: DeliveryStatus,
      attempts: Count,
      nextAttemptAt: Nullable(Type.String({ format: 'date-time', description: 'Of a pending one.' })),
      lastAttempt: Nullable(
        Type.Object(
          {
            at: Timestamp,
            milliseconds: Nullable(Type.Integer({ minimum: 0, description: 'Null while it is under way.' })),
            status: Nullable(Type.Integer({ description: 'Null without an answer.' })),
            body: Nullable(Type.String({ description: 'The first 4 KiB of the answer.' })),
            error: Nullable(Type.String({ description: 'Null when the message was taken.' })),
          },
          closed,
        ),
      ),
      createdAt: Timestamp,
      finishedAt: Nullable(Timestamp),
    },
    { ...closed, description: 'One message to one webhook.' },
  ),
);

export type Webhook = Static<typeof Webhook>;
export type WebhookDelivery = Static<typeof WebhookDelivery>;
