import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHUNK_BYTES, readBlob, storeBlob, sweepUploads } from '../../../src/control/images/blobs.ts';
import { startApi, type TestApi } from '../../support/api.ts';
import { digestOf } from '../../support/kernels.ts';
import { countRows } from '../../support/rows.ts';

describe('blobs', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(async () => {
    await api[Symbol.asyncDispose]();
  });

  async function stored(digest: string, offset?: number, end?: number): Promise<Buffer> {
    const pieces: Buffer[] = [];
    for await (const piece of readBlob(api.control, digest, offset, end)) pieces.push(piece);
    return Buffer.concat(pieces);
  }

  const put = (digest: string, body: Uint8Array, headers = {}) =>
    api.request('PUT', `/v1/blobs/${digest}`, { body, headers });

  it.each([0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 3 * CHUNK_BYTES + 12345])(
    'stores %i bytes and gives them back',
    async (length) => {
      const bytes = randomBytes(length);
      const digest = digestOf(bytes);
      const answer = await put(digest, bytes);
      expect(answer).toMatchObject({ status: 201, body: { digest, sizeBytes: length } });
      expect(answer.headers.get('location')).toBe(`/v1/blobs/${digest}`);
      expect((await stored(digest)).equals(bytes)).toBe(true);
      const head = await api.request('HEAD', `/v1/blobs/${digest}`);
      expect(head.status).toBe(200);
      expect(head.headers.get('content-length')).toBe(String(length));
      expect(head.headers.get('content-type')).toBe('application/octet-stream');
    },
  );

  it('reads any range of a blob', async () => {
    const bytes = randomBytes(2 * CHUNK_BYTES + 100);
    const digest = digestOf(bytes);
    await put(digest, bytes);
    for (const [from, to] of [
      [0, 1],
      [CHUNK_BYTES - 1, CHUNK_BYTES + 1],
      [CHUNK_BYTES, 2 * CHUNK_BYTES],
      [17, 2 * CHUNK_BYTES + 99],
      [2 * CHUNK_BYTES + 99, undefined],
      [2 * CHUNK_BYTES + 100, undefined],
    ] as const) {
      expect((await stored(digest, from, to)).equals(bytes.subarray(from, to)), `${from}-${to}`).toBe(true);
    }
  });

  it('stores the same bytes once, however often they come and under whatever type', async () => {
    const bytes = randomBytes(100_000);
    const digest = digestOf(bytes);
    expect((await put(digest, bytes)).status).toBe(201);
    const before = await countRows(api.control);
    for (const type of ['application/json', 'text/plain', 'application/x-linux-kernel']) {
      expect((await put(digest, bytes, { 'content-type': type })).status).toBe(200);
    }
    expect(await countRows(api.control)).toEqual(before);
  });

  it('stores once what comes several times at once', async () => {
    const bytes = randomBytes(2_500_000);
    const digest = digestOf(bytes);
    const before = await countRows(api.control);
    const answers = await Promise.all(Array.from({ length: 5 }, () => put(digest, bytes)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(4);
    expect(await countRows(api.control)).toEqual({
      ...before,
      blobs: (before.blobs ?? 0) + 1,
      blob_uploads: (before.blob_uploads ?? 0) + 1,
      blob_chunks: (before.blob_chunks ?? 0) + 3,
    });
  });

  it('refuses bytes with another digest, also under one that exists, and stores nothing', async () => {
    const bytes = randomBytes(2_000_000);
    const existing = randomBytes(10);
    await put(digestOf(existing), existing);
    const before = await countRows(api.control);
    for (const digest of [`sha256:${'0'.repeat(64)}`, digestOf(existing)]) {
      const answer = await put(digest, bytes);
      expect(answer).toMatchObject({ status: 400, body: { code: 'DIGEST_MISMATCH' } });
      expect(answer.body.detail).toContain(digestOf(bytes));
    }
    expect(await countRows(api.control)).toEqual(before);
    expect((await api.request('HEAD', `/v1/blobs/sha256:${'0'.repeat(64)}`)).status).toBe(404);
  });

  it.each([
    'sha256:',
    `sha256:${'A'.repeat(64)}`,
    `sha256:${'0'.repeat(63)}`,
    `md5:${'0'.repeat(64)}`,
    '0'.repeat(64),
  ])('refuses the digest %s', async (digest) => {
    expect(await put(digest, randomBytes(8))).toMatchObject({
      status: 400,
      body: { code: 'VALIDATION_FAILED' },
    });
  });

  /** Sends the head of an upload of `length` bytes and only `part` of them; resolves to the whole answer. */
  function sendPart(
    digest: string,
    length: number,
    part: Buffer,
    leave: 'politely' | 'abruptly',
  ): Promise<string> {
    const { port, hostname } = new URL(api.url);
    return new Promise((done) => {
      let answer = '';
      const socket = connect(Number(port), hostname, () => {
        // The connection has carried an answer already, as those of a pool have.
        socket.write('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n');
        socket.write(
          `PUT /v1/blobs/${digest} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${api.adminToken}\r\n` +
            `Content-Length: ${length}\r\n\r\n`,
        );
        socket.write(part, () => (leave === 'politely' ? socket.end() : socket.resetAndDestroy()));
      });
      socket.setEncoding('utf8').on('data', (text: string) => {
        answer += text;
      });
      socket.on('error', () => undefined);
      socket.on('close', () => done(answer));
    });
  }

  it('refuses a body that ends early and stores nothing', async () => {
    const bytes = randomBytes(3_000_000);
    const digest = digestOf(bytes);
    const before = await countRows(api.control);
    const answer = await sendPart(digest, bytes.length, bytes.subarray(0, 2_000_000), 'politely');
    expect(answer).toMatch(/^HTTP\/1\.1 200 [\s\S]*\}HTTP\/1\.1 400 /);
    expect(answer).toContain('"code":"BODY_TRUNCATED"');
    await sendPart(digest, bytes.length, bytes.subarray(0, 2_000_000), 'abruptly');
    await expect.poll(() => countRows(api.control)).toEqual(before);
    expect((await api.request('HEAD', `/v1/blobs/${digest}`)).status).toBe(404);
    expect((await put(digest, bytes)).status).toBe(201);
  });

  it('holds back no reader of events while an upload rests', async () => {
    let release = (): void => undefined;
    const resting = new Promise<void>((done) => {
      release = done;
    });
    const bytes = randomBytes(2 * CHUNK_BYTES);
    async function* slow(): AsyncGenerator<Buffer> {
      yield bytes;
      await resting;
    }
    const upload = storeBlob(api.control, digestOf(bytes), slow());
    await expect
      .poll(async () => (await api.control.pool.query('SELECT FROM blob_chunks')).rowCount)
      .toBeGreaterThan(0);
    const { rows } = await api.control.pool.query(
      "SELECT FROM pg_stat_activity WHERE backend_xid IS NOT NULL AND state LIKE 'idle%'",
    );
    expect(rows).toEqual([]);
    release();
    expect(await upload).toMatchObject({ created: true });
  });

  it('sweeps what a process that died had uploaded, and nothing else', async () => {
    const bytes = randomBytes(10);
    await put(digestOf(bytes), bytes);
    const complete = await countRows(api.control);
    await api.control.pool.query(
      "INSERT INTO blob_uploads (id, touched_at) VALUES (gen_random_uuid(), now() - interval '2 hours'), (gen_random_uuid(), now())",
    );
    await api.control.pool.query(
      "UPDATE blob_uploads u SET touched_at = now() - interval '2 hours' FROM blobs b WHERE b.upload_id = u.id",
    );
    await api.control.pool.query(
      "INSERT INTO blob_chunks SELECT id, 0, 'x' FROM blob_uploads u WHERE NOT EXISTS (SELECT FROM blobs b WHERE b.upload_id = u.id)",
    );
    expect(await sweepUploads(api.control)).toBe(1);
    expect(await countRows(api.control)).toEqual({
      ...complete,
      // The fresh one may still be going on.
      blob_uploads: (complete.blob_uploads ?? 0) + 1,
      blob_chunks: (complete.blob_chunks ?? 0) + 1,
    });
    expect((await stored(digestOf(bytes))).equals(bytes)).toBe(true);
  });
});
