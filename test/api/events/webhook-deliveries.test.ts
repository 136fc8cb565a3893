/** What webhooks send, with a receiver that checks it as a user's would. What dies meanwhile is in webhook-faults.test.ts. */
import { createHmac, randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { EVENTS_TOPIC } from '../../../src/control/events/topics.ts';
import { BACK_OFF_SECONDS, MOST_TRIES } from '../../../src/control/webhooks/webhook-attempts.ts';
import { purgeDeliveries } from '../../../src/control/webhooks/webhook-deliveries.ts';
import { until } from '../../peer/runs.ts';
import type { TestApi } from '../../support/api.ts';
import { addEvent } from '../../support/event-rows.ts';
import { makeImage, makeVm } from '../../support/protocol-host.ts';
import { WebhookDesk } from '../../support/webhook-desk.ts';
import { verified, WebhookReceiver } from '../../support/webhook-receiver.ts';

describe('deliveries of webhooks', () => {
  let desk: WebhookDesk;
  let api: TestApi;
  let receiver: WebhookReceiver;
  beforeAll(async () => {
    desk = await WebhookDesk.start();
    ({ api, receiver } = desk);
  });
  afterAll(async () => {
    await desk[Symbol.asyncDispose]();
  });
  beforeEach(() => desk.clear());
  afterEach(() => desk.removeAll());

  it('sends each event as it is read, signed so that the reference library takes it', async () => {
    const { id, secret } = await desk.hook();
    const vmId = randomUUID();
    const eventId = await addEvent(api, vmId, 1, 'poweroff');
    await receiver.until(() => desk.came().length === 1);
    const [message] = desk.came();
    if (message === undefined) throw new Error('nothing came');
    const event = (await api.request('GET', `/v1/events/${eventId}`)).body;
    expect(verified(secret, message)).toEqual({
      type: 'vm.poweroff',
      timestamp: event.observedAt,
      data: event,
    });
    await desk.settled(id, eventId, 'delivered');
    const told = await desk.delivery(id, eventId);
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
    const { id } = await desk.hook({ kinds: ['crash', 'reset'], labels: { team: 'a' } });
    const wanted: string[] = [];
    await addEvent(api, other, 1, 'crash');
    await addEvent(api, mine, 1, 'paused');
    wanted.push(await addEvent(api, mine, 2, 'crash'));
    await addEvent(api, randomUUID(), 1, 'crash');
    wanted.push(await addEvent(api, mine, 3, 'reset'));
    expect((await api.request('DELETE', `/v1/vms/${mine}`)).status).toBe(202);
    await until('it is gone', async () => (await api.request('GET', `/v1/vms/${mine}`)).status === 404);
    wanted.push(await addEvent(api, mine, 4, 'crash'));
    await receiver.until(() => desk.came().length === 3);
    expect(desk.came().map(({ body }) => body.data.id)).toEqual(wanted);
    expect(await desk.deliveries(id)).toHaveLength(3);
  });

  it('finds the few events that it is for behind and between many others', async () => {
    const { id } = await desk.hook({ kinds: ['crash'] });
    await api.control.pool.query(
      `INSERT INTO events (id, vm_id, host_id, run_id, boot_id, sequence, kind, initiator, observed_at)
       SELECT gen_random_uuid(), $1, $1, $1, $1, n, CASE WHEN n % 1250 = 0 THEN 'crash' ELSE 'paused' END, 'guest', now()
       FROM generate_series(1, 2500) n`,
      [randomUUID()],
    );
    api.control.wake.notify(EVENTS_TOPIC);
    await receiver.until(() => desk.came().length === 2);
    expect(desk.came().map(({ body }) => body.data.sequence)).toEqual([1250, 2500]);
    expect(await desk.deliveries(id)).toHaveLength(2);
  });

  it("keeps a VM's order while its receiver fails, and holds no other VM up", async () => {
    const [bad, good] = [randomUUID(), randomUUID()];
    let failing = true;
    receiver.reaction = ({ body }, response) =>
      void response.writeHead(failing && body.data.vmId === bad ? 500 : 204).end('sorry');
    const { id } = await desk.hook();
    const events = [await addEvent(api, bad, 1), await addEvent(api, bad, 2), await addEvent(api, bad, 3)];
    for (const sequence of [1, 2, 3]) await addEvent(api, good, sequence);
    const sequences = (vmId: string) =>
      desk.came().flatMap(({ body }) => (body.data.vmId === vmId ? [body.data.sequence] : []));
    await receiver.until(() => sequences(good).length === 3 && sequences(bad).length > 0);
    await until(
      'the failure is noted',
      async () => (await desk.delivery(id, events[0] ?? ''))?.lastAttempt?.status === 500,
    );
    expect(sequences(good)).toEqual([1, 2, 3]);
    expect(
      (await desk.deliveries(id, '?status=queued')).map((item: { eventId: string }) => item.eventId),
    ).toEqual(events.slice(1).reverse());
    expect(await desk.delivery(id, events[0] ?? '')).toMatchObject({
      status: 'pending',
      attempts: expect.any(Number),
      nextAttemptAt: expect.any(String),
      lastAttempt: { status: 500, body: 'sorry', error: expect.stringContaining('500') },
    });
    // What has come is noted a moment later.
    await expect
      .poll(async () => (await api.request('GET', `/v1/webhooks/${id}`)).body.deliveries, { timeout: 30_000 })
      .toEqual({ waiting: 3, dead: 0 });
    const queued = (await desk.delivery(id, events[1] ?? '')).id;
    expect(
      await api.request('POST', `/v1/webhooks/${id}/deliveries/${queued}/resend`, { body: {} }),
    ).toMatchObject({
      status: 409,
      body: { code: 'WEBHOOK_DELIVERY_QUEUED' },
    });

    failing = false;
    await desk.hurry(id);
    await receiver.until(() => sequences(bad).includes(3));
    expect(sequences(bad)).toEqual(sequences(bad).toSorted());
    expect(sequences(bad).filter((sequence) => sequence > 1)).toEqual([2, 3]);
    const ids = desk
      .came()
      .flatMap(({ body, headers }) => (body.data.vmId === bad ? [headers['webhook-id']] : []));
    expect(ids[0]).toBe(ids[1]);
    await desk.settled(id, events[2] ?? '', 'delivered');
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
    const { id } = await desk.hook();
    const [first, second] = [await addEvent(api, vmId, 1), await addEvent(api, vmId, 2)];
    await until('both have deliveries', async () => (await desk.deliveries(id)).length === 2);
    for (let seen = 0; ; ) {
      const ended = ({
        attempts,
        lastAttempt,
      }: {
        attempts: number;
        lastAttempt: { status: number | null };
      }) => attempts > seen && lastAttempt.status === 400;
      await until(`attempt ${seen + 1} has failed`, async () => {
        const found = await desk.delivery(id, first);
        return found !== undefined && ended(found);
      });
      const { attempts, status, nextAttemptAt, lastAttempt } = await desk.delivery(id, first);
      if (status === 'dead') break;
      if (lastAttempt.status === null) continue;
      seen = attempts;
      const pause = (Date.parse(nextAttemptAt) - Date.parse(lastAttempt.at)) / 1_000;
      const meant = BACK_OFF_SECONDS[attempts - 1] ?? 0;
      expect(pause).toBeGreaterThan(meant * 0.89);
      // It is counted from the end of the attempt.
      expect(pause).toBeLessThan(meant * 1.11 + 60);
      expect((await desk.delivery(id, second)).status).toBe('queued');
      await desk.hurry(id);
    }
    await desk.settled(id, second, 'delivered');
    expect((await api.request('GET', `/v1/webhooks/${id}`)).body.deliveries).toEqual({ waiting: 0, dead: 1 });
    expect((await desk.delivery(id, first)).attempts).toBe(MOST_TRIES);

    broken = false;
    const { id: deliveryId } = await desk.delivery(id, first);
    const again = await api.request('POST', `/v1/webhooks/${id}/deliveries/${deliveryId}/resend`, {
      body: {},
    });
    expect(again).toMatchObject({ status: 202, body: { id: deliveryId, status: 'pending' } });
    await desk.settled(id, first, 'delivered');
    expect(desk.came().at(-1)?.headers['webhook-id']).toBe(deliveryId);
    expect((await desk.delivery(id, first)).attempts).toBe(MOST_TRIES + 1);
  });

  it('takes what is due at once when a receiver that was away is there again', async () => {
    const gone = await WebhookReceiver.start();
    const { port } = gone;
    await gone[Symbol.asyncDispose]();
    const { id } = await desk.hook({ url: `http://127.0.0.1:${port}/` });
    const [a, b] = [await addEvent(api, randomUUID(), 1), await addEvent(api, randomUUID(), 1)];
    for (const eventId of [a, b]) {
      await until('it was tried', async () => (await desk.delivery(id, eventId))?.lastAttempt?.error != null);
    }
    expect((await desk.delivery(id, a)).lastAttempt).toMatchObject({
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
    await api.control.pool.query(`UPDATE webhooks SET url = $2 WHERE id = $1`, [id, desk.url]);
    const test = await api.request('POST', `/v1/webhooks/${id}/test`, { body: {} });
    expect(test).toMatchObject({ status: 202, body: { type: 'webhook.test', eventId: null, vmId: null } });
    expect(test.headers.get('location')).toBe(`/v1/webhooks/${id}/deliveries/${test.body.id}`);
    await receiver.until(() => desk.came().length === 3);
    const types = desk.came().map(({ body }) => body.type);
    expect(types.toSorted()).toEqual(['vm.paused', 'vm.paused', 'webhook.test']);
    expect(desk.came()[types.indexOf('webhook.test')]?.body.data).toEqual({ webhookId: id });
    for (const eventId of [a, b]) await desk.settled(id, eventId, 'delivered');
  });

  it('follows no redirect, keeps only the beginning of an answer, heeds Retry-After, and ends at 410', async () => {
    const vmId = randomUUID();
    const { id } = await desk.hook();
    receiver.reaction = (_, response) =>
      void response.writeHead(307, { location: receiver.url('/elsewhere') }).end();
    const eventId = await addEvent(api, vmId, 1);
    const answered = async (status: number) => {
      // biome-ignore lint/suspicious/noExplicitAny: as everywhere in answers
      let found: any;
      await until(`it was answered ${status}`, async () => {
        found = await desk.delivery(id, eventId);
        return found?.lastAttempt?.status === status;
      });
      return found;
    };
    expect((await answered(307)).lastAttempt.error).toContain('redirects are not followed');
    expect(receiver.at('/elsewhere')).toEqual([]);

    receiver.reaction = (_, response) =>
      void response.writeHead(503, { 'retry-after': '7200' }).end(`\0${'x'.repeat(50_000)}`);
    await desk.hurry(id);
    const busy = await answered(503);
    expect(busy.lastAttempt.body).toBe(`\uFFFD${'x'.repeat(4_095)}`);
    expect(Date.parse(busy.nextAttemptAt) - Date.parse(busy.lastAttempt.at)).toBeGreaterThanOrEqual(
      7_200_000,
    );

    receiver.reaction = (_, response) => void response.writeHead(410).end();
    await desk.hurry(id);
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
    const before = desk.came().length;
    await addEvent(api, vmId, 2);
    receiver.reaction = (_, response) => void response.writeHead(204).end();
    const enabled = await api.request('PATCH', `/v1/webhooks/${id}`, { body: { enabled: true } });
    expect(enabled.body).toMatchObject({ enabled: true, disabledReason: null });
    await addEvent(api, vmId, 3);
    await receiver.until(() => desk.came().length === before + 2);
    expect(
      desk
        .came()
        .slice(before)
        .map(({ body }) => body.data.sequence),
    ).toEqual([1, 3]);
  });

  it('forgets what was settled long ago, and what was given up later', async () => {
    const { id } = await desk.hook();
    const [old, given] = [await addEvent(api, randomUUID(), 1), await addEvent(api, randomUUID(), 1)];
    for (const eventId of [old, given]) await desk.settled(id, eventId, 'delivered');
    const { pool } = api.control;
    await pool.query(
      `UPDATE webhook_deliveries SET finished_at = now() - interval '8 days' WHERE webhook_id = $1`,
      [id],
    );
    await pool.query(`UPDATE webhook_deliveries SET status = 'dead' WHERE event_id = $1`, [given]);
    expect(await purgeDeliveries(api.control)).toBe(1);
    expect((await desk.deliveries(id)).map(({ eventId }: { eventId: string }) => eventId)).toEqual([given]);
  });
});
