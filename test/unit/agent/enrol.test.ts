import { createHash } from 'node:crypto';
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { enrol } from '../../../src/agent/enrol.ts';
import { Store } from '../../../src/agent/store.ts';
import { PeerApi } from '../../peer/api.ts';
import { FACTS } from '../../peer/facts.ts';
import { temporaryDirectory } from '../../temporary.ts';

const log = pino({ level: 'silent' });
const signal = new AbortController().signal;

async function setUp() {
  const state = temporaryDirectory();
  const api = await PeerApi.start();
  const store = new Store(state.path);
  store.open();
  const enrolmentTokenFile = join(state.path, 'token');
  writeFileSync(enrolmentTokenFile, 'hfe_0123456789abcdef\n');
  const options = { api: api.url, name: 'host-1', labels: { zone: 'b' }, enrolmentTokenFile, facts: FACTS };
  const close = async () => {
    await api[Symbol.asyncDispose]();
    state[Symbol.dispose]();
  };
  return { api, store, options, [Symbol.asyncDispose]: close };
}

describe('enrolling', () => {
  it('stores a credential before it asks, sends its hash, and asks no second time', async () => {
    await using peer = await setUp();
    const { api, store, options } = peer;
    const first = await enrol(store, options, log, signal);
    const stored = JSON.parse(readFileSync(store.agentFile, 'utf8'));
    expect(stored).toEqual(first);
    expect(statSync(store.agentFile).mode & 0o777).toBe(0o600);
    expect(api.enrolments).toMatchObject([
      {
        enrolmentToken: 'hfe_0123456789abcdef',
        name: 'host-1',
        labels: { zone: 'b' },
        credentialHash: createHash('sha256').update(stored.credential).digest('hex'),
      },
    ]);
    rmSync(options.enrolmentTokenFile);
    expect(await enrol(store, options, log, signal)).toEqual(first);
    expect(api.enrolments).toHaveLength(1);
  });

  it('asks with the same credential until it is answered', async () => {
    await using peer = await setUp();
    const { api, store, options } = peer;
    api.fail(/enrol/, null, 2);
    api.fail(/enrol/, 503, 1);
    const membership = await enrol(store, options, log, signal);
    expect(membership?.hostId).toBeDefined();
    expect(api.enrolments.length).toBeGreaterThanOrEqual(3);
    expect(new Set(api.enrolments.map(({ credentialHash }) => credentialHash)).size).toBe(1);
  });

  it('keeps its credential when it is ended before the answer', async () => {
    await using peer = await setUp();
    const { api, store, options } = peer;
    api.fail(/enrol/, 503, 1);
    const stop = new AbortController();
    const ended = enrol(store, options, log, stop.signal);
    stop.abort();
    expect(await ended).toBeNull();
    const { hostId, credential } = JSON.parse(readFileSync(store.agentFile, 'utf8'));
    expect(hostId).toBeNull();
    expect(await enrol(store, options, log, signal)).toMatchObject({ credential });
  });

  it.each([401, 409])('gives up when the API says no (%i), with what to do', async (status) => {
    await using peer = await setUp();
    const { api, store, options } = peer;
    api.fail(/enrol/, status, 1);
    await expect(enrol(store, options, log, signal)).rejects.toThrow('POST /v1/enrolment-tokens');
  });

  it('says what is missing without a token', async () => {
    await using peer = await setUp();
    const { store, options } = peer;
    await expect(enrol(store, { ...options, enrolmentTokenFile: null }, log, signal)).rejects.toThrow(
      '--enrolment-token-file',
    );
    await expect(enrol(store, { ...options, enrolmentTokenFile: '/nowhere' }, log, signal)).rejects.toThrow(
      'ENOENT',
    );
  });

  it('does not guess at a file it cannot understand', async () => {
    await using peer = await setUp();
    const { store, options } = peer;
    for (const content of ['', '{"hostId":null}', '[]']) {
      writeFileSync(store.agentFile, content);
      await expect(enrol(store, options, log, signal)).rejects.toThrow('move it away');
    }
  });
});
