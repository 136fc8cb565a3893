import {
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { trimBlobs } from '../../../src/agent/blob-cache.ts';
import { Blobs } from '../../../src/agent/blobs.ts';
import { ApiClient } from '../../../src/agent/client.ts';
import { Store } from '../../../src/agent/store.ts';
import { PeerApi } from '../../peer/api.ts';
import { temporaryDirectory } from '../../temporary.ts';

const CONTENT = Buffer.from('0123456789'.repeat(100_000));

async function setUp() {
  const state = temporaryDirectory();
  const api = await PeerApi.start();
  const store = new Store(state.path);
  store.open();
  const blobs = new Blobs(store, new ApiClient(api.url, 'credential'), new AbortController().signal);
  const digest = api.addBlob(CONTENT);
  const part = `${store.blobPath(digest)}.part`;
  const close = async () => {
    await api[Symbol.asyncDispose]();
    state[Symbol.dispose]();
  };
  return { api, store, blobs, digest, part, [Symbol.asyncDispose]: close };
}

describe('a blob', () => {
  it('is fetched once, for however many ask, and is there afterwards', async () => {
    await using peer = await setUp();
    const { api, blobs, digest } = peer;
    const paths = await Promise.all([blobs.ensure(digest), blobs.ensure(digest), blobs.ensure(digest)]);
    expect(readFileSync(paths[0] ?? '')).toEqual(CONTENT);
    expect(await blobs.ensure(digest)).toBe(paths[1]);
    expect(api.blobBytesSent).toBe(CONTENT.length);
  });

  it('goes on where a broken download ended', async () => {
    await using peer = await setUp();
    const { api, blobs, digest, part } = peer;
    writeFileSync(part, CONTENT.subarray(0, 700_000));
    expect(readFileSync(await blobs.ensure(digest))).toEqual(CONTENT);
    expect(api.blobBytesSent).toBe(CONTENT.length - 700_000);
    expect(existsSync(part)).toBe(false);
  });

  it('that the disk has no room for leaves nothing on it', async () => {
    await using peer = await setUp();
    const { blobs, digest, part } = peer;
    symlinkSync('/dev/full', part);
    await expect(blobs.ensure(digest)).rejects.toMatchObject({ code: 'DISK_FULL' });
    expect(lstatSync(part, { throwIfNoEntry: false })).toBeUndefined();
    expect(readFileSync(await blobs.ensure(digest))).toEqual(CONTENT);
  });

  it('that had arrived whole when the agent died is taken without a byte more', async () => {
    await using peer = await setUp();
    const { api, blobs, digest, part } = peer;
    writeFileSync(part, CONTENT);
    expect(readFileSync(await blobs.ensure(digest))).toEqual(CONTENT);
    expect(api.blobBytesSent).toBe(0);
  });

  it.each([
    ['with wrong bytes', Buffer.from('x'.repeat(700_000))],
    ['longer than the blob', Buffer.concat([CONTENT, CONTENT])],
  ])('is fetched anew after a part %s', async (_, wrong) => {
    await using peer = await setUp();
    const { blobs, digest, part } = peer;
    writeFileSync(part, wrong);
    expect(readFileSync(await blobs.ensure(digest))).toEqual(CONTENT);
  });

  it.each([
    ['cut short', CONTENT.subarray(0, 1000)],
    ['changed', Buffer.from(CONTENT).fill('x', 5, 6)],
    ['gone', null],
  ])('that is %s in the cache is fetched again', async (_, bytes) => {
    await using peer = await setUp();
    const { api, store, blobs, digest } = peer;
    const path = await blobs.ensure(digest);
    if (bytes === null) rmSync(path);
    else writeFileSync(path, bytes);
    expect(readFileSync(await blobs.ensure(digest))).toEqual(CONTENT);
    // Also by an agent that comes later and has fetched nothing yet.
    if (bytes === null) rmSync(path);
    else writeFileSync(path, bytes);
    const later = new Blobs(store, new ApiClient(api.url, 'credential'), new AbortController().signal);
    expect(readFileSync(await later.ensure(digest))).toEqual(CONTENT);
    const sent = api.blobBytesSent;
    await later.ensure(digest);
    expect(api.blobBytesSent).toBe(sent);
  });

  it('with other bytes than its digest says is refused, and nothing of it stays', async () => {
    await using peer = await setUp();
    const { api, store, blobs, digest } = peer;
    api.blobs.set(digest, Buffer.from('evil'));
    await expect(blobs.ensure(digest)).rejects.toMatchObject({ code: 'IMAGE_CORRUPT' });
    expect(readdirSync(store.blobsDir)).toEqual([]);
  });

  it('that the API does not have is an error of the start; an API that is away is not', async () => {
    await using peer = await setUp();
    const { api, blobs, digest } = peer;
    await expect(blobs.ensure(`sha256:${'0'.repeat(64)}`)).rejects.toMatchObject({ code: 'BLOB_NOT_FOUND' });
    api.fail(/blobs/, 503);
    await expect(blobs.ensure(digest)).rejects.toMatchObject({ status: 503, passing: true });
    expect(readFileSync(await blobs.ensure(digest))).toEqual(CONTENT);
  });
});

describe('the cache', () => {
  it('forgets what no run names and nobody has used for a week', async () => {
    await using peer = await setUp();
    const { api, store, blobs, digest } = peer;
    const named = await blobs.ensure(digest);
    const [old, young] = [
      await blobs.ensure(api.addBlob(Buffer.from('old'))),
      api.addBlob(Buffer.from('young')),
    ];
    await blobs.ensure(young);
    const longAgo = Date.now() / 1000 - 8 * 24 * 3600;
    for (const path of [named, old]) utimesSync(path, longAgo, longAgo);
    const run = { file: { kernelPath: named, initramfsPath: null, restorePath: null } };
    expect(trimBlobs(store, [run])).toEqual([old.slice(store.blobsDir.length + 1)]);
    expect(readdirSync(store.blobsDir)).toHaveLength(2);
    // What a run named counts as used just now.
    expect(trimBlobs(store, [])).toEqual([]);
    expect(readdirSync(join(store.root, 'vms'))).toEqual([]);
  });
});
