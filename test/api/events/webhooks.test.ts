/** Webhooks as clients see them. What is sent is in webhook-deliveries.test.ts. */
import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { keyName, seal } from '../../../src/control/webhooks/sealed-secret.ts';
import { resealSecrets } from '../../../src/control/webhooks/webhook-reseal.ts';
import { MOST_WEBHOOKS } from '../../../src/control/webhooks/webhooks.ts';
import { until } from '../../peer/runs.ts';
import { startApi, type TestApi } from '../../support/api.ts';
import { countRows } from '../../support/rows.ts';
import { WebhookDesk } from '../../support/webhook-desk.ts';
import { verified, WebhookReceiver } from '../../support/webhook-receiver.ts';

const KEY = randomBytes(32).toString('base64');

describe('webhooks', () => {
  let desk: WebhookDesk;
  let api: TestApi;
  let receiver: WebhookReceiver;
  beforeAll(async () => {
    desk = await WebhookDesk.start({ secretKeys: [KEY] });
    ({ api, receiver } = desk);
  });
  afterAll(async () => {
    await desk[Symbol.asyncDispose]();
  });
  beforeEach(() => desk.clear());
  afterEach(() => desk.removeAll());

  it('shows the secret once, and is read, changed and deleted like every resource', async () => {
    const { id, secret, etag } = await desk.hook({ kinds: ['crash'], labels: { team: 'a' } });
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    const read = await api.request('GET', `/v1/webhooks/${id}`);
    expect(read.body).toEqual({
      id,
      url: desk.url,
      kinds: ['crash'],
      labels: { team: 'a' },
      enabled: true,
      disabledReason: null,
      previousSecretExpiresAt: null,
      failingSince: null,
      deliveries: { waiting: 0, dead: 0 },
      createdAt: expect.any(String),
    });
    expect(read.headers.get('etag')).toBe(etag);
    const patch = { kinds: [], labels: { team: null, zone: 'b' } };
    const headers = { 'if-match': etag ?? '' };
    const changed = await api.request('PATCH', `/v1/webhooks/${id}`, { body: patch, headers });
    expect(changed).toMatchObject({ status: 200, body: { kinds: [], labels: { zone: 'b' }, enabled: true } });
    expect(JSON.stringify(changed.body)).not.toContain(secret);
    for (const [method, at] of [
      ['PATCH', ''],
      ['DELETE', ''],
      ['POST', '/rotate-secret'],
    ] as const) {
      const stale = await api.request(method, `/v1/webhooks/${id}${at}`, {
        headers,
        ...(method === 'DELETE' ? {} : { body: {} }),
      });
      expect(stale).toMatchObject({ status: 412, body: { code: 'PRECONDITION_FAILED' } });
    }
    const { body } = await api.request('GET', '/v1/webhooks?limit=200');
    expect(body.items.map((item: { id: string }) => item.id)).toContain(id);
    expect((await api.request('DELETE', `/v1/webhooks/${id}`)).status).toBe(204);
    expect(await api.request('GET', `/v1/webhooks/${id}`)).toMatchObject({
      status: 404,
      body: { code: 'WEBHOOK_NOT_FOUND' },
    });
  });

  it('refuses what it cannot or must not send to, and changes nothing', async () => {
    const before = await countRows(api.control);
    const urls = [
      'nonsense',
      '/relative',
      'ftp://example.com/',
      'https://user:secret@example.com/',
      'https://example.com/#part',
      'https://10.0.0.1/',
      'https://169.254.169.254/latest/meta-data/',
      'https://[::1]/',
      'https://[::ffff:10.0.0.1]/',
      'https://0x0a000001/',
      'http://93.184.215.14/',
    ];
    for (const url of urls) {
      const answer = await api.request('POST', '/v1/webhooks', { body: { url } });
      expect.soft(answer, url).toMatchObject({ status: 422, body: { code: 'WEBHOOK_URL_REFUSED' } });
      expect.soft(answer.body.errors?.[0]?.pointer, url).toBe('/url');
    }
    for (const fields of [
      { kinds: ['exploded'] },
      { kinds: ['crash', 'crash'] },
      { labels: { '': 'x' } },
      { secret: 'x' },
    ]) {
      const answer = await api.request('POST', '/v1/webhooks', { body: { url: receiver.url(), ...fields } });
      expect(answer).toMatchObject({ status: 400, body: { code: 'VALIDATION_FAILED' } });
    }
    expect(await countRows(api.control)).toEqual(before);
  });

  it('signs with both secrets for a while after a rotation', async () => {
    const { id, secret } = await desk.hook();
    const rotated = await api.request('POST', `/v1/webhooks/${id}/rotate-secret`, {
      body: { overlapSeconds: 3_600 },
    });
    expect(rotated.status).toBe(200);
    expect(rotated.body.secret).not.toBe(secret);
    expect(rotated.body.previousSecretExpiresAt).not.toBeNull();
    const test = () => api.request('POST', `/v1/webhooks/${id}/test`, { body: {} });
    await test();
    await receiver.until(() => desk.came().length === 1);
    const [both] = desk.came();
    if (both === undefined) throw new Error('nothing came');
    for (const each of [secret, rotated.body.secret])
      expect(verified(each, both)).toMatchObject({ type: 'webhook.test' });

    await api.control.pool.query(`UPDATE webhooks SET previous_secret_expires = now() WHERE id = $1`, [id]);
    await test();
    await receiver.until(() => desk.came().length === 2);
    const one = desk.came()[1];
    if (one === undefined) throw new Error('nothing came');
    expect(verified(rotated.body.secret, one)).toMatchObject({ type: 'webhook.test' });
    expect(() => verified(secret, one)).toThrow();
  });

  it('shows nobody a secret again, neither in the audit nor to an Idempotency-Key of another token', async () => {
    const headers = { 'idempotency-key': randomUUID() };
    const body = { url: desk.url };
    const made = await api.request('POST', '/v1/webhooks', { body, headers });
    const again = await api.request('POST', '/v1/webhooks', { body, headers });
    expect(again.body).toEqual(made.body);
    const audit = await api.request('GET', '/v1/audit?limit=200');
    expect(JSON.stringify(audit.body)).not.toContain('whsec_');
    const list = await api.request('GET', '/v1/webhooks?limit=200');
    expect(JSON.stringify(list.body)).not.toContain('whsec_');
  });

  it('keeps secrets sealed, also those from before there was a key, and says which key is missing', async () => {
    const { id, secret } = await desk.hook();
    const { pool } = api.control;
    const stored = async () =>
      (await pool.query('SELECT secret FROM webhooks WHERE id = $1', [id])).rows[0].secret;
    const store = (as: string) => pool.query('UPDATE webhooks SET secret = $2 WHERE id = $1', [id, as]);
    const testsWell = async (times: number) => {
      await api.request('POST', `/v1/webhooks/${id}/test`, { body: {} });
      await receiver.until(() => desk.came().length === times);
      const message = desk.came()[times - 1];
      if (message === undefined) throw new Error('nothing came');
      expect(verified(secret, message)).toMatchObject({ type: 'webhook.test' });
    };
    expect(await stored()).toMatch(new RegExp(`^sealed:${keyName(KEY)}:`));
    await testsWell(1);

    await store(secret);
    await testsWell(2);
    expect(await resealSecrets(api.control)).toBe(1);
    expect(await stored()).toMatch(new RegExp(`^sealed:${keyName(KEY)}:`));
    expect(await resealSecrets(api.control)).toBe(0);
    await testsWell(3);

    const lost = randomBytes(32).toString('base64');
    await store(seal(secret, id, [lost]));
    expect(await resealSecrets(api.control)).toBe(0);
    const { body } = await api.request('POST', `/v1/webhooks/${id}/test`, { body: {} });
    const found = async () => (await api.request('GET', `/v1/webhooks/${id}/deliveries/${body.id}`)).body;
    await until('it was tried', async () => (await found()).lastAttempt?.error != null);
    expect((await found()).lastAttempt.error).toContain(
      `${keyName(lost)}, which is not in HOLDFAST_SECRET_KEYS`,
    );
    expect(desk.came()).toHaveLength(3);
  });

  it('sends nothing to addresses that are not public, whatever their name says', async () => {
    await using strict = await startApi();
    const target = await WebhookReceiver.start();
    const literal = await strict.request('POST', '/v1/webhooks', { body: { url: target.url() } });
    expect(literal).toMatchObject({ status: 422, body: { code: 'WEBHOOK_URL_REFUSED' } });
    // A name can be refused only once it is resolved.
    const url = `https://localhost:${target.port}/`;
    const { id } = (await strict.request('POST', '/v1/webhooks', { body: { url } })).body;
    const { body } = await strict.request('POST', `/v1/webhooks/${id}/test`, { body: {} });
    const found = async () => (await strict.request('GET', `/v1/webhooks/${id}/deliveries/${body.id}`)).body;
    await until('it was tried', async () => (await found()).lastAttempt?.error != null);
    expect((await found()).lastAttempt.error).toContain('is not a public address');
    await target[Symbol.asyncDispose]();
    expect(target.received).toEqual([]);
  });

  it('has no more webhooks than may be, also when they are made at the same time', async () => {
    const more = Array.from({ length: MOST_WEBHOOKS + 2 }, () =>
      api.request('POST', '/v1/webhooks', { body: { url: desk.url, enabled: false } }),
    );
    const answers = await Promise.all(more);
    expect(answers.map(({ status }) => status).filter((status) => status === 409)).toHaveLength(2);
    expect((await api.request('GET', '/v1/webhooks?limit=200')).body.items).toHaveLength(MOST_WEBHOOKS);
  });
});
