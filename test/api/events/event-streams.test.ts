/** Streams with many readers. What one reader is told is in events.test.ts. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { until } from '../../peer/runs.ts';
import { startApi, type TestApi } from '../../support/api.ts';
import { addEvent } from '../../support/event-rows.ts';
import { openStream } from '../../support/event-stream.ts';
import { makeImage, makeVm } from '../../support/protocol-host.ts';
import { secondReplica } from '../../support/replica.ts';
import { ResumingReader } from '../../support/resuming-reader.ts';

const READERS = 300;
const EVENTS = 40;

describe('event streams', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(async () => {
    await api[Symbol.asyncDispose]();
  });

  const end = async (): Promise<string> =>
    (await api.request('GET', '/v1/events?order=desc&limit=1')).body.items[0]?.cursor ?? '0-0';
  /** Every query of the event log while `work` runs. */
  async function queriesOf(work: () => Promise<void>): Promise<number> {
    const query = vi.spyOn(api.control.pool, 'query');
    try {
      await work();
      return query.mock.calls.filter(([text]) => /\bevents\b|pg_snapshot_xmin/.test(JSON.stringify(text)))
        .length;
    } finally {
      query.mockRestore();
    }
  }

  it('cost one query for hundreds of readers, also when all come back at the same time', async () => {
    const lastEventId = await end();
    const vmId = randomUUID();
    const readers = Array.from(
      { length: READERS },
      () => new ResumingReader({ url: api.url, token: api.adminToken, lastEventId }),
    );
    const ids: string[] = [];
    const allHave = (count: number) =>
      until(`all have ${count}`, () => readers.every((reader) => reader.ids.length >= count), 120_000);
    ids.push(await addEvent(api, vmId, 1));
    await allHave(1);
    const following = await queriesOf(async () => {
      for (let sequence = 2; sequence <= EVENTS; sequence += 1) ids.push(await addEvent(api, vmId, sequence));
      await allHave(EVENTS);
    });
    // The inserts are counted too. One look for each wake-up, and a few for what transactions hide.
    expect(following).toBeLessThan(EVENTS * 6);

    await api.stop();
    await until('all were cut off', () => readers.every((reader) => reader.interruptions > 0));
    await api.start();
    const returning = await queriesOf(async () => {
      ids.push(await addEvent(api, vmId, EVENTS + 1));
      await allHave(EVENTS + 1);
    });
    expect(returning).toBeLessThan(READERS / 2);
    await Promise.all(readers.map((reader) => reader.endAt(EVENTS + 1)));
    for (const reader of readers) expect(reader.ids).toEqual(ids);
  });

  it('give each reader of two replicas everything once while one is restarted again and again', async () => {
    await using second = await secondReplica(api);
    const lastEventId = await end();
    const readers = Array.from(
      { length: 40 },
      (_, n) =>
        new ResumingReader({ url: n % 2 === 0 ? api.url : second.url, token: api.adminToken, lastEventId }),
    );
    const ids: string[] = [];
    const vmId = randomUUID();
    let writing = true;
    const write = async (): Promise<void> => {
      for (let sequence = 1; writing; sequence += 1)
        ids.push(await addEvent(api, vmId, sequence).catch(() => ''));
    };
    const writer = write();
    for (let round = 0; round < 2; round += 1) {
      await second.restart();
      await until('some came since', () =>
        readers.some((reader, n) => n % 2 === 1 && reader.interruptions > round),
      );
    }
    writing = false;
    await writer;
    await Promise.all(readers.map((reader) => reader.endAt(ids.length)));
    for (const reader of readers) expect(reader.ids).toEqual(ids);
  });

  it('follow one VM to its last event, and only one that is or was there', async () => {
    const vm = await makeVm(api, await makeImage(api));
    const path = `/v1/vms/${vm.id}/events/stream`;
    await using stream = await openStream(api.url, api.adminToken, { path });
    await stream.until(() => stream.lastEventId !== null);
    await addEvent(api, randomUUID(), 1);
    await addEvent(api, vm.id, 1, 'crash');
    await stream.until(() => stream.events.length === 1);
    expect(stream.events[0]).toMatchObject({ vmId: vm.id, kind: 'crash' });
    const cursor = stream.lastEventId ?? '';
    // It is gone when its reader comes back for the rest.
    await addEvent(api, vm.id, 2, 'killed');
    await api.control.pool.query('DELETE FROM vms WHERE id = $1', [vm.id]);
    await using again = await openStream(api.url, api.adminToken, { path, lastEventId: cursor });
    await again.until(() => again.events.length === 1);
    expect(again.events[0].kind).toBe('killed');
    expect(await api.request('GET', `/v1/vms/${randomUUID()}/events/stream`)).toMatchObject({
      status: 404,
      body: { code: 'VM_NOT_FOUND' },
    });
  });
});
