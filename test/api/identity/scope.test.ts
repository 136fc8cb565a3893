import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { startApi, type TestApi } from '../../support/api.ts';
import { openStream } from '../../support/event-stream.ts';
import { makeImage, makeVm, ProtocolHost, type Run, startVm, vmBody } from '../../support/protocol-host.ts';

const A = { team: 'a' };
const B = { team: 'b' };

describe('a token with a scope', () => {
  let api: TestApi;
  let host: ProtocolHost;
  let imageId: string;
  /** Of team a, which the token reaches, and of team b. */
  let mine: { id: string };
  let theirs: { id: string };
  let token: string;
  const runs = new Map<string, Run>();

  beforeAll(async () => {
    api = await startApi();
    host = await ProtocolHost.enrol(api);
    imageId = await makeImage(api);
    mine = await makeVm(api, imageId, { labels: { ...A, tier: 'web' } });
    theirs = await makeVm(api, imageId, { labels: B });
    for (const { id } of [mine, theirs]) runs.set(id, await startVm(api, host, id));
    token = await api.newToken('operator', A);
  });
  afterAll(async () => {
    await api[Symbol.asyncDispose]();
  });

  const ask = (method: string, path: string, body?: unknown) =>
    api.request(method, path, { token, ...(body === undefined ? {} : { body }) });
  const ids = async (path: string, member: string): Promise<string[]> => {
    const { status, body } = await ask('GET', path);
    expect(status, path).toBe(200);
    return [...new Set<string>(body.items.map((item: Record<string, string>) => item[member]))];
  };

  it('is told of it', async () => {
    expect((await ask('GET', '/v1/whoami')).body).toMatchObject({ role: 'operator', scope: A });
  });

  it('sees its VMs in lists, whatever it filters by, and what belongs to them', async () => {
    expect(await ids('/v1/vms', 'id')).toEqual([mine.id]);
    expect(await ids('/v1/vms?label=tier:web', 'id')).toEqual([mine.id]);
    expect(await ids('/v1/vms?label=team:b', 'id')).toEqual([]);
    expect(await ids(`/v1/vms?hostId=${host.id}`, 'id')).toEqual([mine.id]);
    expect(await ids('/v1/events', 'vmId')).toEqual([mine.id]);
    expect(await ids('/v1/events?order=desc', 'vmId')).toEqual([mine.id]);
    expect(await ids(`/v1/events?vmId=${theirs.id}`, 'vmId')).toEqual([]);
    expect(await ids('/v1/operations', 'vmId')).toEqual([mine.id]);
    expect(await ids('/v1/operations?limit=1', 'vmId')).toEqual([mine.id]);
    expect(await ids(`/v1/operations?vmId=${theirs.id}`, 'vmId')).toEqual([]);
    expect(await ids(`/v1/vms/${mine.id}/snapshots`, 'vmId')).toEqual([]);
  });

  it('finds nothing under the id of another VM, nor of what belongs to it', async () => {
    const [operation] = (await api.request('GET', `/v1/operations?vmId=${theirs.id}`)).body.items;
    const [event] = (await api.request('GET', `/v1/vms/${theirs.id}/events`)).body.items;
    const before = (await api.request('GET', `/v1/vms/${theirs.id}`)).body;
    const answers = [
      await ask('GET', `/v1/vms/${theirs.id}`),
      await ask('GET', `/v1/vms/${theirs.id}/psci`),
      await ask('GET', `/v1/vms/${theirs.id}/events`),
      await ask('GET', `/v1/vms/${theirs.id}/console`),
      await ask('GET', `/v1/vms/${theirs.id}/snapshots`),
      await ask('PATCH', `/v1/vms/${theirs.id}`, { labels: A }),
      await ask('POST', `/v1/vms/${theirs.id}/kill`, {}),
      await ask('POST', `/v1/vms/${theirs.id}/snapshots`, {}),
      await ask('DELETE', `/v1/vms/${theirs.id}`),
      await ask('GET', `/v1/operations/${operation.id}`),
      await ask('POST', `/v1/operations/${operation.id}/cancel`, {}),
      await ask('GET', `/v1/events/${event.id}`),
    ];
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 404));
    // As what does not exist, word for word.
    const nowhere = randomUUID();
    const absent = await ask('GET', `/v1/vms/${nowhere}`);
    expect(answers[0]?.body).toEqual({
      ...absent.body,
      detail: absent.body.detail.replace(nowhere, theirs.id),
      requestId: answers[0]?.body.requestId,
    });
    expect((await api.request('GET', `/v1/vms/${theirs.id}`)).body).toEqual(before);
  });

  it('is refused at the console of another VM', async () => {
    const url = `${api.url.replace('http', 'ws')}/v1/vms/${theirs.id}/console`;
    const socket = new WebSocket(url, 'holdfast.console.v1', {
      headers: { authorization: `Bearer ${token}` },
    });
    const status = await new Promise((done) => {
      socket.on('unexpected-response', (_request, response) => done(response.statusCode));
      socket.on('open', () => done('open'));
    });
    // It ends what never began by an error.
    socket.on('error', () => undefined).terminate();
    expect(status).toBe(404);
  });

  it('makes VMs within its scope only, and lets none out of it', async () => {
    const outside = await ask('POST', '/v1/vms', vmBody(imageId, { labels: B }));
    expect(outside).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
    expect((await ask('POST', '/v1/vms', vmBody(imageId))).status).toBe(403);
    const made = await ask('POST', '/v1/vms', vmBody(imageId, { labels: { ...A, tier: 'db' } }));
    expect(made.status).toBe(201);
    const path = `/v1/vms/${made.body.id}`;
    for (const labels of [B, { team: null }, null]) {
      expect(await ask('PATCH', path, { labels })).toMatchObject({
        status: 403,
        body: { code: 'FORBIDDEN' },
      });
    }
    const kept = await ask('PATCH', path, { labels: { ...A, tier: null } });
    expect(kept).toMatchObject({ status: 200, body: { labels: A } });
  });

  it('follows what became of a VM that it deleted', async () => {
    const { id } = (await ask('POST', '/v1/vms', vmBody(imageId, { labels: A }))).body;
    const deletion = await ask('DELETE', `/v1/vms/${id}`);
    expect(deletion.status).toBe(202);
    expect((await ask('GET', `/v1/vms/${id}`)).status).toBe(404);
    expect(await ask('GET', `/v1/operations/${deletion.body.id}`)).toMatchObject({
      status: 200,
      body: { kind: 'delete', status: 'succeeded' },
    });
    const stranger = await api.newToken('operator', B);
    expect((await api.request('GET', `/v1/operations/${deletion.body.id}`, { token: stranger })).status).toBe(
      404,
    );
  });

  it('makes no VM of a snapshot of another', async () => {
    const snapshotId = randomUUID();
    await api.control.pool.query(`INSERT INTO blob_uploads (id) VALUES ($1)`, [snapshotId]);
    const digest = `sha256:${'a'.repeat(64)}`;
    await api.control.pool.query('INSERT INTO blobs (digest, upload_id, size_bytes) VALUES ($1, $2, 0)', [
      digest,
      snapshotId,
    ]);
    await api.control.db.snapshot.create({
      data: {
        ...{
          id: snapshotId,
          name: null,
          vmId: theirs.id,
          vmName: 'b',
          hostId: host.id,
          imageId,
          cmdline: '',
        },
        ...{ runId: randomUUID(), bootId: randomUUID(), vcpus: 1, memoryMiB: 128, disks: [], nics: [] },
        ...{ vsock: false, firmware: {}, blobDigest: digest, sizeBytes: 0n, pauseMilliseconds: 0 },
        ...{ requestedBy: 'test', savedAt: new Date() },
      },
    });
    const body = { name: 'copied', snapshotId, labels: A };
    const answer = await ask('POST', '/v1/vms', body);
    expect(answer).toMatchObject({ status: 422, body: { code: 'SNAPSHOT_UNKNOWN' } });
  });

  it('streams the events of its VMs, and no longer than the token is good', async () => {
    const created = await api.request('POST', '/v1/tokens', {
      body: { name: 'brief', role: 'viewer', scope: A },
    });
    expect(created).toMatchObject({ status: 201, body: { scope: A } });
    const { items } = (await api.request('GET', '/v1/events?order=desc&limit=1')).body;
    const query = `?after=${items[0].cursor}`;
    await using stream = await openStream(api.url, created.body.token, { query });
    for (const { id } of [theirs, mine]) {
      await api.request('POST', `/v1/vms/${id}/pause`, { body: {} });
      const run = runs.get(id);
      const request = await run?.openRequest();
      await run?.tell(run.record('paused', { intentIds: [request?.intentId ?? ''] }));
    }
    await stream.until(() => stream.events.some(({ kind }) => kind === 'paused'));
    expect(new Set(stream.events.map(({ vmId }) => vmId))).toEqual(new Set([mine.id]));
    expect((await api.request('DELETE', `/v1/tokens/${created.body.id}`)).status).toBe(204);
    await expect(stream.until(() => false)).rejects.toThrow('the stream has ended');
  });
});
