import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HIDDEN_SQL } from '../../../src/control/events/event-cursor.ts';
import { EVENTS_TOPIC } from '../../../src/control/events/topics.ts';
import { KICK_SQL } from '../../../src/control/webhooks/webhook-dispatch.ts';
import { startApi, type TestApi } from '../../support/api.ts';
import { openStream } from '../../support/event-stream.ts';
import { makeImage, makeVm, ProtocolHost, startVm } from '../../support/protocol-host.ts';
import { secondReplica } from '../../support/replica.ts';

/** An event written past the API, so that the test decides when its transaction ends. */
const INSERT = `INSERT INTO events (id, vm_id, host_id, run_id, boot_id, sequence, kind, initiator, observed_at)
  VALUES ($1, $2, $3, $3, $3, $4, $5, $6, now())`;

const SCAN_OF_EVENTS = /"Node Type":"Seq Scan"[^{}]*"Relation Name":"events"/;

describe('the event log', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(async () => {
    await api[Symbol.asyncDispose]();
  });

  const row = (vmId: string, sequence: number, kind = 'paused', initiator = 'operator') => [
    uuidv7(),
    vmId,
    vmId,
    sequence,
    kind,
    initiator,
  ];
  const insert = async (...values: Parameters<typeof row>) => {
    await api.control.pool.query(INSERT, row(...values));
    api.control.wake.notify(EVENTS_TOPIC);
  };
  const end = async () => {
    const { body } = await api.request('GET', '/v1/events?order=desc&limit=1');
    return body.items[0]?.cursor ?? '0-0';
  };

  it('has the shape of the contract', async () => {
    const host = await ProtocolHost.enrol(api);
    const vm = await makeVm(api, await makeImage(api));
    const run = await startVm(api, host, vm.id);
    await run.tell(run.poweroff());
    const { body } = await api.request('GET', `/v1/events?vmId=${vm.id}`);
    expect(body.nextPageToken).toBeNull();
    expect(body.items[1]).toEqual({
      id: expect.any(String),
      cursor: expect.stringMatching(/^\d+-\d+$/),
      vmId: vm.id,
      hostId: host.id,
      runId: run.spec.runId,
      bootId: run.bootId,
      sequence: 2,
      kind: 'poweroff',
      initiator: 'guest',
      intentId: null,
      psci: { version: '1.1', function: 'SYSTEM_OFF', type: null, cookie: null },
      hibernation: 'no',
      kvm: { type: 1, data: ['0x0'] },
      reason: null,
      pin: null,
      migration: null,
      snapshot: null,
      observedAt: expect.any(String),
      recordedAt: expect.any(String),
    });
  });

  it('is filtered by kind, initiator, VM and host, and paged in both directions', async () => {
    const [a, b] = [randomUUID(), randomUUID()];
    const after = await end();
    const kinds = [
      [a, 1, 'paused', 'operator'],
      [a, 2, 'crash', 'guest'],
      [b, 1, 'paused', 'guest'],
      [b, 2, 'crash', 'operator'],
    ] as const;
    for (const [vmId, sequence, kind, initiator] of kinds) {
      await insert(vmId, sequence, kind, initiator);
    }
    const list = async (query: string) =>
      (await api.request('GET', `/v1/events?after=${after}&${query}`)).body.items.map(
        (event: { vmId: string; sequence: number }) => `${event.vmId === a ? 'a' : 'b'}${event.sequence}`,
      );
    expect(await list('')).toEqual(['a1', 'a2', 'b1', 'b2']);
    expect(await list('kind=crash')).toEqual(['a2', 'b2']);
    expect(await list('initiator=guest')).toEqual(['a2', 'b1']);
    expect(await list(`vmId=${b}`)).toEqual(['b1', 'b2']);
    expect(await list(`hostId=${a}&kind=paused`)).toEqual(['a1']);

    const first = await api.request('GET', `/v1/events?after=${after}&limit=3`);
    const second = await api.request('GET', `/v1/events?limit=3&pageToken=${first.body.nextPageToken}`);
    expect([first.body.items.length, second.body.items.length, second.body.nextPageToken]).toEqual([
      3,
      1,
      null,
    ]);
    const back = await api.request('GET', `/v1/events?order=desc&limit=3`);
    const further = await api.request(
      'GET',
      `/v1/events?order=desc&limit=1&pageToken=${back.body.nextPageToken}`,
    );
    expect([...back.body.items, ...further.body.items].map(({ sequence }) => sequence)).toEqual([2, 1, 2, 1]);
  });

  it('is read between two moments, and one by one', async () => {
    const vmId = randomUUID();
    for (const [sequence, at] of ['2026-01-01T00:00:00Z', '2026-01-01T01:00:00Z'].entries()) {
      await insert(vmId, sequence + 1);
      await api.control.pool.query('UPDATE events SET observed_at = $1 WHERE vm_id = $2 AND sequence = $3', [
        at,
        vmId,
        sequence + 1,
      ]);
    }
    const list = async (query: string) =>
      (await api.request('GET', `/v1/events?vmId=${vmId}&${query}`)).body.items.map(
        ({ sequence }: { sequence: number }) => sequence,
      );
    for (const order of ['asc', 'desc']) {
      expect(await list(`order=${order}&since=2026-01-01T00:30:00Z`)).toEqual([2]);
      expect(await list(`order=${order}&until=2026-01-01T01:00:00Z`)).toEqual([1]);
      expect(
        await list(`order=${order}&since=2026-01-01T02:00:00%2B02:00&until=2026-01-01T00:01:00Z`),
      ).toEqual([1]);
      // RFC 3339 has leap seconds, JavaScript has not.
      for (const none of ['yesterday', '2016-12-31T23:59:60Z']) {
        expect(await api.request('GET', `/v1/events?order=${order}&since=${none}`)).toMatchObject({
          status: 400,
          body: { code: 'VALIDATION_FAILED' },
        });
      }
    }
    const [event] = (await api.request('GET', `/v1/events?vmId=${vmId}`)).body.items;
    const one = await api.request('GET', `/v1/events/${event.id}`);
    expect(one).toMatchObject({ status: 200, body: event });
    expect(one.headers.get('etag')).toBe('"1"');
    expect(await api.request('GET', `/v1/events/${randomUUID()}`)).toMatchObject({
      status: 404,
      body: { code: 'EVENT_NOT_FOUND' },
    });
  });

  it('refuses cursors that are none', async () => {
    for (const query of [
      'after=x',
      'after=1',
      'after=1-2-3',
      'pageToken=x',
      'after=99999999999999999999-1',
    ]) {
      expect((await api.request('GET', `/v1/events?${query}`)).status).toBe(400);
      expect((await api.request('GET', `/v1/events/stream?${query}`)).status).toBe(400);
    }
    const answer = await api.request('GET', '/v1/events/stream', {
      headers: { 'last-event-id': 'nonsense' },
    });
    expect(answer).toMatchObject({ status: 400, body: { code: 'INVALID_PAGE_TOKEN' } });
  });

  it('never shows an event before one that may still come in front of it', async () => {
    const vmId = randomUUID();
    const after = await end();
    const seen = async () =>
      (await api.request('GET', `/v1/events?after=${after}`)).body.items.map(
        ({ sequence }: { sequence: number }) => sequence,
      );
    await using stream = await openStream(api.url, api.adminToken, { query: `?after=${after}` });
    const slow = await api.control.pool.connect();
    try {
      await slow.query('BEGIN');
      await slow.query(INSERT, row(vmId, 1));
      await insert(vmId, 2);
      expect(await seen()).toEqual([]);
      await slow.query('COMMIT');
    } finally {
      slow.release();
    }
    expect(await seen()).toEqual([1, 2]);
    await stream.until(() => stream.events.length === 2);
    expect(stream.events.map(({ sequence }) => sequence)).toEqual([1, 2]);
  });

  it('is looked at through its indexes, also while Postgres has no statistics of it', async () => {
    const client = await api.control.pool.connect();
    const plan = async (text: string) => {
      const { rows } = await client.query(`EXPLAIN (FORMAT JSON) ${text}`);
      return JSON.stringify(rows);
    };
    const questions = [KICK_SQL, `SELECT ${HIDDEN_SQL}`];
    try {
      await client.query('BEGIN');
      // Within a transaction that nobody sees, and in which autovacuum cannot look at them.
      await client.query(
        `INSERT INTO events (id, vm_id, host_id, run_id, boot_id, sequence, kind, initiator, observed_at)
         SELECT gen_random_uuid(), $1, $1, $1, $1, n, 'paused', 'guest', now() FROM generate_series(1, 20000) n`,
        [randomUUID()],
      );
      expect(await plan('SELECT FROM events')).toMatch(SCAN_OF_EVENTS);
      for (const question of questions) expect(await plan(question)).not.toMatch(SCAN_OF_EVENTS);
      await client.query('ANALYZE events');
      for (const question of questions) expect(await plan(question)).not.toMatch(SCAN_OF_EVENTS);
    } finally {
      await client.query('ROLLBACK');
      client.release();
    }
  });

  it('streams from now on, resumes where it was left, and says where that is', async () => {
    const vmId = randomUUID();
    await insert(vmId, 1);
    let resumeFrom: string;
    {
      await using stream = await openStream(api.url, api.adminToken);
      await stream.until(() => stream.lastEventId !== null);
      expect(stream.events).toEqual([]);
      resumeFrom = stream.lastEventId ?? '';
    }
    await insert(vmId, 2);
    await api.restart();
    await insert(vmId, 3, 'crash');
    {
      await using stream = await openStream(api.url, api.adminToken, { lastEventId: resumeFrom });
      await stream.until(() => stream.events.length === 2);
      expect(stream.events.map(({ sequence, cursor }) => [sequence, cursor])).toEqual([
        [2, expect.any(String)],
        [3, stream.lastEventId],
      ]);
    }
    await using filtered = await openStream(api.url, api.adminToken, {
      query: '?kind=crash',
      lastEventId: resumeFrom,
    });
    await filtered.until(() => filtered.events.length === 1);
    expect(filtered.events[0].sequence).toBe(3);
  });

  it('gives a reader that begins far back all of it, while others follow the end', async () => {
    const vmId = randomUUID();
    const after = await end();
    await insert(vmId, 1);
    await using follower = await openStream(api.url, api.adminToken);
    await follower.until(() => follower.lastEventId !== null);
    // More than the window that streams are served from.
    await api.control.pool.query(
      `INSERT INTO events (id, vm_id, host_id, run_id, boot_id, sequence, kind, initiator, observed_at)
       SELECT gen_random_uuid(), $1, $1, $1, $1, n, 'paused', 'guest', now() FROM generate_series(2, 3000) n`,
      [vmId],
    );
    api.control.wake.notify(EVENTS_TOPIC);
    await follower.until(() => follower.events.length === 2_999);
    await using late = await openStream(api.url, api.adminToken, { lastEventId: after });
    await late.until(() => late.events.length === 3_000);
    await insert(vmId, 3_001);
    for (const [reader, first] of [
      [follower, 2],
      [late, 1],
    ] as const) {
      await reader.until(() => reader.events.at(-1).sequence === 3_001);
      expect(reader.events.map(({ sequence }) => sequence)).toEqual(
        Array.from({ length: 3_002 - first }, (_, n) => n + first),
      );
    }
  });

  it('loses and repeats nothing under many writers, to readers of every kind, through two replicas', async () => {
    const writers = 12;
    const perWriter = 60;
    const after = await end();
    await using second = await secondReplica(api);
    const vmIds = Array.from({ length: writers }, () => randomUUID());
    const pool = new pg.Pool({ connectionString: api.postgres.url, max: writers });
    const stored = async (): Promise<string[]> => {
      const { rows } = await pool.query<{ id: string }>(
        'SELECT id FROM events WHERE vm_id = ANY($1) ORDER BY txid, position',
        [vmIds],
      );
      return rows.map(({ id }) => id);
    };
    let truth: string[] | null = null;
    /** Whether a reader that has seen so many may stop: nothing more comes. */
    const complete = (seen: number): boolean => truth !== null && seen >= truth.length;

    const write = async (vmId: string, index: number): Promise<void> => {
      for (let sequence = 1; sequence <= perWriter; ) {
        const client = await pool.connect();
        try {
          await client.query('BEGIN');
          for (let n = (index + sequence) % 5; n >= 0 && sequence <= perWriter; n -= 1, sequence += 1) {
            await client.query(INSERT, row(vmId, sequence));
            // Some transactions take long on purpose, so that many later ones end before them.
            if ((index + sequence) % 7 === 0) await sleep(40);
          }
          // And some come to nothing, so that positions have holes.
          await client.query((index * 31 + sequence) % 13 === 0 ? 'ROLLBACK' : 'COMMIT');
        } finally {
          client.release();
        }
        api.control.wake.notify(EVENTS_TOPIC);
      }
    };
    const page = async (url: string): Promise<string[]> => {
      const ids: string[] = [];
      for (let cursor = after; !complete(ids.length); await sleep(5)) {
        const response = await fetch(new URL(`/v1/events?limit=7&after=${cursor}`, url), {
          headers: { authorization: `Bearer ${api.adminToken}` },
        });
        const { items } = (await response.json()) as { items: { id: string; cursor: string }[] };
        ids.push(...items.map(({ id }) => id));
        cursor = items.at(-1)?.cursor ?? cursor;
      }
      return ids;
    };
    /** Hangs up after each so many events and comes back with the last id. */
    const stream = async (url: string, hangUpAfter: number): Promise<string[]> => {
      const ids: string[] = [];
      for (let lastEventId = after; !complete(ids.length); ) {
        await using reader = await openStream(url, api.adminToken, { lastEventId });
        const enough = () =>
          reader.events.length >= hangUpAfter || complete(ids.length + reader.events.length);
        while (!enough()) await sleep(5);
        ids.push(...reader.events.map(({ id }) => id));
        lastEventId = reader.lastEventId ?? lastEventId;
      }
      return ids;
    };

    const readers = [
      page(api.url),
      page(second.url),
      stream(api.url, 3),
      stream(second.url, 17),
      stream(api.url, Infinity),
      stream(second.url, Infinity),
    ];
    await Promise.all(vmIds.map(write));
    truth = await stored();
    await pool.end();
    expect(truth.length).toBeGreaterThan((writers * perWriter) / 2);
    for (const ids of await Promise.all(readers)) expect(ids).toEqual(truth);
  });
});
