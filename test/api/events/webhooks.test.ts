/** Webhooks, with a receiver that checks them as a user's would. What dies meanwhile is in webhook-faults.test.ts. */
import { createHmac, randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { BACK_OFF_SECONDS, MOST_TRIES } from '../../../src/control/webhooks/webhook-attempts.ts';
import { purgeDeliveries } from '../../../src/control/webhooks/webhook-deliveries.ts';
import { MOST_WEBHOOKS } from '../../../src/control/webhooks/webhooks.ts';
import { until } from '../../peer/runs.ts';
import { startApi, type TestApi } from '../../support/api.ts';
import { addEvent } from '../../support/event-rows.ts';
import { makeImage, makeVm } from '../../support/protocol-host.ts';
import { countRows } from '../../support/rows.ts';
import { verified, WebhookReceiver } from '../../support/webhook-receiver.ts';

describe('webhooks', () => {
  let api: TestApi;
  let receiver: WebhookReceiver;
  let paths = 0;
  let path: string;
  beforeAll(async () => {
    api = await startApi({ webhookNetworks: ['127.0.0.0/8'] });
    receiver = await WebhookReceiver.start();
  });
  afterAll(async () => {
    await receiver[Symbol.asyncDispose]();
    await api[Symbol.asyncDispose]();
  });
  beforeEach(() => {
    paths += 1;
    path = `/${paths}`;
    receiver.reaction = (_, response) => void response.writeHead(204).end();
  });

  afterEach(async () => {
    await api.control.pool.query('DELETE FROM webhooks');
  });

  /** A webhook to a path of this test's own. */
  async function hook(fields: object = {}): Promise<{ id: string; secret: string; etag: string | null }> {
    const body = { url: receiver.url(path), ...fields };
    const made = await api.request('POST', '/v1/webhooks', { body });
    if (made.status !== 201) throw new Error(`the webhook was refused: ${JSON.stringify(made.body)}`);
    return { ...made.body, etag: made.headers.get('etag') };
  }
  const came = () => receiver.at(path);
  const deliveries = async (id: string, query = '') =>
    (await api.request('GET', `/v1/webhooks/${id}/deliveries${query}`)).body.items;
  const delivery = async (id: string, eventId: string) =>
    (await deliveries(id)).find((item: { eventId: string }) => item.eventId === eventId);
  const settled = (id: string, eventId: string, status: string) =>
    until(`the delivery is ${status}`, async () => (await delivery(id, eventId))?.status === status);
  /** As if the back-off were over. */
  const hurry = async (id: string) => {
    await api.control.pool.query(
      `UPDATE webhook_deliveries SET next_attempt_at = now() WHERE webhook_id = $1 AND claim IS NULL`,
      [id],
    );
    await api.control.pool.query(`UPDATE webhooks SET look_at = now() - interval '1 hour' WHERE id = $1`, [
      id,
    ]);
    await api.control.pool.query(
      `SELECT holdfast_jobs.add_job('webhook', json_build_object('id', $1::text), job_key => 'webhook:' || $1::text)`,
      [id],
    );
  };

  it('shows the secret once, and is read, changed and deleted like every resource', async () => {
    const { id, secret, etag } = await hook({ kinds: ['crash'], labels: { team: 'a' } });
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    const read = await api.request('GET', `/v1/webhooks/${id}`);
    expect(read.body).toEqual({
      id,
      url: receiver.url(path),
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

  it('sends each event as it is read, signed so that the reference library takes it', async () => {
    const { id, secret } = await hook();
    const vmId = randomUUID();
    const eventId = await addEvent(api, vmId, 1, 'poweroff');
    await receiver.until(() => came().length === 1);
    const [message] = came();
    if (message === undefined) throw new Error('nothing came');
    const event = (await api.request('GET', `/v1/events/${eventId}`)).body;
    expect(verified(secret, message)).toEqual({
      type: 'vm.poweroff',
      timestamp: event.observedAt,
      data: event,
    });
    await settled(id, eventId, 'delivered');
    const told = await delivery(id, eventId);
    expect(message.headers['webhook-id']).toBe(told.id);
    expect(message.headers['content-type']).toBe('application/json');
    // The same by hand: HMAC-SHA256 of id, time and body under the secret's bytes.
    const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
    const signed = `${told.id}.${message.headers['webhook-timestamp']}.${message.text}`;
    const signature = createHmac('sha256', key).update(signed).digest('base64');
    expect(message.headers['webhook-signature']).toBe(`v1,${signature}`);
    expect(() => verified(`whsec_${Buffer.alloc(32).toString('base64')}`, message)).toThrow();
    expect(() =>
      verified(secret, { ...message, text: message.text.replace('poweroff', 'killed') }),
    ).toThrow();
    expect(told).toEqual({
      id: expect.any(String),
      webhookId: id,
      type: 'vm.poweroff',
      eventId,
      vmId,
      status: 'delivered',
      attempts: 1,
      nextAttemptAt: null,
      lastAttempt: {
        at: expect.any(String),
        milliseconds: expect.any(Number),
        status: 204,
        body: '',
        error: null,
      },
      createdAt: expect.any(String),
      finishedAt: expect.any(String),
    });
    expect((await api.request('GET', `/v1/webhooks/${id}/deliveries/${told.id}`)).body).toEqual(told);
  });

  it('sends only the kinds and the labels that were asked for, also of a VM that is gone', async () => {
    const imageId = await makeImage(api);
    const mine = (await makeVm(api, imageId, { labels: { team: 'a', zone: 'b' } })).id;
    const other = (await makeVm(api, imageId, { labels: { team: 'b' } })).id;
    const { id } = await hook({ kinds: ['crash', 'reset'], labels: { team: 'a' } });
    const wanted: string[] = [];
    await addEvent(api, other, 1, 'crash');
    await addEvent(api, mine, 1, 'paused');
    wanted.push(await addEvent(api, mine, 2, 'crash'));
    await addEvent(api, randomUUID(), 1, 'crash');
    wanted.push(await addEvent(api, mine, 3, 'reset'));
    expect((await api.request('DELETE', `/v1/vms/${mine}`)).status).toBe(202);
    await until('it is gone', async () => (await api.request('GET', `/v1/vms/${mine}`)).status === 404);
    wanted.push(await addEvent(api, mine, 4, 'crash'));
    await receiver.until(() => came().length === 3);
    expect(came().map(({ body }) => body.data.id)).toEqual(wanted);
    expect(await deliveries(id)).toHaveLength(3);
  });

  it("keeps a VM's order while its receiver fails, and holds no other VM up", async () => {
    const [bad, good] = [randomUUID(), randomUUID()];
    let failing = true;
    receiver.reaction = ({ body }, response) =>
      void response.writeHead(failing && body.data.vmId === bad ? 500 : 204).end('sorry');
    const { id } = await hook();
    const events = [await addEvent(api, bad, 1), await addEvent(api, bad, 2), await addEvent(api, bad, 3)];
    for (const sequence of [1, 2, 3]) await addEvent(api, good, sequence);
    const sequences = (vmId: string) =>
      came().flatMap(({ body }) => (body.data.vmId === vmId ? [body.data.sequence] : []));
    await receiver.until(() => sequences(good).length === 3 && sequences(bad).length > 0);
    await until(
      'the failure is noted',
      async () => (await delivery(id, events[0] ?? ''))?.lastAttempt?.status === 500,
    );
    expect(sequences(good)).toEqual([1, 2, 3]);
    expect((await deliveries(id, '?status=queued')).map((item: { eventId: string }) => item.eventId)).toEqual(
      events.slice(1).reverse(),
    );
    expect(await delivery(id, events[0] ?? '')).toMatchObject({
      status: 'pending',
      attempts: expect.any(Number),
      nextAttemptAt: expect.any(String),
      lastAttempt: { status: 500, body: 'sorry', error: expect.stringContaining('500') },
    });
    // What has come is noted a moment later.
    await expect
      .poll(async () => (await api.request('GET', `/v1/webhooks/${id}`)).body.deliveries, { timeout: 30_000 })
      .toEqual({ waiting: 3, dead: 0 });
    const queued = (await delivery(id, events[1] ?? '')).id;
    expect(
      await api.request('POST', `/v1/webhooks/${id}/deliveries/${queued}/resend`, { body: {} }),
    ).toMatchObject({
      status: 409,
      body: { code: 'WEBHOOK_DELIVERY_QUEUED' },
    });

    failing = false;
    await hurry(id);
    await receiver.until(() => sequences(bad).includes(3));
    expect(sequences(bad)).toEqual(sequences(bad).toSorted());
    expect(sequences(bad).filter((sequence) => sequence > 1)).toEqual([2, 3]);
    const ids = came().flatMap(({ body, headers }) =>
      body.data.vmId === bad ? [headers['webhook-id']] : [],
    );
    expect(ids[0]).toBe(ids[1]);
    await settled(id, events[2] ?? '', 'delivered');
    expect((await api.request('GET', `/v1/webhooks/${id}`)).body).toMatchObject({
      failingSince: null,
      deliveries: { waiting: 0, dead: 0 },
    });
  });

  it('backs off, gives up after the last try, goes on with the next, and sends again when asked', async () => {
    const vmId = randomUUID();
    let broken = true;
    receiver.reaction = ({ body }, response) =>
      void response.writeHead(broken && body.data.sequence === 1 ? 400 : 204).end();
    const { id } = await hook();
    const [first, second] = [await addEvent(api, vmId, 1), await addEvent(api, vmId, 2)];
    for (let seen = 0; ; ) {
      const ended = ({
        attempts,
        lastAttempt,
      }: {
        attempts: number;
        lastAttempt: { status: number | null };
      }) => attempts > seen && lastAttempt.status === 400;
      await until(`attempt ${seen + 1} has failed`, async () => {
        const found = await delivery(id, first);
        return found !== undefined && ended(found);
      });
      const { attempts, status, nextAttemptAt, lastAttempt } = await delivery(id, first);
      if (status === 'dead') break;
      if (lastAttempt.status === null) continue;
      seen = attempts;
      const pause = (Date.parse(nextAttemptAt) - Date.parse(lastAttempt.at)) / 1_000;
      const meant = BACK_OFF_SECONDS[attempts - 1] ?? 0;
      expect(pause).toBeGreaterThan(meant * 0.89);
      // It is counted from the end of the attempt.
      expect(pause).toBeLessThan(meant * 1.11 + 60);
      expect((await delivery(id, second)).status).toBe('queued');
      await hurry(id);
    }
    await settled(id, second, 'delivered');
    expect((await api.request('GET', `/v1/webhooks/${id}`)).body.deliveries).toEqual({ waiting: 0, dead: 1 });
    expect((await delivery(id, first)).attempts).toBe(MOST_TRIES);

    broken = false;
    const { id: deliveryId } = await delivery(id, first);
    const again = await api.request('POST', `/v1/webhooks/${id}/deliveries/${deliveryId}/resend`, {
      body: {},
    });
    expect(again).toMatchObject({ status: 202, body: { id: deliveryId, status: 'pending' } });
    await settled(id, first, 'delivered');
    expect(came().at(-1)?.headers['webhook-id']).toBe(deliveryId);
    expect((await delivery(id, first)).attempts).toBe(MOST_TRIES + 1);
  });

  it('takes what is due at once when a receiver that was away is there again', async () => {
    const gone = await WebhookReceiver.start();
    const { port } = gone;
    await gone[Symbol.asyncDispose]();
    const { id } = await hook({ url: `http://127.0.0.1:${port}/` });
    const [a, b] = [await addEvent(api, randomUUID(), 1), await addEvent(api, randomUUID(), 1)];
    for (const eventId of [a, b]) {
      await until('it was tried', async () => (await delivery(id, eventId))?.lastAttempt?.error != null);
    }
    expect((await delivery(id, a)).lastAttempt).toMatchObject({
      status: null,
      body: null,
      error: expect.stringContaining('ECONNREFUSED'),
    });
    expect((await api.request('GET', `/v1/webhooks/${id}`)).body.failingSince).not.toBeNull();
    // Far beyond the test's end, so that only the recovery brings it forward.
    await api.control.pool.query(
      `UPDATE webhook_deliveries SET next_attempt_at = now() + interval '1 day' WHERE webhook_id = $1`,
      [id],
    );
    await api.control.pool.query(`UPDATE webhooks SET url = $2 WHERE id = $1`, [id, receiver.url(path)]);
    const test = await api.request('POST', `/v1/webhooks/${id}/test`, { body: {} });
    expect(test).toMatchObject({ status: 202, body: { type: 'webhook.test', eventId: null, vmId: null } });
    expect(test.headers.get('location')).toBe(`/v1/webhooks/${id}/deliveries/${test.body.id}`);
    await receiver.until(() => came().length === 3);
    const types = came().map(({ body }) => body.type);
    expect(types.toSorted()).toEqual(['vm.paused', 'vm.paused', 'webhook.test']);
    expect(came()[types.indexOf('webhook.test')]?.body.data).toEqual({ webhookId: id });
    for (const eventId of [a, b]) await settled(id, eventId, 'delivered');
  });

  it('follows no redirect, keeps only the beginning of an answer, heeds Retry-After, and ends at 410', async () => {
    const vmId = randomUUID();
    const { id } = await hook();
    receiver.reaction = (_, response) =>
      void response.writeHead(307, { location: receiver.url('/elsewhere') }).end();
    const eventId = await addEvent(api, vmId, 1);
    const answered = async (status: number) => {
      // biome-ignore lint/suspicious/noExplicitAny: as everywhere in answers
      let found: any;
      await until(`it was answered ${status}`, async () => {
        found = await delivery(id, eventId);
        return found?.lastAttempt?.status === status;
      });
      return found;
    };
    expect((await answered(307)).lastAttempt.error).toContain('redirects are not followed');
    expect(receiver.at('/elsewhere')).toEqual([]);

    receiver.reaction = (_, response) =>
      void response.writeHead(503, { 'retry-after': '7200' }).end(`\0${'x'.repeat(50_000)}`);
    await hurry(id);
    const busy = await answered(503);
    expect(busy.lastAttempt.body).toBe(`\uFFFD${'x'.repeat(4_095)}`);
    expect(Date.parse(busy.nextAttemptAt) - Date.parse(busy.lastAttempt.at)).toBeGreaterThanOrEqual(
      7_200_000,
    );

    receiver.reaction = (_, response) => void response.writeHead(410).end();
    await hurry(id);
    await until(
      'it is disabled',
      async () => (await api.request('GET', `/v1/webhooks/${id}`)).body.enabled === false,
    );
    expect((await api.request('GET', `/v1/webhooks/${id}`)).body.disabledReason).toContain('410');
    const refused = { status: 409, body: { code: 'WEBHOOK_DISABLED' } };
    expect(await api.request('POST', `/v1/webhooks/${id}/test`, { body: {} })).toMatchObject(refused);
    const again = await api.request('POST', `/v1/webhooks/${id}/deliveries/${busy.id}/resend`, { body: {} });
    expect(again).toMatchObject(refused);

    // What happens meanwhile is not sent; what waits is, once it is enabled.
    const before = came().length;
    await addEvent(api, vmId, 2);
    receiver.reaction = (_, response) => void response.writeHead(204).end();
    const enabled = await api.request('PATCH', `/v1/webhooks/${id}`, { body: { enabled: true } });
    expect(enabled.body).toMatchObject({ enabled: true, disabledReason: null });
    await addEvent(api, vmId, 3);
    await receiver.until(() => came().length === before + 2);
    expect(
      came()
        .slice(before)
        .map(({ body }) => body.data.sequence),
    ).toEqual([1, 3]);
  });

  it('signs with both secrets for a while after a rotation', async () => {
    const { id, secret } = await hook();
    const rotated = await api.request('POST', `/v1/webhooks/${id}/rotate-secret`, {
      body: { overlapSeconds: 3_600 },
    });
    expect(rotated.status).toBe(200);
    expect(rotated.body.secret).not.toBe(secret);
    expect(rotated.body.previousSecretExpiresAt).not.toBeNull();
    const test = () => api.request('POST', `/v1/webhooks/${id}/test`, { body: {} });
    await test();
    await receiver.until(() => came().length === 1);
    const [both] = came();
    if (both === undefined) throw new Error('nothing came');
    for (const each of [secret, rotated.body.secret])
      expect(verified(each, both)).toMatchObject({ type: 'webhook.test' });

    await api.control.pool.query(`UPDATE webhooks SET previous_secret_expires = now() WHERE id = $1`, [id]);
    await test();
    await receiver.until(() => came().length === 2);
    const one = came()[1];
    if (one === undefined) throw new Error('nothing came');
    expect(verified(rotated.body.secret, one)).toMatchObject({ type: 'webhook.test' });
    expect(() => verified(secret, one)).toThrow();
  });

  it('shows nobody a secret again, neither in the audit nor to an Idempotency-Key of another token', async () => {
    const headers = { 'idempotency-key': randomUUID() };
    const body = { url: receiver.url(path) };
    const made = await api.request('POST', '/v1/webhooks', { body, headers });
    const again = await api.request('POST', '/v1/webhooks', { body, headers });
    expect(again.body).toEqual(made.body);
    const audit = await api.request('GET', '/v1/audit?limit=200');
    expect(JSON.stringify(audit.body)).not.toContain('whsec_');
    const list = await api.request('GET', '/v1/webhooks?limit=200');
    expect(JSON.stringify(list.body)).not.toContain('whsec_');
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

  it('forgets what was settled long ago, and what was given up later', async () => {
    const { id } = await hook();
    const [old, given] = [await addEvent(api, randomUUID(), 1), await addEvent(api, randomUUID(), 1)];
    for (const eventId of [old, given]) await settled(id, eventId, 'delivered');
    const { pool } = api.control;
    await pool.query(
      `UPDATE webhook_deliveries SET finished_at = now() - interval '8 days' WHERE webhook_id = $1`,
      [id],
    );
    await pool.query(`UPDATE webhook_deliveries SET status = 'dead' WHERE event_id = $1`, [given]);
    expect(await purgeDeliveries(api.control)).toBe(1);
    expect((await deliveries(id)).map(({ eventId }: { eventId: string }) => eventId)).toEqual([given]);
  });

  it('has no more webhooks than may be, also when they are made at the same time', async () => {
    const more = Array.from({ length: MOST_WEBHOOKS + 2 }, () =>
      api.request('POST', '/v1/webhooks', { body: { url: receiver.url(path), enabled: false } }),
    );
    const answers = await Promise.all(more);
    expect(answers.map(({ status }) => status).filter((status) => status === 409)).toHaveLength(2);
    expect((await api.request('GET', '/v1/webhooks?limit=200')).body.items).toHaveLength(MOST_WEBHOOKS);
  });
});
