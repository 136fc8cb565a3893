/** What a webhook says, and how it is signed: the Standard Webhooks specification 1.0. */
import { randomBytes } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { HOLDFAST_VERSION } from '../../wire/version.ts';
import { eventJson } from '../events/event-json.ts';
import type { StoredEvent } from '../events/events.ts';

/** 24 to 64 bytes are asked for. */
const SECRET_BYTES = 32;

export function newWebhookSecret(): string {
  return `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`;
}

/** The body: of an event, or of a test that was asked for at `testedAt`. */
export function bodyOf(webhookId: string, event: StoredEvent | null, testedAt: Date): string {
  return JSON.stringify(
    event === null
      ? { type: 'webhook.test', timestamp: testedAt.toISOString(), data: { webhookId } }
      : { type: `vm.${event.kind}`, timestamp: event.observedAt.toISOString(), data: eventJson(event) },
  );
}

/** `id`: the same at every attempt. `secrets`: each of them signs. */
export function headersOf(
  id: string,
  body: string,
  secrets: readonly string[],
  at: Date,
): Record<string, string> {
  return {
    'content-type': 'application/json',
    'user-agent': `Holdfast/${HOLDFAST_VERSION}`,
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
    'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(id, at, body)).join(' '),
  };
}
