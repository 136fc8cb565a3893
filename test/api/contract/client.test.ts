import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClient, ProblemError, unwrap, waitForOperation } from '../../../src/client/client.ts';
import { operationTopic } from '../../../src/control/events/topics.ts';
import { startApi, type TestApi } from '../../support/api.ts';
import { addHost } from '../../support/hosts.ts';

describe('the client', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(async () => {
    await api[Symbol.asyncDispose]();
  });
  const client = () => createClient({ baseUrl: api.url, token: api.adminToken });

  it('calls the API with its token', async () => {
    const { host } = await addHost(api.control, { labels: { zone: 'a' } });
    const { items } = unwrap(await client().GET('/v1/hosts', { params: { query: { label: ['zone:a'] } } }));
    expect(items.map(({ id }) => id)).toEqual([host.id]);
    const patched = unwrap(
      await client().PATCH('/v1/hosts/{hostId}', {
        params: { path: { hostId: host.id } },
        body: { labels: { zone: null } },
      }),
    );
    expect(patched.labels).toEqual({});
  });

  it('throws problems', async () => {
    const answer = await client().GET('/v1/images/{imageId}', { params: { path: { imageId: uuidv7() } } });
    expect(() => unwrap(answer)).toThrow(ProblemError);
    expect(() => unwrap(answer)).toThrow(/IMAGE_NOT_FOUND: There is no image/);
  });

  it('passes a deletion, which has no body', async () => {
    const { id } = unwrap(await client().POST('/v1/tokens', { body: { name: 'x', role: 'viewer' } }));
    unwrap(await client().DELETE('/v1/tokens/{tokenId}', { params: { path: { tokenId: id } } }));
  });

  it('waits for an operation until it ends', async () => {
    const id = uuidv7();
    await api.control.db.operation.create({ data: { id, kind: 'start', requestedBy: 'test' } });
    const waiting = waitForOperation(client(), id);
    const early = await Promise.race([waiting, new Promise((done) => setTimeout(done, 300, 'waiting'))]);
    expect(early).toBe('waiting');
    await api.control.db.operation.update({
      where: { id },
      data: { status: 'succeeded', finishedAt: new Date() },
    });
    api.control.wake.notify(operationTopic(id));
    expect(await waiting).toMatchObject({ id, status: 'succeeded' });
  });

  it('stops to wait when it is told to', async () => {
    const id = uuidv7();
    await api.control.db.operation.create({ data: { id, kind: 'start', requestedBy: 'test' } });
    await expect(waitForOperation(client(), id, AbortSignal.timeout(200))).rejects.toThrow(/time/i);
  });
});
